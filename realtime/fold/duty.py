"""Who is on duty where, by Andon's own word; who is there, who is leaving, who was moved.

Not the seats that an adapter concludes from a member's device (`members.py`): a place that somebody logged in at is theirs.
"""

from __future__ import annotations

from realtime import rulings
from realtime.changes import Changes
from realtime.floor import Floor, key
from realtime.fold import members
from realtime.fold.ledgers import ledger_of, touch
from realtime.fold.lookup import own_phone
from realtime.owned import Duty


def agent_on_duty(floor: Floor, fact: rulings.AgentOnDuty, changes: Changes) -> None:
    """One place a person, one person a place."""
    owned, here = floor.owned, key(fact.node, fact.device)
    other = owned.seats.get(here)
    if other is not None and other != fact.agent:
        owned.duty.pop(other, None)
    if (before := owned.duty.get(fact.agent)) is not None:
        owned.seats.pop(key(before.node, before.device), None)
    owned.duty[fact.agent] = Duty(
        agent=fact.agent, node=fact.node, device=fact.device, interface=fact.interface, since=fact.at, via=fact.via
    )
    owned.seats[here] = fact.agent
    owned.worked[fact.agent] = floor.day or owned.worked.get(fact.agent, "")
    ledger_of(floor, fact.agent).logins += 1
    members.seat(floor, fact.agent, fact.name, own_phone(floor, fact.node, fact.device), fact.at, changes)
    touch(floor, fact.agent, changes, "breaks")


def agent_leaving(floor: Floor, fact: rulings.AgentLeaving, changes: Changes) -> None:
    duty = floor.owned.duty.get(fact.agent)
    if duty is not None:
        duty.leaving = fact.by or fact.agent
        touch(floor, fact.agent, changes)


def agent_off_duty(floor: Floor, fact: rulings.AgentOffDuty, changes: Changes) -> None:
    owned = floor.owned
    duty = owned.duty.pop(fact.agent, None)
    if duty is None:
        return
    here = key(duty.node, duty.device)
    if owned.seats.get(here) == fact.agent:
        del owned.seats[here]
    phone = floor.phones.get(here)
    if phone is not None and phone.agent == fact.agent:
        members.unseat(floor, phone, fact.at, changes)
    touch(floor, fact.agent, changes, "breaks")


def agent_present(floor: Floor, fact: rulings.AgentPresent, changes: Changes) -> None:
    floor.owned.present[fact.agent] = fact.at


def login_allowed(floor: Floor, fact: rulings.LoginAllowed, changes: Changes) -> None:
    floor.owned.allowed[fact.agent] = fact.until


def queues_moved(floor: Floor, fact: rulings.QueuesMoved, changes: Changes) -> None:
    duty = floor.owned.duty.get(fact.agent)
    if duty is not None:
        duty.into, duty.out_of = fact.into, fact.out_of
        touch(floor, fact.agent, changes)
