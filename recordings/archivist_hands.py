"""What all spools share while they are taken in: how many files at a time, and a rest when something outside is away.

Not who takes which file (`archivist_spool.py`). One large file at a time: a sparse one of gigabytes, or ten of them, must not keep
a hundred calls waiting.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Final

from realtime.backoff import Backoff
from realtime.history.port import HistoryAway

HANDS: Final = 4
"""Files at once: while one is encrypted, others are read and waited for; more would only make the disk seek."""
LARGE: Final = 256 * 1024**2
"""Bytes: two hours of stereo at 8 kHz."""
FIRST_S, MOST_S = 0.5, 30.0
"""Rests: a restart of a database takes seconds; a minute must not pass unused when it is back."""


class Hands:
    """`ending`: set when the process is to end; whoever reads a file looks at it between two slices."""

    def __init__(self, most: int = HANDS) -> None:
        self.ending = threading.Event()
        self._free = asyncio.Semaphore(most)
        self._large = False

    async def take(self, size: int) -> bool:
        """Waits for a hand; False at once where a second large file would need one."""
        if size > LARGE and self._large:
            return False
        self._large = self._large or size > LARGE
        try:
            await self._free.acquire()
        except BaseException:
            self._large = self._large and size <= LARGE
            raise
        return True

    def give_back(self, size: int) -> None:
        self._large = self._large and size <= LARGE
        self._free.release()


class Outside:
    """Database, vaults, key stores. `fault`: what is away; None: nothing."""

    def __init__(self, chance: Callable[[], float], told: Callable[[str], None]) -> None:
        self.fault: Exception | None = None
        self._backoff = Backoff(chance, FIRST_S, MOST_S)
        self._told = told
        self._until = 0.0

    @property
    def said(self) -> str:
        """In English; empty: nothing is away."""
        return "" if self.fault is None else str(self.fault)

    def happened(self, fault: Exception) -> None:
        if str(fault) != self.said:
            self._told(f"{fault} Recordings stay in the spool until then.")
        self.fault = fault
        if not self.resting():
            self._until = time.monotonic() + self._backoff.next()

    def answered(self) -> None:
        """The catalogue did. What was said of a vault or a key store is over when a recording has been taken in."""
        if isinstance(self.fault, HistoryAway):
            self.fine()

    def fine(self) -> None:
        if self.said:
            self._told("Recordings are taken in again.")
        self.fault, self._until = None, 0.0
        self._backoff.reset()

    def resting(self) -> bool:
        return time.monotonic() < self._until

    async def over(self) -> None:
        """Waits until the rest is over."""
        await asyncio.sleep(max(0.0, self._until - time.monotonic()))

    async def rest(self, fault: Exception) -> None:
        self.happened(fault)
        await self.over()
