"""What must be remembered of one Asterisk to understand its next event: channels, calls, members, ring attempts.

Not the floor: the tracker knows nothing of agents or counts, and it is lost with its process; the floor is folded from the
facts that it says. Its counterpart is the table of handlers in `translate/__init__.py`, one small function an event.

Calls are found by union of uniqueids: equal linkedid, a dial, a Local pair, a bridge, a transfer make two channels one
call, whose id is the first linkedid seen (asterisk.md 2.6).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from realtime.facts import CallEnded, CallsMerged, Fact, LegBegan, LegChanged, LegEnded, RecordingEnded, Sealed
from realtime.words import CallId, Device, DeviceState, Interface, LegState, Micros, Node, QueueName, Uniqueid

TOMBSTONES = 4096
"""Uniqueids remembered after their hangup: the calls of minutes on a busy server; late events came within 4 ms."""
GRACE: Micros = 5_000_000
"""How long a word of Asterisk's may be missing before we conclude without it (AgentComplete after a transfer)."""
LINGER: Micros = 1_000_000
"""How long a channel may be in no bridge, after one, before we say that it waits: a hang-up or a next bridge takes less."""
PENDING: Micros = 2_000_000
"""How long a departure without a stated reason waits for one; the reason comes within milliseconds."""
NO_PHONE = ("Local/", "Message/", "Snoop/", "Surrogate/", "Announcer/", "Recorder/", "CBAnn/", "MulticastRTP/", "UnicastRTP/")
"""Technologies that are plumbing inside Asterisk: such a channel joins calls but is nobody's phone."""

SOMEBODY = "of the snapshot"
"""Stands for the channel that a caller dials when a snapshot was taken: its uniqueid is not told."""


class Group:
    """One call: its id and the channels that belong to it."""

    __slots__ = ("announced", "began", "channels", "directed", "id", "linkedids")

    def __init__(self, call: CallId, began: Micros) -> None:
        self.id = call
        self.linkedids = {str(call)}
        self.began = began
        self.channels: set[Channel] = set()
        self.announced = False
        self.directed = False


class Visit:
    """A caller's stay in a queue, until it is settled."""

    __slots__ = ("abandon_seen", "answering", "confirmed", "left", "place", "queue", "redirected")

    def __init__(self, queue: QueueName) -> None:
        self.queue = queue
        self.answering = False  # a member's leg answered: Leave will mean connecting
        self.abandon_seen = False
        self.left: Micros = 0
        self.place = ("", "")  # context and extension when it joined
        self.redirected = False
        self.confirmed = True


class Channel:
    """One life of one channel."""

    __slots__ = (
        "bridge",
        "call",
        "confirmed",
        "device",
        "dialled",
        "dialling",
        "ever_bridged",
        "held",
        "hung_up",
        "joined_at",
        "left_bridge",
        "monitors",
        "muted",
        "name",
        "phone",
        "said",
        "spied",
        "state",
        "uniqueid",
        "visit",
    )

    def __init__(self, uniqueid: Uniqueid, name: str, device: Device, phone: bool, state: int, call: Group) -> None:
        self.uniqueid = uniqueid
        self.name = name  # as Asterisk calls it now; orders go by it
        self.device = device
        self.phone = phone  # has a leg
        self.state = state  # Asterisk's ChannelState, 4 ring, 5 ringing, 6 up
        self.call = call
        self.bridge = ""
        self.ever_bridged = False
        self.left_bridge: Micros = 0
        self.held = False
        self.monitors = 0  # MixMonitors on it that we saw begin
        self.muted: frozenset[str] | None = None  # sides of its recordings that are silent; None: not known
        self.dialled = False  # by another channel
        self.dialling: set[str] = set()  # uniqueids of channels it dials
        self.hung_up = False  # its end was asked for
        self.said: LegState | None = None
        self.visit: Visit | None = None
        self.joined_at: Micros = 0  # of the last join, by the PBX: a repeat carries the same
        self.spied: tuple[CallId, Uniqueid] | None = None
        self.confirmed = True

    def leg_state(self) -> LegState:
        if self.state == 6:
            if self.bridge:
                return LegState.HOLD if self.held else LegState.TALKING
            if self.hung_up:
                return LegState.NEW  # gone already, though Asterisk keeps the channel until a transfer is through
            if self.dialling:
                return LegState.DIALLING
            # A dialled phone that answered is about to be bridged; an originated one begins a dialplan of its own.
            return LegState.TALKING if self.dialled and not self.ever_bridged else LegState.WAITING
        if self.state == 5:
            return LegState.RINGING
        return LegState.DIALLING if self.state in (3, 4) else LegState.NEW


