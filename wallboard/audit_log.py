"""The audit trail on disk: DATA/audit/YYYY-MM.jsonl, one chain over all months, written by the board and the command line.

Not the chain (`audit.py`) and not what is recorded (`recorder.py`, `andon/acts.py`). An entry is on the disk before the act
it tells of; who cannot write it must not act. A line that a crash left half written was of an act that did not happen: it is
cut off, and an entry says so.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from wallboard.audit import (
    LINE_MAX,
    NOTHING,
    Act,
    Broken,
    Entry,
    Head,
    Outcome,
    broken_in,
    chained,
    entry_of,
    head_of,
    is_about,
    line_of,
    month_of,
)
from wallboard.private_file import give_to_owner, locked

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}\.jsonl")
_BLOCK = 64 * 1024
LOOKED_AT_MAX = 50_000
"""Lines that one question looks at: some hundred milliseconds. Who wants older ones asks on from where it stopped."""


class AuditFailed(Exception):
    """The trail cannot be written; the message says where and why. Nothing may be done that should be in it."""


class Found(NamedTuple):
    """The newest entries first; `before` is where to go on asking, 0 when there is nothing older."""

    entries: list[Entry]
    before: int


class AuditLog:
    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "audit"
        self._known: tuple[Path, int, int, Head] | None = None  # file, inode, size, what it ends with
        self.fault = ""
        """Why the last entry could not be written; empty when it could."""

    def append(self, act: Act) -> Entry:
        """On the disk when this returns. Raises AuditFailed. Blocks for the disk: the board calls it in a thread."""
        try:
            with locked(self._folder / "audit.lock"):
                entry = self._append(act)
        except OSError as fault:
            self.fault = f"{fault.filename or self._folder}: {fault.strerror}"
            raise AuditFailed(f"The audit trail cannot be written ({self.fault}); free the disk or mend the rights.") from fault
        except AuditFailed as failed:
            self.fault = str(failed)
            raise
        self.fault = ""
        return entry

    def months(self) -> list[Path]:
        """The files, oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(path for path in self._folder.iterdir() if _MONTH.fullmatch(path.name))

    def verify(self) -> Broken | Head:
        return broken_in(self._numbered_lines())

    def entries(self) -> Iterator[Entry | Broken]:
        """Oldest first, unverified."""
        for place, line in self._numbered_lines():
            yield entry_of(line) or Broken(place, "this is no entry")

    def newest(self, limit: int, before: int = 0, who: str = "", since: int = 0, agent: str = "") -> Found:
        """At most `limit` entries older than `before`, of `who`, done to `agent`, not older than `since`. Raises OSError."""
        found: list[Entry] = []
        last, looked_at = 0, 0
        for month in reversed(self.months()):
            for line in _lines_backwards(month):
                entry = entry_of(line)
                if entry is None or (before and entry.seq >= before):
                    continue
                if entry.at < since:
                    return Found(found, 0)
                if len(found) == limit or looked_at == LOOKED_AT_MAX:
                    return Found(found, last)
                last, looked_at = entry.seq, looked_at + 1
                if (not who or entry.who == who) and (not agent or is_about(entry, agent)):
                    found.append(entry)
        return Found(found, 0)

    def _append(self, act: Act) -> Entry:
        head, torn = self._head()
        if torn:
            said = f"{torn} bytes of an entry that was not finished were cut off"
            head = self._write(chained(_repair(act, said), head))
        entry = chained(act, head)
        self._write(entry)
        return entry

    def _write(self, entry: Entry) -> Head:
        path = self._folder / f"{month_of(entry.at)}.jsonl"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            give_to_owner(handle, path)
            size = os.fstat(handle).st_size
            try:
                _write_all(handle, line_of(entry))
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, size)  # what is not wholly there is not there
                raise
            status = os.fstat(handle)
        finally:
            os.close(handle)
        if not size:
            _sync_folder(self._folder)
        self._known = (path, status.st_ino, status.st_size, head_of(entry))
        return head_of(entry)

    def _head(self) -> tuple[Head, int]:
        """What the trail ends with; and how many bytes of a torn line were cut off to get there."""
        torn = 0
        for month in reversed(self.months()):
            status = month.stat()
            if self._known and self._known[:3] == (month, status.st_ino, status.st_size):
                return self._known[3], torn
            torn += _cut_torn(month)
            line = next(_lines_backwards(month), None)
            if line is not None:
                entry = entry_of(line)
                if entry is None:
                    raise AuditFailed(f"The last entry of {month} cannot be read; andon audit verify says what is wrong.")
                return head_of(entry), torn
        return NOTHING, torn

    def _numbered_lines(self) -> Iterator[tuple[str, bytes]]:
        for month in self.months():
            with month.open("rb") as file:
                number = 0
                while line := file.readline(LINE_MAX):
                    number += 1
                    yield f"{month}:{number}", line


def _repair(act: Act, said: str) -> Act:
    return act._replace(who="andon", role="", address="", action="audit repair", target="", outcome=Outcome.ALLOWED, reasons=(said,))


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _sync_folder(folder: Path) -> None:
    """A new file's name must be on the disk, too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cut_torn(path: Path) -> int:
    """Bytes after the last whole line, taken away."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        start = max(0, size - LINE_MAX)
        file.seek(start)
        ended = file.read().rfind(b"\n")
        if ended < 0 and start:
            raise AuditFailed(f"The end of {path} is no entry; andon audit verify says what is wrong.")
        whole = start + ended + 1
        if whole < size:
            file.truncate(whole)
            os.fsync(file.fileno())
        return size - whole


def _lines_backwards(path: Path) -> Iterator[bytes]:
    """The last line first, a block of the file at a time."""
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        rest = b""
        while position > 0:
            step = min(_BLOCK, position)
            position -= step
            file.seek(position)
            first, *lines = (file.read(step) + rest).split(b"\n")
            rest = first
            yield from (line for line in reversed(lines) if line)
        if rest:
            yield rest
