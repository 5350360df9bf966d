"""Who is on duty where, by Andon's own word; who is there, who is leaving, who was moved.

Not the seats that an adapter concludes from a member's device (`members.py`): a place that somebody logged in at is theirs.
"""

from __future__ import annotations

import msgspec

from realtime import rulings
from realtime.changes import Changes
from realtime.floor import Floor, Phone, key
from realtime.fold import agents, members
from realtime.fold.ledgers import ledger_of, touch
from realtime.fold.lookup import own_phone
from realtime.owned import LOGINS_KEPT, VACATED_KEPT, Duty
from realtime.plan.model import BREAK_KINDS
from realtime.words import Micros


def agent_on_duty(floor: Floor, fact: rulings.AgentOnDuty, changes: Changes) -> None:
    """One place a person, one person a place. Who moves keeps a break, and the queues that somebody put them into by hand."""
    owned, here = floor.owned, key(fact.node, fact.device)
    other = owned.seats.get(here)
    if other is not None and other != fact.agent:
        owned.duty.pop(other, None)
    before = owned.duty.get(fact.agent)
    stays = before is not None and (before.node, before.interface) == (fact.node, fact.interface)
    if before is not None:
        leave_place(floor, before, fact)
    owned.vacated.pop(key(fact.node, fact.interface), None)
    owned.duty[fact.agent] = Duty(
        agent=fact.agent,
        node=fact.node,
        device=fact.device,
        interface=fact.interface,
        since=fact.at,
        via=fact.via,
        into=before.into if before is not None else (),
        out_of=before.out_of if before is not None else (),
        ours=before.ours if before is not None and stays else (),
    )
    owned.seats[here] = fact.agent
    phone, away = floor.phones.get(here), fact.agent in owned.leases or fact.agent in owned.grants
    if phone is not None and not away and left_paused(floor, phone):
        owned.releasing[fact.agent] = fact.at  # whoever was here before left it so
    owned.worked[fact.agent] = floor.day or owned.worked.get(fact.agent, "")
    ledger = ledger_of(floor, fact.agent)
    ledger.logins += 1
    ledger.logged_in = [*ledger.logged_in, fact.at][-LOGINS_KEPT:]
    members.seat(floor, fact.agent, fact.name, own_phone(floor, fact.node, fact.device), fact.at, changes)
    touch(floor, fact.agent, changes, "breaks")


def leave_place(floor: Floor, before: Duty, fact: rulings.AgentOnDuty) -> None:
    """The old place is nobody's now; its queues are left by order. A log-out that is taken back leaves its pause to be lifted."""
    owned, old = floor.owned, key(before.node, before.interface)
    if owned.seats.get(key(before.node, before.device)) == before.agent:
        del owned.seats[key(before.node, before.device)]
    if old != key(fact.node, fact.interface):
        owned.vacated[old] = msgspec.structs.replace(before, since=fact.at)
    elif before.leaving and before.agent not in owned.leases:
        owned.releasing[before.agent] = fact.at
    forget_vacated(floor, fact.at)


def forget_vacated(floor: Floor, at: Micros) -> None:
    vacated = floor.owned.vacated
    for place in [place for place, left in vacated.items() if left.since <= at - VACATED_KEPT]:
        del vacated[place]


def agent_leaving(floor: Floor, fact: rulings.AgentLeaving, changes: Changes) -> None:
    duty = floor.owned.duty.get(fact.agent)
    if duty is not None:
        duty.leaving = fact.by or fact.agent
        touch(floor, fact.agent, changes)


def agent_off_duty(floor: Floor, fact: rulings.AgentOffDuty, changes: Changes) -> None:
    """Whose phone is still in a queue of the PBX's own sits there still: Asterisk rings it, and a pause of ours is to be lifted."""
    owned = floor.owned
    duty = owned.duty.pop(fact.agent, None)
    if duty is None:
        return
    here = key(duty.node, duty.device)
    if owned.seats.get(here) == fact.agent:
        del owned.seats[here]
    owned.worked[fact.agent] = floor.day or owned.worked.get(fact.agent, "")
    owned.releasing.pop(fact.agent, None)
    owned.strays.pop(fact.agent, None)
    phone = floor.phones.get(here)
    if phone is not None and phone.agent == fact.agent:
        if phone.members:
            if fact.why != "moved" and left_paused(floor, phone):
                owned.releasing[fact.agent] = fact.at
            agents.refresh(floor, phone, fact.at, changes)
        else:
            members.unseat(floor, phone, fact.at, changes)
    touch(floor, fact.agent, changes, "breaks")


def left_paused(floor: Floor, phone: Phone) -> bool:
    """By a pause whose reason is one of ours."""
    found = (floor.queues[queue].members[interface] for queue, interface in phone.members.items())
    return any(member.paused and member.reason in BREAK_KINDS for member in found)


def agent_present(floor: Floor, fact: rulings.AgentPresent, changes: Changes) -> None:
    """The latest counts, in whatever order they come."""
    present = floor.owned.present
    present[fact.agent] = max(present.get(fact.agent, 0), fact.at)


def login_allowed(floor: Floor, fact: rulings.LoginAllowed, changes: Changes) -> None:
    floor.owned.allowed[fact.agent] = fact.until


def queues_moved(floor: Floor, fact: rulings.QueuesMoved, changes: Changes) -> None:
    duty = floor.owned.duty.get(fact.agent)
    if duty is not None:
        duty.into, duty.out_of = fact.into, fact.out_of
        touch(floor, fact.agent, changes)
