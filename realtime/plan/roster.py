"""Who works when: the shift of a person or a team at a moment, by the plan's roster and patterns.

Not who may log in (`rules/duty.py`) and not how a roster is written down (`andon/plan/`). Patterns are by the wall clock of the
floor: over midnight, and where a clock change skips the hour they begin as `days.py` says. A made-up working day (调休) counts as a
weekday (`works_on`). Where a roster names a person on a
date, no pattern holds for them on that date; a span without length is a day off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from realtime.days import begin_of
from realtime.plan.model import Pattern, Plan, Span
from realtime.words import SECOND, Micros

DAY_MIN = 1440
ONE = timedelta(days=1)
AHEAD_DAYS = 35
"""How far `next_shift` looks: a month's roster and a little more."""
KNOWN_DAYS = 200_000
"""Worked-out days of people that are kept: 5,000 people over a month; then all are worked out anew."""
KEPT_TIMES = 8192
"""Dates with their times: a roster of thousands names the same few again and again."""
KNOWN_PLANS = 4
"""Rosters that are kept: the plan that holds, the one before it, and those of a what-if."""


class Shift(NamedTuple):
    """`begins` <= worked < `ends`."""

    begins: Micros
    ends: Micros
    name: str = ""

    @property
    def half(self) -> Micros:
        """The moment between its first and its second half."""
        return (self.begins + self.ends) // 2


def shift_of(plan: Plan, person: str, at: Micros, timezone: str) -> Shift | None:
    """The shift that is on for this person; None between shifts, and for who has none."""
    return _roster(plan, timezone).at(person, at)


def shift_around(plan: Plan, person: str, at: Micros, timezone: str) -> Shift | None:
    """The shift in whose time this person may be logged in: the one that is on, else the one about to begin, else the last one."""
    early, late = plan.shifts.early_s * SECOND, plan.shifts.late_s * SECOND
    near = _roster(plan, timezone).between(person, at - late, at + early + 1)
    on = [each for each in near if each.begins <= at < each.ends]
    coming = [each for each in near if each.begins > at]
    return next(iter([*on, *coming, *reversed(near)]), None)


def next_shift(plan: Plan, person: str, at: Micros, timezone: str) -> Shift | None:
    """The first one that begins after this moment, within the month ahead."""
    roster = _roster(plan, timezone)
    first = roster.date_of(at)
    for number in range(-1, AHEAD_DAYS):
        for each in roster.on(person, first + ONE * number):
            if each.begins > at:
                return each
    return None


def rostered(plan: Plan, person: str, timezone: str) -> bool:
    """Whether the plan says anything about when this person works."""
    return _roster(plan, timezone).knows(person)


def shifts_on(plan: Plan, person: str, day: str, timezone: str) -> tuple[Shift, ...]:
    """Those that begin on this ISO date, in order."""
    return _roster(plan, timezone).on(person, date.fromisoformat(day))


def team_shift(plan: Plan, team: str, day: str, timezone: str) -> Shift | None:
    """From the first beginning to the last end among the team's shifts that begin on this ISO date."""
    roster, when = _roster(plan, timezone), date.fromisoformat(day)
    found = [each for person in roster.members(team) for each in roster.on(person, when)]
    if not found:
        return None
    return Shift(min(each.begins for each in found), max(each.ends for each in found), team)


# ---------------------------------------------------------------- the roster, worked out day by day


WEEKDAYS = frozenset({0, 1, 2, 3, 4})


def works_on(days: tuple[int, ...], day: date, made_up: bool) -> bool:
    """On a made-up working day what goes by all weekdays is on, and what goes by weekends only is not: else somebody with a pattern
    of each would work two shifts at once. Everything else goes by the day of the week, as on any date."""
    if made_up and (WEEKDAYS.issubset(days) or WEEKDAYS.isdisjoint(days)):
        return not WEEKDAYS.isdisjoint(days)
    return day.weekday() in days


