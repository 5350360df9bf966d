"""A checkpoint of the log, each day and when somebody asks: signed, kept in the tables, written to a file and to a line of our own log.

Not the note (`note.py`), the key (`signer.py`) and the folder (`published.py`). Nothing is signed that does not go on from what was
signed before, in the tables or in the newest file: else the database was put back from an old backup, or was changed by hand. Then no
checkpoint is made until somebody's word for it is in the log (`accept`), and from then on it is another log, with another origin.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import structlog
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue import tree
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import checkpoints, health, log
from recordings.proof import note
from recordings.proof.entries import Entry, Json
from recordings.proof.note import GAP, BadNote, Checkpoint, SigningKey, VerifierKey
from recordings.proof.published import Published as Folder
from recordings.proof.published import read
from recordings.proof.signer import NoKey, Signer
from recordings.words import Kind

ABOUT_LOG: Final = "log"
"""Subject of entries that speak of the log itself."""
NAMED_MOST: Final = 100
"""Checkpoints that an entry about a cut names: three months of them; it has the number of all."""
HOW: Final = "andon recordings verify says more; if an old backup was put back, say so: andon recordings verify accept --reason ... --yes."

HEALTH: Final = "checkpoint"
"""Name in `archive_health`: 1, or 0 and why none was signed."""

tell = structlog.get_logger()


class Published(NamedTuple):
    """`fresh`: signed just now; else the log had not grown."""

    checkpoint: Checkpoint
    note: str
    file: Path
    fresh: bool


class Withheld(NamedTuple):
    """Nothing was signed: one sentence. `lost`: there is a checkpoint that the log does not go on from."""

    why: str
    lost: bool = False


async def publish(catalogue: Catalogue, signer: Signer, folder: Path, now: Micros) -> Published | Withheld:
    """Raises HistoryAway, NoKey, OSError."""
    files = Folder(folder)
    try:
        newest, keys = files.newest(), files.keys()
    except BadNote as error:
        return _told(Withheld(f"A file in {folder} is not as it was written ({error}) Put it back from a copy.", lost=True))
    async with catalogue.reading() as connection:
        size, stored = await tree.size(connection), await newest_note(connection)
    if not size:
        return (
            _told(Withheld(f"The log is empty but there is a checkpoint in {folder}: {HOW}", lost=True))
            if newest
            else Withheld("Nothing yet.")
        )
    key = signer.key() if newest or stored else signer.make()
    files.add_key(key.verifier)
    async with catalogue.change() as change:
        made = await _signed(change, key, [*keys, key.verifier], newest, signer.floor, now)
    if isinstance(made, Withheld):
        return _told(made)
    checkpoint, text, fresh = made
    file = files.write(text, now) if text != newest else files.notes()[-1]
    if fresh:
        root = base64.b64encode(checkpoint.root).decode()
        line = text.rstrip("\n").rpartition("\n")[2]
        tell.info("the archive's log has a checkpoint", origin=checkpoint.origin, size=checkpoint.size, root=root, signature=line)
    return Published(checkpoint, text, file, fresh)


async def daily(catalogue: Catalogue, signer: Signer, folder: Path, now: Micros) -> Published | Withheld | None:
    """The first of this day (UTC): for the archivist, each hour. None: it is there already. What keeps it from being made is said in
    `archive_health`, too, for pages and alerts: nobody else would miss it. Raises HistoryAway."""
    if await asyncio.to_thread(Folder(folder).of_day(now).exists):
        return None
    try:
        made = await publish(catalogue, signer, folder, now)
    except (NoKey, OSError) as error:
        made = _told(Withheld(str(error), lost=True))
    why = made.why if isinstance(made, Withheld) and made.lost else ""
    async with catalogue.change() as change:
        await change.connection.execute(delete(health).where(health.c.name == HEALTH))
        await change.connection.execute(insert(health).values(name=HEALTH, value=float(not why), text=why, at=now))
    return made


async def accept(catalogue: Catalogue, signer: Signer, folder: Path, now: Micros, who: str, why: str) -> int:
    """How many checkpoints are given up, with an entry that says so; what the log still goes on from stays.

    Raises HistoryAway, NoKey, OSError, ValueError."""
    if not who or not why:
        raise ValueError("somebody accepts that the log was cut, and says why")
    files = Folder(folder)
    keys = [*files.keys(), signer.key().verifier]
    texts = {path: _text(path) for path in files.notes()}
    async with catalogue.reading() as connection:
        leaves = await tree.size(connection)
        unfit = [text for text in await stored_notes(connection) if not await fits(connection, text, keys, leaves)]
        paths = [path for path, text in texts.items() if not await fits(connection, text, keys, leaves)]
    lost = {_named(text) for text in (*unfit, *(texts[path] for path in paths))}
    if not lost:
        return 0
    async with catalogue.change() as change:
        named: list[Json] = [{"size": size, "root": root} for size, root in sorted(lost)[-NAMED_MOST:]]
        public: dict[str, Json] = {"what": "cut", "checkpoints": len(lost), "lost": named}
        entry = Entry(kind=Kind.GAP, at=now, subject=ABOUT_LOG, public=public, private={"who": who, "why": why})
        await change.append(entry)
        await change.connection.execute(delete(checkpoints).where(checkpoints.c.note.in_(unfit)))
    files.lose(paths)
    return len(lost)


async def newest_note(connection: AsyncConnection) -> str | None:
    newest = select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
    return (await connection.execute(newest)).scalar()


async def stored_notes(connection: AsyncConnection) -> list[str]:
    return list((await connection.execute(select(checkpoints.c.note).order_by(checkpoints.c.size))).scalars())


async def fits(connection: AsyncConnection, text: str, keys: Sequence[VerifierKey], leaves: int) -> bool:
    """The log goes on from this checkpoint."""
    return await _misfit(connection, text, keys, leaves) is None


async def origin_of(connection: AsyncConnection, floor: str) -> str:
    """Under which name the log is signed now."""
    newest = select(log.c.hash).where(log.c.subject == ABOUT_LOG, log.c.kind == Kind.GAP.value).order_by(log.c.index.desc()).limit(1)
    return note.origin(floor, (await connection.execute(newest)).scalar())


async def _signed(
    change: Change, key: SigningKey, keys: Sequence[VerifierKey], file: str | None, floor: str, now: Micros
) -> tuple[Checkpoint, str, bool] | Withheld:
    connection = change.connection
    stored = await newest_note(connection)
    leaves, root = await tree.root(connection)
    for text in (stored, file):
        misfit = await _misfit(connection, text, keys, leaves) if text is not None else None
        if misfit is not None:
            return Withheld(f"No checkpoint is signed: {misfit} {HOW}", lost=True)
    checkpoint = Checkpoint(await origin_of(connection, floor), leaves, root)
    if stored is not None and note.read_checkpoint(note.verified(stored, keys)) == checkpoint:
        return checkpoint, stored, False
    signed = note.sign(checkpoint, key)
    await connection.execute(insert(checkpoints).values(size=leaves, at=now, root=root, note=signed))
    return checkpoint, signed, True


async def _misfit(connection: AsyncConnection, text: str, keys: Sequence[VerifierKey], leaves: int) -> str | None:
    try:
        before = note.verify(text, keys)
    except BadNote as error:
        return f"the last checkpoint is not as it was signed ({error})"
    if before.origin.split(GAP)[0] not in {key.name for key in keys}:
        return f"the last checkpoint is of another log, {before.origin}."
    if before.size > leaves:
        return f"a checkpoint speaks of {before.size} entries and the log has {leaves}."
    if (await tree.root(connection, before.size))[1] != before.root:
        return f"the first {before.size} entries of the log are not the ones that were signed."
    return None


def _text(path: Path) -> str:
    try:
        return read(path)
    except BadNote:
        return ""  # fits nothing


def _named(text: str) -> tuple[int, str]:
    try:
        found = note.read_checkpoint(text.rpartition("\n\n")[0] + "\n")
    except BadNote:
        return 0, ""
    return found.size, found.root.hex()


def _told(withheld: Withheld) -> Withheld:
    tell.error("the archive's log has no new checkpoint", why=withheld.why)
    return withheld
