"""The yardstick of latency: one bare XADD -> XREAD hop through the same server, with nothing of Andon in it.

Not a test of our log. Other figures are given as so many hops, since a hop is what the machine of the moment can do. Writer and reader
are redis-py's own client, each on one connection without a pool (the quicker way to use it), in one process.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, NamedTuple

from redis.asyncio import Redis

STREAM = "{bench}:hop"
PAYLOAD = b"x" * 200
"""About one fact."""
WARM_UP = 50


class Hop(NamedTuple):
    """Milliseconds from before the XADD is sent until the reader has the entry."""

    p50_ms: float
    p99_ms: float


async def bare_hop(url: str, count: int = 1000, rate: float = 200.0) -> Hop:
    """`count` hops through the server at `url`, one at a time, `rate` a second: each finds a quiet server and a waiting reader."""
    writer = Redis.from_url(url, single_connection_client=True, protocol=2)
    reader = Redis.from_url(url, single_connection_client=True, protocol=2)
    try:
        await writer.delete(STREAM)
        last: Any = await writer.xadd(STREAM, {"batch": PAYLOAD})
        taken = []
        for _ in range(WARM_UP + count):
            last, seconds = await _one(writer, reader, last)
            taken.append(seconds)
            await asyncio.sleep(1 / rate)
        await writer.delete(STREAM)
    finally:
        await writer.aclose()
        await reader.aclose()
    return _percentiles(taken[WARM_UP:])


async def _one(writer: Any, reader: Any, last: bytes) -> tuple[bytes, float]:
    arrived: asyncio.Task[tuple[bytes, float]] = asyncio.create_task(_arrival(reader, last))
    await asyncio.sleep(0.002)  # until it waits at the server
    sent = time.perf_counter()
    await writer.xadd(STREAM, {"batch": PAYLOAD}, maxlen=1000, approximate=True)
    offset, seen = await arrived
    return offset, seen - sent


async def _arrival(reader: Any, last: bytes) -> tuple[bytes, float]:
    streams = await reader.xread({STREAM: last}, block=10_000)
    return streams[0][1][-1][0], time.perf_counter()


def _percentiles(seconds: list[float]) -> Hop:
    ordered = sorted(seconds)
    return Hop(ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.99)] * 1000)
