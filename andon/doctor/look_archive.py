"""What the doctor looks at for the archive: spools, room, keys and vaults in two places, its log after a restore, the catalogue.

Not what a PBX writes into its spool (`judge_recordings.py`). Nothing is changed: who may write a folder is asked, not tried.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from andon.archive.opened import archive_of, catalogue_of
from andon.doctor.verdict import Verdict, bad, listed, ok, unknown, warn
from andon.settings import Settings, address_of
from realtime.history.database import BadDatabase
from realtime.history.port import HistoryAway
from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import FILE
from recordings.catalogue.schema import health
from recordings.proof.published import Published, folder_of
from recordings.proof.publishing import ACCEPT
from recordings.settings import ArchiveSettings
from wallboard.settings import is_loopback

PATIENCE_S: Final = 4.0
SILENT_S: Final = 180
"""As the floor's alert: the archivist writes down at least once a minute how it is."""
ACCESS: Final = os.R_OK | os.W_OK | os.X_OK
"""A recording leaves the spool when it is in the archive, so its folder has to be written, too."""


def spools(settings: Settings) -> Verdict | None:
    """Of the PBXs whose spool this machine has. One that is not here may be archived by another machine, beside that PBX."""
    if not settings.archive.run or not settings.pbx:
        return None
    there = [pbx.spool for pbx in settings.pbx if pbx.spool and Path(pbx.spool).is_dir()]
    closed = [each for each in there if not os.access(each, ACCESS)]
    if closed:
        text = f"The recordings' folder {closed[0]} cannot be read and emptied, so nothing of it is archived. As root, for Andon's user:"
        return bad("spool", text, f"setfacl -R -m u:{_user()}:rwX,d:u:{_user()}:rwX {closed[0]}", f"ls -la {closed[0]}")
    here = [pbx for pbx in settings.pbx if is_loopback((address_of(pbx.ami) or ("", 0))[0])]
    gone = [pbx.spool for pbx in here if pbx.spool and pbx.spool not in there]
    if gone:
        text = f"The recordings' folder {gone[0]} is not here: set the right one as spool in [[pbx]]; where none is to be"
        return warn("spool", f"{text} archived, in andon.toml:", "[archive]", "run = false")
    return ok("spool", f"{listed(there)} can be read and emptied.") if there else None


def room(settings: Settings) -> Verdict | None:
    """Asterisk says nothing when it has no room for a recording: it goes on without one (asterisk.md 6.4)."""
    archive = archive_of(settings)
    if not settings.archive.run:
        return None
    for folder in _there([*(spool.folder for spool in archive.spools), *archive.vaults]):
        disk = shutil.disk_usage(folder)
        if disk.free < archive.free_gb * 1e9 or disk.free < archive.free_share * disk.total:
            text = f"Only {disk.free / 1e9:.1f} GB are free at {folder}: recordings are soon lost without a word of Asterisk's. Make room:"
            return warn("room", text, f"df -h {folder}")
    return ok("room", "There is room where recordings lie.")


def keys(settings: Settings) -> Verdict | None:
    """Without its key a recording is noise, on every disc and in every backup."""
    archive = archive_of(settings)
    if not settings.archive.run:
        return None
    if archive.key_command:
        return ok("keys of recordings", "They lie where key_command keeps them; that it keeps them twice is for whoever runs it.")
    if len(archive.keys) < 2:
        text = "The keys of recordings lie in one folder: a lost disk, and no recording can be opened any more. Set a second in andon.toml:"
        return warn("keys of recordings", text, "[archive]", 'second_keys = "/mnt/other/andon-keys"')
    return _apart("keys of recordings", archive.keys) or ok("keys of recordings", f"They lie in {listed(map(str, archive.keys))}.")


def vaults(settings: Settings) -> Verdict | None:
    archive = archive_of(settings)
    if not settings.archive.run:
        return None
    if len(archive.vaults) < 2:
        text = "Recordings lie once: a flipped bit is found and cannot be repaired. A folder on another disk, in andon.toml:"
        return warn("vault", text, "[archive]", 'second = "/mnt/other/andon-vault"')
    return _apart("vault", archive.vaults) or ok("vault", f"Each recording lies in {listed(map(str, archive.vaults))}.")


def log(settings: Settings) -> Verdict | None:
    """What was signed since a backup is in no file of it: somebody has to say that it was put back."""
    try:
        restored = Published(folder_of(archive_of(settings).folder)).restored()
    except OSError:
        restored = ""  # it is there
    if restored is None:
        return None
    of = f" of {restored}" if restored else ""
    return bad("checkpoints", f"The archive was put back from a backup{of} and signs nothing before you have said why:", ACCEPT)


def _apart(check: str, folders: Sequence[Path]) -> Verdict | None:
    """Two folders on one disk are lost together."""
    disks = {_nearest(folder).stat().st_dev for folder in folders}
    if len(disks) == len(folders):
        return None
    return warn(check, f"{listed(map(str, folders))} are on one disk, and lost with it; another place for one of them:", "df -h")


def _there(folders: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(_nearest(folder) for folder in folders))


def _nearest(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


def _user() -> str:
    return os.environ.get("USER") or str(os.getuid())


async def catalogue(settings: Settings, now: Micros) -> Verdict | None:
    """Whether it can be read, and whether the archivist has said lately how it is."""
    archive = archive_of(settings)
    if not settings.archive.run:
        return None
    if not archive.database and not (archive.folder / FILE).exists():
        return ok("catalogue", f"It is made under {archive.folder} when the archivist starts.")
    try:
        async with asyncio.timeout(PATIENCE_S):
            heard = await _heard(settings)
    except (HistoryAway, BadDatabase, SQLAlchemyError, TimeoutError) as error:
        said = str(error).splitlines()[0][:120] if str(error) else "no answer"
        return bad("catalogue", f"The catalogue of recordings cannot be read ({said}): does [data] database answer, has andon up run?")
    if not heard:
        return unknown("catalogue", "It can be read, and no archivist has written into it yet.", "andon up")
    if now - heard > SILENT_S * SECOND:
        text = f"The archivist has said nothing for {(now - heard) // SECOND // 60} minutes: recordings stay in the spools. Start it:"
        return warn("catalogue", text, "andon up")
    return ok("catalogue", _where(archive))


async def _heard(settings: Settings) -> Micros:
    opened = catalogue_of(settings)
    try:
        async with opened.reading() as connection:
            rows = (await connection.execute(select(health.c.at))).scalars().all()
    finally:
        await opened.close()
    return max((int(at) for at in rows), default=0)


def _where(archive: ArchiveSettings) -> str:
    return f"The catalogue of recordings is in {'[data] database' if archive.database else archive.folder}, and the archivist is at work."


FILES: Final[Sequence[Callable[[Settings], Verdict | None]]] = (spools, room, keys, vaults, log)
SERVERS: Final[Sequence[Callable[[Settings, Micros], Awaitable[Verdict | None]]]] = (catalogue,)
