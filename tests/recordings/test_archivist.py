"""The archivist over real spools: hostile ones, vaults that are full, databases that go away; what it gives up is nothing."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, delete, update

from realtime.history.port import HistoryAway
from realtime.words import Micros
from recordings import archivist_spool, sealing
from recordings.archivist import Periodic
from recordings.calls.linking import Link
from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import captures, health, keys, recordings
from recordings.recording import CallCard
from recordings.sealing import Line
from recordings.sealing_captures import put_capture
from recordings.sealing_files import AsCaptured
from recordings.spool.found import Sweep
from recordings.spool.sweep import look_at, sweep
from recordings.vault.port import Taking, Vault, VaultFull
from tests.postgres import Cluster, programs
from tests.recordings.archives import NODE, Archive
from tests.recordings.archivists import NoCalls, running
from tests.recordings.migrated import Migrated
from tests.recordings.sounds import leave, tone, wav

PATIENCE_S = 60.0


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


@pytest.fixture
async def archive(migrated: Migrated, tmp_path: Path) -> AsyncIterator[Archive]:
    made = Archive(tmp_path, migrated.sqlite(tmp_path), vaults=2)
    await made.catalogue.open()
    yield made
    await made.catalogue.close()


async def states(archive: Archive) -> list[str]:
    return sorted(row["state"] for row in await archive.rows(recordings))


async def test_files_are_taken_when_they_are_closed(archive: Archive) -> None:
    leave(archive.spool / "before.wav", wav(tone(0.5, seed=1)))
    async with running(archive, leftover_s=3600):
        await until(lambda: _is(archive, ["kept"]))
        with (archive.spool / "now.wav").open("wb") as file:
            file.write(wav(tone(0.5, seed=2), open_=True))
            file.flush()
            await asyncio.sleep(0.6)
            assert await states(archive) == ["kept"], "its lengths are not written yet"
            file.seek(0)
            file.write(wav(tone(0.5, seed=2)))
        await until(lambda: _is(archive, ["kept", "kept"]))
        assert not list(archive.spool.iterdir())


async def test_a_spool_that_is_mounted_later_is_listened_to(archive: Archive) -> None:
    """A raw file has no header to ask: without being heard of it would wait for an hour."""
    archive.spool.rmdir()
    async with running(archive, leftover_s=3600) as run:
        await until(lambda: _true(lambda: bool(run.work.away)))
        for folder in ("first", "second"):
            (archive.spool.parent / folder).mkdir()
            archive.spool.unlink(missing_ok=True)
            archive.spool.symlink_to(archive.spool.parent / folder)

            async def one_is_kept(folder: str = folder) -> bool:
                name = f"{folder}-{time.monotonic_ns()}.ulaw"
                leave(archive.spool / name, name.encode() * 99)
                await asyncio.sleep(0.1)
                return not (archive.spool / name).exists()

            await until(one_is_kept)


async def test_a_short_call_is_one_recording_however_late_its_sides_are_closed(archive: Archive) -> None:
    """The mixed file is closed first, before any sweep has seen the sides beside it."""
    leave(archive.spool / "before.wav", wav(tone(0.5, seed=1)))
    async with running(archive, leftover_s=3600):
        await until(lambda: _is(archive, ["kept"]))
        with ExitStack() as stack:
            sides = [stack.enter_context((archive.spool / f"now{side}.wav").open("wb")) for side in ("-rx", "-tx")]
            leave(archive.spool / "now.wav", wav(tone(0.5, seed=2)))
            await asyncio.sleep(0.6)
            for file in sides:
                file.write(wav(tone(0.5, seed=3)))
        await until(lambda: _is(archive, ["kept", "kept"]))
    assert [row["format"] for row in await archive.rows(recordings)] == ["wav", "tar/wav"]


async def test_a_recording_that_takes_long_to_seal_is_not_written_down_as_one_that_waits(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row says whose it is: a life after this one would take its file for a stranger."""
    begun, goes_on, store = asyncio.Event(), asyncio.Event(), archive.sealing.store

    async def slowly(line: Line, files: AsCaptured) -> Line:
        begun.set()
        await goes_on.wait()
        return await store(line, files)

    monkeypatch.setattr(archive.sealing, "store", slowly)
    async with running(archive) as there:
        leave(archive.spool / "long.wav", wav(tone(0.5)))
        await begun.wait()
        monkeypatch.setattr(archivist_spool, "LATE_S", 0.0)
        for _ in range(2):
            there.work.swept.clear()
            await there.work.swept.wait()
        assert [row["standing"] for row in await archive.rows(captures)] == ["taken"]
        goes_on.set()
        await until(lambda: _is(archive, ["kept"]))
        assert await archive.rows(captures) == []


