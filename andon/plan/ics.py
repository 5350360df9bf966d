"""`roster.ics`: shifts as calendar programs write them, one event a shift.

Whose it is says the attendee (the address before the @, or its common name: a staff number or a login), else the first word of
the summary; the rest of the summary names the shift. An event of whole days is days off. What repeats is expanded in a window of
months around today (`window.py`, `repeating.py`); an event with a RECURRENCE-ID stands for the occurrence that it names. A rule that
is not understood is told and not guessed: it would put people into wrong shifts without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event
from icalendar.prop import vRecur
from icalendar.timezone import tzp

from andon.findings import Finding, quoted
from andon.plan.book import Book
from andon.plan.repeating import Budget, Moment, Refused, moment_of, repeats, turns
from andon.plan.sheet import ROWS_MAX, Item, draft_of
from andon.plan.tables import ROSTER_ICS
from andon.plan.window import Window, today_of, window_of
from realtime.plan.model import Span
from realtime.plan.roster import seconds_of, wall_time_exists
from realtime.words import AgentId

HOURS_MAX: Final = 24
DAYS_OFF_MAX: Final = 366
YEARS: Final = (1971, 2199)
"""As in the other files; at the ends of the calendar no time zone can be reckoned with."""
ZONES_MAX: Final = 50
"""Time zones that a calendar defines itself: more than there are offices with a call centre."""
ZONE_KEYS: Final = ("FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "UNTIL", "WKST")
"""What changes of the clock repeat by. A zone whose clock changes every second would fill the memory (dateutil keeps them all)."""


class Calendars(NamedTuple):
    """What holds for all events of one file. `moved`: by event, the occurrences that events of their own stand for."""

    book: Book
    logins: dict[str, AgentId]
    window: Window
    budget: Budget
    moved: dict[str, set[Moment]]


def roster_ics(text: str, book: Book) -> None:
    draft = draft_of(ROSTER_ICS, {})
    try:
        tzp.use_default()  # forgets the zones of the file as it was read before: the library keeps the first one of each name
        calendar = Calendar.from_ical(text)
        events = [each for each in calendar.walk("VEVENT") if isinstance(each, Event)]
        told = _zones(calendar.walk("VTIMEZONE"))
    except (ValueError, IndexError, KeyError) as error:  # what the library says of a file that is no calendar
        book.findings.append(Finding(ROSTER_ICS, "", f"this is no calendar ({quoted(str(error))}); export it again as iCalendar."))
        return
    if told:
        book.findings.append(Finding(ROSTER_ICS, "", told))
        return
    if len(events) > ROWS_MAX:
        draft.add((), f"it has {len(events):,} events; keep at most {ROWS_MAX:,}.")
    del events[ROWS_MAX:]
    logins = {name.casefold(): person.id for person, _ in book.people for name in (person.id, person.login) if name}
    held = Calendars(book, logins, window_of(book.today), Budget(), {})
    draft.names["event"] = [_name(event) for event in events]
    items = [Item(draft, ("event", number)) for number in range(len(events))]
    for event, item in zip(events, items, strict=True):
        _note_moved(event, item, held)
    for event, item in zip(events, items, strict=True):
        book.spans += [(span, item) for span in islice(_spans(event, item, held), ROWS_MAX - len(book.spans) + 1)]
        if len(book.spans) > ROWS_MAX:
            draft.add((), f"it makes more than {ROWS_MAX:,} shifts from {held.window}; write what repeats as patterns of teams.")
            break
    book.findings += draft.findings


def _zones(zones: Sequence[Component]) -> str:
    """What is wrong with one of them, before any time is reckoned by it."""
    if len(zones) > ZONES_MAX:
        return f"it defines {len(zones):,} time zones; keep at most {ZONES_MAX}."
    for part in (part for zone in zones for part in zone.subcomponents):
        rules = part.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            if not isinstance(rule, vRecur) or rule.get("FREQ") != ["YEARLY"] or set(rule) - {*ZONE_KEYS}:
                return "it defines a time zone whose clock does not change by the year; export it again with the zone's common name."
            if any(each < 1 for each in rule.get("INTERVAL", ())):
                return "it defines a time zone whose clock changes after no time at all; export it again with the zone's common name."
    return ""


def _name(event: Event) -> str:
    return str(event.get("UID", "")) or str(event.get("SUMMARY", ""))


def _note_moved(event: Event, item: Item, held: Calendars) -> None:
    said = event.get("RECURRENCE-ID")
    if said is None:
        return
    if (at := getattr(said, "dt", None)) is None or not YEARS[0] <= at.year <= YEARS[1]:
        item.add("RECURRENCE-ID", "it stands for no date that there is; export the calendar again.")
    elif "RANGE" in said.params:
        item.add("RECURRENCE-ID", "it changes all later ones, too; end the first event there, and begin another one.")
    else:
        held.moved.setdefault(str(event.get("UID", "")), set()).add(moment_of(at, held.book.timezone))


def _spans(event: Event, item: Item, held: Calendars) -> Iterator[Span]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    person, name = _whose(event, held.logins)
    if not person:
        item.add("", "it says nobody; invite the person, or begin the summary with the staff number.")
        return
    try:
        begins, ends = event.start, event.end
    except Exception as error:
        item.add("DTSTART", f"it has no beginning and end that can be read ({quoted(str(error))}).")
        return
    for key in ("DTSTART", "DTEND", "RECURRENCE-ID"):
        at = event.get(key)
        if at is not None and (zone := at.params.get("TZID")) and isinstance(at.dt, datetime) and at.dt.tzinfo is None:
            item.add(key, f"there is no time zone {quoted(str(zone))}, and the file does not say what it is; choose one in the calendar.")
            return
    if not all(YEARS[0] <= each.year <= YEARS[1] for each in (begins, ends)):
        item.add("DTSTART", f"it is not between the years {YEARS[0]} and {YEARS[1]}; correct its dates.")
        return
    if repeats(event) and "RECURRENCE-ID" not in event:
        yield from _repeated(event, item, held, person, name)
    else:
        yield from _of_one(begins, ends, item, held, person, name)


def _of_one(begins: date, ends: date, item: Item, held: Calendars, person: AgentId, name: str) -> Iterator[Span]:
    timezone = held.book.timezone
    if not isinstance(begins, datetime) or not isinstance(ends, datetime):
        yield from _days_off(person, begins, ends, name, timezone)
        return
    for key, at in (("DTSTART", begins), ("DTEND", ends)):
        if at.tzinfo is None and not wall_time_exists(at.date().isoformat(), at.hour * 60 + at.minute, timezone):
            item.add(key, f"{at:%H:%M} does not exist on that date: the clock goes on over it; write a time beside it.")
            return
    if _length_fits(since := _seconds(begins, timezone), until := _seconds(ends, timezone), item):
        yield Span(person, since, until, name)


def _repeated(event: Event, item: Item, held: Calendars, person: AgentId, name: str) -> Iterator[Span]:
    timezone, window = held.book.timezone, held.window
    without = held.moved.get(str(event.get("UID", "")), set())
    try:
        if not _may_repeat(event.end - event.start, isinstance(event.start, datetime), item):
            return
        for begins, ends in turns(event, window, timezone, without, held.budget):
            if not isinstance(begins, datetime) or not isinstance(ends, datetime):
                held.budget.take((ends - begins).days)
                days = _days_off(person, begins, ends, name, timezone)
                yield from (each for each in days if window.since <= today_of(each.begins, timezone) < window.until)
                continue
            since, until = _seconds(begins, timezone), _seconds(ends, timezone)
            if not window.since <= today_of(since, timezone) < window.until:
                continue
            if not _length_fits(0, int((ends.replace(tzinfo=None) - begins.replace(tzinfo=None)).total_seconds()), item):
                return
            if until > since:  # else all of it is in the hour that the clock skips
                yield Span(person, since, until, name)
    except Refused as refused:
        item.add(refused.key, refused.text)
    except (ValueError, TypeError, OverflowError, AttributeError) as error:  # what the libraries say of a rule that is none
        item.add("RRULE", f"this is no rule ({quoted(str(error))}); set the repeating of this event again.")


def _may_repeat(length: timedelta, timed: bool, item: Item) -> bool:
    """Before anything is expanded: of what is long, all that began long ago would have to be looked at."""
    if timed:
        return _length_fits(0, int(length.total_seconds()), item)
    if length.days > DAYS_OFF_MAX:
        item.add("DTEND", f"it is {length.days:,} days long and repeats; days off have at most {DAYS_OFF_MAX}.")
    return length.days <= DAYS_OFF_MAX


def _length_fits(since: int, until: int, item: Item) -> bool:
    fits = 0 < until - since <= HOURS_MAX * 3600
    if not fits:
        item.add("DTEND", f"it is {(until - since) / 3600:g} hours long; a shift has more than none and at most {HOURS_MAX}.")
    return fits


def _whose(event: Event, logins: dict[str, AgentId]) -> tuple[AgentId, str]:
    summary = " ".join(str(event.get("SUMMARY", "")).split())[:60]
    attendees = event.get("ATTENDEE", [])
    for each in attendees if isinstance(attendees, list) else [attendees]:
        address = str(each).partition(":")[2].partition("@")[0]
        for word in (address, str(each.params.get("CN", ""))):
            if word.casefold() in logins:
                return logins[word.casefold()], summary
    first, _, rest = summary.partition(" ")
    return logins.get(first.casefold(), AgentId(first)), rest


def _days_off(person: AgentId, begins: date, ends: date, name: str, timezone: str) -> Iterator[Span]:
    """Whole days: the last date is not among them, as iCalendar has it."""
    day, last = date(begins.year, begins.month, begins.day), date(ends.year, ends.month, ends.day)
    for number in range(min(max((last - day).days, 1), DAYS_OFF_MAX)):
        midnight = seconds_of((day + timedelta(days=number)).isoformat(), 0, timezone)
        yield Span(person, midnight, midnight, name or "off")


def _seconds(at: datetime, timezone: str) -> int:
    """A time without a zone is by the floor's clock."""
    return int((at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(timezone))).timestamp())
