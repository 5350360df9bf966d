"""What is wrong with the settings, as data: where, which key, what, and what to do. Plus the words that all of them use.

Not the reading (`reading.py`) and not the judging (`demands.py`); `check.py` prints them. A finding never holds a secret:
values are quoted only through `quoted`, and nobody quotes a field that is a Secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

SHOWN = 60
"""Characters of a value that an error repeats: enough to recognise it."""

PATH_SHOWN = 200
"""Of a path: longer than those that people make."""


class Finding(NamedTuple):
    """`place` is `andon.toml:12` or `environment`; `key` is empty where the whole file is meant."""

    place: str
    key: str
    text: str
    error: bool = True

    def __str__(self) -> str:
        text = self.text if self.error else f"warning: {self.text}"
        return ": ".join(part for part in (self.place, self.key, text) if part)


class Seen(NamedTuple):
    """What a look at a file gave: its first part, or why there is none. `mode` is the file's permission bits."""

    text: str = ""
    fault: str = ""
    mode: int = 0o600


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant; empty when none is near."""
    folded = {each.lower(): each for each in known}
    found = get_close_matches(word.lower(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def suggestion(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word."""
    known = tuple(known)
    if near := nearest(word, known):
        return f'did you mean "{near}"?'
    return f"known are {', '.join(known)}."


def quoted(value: str) -> str:
    """A value in an error: short, on one line, and harmless to a terminal."""
    safe = _printable(value)
    return f'"{safe[:SHOWN]}…"' if len(safe) > SHOWN else f'"{safe}"'


def quoted_path(path: str) -> str:
    """A file in an error: a person goes there, so its end is kept."""
    safe = _printable(path)
    return f'"…{safe[-PATH_SHOWN:]}"' if len(safe) > PATH_SHOWN else f'"{safe}"'


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
