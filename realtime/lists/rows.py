"""What people import, as bytes in; numbers, blocks of numbers and bad rows out. Pure.

Not the file (`andon/lists.py` reads it, gzip or not) and not the list that is made of it (`writing.py`). CSV with `,` `;` tab or `|`, or
one number a line; UTF-8 with or without a mark, or GB18030. One line is one row: a quote that is never closed must not swallow the
numbers of the lines behind it. A row is a number, a block (`+86400*`), blank, or bad with its line and why. There is no fifth.

Millions of rows are usual, so what has a known shape is not parsed: where a number written so can only be that one (`SHAPES`).
"""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

import phonenumbers

from realtime.dial.numbers import canonical
from realtime.lists.packing import as_int

LINE_MAX: Final = 65_536
"""Characters: a row of a CRM's export with all its columns has some thousand. Longer ones are bad rows, and are not held in memory."""
CUT: Final = 4 * (LINE_MAX + 1)
"""Bytes that are certainly more characters than that, in any of the encodings."""
CHUNK: Final = 1 << 22
SAID_MAX: Final = 200
"""Characters kept of a bad row."""
DIGITS_MOST: Final = 19
DIGITS_SECOND: Final = 7
"""More than a number with a carrier's prefix has, or so many behind a comma: two numbers in one field, and the reading would lose one."""
BLOCK_LEAST: Final = 3
"""Digits of a block: fewer are a whole country."""
SEPARATORS: Final = "\t,;|"

Why = Literal["too_long", "no_column", "empty", "exponent", "two_numbers", "not_a_number", "block_without_country", "block_too_wide"]


class Unreadable(Exception):
    """Nothing of this file can be read as it is: one sentence and what to do."""


class Bad(NamedTuple):
    line: int
    why: Why
    said: str


class Batch(NamedTuple):
    """What some lines came to. `lines`: all of them; `rows`: without blank ones and the header."""

    numbers: array[int]
    blocks: tuple[str, ...]
    bad: tuple[Bad, ...]
    lines: int
    rows: int


class Shape(NamedTuple):
    """A way of writing that can only mean one number: `whole` lines of it, one of them, and what is added to make it E.164."""

    whole: re.Pattern[str]
    one: re.Pattern[str]
    add: int


def shape(pattern: str, add: int = 0) -> Shape:
    return Shape(re.compile(rf"(?:{pattern}\r?(?:\n|\Z))*+"), re.compile(pattern), add)


_CHINA: Final = shape(r"\+861[3-9][0-9]{9}")
_AMERICA: Final = shape(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}")
_BRITAIN: Final = shape(r"\+447[1-57-9][0-9]{8}")
_NATIONAL_AMERICA: Final = (shape(r"[2-9][0-9]{2}[2-9][0-9]{6}", 10**10), shape(r"1[2-9][0-9]{2}[2-9][0-9]{6}"))
EVERYWHERE: Final = (_CHINA, _AMERICA, _BRITAIN)
SHAPES: Final[dict[str, tuple[Shape, ...]]] = {
    "CN": (shape(r"1[3-9][0-9]{9}", 86 * 10**11), shape(r"861[3-9][0-9]{9}")),
    "US": _NATIONAL_AMERICA,
    "CA": _NATIONAL_AMERICA,
    "GB": (shape(r"07[1-57-9][0-9]{8}", 44 * 10**10), shape(r"447[1-57-9][0-9]{8}")),
}
"""Of numbers without a plus, by the country they are read in. A test holds each against the parser."""

_BETWEEN: Final = str.maketrans("", "", " -.()\u00a0\u3000")
_EXPONENT: Final = re.compile(r"[0-9.,]+[eE]\+?[0-9]+")
_AS_FLOAT: Final = re.compile(r"(\+?[0-9]+)\.0+")
_AS_FORMULA: Final = re.compile(r'="?([^"]*)"?')
_EXTENSION: Final = re.compile(r"(?<=[0-9])\s*(?:ext|x|#|转|分机).*", re.IGNORECASE | re.DOTALL)
_AMONG: Final = re.compile(r"[;,/|、，；]")


