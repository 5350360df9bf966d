"""Fixity: each copy read and compared with what was sealed, oldest check first, within a budget; a bad one named and repaired.

Not when (whoever calls, once a minute) and not the counting of rounds (`rounds.py`). It needs no key: what is compared is the hash of the
container. A copy is bad when it is missing, cannot be read, or twice does not have its hash; it is written anew from a good copy in another
vault, read back, and the log says so. When every vault answers and none has a good copy, the recording is quarantined; when a good one
turns up again, it is released. A vault that is away makes nothing bad. A vault that is new gets what the others have in the same way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import SECOND, Micros
from recordings import states
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import BAD, copies, recordings
from recordings.proof.entries import Entry, Json
from recordings.vault import rounds
from recordings.vault.port import CopyUnreadable, NotInVault, Vault, VaultAway, VaultTrouble, name_of
from recordings.words import Kind, State

LOOKED_AT: Final = (State.STORED, State.KEPT, State.DUE, State.QUARANTINED)
BATCH: Final = 32
"""Copies between two transactions: a killed process checks at most these again."""
RATE: Final = 20_000_000
"""Bytes a second: a tenth of what a slow disk reads, so that sealing and playing do not notice; 1.7 TB a day."""
AGAIN: Final[Micros] = 3600 * SECOND
"""A copy that could not be repaired is tried again after so long: a disk was full, the other vault was away."""
AGAIN_MOST: Final = 8
"""Of them, at a time; the next ones in the same call, while all of them were good again."""

REPAIRED, WAITING, QUARANTINED = "repaired", "waiting", "quarantined"
"""What a bad copy came to."""
NEW: Final[Micros] = 0
"""Last check of a copy that was never there."""


class Copy(NamedTuple):
    place: int
    id: str
    state: State
    began: Micros
    container: bytes
    bytes: int
    vault: int
    good: bool  # when it was last checked
    new: bool = False  # never there: the vault was set later

    @property
    def name(self) -> str:
        return name_of(self.id, self.began, "sound")


class Bad(NamedTuple):
    """A copy that is not what was sealed. `why`: missing, unreadable, other bytes. `first`: the first byte that differs, or -1.
    `came_to`: repaired; waiting, for another vault or for room; or quarantined, with its recording."""

    recording: str
    vault: int
    why: str
    first: int
    came_to: str
    source: int = -1
    reason: str = ""


@dataclass
class Checked:
    """What one call did. `ended`: the round's line in the log."""

    copies: int = 0
    bytes: int = 0
    bad: list[Bad] = field(default_factory=list)
    away: dict[int, str] = field(default_factory=dict)
    ended: int = -1


async def check(
    catalogue: Catalogue, vaults: Sequence[Vault], now: Callable[[], Micros], every: Micros, allowance: int = 60 * RATE
) -> Checked:
    """Checks what is due until so many bytes are read. `every`: a round is begun so long after the last one began."""
    done, by_number = Checked(), {vault.number: vault for vault in vaults}
    await rounds.wish(catalogue, vaults, now())
    while again := await _copies(catalogue, by_number, bad_since=now() - AGAIN):
        good = [await _one(catalogue, by_number, copy, now, done, 0) for copy in again]
        if not all(good) or any(copy.new for copy in again) or done.bytes >= allowance:
            break  # a folder that was restored is gone on with; what stays bad is not read all minute, and a new vault has the round
    while (line := await rounds.under_way(catalogue, by_number, every, now())) is not None:
        here = {number: vault for number, vault in by_number.items() if number not in done.away}
        found = await _copies(catalogue, here, before=line["began"])
        if not found:
            if not done.away:
                done.ended = (await rounds.end(catalogue, vaults, line["number"], now()))["entry"]
            break
        await _batch(catalogue, by_number, found, now, done, line["number"], allowance)
        if done.bytes >= allowance:
            break
    return done


