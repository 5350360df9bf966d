"""The demo's people in charge of campaigns, and the numbers that its dialler has: pure, without a demo."""

from __future__ import annotations

import time
from pathlib import Path

from andon.campaign_crowd import AGAIN, MANAGER, MOVES, SECOND_PERSON, TRIES, CampaignCrowd
from andon.demo_lists import announced, asked, write_lists
from andon.plan.demo_campaigns import ABROAD, FORMAL, STRANGE, TRIAL, book, consenting, e164, jobs
from realtime.asks_outbound import CampaignStep, ListAnnounce, NumberBlock, ResultKeep
from realtime.dial.numbers import canonical
from realtime.dial.zones import zones_for
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.keys import Keys
from realtime.lists.shelf import Shelf
from realtime.owned_outbound import DialNow
from realtime.plan.dialling import Campaign, DialRules
from realtime.plan.model import Plan
from realtime.requests import Request
from realtime.words import SECOND, AgentId, Node

NOW = 1_800_000_000 * SECOND


def floor() -> Floor:
    made = Floor()
    made.owned.plan = Plan(dialling=DialRules(campaigns=(Campaign(id=TRIAL), Campaign(id=FORMAL))))
    return made


def answered(of: Floor, requests: list[Request]) -> None:
    for each in requests:
        of.owned.keys[each.key] = each.id


def all_of(crowd: CampaignCrowd, of: Floor, steps: int = 200) -> list[Request]:
    said: list[Request] = []
    for step in range(steps):
        now = crowd.step(of, NOW + step * SECOND // 2)
        answered(of, now)
        said += now
    return said


def test_lists_first_then_requests_not_to_be_called_then_the_campaigns_by_two_people(tmp_path: Path) -> None:
    write_lists(tmp_path, 1, NOW)
    lists, people = announced(tmp_path), [(Sealed("d", b"", "k"), "139****0001")]
    assert len(lists) == 4
    said = all_of(CampaignCrowd(1, lists, people), floor())
    kinds = [type(each.ask) for each in said]
    assert kinds == [ListAnnounce] * len(lists) + [NumberBlock] * 2 + [CampaignStep] * len(MOVES)
    steps = [(each.actor, each.ask) for each in said if isinstance(each.ask, CampaignStep)]
    assert [(who, ask.campaign, ask.to) for who, ask in steps[-2:]] == [(MANAGER, FORMAL, "formal"), (SECOND_PERSON, FORMAL, "formal")]
    assert MANAGER.who != SECOND_PERSON.who


def test_nothing_is_asked_before_there_is_a_plan() -> None:
    assert CampaignCrowd(1, []).step(Floor(), NOW) == []


def test_what_is_not_answered_is_asked_again_with_the_same_key_and_then_no_more() -> None:
    crowd, here = CampaignCrowd(1, []), floor()
    (first,) = crowd.step(here, NOW)
    again = [each for step in range(1, 100) for each in crowd.step(here, NOW + step * AGAIN)]
    same = [each for each in again if each.key == first.key]
    assert 1 < len(same) <= TRIES
    assert len({each.id for each in [first, *same]}) == len(same) + 1


def test_a_visitor_who_stops_a_campaign_is_not_overruled() -> None:
    crowd, here = CampaignCrowd(1, []), floor()
    assert len(all_of(crowd, here)) == len(MOVES)
    assert all_of(crowd, here) == []


def test_agents_say_what_came_of_their_talks_once() -> None:
    crowd, here = CampaignCrowd(1, []), floor()
    all_of(crowd, here)
    for place in range(50):
        here.owned.outbound.dials[f"d{place}"] = ended(f"d{place}", talk_s=3 if place % 5 == 0 else 40)
    said = [each for each in all_of(crowd, here) if isinstance(each.ask, ResultKeep)]
    assert 25 < len(said) < 50, "some forget it"
    assert len({each.ask.dial for each in said if isinstance(each.ask, ResultKeep)}) == len(said)
    assert all(each.actor.agent == "1001" for each in said)
    machines = {each.ask.dial for each in said if isinstance(each.ask, ResultKeep) and each.ask.machine}
    assert machines
    assert all(int(each[1:]) % 5 == 0 for each in machines)


def ended(name: str, talk_s: int) -> DialNow:
    at = NOW - 60 * SECOND
    return DialNow(
        dial=name,
        node=Node("demo1"),
        call="",
        leg="",
        campaign=TRIAL,
        client="",
        method="progressive",
        agent=AgentId("1001"),
        reserved=True,
        decided=at,
        connected=at,
        gone=at + talk_s * SECOND,
        over=at + talk_s * SECOND,
        outcome="connected",
    )


# ------------------------------------------------------------------ numbers


def test_every_number_is_what_it_is_for() -> None:
    whom = book(3)
    everybody = (*whom.customers, *whom.debtors, *whom.no_consent, *whom.listed, *whom.asked)
    assert len(set(everybody)) == len(everybody)
    for number in (*everybody, *ABROAD):
        said = canonical(number, "CN")
        assert said.e164 == e164(number)
        assert said.kind in ("mobile", "fixed_or_mobile", "toll_free")
    assert {canonical(each, "CN").kind for each in STRANGE} >= {"short", "emergency", "shared_cost"}
    assert max(len(zones_for("", canonical(each, "CN"), "deny")) for each in ABROAD) > 20, "one that may be anywhere"
    assert not set(whom.no_consent) & set(consenting(whom))
    assert book(3) == whom != book(4)


def test_the_lists_hold_who_they_are_of(tmp_path: Path) -> None:
    now = time.time_ns() // 1_000
    write_lists(tmp_path, 3, now)
    whom, shelf = book(3), Shelf(tmp_path / "lists")
    names = {each.list: each for each in announced(tmp_path)}
    shelf.take(names)
    try:
        deadline = time.monotonic() + 30
        while not all(each.version for each in shelf.seen(names, e164(whom.listed[0])).values()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        listed, free = shelf.seen(names, e164(whom.listed[9])), shelf.seen(names, e164(whom.customers[0]))
        assert (listed["demo-no-calls"].hit, free["demo-no-calls"].hit) == (True, False)
        assert all(shelf.consents(names, e164(each)) for each in consenting(whom))
        assert not any(shelf.consents(names, e164(each)) for each in whom.no_consent)
    finally:
        shelf.close()


def test_requests_are_sealed_as_every_number_is(tmp_path: Path) -> None:
    sealer = Keys(tmp_path / "keys", True).sealer()
    said, again = asked(3, sealer, NOW), sealer.seal(e164(book(3).asked[0]), NOW)
    assert again is not None
    assert said[0][0].digest == again.digest
    assert not {shown for _, shown in said} & {e164(each) for each in book(3).asked}


def test_a_small_centre_dials_with_its_only_team() -> None:
    both = jobs(1, {"A": ("PJSIP/1001",)})
    assert [each.devices for each in both] == [("PJSIP/1001",), ("PJSIP/1001",)]
    four = jobs(1, {"A": ("a",), "B": ("b",), "C": ("c",), "D": ("d",)})
    assert [each.devices for each in four] == [("a", "b"), ("c", "d")]
