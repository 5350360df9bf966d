"""One batch for the database: facts in, rows out, as the fold makes them. Pure.

Not the writing (`writer.py`). Here is decided what a fact is found by, which facts have been told before, and which
half-hours and turns a batch changes; the fold notes the latter two (`changes.Ended`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import msgspec

from realtime.changes import Changes, Ended
from realtime.factcodec import FACTS, encode
from realtime.facts import DayBegan, Fact, WrapUpEnded
from realtime.floor import AgentTally, Floor, Phone, Tally, key
from realtime.fold import apply
from realtime.fold.lookup import known_call, member_of
from realtime.words import AgentId, CallId, Micros, QueueName

Value: TypeAlias = str | int | None
Line: TypeAlias = tuple[Value, ...]
"""One row, in the order of its table's columns."""

LATEST: Micros = 2**62
"""Within what databases take for a number; a PBX whose clock is beyond it is wrong in any case."""


class Session(msgspec.Struct):
    """A producer of facts: its number in the database, and the number of its last fact."""

    id: int
    last: int


class Sessions:
    """Every producer that history knows, so that what is told again is known however late it comes."""

    def __init__(self, known: dict[str, Session]) -> None:
        self._known = known
        self._next = max((session.id for session in known.values()), default=0) + 1

    def admit(self, fact: Fact) -> Session | None:
        """None for a fact that was told before."""
        session = self._known.get(fact.session)
        if session is None:
            session = self._known[fact.session] = Session(self._next, -1)
            self._next += 1
        if fact.seq <= session.last:
            return None
        session.last = fact.seq
        return session


class Concern(NamedTuple):
    """What a fact is found by, as keys."""

    queue: str | None = None
    agent: AgentId | None = None
    call: str | None = None


class Batch:
    """What one transaction writes: lines by table, in the columns' order."""

    def __init__(self, floor: Floor, place: int, seen: Micros, sessions: Sessions) -> None:
        self.floor = floor
        self.place = place
        self.seen = seen
        """The latest moment at which a fact was read, of all facts so far."""
        self.facts: list[Line] = []
        self.days: list[Line] = []
        self._sessions = sessions
        self._ended = Ended()
        self._changes = Changes(self._ended)
        self._told: dict[str, Session] = {}

    def take(self, fact: Fact) -> None:
        """Folds one fact and keeps it, unless it was told before."""
        session = self._sessions.admit(fact)
        if session is None:
            return
        self._told[fact.session] = session
        self.place += 1
        self.seen = max(self.seen, min(fact.seen, LATEST))
        concern = concerns(self.floor, fact)
        apply(self.floor, fact, self._changes)
        at = fact.at if 0 <= fact.at < LATEST else max(0, min(fact.at, LATEST))
        queue, agent, call = map(plain, concern)
        self.facts.append((self.place, session.id, fact.seq, at, type(fact).__name__, queue, agent, call, encode(fact).decode()))
        if isinstance(fact, DayBegan) and fact.day == self.floor.day:
            rules = encode(self.floor.rules).decode() if self.floor.rules is not None else ""
            self.days.append((plain(fact.day), self.place, self.seen, rules))

    def sessions(self) -> list[Line]:
        return [(session.id, plain(name), session.last) for name, session in self._told.items()]

    def turns(self) -> list[Line]:
        return [
            (plain(turn.agent), turn.since, turn.until, str(turn.state), plain(turn.reason), plain(turn.call), plain(turn.queue))
            for turn in self._ended.turns
        ]

    def queue_halves(self) -> list[Line]:
        """The last word on each: a half-hour that was handed over may be the next day's now."""
        lines = {(name, half): queue_line(day, name, half, tally) for day, name, half, tally in self._ended.closed_queue_halves}
        for name, half in self._ended.queue_halves:
            queue = self.floor.queues.get(name)
            if queue is not None and half in queue.halves:
                lines[name, half] = queue_line(self.floor.day, name, half, queue.halves[half])
        return list(lines.values())

    def agent_halves(self) -> list[Line]:
        names = {agent.id: agent.name for agent in self.floor.agents.values()}
        ended = self._ended
        lines = {(agent, half): agent_line(day, agent, names[agent], half, tally) for day, agent, half, tally in ended.closed_agent_halves}
        for name, half in ended.agent_halves:
            agent = self.floor.agents[AgentId(name)]
            if half in agent.halves:
                lines[agent.id, half] = agent_line(self.floor.day, agent.id, agent.name, half, agent.halves[half])
        return list(lines.values())


def queue_line(day: str, queue: str, half: int, tally: Tally) -> Line:
    return (half, plain(queue), plain(day), *msgspec.structs.astuple(tally))


def agent_line(day: str, agent: str, name: str, half: int, tally: AgentTally) -> Line:
    spent = msgspec.json.encode(tally.spent).decode()
    return (half, plain(agent), plain(day), plain(name), tally.answered, tally.rings_missed, tally.talk, spent)


def plain(text: str | None) -> str | None:
    """PostgreSQL takes every character but this one; a name with it may only come from somebody who tries."""
    return text.replace("\0", "�") if text is not None and "\0" in text else text


# ------------------------------------------------------------------ what a fact is found by


def concerns(floor: Floor, fact: Fact) -> Concern:
    """Before it is folded: what it ends is still there then."""
    has_queue, has_call, finders = PLANS[type(fact)]
    queue = f"{fact.node}/{fact.queue}" if has_queue else None  # type: ignore[attr-defined]
    call = None
    if has_call:
        call = f"{fact.node}/{fact.call}"  # type: ignore[attr-defined]
        call = floor.aliases.get(call, call)
    if type(fact) is WrapUpEnded:
        wound = floor.agents.get(fact.agent)
        queue = wound.wrapup_queue or None if wound is not None else None
    agent = None
    for find in finders:
        if agent := find(floor, fact):
            break
    return Concern(queue, agent, call)


def _by_device(floor: Floor, fact: Fact) -> AgentId | None:
    return _who(floor.phones.get(key(fact.node, getattr(fact, "device", ""))))


def _by_member(floor: Floor, fact: Fact) -> AgentId | None:
    queue, interface = QueueName(getattr(fact, "queue", "")), getattr(fact, "interface", "")
    member = member_of(floor, fact.node, queue, interface)
    return _who(floor.phones.get(member.phone)) if member is not None else None


def _by_leg(floor: Floor, fact: Fact) -> AgentId | None:
    call = known_call(floor, fact.node, CallId(getattr(fact, "call", "")))
    leg = call.legs.get(getattr(fact, "leg", "")) if call is not None else None
    return _who(floor.phones.get(leg.phone)) if leg is not None else None


def _who(phone: Phone | None) -> AgentId | None:
    return phone.agent if phone is not None else None


Finder: TypeAlias = Callable[[Floor, Fact], AgentId | None]
FINDERS: dict[str, Finder] = {
    "agent": lambda _, fact: getattr(fact, "agent", None),
    "device": _by_device,
    "interface": _by_member,
    "leg": _by_leg,
}
"""In this order: a member who answers by a Local channel has no leg of that name."""


class Plan(NamedTuple):
    """What there is to look for in one type of fact."""

    queue: bool
    call: bool
    finders: tuple[Finder, ...]


def _plan(kind: type[Fact]) -> Plan:
    fields = kind.__struct_fields__
    return Plan("queue" in fields, "call" in fields, tuple(find for field, find in FINDERS.items() if field in fields))


PLANS: dict[type[Fact], Plan] = {kind: _plan(kind) for kind in FACTS.values()}
