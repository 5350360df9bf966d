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


def begin_of(day: date, zone: ZoneInfo, starts_min: int) -> Micros:
    wall = datetime.combine(day, time(starts_min // 60, starts_min % 60), zone)
    return round(wall.astimezone(UTC).timestamp()) * SECOND
