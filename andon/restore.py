"""`andon restore`: what `andon backup` wrote, into an empty folder, each file held against its hash before anything counts.

A key that was destroyed since the backup is still in the backup, and a number is forgotten only when no copy of its key is
left: `--without-key 2026-10` leaves a month's key out. docs/operate.md says how to keep backups so that this is no trap.

The archive's log is older then than checkpoints that others may have of it, and its files are as old as it is: so a mark is left beside
them, and nothing is signed under the log's name before somebody has said why (`recordings/proof/publishing.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from andon import log_dump
from andon.backup import FORMAT, LOG, MANIFEST, Entry, Manifest
from andon.say import Exit, complain, say
from realtime import valkey
from realtime.log import LogAway
from recordings.proof.published import Published, folder_of
from recordings.proof.signer import FILE as LOG_KEY

PIECE: Final = 1_048_576
MANIFEST_MAX: Final = 64_000_000


class Broken(Exception):
    """The file is not a whole backup: one sentence."""


def restore(file: Path, into: Path, without: frozenset[str]) -> Exit:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        complain(f"{into} is not empty; a restore writes over nothing, so name a new folder.")
        return Exit.FAILED
    made = not into.exists()
    before = os.umask(0o077)  # also for the server that takes the log in: nothing of a backup is for others
    try:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest = _unpack(file, into, without)
        if (into / LOG).exists():
            asyncio.run(log_dump.load(into / "data", into / LOG))
            (into / LOG).unlink()
        signed = _mark_signed(into / "data", manifest.made)
    except (Broken, log_dump.NoDump, tarfile.TarError, EOFError, OSError, LogAway, valkey.ValkeyRefused) as error:
        _undo(into, made)
        complain(f"Nothing was restored: {str(error).rstrip('.')}.")
        return Exit.FAILED
    finally:
        os.umask(before)
    say(f"{into} holds the floor {manifest.floor} as of {manifest.made}, {len(manifest.files)} files, made by Andon {manifest.andon}.")
    if manifest.data != "data":
        say(f"Its settings keep data in {manifest.data}: move {into / 'data'} there, or change [data] dir.")
    if signed:
        again = f"andon --config {into / 'andon.toml'} recordings verify accept --reason WHY --yes"
        say(f"Its archive signs and destroys nothing before you say why it was put back: {again}.")
        say("What stood approved to be destroyed then waits to be approved again: first place the holds that this backup does not know of.")
    say(f"Next: andon --config {into / 'andon.toml'} doctor, then up; what is older is brought up to date at the start.")
    return Exit.DONE


def _mark_signed(data: Path, made: str) -> bool:
    """Whether this floor has a log that was ever signed: then it is marked as put back."""
    published = Published(folder_of(data / "archive"))
    signed = (data / "keys" / LOG_KEY).exists() or published.folder.exists()
    if signed:
        published.mark_restored(made)
    return signed


def _undo(into: Path, made: bool) -> None:
    for each in [*into.iterdir()] if into.is_dir() else []:
        shutil.rmtree(each) if each.is_dir() else each.unlink()
    if made and into.is_dir():
        into.rmdir()


def _unpack(file: Path, into: Path, without: frozenset[str]) -> Manifest:
    with tarfile.open(file, "r:gz") as packed:
        manifest = _manifest(packed)
        wanted = {entry.name: entry for entry in manifest.files}
        for member in packed:
            if member.name == MANIFEST:
                continue
            entry = wanted.pop(member.name, None)
            if entry is None or not member.isfile() or member.size != entry.size:
                raise Broken(f"{file} has {member.name!r} in it, which its manifest does not know")
            if not _forgotten(entry.name, without):
                _write(packed, member, into / _place(entry.name), entry)
    if wanted:
        raise Broken(f"{file} is not whole: {sorted(wanted)[0]} is missing")
    return manifest


def _manifest(packed: tarfile.TarFile) -> Manifest:
    first = packed.next()
    source = packed.extractfile(first) if first is not None and first.name == MANIFEST and first.size < MANIFEST_MAX else None
    if source is None:
        raise Broken("it is no backup of Andon's")
    try:
        manifest = msgspec.json.decode(source.read(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise Broken(f"its manifest cannot be read ({error})") from error
    if manifest.format != FORMAT:
        raise Broken(f"it was made by Andon {manifest.andon}, in a form that this one does not know; use that version or a newer one")
    return manifest


def _forgotten(name: str, without: frozenset[str]) -> bool:
    return name in {f"data/keys/{month}.key" for month in without}


def _place(name: str) -> PurePosixPath:
    """Where a file goes, seen from the folder; refuses a name that leads out of it."""
    path = PurePosixPath(name.removeprefix("settings/"))
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise Broken(f"{name!r} would be written outside of the folder")
    return path


def _write(packed: tarfile.TarFile, member: tarfile.TarInfo, path: Path, entry: Entry) -> None:
    source = packed.extractfile(member)
    if source is None:
        raise Broken(f"{entry.name} cannot be read")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = hashlib.sha256()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while piece := source.read(PIECE):
            seen.update(piece)
            out.write(piece)
    if seen.hexdigest() != entry.sha256:
        raise Broken(f"{entry.name} is not what was backed up (its hash differs)")
