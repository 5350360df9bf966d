"""inotify tells of files that were closed or moved into place, also in folders that came later."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from recordings.spool.watching import Watching, can_watch

pytestmark = pytest.mark.skipif(not can_watch(), reason="inotify is Linux's")


async def test_closed_files_are_heard_of(tmp_path: Path) -> None:
    root = tmp_path / "spool"
    (root / ".done").mkdir(parents=True)
    closed: asyncio.Queue[str] = asyncio.Queue()
    marked: asyncio.Queue[str] = asyncio.Queue()
    watching = asyncio.ensure_future(Watching(root, closed.put_nowait, marked.put_nowait).run())
    try:
        async with asyncio.timeout(30):
            heard = ""
            while not heard:  # until it listens
                (root / "first.wav").write_bytes(b"x")
                await asyncio.sleep(0.05)
                heard = "" if closed.empty() else closed.get_nowait()
            assert heard == "first.wav"
            while not closed.empty():
                closed.get_nowait()
            (root / "2026/11").mkdir(parents=True)
            await asyncio.sleep(0.2)
            (tmp_path / "moved").write_bytes(b"x")
            (tmp_path / "moved").rename(root / "moved.wav")
            assert await closed.get() == "moved.wav"
            (root / "2026/11/a.wav").write_bytes(b"x")
            assert await closed.get() == "2026/11/a.wav"
            (root / ".done/1.2").touch()
            assert await marked.get() == "1.2"
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
