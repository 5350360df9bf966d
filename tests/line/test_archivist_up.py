"""`andon up` and its archivist: a recording in the spool is in the archive within the minute, and everybody hears how the archive is."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from pathlib import Path

from tests.line.floor import READY_S, Andon, free_port, live
from tests.line.simulated import SECRET, USERNAME, simulated
from tests.recordings.sounds import leave, tone, wav

SEALED_S = 60.0


async def test_a_recording_is_archived_within_the_minute(tmp_path: Path) -> None:
    board, spool = free_port(), tmp_path / "spool"
    old(leave(spool / "2026/11/before.wav", wav(tone(0.5))))
    async with simulated("hall7") as pbx:
        text = (
            f'[[pbx]]\nnode = "hall7"\nami = "127.0.0.1:{pbx.port}"\nusername = "{USERNAME}"\nsecret = "{SECRET}"\nspool = "{spool}"\n'
            f'[board]\nlisten = "127.0.0.1:{board}"\n[agi]\nlisten = ""\n[archive]\nsettle_s = 1.0\n'
        )
        async with Andon.started(tmp_path, text, board) as andon:
            await andon.until(lambda floor: live(floor, "hall7"), READY_S)
            await kept(andon, 1)
            killed = await andon.kill("archivist")
            old(leave(spool / "2026/11/after.wav", wav(tone(0.7))))
            await kept(andon, 2)
            assert andon.child("archivist") not in (0, killed)
            assert not list(spool.rglob("*.wav"))
            answer = await andon.get("/metrics")
            assert answer is not None
            assert 'andon_archive_away{node="",role="archivist"} 0.0' in answer.text


def old(path: Path) -> None:
    """So that its call is not waited for any more."""
    os.utime(path, (time.time() - 60,) * 2)


async def kept(andon: Andon, count: int) -> None:
    file, end = andon.data / "archive/catalogue.db", time.monotonic() + READY_S + SEALED_S
    while True:
        if file.exists() and states(file) == ["kept"] * count:
            return
        assert time.monotonic() < end, andon.log()[-4000:]
        await asyncio.sleep(0.2)


def states(file: Path) -> list[str]:
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            return [row[0] for row in database.execute("SELECT state FROM recordings")]
    except sqlite3.OperationalError:  # it is being made
        return []
