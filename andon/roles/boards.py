"""The boards of the plan, taken up by the running board whenever their file changes. A bad file never replaces a good one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import structlog

from andon.boards import FILE, load
from wallboard.board import Board
from wallboard.screen_handlers import take_up

LOOKS_EVERY_S: Final = 2.0
"""A person who saved a file looks up at the wall; a glance at a file's date costs nothing."""

Stamp = tuple[int, int, int] | None

log = structlog.get_logger()


def take(board: Board, folder: Path) -> None:
    """Says what is wrong in the log, and to whoever asks for the boards."""
    plans, findings = load(folder)
    for finding in findings:
        log.warning(str(finding))
    if plans is None:
        board.boards.fault = next(str(finding) for finding in findings if finding.error)
    else:
        take_up(board, plans)
        log.info("boards taken up", boards=[plan.id for plan in board.boards.all()])


@asynccontextmanager
async def hanging(board: Board, folder: Path, every_s: float = LOOKS_EVERY_S) -> AsyncIterator[None]:
    """What is there now, and while the body runs whatever is there then."""
    known = stamp_of(folder)
    take(board, folder)
    async with asyncio.TaskGroup() as group:
        looking = group.create_task(_look(board, folder, known, every_s))
        yield
        looking.cancel()


async def _look(board: Board, folder: Path, known: Stamp, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        if (now := stamp_of(folder)) != known:
            known = now
            take(board, folder)


def stamp_of(folder: Path) -> Stamp:
    try:
        status = (folder / FILE).stat()
    except OSError:  # not there, or not readable: `load` says which
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