async def _is(archive: Archive, wanted: list[str]) -> bool:
    return await states(archive) == wanted


def hostile(spool: Path, outside: Path) -> None:
    """Everything at once that a broken PBX, or one that was broken into, may leave."""
    outside.mkdir()
    leave(outside / "key.wav", wav(tone(1.0)))
    (spool / "link.wav").symlink_to(outside / "key.wav")
    (spool / "folder").symlink_to(outside)
    (spool / "up.wav").symlink_to("..")
    os.mkfifo(spool / "pipe.wav")
    leave(spool / "notes.txt", b"no recording")
    leave(spool / "empty.wav", b"")
    leave(spool / "header.wav", wav(b""))
    leave(spool / "noise.wav", os.urandom(3000))
    leave(spool / "crash.wav", wav(tone(1.0, seed=5), open_=True))
    leave(spool / os.fsdecode(b"new\nline \xff\xfe ..\\.. 13912345678.wav"), wav(tone(0.3, seed=6)))
    with (spool / "huge.wav").open("wb") as huge:
        huge.truncate(10 * 1024**3)
    deep = spool
    for _ in range(20):
        deep = deep / "d"
    leave(deep / "deep.wav", wav(tone(0.3)))
    for path in spool.glob("*"):
        os.utime(path, (time.time() - 7200,) * 2, follow_symlinks=False)


async def test_a_hostile_spool_holds_up_nobody(archive: Archive, tmp_path: Path) -> None:
    hostile(archive.spool, tmp_path / "outside")
    legs = [leave(archive.spool / f"2026/11/28/1.5-{side}.wav", wav(tone(0.5, seed=seed))) for side, seed in (("rx", 7), ("tx", 8))]
    with (archive.spool / "growing.wav").open("wb") as growing:
        async with running(archive):

            async def grown() -> bool:
                growing.write(b"\0" * 1000)
                growing.flush()
                return len(await archive.rows(recordings)) >= 6 and len(await archive.rows(captures)) >= 7

            await until(grown)
            await until(lambda: _is(archive, ["kept"] * 6))
        by_trouble = sorted((row["trouble"], row["sides"], row["format"]) for row in await archive.rows(recordings))
        assert by_trouble == [
            ("empty,orphan", 0, ""),
            ("empty,orphan", 1, "wav"),
            ("orphan", 1, "wav"),
            ("orphan", 2, "tar/wav"),
            ("orphan,repaired", 1, "wav"),
            ("orphan,unreadable", 0, ""),
        ]
        refused = {row["shown"]: row["trouble"] for row in await archive.rows(captures) if row["standing"] == "refused"}
        assert refused == {
            "link.wav": "unsafe",
            "folder": "unsafe",
            "up.wav": "unsafe",
            "pipe.wav": "unsafe",
            "notes.txt": "unreadable",
            "huge.wav": "unreadable",
            "d/d/d/d/d/d/d/d/d": "unsafe",
        }
        assert not any(path.exists() for path in legs)
        assert (archive.spool / "growing.wav").exists()
        assert (tmp_path / "outside/key.wav").exists()


