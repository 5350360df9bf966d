"""What somebody might try at the doors of control, and that it comes to nothing: other people's records, forged trails, odd names, floods.

Not who may do what at all (`test_access.py`, which asks every route) and not what an answer says (`test_control.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection

from realtime.requests import Actor, BreakAsk
from realtime.rulings import RequestAnswered
from realtime.saying import say
from realtime.words import SECOND, AgentId
from tests.realtime.memory_history import AWAY, MemoryHistory
from tests.wallboard.controlled import Hall, controlled
from tests.wallboard.house import hear
from tests.wallboard.test_access import is_error
from wallboard.audit import TEXT_MAX, target_of
from wallboard.authorise import Role
from wallboard.passage import PATH_NAME_MAX
from wallboard.rates import BUCKETS, Cost


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with controlled(tmp_path) as made:
        yield made


async def boss(hall: Hall) -> dict[str, str]:
    return await hall.signed_in("li.wei", Role.SUPERVISOR)


# ------------------------------------------------------------------ other people's records


@pytest.mark.parametrize(
    "path", ["/api/agents/{}/day", "/api/agents/{}/deeds", "/api/agents/{}/adherence", "/api/why?number=answered&of={}"]
)
async def test_a_leader_reads_what_is_kept_of_the_own_team_only(hall: Hall, path: str) -> None:
    leader = await hall.signed_in("chen", Role.LEADER)
    assert (await hall.house.http.get(path.format("1001"), headers=leader)).status_code == 200
    is_error(await hall.house.http.get(path.format("1003"), headers=leader), 403, "other_team")
    for role in (Role.SUPERVISOR, Role.QA):
        assert (await hall.house.http.get(path.format("1003"), headers=hall.house.bearer(role))).status_code == 200
    is_error(await hall.house.http.get(path.format("1001"), headers=hall.house.bearer(Role.LEADER)), 403, "other_team")


async def test_what_is_said_to_one_person_travels_with_no_floor(hall: Hall) -> None:
    assert (await hall.post("/api/messages", {"to": "agent:1003", "text": "Your sick note"}, await boss(hall))).status_code == 200
    for role in (Role.SCREEN, Role.LEADER, Role.QA, Role.SUPERVISOR):
        assert (await hall.get("/api/floor", hall.house.bearer(role)))["messages"] == [], role
    (own,) = (await hall.get("/api/me", await hall.signed_in("zhao", Role.AGENT)))["messages"]
    assert own["text"] == "Your sick note"
    other = await hall.signed_in("wang", Role.AGENT)
    assert (await hall.get("/api/me", other))["messages"] == []
    refused = await hall.post(f"/api/me/messages/{own['id']}/seen", None, other)
    assert (refused.status_code, refused.json()["error"]) == (409, "message.not_yours")


async def test_a_wall_is_not_told_what_somebody_is_out_for(hall: Hall) -> None:
    """That somebody is out is for all to see; that it is the toilet, or a bad call, is not: neither in a snapshot nor in a delta."""
    async with hall.house.live("wall", Role.SCREEN) as wall, hall.house.live("floor", Role.LEADER) as desk:
        await hear(wall, "snapshot")
        await hear(desk, "snapshot")
        await hall.post("/api/me/break", {"deed": "ask", "kind": "comfort"}, await hall.signed_in("wang", Role.AGENT))
        await hall.post("/api/breaks", {"agent": "1003", "deed": "ask"}, await boss(hall))
        for page, kind in ((wall, ""), (desk, "comfort")):
            assert (await of_agent(page, "1001"))["break"]["kind"] == kind
    screen = await hall.get("/api/floor", hall.house.bearer(Role.SCREEN))
    out = [(each["id"], each["reason"], each["break"]["kind"]) for each in screen["agents"] if each["break"]]
    assert out == [("1001", "", ""), ("1003", "", "")]
    assert "comfort" not in str(screen)


async def of_agent(page: ClientConnection, agent: str) -> dict[str, Any]:
    """The next row of this agent that has a break."""
    while True:
        for row in (await hear(page, "delta"))["agents"]:
            if row["id"] == agent and row["break"]:
                return dict(row)


async def test_nobody_gets_the_answer_of_somebody_else_by_their_key(hall: Hall) -> None:
    """Neither by the same key, nor by one that spells out whose it is."""
    body, key = {"deed": "ask"}, {"Idempotency-Key": "k"}
    zhao, wang = await hall.signed_in("zhao", Role.AGENT), await hall.signed_in("wang", Role.AGENT)
    first = (await hall.post("/api/me/break", body, zhao | key)).json()
    assert first["verdict"] == "allow"
    for guessed in ("k", "user:zhao:k", "k#1003"):
        answer = (await hall.post("/api/me/break", body, wang | {"Idempotency-Key": guessed})).json()
        assert (answer["agent"], "request.repeated" in {each["rule"] for each in answer["reasons"]}) == ("1001", False), guessed


async def test_a_key_says_done_of_nothing_but_its_own_deed(hall: Hall) -> None:
    key = {"Idempotency-Key": "k"}
    assert (await hall.post("/api/breaks", {"agent": "1001", "deed": "ask"}, await boss(hall) | key)).status_code == 200
    for body in ({"agent": "1003", "deed": "ask"}, {"agent": "1001", "deed": "back"}):
        answer = await hall.post("/api/breaks", body, await boss(hall) | key)
        assert (answer.status_code, answer.json()["error"]) == (409, "request.key_used"), body


# ------------------------------------------------------------------ names that are none


@pytest.mark.parametrize("name", ["1001\n", "1001\r\nAction: Command", "10\x0001", "10\x9b31m01", "10\u202e01", "10\u202801", "x" * 65])
async def test_a_name_that_does_not_print_reaches_nobody(hall: Hall, name: str) -> None:
    bodies = (
        ("/api/breaks", {"agent": name, "deed": "ask"}),
        ("/api/duty", {"agent": "1001", "deed": "login", "device": name}),
        ("/api/orders", {"deed": "pause", "agents": ["1001", name]}),
        ("/api/orders", {"deed": "listen", "agent": "1001", "phone": name}),
        ("/api/orders", {"deed": "move", "agent": "1001", "into": [name]}),
        ("/api/meetings", {"deed": "start", "teams": [name]}),
        ("/api/messages", {"to": f"agent:{name}", "text": "x"}),
        ("/api/undo", {"request": name}),
    )
    for path, body in bodies:
        is_error(await hall.post(path, body, await boss(hall)), 400, "body_invalid")
    agent = await hall.signed_in("wang", Role.AGENT)
    is_error(await hall.post("/api/me/login", {"phone": name}, agent), 400, "body_invalid")
    assert hall.house.engine.asked == []


async def test_all_with_a_line_end_is_not_all(hall: Hall) -> None:
    is_error(await hall.post("/api/messages", {"to": "all\n", "text": "x"}, await boss(hall)), 400, "body_invalid")


@pytest.mark.parametrize("name", ["x" * (PATH_NAME_MAX + 1), "line\nend", "\x1b]0;title\x07"])
async def test_a_path_names_nothing_that_does_not_print_or_has_no_end(hall: Hall, name: str) -> None:
    agent, said = await hall.signed_in("wang", Role.AGENT), quote(name, safe="")
    is_error(await hall.post(f"/api/me/messages/{said}/seen", None, agent), 404, "not_found")
    is_error(await hall.post(f"/api/alerts/{said}", {"deed": "own"}, await boss(hall)), 404, "not_found")
    assert hall.house.engine.asked == []


async def test_what_is_typed_is_one_line_wherever_it_goes(hall: Hall) -> None:
    text = "Come\r\nAction: Originate\x1b[31m \u202enow"
    await hall.post("/api/messages", {"to": "all", "text": text}, await boss(hall))
    await hall.post("/api/orders", {"deed": "pause", "agent": "1001", "kind": "coaching", "reason": text}, await boss(hall))
    message, pause = (request.ask for request in hall.house.engine.asked)
    assert message.text == pause.reason == "Come Action: Originate [31m now"  # type: ignore[union-attr]


# ------------------------------------------------------------------ the trail


async def test_nobody_writes_an_entry_about_somebody_else(hall: Hall) -> None:
    """A piece of an address, a phone or a meeting's name may hold anything; it does not read as whom the act was done to."""
    agent = await hall.signed_in("wang", Role.AGENT)
    await hall.post(f"/api/me/messages/{quote('x agent=1003', safe='')}/seen", None, agent)
    await hall.post("/api/me/login", {"phone": "PJSIP/1 agent=1003", "node": "pbx agents=1003,1004"}, agent)
    await hall.post("/api/meetings", {"deed": "start", "teams": ["a"], "name": "x agent=1003"}, await boss(hall))
    await hall.post("/api/breaks", {"agent": "1001 agent=1003", "deed": "ask"}, await boss(hall))
    assert len(hall.house.board.recorder.trail.newest(50).entries) >= 4
    assert hall.house.board.recorder.trail.newest(50, agent="1003").entries == []


