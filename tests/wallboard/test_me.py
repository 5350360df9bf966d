"""An agent's own page: whose it is, what it shows, what may be asked there, and its websocket: told when it is about this agent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from websockets.asyncio.client import connect

from realtime.decision import Decision
from realtime.facts import Sealed
from realtime.outbound import DialDecided, DialEnded, dial_id
from realtime.rulings import AgentPresent, MeetingBegan, MessageSent, PlanAdopted
from realtime.saying import Saying, say
from realtime.words import SECOND
from tests.wallboard.campaigning import PLANNED, moved
from tests.wallboard.controlled import PEOPLE, PLAN, Hall, controlled
from tests.wallboard.house import hear, until
from tests.wallboard.test_access import closed_with, is_error
from wallboard.authorise import Role
from wallboard.protocol import CloseCode


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with controlled(tmp_path) as made:
        yield made


async def wang(hall: Hall) -> dict[str, str]:
    return await hall.signed_in("Wang", Role.AGENT)


def socket(hall: Hall, headers: dict[str, str]) -> connect:
    url = f"ws://127.0.0.1:{hall.house.port}/api/me/live"
    kept = {name: headers[name] for name in ("Cookie", "Origin", "Authorization") if name in headers}
    return connect(url, additional_headers=kept, proxy=None, compression=None, max_size=None)


async def test_it_is_the_page_of_who_signed_in(hall: Hall) -> None:
    me = await hall.get("/api/me", await wang(hall))
    assert (me["id"], me["name"], me["team"], me["team_name"], me["language"]) == ("1001", "Wang Fang", "a", "Sales", "zh")
    assert (me["state"], me["phone"], me["ruled"], me["hold_s"]) == ("ready", "PJSIP/1001", True, 120)
    assert [(each["kind"], each["quota_s"]) for each in me["kinds"]] == [("short", 1800), ("comfort", None)]


async def test_the_fixed_desk_of_the_plan_is_offered_to_log_in_at(hall: Hall) -> None:
    row = await hall.get("/api/me", await hall.signed_in("chen", Role.SUPERVISOR))
    assert (row["phone"], row["desk"]) == ("", "PJSIP/9001")


@pytest.mark.parametrize("path", ["/api/me/break", "/api/me/here", "/api/me/login", "/api/me/logout", "/api/me/messages/x/seen"])
async def test_who_is_nobody_of_the_plan_has_none(hall: Hall, path: str) -> None:
    stranger = await hall.signed_in("visitor", Role.AGENT)
    bodies: dict[str, dict[str, Any]] = {"/api/me/break": {"deed": "ask"}, "/api/me/login": {"phone": "PJSIP/1"}}
    is_error(await hall.post(path, bodies.get(path), stranger), 404, "no_agent")
    is_error(await hall.house.http.get("/api/me", headers=stranger), 404, "no_agent")
    is_error(await hall.house.http.get("/api/me", headers=hall.house.bearer(Role.AGENT)), 404, "no_agent")


async def test_an_agent_may_only_what_is_the_own(hall: Hall) -> None:
    agent = await wang(hall)
    for path, body in (("/api/breaks", {"agent": "1001", "deed": "ask"}), ("/api/orders", {"deed": "ready", "agent": "1001"})):
        is_error(await hall.post(path, body, agent), 403, "not_allowed")
    for path in ("/api/floor", "/api/plan", "/api/breaks/ledger", "/api/agents/1001/deeds", "/api/alerts"):
        is_error(await hall.house.http.get(path, headers=agent), 403, "not_allowed")
    refused = await hall.house.http.post("/api/me/break", json={"deed": "ask", "agent": "1002"}, headers=agent)
    is_error(refused, 400, "body_invalid")


async def test_ask_wait_and_go(hall: Hall) -> None:
    await hall.post("/api/me/break", {"deed": "ask"}, await hall.signed_in("li.qiang", Role.AGENT))
    answer = await hall.post("/api/me/break", {"deed": "ask", "kind": "short"}, await wang(hall))
    assert (answer.status_code, answer.json()["verdict"]) == (200, "queue")
    request = hall.house.engine.asked[-1]
    assert (request.actor.agent, request.actor.role, request.actor.via) == ("1001", "agent", "page")
    me = await hall.get("/api/me", await wang(hall))
    assert (me["wait"]["kind"], me["break"]) == ("short", None)
    assert (await hall.post("/api/me/break", {"deed": "withdraw"}, await wang(hall))).status_code == 200
    assert (await hall.get("/api/me", await wang(hall)))["wait"] is None


async def test_a_message_is_read_once_and_by_whom_it_is_for(hall: Hall) -> None:
    hall.say(say(MessageSent, hall.now, message="m1", to="team:a", text="Well done", who="user:chen", until=hall.now + 60 * SECOND))
    (message,) = (await hall.get("/api/me", await wang(hall)))["messages"]
    assert (message["text"], message["who"], message["seen"]) == ("Well done", "Chen Jing", False)
    assert (await hall.post("/api/me/messages/m1/seen", None, await wang(hall))).status_code == 200
    assert (await hall.get("/api/me", await wang(hall)))["messages"][0]["seen"]
    other = await hall.post("/api/me/messages/m1/seen", None, await hall.signed_in("zhao", Role.AGENT))
    assert (other.status_code, other.json()["error"]) == (409, "message.not_yours")


# ------------------------------------------------------------------ the last outbound call


@pytest_asyncio.fixture
async def dialling(tmp_path: Path) -> AsyncIterator[Hall]:
    async with controlled(tmp_path, PLANNED) as made:
        made.say(moved("renewals", "draft", "trial", made.now))
        yield made


def dialled(hall: Hall, agent: str, chance: str = "x") -> Saying:
    """The gate has let this agent call somebody, a moment ago."""
    fields = {"campaign": "renewals", "client": "acme", "method": "preview", "reserved": True, "shown": "138•••0148"}
    number = Sealed("ab" * 16, b"sealed", "2026-11")
    said = {"dial": dial_id(hall.now, chance), "agent": agent, "number": number, "decision": Decision("allow")}
    return say(DialDecided, hall.now, "hall7", **said, **fields)


def name_of(said: Saying) -> str:
    dial: str = said.fields["dial"]
    return dial


async def test_the_last_call_and_its_codes_are_on_the_page_of_who_made_it(dialling: Hall) -> None:
    assert (await dialling.get("/api/me", await wang(dialling)))["dial"] is None
    said = dialled(dialling, "1001")
    dialling.say(dialled(dialling, "1001", "before"), said, dialled(dialling, "1003", "another's"))
    row = await dialling.get("/api/me", await wang(dialling))
    dial = row["dial"]
    assert (dial["dial"], dial["campaign"], dial["shown"], dial["until"]) == (name_of(said), "renewals", "138•••0148", None)
    assert (dial["code"], dial["callback"], dial["blocked"], bool(dial["name_zh"])) == ("", None, False, True)
    assert {each["code"]: each["means"] for each in row["outcomes"]}["C1"] == "callback"
    assert all(each["name"] and each["name_zh"] for each in row["outcomes"])
    assert (await dialling.get("/api/me", await dialling.signed_in("li.qiang", Role.AGENT)))["outcomes"] == []


async def test_one_that_was_never_dialled_is_no_call(dialling: Hall) -> None:
    said = dialled(dialling, "1001")
    dialling.say(said, say(DialEnded, dialling.now, dial=name_of(said), campaign="renewals", outcome="not_dialled"))
    assert (await dialling.get("/api/me", await wang(dialling)))["dial"] is None


async def test_what_came_of_it_is_shown_when_it_is_a_fact_and_the_page_is_told(dialling: Hall) -> None:
    said = dialled(dialling, "1001")
    dialling.say(said)
    async with socket(dialling, await wang(dialling)) as page:
        assert (await hear(page, "me"))["me"]["dial"]["code"] == ""
        callback = dialling.now // SECOND + 3600
        body = {"dial": name_of(said), "code": "C1", "callback": callback}
        assert (await dialling.post("/api/me/result", body, await wang(dialling))).status_code == 200
        dial = (await hear(page, "me"))["me"]["dial"]
        assert (dial["code"], dial["callback"], dial["blocked"]) == ("C1", callback, False)
        answer = await dialling.post("/api/me/do-not-call", {"dial": name_of(said)}, await wang(dialling))
        assert answer.status_code == 200, answer.text
        assert (await hear(page, "me"))["me"]["dial"]["blocked"]
        dialling.say(say(DialEnded, dialling.now, dial=name_of(said), campaign="renewals", outcome="connected", answered=dialling.now))
        assert (await hear(page, "me"))["me"]["dial"]["until"] is not None


async def test_a_call_is_coded_by_who_made_it_alone(dialling: Hall) -> None:
    said = dialled(dialling, "1003")
    dialling.say(said)
    for path, body in (("/api/me/result", {"code": "C1"}), ("/api/me/do-not-call", {})):
        answer = await dialling.post(path, {"dial": name_of(said)} | body, await wang(dialling))
        assert answer.status_code == 409, answer.text
    assert (await dialling.get("/api/me", await dialling.signed_in("zhao", Role.AGENT)))["dial"]["code"] == ""


# ------------------------------------------------------------------ the websocket


async def test_it_is_told_what_happens_to_this_agent_and_nothing_else(hall: Hall) -> None:
    async with socket(hall, await wang(hall)) as page:
        first = await hear(page, "me")
        assert (first["me"]["id"], bool(first["build"]), first["me"]["wait"]) == ("1001", True, None)
        drawn = counting(hall)
        hall.say(say(MessageSent, hall.now, message="x", to="team:b", text="not for you", who="x", until=hall.now + 60 * SECOND))
        await hall.post("/api/breaks", {"agent": "1003", "deed": "ask"}, await hall.signed_in("li.wei", Role.SUPERVISOR))
        assert drawn == []
        await hall.post("/api/me/break", {"deed": "ask"}, await wang(hall))
        said = await hear(page, "me")
        while said["me"]["break"] is None:
            said = await hear(page, "me")
        assert said["me"]["break"]["kind"] == "short"
        assert set(drawn) == {"1001"}


async def test_messages_and_meetings_come_to_whom_they_are_for(hall: Hall) -> None:
    async with socket(hall, await wang(hall)) as page:
        await hear(page, "me")
        hall.say(say(MessageSent, hall.now, message="m1", to="all", text="Fire drill", who="x", until=hall.now + 60 * SECOND))
        assert [each["text"] for each in (await hear(page, "me"))["me"]["messages"]] == ["Fire drill"]
        meeting = {"meeting": "e", "name": "Evening", "teams": ("a",), "expected": ("1001", "1002"), "until": hall.now + 60 * SECOND}
        hall.say(say(MeetingBegan, hall.now, **meeting))
        (row,) = (await hear(page, "me"))["me"]["meetings"]
        assert (row["name"], row["missing"], row["expected"]) == ("Evening", [], 0), "nobody's attendance is anybody else's business"


async def test_a_quiet_page_gets_signs_of_life(hall: Hall) -> None:
    async with socket(hall, await wang(hall)) as page:
        assert (await hear(page, "heartbeat"))["position"]


async def test_who_may_not_is_closed_with_a_code(hall: Hall) -> None:
    async with socket(hall, {}) as page:
        assert await closed_with(page) == (CloseCode.TOKEN, "token_missing")
    async with socket(hall, hall.house.bearer(Role.SCREEN)) as page:
        assert await closed_with(page) == (CloseCode.NOT_ALLOWED, "not_allowed")
    async with socket(hall, hall.house.bearer(Role.AGENT)) as page:
        assert await closed_with(page) == (CloseCode.NO_SUCH_VIEW, "no_agent")


async def test_a_session_that_ends_closes_the_page(hall: Hall) -> None:
    async with socket(hall, await wang(hall)) as page:
        await hear(page, "me")
        assert (await hall.house.http.delete("/api/session", headers=await wang(hall))).status_code == 204
        assert (await closed_with(page))[0] == CloseCode.TOKEN
    await until(lambda: len(hall.house.board.own.clients) == 0)


async def test_a_fact_about_nobody_draws_nothing(hall: Hall) -> None:
    """The cost is of the agents that facts touched, not of the pages that are open."""
    async with socket(hall, await wang(hall)) as page, socket(hall, await hall.signed_in("zhao", Role.AGENT)) as other:
        await hear(page, "me")
        await hear(other, "me")
        drawn = counting(hall)
        hall.say(say(AgentPresent, hall.now, agent="1002", via="phone"))
        await hall.post("/api/breaks", {"agent": "1002", "deed": "ask"}, await hall.signed_in("li.wei", Role.SUPERVISOR))
        await hear(page, "heartbeat")
        assert drawn == []


def counting(hall: Hall) -> list[str]:
    """Whose row is made from now on; the fresh one a minute apart."""
    drawn: list[str] = []
    own: Any = hall.house.board.own
    make = own._frame
    own._turn = lambda _groups: []

    def frame(floor: Any, agent: str) -> bytes:
        drawn.append(agent)
        return bytes(make(floor, agent))

    own._frame = frame
    return drawn


async def test_open_pages_are_counted_with_the_screens(hall: Hall) -> None:
    async with socket(hall, await wang(hall)) as page:
        await hear(page, "me")
        text = (await hall.house.http.get("/metrics", headers=hall.house.bearer(Role.ADMIN))).text
        assert 'andon_board_clients{view="me"} 1.0' in text


async def test_a_page_ends_when_the_plan_gives_its_name_to_somebody_else(hall: Hall) -> None:
    """Else somebody who was moved to another number would go on reading the breaks and messages of the one before."""
    async with socket(hall, await wang(hall)) as page, socket(hall, await hall.signed_in("zhao", Role.AGENT)) as other:
        await hear(page, "me")
        await hear(other, "me")
        people = (msgspec.structs.replace(PEOPLE[0], login="wang.fang"), *PEOPLE[1:])
        plan = msgspec.structs.replace(PLAN, people=people)
        hall.say(say(PlanAdopted, hall.now, plan=plan, version="v2", who="test", difference=()))
        assert (await closed_with(page))[0] == CloseCode.TRY_LATER
        assert (await hear(other, "me"))["me"]["id"] == "1003", "whose name stands stays"
    async with socket(hall, await wang(hall)) as page:
        assert await closed_with(page) == (CloseCode.NO_SUCH_VIEW, "no_agent")
