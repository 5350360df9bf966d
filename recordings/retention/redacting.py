"""A redaction carried out as far as it is its own: the redacted recording is made, stored, and takes the original's place in one change.

Not the deciding (`redaction.py`), and not what follows as after every disposal (`carrying.py`): keys of keys, files, a certificate.
Two steps. The first works on files alone and may be done again, by whoever and however often: the same original and stretches give
the same bytes, the same key and so the same container, and nobody overwrites what another has written. When every vault has given it
back, the second is one change: the new line with its key, what people wrote moves on to it, and the original's key is deleted. Killed
before that change, the original is there as it was; after it, the redacted one is. There is no moment with both or with none. What the
first step wrote in vain, because it was refused before the second, is removed (`unmade.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue import lines
from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import copies, further_agents, keys, recordings
from recordings.crypt import keeping as keyring
from recordings.crypt.container import ContainerBad, Opened
from recordings.crypt.keeping import Kek
from recordings.crypt.ring import part_key, redacted_key, wrap
from recordings.crypt.store_faults import StoreAway
from recordings.proof.entries import Entry, Json
from recordings.recording import Sound, Span, recording_id
from recordings.retention import holds, letting, redaction, unmade
from recordings.retention.clocks import disposal_month, said
from recordings.retention.disposal import CARRYING, GOING, KEPT, WAITING, why_text
from recordings.retention.judging import judged
from recordings.retention.letting import BLANK
from recordings.retention.redaction import NotYet, Spans
from recordings.retention.succession import move_on, wished_for
from recordings.retention.tables import disposal_items, disposals, redactions
from recordings.retention.tools import Tools
from recordings.sealing_copies import Copies, Stored
from recordings.sealing_files import Changed
from recordings.sealing_lines import SPANS_MOST, stored, words
from recordings.sealing_sound import frames_of_original, heard
from recordings.sound.frames import UnreadableSound
from recordings.sound.peaks import TooLong
from recordings.sound.silenced import Silenced
from recordings.sound.wave import WavView
from recordings.states import step
from recordings.vault.opening import opened
from recordings.vault.port import Vault, VaultTrouble, name_of
from recordings.words import Kind, RecordingId, State, Trouble

PATIENCE_S: Final = 300.0
FORMAT: Final = "wav"
AS_IT_WAS: Final = (
    *("node", "call", "leg", "direction", "agent", "agents", "queue", "campaign", "client", "outcome", "dial"),
    *("number", "number_cipher", "number_month", "began", "class_", "keep_until", "delete_by", "kept_by", "conflict", "score", "scored_by"),
)
"""Of a line: whose call it is and how long it is kept."""


class New(NamedTuple):
    """What `Copies` needs of a line."""

    id: RecordingId
    began: Micros
    sha256: bytes
    format: str


class Made(NamedTuple):
    """The redacted recording, in every vault."""

    line: New
    key: bytes
    stored: Stored
    size: int
    derived: str
    sound: Sound


async def take_place(tools: Tools, run: RowMapping) -> None:
    """Both steps, where they were not done yet. Raises NotYet, StoreAway, VaultTrouble."""
    async with tools.catalogue.reading() as connection:
        wish = await redaction.one(connection, run["id"])
        row = await _row(connection, wish.original)
    if wish.made:
        return
    if State(row["state"]) is State.DISPOSED:
        return await _too_late(tools, run["id"])
    redaction.at_rest(row)
    if State(row["state"]) is State.LOST:
        return await _without(tools, run, wish.original)
    key = await keyring.key_of(tools.catalogue, wish.original, tools.stores)
    if key is None:
        raise StoreAway("carry.key_away")
    spans = redaction.spans_of(wish.spans)
    view, new = await asyncio.to_thread(_listened, tools.vaults, row, spans, key, run["id"])
    async with tools.catalogue.change() as change:
        if await _still(change.connection, run["id"], wish.original) is None:
            return
        await unmade.announced(change, run["id"], new.id)
    made = await asyncio.to_thread(_make, tools.vaults, tools.work, view, new, key)
    month = disposal_month(row["keep_until"], tools.policy().timezone)
    kek = await keyring.current(tools.catalogue, tools.stores, row["class_"], month)
    async with tools.catalogue.change(PATIENCE_S) as change:
        now_row = await _still(change.connection, run["id"], wish.original)
        if now_row is not None:  # else another process was first, or it was refused or destroyed meanwhile
            await _exchange(change, tools, run, now_row, made, spans, kek)


async def _row(connection: AsyncConnection, place: int) -> RowMapping:
    return (await connection.execute(select(recordings).where(recordings.c.place == place))).mappings().one()


async def _too_late(tools: Tools, run: str) -> None:
    """A disposal or an erasure destroyed it before: nothing of it is left to be redacted."""
    async with tools.catalogue.change() as change:
        items = update(disposal_items).where(disposal_items.c.disposal == run, disposal_items.c.standing == WAITING)
        await change.connection.execute(items.values(standing=KEPT, why=why_text([said("go.gone")])))


async def _without(tools: Tools, run: RowMapping, original: int) -> None:
    """Of what is lost none can be made: its key, and what is left of its copies, go as in a disposal."""
    async with tools.catalogue.change(PATIENCE_S) as change:
        row = await _still(change.connection, run["id"], original)
        if row is None:
            return
        await letting.gone(change, run, await judged(change.connection, [row], tools.policy(), tools.clock()), tools.clock())
        await _holds_looked_at(change.connection, run["id"])


async def _holds_looked_at(connection: AsyncConnection, run: str) -> None:
    held, sha256 = await holds.looked_at(connection)
    await connection.execute(update(disposals).where(disposals.c.id == run).values(holds=held, holds_sha256=sha256))


# ---------------------------------------------------------------- the first step: files


@contextmanager
def _in_words() -> Iterator[None]:
    """Raises NotYet, VaultTrouble."""
    try:
        yield
    except (UnreadableSound, TooLong) as error:
        raise NotYet("carry.not_soundable", why=error) from error
    except (ContainerBad, Changed) as error:
        raise VaultTrouble("carry.changed", why=error) from error


def _listened(vaults: Sequence[Vault], row: RowMapping, spans: Spans, key: bytes, run: str) -> tuple[WavView, New]:
    """Blocks. What it will be, and under which id; nothing is written. Raises NotYet, VaultTrouble."""
    for vault in vaults:
        vault.check()
    with _in_words():
        view = WavView(Silenced(frames_of_original(_whole(vaults, row, key), row["format"]), spans))
        digest = hashlib.sha256()
        for piece in view.pieces():
            digest.update(piece)
        id_ = recording_id(row["node"], f"{row['id']}/{run}", digest.digest())
        return view, New(id_, row["began"], digest.digest(), FORMAT)


def _make(vaults: Sequence[Vault], work: Path, view: WavView, new: New, key: bytes) -> Made:
    """Blocks. Raises NotYet, VaultTrouble."""
    with _in_words():
        own, into = redacted_key(key, new.id), Copies(vaults, work)
        kept = into.keep(new, _Reader(view.pieces()).read, own)
        derived = into.derive(new, None, own)
        if not into.has(new, kept.sha256):
            raise VaultTrouble("carry.unwritten")
        return Made(new, own, kept, view.size, derived, heard({"mixed": (view, f"redacted.{FORMAT}")}).sound)


def _whole(vaults: Sequence[Vault], row: RowMapping, key: bytes) -> Opened:
    """The original from a vault that gives back every byte that was sealed. Raises VaultTrouble."""
    name, part = name_of(row["id"], row["began"], "sound"), part_key(key, "sound")
    for vault in vaults:
        try:
            found, digest = opened([vault], name, part), hashlib.sha256()
            for piece in found.pieces():
                digest.update(piece)
        except (VaultTrouble, ContainerBad):
            continue
        if digest.digest() == row["sha256"]:
            return found
    raise VaultTrouble("carry.unread")


class _Reader:
    """Pieces, as many bytes at a time as are asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, length: int) -> bytes:
        self._rest = self._rest or next(self._pieces, b"")
        piece, self._rest = self._rest[:length], self._rest[length:]
        return piece


