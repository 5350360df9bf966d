"""Card-data pauses over HTTP: a program and a supervisor by the call, an agent for the own one; and what the rows then show."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from realtime import facts
from realtime.orders import MuteRecording
from realtime.recording_facts import RecordingPaused
from realtime.saying import Saying, say
from realtime.words import LegState
from tests.realtime.story import NODE
from tests.wallboard.controlled import Hall, controlled
from tests.wallboard.test_access import is_error
from wallboard.authorise import Role

CALL, LINE = "1795510800.7", "1795510800.7"
OWN, ITS = "/api/me/card", f"/api/calls/{CALL}/card"


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """1001 talks with a customer's line."""
    async with controlled(tmp_path) as made:
        for leg, device in ((LINE, "PJSIP/carrier"), ("1795510801.8", "PJSIP/1001")):
            made.say(said(made, facts.LegBegan, leg=leg, device=device, state=LegState.TALKING))
        yield made


def said(hall: Hall, kind: type[facts.Fact], **fields: object) -> Saying:
    return say(kind, hall.now, NODE, call=CALL, **fields)


def recorded(hall: Hall) -> None:
    hall.say(said(hall, facts.RecordingBegan, leg=LINE))


async def wang(hall: Hall) -> dict[str, str]:
    return await hall.signed_in("Wang", Role.AGENT)


async def test_an_agent_silences_the_own_call_and_sees_when_it_has_taken_hold(hall: Hall) -> None:
    recorded(hall)
    assert (await hall.get("/api/me", await wang(hall)))["recorded"]
    answer = await hall.post(OWN, {"pause": True}, await wang(hall))
    assert (answer.status_code, answer.json()["verdict"], len(answer.json()["orders"])) == (200, "allow", 1)
    request = hall.house.engine.asked[-1]
    assert (request.actor.agent, request.actor.via) == ("1001", "page")
    (state,) = hall.house.follower.floor.owned.orders.values()
    assert state.order.act == MuteRecording(CALL, LINE, True)
    me = await hall.get("/api/me", await wang(hall))
    assert me["card"]["silent"] is None, "asked, and not seen yet"
    hall.say(said(hall, RecordingPaused, leg=LINE))
    me = await hall.get("/api/me", await wang(hall))
    assert me["card"]["until"] > me["card"]["silent"] > 0
    (row,) = (await hall.get("/api/floor", await hall.signed_in("Chen", Role.SUPERVISOR)))["calls"]
    assert row["silent"] == me["card"]["silent"]
    assert row["card_until"] == me["card"]["until"]
    assert (await hall.post(OWN, {"pause": False}, await wang(hall))).status_code == 200
    assert (await hall.get("/api/me", await wang(hall)))["card"] is None


async def test_a_payment_page_names_the_call(hall: Hall) -> None:
    recorded(hall)
    program = hall.house.bearer(Role.SUPERVISOR)
    assert (await hall.post(ITS, {"pause": True}, program)).json()["verdict"] == "allow"
    assert (await hall.post(ITS, {"pause": False, "node": NODE}, program)).json()["verdict"] == "allow"
    refused = await hall.post("/api/calls/none/card", {"pause": True}, program)
    assert (refused.status_code, refused.json()["error"]) == (409, "card.no_call")
    refused = await hall.post(ITS, {"pause": True, "node": "other"}, program)
    assert (refused.status_code, refused.json()["error"]) == (409, "card.no_call")


async def test_what_is_not_recorded_is_refused_in_the_agents_language(hall: Hall) -> None:
    refused = await hall.post(OWN, {"pause": True}, await wang(hall))
    assert (refused.status_code, refused.json()["error"]) == (409, "card.not_recorded")
    assert "没有录音" in refused.json()["message"]


async def test_who_may_not_is_refused_at_the_door_or_by_the_rules(hall: Hall) -> None:
    recorded(hall)
    is_error(await hall.post(ITS, {"pause": True}, await wang(hall)), 403, "not_allowed")
    is_error(await hall.post(ITS, {"pause": True}, hall.house.bearer(Role.SCREEN)), 403, "not_allowed")
    refused = await hall.post(ITS, {"pause": True}, await hall.signed_in("qa", Role.QA))
    assert (refused.status_code, refused.json()["error"]) == (409, "reach.nobody")
    other = await hall.post(OWN, {"pause": True}, await hall.signed_in("zhao", Role.AGENT))
    assert (other.status_code, other.json()["error"]) == (409, "card.no_call")


@pytest.mark.parametrize("body", [None, {}, {"pause": "yes"}, {"pause": True, "call": "x"}])
async def test_a_body_that_says_something_else_is_refused(hall: Hall, body: dict[str, object] | None) -> None:
    is_error(await hall.post(OWN, body, await wang(hall)), 400, "body_invalid")
    is_error(await hall.post(ITS, body, hall.house.bearer(Role.SUPERVISOR)), 400, "body_invalid")


async def test_the_same_id_on_two_servers_asks_which(hall: Hall) -> None:
    recorded(hall)
    hall.say(say(facts.NodeHeard, hall.now, "other"), say(facts.CallBegan, hall.now, "other", call=CALL))
    is_error(await hall.post(ITS, {"pause": True}, hall.house.bearer(Role.SUPERVISOR)), 400, "node_missing")
    assert (await hall.post(ITS, {"pause": True, "node": NODE}, hall.house.bearer(Role.SUPERVISOR))).status_code == 200
