"""The headers of one event that its handler reads, taken from the message's text in one pass.

Not the codec's look-up (`Message.get`), which searches the whole text once for each key in any spelling. Here the keys are
named beforehand, in the spelling that Asterisk's source has, and in whatever order they come. A header that is not there is
an empty text, as it is in Asterisk.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from agi.codec import Message


class Headers(dict[str, str]):
    """Header by key. A key that was not asked for reads as empty, too: a test holds handlers to the keys they name."""

    __slots__ = ()

    def __missing__(self, key: str) -> str:
        return ""


Reader = Callable[[str], Headers]


def reader(keys: str) -> Reader:
    """`keys`: names with blanks between, as the table in `translate/__init__.py` has them. `Timestamp` is always read."""
    findall = re.compile(rf"\r\n(Timestamp|{'|'.join(keys.split())}): ([^\r]*)").findall

    def read(text: str) -> Headers:
        return Headers(findall(text))

    return read


def everything(message: Message) -> Headers:
    """All headers, for the items of a snapshot."""
    return Headers(message.items())
