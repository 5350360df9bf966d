"""What one audience may see of a floor: some queues, the agents of these queues, the calls in them. Pure.

Not who may see what (the board decides) and not the rows (`view.py`). A row may leave what is seen while it stays on the
floor: an agent leaves the queue, a call goes on in another one. So a scope remembers what its audience was told, and names
what left as gone; of a row that was never told it says nothing, not even its id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from realtime.changes import Changes
from realtime.floor import Agent, Call, Floor, Queue, Visit, key


class Scope:
    """`queues` go by `name`, or by `node/name` where two servers use one name; None: all of them.

    `parts` are queues whose totals are told beside those of the whole: what one page of a board shows.
    """

    def __init__(self, queues: Collection[str] | None, parts: Mapping[str, Collection[str]] | None = None) -> None:
        self._names = frozenset(queues) if queues is not None else None
        self.parts = {name: Scope(each) for name, each in (parts or {}).items()}
        self._agents: set[str] = set()  # told and not yet gone
        self._calls: set[str] = set()
        self.moved = False
        """Whether other people were told by the last changes than before: what is for their teams may be another."""

    # ------------------------------------------------------------ what is seen now

    def has(self, queue: str) -> bool:
        """By its key, `node/name`."""
        return self._names is None or queue in self._names or queue.partition("/")[2] in self._names

    def has_any(self, queues: Iterable[str]) -> bool:
        """By their names alone, as a plan says them: on whichever server, and whether they are there or not."""
        return self._names is None or not {each.rpartition("/")[2] for each in self._names}.isdisjoint(queues)

    def queues(self, floor: Floor) -> list[Queue]:
        return [queue for name, queue in floor.queues.items() if self.has(name)]

    def agents(self, floor: Floor) -> list[Agent]:
        """By way of the queues, so that a board of one queue does not look at the whole floor."""
        if self._names is None:
            return list(floor.agents.values())
        phones = {member.phone for queue in self.queues(floor) for member in queue.members.values()}
        sitting = {agent for phone in phones if (agent := floor.phones[phone].agent) is not None}
        return [floor.agents[agent] for agent in sitting if floor.agents[agent].phone in phones]

    def calls(self, floor: Floor) -> list[Call]:
        return [call for call in floor.calls.values() if not call.ended and self.has_call(floor, call)]

    def has_agent(self, floor: Floor, agent: Agent) -> bool:
        phone = floor.phones[agent.phone]
        return self._names is None or (phone.agent == agent.id and any(self.has(queue) for queue in phone.members))

    def has_call(self, floor: Floor, call: Call) -> bool:
        """By the queue it is in, or was in last; a call of no queue is nobody's but the whole floor's."""
        visit = visit_of(floor, call)
        return self._names is None or (visit is not None and self.has(key(visit.node, visit.queue)))

    # ------------------------------------------------------------ what was told

    def tell(self, agents: Iterable[str], calls: Iterable[str]) -> None:
        """A snapshot goes out with these; earlier ones may still hang somewhere, so nothing is forgotten."""
        self._agents.update(agents)
        self._calls.update(calls)

    def narrowed(self, floor: Floor, changes: Changes) -> Changes:
        """Those that this audience is to hear of; `gone` names what it was told and does not see any more."""
        seen = Changes()
        seen.everything, seen.nodes, seen.owned = changes.everything, changes.nodes, changes.owned
        seen.queues = {name for name in changes.queues if self.has(name)}
        seen.gone_queues = {name for name in changes.gone_queues if self.has(name) and name not in floor.queues}
        before = len(self._agents)
        for name in changes.agents | changes.gone_agents:
            agent = floor.agents.get(name)
            _sort(name, agent is not None and self.has_agent(floor, agent), self._agents, seen.agents, seen.gone_agents)
        self.moved = bool(seen.gone_agents) or len(self._agents) != before
        for name in changes.calls | changes.gone_calls:
            call = floor.calls.get(name)
            here = call is not None and not call.ended and self.has_call(floor, call)
            _sort(name, here, self._calls, seen.calls, seen.gone_calls)
        return seen


def _sort(name: str, here: bool, told: set[str], changed: set[str], gone: set[str]) -> None:
    if here:
        told.add(name)
        changed.add(name)
    elif name in told:
        told.discard(name)
        gone.add(name)


def visit_of(floor: Floor, call: Call) -> Visit | None:
    """The latest of its visits."""
    return floor.visits.get(call.visits[-1]) if call.visits else None
