"""AMI bytes to facts over loopback: ours, panoramisk, pyst2, and a bare loop.

Each contender logs in to the same replay as a real client, in a fresh process. The rivals parse the stream and deliver every
wanted event to a callback that counts; ours does that and translates each into facts, with the members of the recording's
snapshot known and numbers sealed. Measured from the connect to the last wanted event, median of several runs. `all`: the
recording as it is; `filtered`: what the shipped manager.conf lets through. Rates are messages of the stream a second. The
bare loop makes dicts of events of a wanted name and nothing else: no facts, no login's answer, no time-outs, order or
limits. It is a floor, not a rival.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import os
import socket
import statistics
import time
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from agi.codec import Decoder
from agi.translate import VARIABLES, WANTED, snapshot, translate
from agi.translate.tracker import Tracker
from bench.replay import replaying
from bench.results import Row
from realtime.sealing import Sealer
from realtime.words import Node

RECORDING = Path(__file__).parent.parent / "tests" / "data" / "floor-a.ami.gz"
NOW = 1_795_484_400_000_000
PYST2_MESSAGES = 1_000  # it reads the socket byte by byte; the whole recording would take minutes
Contender = Callable[[int, "Tally"], None]
LOGIN = b"Action: Login\r\nUsername: bench\r\nSecret: bench\r\n\r\n"
UNIT = "messages/s"
RUNS = 5
PATIENCE_S = 60  # twenty times what the slowest takes


class Tally:
    """The callback, and the watch: from the connect to the last wanted event."""

    def __init__(self, expected: int) -> None:
        self.missing = expected
        self.began = 0.0
        self.ended = 0.0
        self.done: Callable[[], None] = lambda: None

    def start(self) -> None:
        self.began = time.perf_counter()

    def take(self, _: Any) -> None:
        self.missing -= 1
        if self.missing == 0:
            self.finish()

    def count(self, events: int) -> None:
        self.missing -= events
        if self.missing == 0:
            self.finish()

    def finish(self) -> None:
        self.ended = time.perf_counter()
        self.done()


def primed() -> Tracker:
    """A tracker that knows the recording's members."""
    sealer = Sealer(b"h" * 32, lambda month: b"m" * 64)
    tracker = Tracker(Node("north1"), "bench", sealer.seal)
    with gzip.open(RECORDING) as file:
        head = file.read(200_000)
    for message in Decoder().feed(head):
        if message.name in ("QueueParams", "QueueMember"):
            snapshot.queue_item(tracker, message, NOW)
    return tracker


def want(name: str, get: Callable[[str], Any]) -> bool:
    return name in WANTED and (name != "VarSet" or get("Variable") in VARIABLES)


# Contenders: each connects to the port and returns when the tally is complete.


def andon(port: int, tally: Tally) -> None:
    import uvloop

    from agi.client import AmiClient, Endpoint
    from agi.exchange import Credentials

    tracker = primed()

    class Translating:
        def linked(self, banner: str, now: int) -> None: ...

        def received(self, items: list[Any], now: int) -> None:
            for item in items:
                translate(tracker, item, now)
            tracker.out.clear()  # here the adapter hands them on
            tally.count(len(items))

        def ponged(self, now: int) -> None: ...

        def lost(self, error: Exception, now: int) -> None:
            if tally.missing:
                raise error

    async def main() -> None:
        client = AmiClient(
            Endpoint("127.0.0.1", port), Credentials("bench", "bench", "plain"), Translating(), wanted=WANTED, variables=VARIABLES
        )
        tally.done = client.close
        tally.start()
        await client.run()

    uvloop.run(main())


def panoramisk(port: int, tally: Tally) -> None:
    import uvloop
    from panoramisk import Manager

    def take(_: Any, event: Any) -> None:
        if want(event.event, event.get):
            tally.take(event)

    async def main() -> None:
        finished = asyncio.Event()
        tally.done = finished.set
        tally.start()
        manager = Manager(loop=asyncio.get_running_loop(), host="127.0.0.1", port=port, username="bench", secret="bench")
        manager.register_event("*", take)
        await manager.connect()
        await finished.wait()

    uvloop.run(main())


