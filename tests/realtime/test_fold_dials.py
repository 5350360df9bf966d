"""Dials on the floor: followed from the gate's word to their end, and counted in the campaign's meters."""

from __future__ import annotations

import msgspec
import pytest

from realtime import facts, outbound
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.fold import apply
from realtime.folding import FloorFolding
from realtime.owned_outbound import DIALS_KEPT, EXAMPLES_KEPT, MINUTES_KEPT, CampaignNow, Meter
from realtime.words import SECOND
from tests.realtime import outbound_story as told
from tests.realtime.chance import walk
from tests.realtime.outbound_story import (
    Dialling,
    answers,
    by_dialler,
    decided,
    gone,
    hangs_up,
    lifts,
    over,
    picks_up,
    placed,
    refused,
    rings,
)
from tests.realtime.story import MINUTE, Telling, call_began, configured, day_began, merged, on, sync_began, sync_ended, works


@pytest.fixture
def desk() -> Dialling:
    return Dialling().after(lifts("d1"), decided("d1"))


def moments(desk: Dialling, name: str = "d1") -> tuple[float, ...]:
    """Placed, rang, answered, connected, gone, in seconds after the decision; -1 for not yet."""
    dial = desk.dial(name)
    steps = (dial.placed, dial.rang, dial.answered, dial.connected, dial.gone)
    return tuple((at - dial.decided) / SECOND if at else -1 for at in steps)


def figures(meter: Meter) -> dict[str, int]:
    return {name: value for name, value in msgspec.structs.asdict(meter).items() if value}


# ------------------------------------------------------------------ followed


def test_a_dial_from_a_desk_is_followed_by_the_line_it_calls(desk: Dialling) -> None:
    desk.after(1, rings("d1"), 9, answers("d1"), 60, hangs_up("d1"))
    assert moments(desk) == (1, 1, 10, 10, 70)
    assert desk.dial().far == "d1-line"


def test_what_a_dialler_sends_through_a_local_channel_is_followed_by_its_call() -> None:
    desk = Dialling().after(by_dialler("d1"), 1, rings("d1"), 5, picks_up("d1"))
    assert moments(desk)[:4] == (1, 1, 6, -1), "the line talks to plumbing: nobody hears the customer yet"
    desk.after(2, told.gets_agent("d1", "1002"))
    assert moments(desk)[3] == 8
    assert desk.dial().agent == "1002"


def test_an_agent_who_is_called_first_is_not_the_customer() -> None:
    desk = Dialling().after(lifts("d1", state="waiting"), decided("d1"), 1, told.is_now("d1", "d1-desk", "dialling"), placed("d1"))
    assert desk.dial().far == "d1-line"
    desk.after(told.is_now("d1", "d1-desk", "talking"))
    assert moments(desk)[3] == -1, "only the agent's leg talks"


def test_a_line_is_the_customer_and_not_a_phone_of_ours_that_began_before_it() -> None:
    desk = Dialling().after(by_dialler("d1"), told.begins("d1", "PJSIP/1002", "d1-1002", "ringing"), 1, rings("d1"))
    assert (desk.dial().far, moments(desk)[:2]) == ("d1-line", (1, 1))
    desk.after(told.begins("d1", "PJSIP/other", "d1-other"))
    assert desk.dial().far == "d1-line", "the first line stays"


def test_who_was_in_the_call_before_is_not_the_customer() -> None:
    """A call from outside is forwarded to a mobile phone: its caller's channel is a line, too."""
    desk = Dialling().after(told.begins("d1", "PJSIP/carrier", "caller", "ringing"), 3, by_dialler("d1"))
    desk.after(1, told.is_now("d1", "caller", "waiting"), rings("d1"))
    assert desk.dial().far == "d1-line"


def test_the_gates_word_may_come_late_and_the_call_is_found_by_who_asked() -> None:
    desk = Dialling().after(lifts("a"), 2, rings("a"))
    word = decided("d1", call="unheard", leg="a-desk")
    desk.after(word._replace(ago=1.0))
    assert desk.dial().call == "pbx/a"
    assert desk.dial().far == "a-line"
    assert desk.dial().rang


def test_the_gate_may_be_ahead_of_the_adapter_and_know_the_call_by_another_name() -> None:
    desk = Dialling().after(decided("d1", call="linked", leg="a-desk"), lifts("a"))
    assert desk.outbound.by_call == {"pbx/a": ["d1"]}
    desk.after(rings("a"))
    assert desk.dial().far == "a-line"


def test_a_call_that_was_not_seen_to_end_is_lost() -> None:
    desk = Dialling().after(call_began("d1"), by_dialler("d1"), sync_began(), sync_ended())
    assert desk.dial().lost
    assert not Dialling().after(call_began("d1"), by_dialler("d1"), over("d1")).dial().lost


