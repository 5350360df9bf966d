"""What somebody may have of breaks in a shift."""

from __future__ import annotations

from typing import Any

import pytest

from realtime.me import me_row
from realtime.owned import AgentLedger, Taken
from realtime.plan.model import KindRules, Pattern, ShiftRules
from realtime.rules import quota
from realtime.rulings import BreakDropped, BreakGranted
from realtime.words import AgentId
from tests.realtime.rules.floors import KINDS, MINUTE, START, Ruled, finding, held_by, rules_of
from tests.realtime.story import day_began

DAY = ShiftRules(patterns=(Pattern(id="day", teams=("a",), begins_min=9 * 60, ends_min=17 * 60),))
"""It begins when the story does, at 09:00; the second half at 13:00."""
NIGHT = ShiftRules(patterns=(Pattern(id="night", teams=("a",), begins_min=22 * 60, ends_min=6 * 60),))


def ruled(shifts: ShiftRules = DAY, hour: float = 10, **kind: Any) -> Ruled:
    """One kind with these rules, at this hour of the day."""
    more = {name: kind.pop(name) for name in ("blackout_begin_min", "blackout_end_min", "team_most", "hold_s") if name in kind}
    kinds = {**KINDS, "short": KindRules(**{"minutes": 10, "longest_min": 30, **kind})}
    return Ruled("1001", "1002", shifts=shifts, kinds=kinds, now=START + round((hour - 9) * 60) * MINUTE, **more)


def takes(floor: Ruled, minutes: float, agent: str = "1001", kind: str = "short") -> None:
    assert floor.ask(agent, kind).verdict == "allow"
    floor.after(minutes * 60)
    floor.back(agent)


def test_the_quota_of_a_shift() -> None:
    floor = ruled(quota_min=25)
    takes(floor, 10)
    takes(floor, 10)
    decision = floor.ask("1001")
    assert finding(decision, "break.quota.free").values == {"used": 20, "quota": 25, "left": 5, "kind": "short"}
    assert floor.floor.owned.leases["1001"].until == floor.now + 5 * MINUTE  # what is left of it
    floor.after(300)
    floor.back("1001")
    assert held_by(floor.ask("1001")) == "break.quota"


def test_time_over_the_end_counts() -> None:
    floor = ruled(quota_min=25)
    takes(floor, 24.5)
    assert held_by(floor.ask("1001")) == "break.quota"


def test_what_is_on_counts() -> None:
    floor = ruled(quota_min=25)
    floor.ask("1001")
    floor.after(120)
    assert quota.used(floor.floor, "1001", "short", START, floor.now) == 2 * MINUTE
    assert quota.used(floor.floor, "1001", "short", floor.now - MINUTE, floor.now) == MINUTE
    assert quota.used(floor.floor, "1002", "short", START, floor.now) == 0


def test_more_than_is_left_is_refused_with_what_is_left() -> None:
    floor = ruled(quota_min=25)
    takes(floor, 20)
    decision = floor.ask("1001", minutes=10)
    assert (decision.verdict, held_by(decision)) == ("deny", "break.too_little_left")
    assert finding(decision, "break.too_little_left").values["minutes"] == 5
    assert floor.ask("1001", minutes=5).verdict == "allow"


def test_what_is_left_must_be_a_break_at_all() -> None:
    floor = ruled(quota_min=25, shortest_min=10)
    takes(floor, 20)
    assert held_by(floor.ask("1001")) == "break.too_little_left"


def test_the_quota_of_each_half() -> None:
    floor = ruled(quota_half_min=10, hour=12)
    takes(floor, 10)
    decision = floor.ask("1001")
    assert (decision.verdict, held_by(decision)) == ("defer", "break.quota_half")
    reason = finding(decision, "break.quota_half")
    assert (reason.values["until"], reason.until) == ("13:00", START + 4 * 60 * MINUTE)
    floor.after(50 * 60)
    takes(floor, 10)
    assert held_by(floor.ask("1001")) == "break.quota_half.last"


