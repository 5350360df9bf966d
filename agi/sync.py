"""Resync as a machine: when to take a snapshot, what to ask, and when it is over. Pure: effects come out as data.

Not the snapshot's meaning (`translate/snapshot.py`) and not the socket (`adapter.py`). The order of things
(asterisk.md 3.2, 3.3):

    log-in -> wait for FullyBooted, and for the PBX's time -> SyncBegan -> CoreShowChannels, QueueStatus, ... -> all lists complete
           -> Setvar of the fence; when its VarSet comes back, all that was published before has been read
           -> the gap is filled from queue_log, if it can be read -> SyncEnded

Live events are translated all the while; they and the lists come in the order of one session. A snapshot that is not
complete in time is asked for again, after a while. While live, QueueSummary is compared now and then with what the floor
holds: two mismatches in a row and a snapshot is taken. One is also taken every few minutes, because some changes raise no
event (asterisk.md 2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from agi.codec import Action, Message
from agi.exchange import Reply
from agi.translate.headers import whole
from realtime.factcodec import readable
from realtime.words import SECOND, Micros, SyncCause

FENCE = "ANDON_FENCE"
BOOT_WAIT: Micros = 10 * SECOND
"""FullyBooted comes right after log-in when the account may see it, else it never does and the lists are asked anyway."""
LIST_WAIT: Micros = 30 * SECOND
"""A list of 10,000 channels takes seconds; longer and it is lost."""
FENCE_WAIT: Micros = 1_500_000
"""Without the right to set a variable: longer than Asterisk's own queue has been seen to lag."""
AFTER_REFUSAL: Micros = 30 * SECOND
"""A right that is missing does not come by itself; somebody has to see it and reload the PBX."""
COMPARE_EVERY: Micros = 60 * SECOND
"""Between two looks at QueueSummary; it asks each queue for its lock, so not more often."""
RETRY: Micros = 5 * SECOND
LOOK_AGAIN = 5
"""Every so many comparisons a whole snapshot: `queue reload` and realtime changes of members raise no event at all."""

LISTS: dict[str, float] = {"CoreShowChannels": 30.0, "QueueStatus": 30.0}
"""The snapshot: channels first, for a queue's entries name them. With the patience in seconds."""


class Stage(StrEnum):
    IDLE = "idle"  # no link
    BOOTING = "booting"
    LISTING = "listing"
    FENCING = "fencing"
    FILLING = "filling"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Ask:
    """Send this action on the facts session."""

    action: Action


@dataclass(frozen=True, slots=True)
class Began:
    """A snapshot begins: doubt everything."""

    cause: SyncCause


@dataclass(frozen=True, slots=True)
class Listed:
    """One complete list, to be translated now."""

    name: str
    items: list[Message]


@dataclass(frozen=True, slots=True)
class Fenced:
    """All is read that was published before: fill the gap, then say `filled`."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A list that did not come, and what Asterisk said of it: the snapshot waits until it does."""

    name: str
    error: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """The gap is not filled yet: end the snapshot without."""


Effect = Ask | Began | Listed | Fenced | Refused | Overdue