def test_a_reason_that_was_typed_into_a_name_hides_nobody() -> None:
    target = target_of({"id": "x reason=y", "agent": "1001", "phone": "PJSIP/1 reason=z"})
    assert target == "id=x reason%3Dy agent=1001 phone=PJSIP/1 reason%3Dz"
    assert len(target) < TEXT_MAX


async def test_the_trail_is_asked_by_agent(hall: Hall) -> None:
    await hall.post("/api/breaks", {"agent": "1001", "deed": "ask"}, await boss(hall))
    await hall.post("/api/breaks", {"agent": "1003", "deed": "ask"}, await boss(hall))
    await hall.post("/api/orders", {"deed": "ready", "agents": ["1001", "1002"]}, await boss(hall))
    admin = hall.house.bearer(Role.ADMIN)
    about = [(each["action"], each["target"]) for each in (await hall.get("/api/audit?agent=1001", admin))["entries"]]
    assert about[-1] == ("break", "agent=1001 deed=ask kind=short")
    assert {action for action, _ in about} == {"break", "order"}
    assert not any("1003" in target for _, target in about)
    assert (await hall.get("/api/audit?agent=nobody", admin))["entries"] == []
    is_error(await hall.house.http.get("/api/audit?agent=1001", headers=hall.house.bearer(Role.SUPERVISOR)), 403, "not_allowed")


