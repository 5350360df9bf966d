"""`dialling.toml`: what holds for every call out of this floor: prefixes, numbers that nobody dials, calendars, result codes.

Not the campaigns (`campaigns.py`) and not the rules of law and practice that they name (`dial_presets.py`).
"""

from __future__ import annotations

import re
from typing import Final

from andon.findings import quoted
from andon.plan.book import Book
from andon.plan.dial_rules import STATUSES, region
from andon.plan.dial_tables import CalendarTable, DiallingTable, OutcomeTable
from andon.plan.presets import GRADES
from andon.plan.sheet import Item, Tree, fit_id, is_date, listed, one_of, short, single, toml, within
from andon.plan.tables import DIALLING
from andon.reading import fields_of
from realtime.plan.dialling import Calendar, DialRules, Origin, ResultCode

CALENDARS_MAX: Final = 100
OUTCOMES_MAX: Final = 200
DATES_MAX: Final = 2_000
"""Of one calendar: ten years of a country with two hundred."""
AT_ONCE_MAX: Final = 10_000
NUMBERS_MAX: Final = 1_000
"""Of prefixes and of our own numbers: each call is held against all of them; whole lists belong into a do-not-call list."""
MEANINGS: Final = ("sale", "refusal", "callback", "no_person", "wrong_number", "blocked", "complaint", "done")
E164 = re.compile(r"\+[1-9]\d{6,14}")
_BEGINNING = re.compile(r"\+[1-9]\d{0,14}")
_DIALLED = re.compile(r"[0-9*#]{1,15}")
_YEARS: Final = (2000, 2199)


def dialling(text: str, book: Book) -> None:
    tree, draft = toml(DIALLING, text, ["dialling", "calendar", "outcome"], book.findings)
    item = Item(draft, ("dialling",))
    said = DiallingTable(**single(tree, "dialling", DiallingTable, draft))
    _each(said.prefixes, _DIALLED, "prefixes", 'is nothing that a phone can dial; write digits, as "9"', item)
    _each(said.emergency, _DIALLED, "emergency", 'is nothing that a phone can dial; write digits, as "110"', item)
    _each(said.blocked, _BEGINNING, "blocked", 'is no beginning of a number with its country code; write it as "+86400"', item)
    _each(said.own, E164, "own", 'is no number with its country code; write it as "+862161234567"', item)
    within(said.at_once, 0, AT_ONCE_MAX, ("dialling", "at_once"), draft)
    if not said.emergency and ("dialling", "emergency") not in draft.spoilt:
        item.add(
            "emergency", "without emergency numbers a person's call for help would be judged like any other; name them, or leave this out."
        )
    rules = DialRules(
        prefixes=said.prefixes,
        emergency=said.emergency,
        blocked=said.blocked,
        own=said.own,
        manual=said.manual,
        at_once=said.at_once,
        outcomes=_outcomes(tree, item),
    )
    book.dialling = (rules, item)
    for number, table in enumerate(listed(tree, "calendar", CALENDARS_MAX, draft)):
        where = Item(draft, ("calendar", number))
        book.calendars.append((_calendar(table, where), where))
    _once([calendar.id for calendar, _ in book.calendars], "calendar", "id", item)
    book.findings += draft.findings


def _each(said: tuple[str, ...], form: re.Pattern[str], key: str, wrong: str, item: Item) -> None:
    if len(said) > NUMBERS_MAX:
        item.add(key, f"there are {len(said):,}; keep at most {NUMBERS_MAX:,}.")
    for text in said[:NUMBERS_MAX]:
        if not form.fullmatch(text):
            item.add(key, f"{quoted(text)} {wrong}.")


def _once(names: list[str], table: str, key: str, item: Item) -> None:
    for number, name in enumerate(names):
        if name and name in names[:number]:
            item.draft.add(
                (table, number, key), f"{quoted(name)} is already that of [[{table}]] number {names.index(name) + 1}; keep one of them."
            )


# ---------------------------------------------------------------- result codes


def _outcomes(tree: Tree, whole: Item) -> tuple[ResultCode, ...]:
    draft = whole.draft
    found = []
    for number, table in enumerate(listed(tree, "outcome", OUTCOMES_MAX, draft, "code")):
        item = Item(draft, ("outcome", number))
        said = OutcomeTable(**fields_of(item.path, OutcomeTable, table, draft))
        fit_id(said.code, (*item.path, "code"), draft, '"S1"')
        one_of(said.means, MEANINGS, (*item.path, "means"), draft)
        for key in ("name", "name_zh"):
            short(item, key, getattr(said, key))
        found.append(ResultCode(code=said.code, name=said.name, name_zh=said.name_zh, means=said.means))
    _once([each.code for each in found], "outcome", "code", whole)
    if found and not any(each.means == "blocked" for each in found):
        whole.draft.add(("outcome",), 'no outcome means "blocked", so an agent has no code for who wants no more calls; add one.', False)
    return tuple(found)


# ---------------------------------------------------------------- calendars


def _calendar(table: Tree, item: Item) -> Calendar:
    draft, path = item
    said = CalendarTable(**fields_of(path, CalendarTable, {key: value for key, value in table.items() if key != "years"}, draft))
    region(said.id, "id", item)
    good: dict[str, tuple[str, ...]] = {}
    for key in ("holidays", "workdays"):
        dates = getattr(said, key)
        if len(dates) > DATES_MAX:
            item.add(key, f"there are {len(dates):,}; keep at most {DATES_MAX:,}.")
        good[key] = tuple(sorted({each for each in dates[:DATES_MAX] if is_date(each, (*path, key), draft)}))
    for both in sorted({*good["holidays"]} & {*good["workdays"]}):
        item.add("workdays", f"{both} is a holiday, too; keep one of them.")
    if said.grade:
        one_of(said.grade, GRADES, (*path, "grade"), draft)
    if said.status:
        one_of(said.status, STATUSES, (*path, "status"), draft)
    if said.as_of:
        is_date(said.as_of, (*path, "as_of"), draft)
    origin = Origin(source=said.source, grade=said.grade or "none", as_of=said.as_of, status=said.status or "practice", note=said.note)
    return Calendar(
        id=said.id, holidays=good["holidays"], workdays=good["workdays"], years=_years(table.get("years"), good, item), origin=origin
    )


def _years(said: object, dates: dict[str, tuple[str, ...]], item: Item) -> tuple[int, ...]:
    """Those that are complete: outside of them Andon goes by what it can reckon, and says so."""
    least, most = _YEARS
    good = isinstance(said, list) and said and all(type(each) is int and least <= each <= most for each in said)
    if not good or not isinstance(said, list):
        item.add("years", "it says no years; name those whose official calendar this is, as [2026, 2027].")
        return ()
    for key, each_of in dates.items():
        if beside := next((each for each in each_of if int(each[:4]) not in said), ""):
            item.add(key, f"{beside} is of none of the years {', '.join(map(str, said))}; add its year, or remove it.")
    return tuple(sorted(set(said)))
