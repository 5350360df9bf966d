"""A checkpoint of the log, each day and when somebody asks: signed, kept in the tables, written to a file and to a line of our own log.

Not the note (`note.py`), the key (`signer.py`) and the folder (`published.py`). Nothing is signed that does not go on from what was
signed before, in the tables or in the file that speaks of the most entries: else the database was put back from an old backup, or was
changed by hand; nor after `andon restore`, which puts both back and leaves a mark. Then no checkpoint is made until somebody's word for it
is in the log (`accept`), and from then on it is another log, with another origin.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import structlog
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.history.port import HistoryAway
from realtime.words import Micros
from recordings.catalogue import tree
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import checkpoints, health, log
from recordings.catalogue.tree import LogDamaged
from recordings.proof import note
from recordings.proof.entries import Entry, Json
from recordings.proof.note import GAP, BadNote, Checkpoint, SigningKey, VerifierKey
from recordings.proof.published import RESTORED, read, said_in
from recordings.proof.published import Published as Folder
from recordings.proof.signer import NoKey, Signer
from recordings.refusals import Remark
from recordings.refusals.stored import written
from recordings.words import Kind

ABOUT_LOG: Final = "log"
"""Subject of entries that speak of the log itself."""
NAMED_MOST: Final = 100
"""Checkpoints that an entry about a cut names: three months of them; it has the number of all."""
ACCEPT: Final = "andon recordings verify accept --reason ... --yes"

HEALTH: Final = "checkpoint"
"""Name in `archive_health`: 1, or 0 and why none was signed."""
SAID_MOST: Final = 300
"""Characters of a fault that nobody thought of: a line of a page."""

tell = structlog.get_logger()


class Published(NamedTuple):
    """`fresh`: signed just now; else the log had not grown."""

    checkpoint: Checkpoint
    note: str
    file: Path
    fresh: bool


class Withheld(NamedTuple):
    """Nothing was signed. `lost`: there is a checkpoint that the log does not go on from."""

    remark: Remark
    lost: bool = False

    @property
    def why(self) -> str:
        """In English."""
        return str(self.remark)


class Accepted(NamedTuple):
    """`lost`: checkpoints that are given up; `again`: what stood approved and waits for people again."""

    lost: int
    again: int


SetBack = Callable[[Change, Micros, str, str], Awaitable[int]]
"""By whom and why: how many runs wait for people again, in the change of the accepting (`retention/restored.py`)."""


class Before(NamedTuple):
    """What the folder says of before. `notes`: those that speak of the most entries."""

    notes: dict[Path, str]
    keys: list[VerifierKey]


async def publish(catalogue: Catalogue, signer: Signer, folder: Path, now: Micros) -> Published | Withheld:
    """Raises HistoryAway, LogDamaged, NoKey, OSError."""
    files = Folder(folder)
    before = await asyncio.to_thread(_before, files)
    if isinstance(before, Withheld):
        return _told(before)
    async with catalogue.reading() as connection:
        size, stored = await tree.size(connection), await newest_note(connection)
    if not size and not before.notes:
        return Withheld(Remark("log.nothing_yet"))
    key = signer.key() if before.notes or stored else signer.make()
    files.add_key(key.verifier)
    async with catalogue.change() as change:
        made = await _signed(change, key, before, signer.floor, now)
    if isinstance(made, Withheld):
        return _told(made)
    checkpoint, text, fresh = made
    there = [path for path, each in before.notes.items() if each == text]
    file = there[-1] if there else files.write(text, now)
    if fresh:
        root = base64.b64encode(checkpoint.root).decode()
        line = text.rstrip("\n").rpartition("\n")[2]
        tell.info("the archive's log has a checkpoint", origin=checkpoint.origin, size=checkpoint.size, root=root, signature=line)
    return Published(checkpoint, text, file, fresh)


async def held(catalogue: Catalogue, signer: Signer, folder: Path) -> Withheld | None:
    """What would keep the next checkpoint from being signed. Signs nothing. Raises HistoryAway, LogDamaged, NoKey, OSError."""
    before = await asyncio.to_thread(_before, Folder(folder))
    if isinstance(before, Withheld):
        return _told(before)
    async with catalogue.reading() as connection:
        head = await _head(connection, [*before.keys, signer.key().verifier], before.notes)
    return _told(head) if isinstance(head, Withheld) else None


async def cut(catalogue: Catalogue, signer: Signer, folder: Path) -> Remark | None:
    """Why the log does not go on from what was signed before; None: it does, as far as is known. Whoever destroys asks: of a
    catalogue that was put back nobody knows which holds were placed since, and what was refused. Raises HistoryAway."""
    try:
        before = await asyncio.to_thread(_before, Folder(folder))
        if isinstance(before, Withheld):
            return before.remark
        async with catalogue.reading() as connection:
            head = await _head(connection, [*before.keys, *_own(signer)], before.notes)
    except LogDamaged as damaged:
        return damaged
    except OSError as error:
        return Remark("log.unreachable", why=error)
    return head.remark if isinstance(head, Withheld) else None


def _own(signer: Signer) -> list[VerifierKey]:
    """None before the first checkpoint. One that is lost is said by whoever signs; what it signed is held against the published keys."""
    try:
        return [signer.key().verifier]
    except NoKey:
        return []


async def daily(catalogue: Catalogue, signer: Signer, folder: Path, now: Micros) -> Published | Withheld | None:
    """The first of this day (UTC): for the archivist, each hour. None: it is there already, and the next could be signed. What keeps it
    from being made is said in `archive_health`, too, for pages and alerts: nobody else would miss it. Raises HistoryAway, and whatever
    nobody thought of, which is said there before."""
    try:
        there = await asyncio.to_thread(Folder(folder).of_day(now).exists)
        made = await (held(catalogue, signer, folder) if there else publish(catalogue, signer, folder, now))
    except HistoryAway:
        raise
    except NoKey as missing:
        made = _told(Withheld(missing, lost=True))
    except OSError as error:
        made = _told(Withheld(Remark("log.unreachable", why=error), lost=True))
    except LogDamaged as damaged:
        await _health_is(catalogue, Remark("log.not_made", why=damaged), now)
        raise
    except Exception as error:
        said = str(error).splitlines() or [type(error).__name__]
        await _health_is(catalogue, Remark("log.not_made", why=said[0][:SAID_MOST]), now)
        raise
    await _health_is(catalogue, made.remark if isinstance(made, Withheld) and made.lost else None, now)
    return made


async def _health_is(catalogue: Catalogue, why: Remark | None, now: Micros) -> None:
    """None: good."""
    async with catalogue.change() as change:
        await change.connection.execute(delete(health).where(health.c.name == HEALTH))
        await change.connection.execute(insert(health).values(name=HEALTH, value=float(why is None), text=written(why), at=now))


async def accept(catalogue: Catalogue, signer: Signer, folder: Path, now: Micros, who: str, why: str, set_back: SetBack) -> Accepted | None:
    """Checkpoints are given up, with an entry that says so; what the log still goes on from stays. What was approved waits for people again
    before anything may be destroyed. None where there is nothing to accept: neither such a checkpoint nor a backup that was put back.

    Raises HistoryAway, LogDamaged, NoKey, OSError, ValueError."""
    if not who or not why:
        raise ValueError("somebody accepts that the log was cut, and says why")
    files = Folder(folder)
    keys = [*files.keys(), signer.key().verifier]
    texts, restored = {path: _text(path) for path in files.notes()}, files.restored()
    async with catalogue.reading() as connection:
        leaves = await tree.size(connection)
        unfit = [text for text in await stored_notes(connection) if not await fits(connection, text, keys, leaves)]
        paths = [path for path, text in texts.items() if not await fits(connection, text, keys, leaves)]
    lost = {_named(text) for text in (*unfit, *(texts[path] for path in paths))}
    if not lost and restored is None:
        return None
    async with catalogue.change() as change:
        named: list[Json] = [{"size": size, "root": root} for size, root in sorted(lost)[-NAMED_MOST:]]
        public: dict[str, Json] = {"what": "cut", "checkpoints": len(lost), "lost": named}
        public |= {"restored": restored} if restored is not None else {}
        entry = Entry(kind=Kind.GAP, at=now, subject=ABOUT_LOG, public=public, private={"who": who, "why": why})
        await change.append(entry)
        await change.connection.execute(delete(checkpoints).where(checkpoints.c.note.in_(unfit)))
        again = await set_back(change, now, who, why)
    files.lose([*paths, *([files.folder / RESTORED] if restored is not None else [])])
    return Accepted(len(lost), again)


async def newest_note(connection: AsyncConnection) -> str | None:
    newest = select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
    return (await connection.execute(newest)).scalar()


async def stored_notes(connection: AsyncConnection) -> list[str]:
    return list((await connection.execute(select(checkpoints.c.note).order_by(checkpoints.c.size))).scalars())


async def fits(connection: AsyncConnection, text: str, keys: Sequence[VerifierKey], leaves: int) -> bool:
    """The log goes on from this checkpoint."""
    return await misfit(connection, text, keys, leaves) is None


async def misfit(connection: AsyncConnection, text: str, keys: Sequence[VerifierKey], leaves: int) -> Remark | None:
    """Why the log does not go on from this checkpoint, or None. Raises LogDamaged."""
    try:
        before = note.verify(text, keys)
    except BadNote as error:
        return Remark("log.misfit.changed", why=error)
    if before.origin.split(GAP)[0] not in {key.name for key in keys}:
        return Remark("log.misfit.another", origin=before.origin)
    if before.size > leaves:
        return Remark("log.misfit.shorter", size=before.size, leaves=leaves)
    if (await tree.root(connection, before.size))[1] != before.root:
        return Remark("log.misfit.rewritten", size=before.size)
    return None


async def origin_of(connection: AsyncConnection, floor: str) -> str:
    """Under which name the log is signed now."""
    newest = select(log.c.hash).where(log.c.subject == ABOUT_LOG, log.c.kind == Kind.GAP.value).order_by(log.c.index.desc()).limit(1)
    return note.origin(floor, (await connection.execute(newest)).scalar())


def _before(files: Folder) -> Before | Withheld:
    """Blocks. Raises OSError."""
    restored = files.restored()
    if restored is not None:
        return Withheld(told_restored(restored), lost=True)
    try:
        return Before(files.greatest(), files.keys())
    except BadNote as error:
        return Withheld(Remark("log.file_changed", folder=files.folder, why=error), lost=True)


def told_restored(made: str) -> Remark:
    """`made`: as `Folder.restored` says it."""
    return Remark("log.restored.of", moment=made) if made else Remark("log.restored")


async def _head(connection: AsyncConnection, keys: Sequence[VerifierKey], notes: Mapping[Path, str]) -> tuple[int, bytes] | Withheld:
    """Leaves and root, where the log goes on from what was signed last: in the tables, and in files. Raises LogDamaged."""
    stored = await newest_note(connection)
    leaves, root = await tree.root(connection)
    if not leaves and notes:
        return Withheld(Remark("log.empty", folder=min(notes).parent), lost=True)
    for text in (*([stored] if stored is not None else []), *notes.values()):
        found = await misfit(connection, text, keys, leaves)
        if found is not None:
            return Withheld(Remark("log.cut", misfit=found), lost=True)
    return leaves, root


async def _signed(change: Change, key: SigningKey, before: Before, floor: str, now: Micros) -> tuple[Checkpoint, str, bool] | Withheld:
    connection = change.connection
    head = await _head(connection, [*before.keys, key.verifier], before.notes)
    if isinstance(head, Withheld):
        return head
    checkpoint, stored = Checkpoint(await origin_of(connection, floor), *head), await newest_note(connection)
    if stored is not None and _is(stored, key, checkpoint):
        return checkpoint, stored, False
    # the same entries signed once more, with another key or for a floor that was renamed: the one of before says nothing else
    await connection.execute(delete(checkpoints).where(checkpoints.c.size == checkpoint.size))
    signed = note.sign(checkpoint, key)
    await connection.execute(insert(checkpoints).values(size=checkpoint.size, at=now, root=checkpoint.root, note=signed))
    return checkpoint, signed, True


def _is(text: str, key: SigningKey, checkpoint: Checkpoint) -> bool:
    try:
        return note.verify(text, [key.verifier]) == checkpoint
    except BadNote:
        return False


def _text(path: Path) -> str:
    try:
        return read(path)
    except BadNote:
        return ""  # fits nothing


def _named(text: str) -> tuple[int, str]:
    try:
        found = said_in(text)
    except BadNote:
        return 0, ""
    return found.size, found.root.hex()


def _told(withheld: Withheld) -> Withheld:
    tell.error("the archive's log has no new checkpoint", why=withheld.why)
    return withheld