class Attempt:
    """One ring at one member, known by the uniqueid of the channel that was dialled."""

    __slots__ = ("began", "channel", "interface", "queue")

    def __init__(self, channel: Uniqueid, queue: QueueName, interface: Interface, began: Micros) -> None:
        self.channel = channel
        self.queue = queue
        self.interface = interface
        self.began = began


class Answer:
    """A queue call that a member took and that has not been completed."""

    __slots__ = ("channel", "connected", "leg", "leg_gone")

    def __init__(self, channel: Uniqueid, leg: Uniqueid, connected: Micros) -> None:
        self.channel = channel
        self.leg = leg
        self.connected = connected
        self.leg_gone: Micros = 0


class Membership:
    """What was last said of a member."""

    __slots__ = ("confirmed", "device", "paused", "penalty", "reason")

    def __init__(self, device: Device) -> None:
        self.device = device
        self.paused = False
        self.reason = ""
        self.penalty = 0
        self.confirmed = True


class Tracker:
    """The memory of one node. `say` is how facts come out, in order, in `out`; whoever feeds it takes them from there."""

    def __init__(
        self,
        node: Node,
        session: str,
        seal: Callable[[str, Micros], Sealed | None],
        trunks: frozenset[str] = frozenset(),
        agent_prefix: str = "",
    ) -> None:
        self.node = node
        self.session = session
        self.seal = seal
        self.trunks = trunks
        self.agent_prefix = agent_prefix
        self.now: Micros = 0
        self.ahead: Micros = 0
        """The PBX's clock before ours, as its last pong said: everything that we date ourselves is dated by the PBX's."""
        self.seq = 0
        self.out: list[Fact] = []
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}  # by every linkedid that means it
        self.bridges: dict[str, set[Channel]] = {}
        self.attempts: dict[str, Attempt] = {}  # by DestUniqueid
        self.answers: dict[tuple[str, str], Answer] = {}  # by (queue, interface)
        self.parties: dict[str, set[tuple[str, str]]] = {}  # uniqueid of a caller or a member's leg -> keys of answers
        self.completed: dict[tuple[str, str], Micros] = {}  # by (queue, interface): when last
        self.leaving: dict[str, Channel] = {}  # left a queue, nobody said why yet
        self.lingering: dict[str, Channel] = {}  # left a bridge, not seen to do anything else yet
        self.members: dict[tuple[str, str], Membership] = {}
        self.listed: dict[str, int] = {}  # device -> memberships that it has
        self.devices: dict[str, DeviceState] = {}  # what was last said of a member's device
        self.contacts: dict[str, dict[str, bool]] = {}  # device -> URI -> reachable
        self.gone: dict[str, None] = {}  # tombstones
        self.verdicts_told = False  # QUEUESTATUS has been seen: this account is told why callers leave
        self.mutes_all = False  # MixMonitorMute is of all recordings of a channel, not of its first alone
        self.resync_wanted = ""
        """Why a snapshot is needed, in the words of SyncCause; whoever syncs clears it."""

    def say(self, kind: type[Fact], at: Micros, *fields: Any) -> None:
        self.seq += 1
        self.out.append(kind(at, self.now, self.node, self.session, self.seq, *fields))

    # ------------------------------------------------------------------ channels and calls

    def open_channel(self, uniqueid: str, name: str, state: int, linkedid: str, at: Micros) -> Channel:
        device, phone = device_of(name)
        group = self.groups.get(linkedid)
        if group is None:
            group = self.groups[linkedid] = Group(CallId(linkedid), at)
        channel = self.channels[uniqueid] = Channel(Uniqueid(uniqueid), name, device, phone, state, group)
        group.channels.add(channel)
        return channel

    def follow(self, channel: Channel, linkedid: str) -> None:
        """Asterisk now says another linkedid of this channel: the two are one call."""
        if linkedid and linkedid != channel.call.id:
            other = self.groups.get(linkedid)
            if other is None:
                self.groups[linkedid] = channel.call
                channel.call.linkedids.add(linkedid)
            elif other is not channel.call:
                self.merge(channel.call, other, self.now)

    def union(self, one: Channel | None, two: Channel | None, at: Micros) -> None:
        if one is not None and two is not None and one.call is not two.call:
            self.merge(one.call, two.call, at)

    def merge(self, one: Group, two: Group, at: Micros) -> None:
        """The older call keeps its id."""
        keep, absorb = (one, two) if (one.began, one.id) <= (two.began, two.id) else (two, one)
        for channel in absorb.channels:
            channel.call = keep
        keep.channels |= absorb.channels
        for linkedid in absorb.linkedids:
            self.groups[linkedid] = keep
        keep.linkedids |= absorb.linkedids
        if absorb.announced:
            self.say(CallsMerged, at, keep.id, absorb.id)
            keep.announced = True
        keep.directed |= absorb.directed

    def refresh_leg(self, channel: Channel, at: Micros) -> None:
        """Say the leg's state when it is another than the last one said."""
        if channel.phone:
            state = channel.leg_state()
            if channel.said is not state:
                first = channel.said is None
                channel.said = state
                if first:
                    self.say(LegBegan, at, channel.call.id, channel.uniqueid, channel.device, state)
                else:
                    self.say(LegChanged, at, channel.call.id, channel.uniqueid, state)

    def close_channel(self, channel: Channel, at: Micros, cause: int) -> None:
        """The channel is gone for good, and its call with its last one."""
        self.channels.pop(channel.uniqueid, None)
        self.lingering.pop(channel.uniqueid, None)
        self.gone[channel.uniqueid] = None
        if len(self.gone) > TOMBSTONES:
            self.gone.pop(next(iter(self.gone)))
        self.leave_bridge(channel)
        group = channel.call
        group.channels.discard(channel)
        if channel.said is not None:
            self.say(LegEnded, at, group.id, channel.uniqueid, cause)
        elif channel.monitors:
            self.say(RecordingEnded, at, group.id, channel.uniqueid)  # a Local channel has no leg that ends
        if not group.channels:
            for linkedid in group.linkedids:
                self.groups.pop(linkedid, None)
            if group.announced:
                self.say(CallEnded, at, group.id, cause)

    def leave_bridge(self, channel: Channel) -> None:
        inside = self.bridges.get(channel.bridge)
        if inside is not None:
            inside.discard(channel)
            if not inside:
                del self.bridges[channel.bridge]
        channel.bridge = ""

    # ------------------------------------------------------------------ answers

    def take(self, queue: str, interface: str, answer: Answer) -> None:
        self.release(queue, interface)
        self.answers[queue, interface] = answer
        for uniqueid in (answer.channel, answer.leg):
            self.parties.setdefault(uniqueid, set()).add((queue, interface))

    def release(self, queue: str, interface: str) -> Answer | None:
        """The answer that is over, if there is one."""
        answer = self.answers.pop((queue, interface), None)
        if answer is not None:
            for uniqueid in {answer.channel, answer.leg}:
                self.parties[uniqueid].discard((queue, interface))
                if not self.parties[uniqueid]:
                    del self.parties[uniqueid]
        return answer

    # ------------------------------------------------------------------ members

    def enlist(self, queue: str, interface: str, member: Membership) -> None:
        self.dismiss(queue, interface)
        self.members[queue, interface] = member
        self.listed[member.device] = self.listed.get(member.device, 0) + 1

    def dismiss(self, queue: str, interface: str) -> bool:
        """Whether it was a member."""
        member = self.members.pop((queue, interface), None)
        if member is not None:
            self.listed[member.device] -= 1
            if not self.listed[member.device]:
                del self.listed[member.device]
        return member is not None

    def is_line(self, device: str) -> bool:
        """A line to the world rather than somebody's phone: as the settings say, else whatever no queue rings."""
        return device in self.trunks if self.trunks else device not in self.devices


def device_of(name: str) -> tuple[Device, bool]:
    """`PJSIP/1001-0000000c` -> (`PJSIP/1001`, True); False for plumbing."""
    device = name.rpartition("-")[0] or name
    return Device(device), not name.startswith(NO_PHONE)


def agent_of(device: str) -> str:
    """Without a plan that says who sits where: `PJSIP/1001` -> `1001`."""
    return device.partition("/")[2].partition("@")[0] or device
