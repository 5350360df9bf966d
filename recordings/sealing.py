"""One recording from its files in a spool into the archive: sealed, stored, settled. Each step may be done again at any time.

Not when a file is complete (`spool/waiting.py`), not in which order and how many at a time (`archivist.py`). The id is made of the node,
the name and the bytes, so a file that is found again is the recording that it was. A step does its work on files first and ends with one
transaction that moves the state and appends to the log; killed in between, it is done anew, and what lies in a vault under the same name is
replaced. The file in the spool goes last: after each vault gave back what was written to it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import structlog
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings import sealing_lines as lines
from recordings.calls.linking import Link, names, uniqueids
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.lines import is_doubled
from recordings.catalogue.lines import keep as keep_line
from recordings.catalogue.patient import to_the_end
from recordings.catalogue.schema import UNUSUAL, calls, copies, recordings
from recordings.catalogue.schema import log as logged
from recordings.crypt.keeping import current, keep_key, key_of
from recordings.crypt.ring import new_key, wrap
from recordings.crypt.stores import KeyStores, StoreAway
from recordings.recording import recording_id
from recordings.retention.clocks import Clocks, class_named, class_of, disposal_month, keeping
from recordings.sealing_captures import forget_captures, put_capture
from recordings.sealing_copies import Copies
from recordings.sealing_files import AsCaptured, Hashes
from recordings.sealing_sound import Heard, heard
from recordings.states import step
from recordings.vault.port import Vault
from recordings.wanted import Wanted
from recordings.words import STATES_GONE, RecordingId, State

T = TypeVar("T")
GOES_ON: Final = frozenset({State.CAPTURED, State.STORED, State.KEPT})
"""A recording in one of these that is found in a spool goes on from there. In any other it is a copy that should not be there."""

log = structlog.get_logger()


class RecordingKeyLost(StoreAway):
    """The stores answer, and none has it: this recording's trouble, and no other's."""


class Line(NamedTuple):
    """What the steps need of a recording's row."""

    place: int
    id: RecordingId
    state: State
    began: Micros
    sha256: bytes
    format: str
    class_: str
    keep_until: Micros
    node: str
    sealed_entry: int
    container: bytes | None


