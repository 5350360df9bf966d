"""When an event of a calendar that repeats begins and ends, within a window: RRULE, RDATE, EXDATE. Pure.

Not whose shift it is and not the file (`ics.py`). The rules are dateutil's, the library that icalendar itself stands on (BSD and
Apache licences). `recurring-ical-events` would put the rest together as well; it is under the LGPL, brings three more packages, and
what a rule may cost has to be bounded here all the same.

Rules are reckoned on the clock on the wall of the event's own zone, as people mean them: a night from 22:00 to 06:00 ends at 06:00 on
the night of a clock change, too (RFC 5545, 3.8.5.3, read to the letter has it last eight hours then), as patterns do.
A beginning that the clock skips is as long after the change as it would have been without one (RFC 5545, 3.3.5), as in `days.py`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from dateutil import rrule  # type: ignore[import-untyped]  # its stubs are another package, for one module
from icalendar import Event
from icalendar.prop import vDDDLists, vRecur

from andon.findings import quoted
from andon.plan.window import Window


class Kind(NamedTuple):
    """How something repeats: the library's number, the days of a turn, and what a turn costs as dates looked at (measured)."""

    number: int
    days: int
    cost: int


FREQUENCIES: Final = {
    "DAILY": Kind(rrule.DAILY, 1, 1),
    "WEEKLY": Kind(rrule.WEEKLY, 7, 2),
    "MONTHLY": Kind(rrule.MONTHLY, 30, 8),
    "YEARLY": Kind(rrule.YEARLY, 365, 100),
}
"""Nobody has a shift more often than daily."""
LISTS: Final = {
    "BYDAY": "byweekday",
    "BYMONTHDAY": "bymonthday",
    "BYMONTH": "bymonth",
    "BYSETPOS": "bysetpos",
    "BYYEARDAY": "byyearday",
    "BYWEEKNO": "byweekno",
}
KNOWN: Final = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *LISTS)
STEADY: Final = {"DAILY": "", "WEEKLY": "byweekday"}
"""Those whose turns are as long as each other, and the list that makes dates of them; every other list takes dates out."""
TAKING_OUT: Final = ("BYDAY", "BYMONTHDAY", "BYMONTH")
LIST_MAX: Final = 366
"""Values of one key: the days of a year."""
INTERVAL_MAX: Final = 366
COUNT_MAX: Final = 100_000
"""More than a shift every day of the years that a date may have."""
STEPS_MAX: Final = 500_000
"""Dates looked at for one file, some two seconds: 10,000 weekly events in the window, or 1,500 daily ones that are counted over a year."""
WEEKDAYS: Final = {name: getattr(rrule, name) for name in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")}
EDGE: Final = timedelta(days=2)
"""By how much a date may differ between two zones, and a day for the length of a shift."""

Moment = int | str
"""What tells one occurrence from another: epoch seconds, or the ISO date of a whole day."""


class Refused(Exception):
    """What is wrong with a rule: the key, and one sentence with its next step."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key, self.text = key, text


class Budget:
    """What the events of one file may cost together."""

    def __init__(self) -> None:
        self.left = STEPS_MAX

    def take(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise Refused("RRULE", "the rules of this file reach over too many years together; let them begin later, or write patterns.")


class Turn(NamedTuple):
    """One occurrence: by its own zone's clock, or two dates."""

    begins: date
    ends: date


def repeats(event: Event) -> bool:
    return any(key in event for key in ("RRULE", "RDATE", "EXRULE"))


def turns(event: Event, window: Window, timezone: str, without: set[Moment], budget: Budget) -> Iterator[Turn]:
    """Those that may begin in the window; `without` are those that other events stand for. Raises `Refused`."""
    if "EXRULE" in event:
        raise Refused("EXRULE", "no calendar program writes this any more, and nobody here reads it; take single dates out with EXDATE.")
    begins, ends = event.start, event.end
    zone = begins.tzinfo if isinstance(begins, datetime) and begins.tzinfo else ZoneInfo(timezone)
    length = _wall(ends, zone) - _wall(begins, zone)
    gone = without | {moment_of(each, timezone) for each in _dates(event, "EXDATE", budget)}
    found: dict[Moment, Turn] = {}
    whole = not isinstance(begins, datetime)
    for wall in _of_rules(event, window, zone, length, budget):
        turn = Turn(wall.date(), wall.date() + length) if whole else Turn(wall.replace(tzinfo=zone), (wall + length).replace(tzinfo=zone))
        found.setdefault(moment_of(turn.begins, timezone), turn)
    for at, until in _more(event, begins, length, zone, budget):
        found.setdefault(moment_of(at, timezone), Turn(at, until))
    for moment, turn in sorted(found.items(), key=lambda each: _wall(each[1].begins, zone)):
        if moment not in gone and turn.begins.isoformat()[:10] not in gone:
            yield turn


def moment_of(at: date, timezone: str) -> Moment:
    """A date without a time takes out whatever begins on it: some programs write EXDATE so for shifts as well."""
    if not isinstance(at, datetime):
        return at.isoformat()
    return int((at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(timezone))).timestamp())


