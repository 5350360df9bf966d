"""Where a key stands in a TOML text: the line that an error should name, which tomllib does not tell.

Not a parser: it is asked only about texts that tomllib has read, so it looks at no more than headers, keys, and where
strings and brackets end. Keys inside an inline table are not found; their table's line is near enough (`line_of`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
"""As `("pbx", 0, "ami")`: tables that come many times are numbered from 0."""

_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*""", re.ASCII)
_TOKEN = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[\[\]{}\n]''',
    re.DOTALL,
)


def places(text: str) -> dict[Path, int]:
    """Path -> line from 1. A table that comes several times is found at its first header."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for line, statement in _statements(text):
        if statement.startswith("[["):
            name = _inside(_keys(statement[2:]), counts)
            counts[name] = counts.get(name, -1) + 1
            table = (*name, counts[name])
            found.setdefault(name, line)
            found[table] = line
        elif statement.startswith("["):
            table = _inside(_keys(statement[1:]), counts)
            found.setdefault(table, line)
        else:
            path = (*table, *_keys(statement))
            for end in range(len(table) + 1, len(path) + 1):  # a dotted key opens tables on its way
                found.setdefault(path[:end], line)
    return found


def line_of(where: Mapping[Path, int], path: Path) -> int:
    """The line of a key, else of the nearest table around it, else 0."""
    for end in range(len(path), 0, -1):
        if path[:end] in where:
            return where[path[:end]]
    return 0


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header and each `key = value` with the line it begins on; a value may go over many lines."""
    begin, line, here, depth = 0, 1, 1, 0
    for token in _TOKEN.finditer(text + "\n"):
        mark = token.group()
        if mark == "\n" and depth == 0:
            if statement := _bare(text[begin : token.start()]):
                yield here, statement
            begin = token.end()
        elif mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        line += mark.count("\n")
        if begin == token.end():
            here = line


def _bare(statement: str) -> str:
    """Without what surrounds it; empty for a line that is only a comment."""
    statement = statement.strip()
    return "" if statement.startswith("#") else statement


def _keys(text: str) -> Path:
    """The parts of a dotted key at the beginning of `text`."""
    parts: list[str] = []
    position = 0
    while part := _PART.match(text, position):
        quoted, literal, bare = part.groups()
        parts.append(_unescaped(quoted) if quoted is not None else literal if literal is not None else bare)
        position = part.end()
        if text[position : position + 1] != ".":
            break
        position += 1
    return tuple(parts)


def _unescaped(text: str) -> str:
    escape = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
    plain = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}
    return escape.sub(lambda e: chr(int(e[1] or e[2], 16)) if e[1] or e[2] else plain.get(e[3], e[3]), text)


def _inside(name: Path, counts: Mapping[Path, int]) -> Path:
    """A header names the latest of a table that comes many times: `[pbx.more]` after `[[pbx]]`."""
    path: Path = ()
    for number, part in enumerate(name):
        path = (*path, part)
        if path in counts and number < len(name) - 1:
            path = (*path, counts[path])
    return path
