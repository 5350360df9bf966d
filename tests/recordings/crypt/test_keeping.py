"""Wrapped keys kept, moved and forgotten, in both databases; and killed between any two steps, everything else stays readable."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import keys, log
from recordings.crypt import keeping
from recordings.crypt.keeping import KekRetired, KeyLost, current, exchange, finish, forget, keep_key, key_of, rekey
from recordings.crypt.moves import name_of
from recordings.crypt.ring import WrongKey, new_key, unwrap, wrap
from recordings.crypt.stores import FolderStore, KeyStores, StoreAway
from recordings.crypt.tables import forgotten, former, retired

CLASS, MONTH = "insurance", "2031-11"
FIRST, SECOND = "insurance.2031-11.1", "insurance.2031-11.2"


def now() -> Micros:
    return 1_000_000


class Kept:
    """Recordings with keys, as sealing leaves them."""

    def __init__(self, catalogue: Catalogue, stores: KeyStores) -> None:
        self.catalogue, self.stores = catalogue, stores
        self.keys: dict[int, bytes] = {}

    async def add(self, *places: int, class_: str = CLASS, month: str = MONTH) -> None:
        kek = await current(self.catalogue, self.stores, class_, month)
        async with self.catalogue.change() as change:
            for place in places:
                self.keys[place] = new_key()
                await keep_key(change, place, kek.name, wrap(kek.key, self.keys[place]))

    async def read(self, place: int) -> bytes | None:
        return await key_of(self.catalogue, place, self.stores)

    async def readable(self) -> set[int]:
        return {place for place, key in self.keys.items() if await self.read(place) == key}

    async def rows(self) -> dict[int, tuple[str, bytes]]:
        async with self.catalogue.reading() as connection:
            return {row.recording: (row.kek, row.wrapped) for row in await connection.execute(select(keys))}

    async def entries(self) -> list[str]:
        async with self.catalogue.reading() as connection:
            return list((await connection.execute(select(log.c.subject).order_by(log.c.index))).scalars())


@pytest.fixture
def kept(catalogue: Catalogue, stores: KeyStores) -> Kept:
    return Kept(catalogue, stores)


async def test_a_key_is_kept_and_read(kept: Kept) -> None:
    await kept.add(1, 2)
    await kept.add(3, month="open")
    await kept.add(4, class_="")
    assert await kept.readable() == {1, 2, 3, 4}
    assert {kek for kek, _ in (await kept.rows()).values()} == {FIRST, "insurance.open.1", "~.2031-11.1"}
    assert await kept.read(99) is None


async def test_a_key_that_is_kept_again_replaces_the_first(kept: Kept) -> None:
    await kept.add(1)
    await kept.add(1)
    assert await kept.readable() == {1}


async def test_forgotten_is_gone_and_the_others_are_wrapped_anew(kept: Kept, folders: tuple[Path, Path]) -> None:
    await kept.add(1, 2, 3)
    before = await kept.rows()
    for folder in folders:
        shutil.copytree(folder, folder.with_suffix(".backup"))
    said = await forget(kept.catalogue, kept.stores, [2, 99], now)
    assert said.complete
    assert said.of == {2: (FIRST,)}
    assert said.never == (99,)
    (kek,) = said.keks
    assert (kek.kek, kek.successor, kek.kept, [each.gone for each in kek.stores]) == (FIRST, SECOND, 2, [True, True])
    assert await kept.readable() == {1, 3}
    assert await kept.read(2) is None
    assert {kek for kek, _ in (await kept.rows()).values()} == {SECOND}
    second = kept.stores.get(SECOND)
    assert second is not None
    with pytest.raises(WrongKey):  # as an old backup of the catalogue has it
        unwrap(second, before[2][1])
    assert kept.stores.get(FIRST) is None
    assert await kept.entries() == [FIRST]


async def test_forgotten_again_says_the_same(kept: Kept) -> None:
    await kept.add(1, 2)
    first = await forget(kept.catalogue, kept.stores, [1], now)
    assert await forget(kept.catalogue, kept.stores, [1], now) == first
    assert await kept.entries() == [FIRST]


async def test_a_whole_month_goes_without_a_successor(kept: Kept) -> None:
    await kept.add(1, 2)
    said = await forget(kept.catalogue, kept.stores, [1, 2], now)
    assert [each.successor for each in said.keks] == [""]
    assert kept.stores.names() == set()
    await kept.add(3)
    assert (await kept.rows())[3][0] == SECOND, "a destroyed name is not used again"


async def test_a_store_that_is_away_is_named_and_finished_later(kept: Kept, folders: tuple[Path, Path], tmp_path: Path) -> None:
    await kept.add(1)
    folders[1].rename(tmp_path / "unmounted")
    said = await forget(kept.catalogue, kept.stores, [1], now)
    assert not said.complete
    assert [each.gone for each in said.keks[0].stores] == [True, False]
    assert await kept.read(1) is None
    assert await kept.entries() == []
    (tmp_path / "unmounted").rename(folders[1])
    assert [each.at for each in await finish(kept.catalogue, kept.stores, now)] == [now()]
    assert not (folders[1] / f"{FIRST}.key").exists()
    assert (await forget(kept.catalogue, kept.stores, [1], now)).complete
    assert await kept.entries() == [FIRST]


async def test_what_a_restored_store_brings_back_is_destroyed_again(kept: Kept, folders: tuple[Path, Path], tmp_path: Path) -> None:
    await kept.add(1)
    shutil.copytree(folders[1], tmp_path / "backup")
    await forget(kept.catalogue, kept.stores, [1], now)
    shutil.rmtree(folders[1])
    (tmp_path / "backup").rename(folders[1])
    await finish(kept.catalogue, kept.stores, now)
    assert FolderStore(folders[1]).get(FIRST) is None
    assert not (folders[1] / f"{FIRST}.key").exists()


async def test_a_catalogue_from_before_a_disposal_still_opens_what_stayed(kept: Kept) -> None:
    """Restored from its backup, while the key stores are those of now: what was disposed of stays unreadable, nothing else is lost."""
    await kept.add(1, 2, 3, 4)
    backup = await kept.rows()
    await forget(kept.catalogue, kept.stores, [3], now)
    await exchange(kept.catalogue, kept.stores, SECOND, now)  # and moved once more
    async with kept.catalogue.change() as change:
        for table in (keys, retired, forgotten):
            await change.connection.execute(delete(table))
        rows = [{"recording": place, "kek": kek, "wrapped": wrapped} for place, (kek, wrapped) in backup.items()]
        await change.connection.execute(insert(keys), rows)
    assert await kept.readable() == set()
    await finish(kept.catalogue, kept.stores, now)
    assert await kept.readable() == {1, 2, 4}
    assert await kept.read(3) is None


async def test_a_note_that_a_power_cut_left_half_hides_no_other(kept: Kept, folders: tuple[Path, Path]) -> None:
    await kept.add(1, 2)
    backup = await kept.rows()
    for folder in folders:
        (folder / f"{FIRST}.moved").write_bytes(b"00ff half a li")
    await exchange(kept.catalogue, kept.stores, FIRST, now)
    assert {name_of(wrapped) for _, wrapped in backup.values()} == set(kept.stores.notes(FIRST))


async def test_an_exchange_leaves_everything_readable(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "BATCH", 3)
    await kept.add(*range(1, 11))
    said = await exchange(kept.catalogue, kept.stores, FIRST, now)
    assert (said.successor, said.kept, said.at) == (SECOND, 10, now())
    assert await kept.readable() == set(range(1, 11))
    assert kept.stores.get(FIRST) is None


async def test_a_recording_that_moved_takes_the_keys_of_before_with_it(kept: Kept) -> None:
    """Its key, wrapped as it was, may be in an old backup of the catalogue."""
    await kept.add(1, 2)
    assert await rekey(kept.catalogue, kept.stores, [1, 77], CLASS, "2029-01") == 1
    assert await rekey(kept.catalogue, kept.stores, [1], CLASS, "2029-01") == 0
    assert await kept.readable() == {1, 2}
    said = await forget(kept.catalogue, kept.stores, [1], now)
    assert said.of == {1: ("insurance.2029-01.1", FIRST)}
    assert kept.stores.get(FIRST) is None
    assert await kept.readable() == {2}


async def test_sealing_while_its_key_of_keys_is_destroyed_is_told_to_do_it_again(kept: Kept) -> None:
    await kept.add(1)
    kek = await current(kept.catalogue, kept.stores, CLASS, MONTH)
    await forget(kept.catalogue, kept.stores, [1], now)
    with pytest.raises(KekRetired):
        async with kept.catalogue.change() as change:
            await keep_key(change, 2, kek.name, wrap(kek.key, new_key()))
    await kept.add(2)
    assert await kept.readable() == {2}


async def test_a_store_that_takes_its_time_is_not_taken_for_a_database_that_is_away(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that asks a server, say. PostgreSQL's transactions have an end."""
    await kept.add(1)
    monkeypatch.setattr("recordings.catalogue.catalogue.PATIENCE_S", 1.0)
    real = kept.stores.get

    def slow(name: str) -> bytes | None:
        time.sleep(2.0)
        return real(name)

    monkeypatch.setattr(kept.stores, "get", slow)
    assert await kept.read(1) == kept.keys[1]


