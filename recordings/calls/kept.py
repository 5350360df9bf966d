"""What the book of calls remembers: calls that go on and those that ended lately, nodes, who sits where. Pure.

Not which fact does what (`book.py`). Bounded; written into the archive's cursor as it is.
"""

from __future__ import annotations

from typing import Final

import msgspec

from realtime import facts
from realtime.floor import key
from realtime.words import SECOND, Micros
from recordings.calls.cards import CallNow, leg_gone

VERSION: Final = 2
"""Of what is written of it: another one is folded anew."""
SEATS_MOST: Final = 20_000
TRUE_START: Final[Micros] = 2 * SECOND
"""Epochs in uniqueids are whole seconds; a call that began later than so much before a sync was seen from its beginning."""
UNSEEN: Final[Micros] = 30 * SECOND
"""A call is heard of within moments of its beginning; one whose first word comes so late was missed until then."""


class NodeNow(msgspec.Struct, omit_defaults=True):
    sync: int = 0
    syncing: Micros = 0  # since when a snapshot is told
    lost: bool = False  # from a lost link to the end of the next snapshot
    started: Micros = 0


class State(msgspec.Struct, kw_only=True):
    version: int = VERSION
    at: Micros = 0
    sessions: dict[str, int] = {}
    nodes: dict[str, NodeNow] = {}
    desks: dict[str, str] = {}  # of the plan
    duty: dict[str, str] = {}  # by node and device
    concluded: dict[str, str] = {}
    calls: dict[str, CallNow] = {}
    ended: dict[str, CallNow] = {}  # the one that ended last stands last
    aliases: dict[str, str] = {}
    dials: dict[str, str] = {}  # to the call's key


def knows(call: CallNow, ids: frozenset[str]) -> bool:
    """Any of these uniqueids."""
    return call.call in ids or not ids.isdisjoint(call.legs) or not ids.isdisjoint(call.recorded)


# ------------------------------------------------------------------ calls found, made, ended


def known(state: State, node: str, name: str) -> CallNow | None:
    """Going on, or ended lately; under whatever name it goes by now."""
    here = key(node, name)
    here = state.aliases.get(here, here)
    return state.calls.get(here) or state.ended.get(here)


def call_of(state: State, fact: facts.Fact, name: str) -> CallNow:
    """Made if this is the first word of it. One that had ended and is there again goes on."""
    call, here = known(state, fact.node, name), state.nodes.setdefault(fact.node, NodeNow())
    if call is None:
        call = state.calls[key(fact.node, name)] = CallNow(node=fact.node, call=name, began=fact.at, gap=in_the_dark(here, fact, name))
    elif call.ended:
        state.ended.pop(key(call.node, call.call), None)
        state.calls[key(call.node, call.call)] = call
        call.ended = 0
    call.sync = here.sync
    return call


def in_the_dark(node: NodeNow, fact: facts.Fact, call: str) -> bool:
    """Whether a call of which this is the first word began unseen: its id says when it began, by the PBX's clock."""
    if node.lost and not node.syncing:
        return True
    epoch = call.rpartition("-")[2].partition(".")[0]
    if not (epoch.isascii() and epoch.isdigit() and len(epoch) <= 11):
        return bool(node.syncing)
    began = int(epoch) * SECOND
    return began < fact.at - UNSEEN or bool(node.syncing and began < node.syncing - TRUE_START)


def end(state: State, call: CallNow, at: Micros, told: list[CallNow]) -> None:
    name = key(call.node, call.call)
    for leg in {*call.now, *call.holding, *call.pausing}:
        leg_gone(call, leg, at)
    call.ended = max(at, call.began)
    state.calls.pop(name, None)
    state.ended.pop(name, None)
    state.ended[name] = call
    told.append(call)


def forget(state: State, name: str) -> None:
    call = state.ended.pop(name)
    if call.dial:
        state.dials.pop(call.dial, None)
    for alias in [old for old, new in state.aliases.items() if new == name]:
        del state.aliases[alias]


def said(call: CallNow, told: list[CallNow]) -> None:
    """Something more is known of it: told at once where it has ended, else with its end."""
    if call.ended:
        told.append(call)


# ------------------------------------------------------------------ who sits where


def leave_seats(state: State, agent: str) -> None:
    for here in [here for here, each in state.duty.items() if each == agent]:
        del state.duty[here]


def seat(seats: dict[str, str], here: str, agent: str) -> None:
    seats.pop(here, None)
    seats[here] = agent
    if len(seats) > SEATS_MOST:
        del seats[next(iter(seats))]


def agent_at(state: State, node: str, device: str) -> str:
    """As the floor concludes it: who logged in, whose desk the plan says it is, whom the adapter takes it to be."""
    here = key(node, device)
    return state.duty.get(here) or state.desks.get(here) or state.desks.get(device) or state.concluded.get(here, "")
