"""Has somebody a call in hand, or its wrap-up? Asked by every rule that waits for the end of a call. Pure questions to the floor.

Not the agent's state as a screen shows it (`fold/agents.py`): a pause hides a wrap-up there, and here it must not. Who stands in a
menu or a queue, or hears a phone code's answer, talks to nobody: that is no call in hand.
"""

from __future__ import annotations

from collections.abc import Collection

from realtime.floor import Floor, Phone
from realtime.words import LegState

IN_HAND = frozenset({LegState.RINGING, LegState.DIALLING, LegState.TALKING, LegState.HOLD})
WITH_SOMEBODY = IN_HAND - {LegState.DIALLING}
"""Of a phone that has just dialled a code: until that is answered it looks as if it rang somebody."""


def seat_of(floor: Floor, agent: str) -> Phone | None:
    """The phone at which this person sits now."""
    known = floor.agents.get(agent)
    phone = floor.phones.get(known.phone) if known is not None else None
    return phone if phone is not None and phone.agent == agent else None


def in_call(floor: Floor, phone: Phone | None, states: Collection[LegState] = IN_HAND) -> bool:
    """This phone has a call in one of these states."""
    if phone is None:
        return False
    return any(floor.calls[call].legs[leg].state in states for leg, call in phone.legs.items())


def on_call(floor: Floor, agent: str) -> bool:
    return in_call(floor, seat_of(floor, agent))


def held_kinds(floor: Floor, agent: str) -> list[str]:
    """Of breaks that this one waits for or was granted: two at most, as a comfort break or a meeting goes beside one waited for."""
    held = (floor.owned.waiting.get(agent), floor.owned.grants.get(agent))
    return list(dict.fromkeys(each.kind for each in held if each is not None))


def busy(floor: Floor, agent: str) -> bool:
    """On a call, or winding one up."""
    known = floor.agents.get(agent)
    return known is not None and (known.wrapup_since > 0 or on_call(floor, agent))
