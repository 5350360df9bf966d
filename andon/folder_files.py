"""Reads one file of the plan's folder, which other people than Andon's administrator may write to.

Not what it says (`plan/folder.py`, `boards.py`). A name there may be a link to Andon's own secrets, whose lines would then stand in
findings, or a pipe that nobody writes into, at which the engine would wait for ever.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


class NotPlain(OSError):
    """There is something under this name, and it is no file of this folder; `strerror` says what to do."""


def read_plain(folder: Path, name: str, most: int) -> bytes:
    """At most `most` bytes and one more. Raises OSError. A link inside the folder is as good as a file: so some tools save."""
    target = (folder / name).resolve()
    if not target.is_relative_to(folder.resolve()):
        raise NotPlain(errno.EXDEV, "it is a link that leads out of this folder; put the file itself here.")
    descriptor = os.open(target, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotPlain(errno.EINVAL, "it is no file but a folder, a pipe or a device; put a file of this name here.")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(most + 1)
    finally:
        os.close(descriptor)


def unreadable(error: OSError) -> str:
    """As a finding says it."""
    if isinstance(error, NotPlain):
        return f"it cannot be read: {error.strerror}"
    return f"it cannot be read ({error.strerror}); give Andon's user the right to."
