"""Killed at random moments under load, again and again: every file is in the archive once, whole, and the log proves it.

ANDON_KILLS=500 for a soak; the seed is said where it fails.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from recordings.catalogue import tree
from recordings.catalogue.catalogue import sqlite_url
from recordings.catalogue.schema import captures, copies, keys, log, recordings
from recordings.proof import merkle
from recordings.sealing import Line
from recordings.vault.folder import FolderVault
from recordings.words import State
from tests.house.sources import ROOT
from tests.recordings.archives import Archive
from tests.recordings.archivists import running
from tests.recordings.killing import VAULTS

KILLS = int(os.environ.get("ANDON_KILLS", "20"))
A_KILL_S = 15.0
"""A generous bound of one life, on a machine that does much else."""


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_nothing_is_lost_or_doubled(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = sqlite_url(tmp_path) if database == "sqlite" else request.getfixturevalue("postgres").database()
    kills = KILLS if database == "sqlite" else max(5, KILLS // 4)
    seed = random.SystemRandom().randrange(2**31)
    archive = Archive(tmp_path, url, VAULTS)
    words = (sys.executable, "-m", "tests.recordings.killing", str(tmp_path), url, str(kills), str(seed))
    process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(60 + kills * A_KILL_S):
        said, _ = await process.communicate()
    assert process.returncode == 0, f"seed {seed}"
    left: dict[str, list[str]] = json.loads(said)
    try:
        await archive.catalogue.open()
        await finished(archive, len(left))
        await complete(archive, left)
    except BaseException as error:
        error.add_note(f"seed {seed}, {kills} kills, {database}")
        raise
    finally:
        await archive.catalogue.close()


async def finished(archive: Archive, count: int) -> None:
    async with running(archive), asyncio.timeout(120):
        while True:
            rows = await archive.rows(recordings)
            if len(rows) >= count and {row["state"] for row in rows} == {"kept"} and not list(archive.spool.rglob("*.wav")):
                return
            await asyncio.sleep(0.1)


async def complete(archive: Archive, left: dict[str, list[str]]) -> None:
    rows = await archive.rows(recordings)
    assert len(rows) == len(left)
    entries = await archive.rows(log)
    sealed = {row["subject"]: json.loads(row["leaf"])["public"] for row in entries if row["kind"] == "seal"}
    assert sorted(sorted(each["sha256"] for each in public["files"]) for public in sealed.values()) == sorted(left.values())
    assert sorted(row["kind"] for row in entries) == ["seal"] * len(left) + ["store"] * len(left)
    assert (len(await archive.rows(keys)), len(await archive.rows(copies))) == (len(left), VAULTS * len(left))
    assert await archive.rows(captures) == []
    for row in rows:
        await in_every_vault(archive, row)
    async with archive.catalogue.reading() as connection:
        leaves = (await connection.execute(select(log.c.leaf).order_by(log.c.index))).scalars().all()
        assert await tree.root(connection) == (len(leaves), merkle.root_of([leaf.encode() for leaf in leaves]))
    names = {f"{row['id']}.{part}" for row in rows for part in ("sound", *filter(None, row["derived"].split(",")))}
    for vault in archive.vaults:
        assert isinstance(vault, FolderVault)
        vault.sweep(0)
        assert {name.rpartition("/")[2] for name in vault.names()} == names
        assert not list(vault.path.rglob(".new.*"))


async def in_every_vault(archive: Archive, row: dict[str, Any]) -> None:
    line = Line(row["place"], row["id"], State.KEPT, row["began"], row["sha256"], row["format"], row["class"], 0, row["node"], 0, b"")
    for number in range(VAULTS):
        assert hashlib.sha256(await archive.original(line, vault=number)).digest() == row["sha256"]
