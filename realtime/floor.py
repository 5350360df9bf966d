"""The floor: everything one centre sees as one, as mutable structs that only the fold may change.

Not how it changes (`fold/`) and not how it is shown (`view.py`). Everything here can be written as MessagePack and read
back, because a checkpoint is exactly this. Keys that name something on a node are `node/name` strings.

A bound on what grows: calls and visits live while they last and `TOMBSTONE` longer; buckets live for the business day;
minutes for half an hour; anomalies keep the last `ANOMALIES_KEPT`.
"""

from __future__ import annotations

import msgspec

from realtime.facts import FloorConfigured, Sealed
from realtime.owned import Owned
from realtime.words import (
    SECOND,
    AgentId,
    AgentState,
    CallId,
    Departure,
    Device,
    DeviceState,
    Direction,
    Interface,
    LegState,
    LinkState,
    Micros,
    Node,
    QueueName,
    Uniqueid,
)

TOMBSTONE: Micros = 60 * SECOND
"""How long an ended call is remembered: late events came within 4 ms in captures, queue_log lines within seconds."""
ANOMALIES_KEPT = 50
SESSIONS_KEPT = 64
"""Producers whose last number is remembered: far more than one floor has, so that a late repeat is still known."""
MINUTES_KEPT = 31


def key(node: str, name: str) -> str:
    return f"{node}/{name}"


class Tally(msgspec.Struct):
    """What one queue did in one span of time. Waits and talks are sums in microseconds over `answered` and `handled`."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    left_otherwise: int = 0
    unknown: int = 0
    answered_in_target: int = 0
    abandoned_in_target: int = 0
    wait: Micros = 0
    handled: int = 0
    talk: Micros = 0
    wrapup: Micros = 0


class AgentTally(msgspec.Struct, omit_defaults=True):
    """What one agent did in one span of time. `talk` is of the calls that came by a queue, `spent` by state, both in microseconds.

    Nothing is spent while logged out, and what goes on now is counted when it ends.
    """

    answered: int = 0
    rings_missed: int = 0
    talk: Micros = 0
    spent: dict[str, Micros] = {}


class Turn(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One stretch of an agent in one state, ended: it begins where the one before ended. What goes on now is on the floor."""

    agent: AgentId
    state: AgentState
    reason: str
    since: Micros
    until: Micros
    call: str | None = None  # key
    queue: str | None = None  # key


class Minute(msgspec.Struct):
    """One minute of a queue: the tally of its outcomes, its peak of waiting callers and its longest wait."""

    tally: Tally
    waiting: int = 0
    longest: Micros = 0


class NodeState(msgspec.Struct):
    name: Node
    link: LinkState = "lost"
    since: Micros = 0
    heard: Micros = 0
    asterisk: str = ""
    started: Micros = 0
    sync: int = 0
    syncing: bool = False  # a snapshot is being told; with the link live when it is only a look whether all is right
    gap_from: Micros = 0
    anomalies: int = 0
    reason: str = ""  # why there is no link or no snapshot and what to do, in a sentence; empty when all is well


class Member(msgspec.Struct):
    """One member of one queue; pause is per (member, queue)."""

    queue: str  # key
    interface: Interface
    phone: str  # key
    name: str
    penalty: int = 0
    paused: bool = False
    reason: str = ""
    paused_since: Micros = 0
    wrapup_s: int = 0
    sync: int = 0


class Visit(msgspec.Struct):
    """One stay of one caller in one queue. The same caller may come again, also while an earlier talk is being wound up."""

    id: str
    node: Node
    call: CallId
    channel: Uniqueid
    queue: QueueName
    joined: Micros
    departure: Departure | None = None  # None while waiting
    how: str = ""
    left: Micros = 0
    in_target: bool = False  # by the target of that moment
    connected: Micros = 0
    completed: Micros = 0
    agent: AgentId | None = None
    interface: Interface = Interface("")  # of the member that answered last
    sync: int = 0


