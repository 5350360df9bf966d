"""The log's port: what an append-only stream of batches must do, whoever keeps it.

Not a backend (`log_memory.py`, `log_redis.py`; one contract suite tests both) and not the reading of facts
(`factcodec.py`): a batch is bytes here. One entry of the log is one batch, written at once and read at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Position(NamedTuple):
    """Where one has read up to. The epoch moves on when the server behind the log may have forgotten its tail."""

    epoch: int
    offset: str

    def __str__(self) -> str:
        return f"{self.epoch}-{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Position:
        """Raises ValueError for what str() did not make."""
        epoch, _, offset = text.partition("-")
        return cls(int(epoch), offset)


class Record(NamedTuple):
    position: Position
    batch: bytes


class Fence(NamedTuple):
    """Whose writing it is: a lease's name and token, as `leases.py` gave them. It passes until somebody got a newer token."""

    lease: str
    token: int


class LogError(Exception):
    """Whatever goes wrong with a log; whose fault it is, is the subclass."""


class LogAway(LogError):
    """The server cannot be reached or refuses to serve: an outside fault, to be tried again with back-off."""


class PositionLost(LogError):
    """The position is not in the log any more (trimmed, or lost with a server's last seconds): begin anew from a checkpoint."""


class FenceLost(LogError):
    """Somebody else was given the lease: stop writing."""


class Log(Protocol):
    """One named stream of one floor, as `{floor}:facts`."""

    async def append(self, batches: Sequence[bytes], fence: Fence | None = None) -> Position:
        """All of them or, when the fence is lost, none; the position of the last. Raises LogAway, FenceLost."""
        ...

    async def read(self, after: Position | None, limit: int = 1000, wait_ms: int = 0) -> list[Record]:
        """What follows `after` (None: from the oldest kept). Waits at most `wait_ms` for a first record; may be empty.

        Raises PositionLost, LogAway.
        """
        ...

    async def last(self) -> Position | None:
        """The newest record's position; None while the log is empty."""
        ...

    async def trim(self, before: Position) -> None:
        """Forget what is older than `before`; it may keep more than asked."""
        ...

    async def close(self) -> None: ...