class Sync:
    """The machine of one node's facts session."""

    def __init__(self) -> None:
        self.stage = Stage.IDLE
        self.cause: SyncCause = "connected"
        self._deadline: Micros = 0
        self._waits: set[str] = set()
        self._open: set[str] = set()
        self._failed: set[str] = set()
        self._fences = 0
        self._mismatches = 0
        self._compared = 0

    def linked(self, now: Micros) -> list[Effect]:
        self.stage, self._deadline, self._mismatches = Stage.BOOTING, now + BOOT_WAIT, 0
        self.cause = "connected"
        self._waits = {"FullyBooted", "Ping"}
        return [Ask(Action("Ping"))]

    def lost(self) -> None:
        self.stage = Stage.IDLE

    def event(self, message: Message, now: Micros) -> list[Effect]:
        """Only for FullyBooted and VarSet; every other event is none of this machine's business."""
        if message.name == "FullyBooted" and self.stage is Stage.BOOTING:
            return self._came("FullyBooted", now)
        if message.name == "VarSet" and self.stage is Stage.FENCING and message.get("Variable") == FENCE:
            return self._fenced(now) if message.get("Value") == str(self._fences) else []
        return []

    def _came(self, what: str, now: Micros) -> list[Effect]:
        """One of the two things that a first snapshot waits for: the PBX has booted, and has told its time."""
        self._waits.discard(what)
        return [] if self._waits else self.start(self.cause, now)

    def wish(self, cause: SyncCause, now: Micros) -> list[Effect]:
        """Somebody has a reason for a snapshot (a reload, an overflow). One that is under way is begun anew."""
        if self.stage in (Stage.IDLE, Stage.BOOTING):
            self.cause = cause if self.stage is Stage.BOOTING else self.cause
            return []
        return self.start(cause, now)

    def start(self, cause: SyncCause, now: Micros) -> list[Effect]:
        self.stage, self.cause, self._deadline = Stage.LISTING, cause, now + LIST_WAIT
        self._open, self._failed = set(LISTS), set()
        asks: list[Effect] = [Ask(Action(name, (), timeout)) for name, timeout in LISTS.items()]
        return [Began(cause), Ask(Action("Ping")), Ask(Action("CoreSettings")), *asks]

    def reply(self, reply: Reply, now: Micros) -> list[Effect]:
        name = reply.action.name
        if name == "Ping" and self.stage is Stage.BOOTING and reply.error is None:
            return self._came("Ping", now)
        if name in LISTS and self.stage is Stage.LISTING:
            return self._list(name, reply, now)
        if name == "Setvar" and self.stage is Stage.FENCING and reply.error is not None:
            self._deadline = now + FENCE_WAIT
        return []

    def _list(self, name: str, reply: Reply, now: Micros) -> list[Effect]:
        """A list that failed ends nothing: an empty one would end every call that it did not name."""
        self._open.discard(name)
        if reply.error is not None:
            self._failed.add(name)
            self._deadline = now + AFTER_REFUSAL
            return [Refused(name, reply.error)]
        effects: list[Effect] = [Listed(name, reply.items)]
        if not self._open and not self._failed:
            self.stage, self._fences, self._deadline = Stage.FENCING, self._fences + 1, now + LIST_WAIT
            fence = Action("Setvar", (("Variable", FENCE), ("Value", str(self._fences))))
            effects.append(Ask(fence))
        return effects

    def _fenced(self, now: Micros) -> list[Effect]:
        self.stage, self._deadline = Stage.FILLING, now + LIST_WAIT
        return [Fenced()]

    def filled(self, now: Micros) -> None:
        """SyncEnded was said."""
        self.stage, self._deadline = Stage.LIVE, now + COMPARE_EVERY
        self._mismatches = self._compared = 0

    def tick(self, now: Micros) -> list[Effect]:
        if self.stage is Stage.IDLE or now < self._deadline:
            return []
        match self.stage:
            case Stage.BOOTING:
                return self.start(self.cause, now)
            case Stage.LISTING:
                return self.start(self.cause, now)
            case Stage.FENCING:
                return self._fenced(now)
            case Stage.FILLING:
                return [Overdue()]
            case Stage.LIVE:
                self._deadline = now + COMPARE_EVERY
                self._compared += 1
                return self.start("drift", now) if self._compared >= LOOK_AGAIN else [Ask(Action("QueueSummary"))]
        return []

    def summary(self, reply: Reply, ours: Mapping[str, int], now: Micros) -> list[Effect]:
        """Compare QueueSummary's callers with ours; a caller who joins meanwhile may differ once, not twice."""
        theirs = {readable(item.get("Queue")): whole(item.get("Callers")) for item in reply.items if item.name == "QueueSummary"}
        if reply.error is not None or self.stage is not Stage.LIVE:
            return []
        if any(ours.get(queue, 0) != callers for queue, callers in theirs.items()):
            self._mismatches += 1
        else:
            self._mismatches = 0
        if self._mismatches == 1:
            self._deadline = now + RETRY
        return self.start("drift", now) if self._mismatches >= 2 else []