async def test_nothing_that_was_refused_is_opened_again_in_another_life(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile(archive.spool, tmp_path / "outside")
    async with running(archive):
        await until(lambda: _has(archive, captures, 7))
        await until(lambda: _is(archive, ["kept"] * 5))
    asked: list[str] = []
    real = os.open

    def watched(path: str, *rest: object, **more: object) -> int:
        asked.append(os.fspath(path))
        return real(path, *rest, **more)  # type: ignore[arg-type]

    async with running(archive) as again:
        monkeypatch.setattr("recordings.spool.sweep.os.open", watched)
        await until(lambda: _true(lambda: again.work.odd == 7))
        monkeypatch.undo()
    assert not {"link.wav", "pipe.wav", "huge.wav", "notes.txt"} & set(asked)
    (archive.spool / "pipe.wav").unlink()
    async with running(archive):
        await until(lambda: _standing(archive, "gone", 1))


async def test_a_recording_that_grew_after_it_was_sealed_is_another_one(archive: Archive) -> None:
    path = leave(archive.spool / "a.wav", wav(tone(0.5, seed=1)))
    taken = archive.spool / "a.wav"
    async with running(archive):
        await until(lambda: _is(archive, ["kept"]))
        assert not taken.exists()
        leave(path, wav(tone(0.7, seed=2)))
        await until(lambda: _is(archive, ["kept", "kept"]))


async def test_a_spool_that_is_not_to_be_written_is_not_read_again_and_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_what: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("recordings.spool.sweep.os.unlink", denied)
    leave(archive.spool / "a.wav", wav(tone(0.5)))
    async with running(archive) as first:
        await until(lambda: _is(archive, ["kept"]))
        for _ in range(3):
            first.work.swept.clear()
            await until(lambda: _true(first.work.swept.is_set))
        assert (first.counts.taken, (archive.spool / "a.wav").exists()) == (1, True)
    monkeypatch.undo()
    async with running(archive):
        await until(lambda: _true(lambda: not (archive.spool / "a.wav").exists()))
        await until(lambda: _has(archive, captures, 0))
    assert await states(archive) == ["kept"]


async def test_what_could_not_be_removed_is_known_until_somebody_has_removed_it(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it is there, no certificate says that its recording is gone; and once it is not, nothing stands against one."""

    def denied(*_what: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("recordings.spool.sweep.os.unlink", denied)
    for name in ("a.wav", "b.wav", "c.wav"):
        leave(archive.spool / name, wav(tone(0.5, seed=ord(name[0]))))
    async with running(archive):
        await until(lambda: _is(archive, ["kept"] * 3))
        assert {row["standing"] for row in await archive.rows(captures)} == {"taken"}
        monkeypatch.undo()
        (archive.spool / "a.wav").unlink()
        await until(lambda: _has(archive, captures, 2))
    (archive.spool / "b.wav").unlink()
    async with archive.catalogue.change() as change:
        await change.connection.execute(update(recordings).values(state="disposed"))
    async with running(archive):
        await until(lambda: _has(archive, captures, 1))
        await until(lambda: _standing(archive, "refused", 1))
    [row] = await archive.rows(captures)
    assert row["recording"] in {each["id"] for each in await archive.rows(recordings)}, "it came back, or stayed: it is that recording"


async def test_a_leg_that_was_left_when_the_other_was_removed_makes_no_second_recording(archive: Archive) -> None:
    legs = {side: wav(tone(0.5, seed=seed)) for seed, side in enumerate(("rx", "tx"))}
    for side, data in legs.items():
        leave(archive.spool / f"1.2-{side}.wav", data)
    async with running(archive):
        await until(lambda: _is(archive, ["kept"]))
    [row] = await archive.rows(recordings)
    found = leave(archive.spool / "1.2-tx.wav", legs["tx"])
    async with archive.catalogue.change() as change:  # as it is when a process is killed between two removals
        seen = look_at(archive.spool, found.name)
        assert seen is not None
        await put_capture(change.connection, row["node"], archive.digest, seen, "taken", row["id"], 0)
        await change.connection.execute(update(recordings).values(state="stored"))
    async with running(archive):
        await until(lambda: _is(archive, ["kept"]))
        await until(lambda: _true(lambda: not found.exists()))
    assert await archive.rows(captures) == []


async def test_what_is_left_of_a_pbx_that_is_gone_hides_nothing_of_the_others(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recordings.archivist.RECOVER_MOST", 1)
    for node in ("gone", NODE):
        leave(archive.spool / f"{node}.wav", wav(tone(0.5, seed=len(node))))
        await archive.take(node=node)
    async with archive.catalogue.change() as change:  # as it is when a process is killed with the file removed
        await change.connection.execute(update(recordings).values(state="stored"))
    async with running(archive):
        await until(lambda: _is(archive, ["kept", "stored"]))
    assert {row["node"]: row["state"] for row in await archive.rows(recordings)} == {"gone": "stored", NODE: "kept"}


async def test_what_may_lie_where_nobody_looked_is_not_lost(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spool that is too large, or of which a folder may not be read."""
    for name, value in (("RECOVER_S", 0.05), ("LOSE_AFTER", 0)):
        monkeypatch.setattr(f"recordings.archivist.{name}", value)
    archive.vaults[1] = FullVault(archive.vaults[1])
    archive.sealing._copies._vaults = tuple(archive.vaults)
    path = leave(archive.spool / "a.wav", wav(tone(0.5)))
    with pytest.raises(VaultFull):
        await archive.take()
    path.unlink()
    looks, real = [0], archive.sealing.unfinished

    async def looked(*of: Any) -> list[Line]:
        looks[0] += 1
        return await real(*of)

    monkeypatch.setattr(archive.sealing, "unfinished", looked)
    monkeypatch.setattr(archivist_spool, "sweep", lambda _root: Sweep([], frozenset(), "it is too large"))
    async with running(archive):
        await until(lambda: _true(lambda: looks[0] > 4))
    assert await states(archive) == ["captured"]
    monkeypatch.setattr(archivist_spool, "sweep", sweep)
    async with running(archive):
        await until(lambda: _is(archive, ["lost"]))


async def test_files_that_nothing_is_known_of_hold_up_no_others_on_a_mounted_spool(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raw ones, whose headers say nothing, and one whose call is over, or whose header was written to its end, behind them."""
    monkeypatch.setattr(archivist_spool, "can_watch", lambda: False)
    for bound in ("HEADS_MOST", "OVER_MOST"):
        monkeypatch.setattr(archivist_spool, bound, 1)
    for age, name in enumerate(("closed.wav", "over.ulaw", "third.ulaw", "second.ulaw", "first.ulaw")):
        sound = tone(0.5, seed=age)
        path = leave(archive.spool / name, wav(sound) if name.endswith(".wav") else sound)
        os.utime(path, (time.time() - 10 - age,) * 2)
    async with running(archive, leftover_s=3600, calls=OneIsOver("over.ulaw")):
        await until(lambda: _is(archive, ["kept"] * 2))
    assert sorted(path.name for path in archive.spool.iterdir()) == ["first.ulaw", "second.ulaw", "third.ulaw"]


class OneIsOver(NoCalls):
    """Of one file the call is known, and over."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def link(self, node: str, path: str, when: Micros) -> Link | None:
        return Link(CallCard(node=node, call="1.1", began=1, ended=2), "1.1", "named") if path == self._name else None


async def test_a_recording_whose_key_is_lost_holds_up_no_others(archive: Archive) -> None:
    """Of those in the spool, and of those that a former life left in the vaults; as when the key stores came from an old backup."""
    for number, name in enumerate(("a.wav", "b.wav", "c.wav")):
        leave(archive.spool / name, wav(tone(0.5, seed=number)))
    [lost, left, stays] = await archive.take()
    back = leave(archive.spool / "c.wav", wav(tone(0.5, seed=2)))
    async with archive.catalogue.change() as change:
        await change.connection.execute(update(recordings).where(recordings.c.place != stays.place).values(state="stored"))
        await change.connection.execute(update(recordings).where(recordings.c.place == stays.place).values(state="captured"))
        await change.connection.execute(delete(keys).where(keys.c.recording.in_([lost.place, stays.place])))
    async with running(archive) as run:
        await until(lambda: _is(archive, ["captured", "kept", "stored"]))
        leave(archive.spool / "d.wav", wav(tone(0.5, seed=3)))
        await until(lambda: _is(archive, ["captured", "kept", "kept", "stored"]))
    assert {row["id"]: row["state"] for row in await archive.rows(recordings)}[left.id] == "kept"
    assert (run.told, back.exists()) == ([], True)


async def test_a_vault_that_is_full_is_waited_for(archive: Archive) -> None:
    full = archive.vaults[1] = FullVault(archive.vaults[1])
    archive.sealing._copies._vaults = tuple(archive.vaults)
    leave(archive.spool / "a.wav", wav(tone(0.5)))
    async with running(archive) as run:
        await until(lambda: _true(lambda: "full" in run.archivist.seen.away or "full" in run.outside.said))
        assert await states(archive) == ["captured"]
        assert (archive.spool / "a.wav").exists()
        full.full = False
        await until(lambda: _is(archive, ["kept"]))
    assert run.told[-1] == "Recordings are taken in again."


async def test_a_fault_of_ours_with_one_file_leaves_the_others(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sealing.heard

    def broken(files):  # type: ignore[no-untyped-def]
        if any("bad" in name for _, name in files.values()):
            raise ZeroDivisionError
        return real(files)

    monkeypatch.setattr(sealing, "heard", broken)
    for name in ("bad.wav", "good.wav"):
        leave(archive.spool / name, wav(tone(0.5, seed=len(name))))
    async with running(archive) as run:
        await until(lambda: _is(archive, ["kept"]))
        await until(lambda: _true(lambda: run.counts.broke == 1))
    assert (archive.spool / "bad.wav").exists()


async def test_tasks_of_others_run_beside_it_and_a_broken_one_stops_nobody(archive: Archive) -> None:
    ran: list[str] = []

    async def good() -> None:
        ran.append("good")

    async def bad() -> None:
        ran.append("bad")
        raise ZeroDivisionError

    async with running(archive, (Periodic("bad", 0.1, bad), Periodic("good", 0.1, good))):
        await until(lambda: _true(lambda: ran.count("good") > 3 and "bad" in ran))


async def test_how_it_is_is_written_down(archive: Archive) -> None:
    async with running(archive):
        await until(lambda: _has_health(archive))
    names = {row["name"].split(":")[0] for row in await archive.rows(health)}
    assert names == {"free", "spool", "backlog", "oldest", "odd", "missing", "quarantined", "conflicts", "card_data", "absent", "away"}


async def test_an_outage_that_is_over_is_not_said_all_night(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody calls, so nothing is taken in that would show it."""
    monkeypatch.setattr("recordings.archivist.HEALTH_S", 0.05)
    real, away = archive.catalogue.change, [True]

    @asynccontextmanager
    async def change(*more: Any) -> AsyncIterator[Change]:
        if away[0]:
            raise HistoryAway("The archive's database does not answer.")
        async with real(*more) as made:
            yield made

    monkeypatch.setattr(archive.catalogue, "change", change)
    async with running(archive) as run:
        await until(lambda: _true(lambda: bool(run.archivist.seen.away)))
        away[0] = False
        await until(lambda: _true(lambda: not run.archivist.seen.away))
        await until(lambda: _says_away(archive, 0.0))
    assert run.told[-1] == "Recordings are taken in again."


async def _says_away(archive: Archive, value: float) -> bool:
    return [row["value"] for row in await archive.rows(health) if row["name"] == "away"] == [value]


async def test_postgresql_goes_away_and_comes_back(tmp_path: Path) -> None:
    if programs() is None:
        pytest.skip("PostgreSQL is not installed: sh tools/prepare-tests.sh")
    cluster = Cluster(programs() or Path())
    try:
        archive = Archive(tmp_path, cluster.database())
        await archive.catalogue.open()
        async with running(archive) as run:
            leave(archive.spool / "a.wav", wav(tone(0.5, seed=1)))
            await until(lambda: _is(archive, ["kept"]))
            cluster.down()
            leave(archive.spool / "b.wav", wav(tone(0.5, seed=2)))
            await until(lambda: _true(lambda: bool(run.outside.said)))
            assert (archive.spool / "b.wav").exists()
            cluster.up()
            await until(lambda: _is_in_the_end(archive, ["kept", "kept"]))
        await archive.catalogue.close()
    finally:
        cluster.stop()


async def _is_in_the_end(archive: Archive, wanted: list[str]) -> bool:
    try:
        return await states(archive) == wanted
    except HistoryAway:
        return False


async def _has(archive: Archive, table: Table, count: int) -> bool:
    return len(await archive.rows(table)) == count


async def _has_health(archive: Archive) -> bool:
    return bool(await archive.rows(health))


async def _standing(archive: Archive, standing: str, count: int) -> bool:
    return [row["standing"] for row in await archive.rows(captures)].count(standing) == count


async def _true(condition: Callable[[], bool]) -> bool:
    return condition()


class FullVault:
    """A vault whose quota is used up, until it is not."""

    def __init__(self, vault: Vault) -> None:
        self._vault, self.full = vault, True

    def __getattr__(self, name: str) -> object:
        return getattr(self._vault, name)

    def take(self, name: str) -> Taking:
        if self.full:
            raise VaultFull("vault.full", number=1, path="/away")
        return self._vault.take(name)


async def test_it_has_begun_when_its_tables_are_there_and_not_before(archive: Archive) -> None:
    """Whoever follows calls into them waits for that."""
    made = asyncio.Event()

    async def opened() -> None:
        await made.wait()

    async with running(archive, opened=opened) as there:
        await asyncio.sleep(0.2)
        assert not there.archivist.begun.is_set()
        made.set()
        async with asyncio.timeout(PATIENCE_S):
            await there.archivist.begun.wait()
