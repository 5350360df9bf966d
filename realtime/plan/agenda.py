"""Which meetings a plan gives, when, and who should come: 早会 before the shift, 夕会 after it, training by the week.

Not the meetings that are on (`rules/meetings.py` begins and ends them). A team that goes in groups is split by staff number, so that
everybody is in the same group every day, whoever else is off.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from realtime.plan.model import Meeting, Plan
from realtime.plan.roster import Shift, rostered, seconds_of, shift_around, shifts_on, team_shift, works_on
from realtime.words import SECOND, AgentId, Micros

ONE = timedelta(days=1)
DAYS_KEPT = 8
"""Worked-out days: yesterday, today and tomorrow of the plan that holds and of a what-if, and some."""
MINUTE: Micros = 60 * SECOND


class Planned(NamedTuple):
    """One meeting of one day. `id` names rule, day, team and group: nobody can begin it twice."""

    id: str
    rule: Meeting
    begins: Micros
    until: Micros
    teams: tuple[str, ...]
    expected: tuple[AgentId, ...]


def around(plan: Plan, now: Micros, timezone: str) -> list[Planned]:
    """Of yesterday (a late shift's ends today), today and tomorrow, in the order in which they begin."""
    if not plan.meetings:
        return []
    today = datetime.fromtimestamp(now // SECOND, ZoneInfo(timezone)).date()
    found = [each for step in (-1, 0, 1) for each in of_day(plan, today + ONE * step, timezone)]
    return sorted(found, key=lambda each: (each.begins, each.id))


_days: dict[tuple[int, date, str], tuple[Plan, list[Planned]]] = {}
"""What was worked out last. A plan never changes, so it is recognised by being the same object, which is kept so that it stays that."""


def of_day(plan: Plan, day: date, timezone: str) -> list[Planned]:
    known = _days.get((id(plan), day, timezone))
    if known is not None and known[0] is plan:
        return known[1]
    made_up = day.isoformat() in plan.shifts.workdays
    rules = [rule for rule in plan.meetings if works_on(rule.days, day, made_up)]
    found = [each for rule in rules for each in of_rule(plan, rule, day.isoformat(), timezone)]
    if len(_days) >= DAYS_KEPT:
        del _days[next(iter(_days))]
    _days[id(plan), day, timezone] = (plan, found)
    return found


def of_rule(plan: Plan, rule: Meeting, day: str, timezone: str) -> Iterator[Planned]:
    """By the clock for all its teams at once; by the shift for each team by itself."""
    if rule.at_min >= 0:
        yield from grouped(plan, rule, seconds_of(day, rule.at_min, timezone) * SECOND, rule.teams, f"{rule.id}.{day}", day, timezone)
        return
    for team in rule.teams:
        shift = team_shift(plan, team, day, timezone)
        if shift is not None and (begins := by_shift(rule, shift)):
            yield from grouped(plan, rule, begins, (team,), f"{rule.id}.{day}.{team}", day, timezone)


def by_shift(rule: Meeting, shift: Shift) -> Micros:
    if rule.before_shift_min >= 0:
        return shift.begins - rule.before_shift_min * MINUTE
    return shift.ends + rule.after_shift_min * MINUTE if rule.after_shift_min >= 0 else 0


def grouped(plan: Plan, rule: Meeting, begins: Micros, teams: tuple[str, ...], name: str, day: str, timezone: str) -> Iterator[Planned]:
    """One after the other, so that some of each team are always at work. Where nobody should come, there is no meeting."""
    groups = max(1, rule.groups)
    for group in range(groups):
        starts = begins + group * rule.minutes * MINUTE
        people = [person for team in teams for person in group_of(plan, team, group, groups)]
        expected = tuple(person for person in people if is_scheduled(plan, rule, person, starts, day, timezone))
        if expected:
            ident = f"{name}.{group + 1}" if groups > 1 else name
            yield Planned(ident, rule, starts, starts + rule.minutes * MINUTE, teams, expected)


def group_of(plan: Plan, team: str, group: int, groups: int) -> list[AgentId]:
    people = sorted(person.id for person in plan.people if person.team == team and not person.out)
    return people[group::groups]


def is_scheduled(plan: Plan, rule: Meeting, person: AgentId, at: Micros, day: str, timezone: str) -> bool:
    """Off today: nobody waits for them. Of whom no roster says anything everybody is expected."""
    if not rostered(plan, person, timezone):
        return True
    if rule.at_min >= 0:
        return shift_around(plan, person, at, timezone) is not None
    return bool(shifts_on(plan, person, day, timezone))
