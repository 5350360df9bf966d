"""Hours in which it may ring, in the called party's zone: open now, until when, and if not, from which second on.

Not which rule holds (`applies.py`). A span is half-open: 20:00 itself is too late. What is reckoned with are moments, never wall times:
a rule's spans become intervals of moments day by day, in pieces between two changes of the clock, so that an hour that is left out is
never open and one that is struck twice is judged by the wall both times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from realtime.dial.calendars import Calendars, DayKind
from realtime.dial.windows import change_between, local, offset
from realtime.plan.dialling import HoursRule, Span
from realtime.words import SECOND, Micros

DAY_S = 86_400
DAY_MIN = 1440
AHEAD_DAYS = 40
"""How far the next opening is looked for: longer than any run of holidays and than the longest span of a blocked number."""
CHUNKS_KEPT = 8192
"""Days of rules in zones: two days for each of twenty rules in each of forty zones of a toll-free number, five times over."""
LONG_S = 7 * DAY_S
"""An opening of a week or more is as good as endless."""
TOGETHER_MOST = 2000
"""Steps towards a moment that suits all: each is the next opening of one of them, a handful a day."""

Piece = tuple[int, int]
"""Seconds since 1970, half-open."""


class Opening(NamedTuple):
    """`opens`: the first lawful moment from now on (now, where it is open); 0: none in 40 days. `closes`: the end of it; 0: closed."""

    open: bool
    opens: Micros
    closes: Micros
    local: str  # ISO, with its difference from UTC
    day: DayKind  # of the local date
    spans: tuple[Span, ...]  # of the local date


def within(rule: HoursRule, now: Micros, zone: str, calendars: Calendars, country: str, predictive: bool = False) -> Opening:
    """`predictive`: nobody is there for the call yet, so that it must not begin within the rule's guard before the end."""
    wall = local(now, zone)
    calendar = rule.calendar or country
    guard, at = rule.guard_s if predictive else 0, now // SECOND
    opens = closes = 0
    for begins, ends in _intervals(rule, zone, calendars, calendar, at):
        if at < ends - guard and begins < ends - guard:
            opens, closes = max(begins, at), ends - guard
            break
    is_open = closes > 0 and opens == at
    return Opening(
        is_open,
        now if is_open else opens * SECOND,
        closes * SECOND if is_open else 0,
        wall.isoformat(timespec="seconds"),
        calendars.day(calendar, wall.date()),
        spans_of(rule, wall.date(), calendars, calendar),
    )


def together(rules: Iterable[tuple[HoursRule, str]], now: Micros, calendars: Calendars, country: str, predictive: bool = False) -> Micros:
    """The first moment from now on at which all of these rules, each in its zone, are open; 0: none in 40 days."""
    pairs, at, last = tuple(rules), now, now + AHEAD_DAYS * DAY_S * SECOND
    for _ in range(TOGETHER_MOST):
        openings = [within(rule, at, zone, calendars, country, predictive).opens for rule, zone in pairs]
        latest = max(openings, default=at)
        if 0 in openings or latest > last:
            return 0
        if latest == at:
            return at
        at = latest
    return 0


def spans_of(rule: HoursRule, on: date, calendars: Calendars, calendar: str) -> tuple[Span, ...]:
    """Those that begin on this date. A holiday goes before its neighbour's eve, both before the weekday."""
    kind = calendars.day(calendar, on)
    if kind.holiday and rule.holiday is not None:
        return rule.holiday
    if kind.eve and rule.eve is not None:
        return rule.eve
    return rule.days[on.weekday()] if len(rule.days) == 7 else ()


def _intervals(rule: HoursRule, zone: str, calendars: Calendars, calendar: str, at: int) -> Iterator[Piece]:
    """Open intervals from the day of `at` on, in order, whole ones: what goes on past midnight is one interval."""
    first, pending = at // DAY_S, None
    for day in range(first, first + AHEAD_DAYS + 2):
        for begins, ends in _open_in(rule, zone, calendars, calendar, day):
            if pending is not None and pending[1] == begins:
                pending = (pending[0], ends)
                continue
            if pending is not None:
                yield pending
            pending = (begins, ends)
        if pending is not None and (pending[1] < (day + 1) * DAY_S or pending[1] > at + LONG_S):
            yield pending
            pending = None
    if pending is not None:
        yield pending


@lru_cache(maxsize=CHUNKS_KEPT)
def _open_in(rule: HoursRule, zone: str, calendars: Calendars, calendar: str, day: int) -> tuple[Piece, ...]:
    """The open intervals within one day of UTC, merged."""
    merged: list[Piece] = []
    for begins, ends in sorted(_raw(rule, zone, calendars, calendar, day)):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((begins, ends))
    return tuple(merged)


def _raw(rule: HoursRule, zone: str, calendars: Calendars, calendar: str, day: int) -> Iterator[Piece]:
    for low, high in _between_changes(day * DAY_S, (day + 1) * DAY_S, zone):
        ahead = offset(low, zone)
        first = datetime.fromtimestamp(low + ahead, UTC).date()
        for number in range(-1, 2):  # the day before for what goes on past its midnight; a piece touches two dates at most
            on = first + timedelta(days=number)
            midnight = int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp()) - ahead
            for begin, end in spans_of(rule, on, calendars, calendar):
                over = end + DAY_MIN if end < begin else end  # 22:00 to 06:00 is of the day on which it begins
                begins, ends = max(low, midnight + begin * 60), min(high, midnight + over * 60)
                if begins < ends:
                    yield begins, ends


def _between_changes(low: int, high: int, zone: str) -> Iterator[Piece]:
    """The day of UTC in pieces of one difference each: two where the clock changes. No zone changes it twice in a day."""
    if offset(low, zone) == offset(high - 1, zone):
        yield low, high
        return
    change = change_between(low, high - 1, zone)
    yield low, change
    yield change, high