def test_one_that_reaches_over_the_half_counts_in_both() -> None:
    floor = ruled(quota_half_min=10, hour=12.9)
    takes(floor, 10)  # from 12:54 to 13:04
    decision = floor.ask("1001")
    assert finding(decision, "break.quota_half.free").values["left"] == 6


def test_times() -> None:
    floor = ruled(times=2)
    takes(floor, 1)
    takes(floor, 1)
    assert held_by(floor.ask("1001")) == "break.times"
    assert floor.ask("1001", "meal").verdict == "allow"


@pytest.mark.parametrize(("minutes", "rule"), [(2, "break.too_short"), (3, ""), (30, ""), (31, "break.too_long")])
def test_the_shortest_and_the_longest(minutes: int, rule: str) -> None:
    floor = ruled(shortest_min=3)
    assert held_by(floor.ask("1001", minutes=minutes)) == rule
    if not rule:
        assert floor.floor.owned.leases["1001"].until == floor.now + minutes * MINUTE


def test_cool_down() -> None:
    floor = ruled(cool_down_min=45)
    takes(floor, 5)
    floor.after(44 * 60)
    decision = floor.ask("1001")
    assert (decision.verdict, held_by(decision)) == ("defer", "break.cool_down")
    assert finding(decision, "break.cool_down").until == floor.now + MINUTE
    assert floor.ask("1001", "meal").verdict == "allow"
    floor.back("1001")
    floor.after(60)
    assert floor.ask("1001").verdict == "allow"


def test_nothing_in_the_first_and_in_the_last_minutes() -> None:
    ends: dict[str, Any] = {"blackout_begin_min": 30, "blackout_end_min": 30}
    early = ruled(hour=9.45, **ends).ask("1001")
    assert (early.verdict, held_by(early)) == ("defer", "break.blackout_begin")
    assert finding(early, "break.blackout_begin").values == {"minutes": 30, "until": "09:30"}
    assert ruled(hour=9.5, **ends).ask("1001").verdict == "allow"
    late = ruled(hour=16.5, **ends).ask("1001")
    assert (late.verdict, held_by(late)) == ("deny", "break.blackout_end")
    near = ruled(hour=16.4, **ends)
    assert near.ask("1001").verdict == "allow"
    assert near.floor.owned.leases["1001"].until == START + 450 * MINUTE  # shortened: it ends at 16:30
    assert held_by(ruled(hour=16.4, **ends).ask("1001", minutes=10)) == "break.too_little_left"


def test_the_ends_of_a_shift_hold_no_comfort_and_no_recovery_back() -> None:
    floor = ruled(hour=16.9, blackout_end_min=30)
    assert floor.ask("1001", "comfort").verdict == "allow"
    floor.floor.agents["1002"].talked = floor.now
    assert floor.ask("1002", "recovery").verdict == "allow"


def test_no_shift_no_break_but_comfort() -> None:
    floor = ruled(hour=4)
    decision = floor.ask("1001")
    assert (decision.verdict, held_by(decision)) == ("deny", "break.no_shift")
    assert finding(decision, "break.no_shift").values["until"] == "09:00"
    assert floor.ask("1001", "comfort").verdict == "allow"


def test_who_has_no_shift_at_all() -> None:
    shifts = ShiftRules(patterns=(Pattern(id="day", teams=("other",)),))
    assert held_by(ruled(shifts).ask("1001")) == "break.no_shift.ever"
    told = ruled(ShiftRules(patterns=(Pattern(id="day", teams=("other",)),), enforced=False)).ask("1001")
    assert told.verdict == "allow"
    assert "break.no_shift.ever" in rules_of(told)


