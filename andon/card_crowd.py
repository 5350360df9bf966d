"""The demo's agents who take down card numbers: now and then one of them has the recording of a call silenced, and lets it go on.

Not who decides (the engine) and not what silences (the PBX). Seeded, without I/O, as `crowd.py`.
"""

from __future__ import annotations

from random import Random
from typing import Final

from realtime.floor import Floor
from realtime.requests import Actor, CardPause, CardResume, Request
from realtime.words import SECOND, AgentId, AgentState, Micros

EVERY_S: Final = (20.0, 50.0)
LASTS_S: Final = (8.0, 16.0)


class CardCrowd:
    """`step` a few times a second."""

    def __init__(self, seed: int, prefix: str) -> None:
        self._chance = Random(f"{seed}:cards")  # noqa: S311 - repeatable on purpose
        self._prefix, self._said = prefix, 0
        self._next: Micros = 0
        self._agent = AgentId("")
        """Who has silenced a recording."""

    def step(self, floor: Floor, now: Micros) -> list[Request]:
        if not self._next:
            self._next = now + self._s(*EVERY_S)
        if now < self._next:
            return []
        if self._agent:
            agent, self._agent = self._agent, AgentId("")
            self._next = now + self._s(*EVERY_S)
            return [self._ask(agent, CardResume(agent), now)]
        talking = sorted(
            key for key, each in floor.agents.items() if each.state is AgentState.TALKING and "agent" in self._roles(floor, key)
        )
        self._next = now + self._s(*LASTS_S)
        if not talking:
            return []
        self._agent = AgentId(self._chance.choice(talking))
        return [self._ask(self._agent, CardPause(self._agent), now)]

    def _roles(self, floor: Floor, agent: str) -> tuple[str, ...]:
        return next((person.roles for person in floor.owned.plan.people if person.id == agent), ())

    def _ask(self, agent: AgentId, ask: CardPause | CardResume, now: Micros) -> Request:
        self._said += 1
        name = f"{self._prefix}-card-{self._said}"
        return Request(name, now, Actor(f"agent:{agent}", "agent", agent, "page"), ask, f"k-{name}")

    def _s(self, low: float, high: float) -> Micros:
        return int(self._chance.uniform(low, high) * SECOND)
