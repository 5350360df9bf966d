"""A folder becomes an image: ISO 9660 level 3 with Rock Ridge and Joliet, the same bytes for the same files, date and name.

By xorriso where it is installed; by pycdlib where it is not, and for large media, since only pycdlib writes UDF beside it (Windows and
players read that first on Blu-ray). The two give different bytes of the same contents, so whichever made an image is noted with it.
Nothing of this machine goes in: no path, no user, no clock; owner 0, mode read-only, every date the bag's (SOURCE_DATE_EPOCH's idea,
reproducible-builds.org).
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pycdlib
from pycdlib import dates, headervd, udf, utils

from realtime.words import SECOND, Micros
from recordings.discs.bagging import files_of
from recordings.discs.media import Medium
from recordings.refusals import Worded

XORRISO, PYCDLIB = "xorriso", "pycdlib"
PATIENCE_S: Final = 4 * 3600
"""25 GB at 2 MB/s, the slowest disk that anybody would keep an archive on."""
BEAT_S: Final = 0.5
MODE_FILE, MODE_FOLDER = 0o100444, 0o040555
_ONE_AT_A_TIME = threading.Lock()


class ImageFailed(Worded):
    """With the tool's own words, for the person who started it."""


def tool_for(medium: Medium) -> str:
    return PYCDLIB if medium.udf or shutil.which(XORRISO) is None else XORRISO


def volume_name(set_id: str, number: int) -> str:
    """Of d-characters (ECMA-119 7.4.1), as a file manager shows it."""
    return f"ANDON_{set_id}_{number}"


def build(
    folder: Path, image: Path, volume: str, at: Micros, tool: str, *, with_udf: bool = False, beat: Callable[[], None] = lambda: None
) -> None:
    """`image` is whole or not there. `beat` is called often, and ends the work by what it raises. Raises ImageFailed, OSError."""
    part = image.with_name(f"{image.name}.part")
    part.unlink(missing_ok=True)
    if tool == XORRISO:
        _by_xorriso(folder, part, volume, at, beat)
    else:
        _by_pycdlib(folder, part, volume, at, with_udf, beat)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.rename(image)


# ---------------------------------------------------------------- xorriso


def _by_xorriso(folder: Path, image: Path, volume: str, at: Micros, beat: Callable[[], None]) -> None:
    stamp = time.strftime("%Y%m%d%H%M%S00", time.gmtime(at // SECOND))
    command = [
        *(XORRISO, "-no_rc", "-as", "mkisofs", "-quiet", "-iso-level", "3", "-R", "-J", "-joliet-long"),
        *("-V", volume, "-p", "ANDON", "-uid", "0", "-gid", "0", "-file-mode", "0444", "-dir-mode", "0555"),
        *(f"--modification-date={stamp}", "--set_all_file_dates", stamp, "-o", str(image), str(folder)),
    ]
    run(command, PATIENCE_S, {"SOURCE_DATE_EPOCH": str(at // SECOND)}, beat)


def run(command: list[str], patience_s: float, more: dict[str, str] | None = None, beat: Callable[[], None] = lambda: None) -> str:
    """What it said. Raises ImageFailed; whatever `beat` raises ends the program first."""
    environment = {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": "/", **(more or {})}
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    deadline = time.monotonic() + patience_s
    try:
        with subprocess.Popen(command, env=environment, **pipes) as program:  # noqa: S603  no shell, our own words
            said = _told(program, deadline, beat)
    except OSError as error:
        raise ImageFailed("image.tool_away", tool=command[0], why=error.strerror) from error
    if program.returncode:
        worst = [line for line in said.splitlines() if "FAILURE" in line or "SORRY" in line or "FATAL" in line]
        raise ImageFailed("image.tool_failed", tool=command[0], why="; ".join(worst[:3]) or said.strip()[-300:])
    return said


def _told(program: subprocess.Popen[bytes], deadline: float, beat: Callable[[], None]) -> str:
    while True:
        try:
            return program.communicate(timeout=BEAT_S)[0].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            try:
                beat()
                if time.monotonic() > deadline:
                    raise ImageFailed("image.slow") from None
            except BaseException:
                program.kill()
                raise


# ---------------------------------------------------------------- pycdlib


def _by_pycdlib(folder: Path, image: Path, volume: str, at: Micros, with_udf: bool, beat: Callable[[], None]) -> None:
    with _ONE_AT_A_TIME, _at(at // SECOND, volume):
        iso = pycdlib.PyCdlib()
        iso.new(
            interchange_level=3,
            vol_ident=volume,
            preparer_ident_str="ANDON",
            joliet=3,
            rock_ridge="1.09",
            udf="2.60" if with_udf else None,
        )
        try:
            _fill(iso, folder, with_udf)
            iso.write(str(image), progress_cb=lambda done, total, more: beat())
        except pycdlib.pycdlibexception.PyCdlibException as error:
            raise ImageFailed("image.tool_failed", tool=PYCDLIB, why=error) from error
        finally:
            iso.close()


def _fill(iso: Any, folder: Path, with_udf: bool) -> None:
    paths: dict[str, str] = {"": ""}
    files = files_of(folder)
    for path in sorted({parent for name in files for parent in _parents(name)}):
        where = _iso_path(path, paths)
        udf_path = {"udf_path": f"/{path}"} if with_udf else {}
        iso.add_directory(where, rr_name=Path(path).name, joliet_path=f"/{path}", file_mode=MODE_FOLDER, **udf_path)
    for name in files:
        where = f"{_iso_path(name, paths)};1"
        udf_path = {"udf_path": f"/{name}"} if with_udf else {}
        iso.add_file(str(folder / name), where, rr_name=Path(name).name, joliet_path=f"/{name}", file_mode=MODE_FILE, **udf_path)


def _parents(name: str) -> list[str]:
    return [parent.as_posix() for parent in Path(name).parents if parent.name]


def _iso_path(path: str, known: dict[str, str]) -> str:
    """Upper case, d-characters and one dot. Our own names differ in their first 26 letters; another one is refused, not renamed."""
    parent, _, name = path.rpartition("/")
    stem, dot, end = name.rpartition(".")
    plain = f"{re.sub('[^A-Z0-9_]', '_', (stem or end).upper())[:26]}{dot if stem else ''}{end.upper()[:3] if stem else ''}"
    where = f"{known[parent]}/{plain}"
    if where in known.values():
        raise ImageFailed("image.short_name", path=path)
    known[path] = where
    return where


class _Still:
    """The module `time` to pycdlib, which asks the clock wherever a date is wanted: always that moment, in UTC."""

    def __init__(self, at: float) -> None:
        self._at = at

    def time(self) -> float:
        return self._at

    def localtime(self, at: float) -> Any:
        return time.gmtime(at)

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


@contextmanager
def _at(at: float, volume: str) -> Iterator[None]:
    """It takes no date as an argument, so its clock and its dice are held still while an image is made."""
    clocked: tuple[Any, ...] = (dates, headervd, pycdlib.pycdlib, udf, utils)
    diced: Any = udf
    before, was = [(module, module.time) for module in clocked], diced.random
    try:
        for module in clocked:
            module.time = _Still(at)
        diced.random = random.Random(volume)  # noqa: S311  a set's mark, not a secret
        yield
    finally:
        for module, clock in before:
            module.time = clock
        diced.random = was
