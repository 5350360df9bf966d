"""The headers of one event that its handler reads, taken from the message's text in one pass.

Not the codec's look-up (`Message.get`), which searches the whole text once for each key in any spelling. Here the keys are
named beforehand, in the spelling that Asterisk's source has, and in whatever order they come. A header that is not there is
an empty text, as it is in Asterisk. What should be a number and is none counts as 0, and what is endless is cut: a PBX
may say anything, and nothing that it says ends the adapter.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from agi.codec import Message

VALUE_MAX = 1_024
"""Characters: Asterisk's own names have at most 80, a contact's URI 255. A longer one would travel to every screen."""
DIGITS_MAX = 10
"""A time in epoch seconds has ten; as microseconds they fit into 64 bits."""


class Headers(dict[str, str]):
    """Header by key. A key that was not asked for reads as empty, too: a test holds handlers to the keys they name."""

    __slots__ = ()

    def __missing__(self, key: str) -> str:
        return ""


Reader = Callable[[str], Headers]


def reader(keys: str) -> Reader:
    """`keys`: names with blanks between, as the table in `translate/__init__.py` has them. `Timestamp` is always read."""
    findall = re.compile(rf"\r\n(Timestamp|{'|'.join(keys.split())}): ([^\r]{{0,{VALUE_MAX}}})").findall

    def read(text: str) -> Headers:
        return Headers(findall(text))

    return read


def everything(message: Message) -> Headers:
    """All headers, for the items of a snapshot."""
    return Headers({key: value[:VALUE_MAX] for key, value in message.items()})


def number(message: Headers, key: str) -> int:
    """A whole number; 0 for what is none."""
    return whole(message[key])


def whole(text: str) -> int:
    """Of ASCII digits with or without a sign; 0 for anything else."""
    digits = text.removeprefix("-")
    return int(text) if len(digits) <= DIGITS_MAX and digits.isascii() and digits.isdigit() else 0
