"""Requests as they come: read from their stream in order, kept until they are answered, each known by its place.

Not the answering (`engine.py`) and no memory of what was answered: that is `owned.offset` on the floor, so an engine that was
killed anywhere goes on where the last answer says. What this has read is only ahead of it.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from typing import NoReturn

from realtime.backoff import Backoff
from realtime.log import Log, LogAway, Position, PositionLost, Record

ROOM = 1_000
"""Requests that were read and wait for their answer: a second of a very busy floor. The rest waits in the stream."""
READ = 100
WAIT_MS = 1_000


class Inbox:
    """`listen()` is its task. `woken` is called when something came."""

    def __init__(
        self, log: Log, woken: Callable[[], None], told: Callable[[str], None], chance: Callable[[], float] = random.random
    ) -> None:
        self._log = log
        self._woken = woken
        self._told = told
        self._backoff = Backoff(chance)
        self._waiting: deque[Record] = deque()
        self._after: Position | None = None
        self._begun = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def begin(self, offset: str) -> None:
        """From behind this place on, anew: the floor was just built, and this is the last that it knows an answer to."""
        self._after = position_of(offset)
        self._waiting.clear()
        self._room.set()
        self._begun.set()

    def first(self) -> Record | None:
        return self._waiting[0] if self._waiting else None

    def drop(self) -> None:
        """The first is done with."""
        self._waiting.popleft()
        self._room.set()

    def __len__(self) -> int:
        return len(self._waiting)

    async def listen(self) -> NoReturn:
        """Until cancelled."""
        await self._begun.wait()
        while True:
            await self._room.wait()
            after = self._after
            try:
                records = await self._log.read(after, READ, WAIT_MS)
            except PositionLost:
                # Trimmed, or forgotten with a server's last seconds: from the start, and what has an answer is passed over.
                if self._after is after:
                    self._after = None
            except LogAway:
                await asyncio.sleep(self._backoff.next())  # the engine's follower says that the log is away
            else:
                self._backoff.reset()
                if self._after is after and records:  # else it was begun anew meanwhile
                    self._keep(records)

    def _keep(self, records: list[Record]) -> None:
        self._waiting.extend(records)
        self._after = records[-1].position
        if len(self._waiting) >= ROOM:
            self._room.clear()
        self._woken()


def position_of(offset: str) -> Position | None:
    """None for the beginning, and for what no engine of ours wrote."""
    try:
        return Position.parse(offset) if offset else None
    except ValueError:
        return None


def is_behind(position: Position, offset: str) -> bool:
    """Whether that place comes after the last one that was answered. Places grow, whatever a server forgot: its epoch does."""
    last = position_of(offset)
    return last is None or rank(position) > rank(last)


def rank(position: Position) -> tuple[int, ...]:
    return (position.epoch, *(int(part) for part in position.offset.split("-") if part.isdecimal()))
