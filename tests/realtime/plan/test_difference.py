"""What changes between two plans: a line each, named as the files name it, bounded; and a version that only rules change."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from realtime.plan.difference import LINES_MAX, difference, version_of
from realtime.plan.model import BreakRules, KindRules, LoadRules, Meeting, Pattern, Person, Plan, ShiftRules, Span, Team
from realtime.words import AgentId

BEFORE = Plan(
    people=(Person(id=AgentId("1"), team="A"), Person(id=AgentId("2"), team="A")),
    teams=(Team(id="A"),),
    shifts=ShiftRules(patterns=(Pattern(id="p", teams=("A",)),), spans=(Span(AgentId("1"), 0, 10),)),
    breaks=BreakRules(kinds={"short": KindRules(), "meal": KindRules()}),
    meetings=(Meeting(id="m", at_min=500),),
)


def test_every_kind_of_change_is_a_line() -> None:
    after = Plan(
        people=(Person(id=AgentId("1"), team="B"), Person(id=AgentId("3"), team="B")),
        teams=(Team(id="A"), Team(id="B")),
        shifts=ShiftRules(patterns=(Pattern(id="p", teams=("A",), begins_min=510, days=(0, 5)),), spans=(Span(AgentId("1"), 5, 15),)),
        breaks=BreakRules(kinds={"short": KindRules(minutes=10), "legal": KindRules()}, hold_s=90, load=LoadRules(target=0.9)),
        meetings=(),
        presets=("uk (as of 2026-11-24)",),
    )
    assert difference(BEFORE, after) == (
        "extends: none → uk (as of 2026-11-24)",
        "+ kind.legal",
        "- kind.meal",
        "kind.short.minutes: 15 → 10",
        "breaks.hold_s: 120 → 90",
        "breaks.load.target: 0.8 → 0.9",
        "pattern p.begins: 09:00 → 08:30",
        "pattern p.days: mon, tue, wed, thu, fri → mon, sat",
        "- person 2",
        "+ person 3 (team B)",
        "person 1.team: A → B",
        "+ team B",
        "- meeting m",
        "roster 1: +1 −1 shifts",
    )


def test_a_thousand_new_people_are_one_line_and_a_thousand_changed_ones_are_counted() -> None:
    people = tuple(Person(id=AgentId(str(number)), team="A") for number in range(1000))
    assert difference(Plan(), Plan(people=people)) == ("+ person × 1,000: " + ", ".join(f"{n} (team A)" for n in range(6)) + " …",)
    moved = Plan(people=tuple(msgspec.structs.replace(each, team="B") for each in people))
    lines = difference(Plan(people=people), moved)
    assert len(lines) == LINES_MAX
    assert lines[-1] == "and 951 more"


def test_a_month_of_shifts_for_everybody_is_one_line() -> None:
    months = [Plan(shifts=ShiftRules(spans=tuple(Span(AgentId(str(who)), at, at + 9) for who in range(10, 30)))) for at in (0, 100)]
    assert difference(*months) == ("roster × 20: +20 −20 shifts, 10, 11, 12, 13, 14, 15 …",)


def test_the_version_is_of_the_rules_not_of_the_order_in_which_kinds_were_written() -> None:
    one = Plan(breaks=BreakRules(kinds={"short": KindRules(), "meal": KindRules()}))
    other = Plan(breaks=BreakRules(kinds={"meal": KindRules(), "short": KindRules()}))
    assert version_of(one) == version_of(other) != version_of(BEFORE)
    assert version_of(msgspec.json.decode(msgspec.json.encode(BEFORE), type=Plan)) == version_of(BEFORE)


FIELDS = st.fixed_dictionaries({"hold_s": st.integers(10, 99), "team_share": st.floats(0, 1), "aged_min": st.integers(1, 99)})


@given(FIELDS, FIELDS)
def test_there_is_a_line_exactly_when_the_version_is_another(one: dict[str, float], other: dict[str, float]) -> None:
    before = Plan(breaks=msgspec.convert(one, BreakRules))
    after = Plan(breaks=msgspec.convert(other, BreakRules))
    assert bool(difference(before, after)) == (version_of(before) != version_of(after))
