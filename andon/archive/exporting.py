"""`andon recordings export ID --reason WHY --out FILE`: one recording as WAV with a watermark, written down as on the page.

Not the file's making (`recordings/exporting.py`). The keys are read here, so only who may read the key stores can do this.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import RowMapping, select

from andon.acts import recorded, this_person
from andon.archive.opened import NoArchive, archive_of, with_catalogue
from andon.command_form import Said
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.settings import Settings
from recordings import exporting, listening
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import recordings
from recordings.crypt.container import ContainerBad
from recordings.crypt.keeping import key_of
from recordings.crypt.ring import WrongKey, part_key
from recordings.crypt.stores import KeysDisagree, StoreAway, stores_of
from recordings.listening import Listener
from recordings.retention.successor import successor_of
from recordings.settings import ArchiveSettings
from recordings.sound.frames import UnreadableSound
from recordings.sound.peaks import TooLong
from recordings.vault.folder import FolderVault
from recordings.vault.opening import AnyCopy
from recordings.vault.port import VaultTrouble, name_of
from recordings.words import STATES_GONE, State


class NotExported(Exception):
    """One sentence, what to do."""


def export(said: Said, settings: Settings) -> Exit:
    if len(said.what) != 1 or not said.reason or not said.out:
        complain('Say which, why and where to: andon recordings export ID --reason "court 17" --out FILE.')
        return Exit.WRONG
    recording, out = said.what[0], Path(said.out)
    if out.exists():
        complain(f"{out} is there already; an export writes over nothing, so choose another name.")
        return Exit.FAILED
    return recorded(
        Path(settings.data.dir), "export a recording", f"id={recording}", lambda: _export(settings, recording, said.reason, out)
    )


def _export(settings: Settings, recording: str, why: str, out: Path) -> Exit:
    archive = archive_of(settings)
    try:
        written = with_catalogue(settings, lambda catalogue: _written(catalogue, archive, recording, why, out), writes=True)
    except (NoArchive, NotExported, StoreAway, KeysDisagree, WrongKey) as fault:
        complain(str(fault))
        return Exit.FAILED
    except (UnreadableSound, TooLong, VaultTrouble, ContainerBad, OSError) as fault:
        complain(f"Nothing was written: {str(fault).rstrip('.')}.")
        return Exit.FAILED
    say(f"{out} has {written:,} bytes; its metadata say who took it, when and why, and so does the log.")
    return Exit.DONE


async def _written(catalogue: Catalogue, archive: ArchiveSettings, recording: str, why: str, out: Path) -> int:
    line, key = await _found(catalogue, archive, recording)
    now, who = now_us(), Listener(this_person(), "local")
    entry = await listening.begin(catalogue, line["place"], recording, who, "export", why, now)
    mark = exporting.mark_of(archive.floor, recording, who.name, why, bytes(line["sha256"]), entry, now)
    original = _opened(archive, name_of(recording, line["began"], "sound"), part_key(key, "sound"))
    view = exporting.as_wav(original, line["format"], mark)
    _write(out, view.pieces())
    return view.size


async def _found(catalogue: Catalogue, archive: ArchiveSettings, recording: str) -> tuple[RowMapping, bytes]:
    async with catalogue.reading() as connection:
        line = (await connection.execute(select(recordings).where(recordings.c.id == recording))).mappings().one_or_none()
        if into := await successor_of(connection, recording):
            raise NotExported(f"The recording {recording} was redacted; its successor is {into}: export that.")
        if line is None or State(line["state"]) in STATES_GONE:
            raise NotExported(f"There is no recording {recording[:40]}; andon recordings find lists them.")
    key = await key_of(catalogue, line["place"], stores_of(archive))
    if key is None:
        raise NotExported("The key of this recording is not in any key store; nobody can read it.")
    return line, key


def _opened(archive: ArchiveSettings, name: str, key: bytes) -> AnyCopy:
    try:
        return AnyCopy([FolderVault(folder, number, fresh=False) for number, folder in enumerate(archive.vaults)], name, key)
    except (VaultTrouble, ContainerBad) as fault:
        raise NotExported(f"No vault gives this recording ({fault}); is the archive's disk there?") from fault


def _write(out: Path, pieces: Iterator[bytes]) -> int:
    """Readable by its owner alone; whole or not there. What was there before is somebody's."""
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            return sum(file.write(piece) for piece in pieces)
    except BaseException:
        out.unlink(missing_ok=True)
        raise
