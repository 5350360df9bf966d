"""Which visits a count is made of: the facts folded once more by the very same fold, and each visit noted as it changes.

Not a second way of counting: a floor of its own is given the facts of callers and calls, so that whatever the fold makes of
them (a late word of queue_log, a sweep after a gap, the turn of the day) is what is told. It needs neither members nor
phones, which most facts are about; a visit does not depend on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from realtime import facts
from realtime.changes import Changes
from realtime.facts import Fact, FloorConfigured, Sealed
from realtime.floor import Floor, Queue, Visit, key
from realtime.fold import apply
from realtime.fold.lookup import known_call
from realtime.words import Departure, Micros

OF_VISITS: tuple[type[Fact], ...] = (facts.CallerJoined, facts.CallerLeft, facts.AgentConnected, facts.AgentCompleted, facts.QueueSeen)
"""About one queue."""
AROUND: tuple[type[Fact], ...] = (
    facts.CallBegan,
    facts.CallEnded,
    facts.CallsMerged,
    facts.NodeLinked,
    facts.SyncBegan,
    facts.SyncEnded,
    facts.FloorConfigured,
    facts.DayBegan,
    facts.AgentSeated,
    facts.AgentUnseated,
)
"""What may end a visit without a word of its queue, turns the day, or says who sits where."""


class Start(NamedTuple):
    """What is known where the facts begin. `day` is empty where nothing was counted before the first DayBegan of them."""

    day: str
    day_at: Micros
    rules: FloorConfigured | None
    targets: Mapping[str, int]
    members: Mapping[tuple[str, str], str]
    """(queue, interface) -> phone; keys."""
    seats: Mapping[str, str | None]
    """phone -> agent, as they sit now."""


class Seen(msgspec.Struct):
    """One visit as far as the facts tell. `*_by` is the fact that said it; a count it is not part of is not set."""

    visit: str
    queue: str
    call: str
    joined: Micros
    joined_by: str
    caller: Sealed | None = None
    offered: bool = True
    departure: Departure | None = None
    how: str = ""
    left: Micros = 0
    left_by: str = ""
    in_target: bool = False
    agent: str | None = None
    settled: bool = False
    connected: Micros = 0
    completed: Micros = 0
    completed_by: str = ""
    handled: bool = False


class Ledger:
    """`take` each fact in the order of the log; `visits` are those that count in the day that the last one belongs to."""

    def __init__(self, start: Start) -> None:
        self.visits: dict[str, Seen] = {}
        self._floor = Floor(day=start.day, day_at=start.day_at, rules=start.rules)
        for name, target_s in start.targets.items():
            node, _, queue = name.partition("/")
            self._floor.queues[name] = Queue(node=node, name=queue, target_s=target_s)  # type: ignore[arg-type]
        self._members = start.members
        self._seats = dict(start.seats)

    def take_all(self, told: Iterable[Fact]) -> Ledger:
        listed = list(told)
        for fact in listed:
            if isinstance(fact, facts.AgentSeated | facts.AgentUnseated):
                self._seats[key(fact.node, fact.device)] = None  # who sat there before is not who sits there now
        for fact in listed:
            self.take(fact)
        return self

    def take(self, fact: Fact) -> None:
        if isinstance(fact, facts.AgentSeated):
            self._seats[key(fact.node, fact.device)] = fact.agent
        elif isinstance(fact, facts.AgentUnseated):
            self._seats[key(fact.node, fact.device)] = None
        else:
            self._fold(fact)

    def _fold(self, fact: Fact) -> None:
        """A visit that ended long ago is forgotten by the fold at once, so those at hand are looked up before, too."""
        day, at_hand = self._floor.day, self._at_hand(fact)
        apply(self._floor, fact, Changes())
        at_hand.update(self._at_hand(fact))
        if self._floor.day != day and day:
            self._turn_day()
        for visit in at_hand.values():
            self._note(visit, fact)

    def _at_hand(self, fact: Fact) -> dict[str, Visit]:
        """The visits that this fact may change: those of its call, its caller and its member; a sweep may change all."""
        floor, call = self._floor, getattr(fact, "call", None)
        if call is None:
            return dict(floor.visits) if isinstance(fact, facts.SyncEnded | facts.NodeLinked) else {}
        known = known_call(floor, fact.node, call)
        names = set(known.visits) if known is not None else set()
        names.add(floor.visiting.get(key(fact.node, getattr(fact, "channel", "")), ""))
        queue = floor.queues.get(key(fact.node, getattr(fact, "queue", "")))
        if queue is not None:
            names.add(queue.talking.get(getattr(fact, "interface", ""), ""))
        return {name: floor.visits[name] for name in names if name in floor.visits}

    def _note(self, visit: Visit, fact: Fact) -> None:
        kind = type(fact).__name__
        seen = self.visits.get(visit.id)
        if seen is None:
            seen = self.visits[visit.id] = Seen(visit.id, key(visit.node, visit.queue), visit.call, visit.joined, kind)
        if isinstance(fact, facts.CallerJoined) and fact.caller is not None:
            seen.caller = fact.caller
        departure = None if visit.departure == "connecting" else visit.departure
        if departure is not None and (departure, visit.left, visit.how) != (seen.departure, seen.left, seen.how):
            self._settle(seen, visit, kind)
        if isinstance(fact, facts.AgentConnected) and fact.interface:
            seen.agent = self._sits(seen.queue, visit, fact.interface)
        if visit.completed and not seen.completed:
            seen.completed, seen.completed_by, seen.handled = visit.completed, kind, True
            seen.connected = visit.connected

    def _settle(self, seen: Seen, visit: Visit, kind: str) -> None:
        """What was counted on another day stays as it was (`visits.settle`)."""
        if seen.departure is not None and seen.left < self._floor.day_at:
            return
        seen.departure, seen.how, seen.left, seen.left_by = visit.departure, visit.how, visit.left, kind
        seen.in_target, seen.connected, seen.settled = visit.in_target, visit.connected, True

    def _sits(self, queue: str, visit: Visit, interface: str) -> str | None:
        return self._seats.get(self._members.get((queue, interface), key(visit.node, interface)))

    def _turn_day(self) -> None:
        """As the fold does it: who still waits is offered to the new day, and what has happened since its first moment is its."""
        begins = self._floor.day_at
        for name, seen in list(self.visits.items()):
            open_yet = seen.departure is None
            seen.settled = seen.settled and seen.left >= begins
            seen.offered = open_yet or seen.settled
            seen.handled = seen.handled and seen.completed >= begins
            if not (seen.offered or seen.handled) and seen.completed:
                del self.visits[name]
