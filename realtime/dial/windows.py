"""The windows in which events are counted: since when, and when an event has left.

Not the counting (`realtime/ledger/`). For every window, zone and pair of moments: an event counts at `now` exactly while
`since(now) <= event`, which is the same as `now < frees(event)`. A local date begins at its first moment, also where the clock jumps over
midnight or strikes it twice; a day may have 23 or 25 hours.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from realtime.dial.zones import zone_of
from realtime.plan.dialling import Window
from realtime.words import SECOND, Micros

GAP_MOST_S = 26 * 3600
"""The longest jump of a clock that there was: Samoa left out a day. What looks for the jump looks no further."""


def since(window: Window, now: Micros, zone: str, began: Micros) -> Micros:
    """The first moment that still counts. `zone`: the called party's, `began`: the campaign's first dial; 0: there was none yet."""
    if window.kind == "rolling":
        return now - window.seconds * SECOND + 1
    name = window.zone or zone
    today = local_date(now, name)
    match window.kind:
        case "calendar_day":
            first = today
        case "calendar_month":
            first = today.replace(day=1)
        case "blocks":
            first = _block(window, today, name, began or now)
        case _:
            first = today - timedelta(days=window.days - 1)
    return begin_of(first, name)


def frees(window: Window, event: Micros, zone: str, began: Micros) -> Micros:
    """The first moment at which this event counts no more."""
    if window.kind == "rolling":
        return event + window.seconds * SECOND
    name = window.zone or zone
    then = local_date(event, name)
    match window.kind:
        case "calendar_day":
            after = then + timedelta(days=1)
        case "calendar_month":
            after = (then.replace(day=28) + timedelta(days=4)).replace(day=1)
        case "blocks":
            after = _block(window, then, name, began or event) + timedelta(days=window.days)
        case _:
            after = then + timedelta(days=window.days)
    return begin_of(after, name)


def _block(window: Window, day: date, zone: str, began: Micros) -> date:
    """The first date of the block that `day` is in. The campaign's first date begins block 0."""
    first = local_date(began, zone)
    return first + timedelta(days=(day - first).days // window.days * window.days)


def local(at: Micros, zone: str) -> datetime:
    """The wall clock at this moment, to the second below. An unknown zone is a fault of whoever asks: `zones_for` names none."""
    known = zone_of(zone)
    if known is None:
        raise ValueError(f"no time zone {zone!r}")
    return datetime.fromtimestamp(at // SECOND, known)


def local_date(at: Micros, zone: str) -> date:
    return local(at, zone).date()


def begin_of(day: date, zone: str) -> Micros:
    """The first moment of this local date, or of the next one that there is."""
    known = zone_of(zone)
    if known is None:
        raise ValueError(f"no time zone {zone!r}")
    wall = datetime.combine(day, time(), known)  # fold 0: the first midnight, where there are two
    at = int(wall.astimezone(UTC).timestamp())
    return (at if datetime.fromtimestamp(at, known).replace(tzinfo=None) == wall.replace(tzinfo=None) else jump(at, zone)) * SECOND


def jump(before_s: int, zone: str) -> int:
    """The second of the newest change of this zone's clock at or before one, which lies in the hours after a change."""
    return change_between(before_s - GAP_MOST_S, before_s, zone)


def change_between(low_s: int, high_s: int, zone: str) -> int:
    """The first second at which the clock has the difference from UTC that it has at `high_s`: of one change in (low, high]."""
    wanted = offset(high_s, zone)
    while high_s - low_s > 1:
        middle = (low_s + high_s) // 2
        if offset(middle, zone) == wanted:
            high_s = middle
        else:
            low_s = middle
    return high_s


def offset(at_s: int, zone: str) -> int:
    """Seconds that the wall clock is ahead of UTC."""
    ahead = local(at_s * SECOND, zone).utcoffset()
    return round(ahead.total_seconds()) if ahead is not None else 0
