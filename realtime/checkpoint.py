"""Checkpoints: a floor as bytes with its position, so that a restart reads seconds of the log and not the day.

Not the folding (`follower.py`). A checkpoint lives in the same server as its log, in one value, and the last two are kept.

**When a checkpoint is valid.** Exactly when its position is (`log_redis.py`): when the log still holds the record that it names,
of the same epoch. Its floor is then the fold of what the log holds up to there, for what survives a killed server is a prefix
of what was written. So a checkpoint of an earlier epoch is fine when its record survived. One that is beyond a lost tail cannot
survive beside the shorter log, because it was written after its records; it could only be saved *late*, by a process that has
folded the lost tail and not noticed yet: `save` looks for the record in the same step and refuses. Reading from a checkpoint
looks again, which covers trimming; then the one before it is tried, and then the oldest record.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import msgspec

from realtime.log import Fence, FenceLost, Position, PositionLost
from realtime.log_memory import MemoryLog
from realtime.redis_link import RedisLink, Script, floor_key

KEPT = 2
"""The newest, and one before it: for a newest that this version cannot read (an Andon that was set back to an older version)."""


class Checkpoint(NamedTuple):
    """`version` is the folding's: another one cannot read the blob."""

    position: Position
    version: str
    blob: bytes


class Checkpoints(Protocol):
    """The last checkpoints of one floor. Every call may raise LogAway."""

    async def save(self, checkpoint: Checkpoint, fence: Fence | None = None) -> None:
        """Raises PositionLost when the log does not hold its record (any more), FenceLost when somebody else holds the lease."""
        ...

    async def load(self) -> list[Checkpoint]:
        """The newest first."""
        ...


class MemoryCheckpoints:
    """The twin in this process, beside `log`."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self._kept: list[Checkpoint] = []

    async def save(self, checkpoint: Checkpoint, fence: Fence | None = None) -> None:
        self._log.check(fence)
        if not self._log.has(checkpoint.position):
            raise _lost(checkpoint.position)
        self._kept = [checkpoint, *self._kept][:KEPT]

    async def load(self) -> list[Checkpoint]:
        self._log.check()
        return list(self._kept)


SAVE = Script("""
if ARGV[1] ~= '' and tonumber(redis.call('GET', KEYS[3]) or '0') > tonumber(ARGV[1]) then return 'fenced' end
local record = redis.call('XRANGE', KEYS[2], ARGV[3], ARGV[3])[1]
if not record or record[2][2] ~= ARGV[2] then return 'lost' end
redis.call('LPUSH', KEYS[1], ARGV[4])
redis.call('LTRIM', KEYS[1], 0, ARGV[5] - 1)
return 'saved'
""")
"""KEYS: checkpoints, stream, last token of the lease. ARGV: token or nothing, epoch, offset, value, how many are kept."""


class RedisCheckpoints:
    """`{floor}:checkpoint`, a list, beside the stream `{floor}:facts`."""

    def __init__(self, link: RedisLink, floor: str, stream: str = "facts") -> None:
        self._link = link
        self._floor = floor
        self._key = floor_key(floor, "checkpoint")
        self._stream = floor_key(floor, stream)

    async def save(self, checkpoint: Checkpoint, fence: Fence | None = None) -> None:
        position, version, blob = checkpoint
        value = msgspec.msgpack.encode((str(position), version, blob))
        last_token = floor_key(self._floor, "token", fence.lease) if fence else self._key
        token = str(fence.token) if fence else ""
        arguments = (token, position.epoch, position.offset, value, KEPT)
        reply = await self._link.script(SAVE, (self._key, self._stream, last_token), arguments)
        if reply == b"lost":
            raise _lost(position)
        if reply == b"fenced":
            raise FenceLost(f"Somebody else holds the lease {fence.lease if fence else ''!r} now: no checkpoint was saved.")

    async def load(self) -> list[Checkpoint]:
        values = await self._link.call("LRANGE", self._key, 0, KEPT - 1)
        return [_read(value) for value in values]


def _read(value: bytes) -> Checkpoint:
    position, version, blob = msgspec.msgpack.decode(value, type=tuple[str, str, bytes])
    return Checkpoint(Position.parse(position), version, blob)


def _lost(position: Position) -> PositionLost:
    return PositionLost(f"The log does not hold the record {position} any more: no checkpoint was saved.")
