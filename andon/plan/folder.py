"""A plan from its folder: the shell of `reading.py`. What is there, bounded, and when it was changed last."""

from __future__ import annotations

import os
import pwd
import time
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from andon import boards
from andon.findings import Finding, quoted, suggestion
from andon.folder_files import read_plain, unreadable
from andon.plan.reading import PlanReading, read_plan
from andon.plan.tables import FILES
from andon.plan.window import today_of

READ_MAX: Final = 16 * 1024 * 1024
"""Bytes of a table or a calendar: a roster of 200,000 lines has half of that."""
TOML_MAX: Final = 4 * 1024 * 1024
"""Of the others: ten thousand people have half of that, and a megabyte takes a second to read."""

SUFFIXES: Final = (".toml", ".csv", ".ics")
UNREAD_TOLD: Final = 10

Stamp = tuple[tuple[str, int, int, int], ...]
"""Of each file that is there: its name, when it was written, its size, which one it is."""


def load(folder: Path, timezone: str, today: date | None = None) -> PlanReading:
    """An empty plan where there is no folder, or no file of a plan in it. `today`: by the clock when nobody says another date."""
    files: dict[str, bytes] = {}
    failed: list[Finding] = []
    for name in FILES:
        try:
            files[name] = read_plain(folder, name, most := TOML_MAX if name.endswith(".toml") else READ_MAX)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            failed.append(Finding(name, "", unreadable(error)))
            continue
        if len(files[name]) > most:
            failed.append(Finding(name, "", f"it is larger than {most:,} bytes; this cannot be a file of a plan."))
    if failed:  # the others would be held against what is missing
        return PlanReading(None, tuple(failed), tuple(files))
    reading = read_plan(files, timezone, presets(), today or today_in(timezone))
    return reading._replace(findings=(*_unread(folder), *reading.findings))


def _unread(folder: Path) -> list[Finding]:
    """A file under another name would be a rule that is not in force without a word."""
    known = (*FILES, boards.FILE)
    try:
        names = sorted(each.name for each in folder.iterdir() if each.suffix in SUFFIXES and each.name not in known)
    except OSError:
        return []
    said = "nobody reads a file of this name"
    return [Finding(quoted(name)[1:-1], "", f"{said}; {suggestion(name, known)}", False) for name in names[:UNREAD_TOLD]]


@cache
def presets() -> dict[str, str]:
    """Those that Andon carries, by `breaks/NAME`; they change with its version only."""
    top = resources.files("andon") / "presets"
    return {
        f"{kind.name}/{file.name.removesuffix('.toml')}": file.read_text("utf-8")
        for kind in top.iterdir()
        if kind.is_dir()
        for file in kind.iterdir()
        if file.name.endswith(".toml")
    }


def today_in(timezone: str) -> date:
    return today_of(time.time(), timezone)


def stamp_of(folder: Path) -> Stamp:
    found = []
    for name in FILES:
        try:
            status = (folder / name).stat()
        except OSError:  # not there, or not readable: `load` says which
            continue
        found.append((name, status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)


def who_wrote(folder: Path) -> str:
    """The owner of the file that was changed last, as the audit trail names people of this machine; never raises."""
    latest = None
    for name in FILES:
        try:
            status = (folder / name).stat()
        except OSError:
            continue
        if latest is None or status.st_mtime_ns > latest.st_mtime_ns:
            latest = status
    return f"local:{_name(latest)}" if latest is not None else "local:nobody"


def _name(status: os.stat_result) -> str:
    try:
        return pwd.getpwuid(status.st_uid).pw_name
    except KeyError:  # an account that this machine does not know, as in a container
        return str(status.st_uid)
