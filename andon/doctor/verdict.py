"""What one check says: how it stands, one sentence, and the lines to type or paste. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    """It works; something will be missed or will hurt later."""
    BAD = "bad"
    """It does not work."""
    UNKNOWN = "unknown"
    """We could not look; `todo` says how a person can."""


class Verdict(NamedTuple):
    level: Level
    check: str
    text: str
    todo: tuple[str, ...] = ()
    """Lines exactly as they are typed or pasted, each after a sentence in `text` that says where."""


class Finding(NamedTuple):
    """A verdict with what it is about: "this machine", "PBX hall7"."""

    about: str
    verdict: Verdict


def ok(check: str, text: str) -> Verdict:
    return Verdict(Level.OK, check, text)


def warn(check: str, text: str, *todo: str) -> Verdict:
    return Verdict(Level.WARN, check, text, todo)


def bad(check: str, text: str, *todo: str) -> Verdict:
    return Verdict(Level.BAD, check, text, todo)


def unknown(check: str, text: str, *todo: str) -> Verdict:
    return Verdict(Level.UNKNOWN, check, text, todo)


def listed(words: Iterable[str], most: int = 6) -> str:
    """A few of them, and how many more."""
    words = sorted(words)
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
