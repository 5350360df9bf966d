"""A disk that is nearly full: said early and once, in the log, for pages and for the floor; nothing is given up or held up meanwhile.
And what else is counted of how the archive is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text, update
from structlog.testing import capture_logs

from recordings import archivist
from recordings.archivist import GB, Archivist, Limits, Seen
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.catalogue.schema import health, recordings
from recordings.refusals.stored import both, english
from recordings.vault.port import VaultAway
from tests.recordings.archives import Archive
from tests.recordings.archivists import Running, running
from tests.recordings.sounds import leave, tone, wav

PATIENCE_S = 60.0
LIMITS = Limits(free_gb=10, free_share=0.1)


class Disk(NamedTuple):
    """As statvfs says it."""

    f_bavail: int
    f_blocks: int
    f_frsize: int = 1


class Disks:
    """A disk of 100 GB for whatever is asked; `free_gb` is set by the tests."""

    def __init__(self) -> None:
        self.free_gb, self.size_gb, self.gone = 50.0, 100.0, ""

    def statvfs(self, folder: object) -> Disk:
        if self.gone and self.gone in str(folder):
            raise FileNotFoundError(2, "No such file or directory")
        return Disk(int(self.free_gb * GB), int(self.size_gb * GB))


@pytest.fixture
def disks(monkeypatch: pytest.MonkeyPatch) -> Disks:
    made = Disks()
    monkeypatch.setattr(archivist.os, "statvfs", made.statvfs)
    monkeypatch.setattr(archivist, "HEALTH_S", 0.02)
    return made


@pytest.fixture
async def archive(tmp_path: Path, url: str) -> AsyncIterator[Archive]:
    made = Archive(tmp_path, url, vaults=2)
    await made.catalogue.open()
    yield made
    await made.catalogue.close()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.02)


async def seen(run: Running, tight: bool) -> Seen:
    async def is_so() -> bool:
        return bool(run.archivist.seen.tight) is tight

    await until(is_so)
    return run.archivist.seen


async def free_line(archive: Archive) -> Any:
    (line,) = [row for row in await archive.rows(health) if row["name"].startswith("free:")]
    return line


async def looked_often(run: Running, monkeypatch: pytest.MonkeyPatch, times: int = 5) -> None:
    """So many further looks were done to their ends."""
    left, real = [times], Archivist._say

    async def say(self: Archivist, *rest: Any) -> None:
        await real(self, *rest)
        left[0] -= 1

    async def enough() -> bool:
        return left[0] <= 0

    with monkeypatch.context() as patch:
        patch.setattr(Archivist, "_say", say)
        await until(enough)


async def test_it_is_said_once_and_again_when_it_is_over(archive: Archive, disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = os.fspath(archive.spool)
    with capture_logs() as logs:
        async with running(archive, limits=LIMITS) as run:
            await looked_often(run, monkeypatch)
            assert (run.archivist.seen.tight, run.archivist.seen.free_share) == ("", 0.5)
            assert (await free_line(archive))["text"] == ""
            disks.free_gb = 5
            told = await seen(run, tight=True)
            assert (told.tight, told.free_share, told.away) == (spool, 0.05, "")
            assert (run.counts.free_share, run.counts.free_bytes) == (0.05, 5 * GB)
            await looked_often(run, monkeypatch)
            line = await free_line(archive)
            assert (line["value"], english(line["text"])) == (
                0.05,
                f"The disk of {spool} is nearly full: 5.0 GB are free; make room, or recordings will be lost.",
            )
            disks.free_gb = 20
            assert (await seen(run, tight=False)).free_share == 0.2
            await looked_often(run, monkeypatch)
            assert (await free_line(archive))["text"] == ""
    said = [(each["log_level"], each["event"]) for each in logs if spool in each["event"]]
    assert said == [("error", english(line["text"])), ("warning", f"The disk of {spool} has room again.")]


@pytest.mark.parametrize(("free_gb", "size_gb", "is_tight"), [(9.9, 20, True), (10, 20, False), (90, 1000, True), (100, 1000, False)])
async def test_less_than_either_limit_is_an_alarm(archive: Archive, disks: Disks, free_gb: float, size_gb: float, is_tight: bool) -> None:
    disks.free_gb, disks.size_gb = free_gb, size_gb
    made = Running(archive, limits=LIMITS)
    await made.archivist._look()
    assert bool(made.archivist.seen.tight) is is_tight


async def test_recordings_are_sealed_meanwhile_and_their_files_go(archive: Archive, disks: Disks) -> None:
    """To wait would make it worse: the spool is on that disk, too, and the PBX goes on writing."""
    disks.free_gb = 0.5
    async with running(archive, limits=LIMITS) as run:
        await seen(run, tight=True)
        path = leave(archive.spool / "a.wav", wav(tone(0.5)))

        async def is_kept() -> bool:
            return [row["state"] for row in await archive.rows(recordings)] == ["kept"] and not path.exists()

        await until(is_kept)
        assert run.outside.said == ""


async def test_it_is_told_while_the_database_is_away(archive: Archive, disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    disks.free_gb = 5
    made = Running(archive, limits=LIMITS)

    def away(_self: Catalogue) -> Any:
        raise archivist.HistoryAway("The database is away.")

    monkeypatch.setattr(Catalogue, "reading", away)
    with pytest.raises(archivist.HistoryAway):
        await made.archivist._look()
    assert made.archivist.seen.tight == os.fspath(archive.spool)


async def test_a_folder_that_is_not_there_is_no_full_disk(archive: Archive, disks: Disks) -> None:
    disks.free_gb, disks.gone = 5, os.fspath(archive.spool.parent)
    made = Running(archive, limits=LIMITS)
    await made.archivist._look()
    assert (made.archivist.seen.tight, [row for row in await archive.rows(health) if row["name"].startswith("free:")]) == ("", [])


async def test_what_is_away_is_kept_for_pages_of_both_languages(archive: Archive, disks: Disks) -> None:
    made = Running(archive, limits=LIMITS)
    made.outside.happened(VaultAway("vault.away", number=1, path="/mnt/b", why="Stale file handle"))
    await made.archivist._look()
    (line,) = [row for row in await archive.rows(health) if row["name"] == "away"]
    found = both(line["text"])
    assert (line["value"], found["en"]) == (1.0, made.archivist.seen.away)
    assert found["zh"] == "存储库1（/mnt/b）无法使用（Stale file handle）；请检查其磁盘是否已挂载、归属是否正确。"
    made.outside.happened(archivist.HistoryAway("The database is away."))
    await made.archivist._look()
    (line,) = [row for row in await archive.rows(health) if row["name"] == "away"]
    assert both(line["text"]) == {"en": "The database is away.", "zh": "外部故障：The database is away."}


# ------------------------------------------------------------------ what a person has to decide


async def test_recordings_whose_rules_contradict_each_other_are_counted(
    archive: Archive, disks: Disks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `due conflict` shows them: not those that a hold keeps, nor what is gone."""
    async with running(archive) as run:
        for seed in range(5):
            leave(archive.spool / f"{seed}.wav", wav(tone(0.3, seed=seed)))

        async def are_kept() -> bool:
            return [row["state"] for row in await archive.rows(recordings)] == ["kept"] * 5

        await until(are_kept)
        assert run.archivist.seen.conflicts == 0
        *_, held, gone = [row["place"] for row in await archive.rows(recordings)]
        async with archive.catalogue.change() as change:
            await change.connection.execute(update(recordings).values(conflict=True))
            await change.connection.execute(update(recordings).where(recordings.c.place == held).values(holds=1))
            await change.connection.execute(update(recordings).where(recordings.c.place == gone).values(state="disposed"))

        async def are_counted() -> bool:
            return run.archivist.seen.conflicts == 3

        await until(are_counted)
        await looked_often(run, monkeypatch, 1)
        values = {row["name"]: row["value"] for row in await archive.rows(health)}
        assert values["conflicts"] == 3
        monkeypatch.setattr(archivist, "COUNTED_MOST", 2)

        async def is_bounded() -> bool:
            return run.archivist.seen.conflicts == 2

        await until(is_bounded)


async def test_what_is_counted_each_ten_seconds_is_found_along_an_index_of_such_lines_alone(tmp_path: Path) -> None:
    """Asked of SQLite: PostgreSQL reads an empty table whole, whatever indexes there are."""
    catalogue = Catalogue(sqlite_url(tmp_path), writes=True)
    await catalogue.open()
    async with catalogue.reading() as connection:
        plans = {}
        for name, asked in archivist.ASKED._asdict().items():
            said = str(asked.compile(connection.engine, compile_kwargs={"literal_binds": True}))
            plans[name] = [row.detail for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {said}"))]
    await catalogue.close()
    assert [name for name, plan in plans.items() if not all("INDEX" in line for line in plan)] == []
    assert ["recordings_unusual" in str(plans["quarantined"]), "recordings_conflict" in str(plans["conflicts"])] == [True, True]