def test_what_ended_before_the_gates_word_came_is_unknown() -> None:
    desk = Dialling().after(lifts("d1"), 1, rings("d1"), 5, hangs_up("d1"), decided("d1"))
    assert (desk.dial().lost, bool(desk.dial().gone)) == (True, True)


def test_a_merged_call_takes_its_dial_along(desk: Dialling) -> None:
    desk.after(lifts("x", "1002"), 1, rings("d1"), merged("x", "d1"))
    assert desk.outbound.by_call == {"pbx/x": ["d1"]}
    desk.after(1, told.is_now("x", "d1-line", "talking"), told.is_now("x", "d1-desk", "talking"))
    assert desk.dial().connected
    assert desk.story.shown().calls[0].campaign == "c1"


def test_the_asking_channel_that_ends_first_is_the_end_of_it(desk: Dialling) -> None:
    desk.after(2, gone("d1", "d1-desk"))
    assert moments(desk) == (-1, -1, -1, -1, 2)


def test_the_agent_who_leaves_is_not_the_end_of_it(desk: Dialling) -> None:
    desk.after(rings("d1"), answers("d1"), 5, gone("d1", "d1-desk"))
    assert moments(desk)[4] == -1, "the customer was passed on"


def test_what_was_not_seen_to_end_is_lost(desk: Dialling) -> None:
    desk.after(rings("d1"), 5, sync_began(), sync_ended())
    assert (desk.dial().lost, moments(desk)[4]) == (True, 5)


def test_a_recording_of_its_call_is_the_dials(desk: Dialling) -> None:
    desk.after(rings("d1"), Telling(facts.RecordingBegan, {"call": "d1", "leg": "d1-desk"}))
    assert desk.dial().recorded


# ------------------------------------------------------------------ counted


def test_what_was_dialled_is_counted_as_it_happens_and_once(desk: Dialling) -> None:
    assert figures(desk.campaign().day) == {"dials": 1}
    desk.after(rings("d1"), 5, answers("d1"))
    assert figures(desk.campaign().day) == {"dials": 1, "connected": 1, "live": 1}
    desk.after(65, hangs_up("d1"))
    desk.look()
    desk.look(1)
    assert figures(desk.campaign().day) == {"dials": 1, "connected": 1, "live": 1, "talk_s": 65}
    assert figures(desk.campaign("c2").day) == {}


def test_refusals_are_counted_by_the_rule_that_was_the_reason_and_add_up() -> None:
    desk = Dialling()
    for number in range(5):
        desk.after(1, refused(f"h{number}"), refused(f"t{number}", "cap", "defer"), refused(f"x{number}", campaign="nobody's"))
    campaign = desk.campaign()
    assert campaign.denied == {"hours": 5, "cap": 5}
    assert figures(campaign.day) == {"denied": 5, "deferred": 5}
    assert [each.dial for each in campaign.examples["hours"]] == ["h2", "h3", "h4"][-EXAMPLES_KEPT:]
    assert [each.rule for each in campaign.examples["cap"][0].decision.findings] == ["cap", "another"]
    assert "nobody's" not in desk.outbound.campaigns, "who only asks makes no campaign"
    assert desk.outbound.dials == {}


def test_an_abandoned_customer_who_gets_an_agent_late_is_one_live_answer() -> None:
    desk = Dialling().after(by_dialler("d1"), rings("d1"), 5, picks_up("d1"))
    desk.look(10)
    assert figures(desk.campaign().day) == {"dials": 1, "live": 1, "abandoned": 1}
    desk.after(told.gets_agent("d1"))
    assert figures(desk.campaign().day) == {"dials": 1, "live": 1, "abandoned": 1, "connected": 1}


def test_what_was_never_dialled_is_no_dial(desk: Dialling) -> None:
    desk.after(2, gone("d1", "d1-desk"), over("d1"))
    desk.look()
    assert figures(desk.campaign().day) == {}


def test_a_machine_is_no_person_whenever_it_is_found_out(desk: Dialling) -> None:
    coded = Telling(outbound.ResultCoded, {"dial": "d1", "campaign": "c1", "code": "tape", "machine": True}, node="")
    desk.after(rings("d1"), answers("d1"), 5, coded)
    assert figures(desk.campaign().day) == {"dials": 1, "machines": 1, "results": {"tape": 1}}
    desk.after(5, hangs_up("d1"))
    desk.look()
    desk.after(coded)
    assert figures(desk.campaign().day) == {"dials": 1, "machines": 1, "talk_s": 10, "results": {"tape": 1}}
    assert desk.outcome() == "machine"


def test_the_last_result_of_a_dial_counts_and_a_late_one_counts_beside_it(desk: Dialling) -> None:
    def coded(code: str, dial: str = "d1") -> Telling:
        return Telling(outbound.ResultCoded, {"dial": dial, "campaign": "c1", "code": code}, node="")

    desk.after(coded("later"), coded("sale"), coded("sale"), coded("sale", "long ago"))
    assert desk.campaign().day.results == {"sale": 2}
    assert desk.dial().code == "sale"


