"""The log in this process: for tests, and for a demo on a machine that can run no Redis.

Not shared with other processes and gone with this one. Its counterpart is `log_redis.py`; one contract suite tests both.
`restart` and `away` do what a killed and an unreachable server would, so that the rest can be tested without one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

from realtime.log import Fence, FenceLost, LogAway, Position, PositionLost, Record
from realtime.log_faults import LogRestarted

KEEP = 100_000
"""Batches: some hours of a demo's floor, within 100 MB."""


class MemoryLog:
    """`holds`: whether a fence's lease is still held, as `MemoryLeases.holds` says."""

    def __init__(self, keep: int = KEEP, holds: Callable[[Fence], bool] | None = None) -> None:
        self.away = ""
        """A sentence while the server is to seem unreachable."""
        self._holds = holds
        self._records: deque[Record] = deque(maxlen=keep)
        self._first = 1
        self._next = 1
        self._epoch = 1
        self._told_epoch = 1
        self._grown = asyncio.Event()

    async def append(self, batches: Sequence[bytes], fence: Fence | None = None) -> Position:
        self.check()
        if self._told_epoch != self._epoch:
            self._told_epoch = self._epoch
            raise LogRestarted("The log was started anew and may have forgotten its last seconds: they are appended again.")
        self.check(fence)
        for batch in batches:
            self._records.append(Record(Position(self._epoch, str(self._next)), batch))
            self._next += 1
        self._first = self._next - len(self._records)
        self._wake()
        return Position(self._epoch, str(self._next - 1))

    async def read(self, after: Position | None, limit: int = 1000, wait_ms: int = 0) -> list[Record]:
        deadline = asyncio.get_running_loop().time() + wait_ms / 1000
        while True:
            self.check()
            begin = self._index(after) + 1 if after is not None else 0
            found = [self._records[index] for index in range(begin, min(begin + limit, len(self._records)))]
            remaining = deadline - asyncio.get_running_loop().time()
            if found or remaining <= 0:
                return found
            try:
                async with asyncio.timeout(remaining):
                    await self._grown.wait()
            except TimeoutError:
                continue

    def has(self, position: Position) -> bool:
        """Whether the record that it names is in the log: the rule of `log_redis.py`."""
        index = int(position.offset) - self._first if position.offset.isdigit() else -1
        return 0 <= index < len(self._records) and self._records[index].position == position

    async def last(self) -> Position | None:
        self.check()
        return self._records[-1].position if self._records else None

    async def trim(self, before: Position) -> None:
        self.check()
        while self._records and int(self._records[0].position.offset) < int(before.offset):
            self._records.popleft()
            self._first += 1

    async def close(self) -> None:
        self._records.clear()
        self._first = self._next

    def restart(self, forget: int = 0) -> None:
        """What a killed server does: a new epoch, and the last `forget` records are gone, their offsets to be given again."""
        for _ in range(min(forget, len(self._records))):
            self._records.pop()
        self._next = self._first + len(self._records)
        self._epoch += 1
        self._wake()

    def _index(self, position: Position) -> int:
        if not self.has(position):
            raise PositionLost(f"Position {position} is not in the log any more: begin anew from a checkpoint or the start.")
        return int(position.offset) - self._first

    def check(self, fence: Fence | None = None) -> None:
        """Raises LogAway while it is to seem away, and FenceLost for a fence that does not hold."""
        if self.away:
            raise LogAway(self.away)
        if fence is not None and not (self._holds and self._holds(fence)):
            raise FenceLost(f"Somebody else holds the lease {fence.lease!r} now: this process stops writing.")

    def _wake(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()
