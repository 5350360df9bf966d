"""The adapter of one PBX: its events become facts in the log, for as long as the process lives.

The shell around `translate/`, `sync.py` and `gap.py`, which decide everything. It is the client's handler, called from the
reader in the order of the wire; nothing here waits, except a thread that reads the tail of queue_log. It folds its own
facts, so that after a gap, or its own restart, it knows what the floor already knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from agi.client import TICK_S, AmiClient, Endpoint, Surroundings
from agi.codec import Message
from agi.errors import AmiError, LocalError
from agi.exchange import TIMING, Credentials, Reply, Timing
from agi.gap import Gap, fill
from agi.queuelog import parse, visits
from agi.sync import Ask, Began, Effect, Fenced, Listed, Stage, Sync
from agi.translate import VARIABLES, WANTED, snapshot, tick, translate
from agi.translate.tracker import Tracker
from realtime.changes import Changes
from realtime.factcodec import encode
from realtime.facts import NodeHeard, NodeLinked, NodeLost, Sealed, SyncBegan, SyncEnded
from realtime.floor import Floor
from realtime.fold import apply
from realtime.fold.lookup import waiting_in
from realtime.words import SECOND, Micros, Node

HEARD_EVERY: Micros = 900_000
"""A little less than the ping's second, so that each pong is a fact and no second is missed."""
TAIL_BYTES = 2_097_152
"""Of queue_log: some 20,000 lines, 5,000 calls, a day of sixty agents. What lies before it stays unknown."""
LIVE_EVENTS = frozenset(("FullyBooted", "VarSet"))
WITHOUT_GAP = frozenset(("reloaded", "drift"))
"""Causes of a snapshot after which nothing can have been missed: the link was up all the while."""


@dataclass(frozen=True, slots=True)
class Pbx:
    """One PBX as the settings say it."""

    node: Node
    endpoint: Endpoint
    credentials: Credentials
    control: Credentials | None = None
    queue_log: Path | None = None
    trunks: frozenset[str] = frozenset()
    agent_prefix: str = ""
    timing: Timing = field(default=TIMING)


class Outbox(Protocol):
    """Where encoded facts go: the log's appender. `put` never blocks; what it could not take it counts."""

    def put(self, encoded: bytes) -> None: ...

    def take_dropped(self) -> int:
        """How many were dropped since this was last asked."""
        ...