async def _batch(
    catalogue: Catalogue,
    vaults: Mapping[int, Vault],
    found: list[Copy],
    now: Callable[[], Micros],
    done: Checked,
    number: int,
    allowance: int,
) -> None:
    """The good ones of them are written down together."""
    good = list[Copy]()
    for copy in found:
        if done.bytes >= allowance:
            break
        if copy.vault in done.away:
            continue
        if copy.good and copy.state is not State.QUARANTINED and await _is_good(vaults, copy, done):
            good.append(copy)
        elif copy.vault not in done.away:
            await _one(catalogue, vaults, copy, now, done, number)
    if good:
        async with catalogue.change() as change:
            await _write(change.connection, good, now(), good=True)
            await rounds.count(change, number, checked=len(good), bytes=sum(copy.bytes for copy in good))


async def _is_good(vaults: Mapping[int, Vault], copy: Copy, done: Checked) -> bool:
    """Counts it, if so."""
    try:
        found = await asyncio.to_thread(vaults[copy.vault].digest, copy.name)
    except (NotInVault, CopyUnreadable):
        return False
    except VaultAway as fault:
        done.away[copy.vault] = str(fault)
        return False
    if found == copy.container:
        done.copies, done.bytes = done.copies + 1, done.bytes + copy.bytes
        return True
    return False


async def _one(
    catalogue: Catalogue, vaults: Mapping[int, Vault], copy: Copy, now: Callable[[], Micros], done: Checked, number: int
) -> bool:
    """One that is bad, was bad, or is of a recording in quarantine: whether it is good by now."""
    done.copies, done.bytes = done.copies + 1, done.bytes + copy.bytes
    try:
        why = await asyncio.to_thread(_wrong, vaults[copy.vault], copy)
    except VaultAway as fault:
        done.away[copy.vault] = str(fault)
        return False
    bad = None if not why else await asyncio.to_thread(_mend, vaults, copy, why)
    async with catalogue.change() as change:
        as_it_is = await _now(change.connection, copy)
        if as_it_is is not None:
            await _said(change, as_it_is, bad, now())
            if number:
                counts = {"bad": 1, "repaired": int(bad.came_to == REPAIRED)} if bad is not None and not copy.new else {}
                await rounds.count(change, number, checked=1, bytes=copy.bytes, **counts)
    if bad is not None:
        if not copy.new:
            done.bad.append(bad)
        if as_it_is is None and bad.came_to == REPAIRED:  # disposed of in between: what was just put there goes, too
            await asyncio.to_thread(vaults[copy.vault].remove, copy.name)
    return as_it_is is not None and (bad is None or bad.came_to == REPAIRED)


async def _said(change: Change, copy: Copy, bad: Bad | None, now: Micros) -> None:
    """Copy, state and log together."""
    is_good = bad is None or bad.came_to == REPAIRED
    falls = bad is not None and bad.came_to == QUARANTINED and (copy.state, State.QUARANTINED) in states.STEPS
    await _write(change.connection, [copy], now, good=is_good)
    if bad is not None and (is_good or copy.good or falls) and not copy.new:
        await change.append(_entry(copy, bad, now))  # not again each hour that it cannot be repaired
    if falls:
        await _move(change.connection, copy, State.QUARANTINED)
    if is_good and copy.state is State.QUARANTINED:
        await _move(change.connection, copy, State.KEPT)
        await change.append(Entry(kind=Kind.FIXITY, at=now, subject=copy.id, public={"what": "released", "vault": copy.vault}))


async def _move(connection: AsyncConnection, copy: Copy, to: State) -> None:
    states.step(copy.state, to)
    await connection.execute(update(recordings).where(recordings.c.place == copy.place).values(state=to))


def _entry(copy: Copy, bad: Bad, now: Micros) -> Entry:
    public: dict[str, Json] = {"what": bad.came_to, "vault": bad.vault, "why": bad.why, "container": copy.container.hex()}
    public |= {name: value for name, value in (("first", bad.first), ("source", bad.source)) if value >= 0}
    return Entry(kind=Kind.FIXITY, at=now, subject=copy.id, public=public, private={"reason": bad.reason} if bad.reason else {})


# ------------------------------------------------------------------ in a thread


def _wrong(vault: Vault, copy: Copy) -> str:
    """What is wrong with it; empty: nothing. Raises VaultAway. Read twice: what a cable or memory spoils once is no bad copy."""
    for _ in range(2):
        try:
            if vault.digest(copy.name) == copy.container:
                return ""
        except NotInVault:
            return "missing"
        except CopyUnreadable:
            return "unreadable"
    return "other bytes"


