"""The floor's own time: its zone, its business day, and a moment as a person reads it. Pure: `now` comes from outside.

Not the days themselves (`realtime/days.py`) and not the shifts (`realtime/plan/roster.py`).
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from realtime.days import Day, day_of
from realtime.floor import Floor
from realtime.words import SECOND, Micros

MINUTE: Micros = 60 * SECOND
WALLS_KEPT = 4096
"""Minutes that were said before: a list of forty who wait names the same ones again and again."""


def zone_of(floor: Floor) -> str:
    """UTC until the engine has said the centre's settings."""
    return floor.rules.timezone if floor.rules is not None else "UTC"


def business_day(floor: Floor, now: Micros) -> Day:
    return day_of(now, zone_of(floor), floor.rules.day_starts_min if floor.rules is not None else 0)


def wall(floor: Floor, at: Micros) -> str:
    """As `14:40`, by the floor's clocks."""
    return _wall(zone_of(floor), at // MINUTE)


@lru_cache(WALLS_KEPT)
def _wall(timezone: str, minute: int) -> str:
    return datetime.fromtimestamp(minute * 60, ZoneInfo(timezone)).strftime("%H:%M")
