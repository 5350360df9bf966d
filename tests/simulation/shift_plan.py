"""What a shift is like: who works by which rules, and what goes wrong. Drawn from the seed, or written down by a test.

Times are short, so that half an hour of virtual time holds what a real shift does: breaks of two minutes, a hold of half a minute,
a wait that is aged after three.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from random import Random

from realtime.plan.model import (
    BreakRules,
    KindRules,
    LoadRules,
    LoginRules,
    Meeting,
    OverrunRules,
    Pattern,
    Person,
    Plan,
    ShiftRules,
    Skill,
    Team,
    Treatment,
)
from realtime.words import SECOND, AgentId, Device, Micros

START: Micros = 1_795_498_731 * SECOND
"""05:38 UTC: far enough from midnight for any clock of ours."""
NODE = "demo1"
SKILLS = (
    Skill(id="help", queues=("support",)),
    Skill(id="money", queues=("billing", "retention"), penalty=1),
    Skill(id="gold", queues=("vip", "support")),
)


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """All zero: a good shift. Rates are by the hour."""

    seed: int = 0
    minutes: int = 20
    agents: int = 9
    """At desks of their own; `roamers` come on top, who sit where something is free."""
    roamers: int = 3
    rate: float = 1.0
    own_pauses: float = 6
    """Feature codes pressed without asking, each agent's."""
    deeds: float = 60
    """What supervisors do, all together."""
    cuts: float = 0
    restarts: float = 0
    kills: float = 0
    """Of the PBX: a clean restart says good-bye, a killed one says nothing."""
    adapter_kills: float = 0
    engine_kills: float = 0
    """At once, or in the middle of what it was saying."""
    log_outages: float = 0
    log_losses: float = 0
    """The server comes back without its last second."""
    skew_s: float = 0
    """Our clock before the PBX's."""
    unauthorised: Treatment = "warn"
    load: bool = True

    @property
    def faultless(self) -> bool:
        return not (
            self.cuts
            or self.restarts
            or self.kills
            or self.adapter_kills
            or self.engine_kills
            or self.log_outages
            or self.log_losses
            or self.skew_s
        )

    def __str__(self) -> str:
        plain = ShiftPlan()
        return ", ".join(
            f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if getattr(self, each.name) != getattr(plain, each.name)
        )


def shift_of(seed: int) -> ShiftPlan:
    """Most faults are absent on most shifts, or none would show one of them alone."""
    chance = Random(f"{seed} shift")

    def maybe(share: float, *values: float) -> float:
        return chance.choice(values) if chance.random() < share else 0

    return ShiftPlan(
        seed=seed,
        minutes=chance.choice((14, 18, 22)),
        agents=chance.choice((6, 9, 12)),
        roamers=chance.choice((0, 2, 4)),
        rate=chance.choice((0.5, 0.8, 1.2)),
        own_pauses=maybe(0.7, 3, 12),
        deeds=maybe(0.7, 30, 120),
        cuts=maybe(0.3, 6, 30),
        restarts=maybe(0.2, 4),
        kills=maybe(0.2, 4),
        adapter_kills=maybe(0.3, 6, 20),
        engine_kills=maybe(0.4, 10, 60),
        log_outages=maybe(0.2, 6),
        log_losses=maybe(0.3, 6, 20),
        skew_s=maybe(0.15, -5, 0.7, 5),
        unauthorised=chance.choice(("observe", "warn", "undo")),
        load=chance.random() < 0.6,
    )


def rules_of(shift: ShiftPlan) -> Plan:
    """The operations plan of this shift."""
    chance = Random(f"{shift.seed} rules")
    begin = datetime.fromtimestamp(START / SECOND, UTC)
    minute = begin.hour * 60 + begin.minute
    meeting = Meeting(
        id="stand-up", name="Stand-up", teams=("a",), at_min=minute + chance.choice((6, 9)), minutes=3, groups=chance.choice((1, 2)),
        least=chance.choice((0, 1)),
    )  # fmt: skip
    people = people_of(shift, chance)
    return Plan(
        people=people,
        skills=tuple(least_of(skill, people, chance) for skill in SKILLS),
        teams=(
            Team(id="a", leaders=(AgentId("9001"),), most_out=chance.choice((-1, 1, 2, 6))),
            Team(id="b", leaders=(AgentId("9002"),)),
        ),
        shifts=ShiftRules(
            patterns=(Pattern(id="day", teams=("a", "b"), begins_min=minute - 60, ends_min=minute + 240, days=(0, 1, 2, 3, 4, 5, 6)),)
        ),
        login=LoginRules(),
        breaks=breaks_of(shift, chance),
        meetings=(meeting,),
    )


def least_of(skill: Skill, people: tuple[Person, ...], chance: Random) -> Skill:
    """So few that some may go, when all are here."""
    have = sum(skill.id in person.skills for person in people)
    least = min(chance.choice((0, 1, 2)), max(have - 3, 0))
    return Skill(id=skill.id, queues=skill.queues, penalty=skill.penalty, least=least)


def people_of(shift: ShiftPlan, chance: Random) -> tuple[Person, ...]:
    """Every third has two skills; who roams has no phone of his own."""
    found = []
    for place in range(shift.agents + shift.roamers):
        skills = [chance.choice(SKILLS).id for _ in range(1 + (place % 3 == 0))]
        fixed = place < shift.agents
        number = AgentId(str(1001 + place) if fixed else str(3001 + place))
        found.append(
            Person(
                id=number,
                name=f"Agent {number}",
                team="ab"[place % 2],
                skills=tuple(dict.fromkeys(skills)),
                phone=Device(f"PJSIP/{number}") if fixed else Device(""),
            )
        )
    leaders = [Person(id=AgentId(f"900{place}"), name=f"Leader {place}", team="ab"[place - 1], roles=("leader",)) for place in (1, 2)]
    return (*found, *leaders)


def breaks_of(shift: ShiftPlan, chance: Random) -> BreakRules:
    return BreakRules(
        kinds={
            "short": KindRules(
                minutes=2, longest_min=3, quota_min=chance.choice((-1, 6)), quota_half_min=chance.choice((-1, 4)),
                times=chance.choice((-1, 3)), cool_down_min=chance.choice((0, 3)),
            ),
            "meal": KindRules(minutes=4, longest_min=5, times=1),
            "legal": KindRules(minutes=2, longest_min=4),
            "comfort": KindRules(minutes=2, longest_min=4),
            "recovery": KindRules(minutes=2, longest_min=4),
            "fault": KindRules(minutes=2, longest_min=30),
        },
        team_most=chance.choice((-1, 1, 2, 6)),
        team_share=chance.choice((0.1, 0.3)),
        site_most=chance.choice((-1, 2, 9)),
        site_share=chance.choice((0.1, 0.3)),
        hold_s=30,
        spacing_s=chance.choice((0, 10)),
        aged_min=3,
        aged_red_min=6,
        legal_after_min=chance.choice((0, 10)),
        load=LoadRules(enabled=shift.load, aht_s=90),
        overrun=OverrunRules(prompt_s=5, leader_s=10, overrun_s=20, welfare_s=40),
        unauthorised=shift.unauthorised,
        corrections_hour=6,
    )  # fmt: skip
