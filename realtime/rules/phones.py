"""Which phone rings when somebody listens or takes over: the own one, or one that the floor or the plan knows; and that it is free.

Any other name could be a way out of the building, as `PJSIP/NUMBER@trunk` is: what rings must be somebody's desk.
"""

from __future__ import annotations

from realtime.decision import Finding
from realtime.floor import Call, Floor, Phone, key
from realtime.requests import Actor
from realtime.words import Device, LegState

IN_USE = (LegState.DIALLING, LegState.TALKING, LegState.HOLD)
"""One that rings or waits may be what was ordered just now: that it is under way is another refusal."""


def own(floor: Floor, actor: Actor, wanted: Device, about: Call) -> tuple[Device, Finding]:
    """On that call's node: a PBX can ring only its own phones."""
    node = about.node
    owned = floor.owned
    duty, person = owned.duty.get(actor.agent), owned.people.get(actor.agent)
    at = duty.device if duty is not None and duty.node == node else person.phone if person is not None else Device("")
    phone = wanted or at
    if not phone:
        return Device(""), Finding("supervise.no_phone", "deny", {"who": actor.who})
    seen = floor.phones.get(key(node, phone))
    planned = key(node, phone) in owned.desks or phone in owned.desks
    if not planned and (seen is None or not seen.ours):
        return Device(""), Finding("supervise.strange_phone", "deny", {"phone": phone, "node": node})
    return phone, in_use(floor, seen, about) or Finding("supervise.phone", values={"phone": phone})


def in_use(floor: Floor, phone: Phone | None, about: Call) -> Finding | None:
    """Refused at once: an order that a busy phone declines is heard of by nobody. A listening one's leg is up with nobody, so what it
    listens to is asked of the calls."""
    if phone is None or not phone.legs:
        return None
    if any(leg in about.spies for leg in phone.legs):
        return Finding("supervise.phone_listens", "deny", {"phone": phone.device})
    busy = any(floor.calls[call].legs[leg].state in IN_USE for leg, call in phone.legs.items())
    if busy or any(leg in call.spies for call in floor.calls.values() for leg in phone.legs):
        return Finding("supervise.phone_in_use", "deny", {"phone": phone.device})
    return None