def _wall(at: date, zone: tzinfo) -> datetime:
    """What the clock shows there, without a zone."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time())
    return (at.astimezone(zone) if at.tzinfo is not None else at).replace(tzinfo=None)


# ---------------------------------------------------------------- rules


def _of_rules(event: Event, window: Window, zone: tzinfo, length: timedelta, budget: Budget) -> Iterator[datetime]:
    begins = _wall(event.start, zone)
    since, until = _wall(window.since, zone) - EDGE - length, _wall(window.until, zone) + EDGE
    if since <= begins < until:
        yield begins  # the first one is one of them even where its rule does not name it, as calendar programs show it
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        if not isinstance(rule, vRecur):
            raise Refused("RRULE", f"this is no rule ({quoted(str(rule))}); set the repeating of this event again.")
        yield from _of_rule(_Rule(rule, begins, zone), since, until, budget)


def _of_rule(rule: _Rule, since: datetime, until: datetime, budget: Budget) -> Iterator[datetime]:
    last = min(until, rule.until) if rule.until is not None else until
    begins = rule.nearer(since)
    if begins > last:
        return
    budget.take(rule.steps(begins, last))
    named = 0
    for at in rule.made(begins):
        if not rule.fits(at):
            if at > last:
                break
            continue
        named += 1 if named or at == begins else 2  # COUNT counts the first one even where the rule does not name it
        if at > last or (rule.count is not None and named > rule.count):
            budget.take(rule.steps(last, at) if at > last else 0)
            break
        if at >= since:
            yield at
    else:  # the library has walked to the year 9999 for it
        budget.left -= rule.steps(last, datetime.max)
        if not named:
            raise Refused("RRULE", "it names no date that there is; set the repeating of this event again.")


class _Rule:
    """One RRULE, held against what a shift may need."""

    def __init__(self, said: vRecur, begins: datetime, zone: tzinfo) -> None:
        for key in said:
            if str(key).upper() not in KNOWN:
                raise Refused("RRULE", f"{quoted(str(key))} is nothing that shifts repeat by; use {', '.join(KNOWN)}.")
        self.begins = begins
        self.frequency = str(_one(said, "FREQ", "nothing")).upper()
        if self.frequency not in FREQUENCIES:
            raise Refused("RRULE", f"it repeats {quoted(self.frequency)}; a shift repeats {', '.join(FREQUENCIES)}.")
        self.kind = FREQUENCIES[self.frequency]
        self.interval = _count(said, "INTERVAL", INTERVAL_MAX) or 1
        self.count = _count(said, "COUNT", COUNT_MAX)
        ends = _one(said, "UNTIL", None)
        if ends is not None and not isinstance(ends, date):
            raise Refused("RRULE", "UNTIL is no date; set the end of the repeating again.")
        self.until: datetime | None = None
        if isinstance(ends, date):  # a date alone is the last one, to its end
            self.until = _wall(ends, zone) if isinstance(ends, datetime) else datetime.combine(ends, time.max)
        self.week_starts = WEEKDAYS.get(str(_one(said, "WKST", "MO")).upper(), WEEKDAYS["MO"])
        self.lists = {LISTS[key.upper()]: _values(key.upper(), values) for key, values in said.items() if key.upper() in LISTS}
        for key in said:
            if self.frequency in STEADY and key.upper() in LISTS and key.upper() not in TAKING_OUT:
                raise Refused("RRULE", f"{key} goes with MONTHLY and YEARLY only; set the repeating of this event again.")

        if any(each.n for each in self.lists.get("byweekday", ()) if self.frequency in STEADY):
            raise Refused("RRULE", "BYDAY counts weekdays of a month or a year only; set the repeating of this event again.")

    def nearer(self, since: datetime) -> datetime:
        """The same rule from a later turn on, so that an old one costs no more than a new one. The others have few turns."""
        if self.count is not None or self.frequency not in STEADY or self.begins >= since:
            return self.begins
        step = self.interval * self.kind.days
        return self.begins + timedelta(days=max((since - self.begins).days // step - 1, 0) * step)

    def steps(self, since: datetime, until: datetime) -> int:
        return (max((until - since).days, 0) // (self.interval * self.kind.days) + 1) * self.kind.cost

    def made(self, begins: datetime) -> rrule.rrule:
        """Without an end: the library looks for it only where it has found a date, and walks on to the year 9999 where it finds none.
        So what might leave out every turn of a day or a week is asked here (`fits`), turn by turn."""
        lists = {key: each for key, each in self.lists.items() if self.frequency not in STEADY or key == STEADY[self.frequency]}
        return rrule.rrule(self.kind.number, dtstart=begins, interval=self.interval, wkst=self.week_starts, **lists)

    def fits(self, at: datetime) -> bool:
        if self.frequency not in STEADY:
            return True
        length = monthrange(at.year, at.month)[1]
        shown: dict[str, set[object]] = {
            "bymonth": {at.month},
            "bymonthday": {at.day, at.day - length - 1},
            "byweekday": {rrule.weekdays[at.weekday()]},
        }
        return all(shown[key] & set(each) for key, each in self.lists.items() if key != STEADY[self.frequency])


def _one(said: vRecur, key: str, otherwise: object) -> object:
    values = said.get(key, [otherwise])
    return (values[0] if values else otherwise) if isinstance(values, list) else values


def _count(said: vRecur, key: str, most: int) -> int | None:
    value = _one(said, key, None)
    if value is None:
        return None
    if not isinstance(value, int) or not 1 <= value <= most:
        raise Refused("RRULE", f"{key} is {quoted(str(value))}; it is from 1 to {most:,}.")
    return value


def _values(key: str, values: Any) -> list[Any]:
    """Of BYDAY the library's weekdays: the second Tuesday is `TU(2)`, where months or years repeat."""
    listed = values if isinstance(values, list) else [values]
    if not 0 < len(listed) <= LIST_MAX:
        raise Refused("RRULE", f"{key} has {len(listed):,} values; it has from 1 to {LIST_MAX}, the days of a year.")
    if key != "BYDAY":
        return [int(each) for each in listed]
    days = [(WEEKDAYS.get(str(each.weekday)), each.relative) for each in listed]
    return [day(nth) if nth else day for day, nth in days if day is not None]


