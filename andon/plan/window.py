"""Which dates of what repeats in a calendar are in a plan: whole months around today, so that a plan is the same one all month. Pure.

Not the expanding (`repeating.py`), which wants a library; this is asked by the running engine every two seconds. An endless rule
fits in no plan, and a plan travels whole in a fact: it keeps the part that somebody may ask about soon.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

MONTHS_BACK: Final = 1
"""The month before: a night shift of its last date is on, reports look at it, and `andon plan try` spans a month."""
MONTHS_AHEAD: Final = 2
"""Two months after this one: `next_shift` looks 35 days ahead, which from the 31st is more than one month. Four months of 22 shifts
for 2,000 people are within `ROWS_MAX`; a year of them would not be."""


class Window(NamedTuple):
    """`since` <= date of the beginning < `until`, by the floor's clock; both are firsts of a month."""

    since: date
    until: date

    def __str__(self) -> str:
        return f"{self.since} to {self.until - timedelta(days=1)}"


def window_of(today: date) -> Window:
    return Window(_first(today, -MONTHS_BACK), _first(today, MONTHS_AHEAD + 1))


def today_of(at: float, timezone: str) -> date:
    """The date of a moment in epoch seconds, by the floor's clock."""
    return datetime.fromtimestamp(at, ZoneInfo(timezone)).date()


def _first(today: date, months: int) -> date:
    """Of the month so many after this one."""
    count = today.year * 12 + today.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
