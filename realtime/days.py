"""The business day: which one a moment belongs to, and when it begins and ends. It may begin at any minute of the clock.

Not the counting and not the clock: the engine says DayBegan by this, and the fold counts by that fact. A day is named by
the date on which it begins. A day whose beginning a clock change skips begins as long after the change as it would have
without one: 02:30 becomes 03:30, and a midnight that is skipped 01:00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from realtime.words import SECOND, Micros

FIRST_YEAR, LAST_YEAR = 1971, 2199
"""Dates that somebody may ask for: far from where a calendar ends."""


class Day(NamedTuple):
    name: str
    """ISO date of its beginning."""
    begins: Micros
    ends: Micros


def day_of(at: Micros, timezone: str, starts_min: int) -> Day:
    """The business day that `at` belongs to; `starts_min` is minutes after local midnight, 0 to 1439."""
    zone = ZoneInfo(timezone)
    local = datetime.fromtimestamp(at / SECOND, zone)
    day = local.date()
    if at < begin_of(day, zone, starts_min):
        day -= timedelta(days=1)
    elif at >= begin_of(day + timedelta(days=1), zone, starts_min):
        day += timedelta(days=1)
    return Day(day.isoformat(), begin_of(day, zone, starts_min), begin_of(day + timedelta(days=1), zone, starts_min))


def days_between(first: str, last: str, timezone: str, starts_min: int) -> list[Day] | None:
    """Every business day from one ISO date to another, both included; None where one is no date, or of no PBX's time."""
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    if not (FIRST_YEAR <= begin.year <= LAST_YEAR and FIRST_YEAR <= end.year <= LAST_YEAR):
        return None
    zone, one = ZoneInfo(timezone), timedelta(days=1)
    named = [begin + one * number for number in range((end - begin).days + 1)]
    return [Day(day.isoformat(), begin_of(day, zone, starts_min), begin_of(day + one, zone, starts_min)) for day in named]


def begin_of(day: date, zone: ZoneInfo, starts_min: int) -> Micros:
    wall = datetime.combine(day, time(starts_min // 60, starts_min % 60), zone)
    return round(wall.astimezone(UTC).timestamp()) * SECOND