# ---------------------------------------------------------------- single dates


def _more(event: Event, begins: date, length: timedelta, zone: tzinfo, budget: Budget) -> Iterator[tuple[date, date]]:
    """RDATE: a date or a time like the first one, or a period with an end of its own."""
    for said in _listed(event, "RDATE", budget):
        at, until = said if isinstance(said, tuple) else (said, None)
        if isinstance(until, timedelta):
            until = at + until
        if isinstance(at, datetime) != isinstance(begins, datetime):
            raise Refused("RDATE", "one is a date and the other a time; add the date again in the calendar.")
        yield at, until or (at + length)


def _dates(event: Event, key: str, budget: Budget) -> Iterator[date]:
    for said in _listed(event, key, budget):
        yield said[0] if isinstance(said, tuple) else said


def _listed(event: Event, key: str, budget: Budget) -> Iterator[date | tuple[date, date | timedelta]]:
    values = event.get(key, [])
    for each in values if isinstance(values, list) else [values]:
        if not isinstance(each, vDDDLists):
            raise Refused(key, f"these are no dates ({quoted(str(each))}); set the repeating of this event again.")
        budget.take(len(each.dts))
        for one in each.dts:
            if isinstance(one.dt, (time, timedelta)):
                raise Refused(key, f"{quoted(str(one.dt))} is no date; set the repeating of this event again.")
            yield one.dt
