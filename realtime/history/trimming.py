"""Trims the log behind history: never what history does not have, nor what a process that starts now would read.

Not history's own retention (`upkeep.py`). The log keeps an hour at least, so that a follower that was cut off goes on where it
was, and everything behind the older of the checkpoints that are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from realtime.checkpoint import Checkpoints
from realtime.log import Log, Position
from realtime.watched import HistoryCounts
from realtime.words import SECOND, Micros

KEPT: Micros = 3600 * SECOND
"""Of the log, whatever history has: a board that lost its network over lunch goes on without a rebuild."""
EVERY: Micros = 60 * SECOND


class Trimmer:
    """Remembers where history was each minute, so that it need not read times out of positions."""

    def __init__(self, log: Log, checkpoints: Checkpoints, clock: Callable[[], Micros], counts: HistoryCounts) -> None:
        self._log = log
        self._checkpoints = checkpoints
        self._clock = clock
        self._counts = counts
        self._past: deque[tuple[Micros, Position]] = deque(maxlen=KEPT // EVERY + 2)
        self._due: Micros = 0

    async def look(self, position: Position | None) -> None:
        """`position`: up to where history has the log. Raises LogAway."""
        now = self._clock()
        if position is None or now < self._due:
            return
        self._due = now + EVERY
        self._past.append((now, position))
        old: Position | None = None
        while self._past and self._past[0][0] <= now - KEPT:
            old = self._past.popleft()[1]
        checkpoints = await self._checkpoints.load() if old is not None else []
        if old is None or not checkpoints:
            return
        await self._log.trim(min(old, *(checkpoint.position for checkpoint in checkpoints), key=order))
        self._counts.trimmed += 1


def order(position: Position) -> tuple[int, ...]:
    """Positions of one log, oldest first: offsets are numbers, or two of them with a dash."""
    return tuple(int(part) for part in position.offset.split("-"))
