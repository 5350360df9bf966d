"""`roster.ics`: shifts as calendar programs write them, one event a shift.

Whose it is says the attendee (the address before the @, or its common name: a staff number or a login), else the first word of
the summary; the rest of the summary names the shift. An event of whole days is days off. Events that repeat are refused: a
repeating shift is a pattern, and a half-understood rule would put people into wrong shifts without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from andon.findings import Finding, quoted
from andon.plan.book import Book
from andon.plan.sheet import ROWS_MAX, Item, draft_of
from andon.plan.tables import ROSTER_ICS
from realtime.plan.model import Span
from realtime.plan.roster import seconds_of, wall_time_exists
from realtime.words import AgentId

HOURS_MAX: Final = 24
DAYS_OFF_MAX: Final = 366
YEARS: Final = (1971, 2199)
"""As in the other files; at the ends of the calendar no time zone can be reckoned with."""
REPEATS: Final = ("RRULE", "RDATE", "EXRULE", "EXDATE")


def roster_ics(text: str, book: Book) -> None:
    draft = draft_of(ROSTER_ICS, {})
    try:
        events = [each for each in Calendar.from_ical(text).walk("VEVENT") if isinstance(each, Event)]
    except (ValueError, IndexError, KeyError) as error:  # what the library says of a file that is no calendar
        book.findings.append(Finding(ROSTER_ICS, "", f"this is no calendar ({quoted(str(error))}); export it again as iCalendar."))
        return
    if len(events) > ROWS_MAX:
        draft.add((), f"it has {len(events):,} events; keep at most {ROWS_MAX:,}.")
    logins = {name.casefold(): person.id for person, _ in book.people for name in (person.id, person.login) if name}
    draft.names["event"] = [_name(event) for event in events[:ROWS_MAX]]
    for number, event in enumerate(events[:ROWS_MAX]):
        item = Item(draft, ("event", number))
        book.spans += [(span, item) for span in _spans(event, item, logins, book)]
    book.findings += draft.findings


def _name(event: Event) -> str:
    return str(event.get("UID", "")) or str(event.get("SUMMARY", ""))


def _spans(event: Event, item: Item, logins: dict[str, AgentId], book: Book) -> Iterator[Span]:
    if any(key in event for key in REPEATS):
        item.add("RRULE", "it repeats; write it as a [[pattern]] in shifts.toml, or export each shift as an event of its own.")
        return
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    person, name = _whose(event, logins)
    if not person:
        item.add("", "it says nobody; invite the person, or begin the summary with the staff number.")
        return
    try:
        begins, ends = event.start, event.end
    except Exception as error:
        item.add("DTSTART", f"it has no beginning and end that can be read ({quoted(str(error))}).")
        return
    if not all(YEARS[0] <= each.year <= YEARS[1] for each in (begins, ends)):
        item.add("DTSTART", f"it is not between the years {YEARS[0]} and {YEARS[1]}; correct its dates.")
        return
    if not isinstance(begins, datetime) or not isinstance(ends, datetime):
        yield from _days_off(person, begins, ends, name, book.timezone)
        return
    for key, at in (("DTSTART", begins), ("DTEND", ends)):
        if at.tzinfo is None and not wall_time_exists(at.date().isoformat(), at.hour * 60 + at.minute, book.timezone):
            item.add(key, f"{at:%H:%M} does not exist on that date: the clock goes on over it; write a time beside it.")
            return
    since, until = (_seconds(each, book.timezone) for each in (begins, ends))
    if not 0 < until - since <= HOURS_MAX * 3600:
        item.add("DTEND", f"it is {(until - since) / 3600:g} hours long; a shift has more than none and at most {HOURS_MAX}.")
        return
    yield Span(person, since, until, name)


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
