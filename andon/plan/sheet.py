"""How a value of the plan's files is taken: TOML, CSV or calendar in, fields out, and what is wrong with its file, line and key.

Not what a file can say (`tables.py`). Everything here goes on after an error, so that a person gets all of them at once.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple, cast

import msgspec

from andon.demands import CARRIES_MEANING, NAME_MAX, Draft
from andon.findings import Finding, Seen, quoted, suggestion
from andon.places import Path, places
from andon.reading import Fields, fields_of, not_toml, tree_of
from andon.settings import minutes_of
from andon.values import KINDS, WrongValue

Tree = dict[str, object]
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS: Final = {"weekdays": (0, 1, 2, 3, 4), "weekend": (5, 6), "every day": (0, 1, 2, 3, 4, 5, 6)}
ROWS_MAX: Final = 200_000
"""Lines of a table: a roster of 5,000 people for a month."""
COLUMN_MAX: Final = 2_000
COLUMNS_MAX: Final = 100
"""What a spreadsheet exports beside ours is told column by column; more of them is no table of people or shifts."""
_SPLIT = re.compile(r"[;；|]")


class Item(NamedTuple):
    """Where something was said, for what is found out about it later."""

    draft: Draft
    path: Path

    def add(self, key: str, text: str, error: bool = True) -> None:
        self.draft.add((*self.path, key) if key else self.path, text, error)


def draft_of(name: str, where: Mapping[Path, int]) -> Draft:
    return Draft(name, "", where, lambda _path: Seen())


def toml(name: str, text: str, tables: Collection[str], findings: list[Finding]) -> tuple[Tree, Draft]:
    """The tree with its unknown tables told. What is no TOML is an empty tree with one finding."""
    try:
        tree = tree_of(text)
    except ValueError as error:
        findings.append(not_toml(name, error))
        return {}, draft_of(name, {})
    draft = draft_of(name, places(text))
    for key in tree.keys() - set(tables):
        draft.add((key,), f"there is no table {quoted(key)} in this file; {suggestion(key, tables)}")
    return tree, draft


def listed(tree: Mapping[str, object], name: str, most: int, draft: Draft, identity: str = "id", at: Path = ()) -> list[Tree]:
    """The tables `[[name]]`, or those of a table `at` another path; named for later findings by what `identity` says."""
    value = tree.get(name, [])
    header = ".".join(part for part in (*at, name) if isinstance(part, str))
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        draft.add((*at, name), f"this table comes many times; write each as [[{header}]] in double brackets.")
        return []
    if len(value) > most:
        draft.add((*at, name), f"there are {len(value):,} of [[{header}]]; keep at most {most:,}.")
    tables = [{key: _dated(said) for key, said in each.items()} for each in cast(list[Tree], value[:most])]
    draft.names[name] = [each if isinstance(each := table.get(identity), str) else "" for table in tables]
    return tables


def _dated(value: object) -> object:
    """A date of TOML is the text that it is written as: quotes are left out by everybody once."""
    return value.isoformat() if type(value) is date else [_dated(each) for each in value] if isinstance(value, list) else value


def single(tree: Mapping[str, object], name: str, struct: type[msgspec.Struct], draft: Draft, inner: Collection[str] = ()) -> Fields:
    """The fields of the one table `[name]`; none where it is not there."""
    value = tree.get(name, {})
    said = {key: _dated(each) for key, each in value.items()} if isinstance(value, dict) else value
    return fields_of((name,), struct, said, draft, inner)


# ---------------------------------------------------------------- tables with columns


def rows(
    name: str, text: str, struct: type[msgspec.Struct], table: str, identity: str, findings: list[Finding]
) -> tuple[list[Fields], Draft]:
    """The fields of each line below the header, and a draft that knows their lines. A row is `table.IDENTITY` in findings."""
    where: dict[Path, int] = {}
    draft = draft_of(name, where)
    names = draft.names.setdefault(table, [])
    reader = csv.reader(io.StringIO(text), strict=True)
    found: list[Fields] = []
    try:
        header = [each.strip() for each in next(reader, [])]
        if len(header) > COLUMNS_MAX:
            draft.add((), f"it has {len(header):,} columns; keep those that a plan has.")
            return [], draft
        kinds = _columns(header, struct, name, draft)
        for cells in reader:
            if not any(each.strip() for each in cells):
                continue
            if len(found) >= ROWS_MAX:
                draft.add((), f"it has more than {ROWS_MAX:,} lines; keep the months that matter.")
                break
            where[(table, len(found))] = reader.line_num
            names.append(dict(zip(header, (each.strip() for each in cells), strict=False)).get(identity, ""))
            found.append(_cells(cells, header, kinds, (table, len(found)), draft))
    except csv.Error as error:
        findings.append(Finding(f"{name}:{reader.line_num}", "", f"this is no table ({error}); save it as CSV with commas, in UTF-8."))
    return found, draft


def _columns(header: Sequence[str], struct: type[msgspec.Struct], name: str, draft: Draft) -> dict[str, object]:
    known: dict[str, object] = {field.name: field.type for field in msgspec.structs.fields(struct)}
    if not header:
        draft.add((), f"it is empty; the first line names the columns: {','.join(known)}.")
    for column in header:
        if column not in known:
            what = f"there is no column {quoted(column)}" if column else "a column has no name"
            draft.findings.append(Finding(f"{name}:1", "", f"{what}; {suggestion(column, known)}"))
    if len(set(header)) < len(header):
        draft.findings.append(Finding(f"{name}:1", "", "a column comes twice; keep one of them."))
    return known


def _cells(cells: Sequence[str], header: Sequence[str], kinds: Mapping[str, object], path: Path, draft: Draft) -> Fields:
    fields: Fields = {}
    if len(cells) > len(header):
        draft.add(path, f"this line has {len(cells)} cells and the header {len(header)}; put texts with commas in double quotes.")
    for column, cell in zip(header, cells, strict=False):
        if column in kinds and (text := cell.strip()):
            try:
                fields[column] = _cell(kinds[column], text)
            except WrongValue as error:
                draft.add((*path, column), str(error))
                draft.spoilt.add((*path, column))
    return fields


def _cell(kind: object, text: str) -> object:
    if len(text) > COLUMN_MAX or not text.isprintable():
        raise WrongValue("it holds a line break or control character, or is very long; write one short text.")
    if kind == tuple[str, ...]:
        return tuple(part for each in _SPLIT.split(text) if (part := each.strip()))
    return KINDS[kind].from_text(text)


# ---------------------------------------------------------------- values


def fit_id(text: str, path: Path, draft: Draft, example: str) -> bool:
    """Ids become keys, addresses and topics."""
    if path in draft.spoilt:
        return False
    if not text:
        draft.add(path, f"it is missing; write it as {example}.")
    elif len(text) > NAME_MAX or set(text) & CARRIES_MEANING or text != text.strip() or not text.isprintable():
        signs = " ".join(sorted(CARRIES_MEANING))
        draft.add(path, f"{quoted(text)} cannot be an id; use at most {NAME_MAX} characters, none of {signs} and no space at an end.")
    else:
        return True
    return False


def told_apart(draft: Draft, table: str, what: str) -> None:
    """Two of one id, in one file."""
    first: dict[str, int] = {}
    for number, name in enumerate(draft.names.get(table, [])):
        if name and name in first:
            draft.add((table, number, "id"), f"{quoted(name)} is already the id of {what} number {first[name] + 1}; give each its own.")
        first.setdefault(name, number)


def minutes(text: str, path: Path, draft: Draft, midnight: bool = False) -> int | None:
    """A time of day; "24:00" where a day may end with it."""
    if midnight and text == "24:00":
        return 0
    found = minutes_of(text)
    if found is None and path not in draft.spoilt:
        given = f"{quoted(text)} is no time of day" if text else "it is missing"
        draft.add(path, f'{given}; write it as "08:50".')
    return found


def is_date(text: str, path: Path, draft: Draft) -> bool:
    try:
        good = date.fromisoformat(text).isoformat() == text and 1971 <= int(text[:4]) <= 2199
    except ValueError:
        good = False
    if not good and path not in draft.spoilt:
        draft.add(path, f'{quoted(text)} is no date; write it as "2026-11-28".' if text else 'it is missing; write it as "2026-11-28".')
    return good


def days(value: object, path: Path, draft: Draft) -> tuple[int, ...]:
    """`["mon", "tue"]`, or one of the words for several."""
    if isinstance(value, str):
        if value not in WEEKDAYS:
            draft.add(path, f'{quoted(value)} is not known; write "weekdays", "every day", or a list as ["mon", "sat"].')
        return WEEKDAYS.get(value, ())
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value) or not value:
        draft.add(path, 'expected days; write "weekdays", "every day", or a list as ["mon", "sat"].')
        return ()
    for each in cast(list[str], value):
        if each not in DAYS:
            draft.add(path, f"{quoted(each)} is no day; {suggestion(each, DAYS)}")
    return tuple(sorted({DAYS.index(each) for each in value if each in DAYS}))


def within(number: float, least: float, most: float, path: Path, draft: Draft) -> None:
    if not least <= number <= most and path not in draft.spoilt:
        draft.add(path, f"{number:g} is out of range; write a number from {least:g} to {most:g}.")


def one_of(word: str, known: Collection[str], path: Path, draft: Draft) -> bool:
    if word in known:
        return True
    if path not in draft.spoilt:
        draft.add(path, f"{quoted(word)} is not known; {suggestion(word, known)}" if word else f"it is missing; one of {', '.join(known)}.")
    return False


def short(item: Item, key: str, text: str, most: int = 60) -> None:
    if len(text) > most:
        item.add(key, f"it is longer than {most} characters; write a shorter one.")
