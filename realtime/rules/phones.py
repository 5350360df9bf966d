"""Which phone rings when somebody listens or takes over: the own one, or one that the floor or the plan knows.

Any other name could be a way out of the building, as `PJSIP/NUMBER@trunk` is: what rings must be somebody's desk.
"""

from __future__ import annotations

from realtime.decision import Finding
from realtime.floor import Floor, key
from realtime.requests import Actor
from realtime.words import Device


def own(floor: Floor, actor: Actor, wanted: Device, node: str) -> tuple[Device, Finding]:
    """On that node: a PBX can ring only its own phones."""
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
    return phone, Finding("supervise.phone", values={"phone": phone})
