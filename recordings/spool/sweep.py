"""Walking a spool, and opening and removing files in it: nothing is followed, nothing blocks, everything is bounded.

Not what becomes of the files (`waiting.py`, `sealing.py`). A PBX that was broken into writes what it likes into its spool, so each step
down is taken from the folder before it (openat) without following links, only regular files are opened, and a pipe never holds us.
The spool's own folder may be a link: whoever set it up chose it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from recordings.refusals import Worded
from recordings.spool.found import DEPTH_MAX, EXTENSIONS, FILES_MAX, MARKERS, NAME_MAX, SIZE_MAX, Found, Sweep, extension_of, shown
from recordings.words import Trouble

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
WENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})
FSCKS = "lost+found/"
"""Of a spool that is a disk of its own: root's alone."""


class Unsafe(Exception):
    """Not a regular file reached by real folders; the message says what it is."""


class SpoolAway(Worded):
    """The spool's folder cannot be read: not mounted, not there, not ours. One sentence."""


# ---------------------------------------------------------------- walking


def sweep(root: Path, most: int = FILES_MAX) -> Sweep:
    """Oldest first. Raises SpoolAway."""
    walk = _Walk(most)
    try:
        os.close(_top(root))
    except OSError as error:
        raise SpoolAway("room.spool", root=root, why=error.strerror) from error
    # Each folder is reached from the top anew: handles of a thousand folders at once would be more than a process may have.
    folders = [""]
    while folders and walk.left >= 0:
        path = folders.pop()
        try:
            with _folder_of(root, f"{path}.") as (handle, _):
                folders += walk.folder(handle, path)
        except Unsafe:
            continue
        except OSError as error:
            walk.unseen(path, error)
    walk.found.sort(key=lambda each: each.changed_ns)
    if walk.left < 0:
        walk.cut = f"it has more than {most:,} entries; take away what is no recording"
    return Sweep(walk.found, frozenset(walk.markers), walk.cut)


class _Walk:
    """What was seen so far, and how much may still be looked at."""

    def __init__(self, most: int) -> None:
        self.left = most
        self.found: list[Found] = []
        self.markers: set[str] = set()
        self.cut = ""

    def folder(self, handle: int, path: str) -> list[str]:
        """The folders in it that are to be walked."""
        inner = []
        with os.scandir(handle) as entries:
            for entry in entries:
                self.left -= 1
                if self.left < 0:
                    break
                name = f"{path}{entry.name}"
                if path == f"{MARKERS}/":
                    self.markers.add(entry.name)
                elif not entry.is_dir(follow_symlinks=False):
                    self.found += _seen(name, entry.name, handle)
                elif name.count("/") + 1 > DEPTH_MAX or len(os.fsencode(name)) > NAME_MAX:
                    self.found.append(Found(name, trouble=Trouble.UNSAFE, why="too deep"))
                else:
                    inner.append(f"{name}/")
        return inner

    def unseen(self, path: str, error: OSError) -> None:
        """A folder that could not be read: what lies in it is not gone. One that went, or was exchanged, the next sweep sees."""
        if error.errno in WENT or path == FSCKS:
            return
        why = f"cannot be read ({error.strerror})"
        self.found.append(Found(path.rstrip("/"), trouble=Trouble.UNSAFE, why=why))
        self.cut = self.cut or f"{shown(path)} in it {why}; let Andon read it"


def _top(root: Path) -> int:
    return os.open(root, FOLDER & ~os.O_NOFOLLOW)


def _seen(name: str, last: str, folder: int) -> list[Found]:
    """Nothing of what went since the folder was read: we remove what is kept while a sweep goes on."""
    try:
        status = os.stat(last, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return []
    except OSError as error:
        return [Found(name, trouble=Trouble.UNSAFE, why=error.strerror or "unreadable")]
    return [_judged(name, status)]


def _judged(name: str, status: os.stat_result) -> Found:
    found = Found(name, status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev)
    if not stat.S_ISREG(status.st_mode):
        return found._replace(trouble=Trouble.UNSAFE, why=_what(status.st_mode))
    if len(os.fsencode(name)) > NAME_MAX:
        return found._replace(trouble=Trouble.UNSAFE, why="its name is too long")
    if extension_of(name) not in EXTENSIONS:
        return found._replace(trouble=Trouble.UNREADABLE, why="its name is not that of a recording")
    if status.st_size > SIZE_MAX:
        return found._replace(trouble=Trouble.UNREADABLE, why="larger than any recording can be")
    return found


def _what(mode: int) -> str:
    kinds = ((stat.S_ISLNK, "a link"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))
    return next((word for is_it, word in kinds if is_it(mode)), "a device")


def identity(root: Path) -> tuple[int, int] | None:
    """Another one: another folder is there, as of a disk that was mounted. None: there is none."""
    try:
        status = os.stat(root)
    except OSError:
        return None
    return status.st_dev, status.st_ino


# ---------------------------------------------------------------- one file


@contextmanager
def _folder_of(root: Path, name: str) -> Iterator[tuple[int, str]]:
    """A handle of the folder that the last part of the name lies in. Raises Unsafe, OSError."""
    *folders, last = name.split("/")
    if any(part in ("", ".", "..") or "\0" in part for part in folders) or last in ("", "..") or "\0" in last:
        raise Unsafe("a name outside of the spool")
    if len(folders) > DEPTH_MAX:
        raise Unsafe("too deep")
    handle = _top(root)
    try:
        for part in folders:
            inner = os.open(part, FOLDER, dir_fd=handle)
            os.close(handle)
            handle = inner
        yield handle, last
    finally:
        os.close(handle)


def look_at(root: Path, name: str) -> Found | None:
    """One file, as a sweep would see it; None when it is not there."""
    try:
        with _folder_of(root, name) as (folder, last):
            return _judged(name, os.stat(last, dir_fd=folder, follow_symlinks=False))
    except (OSError, Unsafe):
        return None


@contextmanager
def opened(root: Path, name: str) -> Iterator[int]:
    """A handle to read it by. Raises Unsafe, OSError."""
    with _folder_of(root, name) as (folder, last):
        before = os.stat(last, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISREG(before.st_mode):  # a device may act on being opened
            raise Unsafe(_what(before.st_mode))
        handle = os.open(last, FILE, dir_fd=folder)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Unsafe("exchanged while it was opened")
        yield handle
    finally:
        os.close(handle)


def seen_by(handle: int, name: str) -> Found:
    return _judged(name, os.fstat(handle))


def remove(root: Path, found: Found) -> bool:
    """Only the very file: same inode, size and time. False: it is another one now, or gone. Raises OSError."""
    try:
        with _folder_of(root, found.name) as (folder, last):
            if not _judged(found.name, os.stat(last, dir_fd=folder, follow_symlinks=False)).same(found):
                return False
            os.unlink(last, dir_fd=folder)
            return True
    except (FileNotFoundError, NotADirectoryError, Unsafe):
        return False


def clear_marker(root: Path, base: str) -> None:
    """A marker whose recording is kept. One that cannot be removed harms nobody."""
    with suppress(OSError, Unsafe), _folder_of(root, f"{MARKERS}/{base}") as (folder, last):
        os.unlink(last, dir_fd=folder)
