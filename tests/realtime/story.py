"""Little stories for the fold: who did what on the floor, in facts, with the seconds that pass in between.

    story = Story().after(works("1001", "sales"), joined("a", "sales"), 20, connected("a", "sales", "1001"))

A caller is known by one letter, which names call and channel; a person by a staff number, which names phone and interface.
A number between two happenings is seconds. Not the fold's input in earnest: that comes from `agi`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from realtime import facts, view
from realtime.changes import Changes
from realtime.facts import Fact, Sealed
from realtime.floor import Agent, Call, Floor, NodeState, Phone, Queue, Tally, Visit
from realtime.fold import apply
from realtime.rows import Snapshot
from realtime.words import SECOND, LegState, Micros, Node

NODE = "pbx"
START: Micros = 1795510800 * SECOND
"""2026-11-24 09:00 UTC, a Tuesday."""
MINUTE: Micros = 60 * SECOND


class Telling(NamedTuple):
    """A fact that has no time and no number yet. `ago`: so many seconds before now."""

    kind: type[Fact]
    fields: dict[str, Any]
    node: str = NODE
    ago: float = 0.0


Happening = Telling | tuple[Telling, ...] | int | float


class Story:
    """A floor, and what was told to it. Every telling goes through `apply`, as live facts do."""

    def __init__(self, floor: Floor | None = None, now: Micros = START, session: str = "story") -> None:
        self.floor = Floor() if floor is None else floor
        self.changes = Changes()
        self.now = now
        self.session = session
        self.told: list[Fact] = []

    def after(self, *happenings: Happening) -> Story:
        for happening in happenings:
            if isinstance(happening, Telling):
                self.tell(happening)
            elif isinstance(happening, tuple):
                self.after(*happening)
            else:
                self.now += round(happening * SECOND)
        return self

    def tell(self, telling: Telling) -> None:
        at = self.now - round(telling.ago * SECOND)
        fact = telling.kind(at=at, seen=self.now, node=Node(telling.node), session=self.session, seq=len(self.told), **telling.fields)
        self.told.append(fact)
        apply(self.floor, fact, self.changes)

    def again(self, fact: Fact) -> Story:
        """The very same fact once more, as a producer repeats its last seconds."""
        apply(self.floor, fact, self.changes)
        return self

    # what a test looks at

    def queue(self, name: str = "sales", node: str = NODE) -> Queue:
        return self.floor.queues[f"{node}/{name}"]

    def day(self, name: str = "sales") -> Tally:
        return self.queue(name).day

    def agent(self, number: str = "1001") -> Agent:
        return self.floor.agents[number]

    def state(self, number: str = "1001") -> str:
        return self.agent(number).state.value

    def phone(self, number: str = "1001", node: str = NODE) -> Phone:
        return self.floor.phones[f"{node}/PJSIP/{number}"]

    def call(self, name: str = "a") -> Call:
        return self.floor.calls[f"{NODE}/{name}"]

    def node(self) -> NodeState:
        return self.floor.nodes[NODE]

    def visits(self, name: str = "a") -> list[Visit]:
        """Every visit of this caller that the floor still knows, in the order in which they began."""
        return sorted((visit for visit in self.floor.visits.values() if visit.channel == name), key=lambda visit: visit.joined)

    def outcomes(self, name: str = "sales") -> dict[str, int]:
        """What the queue's callers came to, without what is 0."""
        row = next(row for row in self.shown().queues if row.id == f"{NODE}/{name}")
        names = ("offered", "waiting", "connecting", "answered", "abandoned", "left_otherwise", "unknown")
        return {name: getattr(row, name) for name in names if getattr(row, name)}

    def shown(self) -> Snapshot:
        return view.snapshot(self.floor, "main", "1-1", self.now, open_number)


def open_number(sealed: Sealed) -> str | None:
    return sealed.digest


def on(node: str, *tellings: Telling) -> tuple[Telling, ...]:
    return tuple(telling._replace(node=node) for telling in tellings)


def ago(seconds: float, telling: Telling) -> Telling:
    return telling._replace(ago=seconds)


# ------------------------------------------------------------------ node


def linked(started: float = 0, asterisk: str = "22.10.1") -> Telling:
    """`started`: seconds before the story's beginning."""
    return Telling(facts.NodeLinked, {"asterisk": asterisk, "started": START - round(started * SECOND) if started else 0})


def lost(reason: str = "cut") -> Telling:
    return Telling(facts.NodeLost, {"reason": reason})


def heard() -> Telling:
    return Telling(facts.NodeHeard, {})


def sync_began(cause: str = "connected") -> Telling:
    return Telling(facts.SyncBegan, {"cause": cause})


def sync_ended() -> Telling:
    return Telling(facts.SyncEnded, {})


def resynced(*confirmed: Telling | tuple[Telling, ...]) -> tuple[Telling, ...]:
    """A gap that ends in a snapshot which says only this."""
    said: list[Telling] = []
    for telling in confirmed:
        said += [telling] if isinstance(telling, Telling) else telling
    return (lost(), linked(), sync_began(), *said, sync_ended())


