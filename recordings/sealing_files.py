"""The files of one recording while it is sealed: held open, read in slices, as the bytes that were captured and as the sound in them.

Not which files (`spool/pairing.py`) and not what is made of them (`sealing.py`). The files are opened once, and everything is read
through those handles: whoever exchanges a name in the spool meanwhile exchanges nothing here. Everything here blocks: use a thread.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from recordings.refusals import Worded
from recordings.spool.found import Found
from recordings.spool.pairing import PAIRED, Group, Side, end, member, padding
from recordings.spool.sweep import look_at, opened, remove, seen_by

SLICE: Final = 1 << 20
"""Read at a time: between two of them a process that is told to end ends."""


class Changed(Worded):
    """A file was written into, exchanged or removed while it was read: it is looked at again later."""


class Ending(Exception):
    """The archivist is told to end, and leaves this file for its next start."""


class Original(NamedTuple):
    """One file as `Stored`: read from any place."""

    found: Found
    handle: int
    ending: threading.Event

    @property
    def size(self) -> int:
        return self.found.size

    def read(self, offset: int, length: int) -> bytes:
        """Fewer bytes at its end only."""
        parts: list[bytes] = []
        offset, length = max(offset, 0), min(length, self.size - offset)
        while length > 0:
            if self.ending.is_set():
                raise Ending
            part = os.pread(self.handle, min(length, SLICE), offset)
            if not part:
                raise Changed("file.shorter")
            parts.append(part)
            offset, length = offset + len(part), length - len(part)
        return b"".join(parts)


class Hashes(NamedTuple):
    """`whole` is what the seal proves: of the file, or of the tar of several."""

    whole: bytes
    files: Mapping[Side, bytes]
    size: int


class AsCaptured:
    """The bytes of a recording as they were captured."""

    def __init__(self, root: Path, group: Group, originals: Mapping[Side, Original]) -> None:
        self.root, self.group, self.originals = root, group, originals

    @property
    def changed_ns(self) -> int:
        return max(each.found.changed_ns for each in self.originals.values())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.found.name for each in self.originals.values())

    def format(self, word: str) -> str:
        return word if len(self.originals) == 1 else f"{PAIRED}{word}"

    def pieces(self, seen: Callable[[Side, bytes], object] | None = None) -> Iterator[bytes]:
        """From the beginning. `seen` is told the bytes of each file."""
        alone, size = len(self.originals) == 1, 0
        for side, original in self.originals.items():
            head = b"" if alone else member(side, original.found.name, original.size)
            if head:
                yield head
            for offset in range(0, original.size, SLICE):
                piece = original.read(offset, SLICE)
                if seen is not None:
                    seen(side, piece)
                yield piece
            rest = b"" if alone else padding(original.size)
            if rest:
                yield rest
            size += len(head) + original.size + len(rest)
        if not alone:
            yield end(size)

    def reader(self) -> Callable[[int], bytes]:
        """`read(length)`, as the container wants it."""
        pieces, rest = self.pieces(), b""

        def read(length: int) -> bytes:
            nonlocal rest
            rest = rest or next(pieces, b"")
            piece, rest = rest[:length], rest[length:]
            return piece

        return read

    def hashes(self) -> Hashes:
        """Raises Changed, Ending, OSError."""
        whole, files, size = hashlib.sha256(), {side: hashlib.sha256() for side in self.originals}, 0
        for piece in self.pieces(lambda side, bytes_: files[side].update(bytes_)):
            whole.update(piece)
            size += len(piece)
        self.still()
        return Hashes(whole.digest(), {side: each.digest() for side, each in files.items()}, size)

    def still(self) -> None:
        """Nobody wrote into them since they were seen. Raises Changed."""
        for original in self.originals.values():
            if not seen_by(original.handle, original.found.name).same(original.found):
                raise Changed("file.written_into")

    def remove(self) -> bool:
        """From the spool, each only if it is the very file. False: another one is there now. Raises OSError."""
        removed = [remove(self.root, original.found) for original in self.originals.values()]
        return all(gone or look_at(self.root, name) is None for gone, name in zip(removed, self.names, strict=True))


@contextmanager
def as_captured(root: Path, group: Group, seen: Mapping[str, Found], ending: threading.Event) -> Iterator[AsCaptured]:
    """Raises Unsafe, OSError, and Changed where a file is not the one that was seen."""
    with ExitStack() as stack:
        originals = {}
        for side, name in group.files.items():
            handle = stack.enter_context(opened(root, name))
            original = Original(seen[name], handle, ending)
            if not seen_by(handle, name).same(original.found):
                raise Changed("file.exchanged")
            originals[side] = original
        yield AsCaptured(root, group, originals)