def test_a_trial_has_its_own_meter() -> None:
    desk = Dialling(state="trial").after(lifts("d1"), decided("d1"))
    assert figures(desk.campaign().trial) == {"dials": 1}
    assert figures(Dialling().after(lifts("d1"), decided("d1")).campaign().trial) == {}


# ------------------------------------------------------------------ days, minutes, bounds


def test_a_day_begins_with_what_happened_since_its_first_moment() -> None:
    desk = Dialling().after(configured(timezone="UTC"), decided("d1"), refused("x"), 10 * 60, decided("d2"), 60)
    desk.after(day_began("2026-11-25", late_s=120))
    campaign = desk.campaign()
    assert figures(campaign.days["2026-11-24"]) == {"dials": 1, "denied": 1}
    assert figures(campaign.day) == {"dials": 1}
    assert (campaign.denied, campaign.examples) == ({}, {})


def test_minutes_are_the_last_hour() -> None:
    desk = Dialling()
    for number in range(70):
        desk.after(60, decided(f"d{number}"))
    minutes = desk.campaign().minutes
    assert len(minutes) == MINUTES_KEPT
    assert max(minutes) == desk.now // MINUTE
    assert all(each.dials == 1 for each in minutes.values())


def test_a_dial_that_is_over_is_known_for_its_wrap_up(desk: Dialling) -> None:
    desk.after(rings("d1"), hangs_up("d1"))
    desk.look()
    desk.after(DIALS_KEPT / SECOND - 1, refused("x1"))
    assert "d1" in desk.outbound.dials
    desk.after(1, refused("x2"))
    assert (desk.outbound.dials, desk.outbound.by_call, desk.outbound.by_leg, desk.outbound.ended) == ({}, {}, {}, [])


def test_the_oldest_that_is_over_leaves_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.fold.dials.DIALS_MOST", 3)
    desk = Dialling().after(lifts("d1"), decided("d1"), lifts("d2"), decided("d2"), rings("d2"), hangs_up("d2"))
    desk.look()
    desk.after(lifts("d3"), decided("d3"), lifts("d4"), decided("d4"))
    assert list(desk.outbound.dials) == ["d1", "d3", "d4"]
    desk.after(lifts("d5"), decided("d5"))
    assert list(desk.outbound.dials) == ["d3", "d4", "d5"]
    desk.after(rings("d1"), answers("d1"))
    check(desk.floor)


# ------------------------------------------------------------------ whatever comes


def check(floor: Floor) -> None:
    known = floor.owned.outbound
    assert all(name in known.dials for names in known.by_call.values() for name in names)
    flying = [name for names in known.by_call.values() for name in names]
    assert sorted(flying) == sorted(name for name, dial in known.dials.items() if not dial.over)
    assert all(known.dials[name].call == call for call, names in known.by_call.items() for name in names)
    assert all(name in known.dials for name in known.by_leg.values())
    assert all(known.dials[name].over for _, name in known.ended)
    for dial in known.dials.values():
        order = [at for at in (dial.placed, dial.answered, dial.connected) if at]
        assert order == sorted(order), dial
    for campaign in known.campaigns.values():
        sums(campaign)


def sums(campaign: CampaignNow) -> None:
    for meter in (campaign.day, campaign.trial, *campaign.days.values(), *campaign.minutes.values()):
        plain = msgspec.structs.asdict(meter)
        assert all(value >= 0 for value in plain.values() if isinstance(value, int)), meter
        assert all(times >= 0 for times in meter.results.values()), meter
    assert len(campaign.minutes) <= MINUTES_KEPT


@pytest.mark.parametrize("part", range(4))
def test_the_laws_hold_after_every_fact(part: int) -> None:
    for seed in range(part * 250, part * 250 + 250):
        floor = Floor()
        for fact in walk(seed, 90):
            try:
                apply(floor, fact, Changes())
                check(floor)
            except Exception as broken:
                broken.add_note(f"walk({seed}, 90), at {fact}")
                raise


@pytest.mark.parametrize("seed", range(20))
def test_the_same_log_gives_the_same_floor_wherever_it_is_taken_up(seed: int) -> None:
    folding, log = FloorFolding(), list(walk(seed, 300))
    whole = Floor()
    for fact in log:
        apply(whole, fact, Changes())
    resumed = Floor()
    for number, fact in enumerate(log):
        apply(resumed, fact, Changes())
        if number % 50 == 0:
            resumed = folding.load(folding.dump(resumed))
    assert resumed.owned.outbound == whole.owned.outbound


def test_a_dial_of_another_server_is_another_call() -> None:
    desk = Dialling().after(on("north", *works("1002", "help")), lifts("d1"), decided("d1"), on("north", *rings("d1")))
    assert not desk.dial().far
