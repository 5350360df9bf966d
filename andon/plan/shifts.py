"""`shifts.toml` and `roster.csv`: patterns by the week, holidays, made-up days, what may be early and late, who works on which date."""

from __future__ import annotations

from datetime import date
from typing import Final

from andon.demands import Draft
from andon.findings import quoted
from andon.plan.book import Book
from andon.plan.sheet import Item, days, fit_id, is_date, listed, minutes, rows, single, told_apart, toml, within
from andon.plan.tables import ROSTER_CSV, SHIFTS, PatternTable, RosterRow, ShiftsTable
from andon.reading import Fields, fields_of
from realtime.plan.model import Pattern, ShiftRules, Span
from realtime.plan.roster import DAY_MIN, WEEKDAYS, seconds_of, wall_time_exists
from realtime.words import AgentId

PATTERNS_MAX: Final = 1_000
HOLIDAYS_MAX: Final = 1_000
"""Dates of one list: more than the public holidays of thirty years."""
OFF: Final = ("off", "休", "休息", "-")
"""In the place of a time: this person does not work on that date, whatever a pattern says."""


def shifts(text: str, book: Book) -> None:
    tree, draft = toml(SHIFTS, text, ["shifts", "pattern"], book.findings)
    said = ShiftsTable(**single(tree, "shifts", ShiftsTable, draft))
    within(said.early_min, 0, 720, ("shifts", "early_min"), draft)
    within(said.late_min, 0, 720, ("shifts", "late_min"), draft)
    within(said.tolerance_s, 0, 3600, ("shifts", "tolerance_s"), draft)
    holidays, workdays = _dates(said.holidays, "holidays", draft), _dates(said.workdays, "workdays", draft)
    for each in workdays:
        if each in holidays:
            draft.add(("shifts", "workdays"), f"{quoted(each)} is among the holidays, too; keep it in one of them.")
        elif date.fromisoformat(each).weekday() in WEEKDAYS:
            draft.add(("shifts", "workdays"), f"{quoted(each)} is no day of a weekend; patterns work on it anyway.", False)
    book.shifts = ShiftRules(
        holidays=tuple(sorted(holidays)),
        workdays=tuple(sorted(workdays)),
        early_s=round(said.early_min * 60),
        late_s=round(said.late_min * 60),
        tolerance_s=said.tolerance_s,
        enforced=said.enforced,
    )
    for number, table in enumerate(listed(tree, "pattern", PATTERNS_MAX, draft)):
        path = ("pattern", number)
        fields = fields_of(path, PatternTable, table, draft, inner=("days",))
        book.patterns.append(_pattern(fields, table.get("days", "weekdays"), Item(draft, path)))
    told_apart(draft, "pattern", "[[pattern]]")
    book.findings += draft.findings


def _dates(said: tuple[str, ...], key: str, draft: Draft) -> set[str]:
    if len(said) > HOLIDAYS_MAX:
        draft.add(("shifts", key), f"it has {len(said):,} dates; keep at most {HOLIDAYS_MAX:,}.")
    return {each for each in said[:HOLIDAYS_MAX] if is_date(each, ("shifts", key), draft)}


def _pattern(fields: Fields, when: object, item: Item) -> tuple[Pattern, Item]:
    said = PatternTable(**fields)
    draft, path = item
    fit_id(said.id, (*path, "id"), draft, '"early"')
    begins, ends = minutes(said.begins, (*path, "begins"), draft), minutes(said.ends, (*path, "ends"), draft, midnight=True)
    if begins is not None and begins == ends:
        item.add("ends", "it ends when it begins; a shift over midnight ends at an earlier time of day than it begins.")
    if not said.teams and not said.people and not {(*path, "teams"), (*path, "people")} & draft.spoilt:
        item.add("", 'it is for nobody; add teams = ["A"] or people = ["1001"].')
    pattern = Pattern(
        id=said.id,
        teams=said.teams,
        people=tuple(map(AgentId, said.people)),
        begins_min=begins or 0,
        ends_min=ends or 0,
        days=days(when, (*path, "days"), draft),
    )
    return pattern, item


# ---------------------------------------------------------------- roster.csv


def roster_csv(text: str, book: Book) -> None:
    found, draft = rows(ROSTER_CSV, text, RosterRow, "shift", "person", book.findings)
    for number, fields in enumerate(found):
        item = Item(draft, ("shift", number))
        if (span := _span(RosterRow(**fields), item, book.timezone)) is not None:
            book.spans.append((span, item))
    book.findings += draft.findings


def _span(row: RosterRow, item: Item, timezone: str) -> Span | None:
    draft, path = item
    good = fit_id(row.person, (*path, "person"), draft, "1001, the staff number")
    if not is_date(row.date, (*path, "date"), draft) or not good:
        return None
    if row.begins.casefold() in OFF:
        midnight = seconds_of(row.date, 0, timezone)
        return Span(AgentId(row.person), midnight, midnight, row.name or "off")
    begins, ends = minutes(row.begins, (*path, "begins"), draft), minutes(row.ends, (*path, "ends"), draft, midnight=True)
    if begins is None or ends is None:
        return None
    if begins == ends:
        item.add("ends", "it ends when it begins; for a day off write off in begins.")
        return None
    ends += DAY_MIN if ends < begins else 0
    for key, minute in (("begins", begins), ("ends", ends)):
        if not wall_time_exists(row.date, minute, timezone):
            item.add(key, f"{quoted(getattr(row, key))} does not exist on that date: the clock goes on over it; write a time beside it.")
            return None
    return Span(AgentId(row.person), seconds_of(row.date, begins, timezone), seconds_of(row.date, ends, timezone), row.name)
