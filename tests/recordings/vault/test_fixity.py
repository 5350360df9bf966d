"""Fixity: a flipped bit is found, named and repaired; what cannot be is quarantined, what comes back is released; nothing is made of a disk
that is not there."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import copies, health, log, recordings
from recordings.vault import fixity
from recordings.vault.fixity import AGAIN, Bad, Checked, check
from recordings.vault.folder import FolderVault
from recordings.vault.opening import recognise
from recordings.vault.port import VaultAway, name_of
from recordings.vault.tables import rounds
from recordings.words import State
from tests.recordings.vault.test_folder import Failing

DAY: Micros = 86_400 * SECOND
EVERY = 90 * DAY
BEGAN = 1_795_000_000 * SECOND
ALL = 1 << 40


class House:
    """Recordings as sealing leaves them, in real folders; and a clock."""

    def __init__(self, catalogue: Catalogue, folder: Path, vaults: int = 2) -> None:
        self.catalogue, self.folder = catalogue, folder
        self.vaults = [FolderVault(folder / f"vault{number}", number) for number in range(vaults)]
        self.now = BEGAN + DAY

    async def add(self, count: int, state: State = State.KEPT, size: int = 100_000) -> list[int]:
        made = []
        for _ in range(count):
            self.now += SECOND
            id_, source = os.urandom(10).hex(), self.folder / "source"
            source.write_bytes(os.urandom(size))
            name = name_of(id_, BEGAN, "sound")
            digests = [vault.put(name, source) for vault in self.vaults]
            async with self.catalogue.change() as change:
                line = {"id": id_, "state": state, "node": "hall7", "began": BEGAN, "length_ms": 1, "bytes": size, "sha256": bytes(32)}
                line |= {"container": digests[0], "container_bytes": size}
                await change.connection.execute(insert(recordings).values(line))
                place = (await change.connection.execute(select(recordings.c.place).where(recordings.c.id == id_))).scalar_one()
                rows = [{"recording": place, "vault": vault.number, "checked_at": self.now, "good": True} for vault in self.vaults]
                await change.connection.execute(insert(copies), rows)
            made.append(place)
        return made

    async def check(self, allowance: int = ALL, vaults: Sequence[FolderVault] | None = None) -> Checked:
        self.now += 60 * SECOND
        return await check(self.catalogue, self.vaults if vaults is None else vaults, lambda: self.now, EVERY, allowance)

    async def rows(self, table: Any, *where: Any) -> list[Any]:
        async with self.catalogue.reading() as connection:
            return list((await connection.execute(select(table).where(*where))).all())

    async def path(self, place: int, vault: int) -> Path:
        (row,) = await self.rows(recordings, recordings.c.place == place)
        return self.vaults[vault].path / name_of(row.id, BEGAN, "sound")

    async def state(self, place: int) -> State:
        (row,) = await self.rows(recordings, recordings.c.place == place)
        return State(row.state)

    async def said(self) -> list[dict[str, Any]]:
        return [json.loads(row.leaf)["public"] for row in await self.rows(log)]

    async def bad(self) -> set[tuple[int, int]]:
        return {(row.recording, row.vault) for row in await self.rows(copies) if not row.good}


@pytest.fixture
def house(catalogue: Catalogue, tmp_path: Path) -> House:
    return House(catalogue, tmp_path)


def flip(path: Path, at: int = 70_003) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 4]))


async def test_a_round_looks_at_every_copy_once(house: House) -> None:
    await house.add(5)
    done = await house.check()
    assert (done.copies, done.bytes, done.bad, done.away, done.ended) == (10, 1_000_000, [], {}, 0)
    (said,) = await house.said()
    figures = {"number": 1, "checked": 10, "bytes": 1_000_000, "bad": 0, "repaired": 0, "strays": 0}
    assert said | {"began": 0} == {"what": "round", "began": 0, "strays_shown": [], **figures}
    assert await house.check() == Checked()
    house.now += EVERY
    assert (await house.check()).ended == 1


async def test_a_flipped_bit_is_found_named_and_repaired(house: House) -> None:
    places = await house.add(3)
    path = await house.path(places[1], 1)
    good = path.read_bytes()
    flip(path)
    done = await house.check()
    assert done.bad == [Bad(path.name.partition(".")[0], 1, "other bytes", 70_003, "repaired", 0)]
    assert path.read_bytes() == good
    said = (await house.said())[0]
    assert said | {"container": ""} == {"what": "repaired", "vault": 1, "why": "other bytes", "first": 70_003, "source": 0, "container": ""}
    assert (await house.said())[1]["repaired"] == 1
    assert await house.bad() == set()
    assert await house.state(places[1]) is State.KEPT


@pytest.mark.parametrize("harm", ["missing", "cut off", "longer", "a link", "a folder"])
async def test_other_harm_is_repaired_too(house: House, harm: str, tmp_path: Path) -> None:
    (place,) = await house.add(1)
    path = await house.path(place, 0)
    good = path.read_bytes()
    match harm:
        case "cut off":
            os.truncate(path, 7)
        case "longer":
            path.write_bytes(good + b"x")
        case _:
            path.rename(tmp_path / "elsewhere")
            if harm == "a link":
                path.symlink_to(tmp_path / "elsewhere")
            elif harm == "a folder":
                path.mkdir()
    (bad,) = (await house.check()).bad
    if harm == "a folder":
        assert (bad.why, bad.came_to) == ("missing", "waiting"), "nothing of a person's is removed"
        return
    assert bad.came_to == "repaired"
    assert bad.first == {"cut off": 7, "longer": len(good)}.get(harm, -1)
    assert path.read_bytes() == good
    assert not path.is_symlink()


async def test_a_bad_sector_is_written_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (place,) = await house.add(1)
    await house.path(place, 0)
    with monkeypatch.context() as patch:
        patch.setattr("recordings.vault.folder.os", Failing("pread", errno.EIO, 1))
        bad = (await house.check()).bad
    assert [each.came_to for each in bad] in ([], ["repaired"]), "read again, it may be good"
    assert await house.bad() == set()


async def test_what_reads_badly_once_is_not_bad(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.add(1)
    real, times = FolderVault.digest, [0]

    def digest(self: FolderVault, name: str) -> bytes:
        times[0] += 1
        return bytes(32) if times[0] == 1 else real(self, name)

    monkeypatch.setattr(FolderVault, "digest", digest)
    done = await house.check()
    assert (done.bad, done.copies) == ([], 2)


async def test_no_good_copy_is_an_incident_and_one_that_comes_back_ends_it(house: House, tmp_path: Path) -> None:
    (place, other) = await house.add(2)
    paths = [await house.path(place, number) for number in (0, 1)]
    shutil.copy(paths[0], tmp_path / "backup")
    for path in paths:
        flip(path)
    done = await house.check()
    assert [bad.came_to for bad in done.bad] == ["quarantined", "quarantined"]
    assert await house.state(place) is State.QUARANTINED
    assert await house.state(other) is State.KEPT
    assert await house.bad() == {(place, 0), (place, 1)}
    before = len(await house.said())
    house.now += AGAIN
    assert len((await house.check()).bad) == 2
    assert len(await house.said()) == before, "said once, not each hour"
    shutil.copy(tmp_path / "backup", paths[1])
    house.now += AGAIN
    await house.check()
    assert await house.state(place) is State.KEPT
    assert await house.bad() == set()
    assert paths[0].read_bytes() == paths[1].read_bytes() == (tmp_path / "backup").read_bytes()
    assert {"released", "repaired"} <= {each["what"] for each in await house.said()}


async def test_one_vault_alone(catalogue: Catalogue, tmp_path: Path) -> None:
    house = House(catalogue, tmp_path, vaults=1)
    kept, stored = (await house.add(1))[0], (await house.add(1, State.STORED))[0]
    for place in (kept, stored):
        flip(await house.path(place, 0))
    assert [bad.came_to for bad in (await house.check()).bad] == ["quarantined", "waiting"]
    assert (await house.state(kept), await house.state(stored)) == (State.QUARANTINED, State.STORED)


async def test_a_folder_that_was_restored_releases_all_that_is_in_it(catalogue: Catalogue, tmp_path: Path) -> None:
    """However many they are, within the hour: not eight a minute."""
    house = House(catalogue, tmp_path, vaults=1)
    places = await house.add(20, size=1000)
    (gone,) = await house.add(1, size=1000)
    paths = [await house.path(place, 0) for place in (*places, gone)]
    kept = {path: path.read_bytes() for path in paths}
    for path in paths:
        path.unlink()
    await house.check()
    assert {await house.state(place) for place in places} == {State.QUARANTINED}
    for path in paths[:-1]:
        path.write_bytes(kept[path])
    house.now += AGAIN
    await house.check()
    assert [await house.state(place) for place in places] == [State.KEPT] * 20
    assert await house.state(gone) is State.QUARANTINED
    assert [each["what"] for each in await house.said()].count("released") == 20


async def test_what_stays_bad_is_not_read_all_minute(house: House) -> None:
    places = await house.add(20, size=1000)
    for place in places:
        for vault in (0, 1):
            (await house.path(place, vault)).unlink()
    await house.check()
    house.now += AGAIN
    assert (await house.check()).copies == fixity.AGAIN_MOST


async def test_a_vault_that_is_away_makes_nothing_bad(house: House, tmp_path: Path) -> None:
    (place,) = await house.add(1)
    house.vaults[1].path.rename(tmp_path / "unmounted")
    house.vaults[1].path.mkdir()
    done = await house.check()
    assert (done.copies, done.bad, done.ended) == (1, [], -1)
    assert "is its disk mounted" in done.away[1]
    flip(await house.path(place, 0))
    house.now += EVERY
    house.vaults[1].path.rmdir()
    (tmp_path / "unmounted").rename(house.vaults[1].path)
    done = await house.check()
    assert done.ended >= 0
    house.now += EVERY
    assert [bad.came_to for bad in (await house.check()).bad] == ["repaired"]


async def test_bad_here_while_the_other_is_away_waits_and_is_repaired_later(house: House, tmp_path: Path) -> None:
    (place,) = await house.add(1)
    path = await house.path(place, 0)
    flip(path)
    house.vaults[1].path.rename(tmp_path / "unmounted")
    (bad,) = (await house.check()).bad
    assert (bad.came_to, await house.state(place)) == ("waiting", State.KEPT)
    (tmp_path / "unmounted").rename(house.vaults[1].path)
    house.now += AGAIN
    assert [bad.came_to for bad in (await house.check()).bad] == ["repaired"]
    assert await house.bad() == set()


async def test_a_full_disk_waits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (place,) = await house.add(1)
    (await house.path(place, 0)).unlink()
    with monkeypatch.context() as patch:
        patch.setattr("recordings.vault.folder.os", Failing("write", errno.ENOSPC))
        (bad,) = (await house.check()).bad
    assert bad.came_to == "waiting"
    assert "make room" in bad.reason
    assert await house.bad() == {(place, 0)}
    house.now += AGAIN
    assert [bad.came_to for bad in (await house.check()).bad] == ["repaired"]


async def test_a_vault_that_was_set_later_gets_what_the_first_has(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recordings.vault.rounds.LINES_AT_ONCE", 2)
    monkeypatch.setattr(fixity, "AGAIN_MOST", 1)
    house = House(catalogue, tmp_path, vaults=1)
    places = await house.add(5)
    await house.check()
    second = FolderVault(tmp_path / "second", 1)
    house.vaults.append(second)
    assert (await house.check()).bad == []
    for place in places:
        assert (await house.path(place, 0)).read_bytes() == (await house.path(place, 1)).read_bytes()
    assert len(await house.rows(copies)) == 10
    assert await house.bad() == set()
    assert [each["what"] for each in await house.said()] == ["round", "round"], "nothing was bad"


async def test_a_vault_that_was_set_later_gets_the_old_ones_though_a_new_one_came_first(catalogue: Catalogue, tmp_path: Path) -> None:
    house = House(catalogue, tmp_path, vaults=1)
    places = await house.add(3)
    await house.check()
    house.vaults.append(FolderVault(tmp_path / "second", 1))
    places += await house.add(1)
    await house.check()
    for place in places:
        assert (await house.path(place, 0)).read_bytes() == (await house.path(place, 1)).read_bytes()
    assert await house.bad() == set()


async def test_killed_between_two_windows_of_lines_it_goes_on(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recordings.vault.rounds.LINES_AT_ONCE", 2)
    house = House(catalogue, tmp_path, vaults=1)
    places = await house.add(5)
    await house.check()
    house.vaults.append(FolderVault(tmp_path / "second", 1))
    real, left = Catalogue.change, [2]

    class Killed(BaseException):
        pass

    def change(self: Catalogue) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return real(self)

    with monkeypatch.context() as patch:
        patch.setattr(Catalogue, "change", change)
        with pytest.raises(Killed):
            await house.check()
    assert len(await house.rows(copies, copies.c.vault == 1)) == 2
    await house.check()
    for place in places:
        assert (await house.path(place, 1)).exists()


async def test_a_vault_that_was_unset_for_a_while_gets_what_was_stored_meanwhile(catalogue: Catalogue, tmp_path: Path) -> None:
    house = House(catalogue, tmp_path)
    await house.add(1)
    await house.check()
    both, house.vaults = house.vaults, house.vaults[:1]
    (place,) = await house.add(1)
    await house.check()
    house.vaults = both
    await house.add(1)
    await house.check()
    assert (await house.path(place, 1)).exists()


async def test_a_vault_that_is_known_is_not_made_anew(house: House) -> None:
    await house.add(1)
    folders = [each.path for each in house.vaults] + [house.folder / "third"]
    for path in folders[:2]:
        shutil.rmtree(path)
    vaults = [FolderVault(folder, number) for number, folder in enumerate(folders)]
    await recognise(house.catalogue, vaults)
    name = name_of("a", BEGAN, "sound")
    for vault in vaults[:2]:
        with pytest.raises(VaultAway):
            vault.put(name, house.folder / "source")
    vaults[2].put(name, house.folder / "source")


async def test_within_its_budget_and_the_oldest_first(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixity, "BATCH", 3)
    places = await house.add(6)
    seen: list[int] = []
    for _ in range(4):
        done = await house.check(allowance=250_000)
        assert done.copies == 3
        seen.append(len({row.recording for row in await house.rows(copies, copies.c.checked_at > BEGAN + DAY + 60 * SECOND)}))
    assert seen == [2, 3, 5, 6]
    assert done.ended == -1
    assert (await house.check()).ended == 0
    assert len(places) == 6


async def test_what_is_disposed_of_is_not_looked_at(house: House) -> None:
    (place, other) = await house.add(2)
    async with house.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.place == place).values(state=State.DISPOSED))
    (await house.path(place, 0)).unlink()
    assert (await house.check()).copies == 2
    assert await house.state(other) is State.KEPT


async def test_disposed_of_while_it_was_repaired_leaves_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (place,) = await house.add(1)
    path = await house.path(place, 0)
    path.unlink()
    real = fixity._now

    async def disposed(connection: Any, copy: Any) -> Any:
        await connection.execute(update(recordings).where(recordings.c.place == place).values(state=State.DISPOSED))
        return await real(connection, copy)

    monkeypatch.setattr(fixity, "_now", disposed)
    await house.check()
    assert not path.exists()


async def test_proposed_while_it_was_repaired_stays(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (place,) = await house.add(1)
    path = await house.path(place, 0)
    path.unlink()
    real = fixity._now

    async def proposed(connection: Any, copy: Any) -> Any:
        await connection.execute(update(recordings).where(recordings.c.place == place).values(state=State.DUE))
        return await real(connection, copy)

    monkeypatch.setattr(fixity, "_now", proposed)
    await house.check()
    assert path.exists()
    assert await house.bad() == set()


async def test_containers_that_no_line_knows_are_named_and_left(house: House) -> None:
    places = await house.add(3)
    unknown, gone = await house.path(places[0], 0), await house.path(places[1], 1)
    async with house.catalogue.change() as change:
        await change.connection.execute(delete(copies).where(copies.c.recording == places[0]))
        await change.connection.execute(delete(recordings).where(recordings.c.place == places[0]))
        await change.connection.execute(update(recordings).where(recordings.c.place == places[1]).values(state=State.DISPOSED))
    await house.check()
    said = (await house.said())[-1]
    assert said["strays"] == 4
    assert f"0:{unknown.relative_to(house.vaults[0].path)}" in said["strays_shown"]
    assert unknown.exists()
    assert gone.exists()
    (line,) = await house.rows(health, health.c.name == "strays")
    assert line.value == 4


async def test_killed_in_the_middle_it_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time it dies at a later digest; what was written down stays, the round ends once."""
    monkeypatch.setattr(fixity, "BATCH", 2)
    places = await house.add(4)
    flip(await house.path(places[2], 1))
    real, left = FolderVault.digest, [0]

    class Killed(BaseException):
        pass

    def digest(self: FolderVault, name: str) -> bytes:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return real(self, name)

    monkeypatch.setattr(FolderVault, "digest", digest)
    killed = 0
    for at in range(1, 40):
        left[0] = at
        try:
            done = await house.check()
        except Killed:
            killed += 1
            continue
        if done.ended >= 0:
            break
    left[0] = 0
    assert killed
    (line,) = await house.rows(rounds)
    assert (line.ended > 0, line.bad, line.repaired) == (True, 1, 1)
    assert line.checked == 8
    assert [each["what"] for each in await house.said()].count("round") == 1
