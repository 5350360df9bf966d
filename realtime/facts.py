"""Facts: what happened, immutable, versioned, in the words of the field. The log holds nothing else.

Not AMI events (`agi` translates those) and not state (`fold` derives it). A fact never holds a number or a customer's
name in clear: `Sealed` is what it holds instead. The counterpart is `factcodec.py`, which writes and reads them.

Every fact carries
  at       when it happened, by the PBX's clock (or the deadline an engine's fact is stamped with)
  seen     when we read it, by ours
  node     the Asterisk server it is about; empty for facts about the whole floor
  session  who said it: one life of one producer
  seq      its number in that session; (node, session, seq) makes a fact idempotent

A class's tag is `Name.version`. To change a fact's meaning or shape, raise the version and write an upcaster in
`factcodec.py`; a new optional field at the end needs neither.
"""

from __future__ import annotations

import msgspec

from realtime.words import (
    AgentId,
    CallId,
    Departure,
    Device,
    DeviceState,
    Direction,
    Interface,
    LegState,
    Micros,
    Node,
    QueueName,
    RingOutcome,
    SyncCause,
    Uniqueid,
)


class Sealed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A number as a fact may hold it: a keyed hash to match and count by, and a ciphertext under the month's key."""

    digest: str
    cipher: bytes
    month: str


class Fact(msgspec.Struct, frozen=True, tag_field="fact", omit_defaults=True, gc=False):
    """What every fact carries; see the module's docstring."""

    at: Micros
    seen: Micros
    node: Node
    session: str
    seq: int


# ------------------------------------------------------------------ the node and our link to it


class NodeLinked(Fact, frozen=True, tag="NodeLinked.1"):
    """Logged in. `asterisk` is its version in its own words, `started` when it booted (0: it would not say)."""

    asterisk: str = ""
    started: Micros = 0


class NodeHeard(Fact, frozen=True, tag="NodeHeard.1"):
    """The node answered a ping: at most one a second, so that a screen knows how old its numbers are."""


class NodeLost(Fact, frozen=True, tag="NodeLost.1"):
    """The link is gone; what follows is unknown until the next SyncEnded. Said again when the reason is another one."""

    reason: str = ""


class SyncBegan(Fact, frozen=True, tag="SyncBegan.1"):
    """What follows, up to SyncEnded, says what is; what it does not confirm has ended unseen since `gap_from`."""

    cause: SyncCause = "connected"
    gap_from: Micros = 0


class SyncEnded(Fact, frozen=True, tag="SyncEnded.1"):
    """The snapshot is complete. `filled`: what happened inside the gap was read from queue_log."""

    filled: bool = False


class SnapshotRefused(Fact, frozen=True, tag="SnapshotRefused.1"):
    """A list of the snapshot did not come, so nothing may be concluded from it; `reason` is a sentence for a person."""

    reason: str = ""


class AnomalySeen(Fact, frozen=True, tag="AnomalySeen.1"):
    """The PBX said something that does not fit; we follow it and count it, with the evidence."""

    kind: str = ""
    evidence: str = ""


# ------------------------------------------------------------------ queues, members, devices


class QueueSeen(Fact, frozen=True, tag="QueueSeen.1"):
    """A queue exists. `target_s` is its `servicelevel`."""

    queue: QueueName = QueueName("")
    strategy: str = ""
    target_s: int = 0


class MemberSeen(Fact, frozen=True, tag="MemberSeen.1"):
    """A member is in a queue, as it is now: added, or listed by a snapshot."""

    queue: QueueName = QueueName("")
    interface: Interface = Interface("")
    device: Device = Device("")
    name: str = ""
    penalty: int = 0
    paused: bool = False
    reason: str = ""
    wrapup_s: int = 0
    paused_at: Micros = 0  # the PBX's LastPause: a hint, used only when we did not see the pause ourselves


