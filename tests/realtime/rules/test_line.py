"""The waiting list: its order, that nobody is passed by, and what is said of place and time."""

from __future__ import annotations

from realtime.owned import AgentLedger, Duty, Load
from realtime.plan.model import LoadRules, Pattern, ShiftRules, Team
from realtime.rules import line
from realtime.rules.places import Places
from realtime.rules.waiting import place_of
from realtime.rulings import BreakHeld
from realtime.words import AgentId, Device, Interface, Node
from tests.realtime.rules.floors import MINUTE, SECOND, START, Ruled, held_by, rules_of
from tests.realtime.story import leg

SIX = tuple(f"10{number:02}" for number in range(6))
DAY = ShiftRules(patterns=(Pattern(id="day", teams=("a",), begins_min=5 * 60, ends_min=17 * 60),))
"""Half of it is over at 11:00."""


def full(**more: object) -> Ruled:
    """One place, and the first has it."""
    floor = Ruled(*SIX, **{"team_most": 1, **more})  # type: ignore[arg-type]
    floor.ask(SIX[0])
    return floor


def rested(floor: Ruled, agent: str, minutes_ago: int) -> None:
    floor.floor.owned.ledgers[agent] = AgentLedger(rested=floor.now - minutes_ago * MINUTE)


# ------------------------------------------------------------------ order


def test_first_come_first_served_also_in_one_moment() -> None:
    floor = full()
    for name in (SIX[3], SIX[1], SIX[5], SIX[2]):
        floor.ask(name)
    assert floor.waiting() == [SIX[3], SIX[1], SIX[5], SIX[2]]


def test_each_minute_beyond_an_hour_without_a_rest_counts_as_one_of_waiting() -> None:
    floor = full()
    rested(floor, SIX[1], 60)
    rested(floor, SIX[2], 61)
    rested(floor, SIX[3], 65)
    rested(floor, SIX[4], 5)
    for name in SIX[1:5]:
        floor.ask(name)
    floor.due()
    floor.after(6)
    floor.due()
    assert floor.waiting() == [SIX[3], SIX[2], SIX[1], SIX[4]]


def test_a_minute_of_asking_earlier_is_worth_a_minute_of_rest() -> None:
    floor = full()
    rested(floor, SIX[1], 5)
    rested(floor, SIX[2], 60)
    floor.ask(SIX[1])
    floor.after(3 * 60)
    floor.ask(SIX[2])  # without a rest for 63 minutes by now: level, and later
    floor.after(60)
    rested(floor, SIX[3], 66)
    floor.ask(SIX[3])
    floor.later(10)
    assert floor.waiting() == [SIX[3], SIX[1], SIX[2]]


def test_a_break_that_is_owed_goes_before_one_that_is_not() -> None:
    floor = full(shifts=DAY, now=START + 3 * 60 * MINUTE)
    rested(floor, SIX[1], 61)
    floor.ask(SIX[1])
    floor.after(30)
    floor.ask(SIX[2])  # none in this shift, and half of it is over
    floor.later(10)
    assert floor.waiting() == [SIX[2], SIX[1]]
    assert [floor.floor.owned.waiting[name].rank for name in SIX[1:3]] == [line.WISHED, line.OWED]


def test_due_by_law_the_earliest_deadline_first() -> None:
    floor = full(legal_after_min=240)
    for name, minutes in zip(SIX[1:4], (100, 200, 150), strict=True):
        rested(floor, name, minutes)
        floor.ask(name, "legal")
    floor.ask(SIX[4])
    floor.later(10)
    assert floor.waiting() == [SIX[2], SIX[3], SIX[1], SIX[4]]


def test_who_was_without_a_rest_since_when() -> None:
    floor = full()
    floor.floor.owned.duty[AgentId(SIX[1])] = Duty(AgentId(SIX[1]), Node("pbx"), Device("x"), Interface("x"), START - 90 * MINUTE)
    assert line.working_since(floor.floor, SIX[1], None, START) == START - 90 * MINUTE
    assert line.working_since(floor.floor, SIX[2], None, START) == START
    rested(floor, SIX[1], 20)
    assert line.working_since(floor.floor, SIX[1], None, START) == START - 20 * MINUTE


# ------------------------------------------------------------------ nobody gets past


def test_a_place_that_just_became_free_is_the_waiting_one_s() -> None:
    floor = full()
    floor.ask(SIX[1])
    floor.back(SIX[0])  # and before the engine has looked again, somebody asks
    decision = floor.ask(SIX[2])
    assert (decision.verdict, held_by(decision)) == ("queue", "break.line")
    floor.due()
    assert floor.granted() == [SIX[1]]


def test_with_places_for_both_nobody_is_passed_by() -> None:
    floor = Ruled(*SIX, team_most=2)
    for name in SIX[:3]:
        floor.ask(name)
    floor.back(SIX[0])
    floor.back(SIX[1])
    assert floor.ask(SIX[3]).verdict == "allow"
    floor.due()
    assert floor.granted() == [SIX[2]]


def test_of_a_better_class_one_goes_first() -> None:
    floor = full(shifts=DAY, now=START + 3 * 60 * MINUTE)
    rested(floor, SIX[1], 5)
    floor.ask(SIX[1])
    floor.back(SIX[0])
    assert floor.ask(SIX[2]).verdict == "allow"  # owed