class Queue(msgspec.Struct):
    node: Node
    name: QueueName
    strategy: str = ""
    target_s: int = 0
    members: dict[str, Member] = {}  # by interface
    waiting: dict[str, Micros] = {}  # visit -> joined; waiting or connecting
    joined_last: Micros = 0  # of all that ever joined
    talking: dict[str, str] = {}  # interface -> the visit it answered, until it is completed
    states: dict[str, int] = {}  # agents by state
    day: Tally = msgspec.field(default_factory=Tally)
    halves: dict[int, Tally] = {}  # by the first second that the half-hour has of the business day
    minutes: dict[int, Minute] = {}  # by minute number
    rolled: int = 0  # the minute up to which `minutes` knows the waiting callers
    unserved: Micros = 0  # how long those of today waited who were not answered: with `day.wait` it tells how patient callers are
    sync: int = 0


class Leg(msgspec.Struct):
    call: CallId
    leg: Uniqueid
    phone: str  # key
    state: LegState
    since: Micros
    began: Micros
    sync: int = 0


class Call(msgspec.Struct):
    node: Node
    id: CallId
    direction: Direction
    began: Micros
    since: Micros
    caller: Sealed | None = None
    callee: Sealed | None = None
    legs: dict[str, Leg] = {}
    visits: list[str] = []  # every one of its visits, the latest last
    recording: dict[str, Micros] = {}  # by leg, since when
    recorded: bool = False
    silent: dict[str, Micros] = {}  # recorded legs whose file gets silence now, since when
    dark: bool = False  # a part of it was not seen, so a recording may have begun of which nobody knows
    spies: dict[str, Micros] = {}  # by spying leg
    parked: Micros = 0
    ended: Micros = 0
    sync: int = 0


class Phone(msgspec.Struct):
    """What has a device state: where an agent sits, or a line."""

    node: Node
    device: Device
    state: DeviceState = DeviceState.UNKNOWN
    reachable: bool = True
    agent: AgentId | None = None
    concluded: AgentId = AgentId("")  # whom the adapter says to sit here, whoever else is logged in
    concluded_name: str = ""
    members: dict[str, str] = {}  # queue key -> interface
    legs: dict[str, str] = {}  # leg -> call key
    ours: bool = False  # a member's or an agent's; a line is forgotten with its last leg
    missed: bool = False  # let a queue call ring since it last did anything


class Agent(msgspec.Struct):
    id: AgentId
    name: str
    node: Node
    phone: str  # key
    state: AgentState = AgentState.LOGGED_OUT
    since: Micros = 0
    reason: str = ""
    call: str | None = None  # key
    wrapup_since: Micros = 0
    wrapup_until: Micros = 0
    wrapup_queue: str = ""
    talked: Micros = 0  # when the last talk ended
    answered: int = 0
    talk: Micros = 0
    rings_missed: int = 0
    halves: dict[int, AgentTally] = {}  # as a queue's
    turned: Micros = 0  # when the running turn began; `since` may be older, where a snapshot told of it
    counted: Micros = 0  # up to when the time is in `halves`


class Anomaly(msgspec.Struct):
    at: Micros
    node: Node
    kind: str
    evidence: str


class Floor(msgspec.Struct):
    """The one mutable state. Nobody but `fold.apply` writes to it."""

    at: Micros = 0
    day: str = ""
    day_at: Micros = 0
    rules: FloorConfigured | None = None
    sessions: dict[str, int] = {}
    nodes: dict[str, NodeState] = {}
    queues: dict[str, Queue] = {}
    phones: dict[str, Phone] = {}
    agents: dict[str, Agent] = {}
    calls: dict[str, Call] = {}
    visits: dict[str, Visit] = {}  # by their own key: channel and moment
    visiting: dict[str, str] = {}  # channel key -> its latest visit
    states: dict[str, int] = {}  # agents by state, the whole floor
    wrapups: dict[str, Micros] = {}  # agents in wrap-up, until when
    ended: list[tuple[Micros, str]] = []  # calls to forget, oldest first
    aliases: dict[str, str] = {}  # call keys that were merged into another
    anomalies: list[Anomaly] = []
    owned: Owned = msgspec.field(default_factory=Owned)


def target_of(floor: Floor, queue: Queue) -> int:
    """The seconds a caller should wait at most: the centre's own word before the PBX's `servicelevel`."""
    if floor.rules is not None:
        own = floor.rules.queues.get(queue.name)
        if own is not None and own.target_s >= 0:
            return own.target_s
    return queue.target_s
