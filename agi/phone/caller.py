"""Who calls: the channel that asks, found live on its node by the floor, and who sits at its phone. Pure questions to the floor.

Caller id is never looked at: it says what the phone likes to say. A channel's name and uniqueid are Asterisk's own, and they count
only while the floor knows that leg there: a dialplan elsewhere, or a program that plays Asterisk, has no such leg.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from agi.phone.script import Standing
from agi.translate.tracker import device_of
from realtime.floor import Floor, key
from realtime.me_dial import last_of
from realtime.rules.cards import in_hand, silent_since
from realtime.words import AgentId, Device, LegState, Micros, Node

PLACES_DIGITS: Final = 3
"""A list of a thousand codes is none that anybody dials."""


class Standpoint(NamedTuple):
    """The leg that asks."""

    node: Node
    device: Device
    uniqueid: str


class Caller(NamedTuple):
    device: Device
    agent: AgentId = AgentId("")
    resident: AgentId = AgentId("")


def node_of(query: Mapping[str, str], nodes: Collection[str]) -> Node | None:
    """The one that the dialplan names, or the only one; None for a name that no [[pbx]] has."""
    said = query.get("node", "")
    if not said:
        return Node(next(iter(nodes))) if len(nodes) == 1 else None
    return Node(said) if said in nodes else None


def caller(floor: Floor, node: Node, channel: str, uniqueid: str, lines: Collection[str]) -> Caller | None:
    """None: no such leg is live there, or it is a line to the world and nobody's phone."""
    device, is_phone = device_of(channel)
    here = key(node, device)
    phone = floor.phones.get(here)
    if phone is None or not is_phone or device in lines or uniqueid not in phone.legs:
        return None
    owned = floor.owned
    resident = owned.desks.get(here) or owned.desks.get(device) or ""
    seated = owned.seats.get(here) or phone.agent or ""
    return Caller(device, AgentId(seated), AgentId(resident))


def language_of(floor: Floor, agent: str) -> str:
    person = floor.owned.people.get(agent)
    return person.language if person is not None else ""


def named(floor: Floor, typed: str, prefix: str) -> AgentId:
    """A phone has digits only: `prefix` is that of the PBX's staff numbers, where its numbers have one."""
    whole = prefix + typed
    people = floor.owned.people
    return AgentId(typed if whole not in people and typed in people else whole)


def coded(floor: Floor, typed: str) -> str:
    """A phone has digits only: what is spelt so, else the one at that place of the plan's list, counted from 1. Where the plan names no
    codes, any is one."""
    outcomes = floor.owned.plan.dialling.outcomes
    if not outcomes or any(each.code == typed for each in outcomes):
        return typed
    place = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= PLACES_DIGITS else 0
    return outcomes[place - 1].code if 0 < place <= len(outcomes) else ""


def last_dial(floor: Floor, agent: AgentId, where: Standpoint, now: Micros) -> str:
    """Named, because by asking this phone is in a call, and who is in one is taken to speak with somebody else by now. Who really is
    (another call is on this phone, and the customer is gone) names none, and the engine says no."""
    dial = last_of(floor, agent, now)
    if dial is None:
        return ""
    phone = floor.phones.get(key(where.node, where.device))
    others = phone is not None and any(leg != where.uniqueid for leg in phone.legs)
    return "" if others and (dial.gone or dial.over) else dial.dial


def answered(floor: Floor, node: Node, device: Device, uniqueid: str) -> bool:
    """The floor has seen that this call is up. Before that it looks as if the phone rang somebody, and its agent were busy."""
    phone = floor.phones.get(key(node, device))
    call = floor.calls.get(phone.legs.get(uniqueid, "")) if phone is not None else None
    leg = call.legs.get(uniqueid) if call is not None else None
    return leg is not None and leg.state is LegState.WAITING


def standing(floor: Floor, agent: str) -> Standing:
    owned = floor.owned
    lease, grant, waiting = owned.leases.get(agent), owned.grants.get(agent), owned.waiting.get(agent)
    call = in_hand(floor, agent)
    card = owned.cards.get(key(call.node, call.id)) if call is not None else None
    return Standing(
        on_duty=agent in owned.duty,
        paused=_paused(floor, agent),
        held=agent in owned.releasing,
        on=lease is not None,
        until=lease.until if lease is not None else 0,
        granted=grant is not None,
        takes_until=grant.expires if grant is not None else 0,
        length_s=grant.length_s if grant is not None else 0,
        waits=waiting is not None,
        place=waiting.place if waiting is not None else 0,
        eta=waiting.eta if waiting is not None else 0,
        silent=call is not None and silent_since(call) > 0,
        silent_until=card.until if card is not None and not card.over else 0,
    )


def _paused(floor: Floor, agent: str) -> bool:
    """In every queue that the phone of this agent is a member of; in none is nothing to wait for."""
    known = floor.agents.get(agent)
    phone = floor.phones.get(known.phone) if known is not None else None
    if phone is None or phone.agent != agent:
        return True
    members = (floor.queues[queue].members[interface] for queue, interface in phone.members.items())
    return all(member.paused for member in members)