def known_country(country: str) -> bool:
    return country in phonenumbers.SUPPORTED_REGIONS


def e164_of(said: str, country: str) -> str:
    """As the gate reads what is dialled: slow, and the same. Empty for what is no number that anybody could have."""
    return canonical(said, country).e164


# ------------------------------------------------------------------ lines


def chunks(read: Callable[[int], bytes], size: int = CHUNK) -> Iterator[bytes]:
    """Whole lines, some millions of bytes at a time. A line too long is cut at CUT, so that it is still seen to be too long."""
    rest, skipping = b"", False
    while content := read(size):
        if skipping:
            _, newline, content = content.partition(b"\n")
            skipping = not newline
            if skipping:
                continue
        rest += content
        lines, newline, rest = rest.rpartition(b"\n")
        if newline:
            yield lines + newline
        if len(rest) > CUT:
            yield rest[:CUT] + b"\n"
            rest, skipping = b"", True
    if rest:
        yield rest


def text_of(chunk: bytes) -> str:
    """UTF-8 or GB18030; what is neither keeps its ASCII, for digits are the same in all of them."""
    try:
        return chunk.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return chunk.decode("gb18030")
        except UnicodeDecodeError:
            return chunk.decode("utf-8", "replace")


def check_kind(first: bytes) -> None:
    """Raises Unreadable for what looks like another kind of file."""
    if first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in first[:4096]:
        raise Unreadable("This file is UTF-16 or no text at all; save it as CSV in UTF-8 and import that.")
    if first.startswith(b"PK\x03\x04"):
        raise Unreadable("This is a workbook or a ZIP; save its sheet as CSV and import that.")


# ------------------------------------------------------------------ rows