def pyst2(port: int, tally: Tally) -> None:
    import threading

    from asterisk.manager import Manager

    finished = threading.Event()
    tally.done = finished.set

    def take(event: Any, _: Any) -> None:
        if want(event.name, event.headers.get):
            tally.take(event)

    tally.start()
    manager = Manager()
    manager.register_event("*", take)
    manager.connect("127.0.0.1", port)
    manager.login("bench", "bench")
    finished.wait()


def bare(port: int, tally: Tally) -> None:
    names = {name.encode() for name in WANTED}
    tally.start()
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.sendall(LOGIN)
        rest = b""
        while tally.missing:
            *blocks, rest = (rest + link.recv(262_144)).split(b"\r\n\r\n")
            for block in blocks:
                first, _, body = block.lstrip(b"\r\n").partition(b"\r\n")  # a TestEvent ends with two blank lines
                if first[7:] in names:
                    headers: dict[str, str] = dict(
                        line.partition(": ")[::2] for line in body.decode("utf-8", "surrogateescape").split("\r\n")
                    )
                    if first != b"Event: VarSet" or headers["Variable"] in VARIABLES:
                        tally.take(headers)


# One run


def _race(contender: Contender, port: int, expected: int, pipe: Connection) -> None:
    warnings.simplefilter("ignore")  # pyst2 uses threading's old names
    tally = Tally(expected)
    contender(port, tally)
    pipe.send(tally.ended - tally.began)
    os._exit(0)  # rivals leave threads and tasks behind


def seconds(contender: Contender, port: int, expected: int) -> float:
    """One run in a fresh process."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_race, args=(contender, port, expected, theirs))
    process.start()
    theirs.close()
    if not ours.poll(PATIENCE_S):
        process.kill()
        raise TimeoutError(f"{contender.__name__} did not deliver {expected:,} events within {PATIENCE_S} s")
    took = float(ours.recv())
    process.join()
    return took


def messages() -> list[bytes]:
    """The live events of the recording; its snapshot belongs to a login that is not ours."""
    with gzip.open(RECORDING) as file:
        blocks = file.read().split(b"\r\n\r\n")[:-1]
    last = next(index for index, block in enumerate(blocks) if block.startswith(b"Event: CoreShowChannelsComplete"))
    return blocks[last + 1 :]


def is_wanted(block: bytes) -> bool:
    headers: dict[str, str] = dict(line.partition(": ")[::2] for line in block.decode("utf-8", "replace").strip().split("\r\n"))
    return want(headers["Event"], headers.__getitem__)


def rates(blocks: list[bytes], contenders: tuple[Contender, ...], runs: int = RUNS) -> dict[str, float]:
    """Messages of the stream a second, by contender. They take turns, so that a busy minute of the machine hits all."""
    expected = sum(map(is_wanted, blocks))
    took: dict[str, list[float]] = {contender.__name__: [] for contender in contenders}
    with replaying(b"".join(block + b"\r\n\r\n" for block in blocks)) as port:
        for _ in range(runs):
            for contender in contenders:
                took[contender.__name__].append(seconds(contender, port, expected))
    return {name: len(blocks) / statistics.median(times) for name, times in took.items()}


def run() -> list[Row]:
    everything = messages()
    wanted = [block for block in everything if is_wanted(block)]
    rows: list[Row] = []
    for suffix, blocks in (("", everything), ("_filtered", wanted)):
        found = rates(blocks, (andon, panoramisk, bare))
        rows += [
            Row(f"ami_ingest_vs_panoramisk{suffix}", found["andon"], UNIT, found["panoramisk"]),
            Row(f"ami_ingest_vs_bare{suffix}", found["andon"], UNIT, found["bare"]),
        ]
    slow = rates(everything[:PYST2_MESSAGES], (pyst2,), runs=1)
    return [*rows, Row("ami_ingest_vs_pyst2", rows[0].value, UNIT, slow["pyst2"])]
