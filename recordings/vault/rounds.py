"""Rounds of fixity: begun when they are due, counted, ended with an entry in the log; and containers that no line of the catalogue knows.

Not how a copy is checked (`fixity.py`). What is astray is reported and never deleted: a catalogue restored from an old backup knows
less than its vaults.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import copies, health, recordings
from recordings.proof.entries import Entry, Json
from recordings.retention.tables import redactions
from recordings.vault.port import Vault, VaultAway, VaultTrouble, recording_of
from recordings.vault.tables import rounds
from recordings.words import STATES_GONE, Kind, State

NAMES_AT_ONCE: Final = 500
"""Names asked of the catalogue in one query: SQLite takes at least 999 values in one."""
LINES_AT_ONCE: Final = 10_000
"""Lines of copies in one transaction: a tenth of a second."""
SHOWN: Final = 20
"""Of what is astray, as many names are written down; the number is."""
STRAYS: Final = "strays"
"""Name in `archive_health`."""
FILLED: Final = "filled:"
"""Names in `archive_health`, with the vault's number: the place up to which each recording has a line for this vault."""


class Strays(NamedTuple):
    """`names` with the vault's number before: `0:2026/11/28/ID.sound`, the first ones."""

    total: int
    names: tuple[str, ...]


async def under_way(catalogue: Catalogue, vaults: Iterable[int], every: Micros, now: Micros) -> dict[str, Any] | None:
    """The round that is being done; begun, when the last one began so long ago, or a new vault waits. None: nothing is due."""
    last = await _last(catalogue)
    if last is not None and not last["ended"]:
        return dict(last)
    if last is not None and last["began"] + every > now and not await _wished(catalogue, vaults):
        return None
    number = last["number"] + 1 if last is not None else 1
    async with catalogue.change() as change:
        if (await change.connection.execute(select(rounds.c.number).where(rounds.c.number == number))).first() is None:
            await change.connection.execute(insert(rounds).values(number=number, began=now))
    last = await _last(catalogue)
    return dict(last) if last is not None and not last["ended"] else None


async def _last(catalogue: Catalogue) -> RowMapping | None:
    async with catalogue.reading() as connection:
        return (await connection.execute(select(rounds).order_by(rounds.c.number.desc()).limit(1))).mappings().first()


async def _wished(catalogue: Catalogue, vaults: Iterable[int]) -> bool:
    here = (copies.c.checked_at == 0) & copies.c.vault.in_(vaults) & recordings.c.state.not_in(STATES_GONE)
    wanted = select(copies.c.recording).join(recordings, recordings.c.place == copies.c.recording).where(here).limit(1)
    async with catalogue.reading() as connection:
        return (await connection.execute(wanted)).first() is not None


async def count(change: Change, number: int, **more: int) -> None:
    await change.connection.execute(
        update(rounds).where(rounds.c.number == number).values({name: rounds.c[name] + value for name, value in more.items()})
    )


async def end(catalogue: Catalogue, vaults: Sequence[Vault], number: int, now: Micros) -> dict[str, Any]:
    """Every copy was checked: it is said so in the log. May be done again."""
    astray = await strays(catalogue, vaults)
    async with catalogue.change() as change:
        connection, here = change.connection, rounds.c.number == number
        line = dict((await connection.execute(select(rounds).where(here))).mappings().one())
        if not line["ended"]:
            line |= {"ended": now, "strays": astray.total}
            line["entry"] = await change.append(_entry(line, astray))
            await connection.execute(update(rounds).where(here).values({name: line[name] for name in ("ended", "strays", "entry")}))
            await connection.execute(delete(health).where(health.c.name == STRAYS))
            await connection.execute(insert(health).values(name=STRAYS, value=astray.total, text=" ".join(astray.names), at=now))
    return line


def _entry(line: dict[str, Any], astray: Strays) -> Entry:
    public: dict[str, Json] = {"what": "round", "strays_shown": list(astray.names)}
    public |= {name: int(line[name]) for name in ("number", "began", "checked", "bytes", "bad", "repaired", "strays")}
    return Entry(kind=Kind.FIXITY, at=line["ended"], subject=f"round-{line['number']}", public=public)


