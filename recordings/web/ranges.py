"""The Range header of a request for sound: one span of bytes, or none. Pure (RFC 9110, 14.2)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_ONE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Range(NamedTuple):
    """`until` is not in it any more."""

    since: int
    until: int


def range_of(header: str, size: int) -> Range | None:
    """The whole where nothing is asked, or many spans are (a server may ignore those); None: nothing of it is there (416)."""
    found = _ONE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return Range(0, size)
    if not found[1]:
        last = int(found[2])
        return Range(max(0, size - last), size) if last and size else None
    since = int(found[1])
    until = min(int(found[2]) + 1, size) if found[2] else size
    if found[2] and int(found[2]) < since:
        return Range(0, size)  # not a valid range: as if none was asked
    return Range(since, until) if since < size else None
