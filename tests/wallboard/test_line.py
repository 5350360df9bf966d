"""The board on the real line behind it: facts in a log, the real follower, fold and view; only the PBX is missing."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from realtime import view
from realtime.checkpoint import MemoryCheckpoints
from realtime.factcodec import encode, join
from realtime.facts import CallBegan, CallEnded, Fact, NodeLinked, QueueSeen, SyncBegan, SyncEnded
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.log_memory import MemoryLog
from realtime.rows import Snapshot
from realtime.words import SECOND, CallId, Node, QueueName
from tests.wallboard.house import House, apply, hear, running, until

HALL7 = Node("hall7")
AT = 1_764_000_000 * SECOND


def fact(kind: type[Fact], seq: int, **fields: object) -> Fact:
    return kind(at=AT + seq * SECOND, seen=AT + seq * SECOND, node=HALL7, session="s1", seq=seq, **fields)


START = (fact(NodeLinked, 1), fact(SyncBegan, 2), fact(QueueSeen, 3, queue=QueueName("sales"), target_s=20), fact(SyncEnded, 4))


@contextlib.asynccontextmanager
async def line(folder: Path) -> AsyncIterator[tuple[MemoryLog, House]]:
    log = MemoryLog()
    await log.append([join(map(encode, START))])
    follower = Follower(log, MemoryCheckpoints(log), FloorFolding(), wait_ms=50)
    async with running(folder, open_floor=False, real=view, follow=follower) as house:
        await until(lambda: house.board.feed.has_floor)
        yield log, house


async def test_facts_become_frames_and_a_log_that_forgot_a_new_floor(tmp_path: Path) -> None:
    async with line(tmp_path) as (log, house), house.live() as screen:
        floor = (await hear(screen, "snapshot"))["floor"]
        assert [queue["id"] for queue in floor["queues"]] == ["hall7/sales"]
        last = str(await log.append([join([encode(fact(CallBegan, 5, call=CallId("c1")))])]))
        while floor["position"] != last:
            floor = apply(floor, await hear(screen, "delta"))
        assert len(floor["calls"]) == 1
        log.restart(forget=1)  # what was read is gone: another epoch
        healed = (await hear(screen, "snapshot"))["floor"]
        assert msgspec.convert(healed, Snapshot).calls == []
        assert healed["position"] != last


async def test_an_ended_call_leaves_the_screen(tmp_path: Path) -> None:
    async with line(tmp_path) as (log, house), house.live() as screen:
        floor = (await hear(screen, "snapshot"))["floor"]
        for change in (fact(CallBegan, 5, call=CallId("c1")), fact(CallEnded, 6, call=CallId("c1"))):
            last = str(await log.append([join([encode(change)])]))
            while floor["position"] != last:
                floor = apply(floor, await hear(screen, "delta"))
        assert floor["calls"] == []