class MemberPaused(Fact, frozen=True, tag="MemberPaused.1"):
    """Paused or unpaused in one queue."""

    queue: QueueName = QueueName("")
    interface: Interface = Interface("")
    paused: bool = False
    reason: str = ""


class MemberPenaltySet(Fact, frozen=True, tag="MemberPenaltySet.1"):
    """The member's turn in the queue: who has a lower penalty is rung first."""

    queue: QueueName = QueueName("")
    interface: Interface = Interface("")
    penalty: int = 0


class MemberRemoved(Fact, frozen=True, tag="MemberRemoved.1"):
    """A member is no longer in a queue. Who goes unseen is not said to: a snapshot does not list them."""

    queue: QueueName = QueueName("")
    interface: Interface = Interface("")


class DeviceChanged(Fact, frozen=True, tag="DeviceChanged.1"):
    """A member's device has another state; said only when it differs from the last one said."""

    device: Device = Device("")
    state: DeviceState = DeviceState.UNKNOWN


class ContactChanged(Fact, frozen=True, tag="ContactChanged.1"):
    """A phone's contact can or cannot be reached (qualify)."""

    device: Device = Device("")
    reachable: bool = True


class AgentSeated(Fact, frozen=True, tag="AgentSeated.1"):
    """A person sits at `(node, device)` until AgentUnseated or another seat. Without a plan: the member's name."""

    agent: AgentId = AgentId("")
    name: str = ""
    device: Device = Device("")


class AgentUnseated(Fact, frozen=True, tag="AgentUnseated.1"):
    """The person no longer sits there."""

    agent: AgentId = AgentId("")
    device: Device = Device("")


# ------------------------------------------------------------------ calls and their legs


class CallBegan(Fact, frozen=True, tag="CallBegan.1"):
    """The first channel of a call."""

    call: CallId = CallId("")
    direction: Direction = "inbound"
    caller: Sealed | None = None
    callee: Sealed | None = None


class CallDirected(Fact, frozen=True, tag="CallDirected.1"):
    """Only now it is known which way a call goes and to whom (an originated call, a number dialled later)."""

    call: CallId = CallId("")
    direction: Direction = "inbound"
    callee: Sealed | None = None


class CallsMerged(Fact, frozen=True, tag="CallsMerged.1"):
    """Two calls are one from now on (an attended transfer, a pick-up); `call` is the id that stays."""

    call: CallId = CallId("")
    absorbed: CallId = CallId("")


class CallEnded(Fact, frozen=True, tag="CallEnded.1"):
    """The last channel is gone."""

    call: CallId = CallId("")
    cause: int = 0


class LegBegan(Fact, frozen=True, tag="LegBegan.1"):
    """A channel of a call, with its device; Local channels are plumbing and have no leg."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")
    device: Device = Device("")
    state: LegState = LegState.NEW


class LegChanged(Fact, frozen=True, tag="LegChanged.1"):
    """A channel does something else."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")
    state: LegState = LegState.NEW


class LegEnded(Fact, frozen=True, tag="LegEnded.1"):
    """A channel is gone; `cause` is its Q.850 hang-up cause."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")
    cause: int = 0


class CallParked(Fact, frozen=True, tag="CallParked.1"):
    """The call waits in a parking place; `leg` is the parked channel."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")
    space: str = ""


class CallUnparked(Fact, frozen=True, tag="CallUnparked.1"):
    """`why`: retrieved, timeout, gave_up."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")
    why: str = ""


class CallTransferred(Fact, frozen=True, tag="CallTransferred.1"):
    """`kind`: blind or attended; `device` is whose phone did it."""

    call: CallId = CallId("")
    kind: str = ""
    device: Device = Device("")
    result: str = ""


class RecordingBegan(Fact, frozen=True, tag="RecordingBegan.1"):
    """MixMonitor said it starts; that a file exists is for the archive to find out."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")


