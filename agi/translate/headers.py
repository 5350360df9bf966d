"""The headers of one event that its handler reads, taken from the message's text in one pass.

Not the codec's look-up (`Message.get`), which searches the text for one key in any spelling. Here an event's headers are known
beforehand, with Asterisk's spelling and in the order in which it writes them, as one pattern that skips what lies between. A
message that is written otherwise (another release, a caller's half left out, no time) is read key by key, to the same values.
A header that is not there is an empty text, as it is in Asterisk. What should be a number and is none counts as 0, and what is
endless is cut: a PBX may say anything, and nothing that it says ends the adapter.
"""

from __future__ import annotations

import re
from typing import Final

from agi.codec import Message
from realtime.words import Micros

VALUE_MAX: Final = 1_024
"""Characters: Asterisk's own names have at most 80, a contact's URI 255. A longer one would travel to every screen."""
DIGITS_MAX: Final = 10
"""A time in epoch seconds has ten; as microseconds they fit into 64 bits."""

GAP: Final = "…"
_VALUE: Final = rf"([^\r]{{0,{VALUE_MAX}}}+)[^\r]*+"
_BEGIN: Final = rf"(?s)[^\r]*+\r\nPrivilege: [^\r]*+\r\nTimestamp: ([0-9]{{{DIGITS_MAX}}})\.([0-9]{{6}})(?:\r\nSystemName: [^\r]*+)?"
_SMALL: Final = {str(number): number for number in range(100)}


class Headers(dict[str, str]):
    """All headers of a snapshot's item, by key. One that is not there reads as empty."""

    __slots__ = ()

    def __missing__(self, key: str) -> str:
        return ""


class Layout:
    """Which headers of an event are read, and where they stand.

    Written as the table in `translate/__init__.py` has them, in the order of the wire: `Key` is read, `(Key)` is the next
    line and passed over, `…` stands for any lines, and `Key?` is the last line or not there.
    """

    __slots__ = ("_needles", "keys", "match")

    def __init__(self, layout: str) -> None:
        words = layout.split()
        self.keys = [word.rstrip("?") for word in words if word != GAP and word[0] != "("]
        self.match = re.compile(_BEGIN + _pattern(words)).match
        """Its groups are the time's seconds, its microseconds, and the values of `keys`; None for what is written otherwise."""
        self._needles = [f"\r\n{key}: " for key in self.keys]

    def search(self, text: str) -> list[str]:
        """The values of `keys`, in whatever order they stand. Slower than `match`, and never fails."""
        return [_search(text, needle) for needle in self._needles]


def _pattern(words: list[str]) -> str:
    """A gap is crossed from the end of the text, where most headers stand. Atomic: no text costs more than its length."""
    first, *runs = ("".join(map(_line, run.split())) for run in " ".join(words).split(GAP))
    return first + "".join(f"(?>.*{run})" for run in runs)


def _line(word: str) -> str:
    if word.startswith("("):
        return rf"\r\n{word[1:-1]}: [^\r]*+"
    return rf"(?:\r\n{word[:-1]}: |\Z){_VALUE}" if word.endswith("?") else rf"\r\n{word}: {_VALUE}"


def _search(text: str, needle: str) -> str:
    return text.partition(needle)[2].partition("\r")[0][:VALUE_MAX]


def everything(message: Message) -> Headers:
    """All headers, for the items of a snapshot."""
    return Headers({key: value[:VALUE_MAX] for key, value in message.items()})


def stamp_of(text: str, now: Micros) -> Micros:
    return stamp(_search(text, "\r\nTimestamp: "), now)


def stamp(timestamp: str, now: Micros) -> Micros:
    """When Asterisk formatted the event (`timestampevents=yes`: ten digits, a point and six), else when it was read."""
    if len(timestamp) != 17 or timestamp[10] != ".":
        return now
    try:
        return int(timestamp[:10] + timestamp[11:])
    except ValueError:
        return now


def whole(text: str) -> int:
    """Of ASCII digits with or without a sign; 0 for anything else."""
    small = _SMALL.get(text)
    if small is not None:
        return small
    digits = text.removeprefix("-")
    return int(text) if len(digits) <= DIGITS_MAX and digits.isascii() and digits.isdigit() else 0
