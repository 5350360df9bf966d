"""A history without a database: the facts in a list, folded once. For tests of who asks, and held to the port's contract."""

from __future__ import annotations

from collections.abc import Iterable

from realtime.changes import Changes, Ended
from realtime.facts import Fact
from realtime.floor import Floor, Turn, key
from realtime.fold import apply
from realtime.folding import FloorFolding
from realtime.history.port import AgentHalf, Asked, HistoryAway, Kept, QueueHalf, Reach
from realtime.words import AgentId, Micros

AWAY = "The database of the history does not answer; the administrator finds why in /readyz."


class MemoryHistory:
    """`away` makes every question fail."""

    def __init__(self, told: Iterable[Fact] = ()) -> None:
        self.away = False
        self.asked = 0
        self.floor = Floor()
        self._ended = Ended()
        self._kept: list[Kept] = []
        self._known: set[tuple[str, int]] = set()
        self._agents: list[set[str]] = []
        for fact in told:
            self.keep(fact)

    def keep(self, fact: Fact) -> None:
        if (fact.session, fact.seq) in self._known:
            return  # a producer appends its last seconds again
        self._known.add((fact.session, fact.seq))
        self._kept.append(Kept(len(self._kept), fact))
        before = self._people(fact)
        apply(self.floor, fact, Changes(self._ended))
        self._agents.append(before | self._people(fact))

    def _people(self, fact: Fact) -> set[str]:
        """Who a fact is about: named, or sitting at the phone that it names."""
        interface, device = getattr(fact, "interface", ""), getattr(fact, "device", "")
        queue = self.floor.queues.get(key(fact.node, getattr(fact, "queue", "")))
        member = queue.members.get(interface) if queue is not None else None
        phones = {key(fact.node, device), member.phone if member is not None else key(fact.node, interface)}
        call = self.floor.calls.get(key(fact.node, getattr(fact, "call", "")))
        leg = call.legs.get(getattr(fact, "leg", "")) if call is not None else None
        if leg is not None:
            phones.add(leg.phone)
        people = {getattr(fact, "agent", "")}
        people |= {str(self.floor.phones[name].agent or "") for name in phones if name in self.floor.phones}
        return people - {""}

    # ------------------------------------------------------------------ the port

    async def reach(self) -> Reach | None:
        self._ask()
        moments = [kept.fact.at for kept in self._kept]
        return Reach(min(moments), max(moments)) if moments else None

    async def facts(self, asked: Asked) -> list[Kept]:
        self._ask()
        found = [kept for kept, people in zip(self._kept, self._agents, strict=True) if self._fits(kept.fact, people, asked)]
        return found[-asked.limit :]

    async def turns(self, agent: AgentId, since: Micros, until: Micros) -> list[Turn]:
        self._ask()
        return [turn for turn in self._ended.turns if turn.agent == agent and turn.since < until and turn.until > since]

    async def queue_halves(self, first_day: str, last_day: str) -> list[QueueHalf]:
        self._ask()
        told = [QueueHalf(day=day, half=half, queue=name, tally=tally) for day, name, half, tally in self._ended.closed_queue_halves]
        for name, queue in self.floor.queues.items():
            told += [QueueHalf(day=self.floor.day, half=half, queue=name, tally=tally) for half, tally in queue.halves.items()]
        return sorted((each for each in told if first_day <= each.day <= last_day), key=lambda each: (each.day, each.half, each.queue))

    async def agent_halves(self, first_day: str, last_day: str) -> list[AgentHalf]:
        self._ask()
        people = self.floor.agents
        told = [
            AgentHalf(day=day, half=half, agent=name, name=people[name].name, tally=tally)
            for day, name, half, tally in self._ended.closed_agent_halves
        ]
        for name, agent in people.items():
            told += [
                AgentHalf(day=self.floor.day, half=half, agent=name, name=agent.name, tally=tally) for half, tally in agent.halves.items()
            ]
        return sorted((each for each in told if first_day <= each.day <= last_day), key=lambda each: (each.day, each.half, each.agent))

    async def floor_at(self, at: Micros) -> Floor | None:
        self._ask()
        if not self._kept or at < self._kept[0].fact.at:
            return None
        floor = Floor()
        for kept in self._kept:
            if kept.fact.at <= at:
                apply(floor, kept.fact, Changes())
        return FloorFolding().load(FloorFolding().dump(floor))

    def _fits(self, fact: Fact, people: set[str], asked: Asked) -> bool:
        return (
            asked.since <= fact.at < asked.until
            and (not asked.kinds or type(fact) in asked.kinds)
            and asked.queue in (None, key(fact.node, getattr(fact, "queue", "")))
            and asked.call in (None, key(fact.node, getattr(fact, "call", "")))
            and (asked.agent is None or asked.agent in people)
            and asked.dial in (None, getattr(fact, "dial", None))
        )

    def _ask(self) -> None:
        self.asked += 1
        if self.away:
            raise HistoryAway(AWAY)