def test_whom_their_own_team_holds_back_hold_no_other_team_back() -> None:
    people = (*(f"{name}:a" for name in SIX[:3]), *(f"{name}:b" for name in SIX[3:]))
    floor = Ruled(*people, teams=(Team(id="a"), Team(id="b")), team_most=1)
    floor.ask(SIX[0])
    assert floor.ask(SIX[1]).verdict == "queue"
    decision = floor.ask(SIX[3])
    assert decision.verdict == "allow"
    assert decision.findings[-2].values == {"ahead": 1}


def test_an_aged_one_passes_those_whom_the_load_still_holds() -> None:
    floor = Ruled(*SIX, load=LoadRules(), shifts=DAY, now=START + 3 * 60 * MINUTE)
    floor.floor.owned.loads["pbx/sales"] = Load(spare=0, agents=6, model="C")
    rested(floor, SIX[1], 5)
    floor.ask(SIX[1])
    floor.after(15 * 60)
    floor.ask(SIX[2])  # owed: of a better class, but not aged
    floor.after(5 * 60)
    floor.due()
    assert floor.granted() == [SIX[1]]


# ------------------------------------------------------------------ place and estimate


def test_places_and_estimates_are_said_once_and_again_when_they_move() -> None:
    floor = full()
    for name in SIX[1:4]:
        floor.ask(name)
    assert [floor.floor.owned.waiting[name].place for name in SIX[1:4]] == [1, 2, 3]
    etas = [floor.floor.owned.waiting[name].eta for name in SIX[1:4]]
    assert etas == [START + minutes * MINUTE for minutes in (10, 20, 30)]
    said = len(floor.facts(BreakHeld))
    floor.later(120)
    assert len(floor.facts(BreakHeld)) == said, "nothing has changed"
    floor.withdraw(SIX[1])
    floor.later(5)
    assert [(each.fields["agent"], each.fields["place"]) for each in floor.facts(BreakHeld)[said:]] == [(SIX[2], 1), (SIX[3], 2)]
    assert place_of(floor.floor, SIX[2]) == (1, "09:10")
    assert place_of(floor.floor, SIX[5]) == (0, "")


def test_nobody_is_told_more_often_than_each_five_seconds() -> None:
    floor = full()
    for name in SIX[1:4]:
        floor.ask(name)
    floor.later(3, every=0.2)
    floor.ask(SIX[5])
    floor.later(1, every=0.2)
    floor.withdraw(SIX[1])  # the others may be told a second later, and are; the last one has just been
    floor.later(30, every=0.2)
    told = {name: [each.at for each in floor.facts(BreakHeld) if each.fields["agent"] == name] for name in (SIX[2], SIX[5])}
    assert told == {SIX[2]: [START, START + 5 * SECOND], SIX[5]: [START + 3 * SECOND, START + 8 * SECOND]}


def test_who_overruns_comes_back_nobody_knows_when() -> None:
    floor = full()
    floor.later(11 * 60)
    decision = floor.ask(SIX[1])
    assert "break.place.open" in rules_of(decision)
    assert held_by(decision) == "break.team_cap.open"
    assert floor.floor.owned.waiting[SIX[1]].eta == 0


def test_an_overrun_takes_the_estimate_away_and_a_return_brings_the_turn() -> None:
    floor = full()
    floor.ask(SIX[1])
    floor.later(11 * 60)
    waiting = floor.floor.owned.waiting[SIX[1]]
    assert waiting.eta == 0
    floor.back(SIX[0])
    floor.later(5)
    assert floor.granted() == [SIX[1]]


def test_what_the_load_holds_back_is_expected_when_it_is_aged() -> None:
    floor = Ruled(*SIX, load=LoadRules())
    floor.floor.owned.loads["pbx/sales"] = Load(spare=0, agents=6, model="C")
    floor.ask(SIX[0])
    assert floor.floor.owned.waiting[SIX[0]].eta == START + 20 * MINUTE


def test_what_the_load_holds_back_is_expected_when_somebody_is_back() -> None:
    floor = Ruled(*SIX, load=LoadRules())
    floor.floor.owned.loads["pbx/sales"] = Load(open=True, spare=1, agents=6, model="C")
    floor.ask(SIX[0])
    floor.ask(SIX[1])
    assert floor.floor.owned.waiting[SIX[1]].eta == START + 10 * MINUTE


def test_spacing_is_reckoned_with() -> None:
    floor = Ruled(*SIX, spacing_s=60)
    for name in SIX[:4]:
        floor.ask(name)
    assert [floor.floor.owned.waiting[name].eta - START for name in SIX[1:4]] == [60 * SECOND, 120 * SECOND, 180 * SECOND]


def test_a_held_break_is_expected_back_after_its_hold_and_its_length() -> None:
    floor = full()
    floor.ask(SIX[1])
    floor.after(60)
    floor.back(SIX[0])
    floor.due()
    floor.ask(SIX[2])
    assert floor.floor.owned.waiting[SIX[2]].eta == floor.now + 12 * MINUTE


def test_whoever_is_on_a_call_keeps_the_place_in_the_line() -> None:
    floor = full().after(leg("c", SIX[1], "talking"))
    floor.ask(SIX[1])
    floor.ask(SIX[2])
    floor.back(SIX[0])
    floor.due()
    assert floor.granted() == [SIX[1]]


def test_an_estimate_looks_at_no_more_than_its_steps() -> None:
    floor = Ruled(*SIX, team_most=1)
    floor.ask(SIX[0])
    for name in SIX[1:]:
        floor.ask(name)
    found = line.estimates(Places(floor.floor, floor.now), line.ordered(Places(floor.floor, floor.now)))
    assert list(found.values()) == [START + minutes * MINUTE for minutes in (10, 20, 30, 40, 50)]
