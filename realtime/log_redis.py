"""The log on a Redis or Valkey stream: one entry is one batch, with the epoch it was written in.

Not the connection (`redis_link.py`); its twin in memory is `log_memory.py`. A read that
waits has a connection of its own, so it does not hold up an append.

**When a position is lost.** A position is good exactly as long as the record it names is in the stream *and* was written in
its epoch. That one rule covers a trimmed position, one of a tail that a killed server forgot, and one whose id was given
again after such a loss. What it does not condemn: after a restart that forgot nothing (or not this record), readers go on
without a rebuild. It rests on what an append-only file, a snapshot and a replica have in common: whatever survives is a
prefix of what was written, so when a record is there, all before it were.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from realtime.log import Fence, FenceLost, Position, PositionLost, Record
from realtime.log_faults import LogRestarted
from realtime.redis_link import Command, RedisLink, Script, floor_key

KEEP = 1_000_000
"""Batches, about: a day of a busy floor (30 a second for 9 hours). The engine trims to what is needed; this bounds memory without it."""

BLOCK_MS = 30_000
"""The longest that one read waits at the server, so that a connection that died silently is noticed."""

APPEND = Script("""
if redis.call('HGET', KEYS[2], 'run') ~= ARGV[1] then return 'restarted' end
if ARGV[3] ~= '' and tonumber(redis.call('GET', KEYS[3]) or '0') > tonumber(ARGV[3]) then return 'fenced' end
local epoch = redis.call('HGET', KEYS[2], 'number')
local id = '0-0'
for i = 4, #ARGV do
  id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'epoch', epoch, 'batch', ARGV[i])
end
return {epoch, id}
""")
"""KEYS: stream, epoch, last token of the lease. ARGV: run_id, entries to keep, token or nothing, batches."""


class RedisLog:
    """`{floor}:STREAM` at `url`; `writer` may be shared with leases and checkpoints."""

    def __init__(self, url: str, floor: str, stream: str = "facts", *, keep: int = KEEP, writer: RedisLink | None = None) -> None:
        self._floor = floor
        self._stream = floor_key(floor, stream)
        self._epoch = floor_key(floor, "epoch")
        self._keep = keep
        self._writer = writer or RedisLink(url, self._epoch)
        self._reader = RedisLink(url)
        self._aside = RedisLink(url)  # for what must not queue up behind a read that waits
        self._run = ""
        """The server that took the last append; empty before the first and after a restart was told."""

    async def append(self, batches: Sequence[bytes], fence: Fence | None = None) -> Position:
        """As the port says, and raises LogRestarted. Without batches it only looks whether the server is still the same."""
        self._run = self._run or await self._writer.open()
        last_token = floor_key(self._floor, "token", fence.lease) if fence else self._epoch
        token = str(fence.token) if fence else ""
        reply = await self._writer.script(APPEND, (self._stream, self._epoch, last_token), (self._run, self._keep, token, *batches))
        if reply == b"restarted":
            self._run = ""
            await self._writer.close()  # opening it again moves the epoch on when a FLUSHALL took it
            raise LogRestarted("The log's server was started anew and may have forgotten its last seconds: they are appended again.")
        if reply == b"fenced":
            raise FenceLost(f"Somebody else holds the lease {fence.lease if fence else ''!r} now: this process stops writing.")
        epoch, offset = reply
        return Position(int(epoch), offset.decode())

    async def read(self, after: Position | None, limit: int = 1000, wait_ms: int = 0) -> list[Record]:
        wait_ms = min(wait_ms, BLOCK_MS)
        start = after.offset if after else "0-0"
        block: Command = ("BLOCK", wait_ms) if wait_ms > 0 else ()
        commands: list[Command] = [("XREAD", "COUNT", limit, *block, "STREAMS", self._stream, start)]
        if after is not None:
            commands.insert(0, ("XRANGE", self._stream, start, start))
        async with self._reader.exchange(commands, wait_ms / 1000) as replies:
            if after is not None and not _names(after, await replies.next()):
                raise PositionLost(f"Position {after} is not in the log any more: begin anew from a checkpoint or the start.")
            streams = await replies.next()
        return [_record(entry) for entry in streams[0][1]] if streams else []

    async def last(self) -> Position | None:
        entries = await self._aside.call("XREVRANGE", self._stream, "+", "-", "COUNT", 1)
        return _record(entries[0]).position if entries else None

    async def trim(self, before: Position) -> None:
        await self._writer.call("XTRIM", self._stream, "MINID", "~", before.offset)

    async def close(self) -> None:
        for link in (self._reader, self._aside, self._writer):
            await link.close()


def _record(entry: Any) -> Record:
    offset, (_, epoch, _, batch) = entry
    return Record(Position(int(epoch), offset.decode()), batch)


def _names(position: Position, entries: Any) -> bool:
    return bool(entries) and _record(entries[0]).position == position
