"""The folder of published checkpoints: a note a day, and the keys that they are verified with.

Not when one is signed (`publishing.py`). The folder is there to be copied away, each day, to where the administrator of this machine
cannot reach it: a log that is rewritten is noticed by whoever has an old file of it. `log.vkey` has a key a line, the newest last.
What no longer fits the log, and was accepted as lost by people, is moved into `lost/`. A file `restored` says that all of this was put
back from a backup: no file and no table knows of what was signed since, so nothing else could say it.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from realtime.words import SECOND, Micros
from recordings.proof.note import LONGEST, BadNote, Checkpoint, VerifierKey, read_checkpoint, read_vkey

KEYS: Final = "log.vkey"
LOST: Final = "lost"
RESTORED: Final = "restored"
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
KEYS_MOST: Final = 1000
"""Keys that one log ever had: an exchange each day for three years."""


def folder_of(archive: Path) -> Path:
    """`archive`: `ArchiveSettings.folder`."""
    return archive / "checkpoints"


class Published:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def notes(self) -> list[Path]:
        """Oldest first."""
        return sorted(self.folder.glob("*.note"))

    def greatest(self) -> dict[Path, str]:
        """Those that speak of the most entries, whatever day their names say, signed or not; with their texts. Raises OSError, BadNote."""
        texts = {path: read(path) for path in self.notes()}
        sizes: dict[Path, int] = {}
        for path, text in texts.items():
            try:
                sizes[path] = said_in(text).size
            except BadNote as error:
                raise BadNote("note.in_file", path=path.name, why=error) from error
        most = max(sizes.values(), default=0)
        return {path: texts[path] for path, size in sizes.items() if size == most}

    def restored(self) -> str | None:
        """Of when the backup is that all of this was put back from, empty where nobody knows. None: it was not. Raises OSError."""
        try:
            found = MOMENT.match(read(self.folder / RESTORED))
        except FileNotFoundError:
            return None
        except BadNote:
            return ""
        return found[0] if found else ""

    def mark_restored(self, made: str) -> None:
        """`made`: when the backup was. Nothing is signed any more until somebody has said so (`publishing.accept`)."""
        replace(self.folder / RESTORED, f"{made}\n")

    def keys(self) -> list[VerifierKey]:
        """Raises OSError, BadNote."""
        try:
            text = read(self.folder / KEYS)
        except FileNotFoundError:
            return []
        return [read_vkey(line) for line in text.splitlines()[:KEYS_MOST] if line]

    def write(self, note: str, at: Micros) -> Path:
        """The note of this day (UTC). One of the same day that says less gives way; one that says more, of another process, stays."""
        path = self.of_day(at)
        if _size_in(path) <= said_in(note).size:
            replace(path, note)
        return path

    def of_day(self, at: Micros) -> Path:
        return self.folder / f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%d}.note"

    def add_key(self, key: VerifierKey) -> None:
        keys = self.keys()
        if not keys or keys[-1] != key:
            replace(self.folder / KEYS, "".join(f"{each}\n" for each in (*(old for old in keys if old != key), key)))

    def lose(self, paths: Iterable[Path]) -> None:
        for path in paths:
            (self.folder / LOST).mkdir(mode=0o755, exist_ok=True)
            path.rename(self.folder / LOST / f"{path.stem}.{secrets.token_hex(4)}{path.suffix}")


def said_in(text: str) -> Checkpoint:
    """What a note says, whoever signed it. Raises BadNote."""
    return read_checkpoint(text.rpartition("\n\n")[0] + "\n" if isinstance(text, str) else "")


def _size_in(path: Path) -> int:
    """-1: there is none, or none that can be read."""
    try:
        return said_in(read(path)).size
    except (FileNotFoundError, BadNote):
        return -1


def read(path: Path) -> str:
    """Raises OSError, BadNote."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        content = file.read(LONGEST + 1)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BadNote("note.no_text.file", path=path) from error


def replace(path: Path, text: str) -> None:
    """A whole new file or the old one. For everybody to read: that is what it is for."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = path.parent / f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644), "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
