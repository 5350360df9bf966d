"""A busy PBX for the benches: the simulated centre, in a process of its own, at a wanted number of messages a second.

Not the demo's simulator role: its time does not follow a clock but is moved on so that the wanted number of messages goes
out, in the bursts in which a PBX says them, and it notes when the bytes of each caller's join were written. What it sends
is filtered by name as the shipped manager.conf would. The centre's load is chosen so that its time runs about as fast as
ours. While nothing is streamed its time stands still.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from agi.simulator.centre import QUEUES, Centre
from agi.simulator.manager import DEFAULT_ACCOUNTS, Manager
from agi.simulator.outlet import Message
from agi.simulator.pbx import Pbx
from agi.simulator.server import Server, serve, wall_clock
from agi.translate import WANTED

WARM_UP_US = 300_000_000
STEP_US = 1_000
UNIQUEID = re.compile(rb"\r\nUniqueid: (\S+)")
BEHIND_S = 0.25
"""A PBX that could not keep up for so long does not send faster afterwards."""


@dataclass(frozen=True, slots=True)
class Load:
    """A centre whose natural rate is about what is wanted; talks are shorter where 1,000 people could not talk that much."""

    messages_s: float
    rate: float
    talk: float

    def centre(self, agents: int) -> Centre:
        queues = tuple(replace(spec, talk_s=spec.talk_s * self.talk) for spec in QUEUES)
        return Centre(agents=agents, rate=self.rate * 1000 / agents, queues=queues, patience_s=70 * self.talk)


LOADS = (Load(50, 0.25, 1.0), Load(500, 2.7, 0.35), Load(2000, 12.0, 0.06))
Written = dict[str, float]


@dataclass(frozen=True, slots=True)
class Streamed:
    """What one stream was: when each caller's first join was written (perf_counter), and how many messages went out."""

    written: Written
    messages: int
    seconds: float


class _Counting(Manager):
    """Counts what is sent, and collects who has just joined a queue."""

    sent = 0

    def __init__(self, pbx: Pbx) -> None:
        super().__init__(pbx, [replace(DEFAULT_ACCOUNTS[0], only=WANTED)])
        self.joined: list[str] = []

    def _deliver(self, messages: list[Message]) -> None:
        super()._deliver(messages)
        for message in messages:
            self.sent += message.name in WANTED
            if message.name == "QueueCallerJoin" and (found := UNIQUEID.search(message.data)):
                self.joined.append(found[1].decode())


class PbxProcess:
    """The parent's side."""

    def __init__(self, pipe: Connection, port: int) -> None:
        self.port = port
        self._pipe = pipe

    async def stream(self, messages_s: float, seconds: float) -> Streamed:
        self._pipe.send((messages_s, seconds))
        streamed: Streamed = await asyncio.to_thread(self._pipe.recv)
        return streamed


@asynccontextmanager
async def busy(load: Load, agents: int) -> AsyncIterator[PbxProcess]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_main, args=(theirs, load, agents), daemon=True)
    process.start()
    theirs.close()  # so that a child that dies is an end of file here
    try:
        yield PbxProcess(ours, await asyncio.to_thread(ours.recv))
    finally:
        process.terminate()
        await asyncio.to_thread(process.join)


def _main(pipe: Connection, load: Load, agents: int) -> None:
    asyncio.run(_serve(pipe, load, agents))


async def _serve(pipe: Connection, load: Load, agents: int) -> None:
    now = [wall_clock() - WARM_UP_US]
    pbx = Pbx(load.centre(agents), 1, now[0])
    now[0] += WARM_UP_US
    pbx.advance(now[0])
    manager = _Counting(pbx)
    server = await serve(manager, clock=lambda: now[0])
    pipe.send(server.port)
    while True:
        messages_s, seconds = await asyncio.to_thread(pipe.recv)
        pipe.send(await _stream(server, manager, now, messages_s, seconds))


async def _stream(server: Server, manager: _Counting, now: list[int], messages_s: float, seconds: float) -> Streamed:
    written: Written = {}
    sent_before = manager.sent
    begin = due = time.perf_counter()
    while due < begin + seconds:
        before = manager.sent
        while manager.sent == before:
            now[0] += STEP_US
            server.tick()
        at = time.perf_counter()
        server.flush()
        for uniqueid in manager.joined:
            written.setdefault(uniqueid, at)
        manager.joined.clear()
        due = max(due + (manager.sent - before) / messages_s, at - BEHIND_S)
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        else:
            await asyncio.sleep(0)
    return Streamed(written, manager.sent - sent_before, time.perf_counter() - begin)
