"""AMI byte in -> websocket frame out, through the real processes: 1,000 agents, 50 screens, three rates of messages.

Measured for each caller who joins a queue and each screen: from the write of the join's bytes to the socket of the AMI
until the frame that shows this call in its queue has arrived. The yardstick is one bare XADD -> XREAD hop through the same
server in the same run. `stages` tells where the time goes: `seen` (the adapter has read and framed the bytes), `log` (a
reader beside the board has the fact), `screen` (the frame has arrived).
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any, NamedTuple

import msgspec

from bench.hop import Hop, bare_hop
from bench.line import FLOOR, Line, running
from bench.pbx import LOADS, Load, Streamed, busy
from bench.results import Row
from bench.screens import Notes, Screens
from realtime.factcodec import decode
from realtime.facts import CallerJoined
from realtime.store import open_store

AGENTS = 1_000
SCREENS = 50
SECONDS = 25.0
HOPS = 300
SETTLE_S = 3.0
"""After the snapshot: the engine's first checkpoint and everybody's first second are over."""
SKIP_S = 1.0
"""The first second of a stream is not measured."""
TAIL_S = 0.5
AIM_HOPS = 4.0
BEAT_MS = 50.0
MICRO = 1e-6


class Spread(NamedTuple):
    """In milliseconds."""

    p50: float
    p99: float


class Crossing(NamedTuple):
    """One rate's result."""

    messages_s: float
    joins: int
    samples: int
    hop: Hop
    total: Spread
    stages: dict[str, Spread]


class Tap:
    """A reader of the log beside the board: when each batch was there."""

    def __init__(self) -> None:
        self.batches: list[tuple[float, bytes]] = []

    async def run(self, url: str) -> None:
        store = open_store(url, FLOOR)
        try:
            after = await store.log.last()
            while True:
                for position, batch in await store.log.read(after, 1000, 1000):
                    self.batches.append((time.perf_counter(), batch))
                    after = position
        finally:
            await store.close()

    def joins(self, wall_offset: float) -> dict[str, tuple[float, float]]:
        """Of each caller's join: (seen by the adapter, read from the log), in perf_counter's seconds."""
        found: dict[str, tuple[float, float]] = {}
        for at, batch in self.batches:
            for fact in decode(batch):
                if isinstance(fact, CallerJoined):
                    found.setdefault(str(fact.channel), (fact.seen * MICRO - wall_offset, at))
        return found


def shown(notes: Notes) -> dict[str, dict[int, float]]:
    """By call: when each screen had the first frame that shows it in a queue."""
    read = msgspec.json.Decoder(dict[str, Any])
    calls_of = [[_in_queue(call) for call in _calls(read.decode(frame))] for frame in notes.frames]
    found: dict[str, dict[int, float]] = {}
    for screen, number, at in notes.seen:
        for call in calls_of[number]:
            if call:
                found.setdefault(call, {}).setdefault(screen, at)
    return found


def _calls(message: dict[str, Any]) -> list[dict[str, Any]]:
    inner = next((message[key] for key in ("delta", "floor", "snapshot") if isinstance(message.get(key), dict)), message)
    calls: list[dict[str, Any]] = inner.get("calls") or []
    return calls


def _in_queue(call: dict[str, Any]) -> str:
    return str(call["id"]) if call.get("queue") else ""


def spread(seconds: list[float]) -> Spread:
    ordered = sorted(seconds)
    return Spread(ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.99)] * 1000)


async def cross(load: Load, agents: int = AGENTS, screens: int = SCREENS, seconds: float = SECONDS, hops: int = HOPS) -> Crossing:
    """One rate, in a line of its own."""
    async with busy(load, agents) as pbx, running(pbx.port) as line:
        await line.until(lambda floor: len(floor["agents"]) >= agents * 0.8)
        await asyncio.sleep(min(SETTLE_S, seconds))
        hop = await bare_hop(line.redis, hops)
        notes, tap = Notes(), Tap()
        reading = asyncio.create_task(tap.run(line.redis))
        async with Screens(line.board, screens, notes):
            began = time.perf_counter()
            streamed = await pbx.stream(load.messages_s, seconds)
            await asyncio.sleep(TAIL_S)
        reading.cancel()
        return result(line, streamed, began + min(SKIP_S, seconds / 4), hop, notes, tap)


def result(line: Line, streamed: Streamed, since: float, hop: Hop, notes: Notes, tap: Tap) -> Crossing:
    screens, logged = shown(notes), tap.joins(time.time() - time.perf_counter())
    total: list[float] = []
    stages: dict[str, list[float]] = {"seen": [], "log": [], "screen": []}
    joins = [(call, at) for call, at in streamed.written.items() if at >= since and call in screens and call in logged]
    for call, at in joins:
        seen, read = logged[call]
        arrived = screens[call].values()
        total += [each - at for each in arrived]
        stages["seen"].append(seen - at)
        stages["log"].append(read - seen)
        stages["screen"] += [each - read for each in arrived]
    if not total:
        raise RuntimeError(f"no call came through\n{line.log()[-3000:]}")
    lost = sum(at >= since for at in streamed.written.values()) - len(joins)
    if lost > 0.05 * len(joins) + 3:
        raise RuntimeError(f"{lost} calls were never shown")
    rate = streamed.messages / streamed.seconds
    return Crossing(rate, len(joins), len(total), hop, spread(total), {name: spread(each) for name, each in stages.items()})


def run() -> list[Row]:
    return rows(asyncio.run(_all()))


async def _all() -> list[Crossing]:
    return [await cross(load) for load in LOADS]


def rows(crossings: list[Crossing]) -> list[Row]:
    """Against the aims, so a ratio of at most 1 keeps them."""
    found = []
    for load, crossing in zip(LOADS, crossings, strict=True):
        name, hop = f"{load.messages_s:.0f}", crossing.hop.p50_ms
        describe(crossing)
        if load is LOADS[0]:  # under more load the median is the wait for the beat
            found.append(Row(f"wire_to_screen_p50_hops_{name}", crossing.total.p50 / hop, "hops", AIM_HOPS))
        found += [
            Row(f"wire_to_screen_p50_ms_{name}", crossing.total.p50, "ms", hop),
            Row(f"wire_to_screen_p99_ms_{name}", crossing.total.p99, "ms", BEAT_MS + AIM_HOPS * hop),
        ]
    return found


def describe(crossing: Crossing) -> None:
    stages = "  ".join(f"{name} {each.p50:.2f}/{each.p99:.2f}" for name, each in crossing.stages.items())
    total, hop = crossing.total, crossing.hop
    sys.stdout.write(
        f"{crossing.messages_s:7.0f} messages/s, {crossing.joins} joins, {crossing.samples} samples: "
        f"p50/p99 {total.p50:.2f}/{total.p99:.2f} ms (hop {hop.p50_ms:.2f}/{hop.p99_ms:.2f}); {stages}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    run()