class Sealing:
    """`wanted`: the plan in force; `digest`: the floor's keyed digest of names; `work`: for what is too large for memory."""

    def __init__(
        self,
        catalogue: Catalogue,
        vaults: Sequence[Vault],
        stores: KeyStores,
        wanted: Callable[[], Wanted],
        digest: Callable[[str], str],
        timezone: str,
        work: Path,
        clock: Callable[[], Micros],
    ) -> None:
        self._catalogue, self._copies, self._stores = catalogue, Copies(vaults, work), stores
        self._wanted, self._digest, self._timezone, self._clock = wanted, digest, timezone, clock

    async def whole(self, node: str, files: AsCaptured, link: Link | None, taken: str = "") -> Line:
        """All steps that are left. `taken`: the recording that these files are of, as far as was written down.

        Raises Changed, Ending, VaultTrouble, StoreAway, HistoryAway, OSError."""
        hashes = await in_thread(files.hashes)
        id_ = recording_id(node, files.group.key, hashes.whole)
        if taken and taken != id_:
            part = await self._part_of(RecordingId(taken), hashes)
            if part is not None:  # killed when one of several files was removed already
                return await self._rest(node, part, files)
        known = await self.line(id_)
        line = known or await self.seal(node, files, hashes, id_, link)
        if line.state is State.LOST and not line.container:
            line = await self.find(node, line, files)
        if line.state is State.CAPTURED:
            line = await self.store(line, files)
        if line.state is State.STORED:
            line = await self.settle(line, files, sure=known is None or known.state is not State.STORED)
        elif line.state is State.KEPT:
            await self._leave_spool(node, line, files)
        return line

    # ---------------------------------------------------------------- seal

    async def seal(self, node: str, files: AsCaptured, hashes: Hashes, id_: RecordingId, link: Link | None) -> Line:
        """None to CAPTURED."""
        sounds = await in_thread(_heard, files)
        facts = self._facts(id_, node, files, hashes, sounds, link)
        month, key = disposal_month(facts.keeping.keep_until, self._timezone), new_key()
        kek = await current(self._catalogue, self._stores, facts.class_, month)
        step(None, State.CAPTURED)
        async with self._catalogue.change() as change:
            known = await _line(change.connection, id_)
            if known is not None:
                return known
            now = self._clock()
            doubled = link is not None and await is_doubled(change.connection, link.card, link.leg)
            troubles = lines.troubles_of(sounds.troubles, sounds.sound, link, self._wanted().rules, doubled)
            facts = lines.with_troubles(facts, troubles)
            entry = await change.append(lines.sealed(facts, kek.name, now))
            place = await keep_line(change.connection, lines.line_of(facts, now, entry))
            await keep_key(change, place, kek.name, wrap(kek.key, key))
            await self._taken(change.connection, node, files, id_, now)
            made = await _line(change.connection, id_)
        assert made is not None, "it was written in this transaction"
        return made

    def _facts(self, id_: RecordingId, node: str, files: AsCaptured, hashes: Hashes, sounds: Heard, link: Link | None) -> lines.Facts:
        wanted, changed = self._wanted(), files.changed_ns // 1_000
        card = link.card if link is not None else None
        class_ = class_of(card, wanted.campaign(card.campaign), wanted.rules) if card is not None else ""
        clocks = Clocks(timezone=self._timezone, call=lines.began_of(changed, sounds.sound))
        return lines.Facts(
            id=id_,
            node=node,
            size=hashes.size,
            sha256=hashes.whole,
            files={side: (sha, files.originals[side].size) for side, sha in hashes.files.items()},
            format=files.format(sounds.sound.format),
            sound=sounds.sound,
            troubles=sounds.troubles,
            changed=changed,
            class_=class_,
            keeping=keeping(class_named(class_, wanted.rules), clocks, self._clock()),
            link=link,
            names=tuple(self._digest(each) for each in names(files.names[0])),
            uniqueids=uniqueids(files.names[0]),
        )

    async def _taken(self, connection: AsyncConnection, node: str, files: AsCaptured, id_: RecordingId, now: Micros) -> None:
        for original in files.originals.values():
            await put_capture(connection, node, self._digest, original.found, "taken", id_, now)

    # ---------------------------------------------------------------- store

    async def store(self, line: Line, files: AsCaptured) -> Line:
        """CAPTURED to STORED: encrypted into every vault, each copy read back. Raises Changed for other bytes."""
        step(line.state, State.STORED)
        stored = await in_thread(self._copies.store, line, files, await self._key(line))
        async with self._catalogue.change() as change:
            if (there := await _moved(change.connection, line)) is not None:
                return there  # the transaction of a life before this one was committed after all
            now = self._clock()
            await _copied(change.connection, line.place, self._copies.numbers, now)
            await change.append(lines.stored(line.id, stored.sha256, stored.size, self._copies.numbers, now))
            more = {"stored_at": now, "container": stored.sha256, "container_bytes": stored.size}
            await _move(change.connection, line, State.STORED, **more)
        return line._replace(state=State.STORED, container=stored.sha256)

    async def _store_again(self, line: Line, files: AsCaptured, key: bytes) -> None:
        """A vault does not have it any more, or was set later: into every vault, before its file goes. Raises Changed for other bytes."""
        log.warning("A vault does not have a recording that was stored; it is stored again from its file.")
        stored = await in_thread(self._copies.store, line, files, key)
        assert stored.sha256 == line.container, "the same key and bytes give the same container"
        async with self._catalogue.change() as change:
            there = await _line(change.connection, line.id)
            if there is not None and there.state not in STATES_GONE:
                await _copied(change.connection, line.place, self._copies.numbers, self._clock())

    async def _key(self, line: Line) -> bytes:
        """It is kept in the transaction that seals. Raises RecordingKeyLost, StoreAway."""
        key = await key_of(self._catalogue, line.place, self._stores)
        if key is None:
            raise RecordingKeyLost("keys.lost.recording", recording=line.id)
        return key

    # ---------------------------------------------------------------- settle

    async def settle(self, line: Line, files: AsCaptured | None, *, sure: bool = True) -> Line:
        """STORED to KEPT: derivatives, then the spool file goes. `files` None: they are gone, and the vaults have what they were.
        `sure`: the vaults were written in this life; else each copy is read first, and written again where it is not whole."""
        step(line.state, State.KEPT)
        key = await self._key(line)
        if files is not None and not sure and not await in_thread(self._copies.has, line, line.container):
            await self._store_again(line, files, key)
        derived = await in_thread(self._copies.derive, line, files, key)
        gone = files is None or await self._remove(files)
        async with self._catalogue.change() as change:
            if (there := await _moved(change.connection, line)) is not None:
                return there
            await _move(change.connection, line, State.KEPT, derived=derived)
            if gone:
                await forget_captures(change.connection, line.id)
        return line._replace(state=State.KEPT)

    async def _part_of(self, id_: RecordingId, hashes: Hashes) -> Line | None:
        """The recording that all of these files are in, if vaults have it."""
        line = await self.line(id_)
        if line is None or line.state not in (State.STORED, State.KEPT):
            return None
        async with self._catalogue.reading() as connection:
            found = await connection.execute(select(logged.c.leaf).where(logged.c.index == line.sealed_entry))
            leaf = found.scalar_one_or_none()
        sealed = {each["sha256"] for each in json.loads(leaf)["public"]["files"]} if leaf else set()
        return line if all(sha.hex() in sealed for sha in hashes.files.values()) else None

    async def _rest(self, node: str, line: Line, files: AsCaptured) -> Line:
        if line.state is State.STORED:
            line = await self.settle(line, None)
        await self._leave_spool(node, line, files, whole=False)
        return line

    async def _leave_spool(self, node: str, line: Line, files: AsCaptured, *, whole: bool = True) -> None:
        """Kept already, and its file is here: it could not be removed, or came back. It goes when every vault has the recording, and may
        be the last that there is of it. Not `whole`: a part of its files, of which it cannot be stored again; fixity may mend it."""
        there = await in_thread(self._copies.has, line, line.container)
        if not there and whole:
            key = await self._key(line)
            await self._store_again(line, files, key)
            await in_thread(self._copies.derive, line, files, key)
            there = True
        gone = there and await self._remove(files)
        async with self._catalogue.change() as change:
            if gone:
                await forget_captures(change.connection, line.id)
            else:
                await self._taken(change.connection, node, files, line.id, self._clock())

    async def _remove(self, files: AsCaptured) -> bool:
        """Whether nothing of it is in the spool any more. What could not be removed stays in the captures, and is not read again."""
        try:
            if await in_thread(files.remove):
                return True
            log.info("A file in the spool is another one than was sealed; it becomes a recording of its own.")
        except OSError as error:
            log.warning(f"A recording that is kept cannot be removed from the spool ({error.strerror}); let Andon write into its folders.")
        return False

    # ---------------------------------------------------------------- gone before it was stored

    async def lose(self, line: Line, why: str) -> None:
        """CAPTURED to LOST: an incident, said in the log."""
        step(line.state, State.LOST)
        async with self._catalogue.change() as change:
            if await _moved(change.connection, line) is not None:
                return
            await change.append(lines.lost(line.id, why, self._clock()))
            await _move(change.connection, line, State.LOST)
            await forget_captures(change.connection, line.id)

    async def find(self, node: str, line: Line, files: AsCaptured) -> Line:
        """LOST to CAPTURED: its file is back. Its call is looked at again."""
        step(line.state, State.CAPTURED)
        call = select(recordings.c.call).where(recordings.c.place == line.place).scalar_subquery()
        missing = (calls.c.node == line.node) & (calls.c.call == call) & (calls.c.standing == "missing")
        async with self._catalogue.change() as change:
            if (there := await _moved(change.connection, line)) is not None:
                return there
            now = self._clock()
            await change.append(lines.found(line.id, now))
            await _move(change.connection, line, State.CAPTURED)
            await change.connection.execute(update(calls).where(missing).values(standing="open"))
            await self._taken(change.connection, node, files, line.id, now)
        return line._replace(state=State.CAPTURED)

    async def unfinished(self, nodes: Collection[str], most: int) -> list[Line]:
        """Those of these nodes that are sealed and not yet kept, oldest first."""
        columns = [recordings.c[name] for name in COLUMNS]
        wanted = recordings.c.state.in_([State.CAPTURED.value, State.STORED.value]) & UNUSUAL & recordings.c.node.in_(nodes)
        order = (recordings.c.began, recordings.c.place)
        async with self._catalogue.reading() as connection:
            found = await connection.execute(select(*columns).where(wanted).order_by(*order).limit(most))
            return [_as_line(row) for row in found]

    async def line(self, id_: RecordingId) -> Line | None:
        async with self._catalogue.reading() as connection:
            return await _line(connection, id_)