def test_a_shift_over_midnight_is_one_shift() -> None:
    floor = ruled(NIGHT, hour=23.5, quota_min=10)
    floor.floor.owned.ledgers["1001"] = AgentLedger()
    takes(floor, 10)
    floor.after(3 * 3600)
    assert held_by(floor.ask("1001")) == "break.quota"


def test_a_night_shift_has_one_quota_and_one_cool_down_when_the_business_day_turns() -> None:
    floor = ruled(NIGHT, hour=23.5, quota_min=10, cool_down_min=45)
    takes(floor, 10)
    floor.after(1800, day_began("2026-11-25"))
    assert held_by(floor.ask("1001")) == "break.quota"
    assert finding(floor.answers[-1][1], "break.cool_down").verdict == "defer"
    assert floor.floor.owned.ledgers["1001"].asked == 0, "what is reported by the day begins anew"
    shown = next(row for row in me_row(floor.floor, AgentId("1001"), floor.now).kinds if row.kind == "short")
    assert (shown.used_s, shown.quota_s, shown.taken) == (600.0, 600.0, 1), "the agent's page says what the rule counts"


def test_without_shifts_the_business_day_is_one() -> None:
    floor = Ruled("1001", kinds={"short": KindRules(minutes=10, quota_min=10)})
    takes(floor, 10)
    assert held_by(floor.ask("1001")) == "break.quota"
    floor.after(15 * 3600, day_began("2026-11-25"))
    assert floor.ask("1001").verdict == "allow"


def test_of_an_earlier_shift_nothing_counts() -> None:
    floor = ruled(quota_min=10, times=1)
    old = Taken("short", START - 60 * MINUTE, START - 50 * MINUTE, 0, "returned")
    floor.floor.owned.ledgers["1001"] = AgentLedger(taken=[old])
    assert floor.ask("1001").verdict == "allow"


def test_a_long_one_is_for_who_asks_for_it_and_keeps_its_length_while_it_waits() -> None:
    floor = ruled(team_most=1)
    floor.ask("1002")
    floor.ask("1001", minutes=25)
    floor.back("1002")
    floor.due()
    assert floor.floor.owned.grants["1001"].length_s == 25 * 60


def test_when_its_turn_comes_too_late_it_is_dropped_and_not_granted() -> None:
    floor = ruled(hour=16.25, blackout_end_min=30, team_most=1, shortest_min=5)
    floor.ask("1002")
    assert floor.ask("1001").verdict == "queue"
    floor.after(12 * 60)
    floor.back("1002")
    floor.later(5)
    assert [each.fields["why"] for each in floor.facts(BreakDropped)] == ["no_room"]
    assert [each.fields["agent"] for each in floor.facts(BreakGranted)] == ["1002"]


def test_a_turn_near_the_end_is_shortened() -> None:
    floor = ruled(hour=16.25, blackout_end_min=30, team_most=1)
    floor.ask("1002")
    floor.ask("1001")
    floor.after(8 * 60)
    floor.back("1002")
    floor.due()
    assert floor.floor.owned.grants["1001"].length_s == 7 * 60


def test_due_by_law_passes_even_its_own_quota() -> None:
    kinds = {**KINDS, "legal": KindRules(minutes=15, times=0)}
    floor = Ruled("1001", kinds=kinds, legal_after_min=120, shifts=DAY, now=START + 121 * MINUTE)
    decision = floor.ask("1001", "legal")
    assert decision.verdict == "allow"
    assert finding(decision, "break.times").verdict == "allow"
    assert floor.floor.owned.ledgers[AgentId("1001")].granted == 1


@pytest.mark.parametrize("minutes", [-5, -1])
def test_less_than_nothing_is_too_short(minutes: int) -> None:
    floor = ruled()
    assert held_by(floor.ask("1001", minutes=minutes)) == "break.too_short"
    assert floor.ask("1001", "comfort", minutes=minutes).verdict == "allow"
    assert floor.floor.owned.leases["1001"].until == floor.now + 6 * MINUTE