async def test_lost_keys_are_no_reason_to_make_new_ones(kept: Kept, folders: tuple[Path, Path]) -> None:
    await kept.add(1)
    for folder in folders:
        (folder / f"{FIRST}.key").rename(folder.with_suffix(".backup"))
    with pytest.raises(KeyLost):
        await kept.add(2)
    with pytest.raises(KeyLost):
        await exchange(kept.catalogue, kept.stores, FIRST, now)
    assert await kept.readable() == set()
    for folder in folders:
        folder.with_suffix(".backup").rename(folder / f"{FIRST}.key")
    await kept.add(2)
    assert await kept.readable() == {1, 2}


async def test_many_at_once_lose_nothing(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealing, forgetting and exchanging beside each other, all of one key of keys."""
    monkeypatch.setattr(keeping, "BATCH", 4)
    await kept.add(*range(1, 31))

    async def seals(places: range) -> None:
        for place in places:
            for _ in range(keeping.TRIES):
                try:
                    await kept.add(place)
                    break
                except KekRetired:
                    await asyncio.sleep(0)
            else:
                raise AssertionError("never kept")

    said = await asyncio.gather(
        seals(range(100, 115)),
        forget(kept.catalogue, kept.stores, range(1, 11), now),
        forget(kept.catalogue, kept.stores, range(11, 21), now),
        exchange(kept.catalogue, kept.stores, FIRST, now),
        seals(range(200, 215)),
    )
    gone = set(range(1, 21))
    assert await kept.readable() == set(kept.keys) - gone
    for each in said[1:3]:
        assert isinstance(each, keeping.Destroyed)
        assert each.complete
    assert await kept.entries() == sorted(set(await kept.entries()))
    for place in gone:
        assert await kept.read(place) is None


# ------------------------------------------------------------------ killed at any step


class Killed(BaseException):
    pass


class DyingCatalogue(Catalogue):
    """Dies at its n-th transaction, before or after it is committed, and from then on at once."""

    left, after, dead = 0, False, False

    @asynccontextmanager
    async def change(self, patience_s: float = 60.0) -> AsyncIterator[Change]:
        last = self._count()
        async with super().change(patience_s) as change:
            yield change
            if last and not self.after:
                raise Killed
        if last:
            raise Killed

    def _count(self) -> bool:
        if self.dead:
            raise Killed
        self.left -= 1
        self.dead = self.left == 0
        return self.dead


class DyingStores(KeyStores):
    """Dies with the n-th key that it makes or destroys, before, in the middle or after it."""

    left, how, dead = 0, "", False

    def make(self, name: str) -> bytes:
        return self._die(lambda store: store.make(name, made), lambda: super(DyingStores, self).make(name)) if (made := new_key()) else b""

    def destroy(self, name: str) -> list[object]:  # type: ignore[override]
        return self._die(lambda store: store.destroy(name), lambda: super(DyingStores, self).destroy(name))

    def _die(self, half: Callable[[object], object], whole: Callable[[], object]):  # type: ignore[no-untyped-def]
        if self.dead:
            raise Killed
        self.left -= 1
        self.dead = self.left == 0
        if self.dead:
            if self.how == "middle":
                half(self._stores[0])
            elif self.how == "after":
                whole()
            raise Killed
        return whole()


KILLS = [("change", how, at) for at in range(1, 7) for how in ("before", "after")]
KILLS += [("stores", how, at) for at in range(1, 4) for how in ("before", "middle", "after")]


@pytest.mark.parametrize("what", ["forget", "exchange", "forget all"])
async def test_killed_between_any_two_steps(what: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "BATCH", 2)
    catalogue = DyingCatalogue(url, writes=True)
    await catalogue.open()
    killed = 0
    try:
        for number, (where, how, at) in enumerate(KILLS):
            stores = DyingStores([FolderStore(tmp_path / name) for name in ("one", "two")])
            kept, class_, first = Kept(catalogue, stores), f"class{number}", number * 100 + 1
            await kept.add(*range(first, first + 5), class_=class_)
            goes = {"forget": {first, first + 3}, "exchange": set[int](), "forget all": set(kept.keys)}[what]

            async def do(goes: set[int] = goes, stores: KeyStores = stores, class_: str = class_) -> object:
                if what == "exchange":
                    return await exchange(catalogue, stores, f"{class_}.{MONTH}.1", now)
                return await forget(catalogue, stores, sorted(goes), now)

            if where == "change":
                catalogue.left, catalogue.after = at, how == "after"
            else:
                stores.left, stores.how = at, how
            killed += await was_killed(do)
            catalogue.dead = stores.dead = False
            catalogue.left = stores.left = 0
            assert await kept.readable() >= set(kept.keys) - goes, (where, how, at)
            await do()
            assert await kept.readable() == set(kept.keys) - goes, (where, how, at)
            old = f"{class_}.{MONTH}.1"
            assert all(FolderStore(tmp_path / name).destroyed(old) for name in ("one", "two"))
            assert (await kept.entries()).count(old) == 1
            assert await finish(catalogue, stores, now) == []
    finally:
        await catalogue.close()
    assert killed > 5


async def was_killed(do: Callable[[], Awaitable[object]]) -> bool:
    try:
        await do()
    except Killed:
        return True
    return False


async def test_nothing_is_forgotten_halfway_when_the_stores_are_away(kept: Kept, folders: tuple[Path, Path], tmp_path: Path) -> None:
    await kept.add(1, 2)
    for number, folder in enumerate(folders):
        folder.rename(tmp_path / f"away{number}")
    with pytest.raises(StoreAway):
        await forget(kept.catalogue, kept.stores, [1], now)
    for number, folder in enumerate(folders):
        (tmp_path / f"away{number}").rename(folder)
    assert await kept.readable() == {2}
    assert [each.kek for each in await finish(kept.catalogue, kept.stores, now)] == [FIRST]
    assert await kept.readable() == {2}
    assert (await forget(kept.catalogue, kept.stores, [1], now)).complete


def test_kills_are_of_every_kind() -> None:
    assert {each[:2] for each in KILLS} == {
        *itertools.product(["change"], ["before", "after"]),
        *itertools.product(["stores"], ["before", "middle", "after"]),
    }


# ------------------------------------------------------------------ what is noted and does not come true


class Stopped(Exception):
    pass


async def test_what_was_noted_before_a_kill_opens_nothing_that_was_forgotten_since(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    await kept.add(1, 2)
    before = (await kept.rows())[2]

    async def stopped(*_: object) -> None:
        raise Stopped

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "_exchanged", stopped)
        with pytest.raises(Stopped):
            await exchange(kept.catalogue, kept.stores, FIRST, now)
    assert name_of(before[1]) in kept.stores.notes(FIRST), "it was noted"
    said = await forget(kept.catalogue, kept.stores, [2], now)
    assert said.complete
    assert said.of == {2: (FIRST, SECOND)}
    assert await kept.readable() == {1}
    await reading_an_old_backup(kept, before)


async def test_what_is_noted_while_somebody_else_forgets_it_opens_nothing(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    await kept.add(1, 2, 3)
    before = (await kept.rows())[2]
    noting, goes_on, loop = asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()
    note = keeping._note

    def slowly(*arguments: object) -> None:
        note(*arguments)  # type: ignore[arg-type]
        loop.call_soon_threadsafe(noting.set)
        asyncio.run_coroutine_threadsafe(goes_on.wait(), loop).result(10)

    monkeypatch.setattr(keeping, "_note", slowly)
    one = asyncio.create_task(forget(kept.catalogue, kept.stores, [1], now))
    await noting.wait()
    monkeypatch.setattr(keeping, "_note", note)
    async with kept.catalogue.change() as change:
        await keeping.delete_keys(change.connection, [2], now())
    goes_on.set()
    assert (await one).complete
    assert (await forget(kept.catalogue, kept.stores, [2], now)).complete
    assert await kept.readable() == {3}
    await reading_an_old_backup(kept, before)


async def reading_an_old_backup(kept: Kept, before: tuple[str, bytes]) -> None:
    """The wrapped key of recording 2 as it was, and the stores as they are: nothing opens it."""
    async with kept.catalogue.change() as change:
        await change.connection.execute(insert(keys).values(recording=2, kek=before[0], wrapped=before[1]))
    await keeping.take_up(kept.catalogue, kept.stores)
    assert await kept.read(2) is None
    for kek in kept.stores.tombstones():
        for moved in kept.stores.notes(kek).values():
            key = kept.stores.get(moved.kek)
            assert key is None or unwrap(key, moved.wrapped) != kept.keys[2]


async def test_an_exchange_that_came_true_leaves_nothing_to_forget_beside_it(kept: Kept) -> None:
    await kept.add(1, 2)
    await exchange(kept.catalogue, kept.stores, FIRST, now)
    async with kept.catalogue.reading() as connection:
        assert (await connection.execute(select(former))).all() == []


# ------------------------------------------------------------------ stores that come back, keys that do not open


async def test_every_store_from_a_backup_brings_nothing_back(kept: Kept, folders: tuple[Path, Path]) -> None:
    await kept.add(1, 2)
    for folder in folders:
        shutil.copytree(folder, folder.with_suffix(".backup"))
    await forget(kept.catalogue, kept.stores, [1, 2], now)
    for folder in folders:
        shutil.rmtree(folder)
        shutil.copytree(folder.with_suffix(".backup"), folder)
    assert kept.stores.get(FIRST) is not None
    (again,) = await finish(kept.catalogue, kept.stores, lambda: 2_000_000)
    assert (again.kek, again.at) == (FIRST, 2_000_000)
    assert kept.stores.get(FIRST) is None
    assert await kept.entries() == [FIRST, FIRST, FIRST], "destroyed, came back, destroyed"
    assert await finish(kept.catalogue, kept.stores, now) == []


async def test_a_key_that_does_not_open_keeps_no_other_from_being_destroyed(kept: Kept) -> None:
    await kept.add(1, 2)
    await kept.add(3, month="2032-01")
    async with kept.catalogue.change() as change:
        for place in (1, 3):
            await keeping.delete_keys(change.connection, [place], now())
        await change.connection.execute(update(keys).where(keys.c.recording == 2).values(wrapped=b"\0" * 40))
    with pytest.raises(WrongKey):
        await finish(kept.catalogue, kept.stores, now)
    assert await kept.entries() == ["insurance.2032-01.1"]
    assert kept.stores.get("insurance.2032-01.1") is None
