"""Facts by chance, from so few names that they meet: strategies for the laws. Nothing here makes sense, on purpose."""

from __future__ import annotations

import typing
from typing import Any

import msgspec
from hypothesis import strategies as st

from realtime import facts
from realtime.factcodec import FACTS
from realtime.facts import Fact, QueueRules, Sealed
from realtime.words import SECOND, Micros
from tests.realtime.story import START

NODES = ("pbx", "pbx", "pbx", "north")
AGENTS = ("1001", "1002", "1003")
DEVICES = ("PJSIP/1001", "PJSIP/1002", "PJSIP/1003")
NAMES: dict[str, tuple[str, ...]] = {
    "node": NODES,
    "queue": ("sales", "help"),
    "call": ("a", "b", "c"),
    "absorbed": ("a", "b", "c"),
    "channel": ("a", "b", "c"),
    "leg": ("l1", "l2", "l3"),
    "spyer": ("l1", "l4"),
    "device": DEVICES,
    "interface": (*DEVICES, "Local/1001@desk"),
    "agent": AGENTS,
    "name": ("", "Ann"),
    "reason": ("", "lunch", "会议", "whatever"),
    "day": ("2026-11-24", "2026-11-25"),
    "timezone": ("UTC",),
    "how": ("", "hangup", "gap"),
    "strategy": ("", "ringall"),
}
ENGINE = (facts.FloorConfigured, facts.DayBegan, facts.WrapUpEnded)
MOMENTS = st.integers(START - 40 * SECOND, START + 200 * SECOND)
NUMBERS = st.builds(Sealed, st.sampled_from(("d1", "d2")), st.just(b"c"), st.just("2026-11"))


def field_of(name: str, kind: Any) -> st.SearchStrategy[Any]:
    if name in ("joined", "since", "paused_at"):
        return st.just(0) | MOMENTS
    if name in NAMES:
        return st.sampled_from(NAMES[name])
    return st.text(max_size=5) if kind is str else of_type(kind)


def of_type(kind: Any) -> st.SearchStrategy[Any]:
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(typing.get_args(kind))
    if kind is int:
        return st.integers(0, 60)
    if kind == dict[str, QueueRules]:
        return st.dictionaries(st.sampled_from(NAMES["queue"]), st.builds(QueueRules, st.integers(-1, 30), st.integers(0, 30)))
    if kind == dict[str, str]:
        return st.dictionaries(st.sampled_from(("lunch", "whatever")), st.sampled_from(("on_break", "not_ready", "of_tomorrow")))
    if kind == (Sealed | None):
        return st.none() | NUMBERS
    return st.from_type(kind)


def fact_of(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    hints = typing.get_type_hints(kind)
    own = {field.name: field_of(field.name, plain(hints[field.name])) for field in msgspec.structs.fields(kind)[5:]}
    node = st.just("") if kind in ENGINE else st.sampled_from(NODES)
    now = st.just(START)
    return st.builds(kind, at=now, seen=now, node=node, session=st.just("chance"), seq=st.just(0), **own)


def plain(kind: Any) -> Any:
    """A NewType is what it stands for."""
    return getattr(kind, "__supertype__", kind)


ANY_FACT: st.SearchStrategy[Fact] = st.one_of(*(fact_of(kind) for kind in FACTS.values()))


STEPS: tuple[Micros, ...] = (0, 0, SECOND // 2, SECOND, SECOND, -SECOND, 2 * SECOND, 40 * SECOND, 70 * SECOND)
"""Between two facts: mostly close together, sometimes the wrong way round, sometimes long enough to be forgotten."""


@st.composite
def sequences(draw: st.DrawFn, least: int = 0, most: int = 60) -> list[Fact]:
    """Facts as one producer numbers them, by a clock that is not quite steady."""
    drawn = draw(st.lists(st.tuples(ANY_FACT, st.sampled_from(STEPS)), min_size=least, max_size=most))
    told: list[Fact] = []
    at = START
    for number, (fact, step) in enumerate(drawn):
        at += step
        told.append(msgspec.structs.replace(fact, at=at, seen=at, seq=number))
    return told
