"""The outbox of one adapter and the log behind it: batches in order, a server that is away now and then, repeats.

As `realtime/appender.py` does it: what waits goes at once, beyond its room facts are refused, and after a restart of the
server the last seconds are appended again before anything new.
"""

from __future__ import annotations

from realtime.factcodec import join
from realtime.words import SECOND, Micros

KEEP: Micros = 5 * SECOND


class Log:
    """Only ever grows."""

    def __init__(self) -> None:
        self.batches: list[bytes] = []
        self.away_until: Micros = 0


class Outbox:
    """Of one life of the adapter: what it holds is lost with it."""

    def __init__(self, log: Log, room: int) -> None:
        self.refused = 0
        self._log = log
        self._room = room
        self._waiting: list[bytes] = []
        self._kept: list[tuple[Micros, bytes]] = []

    def put(self, encoded: bytes) -> bool:
        if len(self._waiting) >= self._room:
            self.refused += 1
            return False
        self._waiting.append(encoded)
        return True

    @property
    def empty(self) -> bool:
        return not self._waiting

    def flush(self, now: Micros) -> None:
        if self._waiting and now >= self._log.away_until:
            batch = join(self._waiting)
            self._waiting.clear()
            self._log.batches.append(batch)
            self._kept = [each for each in self._kept if each[0] >= now - KEEP] + [(now, batch)]

    def repeat(self) -> None:
        self._log.batches += [batch for _, batch in self._kept]