async def wish(catalogue: Catalogue, vaults: Iterable[Vault], now: Micros) -> int:
    """A line for each copy that another vault has and this one should: it was set later. Fixity makes them true. Up to which place that
    was asked is written down for each vault, in the transaction of its lines: what comes later is stored in all vaults that are set."""
    lines, vaults = 0, list(vaults)
    await _forget_unset(catalogue, {FILLED + str(each.number) for each in vaults})
    for each in vaults:
        name = FILLED + str(each.number)
        async with catalogue.reading() as connection:
            filled = int((await connection.execute(select(health.c.value).where(health.c.name == name))).scalar() or 0)
            last = (await connection.execute(select(func.max(copies.c.recording)))).scalar() or 0
            known = (await connection.execute(select(copies.c.vault).where(copies.c.vault == each.number).limit(1))).first()
        if filled >= last:
            continue
        try:
            if known is None:  # else it is one already, and nothing is made of a disk that is not there
                await asyncio.to_thread(each.prepare)
        except VaultTrouble:
            continue  # once it is there
        for begin in range(filled, last, LINES_AT_ONCE):
            end = min(begin + LINES_AT_ONCE, last)
            async with catalogue.change() as change:
                lines += await _fill(change.connection, each.number, begin + 1, end)
                await change.connection.execute(delete(health).where(health.c.name == name))
                await change.connection.execute(insert(health).values(name=name, value=end, at=now))
    return lines


async def _fill(connection: AsyncConnection, vault: int, first: int, last: int) -> int:
    here = copies.alias()
    has = select(here.c.recording).where(here.c.recording == copies.c.recording, here.c.vault == vault).exists()
    missing = select(copies.c.recording).distinct().where(copies.c.recording.between(first, last), ~has)
    places = (await connection.execute(missing)).scalars().all()
    if places:
        rows = [{"recording": place, "vault": vault, "checked_at": 0, "good": False} for place in places]
        await connection.execute(insert(copies), rows)
    return len(places)


async def _forget_unset(catalogue: Catalogue, names: set[str]) -> None:
    """A vault that is not set misses what is stored meanwhile: it is asked from the beginning when it is set again."""
    async with catalogue.reading() as connection:
        known = (await connection.execute(select(health.c.name).where(health.c.name.like(f"{FILLED}%")))).scalars().all()
    if unset := [name for name in known if name not in names]:
        async with catalogue.change() as change:
            await change.connection.execute(delete(health).where(health.c.name.in_(unset)))


async def strays(catalogue: Catalogue, vaults: Sequence[Vault]) -> Strays:
    """Containers of recordings that are in no line, or disposed of by the catalogue's word. What is left of one that is lost is not astray:
    a court may want it, and it goes by a disposal; nor is what a redaction writes, which takes a line with it or is removed
    (`retention/unmade.py`). A vault that is away has none."""
    total, shown = 0, list[str]()
    for vault in vaults:
        names = vault.names()
        while some := await asyncio.to_thread(_some, names):
            async with catalogue.reading() as connection:
                ids = {recording_of(name)[0] for name in some}
                known = select(recordings.c.id).where(recordings.c.id.in_(ids), recordings.c.state != State.DISPOSED.value)
                there = set((await connection.execute(known)).scalars())
                written = select(redactions.c.id).where(redactions.c.id.in_(ids), redactions.c.made == 0)
                there |= set((await connection.execute(written)).scalars())
            astray = [f"{vault.number}:{name}" for name in some if recording_of(name)[0] not in there]
            total += len(astray)
            shown += astray[: SHOWN - len(shown)]
    return Strays(total, tuple(shown))


def _some(names: Iterator[str]) -> list[str]:
    try:
        return list(islice(names, NAMES_AT_ONCE))
    except VaultAway:
        return []
