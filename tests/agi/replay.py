"""Plays AMI bytes or messages through the real decoder, translation and fold, without any I/O.

The capture begins with its own snapshot (ActionIDs snap1, snap2); a link that is cut in the middle gets one from
`reference.py`, which knows nothing of our code.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from agi.codec import Decoder, Message
from agi.gap import fill
from agi.queuelog import parse, visits
from agi.translate import WANTED, snapshot, stamp, tick, translate
from agi.translate.tracker import Tracker
from realtime import facts
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.fold import apply
from realtime.sealing import Sealer
from realtime.words import Node

DATA = Path(__file__).parent.parent / "data"
START = 1795484331_000000
LISTS = {"snap1": "QueueStatus", "snap2": "CoreShowChannels"}
ITEMS = {"QueueParams", "QueueMember", "QueueEntry"}


def capture() -> bytes:
    return gzip.decompress((DATA / "floor-a.ami.gz").read_bytes())


def sealer() -> Sealer:
    return Sealer(b"h" * 32, lambda month: b"m" * 64)


def messages(raw: bytes, sizes: Iterable[int] = (), wanted: frozenset[str] = WANTED) -> Iterator[Message]:
    """The messages of these bytes when they are read in pieces of these sizes (then in pieces of 64 KiB)."""
    decoder, at, pieces = Decoder(wanted), 0, iter(sizes)
    while at < len(raw):
        size = next(pieces, 65_536)
        yield from decoder.feed(raw[at : at + size])
        at += size


class Replay:
    """One adapter's mind: tracker and floor. `facts` is everything that was said."""

    def __init__(self, node: str = "north1") -> None:
        self.tracker = Tracker(Node(node), "replay", sealer().seal)
        self.floor = Floor()
        self.facts: list[facts.Fact] = []
        self.now = START

    def play(self, stream: Iterable[Message]) -> Replay:
        for message in stream:
            self.hear(message)
        tick(self.tracker, self.now + 3_600_000_000)
        self.flush()
        return self

    def hear(self, message: Message) -> None:
        action = message.get("ActionID") if message.name != "OriginateResponse" else ""
        if not message.name:
            if action == "snap1":
                self.begin("connected", 0)
        elif action in LISTS:
            self.item(action, message)
        else:
            self.now = max(self.now, stamp(message.get("Timestamp"), self.now))
            translate(self.tracker, message, self.now)
            tick(self.tracker, self.now)
            self.flush()

    def item(self, action: str, message: Message) -> None:
        """The channels' list ends the snapshot in a capture."""
        if message.name in ITEMS:
            snapshot.queue_item(self.tracker, message, self.now)
        elif message.name == "CoreShowChannel":
            snapshot.channel_item(self.tracker, message, self.now)
        elif message.name == "CoreShowChannelsComplete":
            self.end(None)

    def resync(self, channels: Sequence[Message], queues: Sequence[Message], gap_from: int, queue_log: Sequence[str] | None) -> None:
        """The link was cut from `gap_from` until now: a snapshot of what is, and queue_log where it can be read."""
        self.begin("connected", gap_from)
        for message in channels:
            snapshot.channel_item(self.tracker, message, self.now)
        for message in queues:
            snapshot.queue_item(self.tracker, message, self.now)
        self.end(queue_log, gap_from)

    def begin(self, cause: str, gap_from: int) -> None:
        self.tracker.now = self.now
        self.tracker.say(facts.SyncBegan, self.now, cause, gap_from)
        snapshot.begin(self.tracker)
        self.flush()

    def end(self, queue_log: Sequence[str] | None, gap_from: int = 0) -> None:
        self.tracker.verdicts_told = True  # the fence's VarSet has come
        snapshot.finish(self.tracker)
        self.flush()
        if queue_log is not None:
            fill(self.tracker, self.floor, visits(parse(queue_log)), gap_from)
        self.tracker.say(facts.SyncEnded, self.now, queue_log is not None)
        self.flush()

    def flush(self) -> None:
        said, self.tracker.out = self.tracker.out, []
        for fact in said:
            apply(self.floor, fact, Changes())
        self.facts += said

    def counts(self) -> dict[str, tuple[int, int, int, int, int]]:
        """By queue: offered, answered, abandoned, left_otherwise, unknown."""
        return {
            queue.name: (queue.day.offered, queue.day.answered, queue.day.abandoned, queue.day.left_otherwise, queue.day.unknown)
            for queue in self.floor.queues.values()
        }


def law_holds(floor: Floor) -> bool:
    """answered + abandoned + left_otherwise + unknown + waiting + connecting = offered, for each queue."""
    return all(
        queue.day.offered == queue.day.answered + queue.day.abandoned + queue.day.left_otherwise + queue.day.unknown + len(queue.waiting)
        for queue in floor.queues.values()
    )


def nothing_left(replay: Replay) -> list[str]:
    """What still stands on an idle floor, in words; empty when nothing does."""
    floor, tracker = replay.floor, replay.tracker
    left = {
        "calls": [call.id for call in floor.calls.values() if not call.ended],
        "waiting": [visit for queue in floor.queues.values() for visit in queue.waiting],
        "talking": [visit for queue in floor.queues.values() for visit in queue.talking],
        "phones on calls": [phone.device for phone in floor.phones.values() if phone.legs],
        "channels": list(tracker.channels),
        "groups": list(tracker.groups),
        "attempts": list(tracker.attempts),
        "answers": list(tracker.answers),
        "leaving": list(tracker.leaving),
        "bridges": list(tracker.bridges),
    }
    return [f"{name}: {what[:3]}" for name, what in left.items() if what]
