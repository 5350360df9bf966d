"""What a producer of facts writes through: never blocks it, batches by itself, loses nothing that a restart could lose.

Not the log (`log.py`) and not the facts (`factcodec.py`): a fact is bytes here, one JSON object.

* **Batches by itself.** Whatever waits when the log is free goes at once: the first fact after quiet alone, under load
  all that gathered while the append before was under way. No timer adds to the delay.
* **Bounded.** When the log stays away and the room is full, further facts are refused; the producer has to state
  everything anew (a resync) once there is room again.
* **Repeats its last seconds.** With `appendfsync everysec` a killed server forgets up to 2 s. So what was appended lately is kept, and
  appended again, *before* anything new, when the server turns out to be another (LogRestarted). While something is kept the
  server is looked at each second, so a loss is mended even when nothing happens.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from typing import NoReturn

from realtime.backoff import Backoff
from realtime.factcodec import join
from realtime.log import Fence, Log, LogAway
from realtime.log_faults import LogRestarted
from realtime.vitals import Family
from realtime.watched import AppenderCounts, families_of_appender

ROOM = 50_000
"""Facts that wait: some 10 MB, a minute of the busiest floor, longer than a restart of the server takes."""
BATCH_FACTS = 1_000
"""Facts a batch, so that a reader that is behind takes bites of some 10 ms."""
BATCHES_A_CALL = 10
"""A script that appends more would hold the server up for others."""
KEEP_S = 5.0
"""The server forgets 1 s as a rule, 2 s when its disk is slow; a replica that takes over lags behind by about as much."""
KEEP_BYTES = 32_000_000
"""Five seconds of 20,000 facts a second are 20 MB."""
LOOK_S = 1.0


class Appender:
    """`run()` is its task; `put` may be called from anywhere in the same loop. A log of its own for each: a restart is said once.

    `told` hears why the log is away, and "" when it is back.
    """

    def __init__(
        self,
        log: Log,
        fence: Fence | None = None,
        *,
        room: int = ROOM,
        told: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.away = ""
        """Why nothing can be appended just now; empty while all is well."""
        self.counts = AppenderCounts(room=room)
        self._log = log
        self._fence = fence
        self._room = room
        self._told = told
        self._clock = clock
        self._backoff = Backoff(chance)
        self._waiting: deque[bytes] = deque()
        self._kept = _Kept()
        self._work = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()

    def put(self, fact: bytes) -> bool:
        """False: no room, the fact is dropped; the producer says everything anew (a resync) once there is."""
        if len(self._waiting) >= self._room:
            self.counts.refused += 1
            return False
        self._waiting.append(fact)
        self._drained.clear()
        self._work.set()
        return True

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def repeated(self) -> int:
        """How often the last seconds were appended again."""
        return self.counts.repeats

    def families(self) -> list[Family]:
        self.counts.waiting, self.counts.away = len(self._waiting), bool(self.away)
        return families_of_appender(self.counts)

    async def drained(self) -> None:
        """Waits until everything that was put is in the log. The caller sets the limit (asyncio.timeout)."""
        await self._drained.wait()

    async def run(self) -> NoReturn:
        """Until cancelled. Raises FenceLost when somebody else holds the lease: then this producer is over."""
        while True:
            await self._something_to_do()
            await self._append(self._take())
            if not self._waiting:
                self._drained.set()

    async def _something_to_do(self) -> None:
        try:
            async with asyncio.timeout(LOOK_S if self._kept else None):
                await self._work.wait()
        except TimeoutError:
            return  # an append of nothing looks whether the server is still the same

    def _take(self) -> list[bytes]:
        batches: list[bytes] = []
        while self._waiting and len(batches) < BATCHES_A_CALL:
            size = min(BATCH_FACTS, len(self._waiting))
            batches.append(join([self._waiting.popleft() for _ in range(size)]))
        if not self._waiting:
            self._work.clear()
        return batches

    async def _append(self, batches: list[bytes]) -> None:
        """Tries until it is done, or the fence is lost."""
        restarted = False
        while True:
            again = self._kept.batches() if restarted else []
            began = time.perf_counter()
            try:
                await self._log.append([*again, *batches], self._fence)
            except LogRestarted:
                restarted = True  # said once a restart, so this goes on at once
            except LogAway as away:
                self._tell(str(away))
                await asyncio.sleep(self._backoff.next())
            else:
                break
        if batches:  # looking whether the server is there is no append
            self.counts.latency.observe(time.perf_counter() - began)
        self._backoff.reset()
        self._tell("")
        self.counts.repeats += bool(again)
        if again:
            self._kept.clear()
        self._kept.add([*again, *batches], self._clock())

    def _tell(self, away: str) -> None:
        if away != self.away:
            self.away = away
            self._told(away)


class _Kept:
    """What was appended within KEEP_S before the server's last sign of life, in order. While it is away nothing gets too old."""

    def __init__(self) -> None:
        self._batches: deque[tuple[float, bytes]] = deque()
        self._bytes = 0

    def __bool__(self) -> bool:
        return bool(self._batches)

    def batches(self) -> list[bytes]:
        return [batch for _, batch in self._batches]

    def clear(self) -> None:
        self._batches.clear()
        self._bytes = 0

    def add(self, batches: list[bytes], now: float) -> None:
        """The server took `batches` (or nothing) at `now`, so what it took KEEP_S earlier is on its disk."""
        for batch in batches:
            self._batches.append((now, batch))
            self._bytes += len(batch)
        while self._batches and (self._batches[0][0] < now - KEEP_S or self._bytes > KEEP_BYTES):
            self._bytes -= len(self._batches.popleft()[1])
