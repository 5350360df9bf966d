"""All files of a plan to one `Plan`, or to everything that is wrong with them. Pure; `folder.py` has the files.

The readers of the subjects say what is wrong inside one file, `crossing.py` what only all of them show. Errors keep a plan from
being taken up; warnings are for whoever runs `andon check`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import msgspec

from andon.findings import Finding
from andon.plan import breaks, campaigns, dialling, events, people, quality, retention, shifts
from andon.plan.book import Book
from andon.plan.crossing import crossed
from andon.plan.sheet import Item
from andon.plan.tables import (
    ALERTS,
    BREAKS,
    CAMPAIGNS,
    DIALLING,
    FILES,
    MEETINGS,
    PEOPLE,
    PEOPLE_CSV,
    QUALITY,
    RETENTION,
    ROSTER_CSV,
    ROSTER_ICS,
    SHIFTS,
    TEAMS,
)
from realtime.plan.archive import ArchiveRules
from realtime.plan.dialling import DialRules
from realtime.plan.model import Plan, ShiftRules

Text = str | bytes
FINDINGS_MAX: Final = 500
"""A file with the wrong columns has one for each line."""


class PlanReading(NamedTuple):
    """`plan` is None when one of the findings is an error; an empty plan where there is no file at all."""

    plan: Plan | None
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    """Those that were there."""


def _ics(text: str, book: Book, _presets: Mapping[str, str]) -> None:
    from andon.plan import ics  # its library takes longer to load than most commands to run, and most centres have no calendar

    ics.roster_ics(text, book)


READERS: Final[dict[str, Callable[[str, Book, Mapping[str, str]], None]]] = {
    PEOPLE: lambda text, book, _: people.people(text, book),
    PEOPLE_CSV: lambda text, book, _: people.people_csv(text, book),
    TEAMS: lambda text, book, _: people.teams(text, book),
    SHIFTS: lambda text, book, _: shifts.shifts(text, book),
    ROSTER_CSV: lambda text, book, _: shifts.roster_csv(text, book),
    ROSTER_ICS: _ics,
    MEETINGS: lambda text, book, _: events.meetings(text, book),
    BREAKS: breaks.breaks,
    ALERTS: events.alerts,
    DIALLING: lambda text, book, _: dialling.dialling(text, book),
    CAMPAIGNS: campaigns.campaigns,
    RETENTION: retention.retention,
    QUALITY: lambda text, book, _: quality.quality(text, book),
}
assert tuple(READERS) == FILES, "people before the roster that names them"


def read_plan(files: Mapping[str, Text], timezone: str, presets: Mapping[str, str], today: date) -> PlanReading:
    """`files` by name, `presets` by `KIND/NAME`, as `dial/uk`; of a calendar that repeats, the months around `today`."""
    book = Book(timezone, today)
    for name, reader in READERS.items():
        if name in files:
            before = len(book.findings)
            text = decoded(name, files[name], book)
            if text is not None:
                reader(text, book, presets)
            book.whole = book.whole and not any(_of_whole_file(each, name) for each in book.findings[before:])
    if book.whole:
        told = {id(item.draft): len(item.draft.findings) for item in _items(book)}
        crossed(book)
        for draft in {id(item.draft): item.draft for item in _items(book)}.values():
            book.findings += draft.findings[told[id(draft)] :]
    wrong = any(finding.error for finding in book.findings)
    return PlanReading(None if wrong else plan_of(book), _told(book.findings), tuple(name for name in READERS if name in files))


def _told(findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors first where there are more than anybody reads."""
    if (more := len(findings) - FINDINGS_MAX) <= 0:
        return tuple(findings)
    first = sorted(findings, key=lambda finding: not finding.error)[:FINDINGS_MAX]
    return (*first, Finding("the plan", "", f"there are {more:,} more findings; correct these first.", first[-1].error))


def decoded(name: str, text: Text, book: Book) -> str | None:
    """UTF-8 with or without a mark in front. A table may be GB18030, as a Chinese spreadsheet saves it when nobody asks."""
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if name.endswith(".csv"):
            try:
                found = text.decode("gb18030")
            except UnicodeDecodeError:
                pass
            else:
                book.findings.append(Finding(name, "", "it is not UTF-8 and was read as GB18030; look whether the names are right.", False))
                return found
        line = text[: error.start].count(b"\n") + 1
        book.findings.append(Finding(f"{name}:{line}", "", "this line is not UTF-8; save the file in that encoding."))
        return None


def _of_whole_file(finding: Finding, name: str) -> bool:
    return finding.error and not finding.key and finding.place.partition(":")[0] == name


def _items(book: Book) -> list[Item]:
    """Everything that has a place in a file."""
    kinds: tuple[Sequence[tuple[object, Item]], ...] = (
        book.people,
        book.teams,
        book.skills,
        book.patterns,
        book.spans,
        book.meetings,
        book.alerts,
        book.campaigns,
        book.calendars,
        [book.dialling] if book.dialling else [],
        book.classes,
        [book.archive] if book.archive else [],
        [book.quality] if book.quality else [],
    )
    return [item for kind in kinds for _, item in kind]


def plan_of(book: Book) -> Plan:
    """In an order of its own, so that moving a line in a file is no other plan."""
    return Plan(
        people=tuple(sorted((each for each, _ in book.people), key=lambda each: each.id)),
        skills=tuple(each for each, _ in book.skills),
        teams=tuple(each for each, _ in book.teams),
        shifts=_shifts(book),
        login=book.login,
        breaks=book.breaks,
        meetings=tuple(each for each, _ in book.meetings),
        alerts=tuple(each for each, _ in book.alerts),
        supervision=book.supervision,
        dialling=_dialling(book),
        presets=tuple(book.presets),
        archive=_archive(book),
    )


def _archive(book: Book) -> ArchiveRules:
    rules = book.archive[0] if book.archive else ArchiveRules()
    return msgspec.structs.replace(rules, quality=book.quality[0]) if book.quality else rules


def _dialling(book: Book) -> DialRules:
    return msgspec.structs.replace(
        book.dialling[0] if book.dialling else DialRules(),
        campaigns=tuple(each for each, _ in book.campaigns),
        presets=tuple(book.dial_presets.values()),
        calendars=tuple(each for each, _ in book.calendars),
    )


def _shifts(book: Book) -> ShiftRules:
    rules = book.shifts
    return ShiftRules(
        patterns=tuple(each for each, _ in book.patterns),
        spans=tuple(sorted({each for each, _ in book.spans}, key=lambda each: (each.begins, each.person, each.ends))),
        holidays=rules.holidays,
        workdays=rules.workdays,
        early_s=rules.early_s,
        late_s=rules.late_s,
        tolerance_s=rules.tolerance_s,
        enforced=rules.enforced,
    )
