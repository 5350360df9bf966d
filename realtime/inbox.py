"""Requests as they come: read from their stream in order, kept until they are answered, each known by its place.

Not the answering (`engine.py`) and no memory of what was answered: that is `owned.offset` on the floor, so an engine that was
killed anywhere goes on where the last answer says. What this has read is only ahead of it.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from realtime.backoff import Backoff
from realtime.log import Log, LogAway, Position, PositionLost, Record

ROOM = 1_000
"""Requests that were read and wait for their answer: a second of a very busy floor. The rest waits in the stream."""
READ = 100
WAIT_MS = 1_000


class Letter(NamedTuple):
    """`again`: read because the last place was lost: it may have had its answer long ago, if the floor does not know it."""

    record: Record
    again: bool


class Inbox:
    """`listen()` is its task. `woken` is called when something came."""

    def __init__(
        self, log: Log, woken: Callable[[], None], told: Callable[[str], None], chance: Callable[[], float] = random.random
    ) -> None:
        self._log = log
        self._woken = woken
        self._told = told
        self._backoff = Backoff(chance)
        self._waiting: deque[Letter] = deque()
        self._after: Position | None = None
        self._lost = False
        self._begun = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def begin(self, offset: str) -> None:
        """From behind this place on, anew: the floor was just built, and this is the last that it knows an answer to."""
        self._after, self._lost = position_of(offset), False
        self._waiting.clear()
        self._room.set()
        self._begun.set()

    def first(self) -> Letter | None:
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
                # Trimmed, forgotten with a server's last seconds, or of a server before this one: from the start.
                if self._after is after:
                    self._after, self._lost = None, True
            except LogAway:
                await asyncio.sleep(self._backoff.next())  # the engine's follower says that the log is away
            else:
                self._backoff.reset()
                if self._after is after and records:  # else it was begun anew meanwhile
                    self._keep(records)

    def _keep(self, records: list[Record]) -> None:
        self._waiting.extend(Letter(record, self._lost) for record in records)
        self._lost = self._lost and len(records) == READ
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
