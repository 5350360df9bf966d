"""The archivist killed at random moments, and whether all is there afterwards: `python -m tests.recordings.killed KILLS SEED`.

Not the killing (`killing.py`). With an assertion that fails it leaves the folder and says which seed it was.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
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
from tests.recordings.killed_calls import LATER, Told, living, wrong
from tests.recordings.killing import VAULTS
from tests.valkeys import Server

A_KILL_S = 15.0
"""A generous bound of one life, on a machine that does much else."""
FINISH_S = 300.0


async def kill_and_look(folder: Path, url: str, kills: int, seed: int) -> None:
    """Raises AssertionError."""
    archive, server = Archive(folder, url, VAULTS), Server(folder / "log")
    try:
        await asyncio.to_thread(server.start)
        words = (sys.executable, "-m", "tests.recordings.killing", str(folder), url, server.url, str(kills), str(seed))
        process = await asyncio.create_subprocess_exec(*words, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        async with asyncio.timeout(60 + kills * A_KILL_S):
            said, _ = await process.communicate()
        assert process.returncode == 0
        told = msgspec.json.decode(said, type=list[Told])
        await archive.catalogue.open()
        await finished(archive, server.url, told)
        await complete(archive, [each.sha256 for each in told if each.sha256])
    except BaseException as error:
        error.add_note(f"seed {seed}, {kills} kills, {url}")
        raise
    finally:
        await archive.catalogue.close()
        server.kill()


async def finished(archive: Archive, log_url: str, told: list[Told]) -> None:
    """Everything is kept, and every call stands as it must."""
    count, deadline = sum(1 for each in told if each.sha256), time.monotonic() + FINISH_S
    async with living(archive, log_url, LATER):
        while True:
            rows = await archive.rows(recordings)
            if len(rows) >= count and {row["state"] for row in rows} == {"kept"} and not list(archive.spool.rglob("*.wav")):
                complaints = await wrong(archive, log_url, told)
                if not complaints:
                    return
                assert time.monotonic() < deadline, "\n".join(complaints)
            assert time.monotonic() < deadline, "not everything is kept"
            await asyncio.sleep(0.3)


async def complete(archive: Archive, left: list[list[str]]) -> None:
    rows = await archive.rows(recordings)
    assert len(rows) == len(left)
    entries = await archive.rows(log)
    sealed = {row["subject"]: json.loads(row["leaf"])["public"] for row in entries if row["kind"] == "seal"}
    assert sorted(sorted(each["sha256"] for each in public["files"]) for public in sealed.values()) == sorted(left)
    orphans = [subject for subject, public in sealed.items() if "orphan" in public["trouble"].split(",")]
    assert sorted(row["subject"] for row in entries if row["kind"] == "reclass") == sorted(orphans), "each was linked once"
    rest = sorted(row["kind"] for row in entries if row["kind"] != "reclass")
    assert rest == ["seal"] * len(left) + ["store"] * len(left)
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


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="andon-killed-"))
    asyncio.run(kill_and_look(place, sqlite_url(place), int(sys.argv[1]), int(sys.argv[2])))
    sys.stdout.write(f"killed {sys.argv[1]} times, and every recording is there once and whole\n")