# ---------------------------------------------------------------- the second: one change


async def _still(connection: AsyncConnection, run: str, original: int) -> RowMapping | None:
    """The original as it is now, where the redaction still waits for this. Raises NotYet."""
    standing = (await connection.execute(select(disposals.c.standing).where(disposals.c.id == run))).scalar_one()
    wanted = (disposal_items.c.disposal == run) & (disposal_items.c.recording == original) & (disposal_items.c.standing == WAITING)
    waits = (await connection.execute(select(disposal_items.c.id).where(wanted))).first() is not None
    row = await _row(connection, original)
    if standing != CARRYING or not waits or State(row["state"]) is State.DISPOSED:
        return None
    redaction.at_rest(row)
    return row


async def _exchange(change: Change, tools: Tools, run: RowMapping, row: RowMapping, made: Made, spans: Spans, kek: Kek) -> None:
    """The point of no return. Raises KekRetired."""
    connection, now = change.connection, tools.clock()
    step(None, State.KEPT)
    entry = await change.append(_sealed(run["id"], row, made, spans, kek.name, now))
    values = _line_of(row, made, spans, entry, now) | {"restricted": await wished_for(connection, row["place"])}
    place = await lines.keep(connection, values)
    await keyring.keep_key(change, place, kek.name, wrap(kek.key, made.key))
    numbers = [vault.number for vault in tools.vaults]
    await connection.execute(insert(copies), [{"recording": place, "vault": each, "checked_at": now, "good": True} for each in numbers])
    await change.append(stored(made.line.id, made.stored.sha256, made.stored.size, numbers, now))
    await move_on(connection, row["place"], row["id"], place, made.line.id)
    await _holds_looked_at(connection, run["id"])
    await connection.execute(update(redactions).where(redactions.c.disposal == run["id"]).values(made=place, id=made.line.id))
    await _let_go(change, run["id"], row, made.line.id, now)