async def test_what_an_agent_did_by_phone_is_told_with_the_road(hall: Hall) -> None:
    """A dialled code passes no board, so the trail has no line of it: the log has, and this answer."""
    await hall.house.engine.ask(Actor("agent:1001", agent=AgentId("1001"), via="phone"), BreakAsk(AgentId("1001")), "phone:pbx:1:1")
    told = await hall.get("/api/agents/1001/deeds", await boss(hall))
    assert [(each["who"], each["via"], each["ask"]) for each in told["answers"]] == [("agent:1001", "phone", "break.ask")]
    assert told["trail"] == []


async def test_with_history_what_was_dialled_days_ago_is_told_too(tmp_path: Path) -> None:
    history = MemoryHistory()
    async with controlled(tmp_path, history=history) as hall:
        then, wang = hall.now - 3 * 24 * 3600 * SECOND, AgentId("1001")
        for number, agent in enumerate(("1001", "1003")):
            said = say(RequestAnswered, then, request=f"old of {agent}", who=f"agent:{agent}", agent=agent, via="phone", ask="break.ask")
            history.keep(said.fact(then, "engine", number))
        await hall.house.engine.ask(Actor("agent:1001", agent=wang, via="phone"), BreakAsk(wang))
        told = await hall.get("/api/agents/1001/deeds", await boss(hall))
        assert [(each["via"], each["undone"]) for each in told["answers"]] == [("phone", False), ("phone", None)]
        assert told["answers"][-1]["request"] == "old of 1001"
        history.away = True
        told = await hall.get("/api/agents/1001/deeds", await boss(hall))
        assert (len(told["answers"]), told["away"]) == (1, AWAY)


# ------------------------------------------------------------------ floods


async def test_one_agent_cannot_fill_the_engines_line_and_the_trail(hall: Hall) -> None:
    agent, burst = await hall.signed_in("wang", Role.AGENT), BUCKETS[Cost.PRESS].burst
    answers = [await hall.post("/api/me/here", None, agent) for _ in range(burst + 5)]
    assert [each.status_code for each in answers[:burst]] == [200] * burst
    assert {each.status_code for each in answers[-3:]} == {429}
    assert len(hall.house.engine.asked) <= burst + 2
    assert (await hall.house.http.get("/api/me", headers=agent)).status_code == 200, "the page itself still opens"


@pytest.mark.parametrize("deed", ["listen", "whisper", "barge", "takeover"])
async def test_one_press_rings_one_phone_once(hall: Hall, deed: str) -> None:
    body = {"deed": deed, "agents": ["1001", "1002"], "phone": "PJSIP/9001"}
    answer = await hall.post("/api/orders", body, await boss(hall))
    assert (answer.status_code, answer.json()["error"]) == (409, "order.whom")
    assert hall.house.engine.asked == []
