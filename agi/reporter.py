"""What an adapter thinks: one PBX's messages in, facts out, and what to ask or read next. Pure; time is an argument.

The core around `translate/`, `sync.py` and `gap.py`; sockets, files and tasks are its shell's (`adapter.py`). It is told what
the link does, in the order of the wire, and answers with effects. Facts go into an outbox that may refuse some; only what it
took is folded, so that after a gap, an overflow or its own restart this floor is what the log's readers know, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agi.codec import Message
from agi.errors import AmiError
from agi.exchange import Reply
from agi.gap import fill
from agi.queuelog import parse, visits
from agi.sync import Ask, Began, Fenced, Listed, Overdue, Refused, Stage, Sync
from agi.sync import Effect as Step
from agi.translate import snapshot, stamp, tick, translate
from agi.translate.headers import whole
from agi.translate.recordings import mutes_all
from agi.translate.tracker import Tracker
from agi.watched import ReporterCounts
from realtime.changes import Changes
from realtime.factcodec import readable, written
from realtime.facts import NodeHeard, NodeLinked, NodeLost, Sealed, SnapshotRefused, SyncBegan, SyncEnded
from realtime.floor import Floor
from realtime.fold import apply
from realtime.fold.lookup import waiting_in
from realtime.orders import Outcome
from realtime.rulings import OrderDone
from realtime.words import SECOND, Micros, Node

HEARD_EVERY: Micros = 900_000
"""A little less than the ping's second, so that each pong is a fact and no second is missed."""
REASON_MAX = 500
"""Characters: our own sentences have at most half as many, but what a PBX said may be inside."""
LIVE_EVENTS = frozenset(("FullyBooted", "VarSet"))
WITHOUT_GAP = frozenset(("reloaded", "drift"))
"""Causes of a snapshot after which nothing can have been missed: the link was up all the while."""


@dataclass(frozen=True, slots=True)
class ReadQueueLog:
    """Read queue_log from about that second on, then say `read` with the same number."""

    since_s: int
    number: int


Effect = Ask | ReadQueueLog


class Outbox(Protocol):
    """Where encoded facts go: the log's appender. It never blocks."""

    def put(self, encoded: bytes) -> bool:
        """False: there was no room for it."""
        ...


REFUSED = "Asterisk did not give {name} ({error}): compare the account's rights with deploy/asterisk/manager.conf, then reload manager."


