"""Wrapped keys in the catalogue: kept, read, moved to another key of keys, forgotten for good.

Not the wrapping (`ring.py`) and not where keys of keys lie (`stores.py`). Forgetting a recording means that the key of keys that
wrapped it goes, everywhere, since a backup of the catalogue may have the wrapped key for ever. In this order, each step a transaction
or one that may be done again, so that a killed process leaves nothing half done that the next call does not finish:
    1. the wrapped keys are deleted, and their keys of keys are marked as retired: nothing is wrapped with them any more
    2. whatever else they wrap is wrapped with the newest of the same class and month, and where it went is noted beside the keys
    3. they are destroyed in every store
    4. that is written down and goes into the log
A store that is away leaves it at 3; `finish` goes on from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Row, delete, func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.batches import by
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import keys
from recordings.crypt.moves import Moved, name_of
from recordings.crypt.ring import KekName, WrongKey, kek_name, kek_parts, unwrap, wrap
from recordings.crypt.store_faults import KeyDestroyed, KeysDisagree, StoreAway
from recordings.crypt.stores import Gone, KeyStores, all_gone
from recordings.crypt.tables import forgotten, former, retired
from recordings.proof.entries import Entry, Json
from recordings.words import Kind

BATCH: Final = 500
"""Keys wrapped anew in one transaction: some milliseconds in which nobody else may change the catalogue."""
TRIES: Final = 20
"""A key of keys that is retired between being chosen and being used is a disposal at the same moment; twenty in a row are a bug."""


class KekRetired(StoreAway):
    """The key of keys was retired a moment ago: the step is to be done again, and finds a newer one."""


class KeyLost(StoreAway):
    """Recordings are wrapped with a key of keys that no store has and nobody destroyed: the stores must be restored."""


class Kek(NamedTuple):
    name: str
    key: bytes


class DestroyedKek(NamedTuple):
    """`successor`: empty where nothing else was wrapped. `at`: 0 where a store still has it, and `stores` say why."""

    kek: str
    at: Micros
    successor: str
    kept: int
    stores: tuple[Gone, ...]
    entry: int


class Destroyed(NamedTuple):
    """What forgetting came to. `never`: recordings that had no key, now or before."""

    keks: tuple[DestroyedKek, ...]
    of: dict[int, tuple[str, ...]]
    never: tuple[int, ...]

    @property
    def complete(self) -> bool:
        """Every key of keys that ever wrapped one of them is gone in every store."""
        return all(each.at for each in self.keks)


# ------------------------------------------------------------------ one recording


async def current(catalogue: Catalogue, stores: KeyStores, class_: str, month: str) -> Kek:
    """The newest key of keys of a class and month, made where there is none. Raises StoreAway, KeyLost."""
    stem = kek_name(class_, month, 1).removesuffix("1")
    async with catalogue.reading() as connection:
        gone = set((await connection.execute(select(retired.c.kek).where(_begins(retired.c.kek, stem)))).scalars())
    alive, dead = await asyncio.to_thread(lambda: (stores.names(), stores.tombstones()))
    versions = {kek_parts(name).version for name in alive if name.startswith(stem) and name not in gone}
    if versions:
        name = kek_name(class_, month, max(versions))
        key = await asyncio.to_thread(stores.get, name)
        if key is not None:
            return Kek(name, key)
    used = [kek_parts(each).version for each in (*alive, *dead, *gone) if each.startswith(stem)]
    name = kek_name(class_, month, max(used, default=0) + 1)
    async with catalogue.reading() as connection:
        empty = not alive and not dead  # a new archive, or disks that are not there
        wraps = (await connection.execute(select(keys.c.recording).where(true() if empty else keys.c.kek == name).limit(1))).first()
    if wraps is not None:
        raise KeyLost("keys.lost.any") if empty else KeyLost("keys.lost", name=name)
    try:
        return Kek(name, await asyncio.to_thread(stores.make, name))
    except KeyDestroyed as fault:
        raise KekRetired("keys.retired", name=name) from fault


async def keep_key(change: Change, place: int, kek: str, wrapped: bytes) -> None:
    """Its only one. Raises KekRetired."""
    await _still_used(change.connection, kek)
    await change.connection.execute(delete(keys).where(keys.c.recording == place))
    await change.connection.execute(insert(keys).values(recording=place, kek=kek, wrapped=wrapped))


async def key_of(catalogue: Catalogue, place: int, stores: KeyStores) -> bytes | None:
    """None: there is none, or it was forgotten. A store may take longer than a transaction. Raises HistoryAway, StoreAway, WrongKey."""
    async with catalogue.reading() as connection:
        row = (await connection.execute(select(keys.c.kek, keys.c.wrapped).where(keys.c.recording == place))).one_or_none()
    if row is None:
        return None
    kek = await asyncio.to_thread(stores.get, row.kek)
    return None if kek is None else unwrap(kek, row.wrapped)


async def rekey(catalogue: Catalogue, stores: KeyStores, places: Sequence[int], class_: str, month: str) -> int:
    """Wraps their keys with that of another class or month; says how many were not yet. The caller logs why. Raises StoreAway, WrongKey."""
    stem, moved = kek_name(class_, month, 1).removesuffix("1"), 0
    for some in by(BATCH, places):
        here = keys.c.recording.in_(some) & ~_begins(keys.c.kek, stem)
        moved += await _wrap_anew(catalogue, stores, here, KekName(class_, month, 0), remember=True)
    return moved


# ------------------------------------------------------------------ forgetting


async def forget(catalogue: Catalogue, stores: KeyStores, places: Sequence[int], now: Callable[[], Micros]) -> Destroyed:
    """Nobody can read these recordings any more. May be done again, and says the same. Raises StoreAway where step 2 needs a store,
    KeyLost, WrongKey; a store that only does not destroy is in the answer."""
    async with catalogue.change() as change:
        for some in by(BATCH, places):
            await delete_keys(change.connection, some, now())
    of: dict[int, list[str]] = {}
    async with catalogue.reading() as connection:
        for some in by(BATCH, places):
            for row in await connection.execute(select(forgotten.c.recording, forgotten.c.kek).where(forgotten.c.recording.in_(some))):
                of.setdefault(row.recording, []).append(row.kek)
    names = sorted({kek for keks in of.values() for kek in keks})
    keks = [await _finish(catalogue, stores, name, now) for name in names]
    never = tuple(place for place in places if place not in of)
    return Destroyed(tuple(keks), {place: tuple(sorted(found)) for place, found in of.items()}, never)


async def unkeyed(connection: AsyncConnection, places: Sequence[int]) -> int:
    """How many of these, which were forgotten, never had a key."""
    had = 0
    for some in by(BATCH, places):
        known = select(func.count(forgotten.c.recording.distinct())).where(forgotten.c.recording.in_(some))
        had += int((await connection.execute(known)).scalar_one())
    return len(places) - had


async def exchange(catalogue: Catalogue, stores: KeyStores, kek: str, now: Callable[[], Micros]) -> DestroyedKek:
    """A new key of keys in place of this one, which is destroyed; every recording stays readable. Raises as `forget`."""
    kek_parts(kek)
    async with catalogue.change() as change:
        await _retire(change.connection, {kek}, now())
    return await _finish(catalogue, stores, kek, now)


async def finish(catalogue: Catalogue, stores: KeyStores, now: Callable[[], Micros]) -> list[DestroyedKek]:
    """Whatever a killed process or a store that was away left; and what a restored store brought back. At the start, and now and then.

    One that cannot be finished does not keep the others: its fault is raised after them. Raises as `forget`."""
    await asyncio.to_thread(stores.sweep)
    await take_up(catalogue, stores)
    await _again(catalogue, stores, now)
    async with catalogue.reading() as connection:
        names = list((await connection.execute(select(retired.c.kek).where(retired.c.destroyed_at == 0).order_by(retired.c.kek))).scalars())
    done: list[DestroyedKek] = []
    faults: list[Exception] = []
    for name in names:
        try:
            done.append(await _finish(catalogue, stores, name, now))
        except (StoreAway, WrongKey, KeysDisagree) as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return done


async def _again(catalogue: Catalogue, stores: KeyStores, now: Callable[[], Micros]) -> None:
    """Keys of keys that the catalogue knows as destroyed and that can be had: all stores came back from a backup, and their own marks of
    what is destroyed with them. They are to be destroyed once more, and the log says so."""
    back = await asyncio.to_thread(stores.names)
    async with catalogue.reading() as connection:
        known = set((await connection.execute(select(retired.c.kek).where(retired.c.destroyed_at > 0))).scalars())
    for kek in sorted(back & known):
        async with catalogue.change() as change:
            line = update(retired).where(retired.c.kek == kek)
            await change.connection.execute(line.values(destroyed_at=0, entry=-1))
            public: dict[str, Json] = {"what": "key of keys came back with a restored store", "kek": kek}
            await change.append(Entry(kind=Kind.GAP, at=now(), subject=kek, public=public))


async def take_up(catalogue: Catalogue, stores: KeyStores) -> int:
    """Of a catalogue that was restored from before a disposal or an exchange: keys that were wrapped anew since are found by their notes
    beside the keys; how many. What has no note was forgotten since, and stays unreadable. Raises nothing of a store that is away."""
    dead = await asyncio.to_thread(stores.tombstones)
    rows = list[Row[Any]]()
    async with catalogue.reading() as connection:
        for some in by(BATCH, sorted(dead)):
            rows += (await connection.execute(select(keys).where(keys.c.kek.in_(some)))).all()
    notes: dict[str, dict[str, Moved]] = {}
    found = await asyncio.to_thread(lambda: [(row, _newest(stores, dead, notes, Moved(row.kek, row.wrapped))) for row in rows])
    moved = [(row, to) for row, to in found if to is not None]
    for first in range(0, len(moved), BATCH):
        async with catalogue.change() as change:
            for row, to in moved[first : first + BATCH]:
                same = (keys.c.recording == row.recording) & (keys.c.kek == row.kek)
                await change.connection.execute(update(keys).where(same).values(kek=to.kek, wrapped=to.wrapped))
    return len(moved)


def _newest(stores: KeyStores, dead: set[str], notes: dict[str, dict[str, Moved]], at: Moved) -> Moved | None:
    """Along the notes to a key of keys that is there; None where they end before."""
    while at.kek in dead:
        if at.kek not in notes:
            notes[at.kek] = stores.notes(at.kek)
        found = notes[at.kek].get(name_of(at.wrapped))
        if found is None:
            return None
        at = found
    return at


async def delete_keys(connection: AsyncConnection, places: Sequence[int], now: Micros) -> None:
    """Step 1, of at most BATCH: in the change of whoever decides that they go, so that nothing comes between. `forget` goes on."""
    rows = {
        (row.recording, row.kek)
        for row in await connection.execute(select(keys.c.recording, keys.c.kek).where(keys.c.recording.in_(places)))
    }
    rows |= {(row.recording, row.kek) for row in await connection.execute(select(former).where(former.c.recording.in_(places)))}
    if not rows:
        return
    await _retire(connection, {kek for _, kek in rows}, now)
    known = {(row.recording, row.kek) for row in await connection.execute(select(forgotten).where(forgotten.c.recording.in_(places)))}
    if rows - known:
        await connection.execute(insert(forgotten), [{"recording": place, "kek": kek, "at": now} for place, kek in sorted(rows - known)])
    await connection.execute(delete(keys).where(keys.c.recording.in_(places)))
    await connection.execute(delete(former).where(former.c.recording.in_(places)))


async def _retire(connection: AsyncConnection, keks: set[str], now: Micros) -> None:
    known = set((await connection.execute(select(retired.c.kek).where(retired.c.kek.in_(keks)))).scalars())
    if keks - known:
        await connection.execute(insert(retired), [{"kek": kek, "at": now} for kek in sorted(keks - known)])


async def _finish(catalogue: Catalogue, stores: KeyStores, kek: str, now: Callable[[], Micros]) -> DestroyedKek:
    """Steps 2 to 4."""
    said = await _said(catalogue, kek)
    if said.at:
        return said
    if not await asyncio.to_thread(stores.destroyed, kek):
        while await _wrap_anew(catalogue, stores, keys.c.kek == kek, kek_parts(kek)):
            pass  # ends: nothing is wrapped with a retired one any more, and each turn takes some of what is
    # else a catalogue of before was restored: what it says is wrapped with it was let go since, or `take_up` finds where it went
    results = tuple(await asyncio.to_thread(stores.destroy, kek))
    done = all_gone(results)
    async with catalogue.change() as change:
        line = (await change.connection.execute(select(retired).where(retired.c.kek == kek))).one()
        if not line.destroyed_at:
            entry = await change.append(_entry(kek, line.successor, line.kept, results, now())) if done else -1
            told = msgspec.json.encode(results).decode()
            values = {"stores": told, "destroyed_at": now() if done else 0, "entry": entry}
            await change.connection.execute(update(retired).where(retired.c.kek == kek).values(values))
    return await _said(catalogue, kek)


async def _said(catalogue: Catalogue, kek: str) -> DestroyedKek:
    async with catalogue.reading() as connection:
        line = (await connection.execute(select(retired).where(retired.c.kek == kek))).one()
    stores = tuple(Gone(*each) for each in msgspec.json.decode(line.stores or "[]"))
    return DestroyedKek(kek, line.destroyed_at, line.successor, line.kept, stores, line.entry)


def _entry(kek: str, successor: str, kept: int, results: Sequence[Gone], now: Micros) -> Entry:
    public: dict[str, Json] = {"what": "key of keys destroyed", "kek": kek, "successor": successor, "kept": kept, "stores": len(results)}
    return Entry(kind=Kind.RECLASS, at=now, subject=kek, public=public, private={"stores": [each.store for each in results]})


# ------------------------------------------------------------------ wrapping anew


async def _wrap_anew(catalogue: Catalogue, stores: KeyStores, where: ColumnElement[bool], to: KekName, remember: bool = False) -> int:
    """Some of those, with the newest key of keys of a class and month; how many. `remember`: what wrapped them is not going to be destroyed
    now, so that it must be when they are forgotten."""
    async with catalogue.reading() as connection:
        found = (await connection.execute(select(keys.c.recording, keys.c.kek, keys.c.wrapped).where(where).limit(BATCH))).all()
    if not found:
        return 0
    olds = {kek: await asyncio.to_thread(stores.get, kek) for kek in {row.kek for row in found}}
    for name, old in olds.items():
        if old is None:
            raise KeyLost("keys.lost.wraps", name=name)
    plain = [(row.recording, row.kek, unwrap(olds[row.kek] or b"", row.wrapped)) for row in found]
    for _ in range(TRIES):
        new = await current(catalogue, stores, to.class_, to.month)
        try:
            async with catalogue.change() as change:
                meant = await _intended(change.connection, found, new.name)
            lines = [(place, kek, wrap(new.key, key)) for place, kek, key in plain if place in meant]
            await asyncio.to_thread(_note, stores, {row.recording: row.wrapped for row in found}, lines, new.name)
            async with catalogue.change() as change:
                await _still_used(change.connection, new.name)
                await _exchanged(change.connection, lines, new.name, remember)
            return len(found)
        except KekRetired:
            continue
    raise KekRetired("keys.retired.again")


async def _intended(connection: AsyncConnection, found: Sequence[Row[Any, Any, Any]], new: str) -> set[int]:
    """Those that still are as they were read. The new key of keys counts as one that wrapped them before anything is noted: a recording
    that is let go between the note and the exchange would leave its key in the note, to be opened with it."""
    await _still_used(connection, new)
    old = {row.recording: row.kek for row in found}
    here = select(keys.c.recording, keys.c.kek).where(keys.c.recording.in_(old))
    meant = {row.recording for row in await connection.execute(here) if row.kek == old[row.recording]}
    known = select(former.c.recording).where(former.c.recording.in_(meant), former.c.kek == new)
    first = meant - set((await connection.execute(known)).scalars())
    if first:
        await connection.execute(insert(former), [{"recording": place, "kek": new} for place in sorted(first)])
    return meant


def _note(stores: KeyStores, before: Mapping[int, bytes], lines: Sequence[tuple[int, str, bytes]], new: str) -> None:
    """Before it is so. What a killed process noted twice does no harm, nor what it noted in vain: see `_intended`."""
    moves: dict[str, dict[str, Moved]] = {}
    for place, kek, wrapped in lines:
        moves.setdefault(kek, {})[name_of(before[place])] = Moved(new, wrapped)
    for kek, some in moves.items():
        stores.note(kek, some)


async def _exchanged(connection: AsyncConnection, lines: Sequence[tuple[int, str, bytes]], new: str, remember: bool) -> None:
    """Those that still are as they were read: one may have been forgotten in between."""
    count = dict[str, int]()
    for place, old, wrapped in lines:
        same = (keys.c.recording == place) & (keys.c.kek == old)
        done = await connection.execute(update(keys).where(same).values(kek=new, wrapped=wrapped))
        count[old] = count.get(old, 0) + done.rowcount
        if done.rowcount:
            known = (old, new) if remember else (new,)
            await connection.execute(delete(former).where((former.c.recording == place) & former.c.kek.in_(known)))
        if done.rowcount and remember:
            await connection.execute(insert(former).values(recording=place, kek=old))
    for old, moved in count.items():
        kept = {"kept": retired.c.kept + moved, "successor": new}
        await connection.execute(update(retired).where(retired.c.kek == old).values(kept))


async def _still_used(connection: AsyncConnection, kek: str) -> None:
    if (await connection.execute(select(retired.c.kek).where(retired.c.kek == kek))).first() is not None:
        raise KekRetired("keys.retired.going", name=kek)


def _begins(column: ColumnElement[str], stem: str) -> ColumnElement[bool]:
    """Not LIKE: a class's name may have its signs in it."""
    return func.substr(column, 1, len(stem)) == stem
