"""What is asked about campaigns and numbers over HTTP, by the real rules: reading, steps, stops, numbers that never come back in clear."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from msgspec import structs

from realtime.ledger.changes import changes_of
from realtime.outbound import NumberBlocked
from realtime.words import Node
from tests.wallboard.campaigning import dialling
from tests.wallboard.controlled import Hall
from wallboard.authorise import Role

NUMBER = "13812340148"


@pytest_asyncio.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with dialling(tmp_path) as running:
        yield running


async def test_campaigns_say_what_they_did_today(hall: Hall) -> None:
    found = await hall.get("/api/campaigns", hall.house.bearer(Role.SUPERVISOR))
    rows = {each["id"]: each for each in found["campaigns"]}
    renewals = rows["renewals"]
    assert (renewals["state"], renewals["dials"], renewals["connected"], renewals["deferred"]) == ("trial", 40, 12, 5)
    assert renewals["denied"] == {"dial.hours.closed": 5}
    assert renewals["dials_cap"] == 200
    assert (rows["arrears"]["state"], rows["arrears"]["dials"]) == ("formal", 9)


async def test_one_campaign_has_its_life_its_refusals_with_examples_and_the_steps_that_follow(hall: Hall) -> None:
    one = await hall.get("/api/campaigns/renewals", hall.house.bearer(Role.QA))
    [by] = one["refused"]
    assert (by["rule"], by["times"]) == ("dial.hours.closed", 5)
    assert len(by["examples"]) == 3
    assert all(each["shown"] == "138•••0148" for each in by["examples"])
    assert by["examples"][0]["reasons"][0]["text"]["zh"]
    assert {each["to"] for each in one["next"]} == {"review", "stopped", "settling"}
    assert one["moves"][0]["to"] == "trial"
    answer = await hall.house.http.get("/api/campaigns/nobody", headers=hall.house.bearer(Role.QA))
    assert answer.status_code == 404


async def test_a_stop_takes_one_press_and_going_on_two_people(hall: Hall) -> None:
    li, wu = await hall.signed_in("li", Role.MANAGER), await hall.signed_in("wu", Role.MANAGER)
    answer = await hall.post("/api/campaigns/arrears/stop", {"reason": "wrong script", "pressed": hall.now / 1e6}, li)
    assert answer.status_code == 200, answer.text
    assert (await hall.get("/api/campaigns/arrears", li))["state"] == "stopped"
    step = {"to": "formal", "reason": "the script was changed"}
    assert (await hall.post("/api/campaigns/arrears/step", step, li)).status_code == 200
    again = await hall.post("/api/campaigns/arrears/step", step, li)
    assert again.status_code == 409, "the same person twice is one person"
    assert again.json()["message"]
    assert (await hall.get("/api/campaigns/arrears", li))["state"] == "stopped"
    assert (await hall.post("/api/campaigns/arrears/step", step, wu)).status_code == 200
    after = await hall.get("/api/campaigns/arrears", li)
    assert (after["state"], after["moves"][0]["second"] != after["moves"][0]["who"]) == ("formal", True)


async def test_all_dialling_stops_at_once(hall: Hall) -> None:
    leader = await hall.signed_in("chen", Role.LEADER)
    assert (await hall.post("/api/campaigns/stop", {"pressed": hall.now / 1e6}, leader)).status_code == 200
    assert (await hall.get("/api/campaigns", leader))["stopped"]


async def test_a_dialler_learns_its_pace_and_may_stop_but_moves_nothing(hall: Hall) -> None:
    dialler = hall.house.bearer(Role.DIALLER)
    pace = await hall.get("/api/campaigns/renewals/pace", dialler)
    assert (pace["method"], pace["lines"]) == ("progressive", 0), "a trial is progressive"
    assert pace["reasons"]
    assert (await hall.post("/api/campaigns/renewals/step", {"to": "review"}, dialler)).status_code == 403
    assert (await hall.house.http.get("/api/campaigns", headers=dialler)).status_code == 403
    assert (await hall.house.http.get("/api/floor", headers=dialler)).status_code == 403
    assert (await hall.post("/api/campaigns/renewals/stop", {}, dialler)).status_code == 200


async def test_a_number_is_looked_up_masked_and_what_was_asked_of_it_is_found(hall: Hall) -> None:
    li = await hall.signed_in("li", Role.MANAGER)
    body = {"number": NUMBER, "scope": "client", "about": "harbour-insurance", "source": "complaint", "evidence": "letter 7"}
    answer = await hall.post("/api/do-not-call", body, li)
    assert answer.status_code == 200, answer.text
    board = hall.house.board
    assert board.dialling is not None
    sealed = board.dialling.seal(f"+86{NUMBER}", hall.now)
    assert sealed is not None
    fact = NumberBlocked(hall.now, hall.now, Node(""), "s", 1, number=sealed, about="harbour-insurance", source="complaint")
    await board.dialling.ledger.apply(changes_of(fact))
    found = (await hall.post("/api/do-not-call/look", {"number": NUMBER}, li)).json()
    assert [(each["scope"], each["about"], each["source"]) for each in found["blocked"]] == [("client", "harbour-insurance", "complaint")]
    assert NUMBER not in str(found)
    said = (await hall.post("/api/gate/ask", {"number": NUMBER, "campaign": "renewals"}, li)).json()
    assert said["verdict"] == "deny"
    assert any(each["rule"].startswith("dial.blocked") and each["verdict"] == "deny" for each in said["reasons"])
    assert NUMBER not in str(said)


async def test_a_number_of_two_countries_is_nobodys_until_it_says_which(hall: Hall) -> None:
    """A number in London is one in Guangzhou where it is read as a Chinese one."""
    li = await hall.signed_in("li", Role.MANAGER)
    owned = hall.house.follower.floor.owned
    plan = owned.plan
    first, *others = plan.dialling.campaigns
    uk = structs.replace(first, country="GB")
    owned.plan = structs.replace(plan, dialling=structs.replace(plan.dialling, campaigns=(uk, *others)))
    for number, status in (("02079460000", 404), ("+442079460000", 200), (NUMBER, 200)):
        assert (await hall.post("/api/do-not-call/look", {"number": number}, li)).status_code == status, number


async def test_the_gate_is_asked_about_another_time_and_says_when(hall: Hall) -> None:
    li = hall.house.bearer(Role.SUPERVISOR)
    three = 1_796_500_800 // 86_400 * 86_400 + 19 * 3600  # 03:00 in Shanghai
    answer = await hall.post("/api/gate/ask", {"number": NUMBER, "campaign": "arrears", "at": three, "method": "preview"}, li)
    said = answer.json()
    assert answer.status_code == 200, said
    closed = [each for each in said["reasons"] if each["rule"].startswith("dial.hours") and each["verdict"] != "allow"]
    assert closed
    assert all(each["until"] > three for each in closed)
    assert said["zones"] == ["Asia/Shanghai"]


async def test_no_number_gets_into_an_address_or_the_trail(hall: Hall) -> None:
    li = await hall.signed_in("li", Role.MANAGER)
    for path, body in (
        ("/api/do-not-call", {"number": NUMBER, "about": "harbour-insurance"}),
        ("/api/do-not-call/look", {"number": NUMBER}),
        ("/api/gate/ask", {"number": NUMBER, "campaign": "renewals"}),
        ("/api/consents", {"number": NUMBER, "client": "harbour-insurance", "evidence": "form 12", "given": hall.now / 1e6}),
    ):
        await hall.post(path, body, li)
    trail = await hall.get("/api/audit", hall.house.bearer(Role.ADMIN))
    assert {"block a number", "look up a number", "ask the gate", "keep a consent"} <= {each["action"] for each in trail["entries"]}
    assert not re.search(NUMBER[-8:], str(trail))


async def test_a_statement_is_confirmed_by_both_sides_over_the_same_figures(hall: Hall) -> None:
    li = await hall.signed_in("li", Role.MANAGER)
    assert (await hall.post("/api/campaigns/arrears/step", {"to": "settling", "reason": "the contract is over"}, li)).status_code == 200
    made = await hall.get("/api/campaigns/arrears/statement", li)
    assert (made["total"]["dials"], made["total"]["connected"], made["total"]["talk_s"]) == (9, 3, 183)
    wrong = await hall.post("/api/campaigns/arrears/statement", {"digest": "0" * 64}, li)
    assert wrong.status_code == 409, wrong.text
    assert (await hall.post("/api/campaigns/arrears/statement", {"digest": made["digest"]}, li)).status_code == 200
    client = {"digest": made["digest"], "side": "client", "evidence": "signed letter 12"}
    answer = await hall.post("/api/campaigns/arrears/statement", client, li)
    assert answer.status_code == 200, answer.text
    assert (await hall.get("/api/campaigns/arrears/statement", li))["frozen"]