class Reporter:
    """One node's. `floor` is what the log said when this session began, `day_begins` when today did."""

    def __init__(
        self,
        node: Node,
        session: str,
        seal: Callable[[str, Micros], Sealed | None],
        outbox: Outbox,
        floor: Floor,
        *,
        trunks: frozenset[str] = frozenset(),
        agent_prefix: str = "",
        day_begins: Micros = 0,
        queue_log: bool = False,
    ) -> None:
        self.tracker = Tracker(node, session, seal, trunks, agent_prefix)
        self.sync = Sync()
        self.floor = floor
        self.counts = ReporterCounts()
        self._node = node
        self._outbox = outbox
        self._changes = Changes()
        self._day_begins = day_begins
        self._queue_log = queue_log
        self._gap_from: Micros = 0
        self._began: Micros = 0
        """When the snapshot did that is under way."""
        self._started: Micros = 0
        self._heard: Micros = 0
        self._reading = 0
        self._anomalies = floor.nodes[node].anomalies if node in floor.nodes else 0
        self._room = True
        """The outbox took the last fact; a pong a second asks again."""
        self._refused: Micros = 0
        """When the first fact was refused that no snapshot has made good since; 0: none."""

    # ------------------------------------------------------------------ what the link does

    def linked(self, now: Micros) -> list[Effect]:
        self._started = 0
        known = self.floor.nodes.get(self._node)
        # Of a PBX we never heard, queue_log still tells the day so far. A gap that was being filled when a link or an adapter
        # went is open still, and longer now.
        self._gap_from = self._gap_from or (known.gap_from or known.heard if known is not None else 0) or self._day_begins
        return self._done(self._perform(self.sync.linked(now), now))

    def received(self, items: Sequence[Message | Reply], now: Micros) -> list[Effect]:
        effects: list[Effect] = []
        for item in items:
            if isinstance(item, Reply):
                effects += self._answered(item, now)
            else:
                translate(self.tracker, item, now)
                if item.name in LIVE_EVENTS:
                    effects += self._noted(item, now)
        if self.tracker.resync_wanted and self.sync.stage is Stage.LIVE:
            effects += self._perform(self.sync.wish("reloaded", now), now)
        return self._done(effects)

    def ponged(self, now: Micros) -> None:
        if now - self._heard >= HEARD_EVERY:
            self._heard = now
            self._say(NodeHeard, now)
            self._flush()

    def lost(self, error: AmiError, now: Micros) -> None:
        """Said once, and again for another reason. Held against the floor: the one before us may have died without a word."""
        self.sync.lost()
        known, reason = self.floor.nodes.get(self._node), readable(str(error)[:REASON_MAX])
        if known is None or known.link != "lost" or known.reason != reason:
            self._say(NodeLost, now, reason)
            self._flush()

    def tick(self, now: Micros) -> list[Effect]:
        """A few times a second."""
        tick(self.tracker, now)
        effects: list[Effect] = []
        if self._refused and self._room:  # while there is none, a snapshot would be refused like everything else
            self._gap_from, self._refused = self._gap_from or self._refused, 0
            effects += self._perform(self.sync.wish("overflow", now), now)
        return self._done(effects + self._perform(self.sync.tick(now), now))

    def read(self, number: int, lines: list[str] | None, now: Micros) -> list[Effect]:
        """What was asked for with that number; None when it could not be read. Late, when a link or a snapshot came in between."""
        if self.sync.stage is Stage.FILLING and number == self._reading:
            self._finish(lines, now)
        return self._done([])

    def done(self, order: str, outcome: Outcome, said: str, now: Micros) -> None:
        """What the PBX answered to an order, in the same row of numbers as every fact of this adapter."""
        self.tracker.now = now
        self.tracker.say(OrderDone, now + self.tracker.ahead, order, outcome, readable(said))
        self._flush()

    # ------------------------------------------------------------------ inside

    def _noted(self, message: Message, now: Micros) -> list[Effect]:
        """An event that the syncing waits for."""
        uptime = message.get("Uptime")
        if message.name == "FullyBooted" and uptime:
            self._started = now - whole(uptime) * SECOND
        return self._perform(self.sync.event(message, now), now)

    def _answered(self, reply: Reply, now: Micros) -> list[Effect]:
        if reply.action.name == "QueueSummary":
            ours = {str(queue.name): waiting_in(self.floor, queue) for queue in self.floor.queues.values() if queue.node == self._node}
            return self._perform(self.sync.summary(reply, ours, now), now)
        if reply.action.name == "Ping" and reply.response is not None:
            self.tracker.ahead = stamp(reply.response.get("Timestamp"), now) - now
        if reply.action.name == "CoreSettings" and reply.response is not None:
            self.tracker.mutes_all = mutes_all(reply.response.get("AsteriskVersion"))
            self._say(NodeLinked, now, reply.response.get("AsteriskVersion"), self._started)
            return []
        return self._perform(self.sync.reply(reply, now), now)

    def _perform(self, steps: list[Step], now: Micros) -> list[Effect]:
        effects: list[Effect] = []
        for step in steps:
            match step:
                case Ask():
                    effects.append(step)
                case Began(cause):
                    self._begin(cause, now)
                case Listed(name, items):
                    self._list(name, items, now)
                case Fenced():
                    effects += self._fenced(now)
                case Refused(name, error):
                    self.counts.refused += 1
                    self._say(SnapshotRefused, now, REFUSED.format(name=name, error=readable(error)[:REASON_MAX]))
                case Overdue():
                    self._finish(None, now)
        return effects

    def _begin(self, cause: str, now: Micros) -> None:
        self._began = now
        self.counts.snapshots[cause] += 1
        if cause not in WITHOUT_GAP:
            self._say(NodeLinked, now, "", self._started)
        self._say(SyncBegan, now, cause, self._gap_from)
        snapshot.begin(self.tracker)

    def _list(self, name: str, items: list[Message], now: Micros) -> None:
        read = snapshot.channel_item if name == "CoreShowChannels" else snapshot.queue_item
        self.tracker.now = now
        for item in items:
            read(self.tracker, item, now + self.tracker.ahead)

    def _fenced(self, now: Micros) -> list[Effect]:
        """Everything is read that was published before: what the snapshot did not confirm is over."""
        if self._queue_log and self._gap_from:
            self._reading += 1
            return [ReadQueueLog((self._gap_from + self.tracker.ahead) // SECOND, self._reading)]
        self._finish(None, now)
        return []

    def _finish(self, lines: list[str] | None, now: Micros) -> None:
        """The last step of a snapshot: forget what it did not confirm, tell what queue_log knows of the gap, end it."""
        self.tracker.now, ahead = now, self.tracker.ahead
        snapshot.finish(self.tracker)
        self._flush()
        if lines is not None:
            fill(self.tracker, self.floor, visits(parse(lines)), self._gap_from + ahead)
        self._say(SyncEnded, now, lines is not None)
        self.sync.filled(now)
        self.counts.snapshot.observe(max(0, now - self._began) / SECOND)
        self._flush()
        if not self._refused:
            self._gap_from = 0

    def _say(
        self, kind: type[NodeLinked | NodeHeard | NodeLost | SnapshotRefused | SyncBegan | SyncEnded], now: Micros, *fields: object
    ) -> None:
        self.tracker.now = now
        self.tracker.say(kind, now + self.tracker.ahead, *fields)

    def _done(self, effects: list[Effect]) -> list[Effect]:
        self._flush()
        return effects

    def _flush(self) -> None:
        """Into the log's outbox and, when it took them, our own floor."""
        facts, self.tracker.out = self.tracker.out, []
        for fact, encoded in map(written, facts):
            self._room = self._outbox.put(encoded)
            if self._room:
                apply(self.floor, fact, self._changes)
            else:
                self._refused = self._refused or fact.seen
                self.counts.unsaid += 1
        if facts:
            self._changes = Changes()
            self._count(len(facts))

    def _count(self, said: int) -> None:
        """Of anomalies the floor keeps the last few with their evidence, and how many there were."""
        self.counts.facts += said
        node = self.floor.nodes.get(self._node)
        new = node.anomalies - self._anomalies if node is not None else 0
        if node is not None and new > 0:
            self._anomalies = node.anomalies
            for anomaly in self.floor.anomalies[-new:]:
                self.counts.anomaly(anomaly.kind)