def _mend(vaults: Mapping[int, Vault], copy: Copy, why: str) -> Bad:
    bad, away = vaults[copy.vault], ""
    for number, other in vaults.items():
        if number == copy.vault:
            continue
        try:
            if _wrong(other, copy):
                continue
            first = _first_difference(bad, other, copy.name) if why == "other bytes" else -1
            bad.store(copy.name, other.pieces(copy.name), copy.container)
            return Bad(copy.id, copy.vault, why, first, REPAIRED, number)
        except VaultTrouble as fault:
            away = str(fault)
    if away or (copy.state, State.QUARANTINED) not in states.STEPS:
        return Bad(copy.id, copy.vault, why, -1, WAITING, reason=away)
    return Bad(copy.id, copy.vault, why, -1, QUARANTINED)


def _first_difference(bad: Vault, good: Vault, name: str) -> int:
    """Where they part; -1: it cannot be said."""
    try:
        offset = 0
        for ours, theirs in _side_by_side(bad.pieces(name), good.pieces(name)):
            if ours != theirs:
                return offset + next(
                    (at for at, (one, two) in enumerate(zip(ours, theirs, strict=False)) if one != two), min(len(ours), len(theirs))
                )
            offset += len(ours)
    except VaultTrouble:
        pass
    return -1


def _side_by_side(first: Iterator[bytes], second: Iterator[bytes]) -> Iterator[tuple[bytes, bytes]]:
    while True:
        ours, theirs = next(first, b""), next(second, b"")
        if not ours and not theirs:
            return
        yield ours, theirs


# ------------------------------------------------------------------ the catalogue


async def _copies(catalogue: Catalogue, vaults: Iterable[int], before: Micros = 0, bad_since: Micros = 0) -> list[Copy]:
    """Checked longest ago; or the bad ones that are to be tried again. Asked for vault by vault: lines of one that is not set any more stay
    where they are, and are not gone through."""
    most = BATCH if before else AGAIN_MOST
    async with catalogue.reading() as connection:
        found = [row for vault in vaults for row in await connection.execute(_due(vault, before, bad_since).limit(most))]
    found.sort(key=lambda row: (row.checked_at, row.place))
    return [
        Copy(
            row.place,
            row.id,
            State(row.state),
            row.began,
            bytes(row.container),
            row.container_bytes,
            row.vault,
            row.good,
            row.checked_at == NEW,
        )
        for row in found[:most]
    ]


def _due(vault: int, before: Micros, bad_since: Micros) -> Select[Any]:
    columns = (recordings.c.place, recordings.c.id, recordings.c.state, recordings.c.began, recordings.c.container)
    due = copies.c.checked_at < before if before else BAD & (copies.c.checked_at < bad_since)
    here = due & (copies.c.vault == vault) & recordings.c.state.in_(LOOKED_AT) & recordings.c.container.is_not(None)
    lines = select(*columns, recordings.c.container_bytes, copies.c.vault, copies.c.good, copies.c.checked_at)
    return lines.join(recordings, recordings.c.place == copies.c.recording).where(here).order_by(copies.c.checked_at, copies.c.recording)


async def _now(connection: AsyncConnection, copy: Copy) -> Copy | None:
    """In the state it is in by now; None: disposed of, lost, or another container."""
    wanted = select(recordings.c.state, recordings.c.container).where(recordings.c.place == copy.place)
    row = (await connection.execute(wanted)).one_or_none()
    if row is None or row.state not in LOOKED_AT or bytes(row.container or b"") != copy.container:
        return None
    return copy._replace(state=State(row.state))


async def _write(connection: AsyncConnection, found: Sequence[Copy], now: Micros, good: bool) -> None:
    one = (copies.c.recording == bindparam("place")) & (copies.c.vault == bindparam("number"))
    lines = [{"place": copy.place, "number": copy.vault} for copy in found]
    await connection.execute(update(copies).where(one).values(checked_at=now, good=good), lines)
