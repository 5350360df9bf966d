"""A follower and a renderer of our own, so that the board is tested without the fold: real rows, real structs, any speed."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from realtime.asker import NotAnswered
from realtime.changes import Changes
from realtime.control.answer import answer
from realtime.facts import Sealed
from realtime.floor import Agent, Call, Floor, NodeState, Phone, Queue
from realtime.fold import apply
from realtime.log import Position
from realtime.owned import Answer
from realtime.requests import Actor, AnyAsk, Request
from realtime.rows import AgentRow, CallRow, Delta, NodeRow, QueueRow, Series, Snapshot, TotalsRow
from realtime.saying import Saying
from realtime.scope import Scope
from realtime.view import Reveal
from realtime.words import SECOND, AgentId, AgentState, CallId, Device, Micros, Node, QueueName

NODE = Node("hall7")


@dataclass
class FakeStep:
    floor: Floor
    changes: Changes
    position: Position | None
    rebuilt: bool = False
    behind: bool = False
    away: str = ""


class Clock:
    """Begins with a full minute, so that no minute turns while a test runs; a test may turn it on."""

    def __init__(self) -> None:
        began = time.time_ns() // 1000
        self.ahead: Micros = -(began % (60 * SECOND))

    def __call__(self) -> Micros:
        return time.time_ns() // 1000 + self.ahead


@dataclass
class FakeFollower:
    """The test changes `floor` and says so with one of the methods; each makes one step."""

    clock: Clock
    floor: Floor = field(default_factory=Floor)
    offset: int = 0
    queue: asyncio.Queue[FakeStep] = field(default_factory=asyncio.Queue)

    async def steps(self) -> AsyncIterator[FakeStep]:
        while True:
            yield await self.queue.get()

    def step(self, changes: Changes | None = None, *, rebuilt: bool = False, behind: bool = False, away: str = "") -> Position:
        self.offset += 1
        position = Position(1, str(self.offset))
        self.queue.put_nowait(FakeStep(self.floor, changes or Changes(), position, rebuilt, behind, away))
        return position

    def opened(self, agents: int = 3) -> None:
        now = self.clock()
        self.floor.nodes[NODE] = NodeState(name=NODE, link="live", since=now, heard=now)
        for number in range(agents):
            self.floor.agents[str(1000 + number)] = sitting = agent(1000 + number, f"Agent {number}", now)
            phone = Phone(node=NODE, device=Device(f"PJSIP/{1000 + number}"), agent=sitting.id)
            self.floor.phones[sitting.phone] = phone
        sales = Queue(node=NODE, name=QueueName("sales"))
        self.floor.queues[f"{NODE}/sales"] = sales
        self.step()

    def agent_is(self, number: int, state: AgentState, name: str = "") -> Position:
        self.floor.nodes[NODE].heard = self.clock()
        kept = self.floor.agents.setdefault(str(number), agent(number, name or f"Agent {number}", self.clock()))
        kept.state, kept.since = state, self.clock()
        kept.name = name or kept.name
        changes = Changes()
        changes.agents.add(str(number))
        return self.step(changes)

    def agent_gone(self, number: int) -> Position:
        del self.floor.agents[str(number)]
        changes = Changes()
        changes.gone_agents.add(str(number))
        return self.step(changes)

    def call_from(self, call: str, digits: str) -> Position:
        sealed = Sealed(digest="d", cipher=digits.encode(), month="2026-11")
        self.floor.calls[call] = Call(
            node=NODE, id=CallId(call), direction="inbound", began=self.clock(), since=self.clock(), caller=sealed
        )
        changes = Changes()
        changes.calls.add(call)
        return self.step(changes)


@dataclass
class FakeEngine:
    """Answers at once with the real rules, on the floor that the follower shows; `silent`: as one that is away."""

    follower: FakeFollower
    silent: bool = False
    asked: list[Request] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def ask(self, actor: Actor, ask: AnyAsk, key: str = "") -> Answer:
        if self.silent:
            raise NotAnswered("The engine did not answer in time.")
        now = self.follower.clock()
        request = Request(f"r{next(self.ids)}", now, actor, ask, key)
        self.asked.append(request)
        self.say(*answer(self.follower.floor, request, f"1-{len(self.asked)}", now, lambda: f"id{next(self.ids)}"))
        return self.follower.floor.owned.answers[request.id]

    def look(self, floor: Floor) -> None: ...

    def say(self, *said: Saying) -> None:
        changes = Changes()
        for each in said:
            apply(self.follower.floor, each.fact(self.follower.clock(), "engine", next(self.ids)), changes)
        self.follower.step(changes)


class FakeRenderer:
    def __init__(self) -> None:
        self.snapshots = 0
        self.deltas = 0

    def snapshot(
        self, floor: Floor, name: str, position: str, now: int, reveal: Reveal, scope: Scope | None = None, *, inside: bool
    ) -> Snapshot:
        self.snapshots += 1
        return Snapshot(
            floor=name,
            time=now / SECOND,
            position=position,
            day="2026-11-24",
            totals=TotalsRow(agents_total=len(floor.agents)),
            queues=[queue_row(kept, True) for kept in floor.queues.values()],
            agents=[agent_row(kept) for kept in floor.agents.values()],
            calls=[call_row(kept, reveal) for kept in floor.calls.values()],
            nodes=[NodeRow(node=NODE, link="live", since=0.0, heard=0.0)],
        )

    def places_of(self, floor: Floor, now: Micros) -> None:
        """Nobody rules breaks here."""

    def delta(
        self,
        floor: Floor,
        changes: Changes,
        now: int,
        reveal: Reveal,
        *,
        series: bool,
        scope: Scope | None = None,
        inside: bool,
        places: bool,
    ) -> Delta:
        self.deltas += 1
        gone = {"agents": sorted(changes.gone_agents), "calls": sorted(changes.gone_calls)}
        return Delta(
            time=now / SECOND,
            totals=TotalsRow(agents_total=len(floor.agents)),
            queues=[queue_row(floor.queues[each], series) for each in sorted(changes.queues)],
            # The test changes the floor while steps wait in the queue, so a key may be gone already.
            agents=[agent_row(floor.agents[each]) for each in sorted(changes.agents & floor.agents.keys())],
            calls=[call_row(floor.calls[each], reveal) for each in sorted(changes.calls)],
            gone={table: keys for table, keys in gone.items() if keys},
        )


def mask(number: Sealed) -> str | None:
    digits = number.cipher.decode()
    return digits[:3] + "•••" + digits[-4:]


def agent(number: int, name: str, since: Micros) -> Agent:
    return Agent(id=AgentId(str(number)), name=name, node=NODE, phone=f"{NODE}/PJSIP/{number}", state=AgentState.READY, since=since)


def queue_row(kept: Queue, series: bool) -> QueueRow:
    return QueueRow(id=f"{kept.node}/{kept.name}", node=kept.node, name=kept.name, series=Series(until=0.0) if series else None)


def agent_row(kept: Agent) -> AgentRow:
    return AgentRow(
        id=kept.id, name=kept.name, node=kept.node, interface=kept.phone, state=kept.state, since=kept.since / SECOND, queues=["sales"]
    )


def call_row(kept: Call, reveal: Reveal) -> CallRow:
    caller = reveal(kept.caller) if kept.caller else None
    return CallRow(id=kept.id, node=kept.node, direction=kept.direction, state="waiting", since=1.0, began=1.0, caller=caller)
