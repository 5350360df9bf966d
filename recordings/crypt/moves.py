"""Where a wrapped key went when its key of keys was given up: lines beside the keys, so that an older catalogue still opens. Pure.

A backup of the catalogue that was made before a disposal has keys wrapped with a key of keys that is destroyed since. Those of
recordings that stayed were wrapped anew before; without a note of it, restoring that backup would lose them with those that were meant
to go. A line is found by the hash of what was wrapped before, and has nothing in it but the same key under the new key of keys: it is
worth nothing once that is destroyed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

LINE: Final = re.compile(rb"([0-9a-f]{64}) ([A-Za-z0-9_~%.-]{1,180}) ([0-9a-f]{80})")
"""Hash, name of the new key of keys, wrapped key (40 bytes, RFC 3394 of 32)."""


class Moved(NamedTuple):
    kek: str
    wrapped: bytes


Moves = Mapping[str, Moved]
"""By the hash of what was wrapped before."""


def name_of(wrapped: bytes) -> str:
    return hashlib.sha256(wrapped).hexdigest()


def written(moves: Moves) -> bytes:
    return b"".join(f"{name} {moved.kek} {moved.wrapped.hex()}\n".encode() for name, moved in moves.items())


def read(content: bytes) -> dict[str, Moved]:
    """The last line of a name counts. What is no line, as one that a power cut left half, is passed over."""
    found = (LINE.fullmatch(line) for line in content.split(b"\n"))
    return {one[1].decode(): Moved(one[2].decode(), bytes.fromhex(one[3].decode())) for one in found if one is not None}


def joined(all_: Iterable[Moves]) -> dict[str, Moved]:
    return {name: moved for moves in all_ for name, moved in moves.items()}
