"""Makes a version of a list: numbers in any order, by the hundred million, into one immutable file known by its hash.

Not the form (`packing.py`). What is added is sorted in runs that lie in a temporary file, then merged; memory stays the same whatever the
size. The file gets its name, which is its hash, when it is whole and on the disk; two who write at once do not meet. Only the owner
can read what is here: these are people's numbers.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from array import array
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from realtime.lists.files import path_of, sha256_of
from realtime.lists.packing import (
    HEAD_SIZE,
    META_MAX,
    NUMBERS_MAX,
    PREFIXES_MAX,
    Malformed,
    Meta,
    Packer,
    head_of,
    merged,
    prefix_text,
)

RUN: Final = 1 << 20
"""Numbers sorted at once: some 50 MB, and half a second."""
COPY: Final = 1 << 20
LEFT_S: Final = 86_400
"""What an importer that was killed left behind is nobody's after a day: none takes so long."""
UNFINISHED: Final = ".importing-"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class TooMany(Exception):
    """More than a list may hold: one sentence."""


class Written(NamedTuple):
    path: Path
    version: str
    meta: Meta
    numbers: int
    prefixes: int
    new: bool
    """False: the very same version was there already."""


class ListWriter:
    """`folder`: of all lists. Use as a context: what is not finished leaves nothing behind. Every method may raise OSError."""

    def __init__(self, folder: Path, name: str) -> None:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a list")
        self._name = name
        self._folder = private_folder(folder / name)
        self._stack = ExitStack()
        self._runs: BinaryIO = self._aside()
        self._lengths: list[int] = []
        self._waiting: array[int] = array("Q")
        self._prefixes: set[str] = set()
        self.added = 0

    def __enter__(self) -> ListWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, numbers: array[int], prefixes: Iterable[str] = ()) -> None:
        """E.164 as whole numbers. Raises TooMany."""
        self.added += len(numbers)
        self._prefixes.update(prefixes)
        if self.added > NUMBERS_MAX or len(self._prefixes) > PREFIXES_MAX:
            raise TooMany(f"A list has at most {NUMBERS_MAX:,} numbers and {PREFIXES_MAX:,} blocks; make two of it.")
        self._waiting += numbers
        while len(self._waiting) >= RUN:
            self._spill(self._waiting[:RUN])
            self._waiting = self._waiting[RUN:]

    def finish(self, meta: Meta) -> Written:
        """Merges, writes, and gives the file its name. `meta.duplicates` is filled in here."""
        if self._waiting:
            self._spill(self._waiting)
            self._waiting = array("Q")
        clear_left(self._folder)
        handle, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=self._folder)
        try:
            with os.fdopen(handle, "w+b") as file:
                give_to_owner(file.fileno(), self._folder)
                meta, numbers = self._write(file, meta)
                file.flush()
                os.fsync(file.fileno())
                version = sha256_of(file)
            return self._named(Path(unfinished), version, meta, numbers)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(unfinished)
            raise

    def _named(self, unfinished: Path, version: str, meta: Meta, numbers: int) -> Written:
        path = path_of(self._folder.parent, self._name, version)
        new = not path.exists()
        unfinished.replace(path)
        sync_folder(self._folder)
        return Written(path, version, meta, numbers, len(self._prefixes), new)

    def _spill(self, numbers: array[int]) -> None:
        ordered = array("Q", sorted(numbers))
        self._runs.write(ordered.tobytes())
        self._lengths.append(len(ordered))

    def _write(self, file: BinaryIO, meta: Meta) -> tuple[Meta, int]:
        packer, index = Packer(), self._aside()
        file.seek(HEAD_SIZE)
        for numbers in merged(self._lengths, self._read):
            piece = packer.take(numbers)
            file.write(piece.lows)
            index.write(piece.words)
        index.write(packer.close())
        meta = msgspec.structs.replace(meta, duplicates=self.added - packer.numbers)
        text, said = prefix_text(self._prefixes), msgspec.json.encode(meta)
        if len(said) > META_MAX:
            raise Malformed("what is said about the list is too long")
        head = head_of(meta.kind, packer.numbers, packer.buckets, len(text), len(said))
        file.seek(head.words)
        _copy(index, file)
        file.seek(head.prefixes)
        file.write(text.ljust(head.meta - head.prefixes, b"\0") + said)
        file.seek(0)
        file.write(head.pack())
        return meta, packer.numbers

    def _read(self, run: int, first: int, count: int) -> array[int]:
        if first == 0:
            self._runs.flush()
        content = os.pread(self._runs.fileno(), 8 * count, 8 * (self._places[run] + first))
        numbers = array("Q", content)
        if len(numbers) != count:
            raise OSError(f"a temporary file beside {self._folder} lost what was written into it")
        return numbers

    @property
    def _places(self) -> list[int]:
        """Where each run begins. All but the last have the same length."""
        return list(range(0, len(self._lengths) * RUN, RUN))

    def _aside(self) -> BinaryIO:
        """Beside the file: there is room for it, and nobody else may look."""
        return self._stack.enter_context(tempfile.TemporaryFile(dir=self._folder))


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    source.seek(0)
    while block := source.read(COPY):
        target.write(block)


def private_folder(folder: Path) -> Path:
    """For its owner alone, and so is each folder that had to be made above it."""
    for each in (*reversed(folder.parents), folder):
        if not each.is_dir():
            with suppress(FileExistsError):
                each.mkdir(mode=0o700)
            if os.geteuid() == 0:
                above = each.parent.stat()
                os.chown(each, above.st_uid, above.st_gid)
    return folder


def give_to_owner(handle: int, folder: Path) -> None:
    """What root imports belongs to whom the folder belongs to, or gate and engine could not read it."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_left(folder: Path) -> None:
    for left in folder.glob(f"{UNFINISHED}*"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > LEFT_S:
                left.unlink()
