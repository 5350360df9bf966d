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

from realtime import facts
from realtime.factcodec import FACTS
from realtime.facts import Fact, QueueRules, Sealed
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
}
STATES = ("on_break", "not_ready", "of_tomorrow")
"""For pause reasons; the last is one that a newer Andon may know."""
NUMBERS = (None, Sealed("d1", b"c", "2026-11"), Sealed("d2", b"c", "2026-12"))
ENGINE = (facts.FloorConfigured, facts.DayBegan, facts.WrapUpEnded)
STEPS: tuple[Micros, ...] = (0, SECOND // 2, SECOND, -SECOND, 2 * SECOND) * 8 + (40 * SECOND, 70 * SECOND)
"""Between two facts: mostly close together, sometimes the wrong way round, sometimes long enough to be forgotten."""


def walk(seed: int, length: int = 60) -> Iterator[Fact]:
    """As one producer numbers them, by a clock that is not quite steady."""
    chance, at = random.Random(seed), START
    kinds = list(FACTS.values())
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
    if name in NAMES:
        return chance.choice(NAMES[name])
    if typing.get_origin(hint) is typing.Literal:
        return chance.choice(typing.get_args(hint))
    if isinstance(hint, enum.EnumType):
        return chance.choice(list(hint))
    return SIMPLE[hint](chance)


SIMPLE: dict[Any, typing.Callable[[random.Random], Any]] = {
    str: lambda chance: chance.choice(("", "x", "客")),
    int: lambda chance: chance.randint(0, 60),
    bool: lambda chance: chance.random() < 0.5,
    Sealed | None: lambda chance: chance.choice(NUMBERS),
    dict[str, str]: lambda chance: {chance.choice(NAMES["reason"]): chance.choice(STATES)},
    dict[str, QueueRules]: lambda chance: {chance.choice(NAMES["queue"]): QueueRules(chance.randint(-1, 30), chance.randint(0, 30))},
}
