"""The numbers that alerts watch, read off the floor: of queues, teams, agents, servers and the whole floor. Pure.

Not the thresholds (`alerts.py`) and not the list of numbers with their words (`plan/numbers.py`). A reading of None says that nobody
knows: no call came yet, or the server behind the number is not heard. It is never taken for zero, and never for good. Of single
agents only those are read whom the number can be about: nobody is a second not ready while talking.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final, NamedTuple

from realtime import metrics
from realtime.floor import Agent, Floor, Queue, Tally
from realtime.owned import ArchiveNow
from realtime.plan.model import AlertRule
from realtime.words import SECOND, AgentState, Micros

SILENT: Micros = 15 * SECOND
"""A PBX is heard each second; one that was not for so long may have any number of callers. A restart of an adapter takes less."""
ARCHIVE_SILENT: Micros = 180 * SECOND
"""The archivist says something at least once a minute; its restart after a crash takes seconds."""
AWAY: Final = (AgentState.LOGGED_OUT, AgentState.UNREACHABLE)


class Reading(NamedTuple):
    """`subject` as in an alert: queue:KEY, team:ID, agent:ID, node:NAME, floor."""

    subject: str
    value: float | None


class Readings:
    """Of one floor at one moment. What several rules need is counted once."""

    def __init__(self, floor: Floor, now: Micros) -> None:
        self.floor = floor
        self.now = now
        self.lost = frozenset(node.name for node in floor.nodes.values() if node.link == "lost" or now - node.heard > SILENT)

    def of(self, rule: AlertRule) -> Iterator[Reading]:
        """All that this rule watches. A name in `only` that is not there now is passed over."""
        match rule.of:
            case "queue":
                yield from self._queues(rule)
            case "team":
                yield from self._teams(rule)
            case "agent":
                yield from self._agents(rule)
            case "node":
                yield from self._nodes(rule)
            case "floor" if rule.number in OF_THE_ARCHIVE:
                yield Reading("floor", self._archive(rule.number))
            case "floor":
                yield Reading("floor", None if self.lost else self._counted(rule.number, [*self.floor.queues.values()], self.floor.states))

    # ------------------------------------------------------------------ queues and the floor

    def _queues(self, rule: AlertRule) -> Iterator[Reading]:
        for key, queue in self.floor.queues.items():
            if not rule.only or queue.name in rule.only or key in rule.only:
                yield Reading(f"queue:{key}", None if queue.node in self.lost else self._counted(rule.number, [queue], queue.states))

    def _counted(self, number: str, queues: list[Queue], states: Mapping[str, int]) -> float | None:
        if number in STATES:
            return float(states.get(STATES[number], 0))
        if number in ("waiting", "longest_wait_s"):
            joined = [joined for queue in queues for visit, joined in queue.waiting.items() if self._waits(visit)]
            return float(len(joined)) if number == "waiting" else (self.now - min(joined, default=self.now)) / SECOND
        day = queues[0].day if len(queues) == 1 else self._day
        return OF_THE_DAY[number](day) if number in OF_THE_DAY else None

    def _waits(self, visit: str) -> bool:
        return self.floor.visits[visit].departure is None

    @cached_property
    def _day(self) -> Tally:
        day = Tally()
        for queue in self.floor.queues.values():
            metrics.add(day, queue.day)
        return day

    # ------------------------------------------------------------------ teams and agents

    def _teams(self, rule: AlertRule) -> Iterator[Reading]:
        for team in self.floor.owned.plan.teams:
            if rule.only and team.id not in rule.only:
                continue
            states, known = self._team_states[team.id], team.id not in self._teams_unknown
            staffed = sum(count for state, count in states.items() if state not in AWAY)
            if rule.number == "break_share":
                value = states[AgentState.ON_BREAK] / staffed if staffed else None
            else:
                value = float(states[STATES[rule.number]]) if rule.number in STATES and staffed else None
            yield Reading(f"team:{team.id}", value if known else None)

    @cached_property
    def _team_states(self) -> Mapping[str, Counter[str]]:
        people, found = self.floor.owned.people, defaultdict[str, Counter[str]](Counter)
        for agent in self.floor.agents.values():
            if (person := people.get(agent.id)) is not None:
                found[person.team][agent.state] += 1
        return found

    @cached_property
    def _teams_unknown(self) -> frozenset[str]:
        if not self.lost:
            return frozenset()
        people = self.floor.owned.people
        return frozenset(people[agent.id].team for agent in self.floor.agents.values() if agent.node in self.lost and agent.id in people)

    def _agents(self, rule: AlertRule) -> Iterator[Reading]:
        only = frozenset(rule.only)
        if rule.number == "overrun_s":
            for lease in self.floor.owned.leases.values():
                if lease.until and lease.until < self.now and (not only or lease.agent in only):
                    yield Reading(f"agent:{lease.agent}", (self.now - lease.until) / SECOND)
            return
        wanted = IN_STATE.get(rule.number)
        states = self._by_state if wanted is None else {wanted: self._by_state.get(wanted, [])}
        for state, agents in states.items():
            if state == AgentState.LOGGED_OUT:
                continue
            for agent in agents:
                if not only or agent.id in only:
                    yield Reading(f"agent:{agent.id}", None if agent.node in self.lost else (self.now - agent.since) / SECOND)

    @cached_property
    def _by_state(self) -> dict[str, list[Agent]]:
        found: dict[str, list[Agent]] = {}
        for agent in self.floor.agents.values():
            found.setdefault(agent.state, []).append(agent)
        return found

    # ------------------------------------------------------------------ servers, the archive

    def _archive(self, number: str) -> float | None:
        """Of an archivist that is silent nothing is known but its silence."""
        seen = self.floor.owned.archive
        known = seen.at and (number == "archive_silent_s" or self.now - seen.at <= ARCHIVE_SILENT)
        return OF_THE_ARCHIVE[number](seen, self.now) if known else None

    def _nodes(self, rule: AlertRule) -> Iterator[Reading]:
        for node in self.floor.nodes.values():
            if rule.only and node.name not in rule.only:
                continue
            silent = (self.now - node.heard) / SECOND
            yield Reading(f"node:{node.name}", silent if rule.number == "silent_s" else float(node.anomalies))


STATES: Final[Mapping[str, AgentState]] = {
    "ready": AgentState.READY,
    "on_break": AgentState.ON_BREAK,
    "not_ready": AgentState.NOT_READY,
}
OF_THE_DAY: Final[Mapping[str, Callable[[Tally], float | None]]] = {
    "service_level": metrics.sl_excl_ab_in_t,
    "abandon_rate": metrics.abandon_rate,
    "asa_s": metrics.asa_s,
    "aht_s": metrics.aht_s,
    "offered": lambda day: float(day.offered),
    "abandoned": lambda day: float(day.abandoned),
}
OF_THE_ARCHIVE: Final[Mapping[str, Callable[[ArchiveNow, Micros], float]]] = {
    "recordings_missing": lambda seen, _: float(seen.missing),
    "recordings_unsealed": lambda seen, _: float(seen.backlog),
    "recordings_unsealed_s": lambda seen, _: float(seen.oldest_s),
    "recordings_quarantined": lambda seen, _: float(seen.quarantined),
    "recordings_conflict": lambda seen, _: float(seen.conflicts),
    "archive_free_share": lambda seen, _: seen.free_share,
    "archive_silent_s": lambda seen, now: max(0, now - seen.at) / SECOND,
}
"""By what the archivist said last, whatever PBX is lost."""
IN_STATE: Final[Mapping[str, AgentState]] = {
    "talk_s": AgentState.TALKING,
    "hold_s": AgentState.HOLD,
    "wrapup_s": AgentState.WRAPUP,
    "not_ready_s": AgentState.NOT_READY,
}
