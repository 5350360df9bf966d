"""One process a job and data folder: a lock that the system gives back when its holder dies, with the holder's number in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UP = "andon up"


class InUse(Exception):
    """Somebody else does this on this folder; the message says who and what to do."""


class Unusable(Exception):
    """The folder cannot be made or written; the message says why."""


@contextmanager
def locked(folder: Path, job: str = UP) -> Iterator[Path]:
    """Makes the folder when it is missing. Raises InUse, Unusable."""
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        handle = os.open(folder / _file(job), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unusable(f"The data folder {folder} cannot be used ({error.strerror}); change [data] dir or its rights.") from error
    try:
        _take(handle, folder, job)
        yield folder
    finally:
        os.close(handle)


def _file(job: str) -> str:
    return "".join(character if character.isalnum() else "-" for character in job) + ".lock"


def _take(handle: int, folder: Path, job: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(handle, 20).decode("ascii", "replace").strip()
        who = f" (process {holder})" if holder.isdecimal() else ""
        raise InUse(f"Another {job}{who} runs on {folder}; stop it, or give this one a [data] dir of its own.") from error
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
