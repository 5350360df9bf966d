"""Control over the API: who may, whom a leader reaches, what an answer says, once by one key, many at once, and what the trail keeps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection

from realtime.orders import Order, PauseMember
from realtime.rules import alerts
from realtime.rulings import OrderDone, OrderGiven
from realtime.saying import say
from realtime.words import SECOND, Interface, Node
from tests.realtime.story import Story, Telling, joined, paused, unpaused, works
from tests.wallboard.controlled import PLAN, Hall, controlled
from tests.wallboard.house import hear, until
from wallboard.audit import Outcome
from wallboard.authorise import Role


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with controlled(tmp_path) as made:
        yield made


async def boss(hall: Hall) -> dict[str, str]:
    return await hall.signed_in("li.wei", Role.SUPERVISOR)


# ------------------------------------------------------------------ answers


async def test_a_granted_break_and_one_that_waits(hall: Hall) -> None:
    first = (await hall.post("/api/breaks", {"agent": "1001", "deed": "ask"}, await boss(hall))).json()
    assert (first["verdict"], first["agent"], first["error"]) == ("allow", "1001", "")
    assert first["request"] in hall.house.board.feed.floor.owned.answers  # type: ignore[union-attr]
    answer = await hall.post("/api/breaks", {"agent": "1002", "deed": "ask"}, await boss(hall))
    second = answer.json()
    assert (answer.status_code, second["verdict"]) == (200, "queue")
    held = next(each for each in second["reasons"] if each["verdict"] == "queue")
    assert set(held["text"]) == {"en", "zh"}
    assert second["message"] == held["text"]["en"]


async def test_a_refusal_is_409_with_every_rule_and_in_the_persons_language(hall: Hall) -> None:
    headers = await boss(hall)
    answer = await hall.post("/api/breaks", {"agent": "1001", "deed": "back"}, headers)
    said = answer.json()
    assert (answer.status_code, said["verdict"]) == (409, "deny")
    assert said["error"]
    assert said["error"] == next(each["rule"] for each in said["reasons"] if each["verdict"] == "deny")
    chinese = (await hall.post("/api/breaks", {"agent": "1001", "deed": "back"}, headers | {"Accept-Language": "zh-CN,en;q=0.5"})).json()
    assert chinese["message"] == next(each["text"]["zh"] for each in said["reasons"] if each["verdict"] == "deny")


async def test_who_is_signed_in_reads_the_phone_that_the_plan_gives_and_nobody_elses(hall: Hall) -> None:
    chen = await hall.signed_in("chen", Role.LEADER)
    assert (await hall.get("/api/session", chen))["phone"] == "PJSIP/9001"
    assert (await hall.get("/api/session", await boss(hall)))["phone"] == "", "the plan knows nobody of that name"


async def test_one_key_is_one_deed_of_one_asker(hall: Hall) -> None:
    key = {"Idempotency-Key": "3f6f"}
    body = {"to": "all", "text": "Fire drill at three"}
    first, again = [(await hall.post("/api/messages", body, await boss(hall) | key)).json() for _ in range(2)]
    assert first["verdict"] == again["verdict"] == "allow"
    assert again["reasons"][-1]["rule"] == "request.repeated"
    other = await hall.signed_in("zhang", Role.MANAGER)
    assert (await hall.post("/api/messages", body, other | key)).json()["reasons"][-1]["rule"] != "request.repeated"
    assert len(hall.house.board.feed.floor.owned.messages) == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("key", ["", "two words", "x" * 65])
async def test_an_odd_key_is_refused(hall: Hall, key: str) -> None:
    answer = await hall.post("/api/messages", {"to": "all", "text": "x"}, await boss(hall) | {"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["error"]) == (400, "key_invalid")


async def test_an_engine_that_is_away_says_how_to_ask_again(hall: Hall) -> None:
    hall.house.engine.silent = True
    answer = await hall.post("/api/messages", {"to": "all", "text": "x"}, await boss(hall))
    assert (answer.status_code, answer.json()["error"], answer.headers["retry-after"]) == (503, "not_answered", "1")
    assert "Idempotency-Key" in answer.json()["message"]


# ------------------------------------------------------------------ whom one reaches


async def test_a_leader_reaches_the_own_team_only(hall: Hall) -> None:
    leader = await hall.signed_in("chen", Role.LEADER)
    own = await hall.post("/api/messages", {"to": "team:a", "text": "x"}, leader)
    other = await hall.post("/api/messages", {"to": "team:b", "text": "x"}, leader)
    assert (own.status_code, other.status_code, other.json()["error"]) == (200, 409, "reach.other_team")
    nobody = await hall.signed_in("unknown.leader", Role.LEADER)
    assert (await hall.post("/api/messages", {"to": "team:a", "text": "x"}, nobody)).status_code == 409, (
        "the plan knows nobody of that name"
    )


async def test_qa_may_listen_and_nothing_else(hall: Hall) -> None:
    qa = await hall.signed_in("qa", Role.QA)
    listened = await hall.post("/api/orders", {"deed": "listen", "agent": "1001", "phone": "PJSIP/9"}, qa)
    assert listened.status_code != 403
    for deed in ("pause", "ready", "logout", "hangup", "whisper", "barge", "takeover", "move"):
        answer = await hall.post("/api/orders", {"deed": deed, "agent": "1001"}, qa)
        assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed"), deed


async def test_a_leader_reads_of_the_own_team_only(hall: Hall) -> None:
    leader = await hall.signed_in("chen", Role.LEADER)
    for agent in ("1001", "1003"):
        await hall.post("/api/breaks", {"agent": agent, "deed": "ask"}, await boss(hall))
    assert [row["agent"] for row in (await hall.get("/api/breaks/ledger", leader))["agents"]] == ["1001"]
    assert [row["agent"] for row in (await hall.get("/api/breaks/ledger", await boss(hall)))["agents"]] == ["1001", "1003"]
    assert (await hall.get("/api/breaks/loopholes", leader))["found"] == []
    refused = await hall.house.http.get("/api/agents/1003/deeds", headers=leader)
    assert (refused.status_code, refused.json()["error"]) == (403, "other_team")


# ------------------------------------------------------------------ many at once


async def test_a_preview_says_what_would_happen_and_does_nothing(hall: Hall) -> None:
    body = {"deed": "pause", "agents": ["1001", "1003", "nobody"], "kind": "coaching", "preview": True}
    said = (await hall.post("/api/orders", body, await boss(hall))).json()
    assert [(each["agent"], each["verdict"]) for each in said["answers"]] == [("1001", "allow"), ("1003", "allow"), ("nobody", "deny")]
    assert (said["preview"], said["message"], said["verdict"]) == (True, "2 of 3 would be done.", "allow")
    assert hall.house.engine.asked == []


async def test_many_are_done_each_by_itself_and_the_trail_says_which_were_not(hall: Hall) -> None:
    body = {"deed": "pause", "agents": ["1001", "1003", "nobody"], "kind": "coaching", "reason": "new script"}
    said = (await hall.post("/api/orders", body, await boss(hall) | {"Idempotency-Key": "k"})).json()
    assert [each["verdict"] for each in said["answers"]] == ["allow", "allow", "deny"]
    assert {request.key for request in hall.house.engine.asked} == {f"user:li.wei:k#{agent}" for agent in ("1001", "1003", "nobody")}
    assert sorted(hall.house.board.feed.floor.owned.leases) == ["1001", "1003"]  # type: ignore[union-attr]
    entries = hall.house.board.recorder.trail.newest(10).entries
    assert [(entry.outcome, entry.target) for entry in entries[:2]] == [
        (Outcome.FAILED, "agents=nobody deed=pause"),
        (Outcome.ALLOWED, "agents=1001,1003,nobody deed=pause kind=coaching reason=new script"),
    ]


@pytest.mark.parametrize(
    ("path", "body", "target"),
    [
        ("/api/orders", {"deed": "listen", "agent": "1001", "phone": "PJSIP/9"}, "agent=1001 deed=listen phone=PJSIP/9"),
        ("/api/orders", {"deed": "hangup", "agent": "1001", "minutes": 5, "reason": "rude"}, "agent=1001 deed=hangup reason=rude"),
        ("/api/orders", {"deed": "move", "agent": "1001", "into": ["sales"], "phone": "x"}, "agent=1001 deed=move into=sales"),
        ("/api/orders", {"deed": "pause", "agent": "1001"}, "agent=1001 deed=pause kind=short"),
        ("/api/breaks", {"deed": "back", "agent": "1001"}, "agent=1001 deed=back"),
        ("/api/breaks", {"deed": "ask", "agent": "1001"}, "agent=1001 deed=ask kind=short"),
        ("/api/meetings", {"deed": "stop", "meeting": "m"}, "deed=stop meeting=m"),
    ],
)
async def test_the_trail_says_of_a_deed_what_it_uses_and_no_default_of_another(
    hall: Hall, path: str, body: dict[str, Any], target: str
) -> None:
    await hall.post(path, body, await boss(hall))
    said = {entry.target for entry in hall.house.board.recorder.trail.newest(10).entries if entry.outcome is Outcome.ALLOWED}
    assert target in said


async def test_a_press_on_more_agents_than_an_entry_holds_names_all_of_them_in_the_trail(hall: Hall) -> None:
    agents = [f"staff-{number:04}" for number in range(60)]
    assert (await hall.post("/api/orders", {"deed": "ready", "agents": agents}, await boss(hall))).status_code == 200
    for agent in (agents[0], agents[30], agents[-1]):
        (failed, allowed) = hall.house.board.recorder.trail.newest(500, agent=agent).entries
        assert (failed.outcome, allowed.outcome) == (Outcome.FAILED, Outcome.ALLOWED)


@pytest.mark.parametrize(
    "body",
    [
        {"deed": "pause"},
        {"deed": "pause", "agent": "1001", "agents": ["1002"]},
        {"deed": "pause", "agents": ["1001", "1001"]},
        {"deed": "pause", "call": "c"},
        {"deed": "hangup", "call": "c", "preview": True},
    ],
)
async def test_it_must_be_clear_whom_is_meant(hall: Hall, body: dict[str, object]) -> None:
    answer = await hall.post("/api/orders", body, await boss(hall))
    assert (answer.status_code, answer.json()["error"]) == (409, "order.whom")


# ------------------------------------------------------------------ what is read


async def test_an_order_has_three_states(hall: Hall) -> None:
    order = Order("o1", Node("pbx"), PauseMember(Interface("PJSIP/1001"), True, "coaching"), hall.now, hall.now + 10 * SECOND)
    hall.say(say(OrderGiven, hall.now, order=order, who="user:li.wei", request="r1", why="coaching", agent="1001"))
    given = await hall.get("/api/orders/o1", await boss(hall))
    assert (given["act"], given["done"], given["outcome"], given["seen"]) == ("pause", None, None, None)
    hall.say(say(OrderDone, hall.now, order="o1", outcome="accepted"))
    done = await hall.get("/api/orders/o1", await boss(hall))
    assert (done["outcome"], done["seen"], done["done"] is not None) == ("accepted", None, True)
    assert (await hall.house.http.get("/api/orders/o2", headers=await boss(hall))).status_code == 404


async def test_the_plan_in_words(hall: Hall) -> None:
    told = await hall.get("/api/plan", await boss(hall))
    assert (told["version"], told["by"], told["difference"]) == ("v1", "test", ["everything is new"])
    assert set(told["rules"]) == {"en", "zh"}
    assert all(told["rules"].values())


async def test_an_alert_is_listed_and_taken_on(hall: Hall) -> None:
    Story(hall.house.follower.floor, now=hall.now, session="late").after(joined("a", "sales"))
    hall.say(*alerts.due(hall.house.follower.floor, hall.now))
    (alert,) = (await hall.get("/api/alerts", await boss(hall)))["alerts"]
    assert (alert["id"], alert["kind"], alert["owner"]) == ("many:queue:pbx:sales", "waiting", "9001")
    path = f"/api/alerts/{alert['id']}"
    assert (await hall.post(path, {"deed": "acknowledge"}, await hall.signed_in("chen", Role.LEADER))).status_code == 200
    assert (await hall.post(path, {"deed": "close"}, await boss(hall))).json()["error"] == "alert.no_outcome"
    assert (await hall.post(path, {"deed": "close", "text": "two more came"}, await boss(hall))).status_code == 200
    (alert,) = (await hall.get("/api/alerts", await boss(hall)))["alerts"]
    assert (alert["acknowledged"], alert["outcome"]) == ("9001", "two more came")


async def test_who_did_what_to_an_agent(hall: Hall) -> None:
    await hall.post("/api/breaks", {"agent": "1001", "deed": "grant", "reason": "agent=1003 is not meant"}, await boss(hall))
    told = await hall.get("/api/agents/1001/deeds", await boss(hall))
    assert [(each["who"], each["ask"]) for each in told["answers"]] == [("user:li.wei", "break.grant")]
    assert [each["target"] for each in told["trail"]] == ["agent=1001 deed=grant kind=short reason=agent=1003 is not meant"]
    assert told["trail"][0]["address"] == ""
    assert (await hall.get("/api/agents/1003/deeds", await boss(hall)))["trail"] == [], "what somebody typed counts for nobody"
    assert (await hall.house.http.get("/api/agents/none/deeds", headers=await boss(hall))).status_code == 404


async def test_what_is_done_is_on_the_screens(hall: Hall) -> None:
    await hall.post("/api/messages", {"to": "all", "text": "Fire drill"}, await boss(hall))
    await hall.post("/api/messages", {"to": "agent:1001", "text": "Come to me"}, await boss(hall))
    await hall.post("/api/breaks", {"agent": "1001", "deed": "ask"}, await boss(hall))
    await hall.post("/api/breaks", {"agent": "1002", "deed": "ask"}, await boss(hall))
    await until(lambda: len(hall.house.board.feed.floor.owned.waiting) == 1)  # type: ignore[union-attr]
    inside = await hall.get("/api/floor", await boss(hall))
    wall = await hall.get("/api/floor", hall.house.bearer(Role.SCREEN))
    assert [[said["to"] for said in each["messages"]] for each in (inside, wall)] == [["all"], ["all"]], "what is said to one is that one's"
    assert inside["breaks"]["waiting"][0]["text"]
    assert (wall["breaks"]["waiting"][0]["text"], wall["breaks"]["waiting"][0]["place"]) == ({}, 1)
    assert wall["orders"] == []
    assert (inside["breaks"]["ruled"], inside["breaks"]["out"], inside["plan"]) == (True, 1, "v1")


async def test_places_are_told_when_agents_come_and_not_with_every_agent(tmp_path: Path) -> None:
    rules = msgspec.structs.replace(PLAN.breaks, site_most=-1, site_share=0.5, team_most=10)
    async with controlled(tmp_path, msgspec.structs.replace(PLAN, breaks=rules)) as hall, hall.house.live("floor") as page:
        assert (await hear(page, "snapshot"))["floor"]["breaks"]["cap"] == 1, "half of three"
        await tells(hall, paused("1001", "x"))
        await hear_of(page, "1001")
        await tells(hall, unpaused("1001"))
        assert "breaks" not in await hear_of(page, "1001"), "as many are there as before"
        await tells(hall, *works("1004", "sales"))
        assert (await hear_of(page, "1004"))["breaks"]["cap"] == 2


async def tells(hall: Hall, *told: Telling) -> None:
    """What a PBX says, and a step of it."""
    story = Story(hall.house.follower.floor, now=hall.now, session=f"pbx at {hall.now}")
    story.after(*told)
    hall.house.follower.step(story.changes)


async def hear_of(page: ClientConnection, agent: str) -> dict[str, Any]:
    while True:
        delta = await hear(page, "delta")
        if any(row["id"] == agent for row in delta.get("agents", [])):
            return delta