class RecordingEnded(Fact, frozen=True, tag="RecordingEnded.1"):
    """MixMonitor stopped, or its channel is gone."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")


class SpyBegan(Fact, frozen=True, tag="SpyBegan.1"):
    """Somebody listens to `call` (the one of the spied channel)."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")
    spyer: Uniqueid = Uniqueid("")
    device: Device = Device("")


class SpyEnded(Fact, frozen=True, tag="SpyEnded.1"):
    """They listen no more."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")
    spyer: Uniqueid = Uniqueid("")


# ------------------------------------------------------------------ visits to queues (a caller is in one at a time)


class CallerJoined(Fact, frozen=True, tag="CallerJoined.1"):
    """A caller enters a queue: the start of one visit, known by (node, channel) while it lasts."""

    call: CallId = CallId("")
    channel: Uniqueid = Uniqueid("")
    queue: QueueName = QueueName("")
    position: int = 0
    caller: Sealed | None = None


class CallerLeft(Fact, frozen=True, tag="CallerLeft.1"):
    """The caller is no longer waiting. `how` says more: hangup, timeout, key, withdrawn, redirected, empty, gap, restart."""

    call: CallId = CallId("")
    channel: Uniqueid = Uniqueid("")
    queue: QueueName = QueueName("")
    departure: Departure = "unknown"
    how: str = ""
    joined: Micros = 0  # when the visit began, where it is not the caller's latest (told by queue_log after a gap)


class AgentRang(Fact, frozen=True, tag="AgentRang.1"):
    """One ring attempt at a member; `leg` is its channel (a Local one for Local members)."""

    call: CallId = CallId("")
    channel: Uniqueid = Uniqueid("")
    queue: QueueName = QueueName("")
    interface: Interface = Interface("")
    leg: Uniqueid = Uniqueid("")


class AgentRingEnded(Fact, frozen=True, tag="AgentRingEnded.1"):
    """The attempt is over: by an answer, or by what `outcome` says."""

    call: CallId = CallId("")
    channel: Uniqueid = Uniqueid("")
    queue: QueueName = QueueName("")
    interface: Interface = Interface("")
    leg: Uniqueid = Uniqueid("")
    outcome: RingOutcome = "cancelled"
    ring_ms: int = 0


class AgentConnected(Fact, frozen=True, tag="AgentConnected.1"):
    """The caller talks to the member. `wait_s`: from joining the queue to now, as Asterisk rounds it."""

    call: CallId = CallId("")
    channel: Uniqueid = Uniqueid("")
    queue: QueueName = QueueName("")
    interface: Interface = Interface("")
    leg: Uniqueid = Uniqueid("")
    wait_s: int = 0
    joined: Micros = 0  # as in CallerLeft


class AgentCompleted(Fact, frozen=True, tag="AgentCompleted.1"):
    """The member's part of the queue call is over. `by`: agent, caller, transfer, gap, restart."""

    call: CallId = CallId("")
    channel: Uniqueid = Uniqueid("")
    queue: QueueName = QueueName("")
    interface: Interface = Interface("")
    talk_s: int = 0
    by: str = ""
    joined: Micros = 0  # as in CallerLeft


# ------------------------------------------------------------------ facts of the engine


class QueueRules(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the centre says of one queue; -1 leaves the PBX's own value."""

    target_s: int = -1
    wrapup_s: int = 0


class FloorConfigured(Fact, frozen=True, tag="FloorConfigured.1"):
    """The settings that the fold needs, so that every process folds the same."""

    timezone: str = "UTC"
    day_starts_min: int = 0
    queues: dict[str, QueueRules] = {}
    pause_states: dict[str, str] = {}


class DayBegan(Fact, frozen=True, tag="DayBegan.1"):
    """A business day begins, stamped with its first moment; `day` is its ISO date."""

    day: str = ""


class WrapUpEnded(Fact, frozen=True, tag="WrapUpEnded.1"):
    """Wrap-up is over by our own clock; `since` names which one."""

    agent: AgentId = AgentId("")
    since: Micros = 0