# ------------------------------------------------------------------ queues, members, phones, people


def queue_seen(queue: str = "sales", target_s: int = 20) -> Telling:
    return Telling(facts.QueueSeen, {"queue": queue, "strategy": "rrmemory", "target_s": target_s})


def member(number: str, queue: str = "sales", *, device: str = "", interface: str = "", **more: Any) -> Telling:
    place = {"interface": interface or f"PJSIP/{number}", "device": device or f"PJSIP/{number}", "name": number}
    return Telling(facts.MemberSeen, {"queue": queue, **place, **more})


def removed(number: str, queue: str = "sales", *, interface: str = "") -> Telling:
    return Telling(facts.MemberRemoved, {"queue": queue, "interface": interface or f"PJSIP/{number}"})


def paused(number: str, reason: str = "", queue: str = "sales") -> Telling:
    return Telling(facts.MemberPaused, {"queue": queue, "interface": f"PJSIP/{number}", "paused": True, "reason": reason})


def unpaused(number: str, queue: str = "sales", reason: str = "") -> Telling:
    return Telling(facts.MemberPaused, {"queue": queue, "interface": f"PJSIP/{number}", "paused": False, "reason": reason})


def device(number: str, state: str) -> Telling:
    return Telling(facts.DeviceChanged, {"device": f"PJSIP/{number}", "state": state})


def reachable(number: str, yes: bool) -> Telling:
    return Telling(facts.ContactChanged, {"device": f"PJSIP/{number}", "reachable": yes})


def seated(number: str, at: str = "") -> Telling:
    return Telling(facts.AgentSeated, {"agent": number, "name": f"Agent {number}", "device": f"PJSIP/{at or number}"})


def unseated(number: str, at: str = "") -> Telling:
    return Telling(facts.AgentUnseated, {"agent": number, "device": f"PJSIP/{at or number}"})


def works(number: str, *queues: str, **more: Any) -> tuple[Telling, ...]:
    """Sits down and is in these queues."""
    return (seated(number), *(member(number, queue, **more) for queue in queues))


# ------------------------------------------------------------------ calls


def call_began(call: str, direction: str = "inbound", caller: Sealed | None = None) -> Telling:
    return Telling(facts.CallBegan, {"call": call, "direction": direction, "caller": caller})


def call_ended(call: str) -> Telling:
    return Telling(facts.CallEnded, {"call": call, "cause": 16})


def merged(call: str, absorbed: str) -> Telling:
    return Telling(facts.CallsMerged, {"call": call, "absorbed": absorbed})


def leg(call: str, number: str, state: str, name: str = "") -> Telling:
    fields = {"call": call, "leg": name or f"{call}-{number}", "device": f"PJSIP/{number}", "state": LegState(state)}
    return Telling(facts.LegBegan, fields)


def leg_is(call: str, number: str, state: str) -> Telling:
    return Telling(facts.LegChanged, {"call": call, "leg": f"{call}-{number}", "state": LegState(state)})


def leg_ended(call: str, number: str) -> Telling:
    return Telling(facts.LegEnded, {"call": call, "leg": f"{call}-{number}"})


def about(kind: type[Fact], call: str, **fields: Any) -> Telling:
    """Any other fact about a call."""
    return Telling(kind, {"call": call, **fields})


# ------------------------------------------------------------------ visits


def joined(caller: str, queue: str = "sales", **more: Any) -> Telling:
    return Telling(facts.CallerJoined, {"call": caller, "channel": caller, "queue": queue, **more})


def left(caller: str, departure: str, queue: str = "sales", **more: Any) -> Telling:
    return Telling(facts.CallerLeft, {"call": caller, "channel": caller, "queue": queue, "departure": departure, **more})


def abandoned(caller: str, queue: str = "sales") -> Telling:
    return left(caller, "abandoned", queue, how="hangup")


def connected(caller: str, number: str, queue: str = "sales", **more: Any) -> Telling:
    fields = {"call": caller, "channel": caller, "queue": queue, "interface": f"PJSIP/{number}"}
    return Telling(facts.AgentConnected, {**fields, **more})


def completed(caller: str, number: str, queue: str = "sales", **more: Any) -> Telling:
    fields = {"call": caller, "channel": caller, "queue": queue, "interface": f"PJSIP/{number}", "by": "agent"}
    return Telling(facts.AgentCompleted, {**fields, **more})


def ring_ended(caller: str, number: str, outcome: str, queue: str = "sales") -> Telling:
    fields = {"call": caller, "channel": caller, "queue": queue, "interface": f"PJSIP/{number}", "outcome": outcome}
    return Telling(facts.AgentRingEnded, fields)


# ------------------------------------------------------------------ the engine


def configured(**settings: Any) -> Telling:
    return Telling(facts.FloorConfigured, settings, node="")


def day_began(day: str = "2026-11-24", late_s: float = 0.0) -> Telling:
    return Telling(facts.DayBegan, {"day": day}, node="", ago=late_s)


def wrapup_ended(number: str, since: Micros) -> Telling:
    return Telling(facts.WrapUpEnded, {"agent": number, "since": since}, node="")