async def _let_go(change: Change, run: str, row: RowMapping, into: str, now: Micros) -> None:
    """The original, as a batch of a disposal lets one go; but what the log knows of it stays as long as the redacted one does."""
    connection, place = change.connection, row["place"]
    step(State(row["state"]), State.DISPOSED)
    kek = (await connection.execute(select(keys.c.kek).where(keys.c.recording == place))).scalar() or ""
    await keyring.delete_keys(connection, [place], now)
    await connection.execute(delete(copies).where(copies.c.recording == place))
    await connection.execute(delete(further_agents).where(further_agents.c.recording == place))
    gone = {"state": State.DISPOSED.value, "disposed_at": now, **BLANK}
    await connection.execute(update(recordings).where(recordings.c.place == place).values(**gone))
    item = (disposal_items.c.disposal == run) & (disposal_items.c.recording == place)
    why = why_text([said("redact.into", into=into)])
    await connection.execute(update(disposal_items).where(item).values(standing=GOING, kek=kek, why=why))
    public: dict[str, Json] = {"run": run, "kind": redaction.REDACTION, "class": row["class_"], "kek": kek, "into": into}
    await change.append(Entry(kind=Kind.REDACTION, at=now, subject=row["id"], public=public))


def _line_of(row: RowMapping, made: Made, spans: Spans, entry: int, now: Micros) -> dict[str, Any]:
    """The new row. Trouble that is of the call goes on; that of a header is mended in it."""
    before = msgspec.json.decode(row["spans"], type=list[Span]) if row["spans"] else []
    shown = [*before, *(Span("paused", since, until) for since, until in spans)]
    shown = sorted(shown, key=lambda each: (each.since, each.kind))[:SPANS_MOST]
    troubles = frozenset(Trouble(word) for word in row["trouble"].split(",") if word)
    return {name: row[name] for name in AS_IT_WAS} | {
        "id": made.line.id,
        "state": State.KEPT.value,
        "trouble": words(troubles - {Trouble.REPAIRED}),
        "spans": msgspec.json.encode(shown).decode(),
        "format": FORMAT,
        "rate": made.sound.rate,
        "sides": made.sound.sides,
        "length_ms": made.sound.length_ms,
        "silent": round(made.sound.silent_share * 1000),
        "peak_db": round(max(-96.0, made.sound.peak_db)),
        "bytes": made.size,
        "sha256": made.line.sha256,
        "container": made.stored.sha256,
        "container_bytes": made.stored.size,
        "derived": made.derived,
        "sealed_at": now,
        "sealed_entry": entry,
        "stored_at": now,
    }


def _sealed(run: str, row: RowMapping, made: Made, spans: Spans, kek: str, now: Micros) -> Entry:
    """Its seal: as every seal, and of what it was made, by whose word, and which stretches of it are silent."""
    public: dict[str, Json] = {
        "sha256": made.line.sha256.hex(),
        "bytes": made.size,
        "files": [{"side": "mixed", "sha256": made.line.sha256.hex(), "bytes": made.size}],
        "format": FORMAT,
        "rate": made.sound.rate,
        "sides": made.sound.sides,
        "length_ms": made.sound.length_ms,
        "began": row["began"],
        "class": row["class_"],
        "keep_until": row["keep_until"],
        "kek": kek,
        "derived_from": row["id"],
        "derived_sha256": row["sha256"].hex(),
        "redacted": [list(each) for each in spans],
        "run": run,
    }
    private: dict[str, Json] = {name: row[name] for name in ("node", "call", "leg", "direction", "agents", "queue", "campaign", "client")}
    return Entry(kind=Kind.SEAL, at=now, subject=made.line.id, public=public, private=private | {"number": row["number"]})
