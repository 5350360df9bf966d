"""Facts by chance, from so few names that they meet, as walks: nothing here makes sense, on purpose.

A walk is known by its seed, so what it found can be walked again. Plain chance rather than hypothesis: the faults that it found
took tens of thousands of facts, and hypothesis makes a tenth as many in the same time.
"""

from __future__ import annotations

import enum
import random
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from realtime import facts, outbound, recording_facts, rulings
from realtime.decision import Decision, Finding
from realtime.factcodec import FACTS
from realtime.facts import Fact, QueueRules, Sealed
from realtime.orders import AddMember, AnyAct, HangUp, MuteRecording, Order, PauseMember, RemoveMember, SetPenalty, Spy, TakeOver
from realtime.outbound import Constraints
from realtime.plan.dialling import Campaign, DialRules
from realtime.plan.model import Person, Plan, Team
from realtime.words import SECOND, Micros, Node
from tests.realtime.story import START

DEVICES = ("PJSIP/1001", "PJSIP/1002", "PJSIP/1003")
NAMES: dict[str, tuple[str, ...]] = {
    "node": ("pbx",) * 9 + ("north",),
    "queue": ("sales", "help"),
    "call": ("a", "b", "c"),
    "absorbed": ("a", "b", "c"),
    "channel": ("a", "b", "c"),
    "leg": ("l1", "l2", "l3"),
    "spyer": ("l1", "l4"),
    "device": DEVICES,
    "interface": (*DEVICES, "Local/1001@desk"),
    "agent": ("1001", "1002", "1003"),
    "name": ("", "Ann"),
    "reason": ("", "lunch", "会议", "whatever"),
    "day": ("2026-11-24", "2026-11-25"),
    "timezone": ("UTC",),
    "how": ("", "hangup", "gap"),
    "request": ("r1", "r2", "r3"),
    "undoes": ("", "r1"),
    "kind": ("short", "comfort", "meeting"),
    "why": ("", "asked", "meeting:m1", "expired"),
    "meeting": ("m1", "m2"),
    "alert": ("a1", "a2"),
    "message": ("t1", "t2"),
    "dial": ("d1", "d2", "d3"),
    "campaign": ("", "c1", "c2"),
    "to": ("draft", "trial", "formal", "stopped", "rectifying", "settling"),
    "before": ("", "trial", "formal"),
    "step": ("s1", "s2"),
    "item": ("i1", "i2"),
    "list": ("national", "consents"),
}
STATES = ("on_break", "not_ready", "of_tomorrow")
"""For pause reasons; the last is one that a newer Andon may know."""
NUMBERS = (None, Sealed("d1", b"c", "2026-11"), Sealed("d2", b"c", "2026-12"))
PBX = tuple(kind for kind in FACTS.values() if kind.__module__ == facts.__name__ or kind.__name__.startswith("Recording"))
RULED = tuple(kind for kind in FACTS.values() if kind not in PBX)
ON_A_NODE = (
    rulings.AgentOnDuty,
    rulings.OrderGiven,
    rulings.OrderDone,
    outbound.DialDecided,
    recording_facts.CardPauseBegan,
    recording_facts.CardPauseEnded,
)
ENGINE = (facts.FloorConfigured, facts.DayBegan, facts.WrapUpEnded, *(kind for kind in RULED if kind not in ON_A_NODE))
STEPS: tuple[Micros, ...] = (0, SECOND // 2, SECOND, -SECOND, 2 * SECOND) * 8 + (40 * SECOND, 70 * SECOND)
"""Between two facts: mostly close together, sometimes the wrong way round, sometimes long enough to be forgotten."""


def walk(seed: int, length: int = 60) -> Iterator[Fact]:
    """As one producer numbers them, by a clock that is not quite steady."""
    chance, at = random.Random(seed), START
    kinds = [*FACTS.values(), *PBX * 2]  # mostly what a PBX says: what is ruled is about that
    for number in range(length):
        at += chance.choice(STEPS)
        yield any_fact(chance, chance.choice(kinds), at, number)


def any_fact(chance: random.Random, kind: type[Fact], at: Micros, seq: int) -> Fact:
    node = "" if kind in ENGINE else chance.choice(NAMES["node"])
    fields = {name: any_value(chance, name, hint) for name, hint in OWN_FIELDS[kind].items()}
    return kind(at=at, seen=at, node=Node(node), session="chance", seq=seq, **fields)


def own_fields(kind: type[Fact]) -> dict[str, Any]:
    """Names and types of what a fact has beyond what every fact has; a NewType counts as what it stands for."""
    hints, common = typing.get_type_hints(kind), {field.name for field in msgspec.structs.fields(Fact)}
    names = [field.name for field in msgspec.structs.fields(kind) if field.name not in common]
    return {name: getattr(hints[name], "__supertype__", hints[name]) for name in names}


OWN_FIELDS = {kind: own_fields(kind) for kind in FACTS.values()}


def any_value(chance: random.Random, name: str, hint: Any) -> Any:
    if name in ("joined", "since", "paused_at"):
        return chance.choice((0, START + chance.randint(-40, 200) * SECOND))
    if name == "order" and hint is str:
        return f"o{chance.randint(1, 6)}"
    if name in NAMES and hint is str:
        return chance.choice(NAMES[name])
    if typing.get_origin(hint) is typing.Literal:
        return chance.choice(typing.get_args(hint))
    if isinstance(hint, enum.EnumType):
        return chance.choice(list(hint))
    return SIMPLE[hint](chance)


PEOPLE = tuple(
    Person(id=facts.AgentId(number), name="Ann", team="a", phone=facts.Device(f"PJSIP/{number}")) for number in NAMES["agent"][:2]
)
CAMPAIGNS = (Campaign(id="c1", client="bank"), Campaign(id="c2", most="preview"))
PLANS = (Plan(), Plan(people=PEOPLE, teams=(Team(id="a"),), dialling=DialRules(campaigns=CAMPAIGNS)))


def any_finding(chance: random.Random) -> Finding:
    return Finding(chance.choice(("team_cap", "load")), chance.choice(("allow", "queue", "defer", "deny")), {"out": chance.randint(0, 9)})


def any_order(chance: random.Random) -> Order:
    """From so few that one is given twice, done before it is given, or never."""
    device, queue, leg = (chance.choice(NAMES[name]) for name in ("device", "queue", "leg"))
    acts: tuple[AnyAct, ...] = (
        PauseMember(facts.Interface(device), chance.random() < 0.5, "short"),
        AddMember(facts.QueueName(queue), facts.Interface(device), facts.Device(device)),
        RemoveMember(facts.QueueName(queue), facts.Interface(device)),
        SetPenalty(facts.QueueName(queue), facts.Interface(device), chance.randint(0, 2)),
        HangUp(facts.Uniqueid(leg)),
        Spy(facts.Uniqueid(leg), facts.Device(device)),
        TakeOver(facts.Uniqueid(leg), facts.Device(device)),
        MuteRecording(facts.CallId(chance.choice(NAMES["call"])), facts.Uniqueid(leg), chance.random() < 0.5),
    )
    given = START + chance.randint(0, 60) * SECOND
    return Order(f"o{chance.randint(1, 6)}", Node("pbx"), chance.choice(acts), given, given + 10 * SECOND)


SIMPLE: dict[Any, typing.Callable[[random.Random], Any]] = {
    str: lambda chance: chance.choice(("", "x", "客")),
    int: lambda chance: chance.randint(0, 60),
    bool: lambda chance: chance.random() < 0.5,
    float: lambda chance: chance.randint(0, 60) / 4,
    float | None: lambda chance: chance.choice((None, 0.5)),
    tuple[str, ...]: lambda chance: tuple(chance.choices(("a", "o1", "sales"), k=chance.randint(0, 2))),
    tuple[facts.AgentId, ...]: lambda chance: tuple(chance.choices(NAMES["agent"], k=chance.randint(0, 2))),
    Plan: lambda chance: chance.choice(PLANS),
    Finding: any_finding,
    Decision: lambda chance: Decision(chance.choice(("allow", "queue", "deny")), (any_finding(chance),)),
    Order: any_order,
    Constraints: lambda chance: Constraints(chance.randint(0, 15), chance.random() < 0.5),
    tuple[tuple[str, int], ...]: lambda chance: ((chance.choice(("attempt:number:n1", "flight:centre:")), START),) * chance.randint(0, 2),
    Sealed | None: lambda chance: chance.choice(NUMBERS),
    dict[str, str]: lambda chance: {chance.choice(NAMES["reason"]): chance.choice(STATES)},
    dict[str, QueueRules]: lambda chance: {chance.choice(NAMES["queue"]): QueueRules(chance.randint(-1, 30), chance.randint(0, 30))},
}
