"""Supervisors of a shift: each deed of the console, by chance, with or without reason, now and then undone or asked for twice."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from realtime import requests
from realtime.floor import Floor
from realtime.requests import Actor, AnyAsk, Request
from realtime.words import AgentId, Device, Micros, QueueName
from tests.simulation.shift_plan import SKILLS

Deed = Callable[[Floor, Random], "AnyAsk | None"]
PHONE = Device("PJSIP/1901")
KINDS = ("short", "coaching", "fault", "meal", "comfort")
UNDONE = 0.25
"""The share of deeds that somebody takes back at once."""


def _agent(floor: Floor, chance: Random) -> AgentId | None:
    people = [person.id for person in floor.owned.plan.people if "agent" in person.roles]
    return chance.choice(people) if people else None


def _of(make: Callable[[AgentId, Random], AnyAsk]) -> Deed:
    def deed(floor: Floor, chance: Random) -> AnyAsk | None:
        agent = _agent(floor, chance)
        return make(agent, chance) if agent is not None else None

    return deed


def _hang_up_any(floor: Floor, chance: Random) -> AnyAsk | None:
    calls = sorted(name for name, call in floor.calls.items() if not call.ended)
    return requests.CallHangUp(call=chance.choice(calls)) if calls else None


def _move(agent: AgentId, chance: Random) -> AnyAsk:
    queues = sorted({QueueName(queue) for skill in SKILLS for queue in skill.queues})
    return requests.QueueMove(agent, into=(chance.choice(queues),), out_of=(chance.choice(queues),), reason="busy there")


def _stop(floor: Floor, chance: Random) -> AnyAsk | None:
    return requests.MeetingStop(chance.choice(sorted(floor.owned.meetings))) if floor.owned.meetings else None


def _grant(floor: Floor, chance: Random) -> AnyAsk | None:
    waiting = sorted(floor.owned.waiting)
    agent = AgentId(chance.choice(waiting)) if waiting and chance.random() < 0.7 else _agent(floor, chance)
    return requests.BreakGrant(agent, "looks pale") if agent is not None else None


def _seen(floor: Floor, chance: Random) -> AnyAsk | None:
    found = [(agent, message) for message in floor.owned.messages for agent in floor.owned.duty]
    return requests.MessageSeen(AgentId((one := chance.choice(found))[0]), one[1]) if found else None


DEEDS: tuple[tuple[float, Deed], ...] = (
    (4, _grant),
    (4, _of(lambda agent, chance: requests.PauseForce(agent, chance.choice(KINDS), chance.choice((0, 2)), "go"))),
    (4, _of(lambda agent, chance: requests.ReadyForce(agent, "busy"))),
    (1, _of(lambda agent, chance: requests.LogOutForce(agent, "done"))),
    (2, _of(lambda agent, chance: requests.CallHangUp(agent))),
    (1, _hang_up_any),
    (3, _of(lambda agent, chance: requests.CallSpy(agent, chance.choice(("listen", "whisper", "barge")), PHONE))),
    (2, _of(lambda agent, chance: requests.CallTakeOver(agent, PHONE))),
    (3, _of(_move)),
    (2, _of(lambda agent, chance: requests.MessageSend(f"agent:{agent}", "well done"))),
    (1, lambda floor, chance: requests.MeetingStart(teams=(chance.choice("ab"),), name="now", minutes=2)),
    (1, lambda floor, chance: requests.MeetingStart("stand-up")),
    (2, _stop),
    (1, _of(lambda agent, chance: requests.LogInAllow(agent, "known"))),
    (2, _of(lambda agent, chance: requests.Here(agent))),
    (2, _seen),
)


class Leaders:
    """`step` now and then, at the rate of the shift."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(f"{seed} leaders")
        self._said = 0
        self._last = ""

    def call_back(self, floor: Floor, now: Micros) -> list[Request]:
        """Whoever was sent somewhere for an open time is let out: nobody else may do that."""
        found = [lease.agent for lease in floor.owned.leases.values() if not lease.until]
        self._said += len(found)
        boss = Actor("li.wei", "supervisor")
        return [Request(f"back-{self._said}-{agent}", now, boss, requests.ReadyForce(agent, "the shift ends")) for agent in found]

    def deed(self, floor: Floor, now: Micros) -> list[Request]:
        chance = self._chance
        actor = chance.choice(
            (Actor("li.wei", "supervisor"), Actor("9001", "leader", AgentId("9001")), Actor("ops", "manager", via="console"))
        )
        if self._last and chance.random() < UNDONE:
            ask: AnyAsk | None = requests.Undo(self._last)
        else:
            ask = chance.choices([deed for _, deed in DEEDS], [weight for weight, _ in DEEDS])[0](floor, chance)
        if ask is None:
            return []
        self._said += 1
        self._last = f"lead-{self._said}"
        said = [Request(self._last, now, actor, ask, f"k-{self._last}")]
        return said + [Request(f"{self._last}-again", now, actor, ask, f"k-{self._last}")] * (chance.random() < 0.1)