class Roster:
    """A plan's shifts in one time zone. Looks up by person and date; what was worked out once is kept."""

    def __init__(self, plan: Plan, timezone: str) -> None:
        self.plan, self.timezone = plan, timezone
        self._zone = ZoneInfo(timezone)
        self._holidays = frozenset(plan.shifts.holidays)
        self._workdays = frozenset(plan.shifts.workdays)
        self._teams: dict[str, list[str]] = {}
        for person in plan.people:
            self._teams.setdefault(person.team, []).append(person.id)
        self._patterns = _by_person(plan)
        self._spans = self._by_date(plan.shifts.spans)
        self._named = {person for person, _ in self._spans}
        self._known: dict[tuple[str, date], tuple[Shift, ...]] = {}

    def members(self, team: str) -> list[str]:
        return self._teams.get(team, [])

    def knows(self, person: str) -> bool:
        return person in self._patterns or person in self._named

    def date_of(self, at: Micros) -> date:
        return datetime.fromtimestamp(at // SECOND, self._zone).date()

    def at(self, person: str, at: Micros) -> Shift | None:
        """Where two overlap, the one that began last."""
        return next((each for each in reversed(self.between(person, at, at + 1)) if each.begins <= at < each.ends), None)

    def between(self, person: str, since: Micros, until: Micros) -> list[Shift]:
        """Those that are on somewhere in `since` <= t < `until`, in order. A shift is a day long at most."""
        if not self.knows(person):
            return []
        last = self.date_of(until)
        day, found = self.date_of(since) - 2 * ONE, []
        while day <= last:
            found += [each for each in self.on(person, day) if each.ends > since and each.begins < until]
            day += ONE
        return found

    def on(self, person: str, day: date) -> tuple[Shift, ...]:
        known = self._known.get((person, day))
        if known is None:
            if len(self._known) >= KNOWN_DAYS:
                self._known.clear()
            known = self._known[person, day] = tuple(sorted(self._worked_out(person, day)))
        return known

    def _worked_out(self, person: str, day: date) -> Iterator[Shift]:
        if (spans := self._spans.get((person, day))) is not None:
            yield from (Shift(span.begins * SECOND, span.ends * SECOND, span.name) for span in spans if span.ends > span.begins)
        elif day.isoformat() not in self._holidays:
            for pattern in self._patterns.get(person, ()):
                if works_on(pattern.days, day, day.isoformat() in self._workdays):
                    yield self._of_pattern(pattern, day)

    def _of_pattern(self, pattern: Pattern, day: date) -> Shift:
        over = DAY_MIN if pattern.ends_min <= pattern.begins_min else 0
        return Shift(self._moment(day, pattern.begins_min), self._moment(day, pattern.ends_min + over), pattern.id)

    def _moment(self, day: date, minutes: int) -> Micros:
        return begin_of(day + ONE * (minutes // DAY_MIN), self._zone, minutes % DAY_MIN)

    def _by_date(self, spans: tuple[Span, ...]) -> dict[tuple[str, date], list[Span]]:
        found: dict[tuple[str, date], list[Span]] = {}
        for span in spans:
            found.setdefault((span.person, datetime.fromtimestamp(span.begins, self._zone).date()), []).append(span)
        return found


def _by_person(plan: Plan) -> Mapping[str, list[Pattern]]:
    found: dict[str, list[Pattern]] = {}
    for pattern in plan.shifts.patterns:
        teams, people = frozenset(pattern.teams), frozenset(pattern.people)
        for person in plan.people:
            if person.id in people or (person.team and person.team in teams):
                found.setdefault(person.id, []).append(pattern)
    return found


_rosters: list[Roster] = []
"""Of the plans asked about last, the latest at the end. A plan never changes, so it is recognised by being the same object."""


def _roster(plan: Plan, timezone: str) -> Roster:
    for known in reversed(_rosters):
        if known.plan is plan and known.timezone == timezone:
            return known
    made = Roster(plan, timezone)
    del _rosters[: len(_rosters) - KNOWN_PLANS + 1]
    _rosters.append(made)
    return made


@lru_cache(KEPT_TIMES)
def seconds_of(day: str, minutes: int, timezone: str) -> int:
    """Epoch seconds (UTC) of a wall time; minutes from 1440 on are of the next day."""
    return begin_of(date.fromisoformat(day) + ONE * (minutes // DAY_MIN), ZoneInfo(timezone), minutes % DAY_MIN) // SECOND


@lru_cache(KEPT_TIMES)
def wall_time_exists(day: str, minutes: int, timezone: str) -> bool:
    """False for a time that a clock change skips on that date."""
    when = date.fromisoformat(day) + ONE * (minutes // DAY_MIN)
    wall = datetime(when.year, when.month, when.day, minutes % DAY_MIN // 60, minutes % 60, tzinfo=ZoneInfo(timezone))
    return wall.astimezone(UTC).astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None)