# -------------------------------------------------------------------- rows

COLUMNS: Final = ("place", "id", "state", "began", "sha256", "format", "class_", "keep_until", "node", "sealed_entry", "container")


def _as_line(row: Sequence[object]) -> Line:
    return Line(*row)._replace(state=State(row[2]))  # type: ignore[arg-type]


async def _line(connection: AsyncConnection, id_: RecordingId) -> Line | None:
    columns = [recordings.c[name] for name in COLUMNS]
    row = (await connection.execute(select(*columns).where(recordings.c.id == id_))).one_or_none()
    return None if row is None else _as_line(row)


async def _moved(connection: AsyncConnection, line: Line) -> Line | None:
    """The line, where somebody moved its state since it was read."""
    there = await _line(connection, line.id)
    return None if there is None or there.state is line.state else there


async def _copied(connection: AsyncConnection, place: int, vaults: Sequence[int], now: Micros) -> None:
    """Each of these vaults gave it back just now."""
    await connection.execute(delete(copies).where(copies.c.recording == place, copies.c.vault.in_(vaults)))
    rows = [{"recording": place, "vault": number, "checked_at": now, "good": True} for number in vaults]
    await connection.execute(insert(copies), rows)


async def _move(connection: AsyncConnection, line: Line, state: State, **more: object) -> None:
    await connection.execute(update(recordings).where(recordings.c.place == line.place).values(state=state.value, **more))


async def in_thread(work: Callable[..., T], *arguments: object) -> T:
    """Done to its end also when who asked is cancelled: it holds files open."""
    return await to_the_end(asyncio.to_thread(work, *arguments))


def _heard(files: AsCaptured) -> Heard:
    return heard({side: (original, original.found.name) for side, original in files.originals.items()})