class Rows:
    """Reads the chunks of one file in order. `column`: its name in the header, or its place from 1; empty: the only one."""

    def __init__(self, country: str, column: str = "", parse: Callable[[str, str], str] = e164_of) -> None:
        self._country = country
        self._said_column = column
        self._parse = parse
        self._shapes = (*SHAPES.get(country, ()), *EVERYWHERE)
        self._separator = ""
        self._column = 0
        self._begun = False
        self._line = 0
        self.header = ""
        """The first line, where it was no row."""

    def take(self, chunk: bytes) -> Batch:
        """Raises Unreadable, from the first chunk only."""
        if not self._begun:
            check_kind(chunk)
            chunk = chunk.removeprefix(b"\xef\xbb\xbf")
            first = text_of(chunk.split(b"\n", 1)[0])
            self._begin(first.rstrip("\r"))
        text = text_of(chunk)
        lines = text.removesuffix("\n").split("\n")
        skip = 0 if self._begun or not self.header else 1
        self._begun = True
        batch = self._quickly(lines[skip:]) or self._each(lines[skip:], self._line + skip + 1)
        self._line += len(lines)
        return batch._replace(lines=len(lines))

    def _begin(self, first: str) -> None:
        counts = {each: first.count(each) for each in SEPARATORS}
        most = max(SEPARATORS, key=lambda each: counts[each])
        self._separator = most if counts[most] else ""
        columns = [each.strip() for each in self._fields(first)]
        place = self._said_column
        if place.isascii() and place.isdecimal() and 1 <= int(place[:6]) <= len(columns):
            self._column = int(place) - 1
        elif place:
            wanted = [number for number, each in enumerate(columns) if each.casefold() == place.strip().casefold()]
            if len(wanted) != 1:
                raise Unreadable(f"The first line has no column {place!r}, or more than one. It has: {_listed(columns)}.")
            self._column, self.header = wanted[0], first
        elif len(filled := [number for number, each in enumerate(columns) if each]) == 1:
            self._column = filled[0]
        elif len(columns) > 1:
            raise Unreadable(
                f"There are {len(columns)} columns; say which has the numbers: --column N, or its name. They are: {_listed(columns)}."
            )
        if not any(each.isdigit() for each in columns[self._column]):
            self.header = first

    def _fields(self, line: str) -> list[str]:
        if not self._separator:
            return [line]
        if '"' not in line:
            return line.split(self._separator)
        try:
            return next(csv.reader([line], delimiter=self._separator), [""])
        except csv.Error:
            return line.split(self._separator)

    # -------------------------------------------------------------- the usual

    def _quickly(self, lines: Sequence[str]) -> Batch | None:
        """None unless all of them are of one known shape."""
        fields = lines
        if self._separator:
            limit = self._column + 1
            try:
                fields = [line.split(self._separator, limit)[self._column] for line in lines]
            except IndexError:
                return None
            if any('"' in line for line in lines):
                return None
        if not lines or max(map(len, lines)) > LINE_MAX:
            return None
        text = "\n".join(fields)
        for each in self._shapes:
            if each.whole.fullmatch(text):
                numbers = array("Q", map(int, text.split()))
                if each.add:
                    numbers = array("Q", [number + each.add for number in numbers])
                return Batch(numbers, (), (), 0, len(lines)) if len(numbers) == len(lines) else None
        return None

    # -------------------------------------------------------------- each by itself

    def _each(self, lines: Sequence[str], first: int) -> Batch:
        numbers: array[int] = array("Q")
        blocks: list[str] = []
        bad: list[Bad] = []
        rows = 0
        for number, line in enumerate(lines, first):
            if not line.strip():
                continue
            rows += 1
            found = self._row(line)
            if isinstance(found, int):
                numbers.append(found)
            elif found.startswith("+"):
                blocks.append(found[1:])
            else:
                bad.append(Bad(number, found, line.rstrip("\r")[:SAID_MAX]))  # type: ignore[arg-type]
        return Batch(numbers, tuple(blocks), tuple(bad), 0, rows)

    def _row(self, line: str) -> int | str:
        """A number, a block with its plus, or why neither."""
        if len(line) > LINE_MAX:
            return "too_long"
        fields = self._fields(line.rstrip("\r"))
        if self._column >= len(fields):
            return "no_column"
        said = bare(fields[self._column])
        if not said:
            return "empty"
        return self._block(said[:-1].translate(_BETWEEN)) if said.endswith("*") else self._number(said)

    def _number(self, said: str) -> int | Why:
        plain = said.translate(_BETWEEN)
        for each in self._shapes:
            if each.one.fullmatch(plain):
                return int(plain) + each.add
        if _EXPONENT.fullmatch(said):
            return "exponent"
        if _two(said):
            return "two_numbers"
        number = as_int(self._parse(_EXTENSION.sub("", said), self._country))
        return "not_a_number" if number is None else number

    def _block(self, said: str) -> str:
        if as_int(said) is None:
            return "block_without_country"
        return said if len(said) > BLOCK_LEAST else "block_too_wide"


def _two(said: str) -> bool:
    counts = [sum(each.isdigit() for each in part) for part in _AMONG.split(_EXTENSION.sub("", said))]
    return sum(counts) > DIGITS_MOST or len([count for count in counts if count >= DIGITS_SECOND]) > 1


def bare(field: str) -> str:
    """Without what spreadsheets put around a number: `'139…`, `="139…"`, `139….0`."""
    said = field.strip().strip("\u200b\ufeff\u202a\u202c").removeprefix("'").strip()
    if said.startswith("=") and (formula := _AS_FORMULA.fullmatch(said)):
        said = formula[1].strip()
    found = _AS_FLOAT.fullmatch(said)
    return found[1] if found else said


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f"{number} {each[:40]!r}" for number, each in enumerate(columns[:30], 1))