class Adapter:
    """`run()` it in a task. `floor` is what the log said when this process began, `day_begins` when today did."""

    def __init__(
        self,
        pbx: Pbx,
        outbox: Outbox,
        seal: Callable[[str, Micros], Sealed | None],
        session: str,
        floor: Floor,
        day_begins: Micros = 0,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.tracker = Tracker(pbx.node, session, seal, pbx.trunks, pbx.agent_prefix)
        self.sync = Sync()
        self.floor = floor
        self._pbx = pbx
        self._outbox = outbox
        self._around = surroundings or Surroundings()
        self._changes = Changes()
        self._day_begins = day_begins
        self._gap_from: Micros = 0
        self._started: Micros = 0
        self._lost = True
        self._heard: Micros = 0
        self._filling: asyncio.Task[None] | None = None
        self._client = self._client_for(pbx.credentials, self, WANTED, "on")
        self._control = self._client_for(pbx.control, Quiet(), frozenset(), "off") if pbx.control is not None else None

    def _client_for(self, credentials: Credentials, handler: Adapter | Quiet, wanted: frozenset[str], events: str) -> AmiClient:
        pbx = self._pbx
        return AmiClient(
            pbx.endpoint,
            credentials,
            handler,
            wanted=wanted,
            variables=VARIABLES,
            events=events,
            timing=pbx.timing,
            surroundings=self._around,
        )

    async def run(self) -> None:
        """Until cancelled. A bug in translation comes out here and ends the process; the supervisor starts it again."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._client.run())
            if self._control is not None:
                tasks.create_task(self._control.run())
            tasks.create_task(self._tick())

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            now = self._around.clock()
            tick(self.tracker, now)
            dropped = self._outbox.take_dropped()
            if dropped:
                self._gap_from = self._gap_from or now - SECOND
                self._perform(self.sync.wish("overflow", now), now)
            self._perform(self.sync.tick(now), now)
            self._flush()

    # ------------------------------------------------------------------ the handler of the facts session

    def linked(self, banner: str, now: int) -> None:
        self._lost, self._started = False, 0
        known = self.floor.nodes.get(self._pbx.node)
        # Of a PBX we never heard, queue_log still tells the day so far.
        self._gap_from = known.heard if known is not None and known.heard else self._day_begins
        self._perform(self.sync.linked(now), now)

    def received(self, items: Sequence[Message | Reply], now: int) -> None:
        tracker = self.tracker
        for item in items:
            if isinstance(item, Reply):
                self._answered(item, now)
            else:
                if item.name in LIVE_EVENTS:
                    self._noted(item, now)
                translate(tracker, item, now)
        if tracker.resync_wanted and self.sync.stage is Stage.LIVE:
            self._perform(self.sync.wish("reloaded", now), now)
        self._flush()

    def ponged(self, now: int) -> None:
        if now - self._heard >= HEARD_EVERY:
            self._heard = now
            self._say(NodeHeard, now)
            self._flush()

    def lost(self, error: AmiError, now: int) -> None:
        self.sync.lost()
        if not self._lost or self._pbx.node not in self.floor.nodes:
            self._lost = True
            self._say(NodeLost, now, str(error))
            self._flush()

    # ------------------------------------------------------------------ inside

    def _noted(self, message: Message, now: int) -> None:
        """An event that the syncing waits for."""
        uptime = message.get("Uptime")
        if message.name == "FullyBooted" and uptime.isdecimal():
            self._started = now - int(uptime) * SECOND
        self._perform(self.sync.event(message, now), now)

    def _answered(self, reply: Reply, now: int) -> None:
        if reply.action.name == "QueueSummary":
            ours = {str(queue.name): waiting_in(self.floor, queue) for queue in self.floor.queues.values() if queue.node == self._pbx.node}
            self._perform(self.sync.summary(reply, ours, now), now)
        elif reply.action.name == "CoreSettings" and reply.response is not None:
            self._say(NodeLinked, now, reply.response.get("AsteriskVersion"), self._started)
        else:
            self._perform(self.sync.reply(reply, now), now)

    def _perform(self, effects: list[Effect], now: int) -> None:
        for effect in effects:
            match effect:
                case Ask(action):
                    client = self._control if self._control is not None and action.name == "Setvar" else self._client
                    self._send(client or self._client, effect, now)
                case Began(cause):
                    self._begin(cause, now)
                case Listed(name, items):
                    read = snapshot.channel_item if name == "CoreShowChannels" else snapshot.queue_item
                    self.tracker.now = now
                    for item in items:
                        read(self.tracker, item, now)
                case Fenced():
                    self._filling = asyncio.get_running_loop().create_task(self._fill(now))

    def _send(self, client: AmiClient, ask: Ask, now: int) -> None:
        """What cannot be sent now is asked again when the machine's patience ends; a lost link begins anew anyway."""
        try:
            client.send(ask.action)
        except LocalError:
            if client is self._control:
                self._send(self._client, ask, now)

    def _begin(self, cause: str, now: int) -> None:
        if cause in WITHOUT_GAP:
            self._gap_from = 0
        else:
            self._say(NodeLinked, now, "", self._started)
        self._say(SyncBegan, now, cause, self._gap_from)
        snapshot.begin(self.tracker)

    async def _fill(self, now: int) -> None:
        """The last step of a snapshot: forget what it did not confirm, tell what queue_log knows of the gap, end it."""
        gap, path = Gap(self._gap_from, now), self._pbx.queue_log
        lines: list[str] | None = None
        if path is not None and gap.begins:
            lines = await asyncio.to_thread(tail, path, gap.begins // SECOND)
        if self.sync.stage is not Stage.FILLING:
            return  # the link was lost meanwhile: the next snapshot tells it all
        self.tracker.now = now = self._around.clock()
        snapshot.finish(self.tracker)
        self._flush()
        if lines is not None:
            fill(self.tracker, self.floor, visits(parse(lines)), gap)
        self._say(SyncEnded, now, lines is not None)
        self.sync.filled(now)
        self._gap_from = 0
        self._flush()

    def _say(self, kind: type[NodeLinked | NodeHeard | NodeLost | SyncBegan | SyncEnded], now: int, *fields: object) -> None:
        self.tracker.now = now
        self.tracker.say(kind, now, *fields)

    def _flush(self) -> None:
        """Into our own floor and the log's outbox."""
        facts, self.tracker.out = self.tracker.out, []
        for fact in facts:
            apply(self.floor, fact, self._changes)
            self._outbox.put(encode(fact))
        if facts:
            self._changes = Changes()


class Quiet:
    """The handler of the control session, which wants no events; its replies go to who asked."""

    def linked(self, banner: str, now: int) -> None: ...

    def received(self, items: Sequence[Message | Reply], now: int) -> None: ...

    def ponged(self, now: int) -> None: ...

    def lost(self, error: AmiError, now: int) -> None: ...


def tail(path: Path, since_s: int) -> list[str] | None:
    """The lines of queue_log since a moment, from the file that was rotated away, too; None when it cannot be read."""
    lines: list[str] = []
    try:
        for part in (path.with_name(path.name + ".1"), path):
            if part is not path and not part.exists():
                continue
            with part.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(size - TAIL_BYTES, 0))
                lines += file.read().decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    begin = since_s - 2
    return [line for line in lines if line.partition("|")[0].isdecimal() and int(line.partition("|")[0]) >= begin]
