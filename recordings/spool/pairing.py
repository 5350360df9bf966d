"""Which files of a spool are one recording, and how several of them are kept as one. Pure.

Not how names tell the sides apart (`calls/linking.py`). MixMonitor writes one file of both sides, or one for each (options r and t), or
all three. What was captured is the evidence, so each file is kept byte for byte: one file as itself, several in a plain tar (POSIX
ustar) that any machine unpacks. The stereo that people hear is derived from it (`sound/join.py`). The tar is made the same each time: no
owner and no time in it.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from recordings.calls.linking import leg_of
from recordings.spool.found import base_of, extension_of

Side = Literal["mixed", "rx", "tx"]
SIDES: Final[tuple[Side, ...]] = ("mixed", "rx", "tx")
PAIRED: Final = "tar/"
"""Before the format of a recording whose original is a tar of its files."""


class Group(NamedTuple):
    """One recording's files. `key`: the path without its side, which is the recording's name in its spool."""

    key: str
    files: Mapping[Side, str]

    @property
    def base(self) -> str:
        """What a marker calls it: the base name without side and ending."""
        return base_of(self.key.removesuffix("/"))

    @property
    def lonely(self) -> bool:
        """One leg of two."""
        return len(self.files) == 1 and "mixed" not in self.files


def place(name: str, taken: Mapping[str, Mapping[Side, str]]) -> tuple[str, Side]:
    """The key of its group and its side there. Of two files that claim the same side the second is a recording of its own."""
    leg = leg_of(name)
    side: Side = leg.side or "mixed"
    return (leg.stem, side) if taken.get(leg.stem, {}).get(side, name) == name else (f"{name}/", "mixed")


def partners(name: str) -> list[str]:
    """The other files of its recording, where MixMonitor writes them as `extensions_andon.conf` asks it to; they may not be there."""
    stem, point, ending = leg_of(name).stem.rpartition(".")
    return [each for side in ("", "-rx", "-tx") if (each := f"{stem}{side}.{ending}") != name] if point else []


def groups(names: Iterable[str]) -> list[Group]:
    """In the order of their first file."""
    made: dict[str, dict[Side, str]] = {}
    for name in names:
        key, side = place(name, made)
        made.setdefault(key, {})[side] = name
    return [Group(key, {side: files[side] for side in SIDES if side in files}) for key, files in made.items()]


# ---------------------------------------------------------------- several files as one


def member(side: Side, name: str, size: int) -> bytes:
    """The header of one file in the tar."""
    info = tarfile.TarInfo(f"{side}.{extension_of(name) or 'raw'}")
    info.size = size
    info.mode = 0o444
    return info.tobuf(tarfile.USTAR_FORMAT)


def padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def end(size: int) -> bytes:
    """After `size` bytes of members: two empty blocks, and filled up to a record, as tar does."""
    closing = 2 * tarfile.BLOCKSIZE
    return bytes(closing + -(size + closing) % tarfile.RECORDSIZE)


class Member(NamedTuple):
    side: Side
    name: str
    offset: int
    size: int


def members(read: Callable[[int, int], bytes], size: int) -> Iterator[Member]:
    """The files in a tar of ours, which is `size` long; `read` takes offset and length."""
    offset = 0
    while offset + tarfile.BLOCKSIZE <= size:
        block = read(offset, tarfile.BLOCKSIZE)
        if not block.strip(b"\0"):
            return
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        offset += tarfile.BLOCKSIZE
        side = info.name.partition(".")[0]
        yield from (Member(known, info.name, offset, info.size) for known in SIDES if known == side)
        offset += info.size + len(padding(info.size))
