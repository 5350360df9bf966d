"""Queues, their members, the phones they sit at and who sits there.

Not what agents are doing (`agents.py` derives it) and not callers (`visits.py`).
"""

from __future__ import annotations

from realtime import facts
from realtime.changes import Changes
from realtime.floor import Agent, Floor, Member, Phone, Queue, key
from realtime.fold import agents, orders
from realtime.fold.lookup import generation, member_of, own_phone, queue_of, touch_calls
from realtime.words import AgentId, AgentState


def queue_seen(floor: Floor, fact: facts.QueueSeen, changes: Changes) -> None:
    queue = queue_of(floor, fact.node, fact.queue)
    queue.strategy, queue.target_s = fact.strategy, fact.target_s
    queue.sync = generation(floor, fact.node)
    changes.queues.add(key(fact.node, fact.queue))


def member_seen(floor: Floor, fact: facts.MemberSeen, changes: Changes) -> None:
    queue_key = key(fact.node, fact.queue)
    queue = queue_of(floor, fact.node, fact.queue)
    phone = own_phone(floor, fact.node, fact.device)
    known = queue.members.get(fact.interface)
    if known is not None and known.phone != key(fact.node, fact.device):
        drop(floor, queue, known, fact.at, changes)
        known = None
    if known is None:
        known = queue.members[fact.interface] = Member(
            queue=queue_key, interface=fact.interface, phone=key(fact.node, fact.device), name=fact.name
        )
        if queue_key not in phone.members:  # a phone that is in a queue under two interfaces is still one agent
            count_member(floor, phone, queue, 1)
        phone.members[queue_key] = fact.interface
    if fact.paused and not known.paused:
        known.paused_since = fact.paused_at or fact.at
    known.name, known.penalty, known.wrapup_s = fact.name, fact.penalty, fact.wrapup_s
    known.paused, known.reason = fact.paused, fact.reason if fact.paused else ""
    known.sync = generation(floor, fact.node)
    changes.queues.add(queue_key)
    if phone.agent is None and phone.concluded:
        conclude(floor, phone, fact.at, changes)  # somebody logged out here, and the PBX has the phone in a queue again
    agents.refresh(floor, phone, fact.at, changes)
    orders.member_changed(floor, fact.node, fact.queue, fact.interface, fact.at, changes)


def member_paused(floor: Floor, fact: facts.MemberPaused, changes: Changes) -> None:
    member = member_of(floor, fact.node, fact.queue, fact.interface)
    if member is None:
        return
    if fact.paused and not member.paused:
        member.paused_since = fact.at
    member.paused = fact.paused
    member.reason = fact.reason if fact.paused else ""  # Asterisk still shows the reason in the event that lifts the pause
    phone = floor.phones[member.phone]
    phone.missed = False
    agents.refresh(floor, phone, fact.at, changes)
    orders.member_changed(floor, fact.node, fact.queue, fact.interface, fact.at, changes)


def member_penalty_set(floor: Floor, fact: facts.MemberPenaltySet, changes: Changes) -> None:
    member = member_of(floor, fact.node, fact.queue, fact.interface)
    if member is not None:
        member.penalty = fact.penalty
        changes.queues.add(member.queue)
        orders.member_changed(floor, fact.node, fact.queue, fact.interface, fact.at, changes)


def member_removed(floor: Floor, fact: facts.MemberRemoved, changes: Changes) -> None:
    member = member_of(floor, fact.node, fact.queue, fact.interface)
    if member is not None:
        drop(floor, floor.queues[member.queue], member, fact.at, changes)
        orders.member_changed(floor, fact.node, fact.queue, fact.interface, fact.at, changes)


def drop(floor: Floor, queue: Queue, member: Member, at: int, changes: Changes) -> None:
    """Take a member out of its queue, the counts of states included."""
    phone = floor.phones[member.phone]
    queue.members.pop(member.interface, None)
    if phone.members.get(member.queue) == member.interface:
        other = next((other.interface for other in queue.members.values() if other.phone == member.phone), None)
        if other is not None:
            phone.members[member.queue] = other
        else:
            count_member(floor, phone, queue, -1)
            del phone.members[member.queue]
    changes.queues.add(member.queue)
    agents.refresh(floor, phone, at, changes)


def count_member(floor: Floor, phone: Phone, queue: Queue, by: int) -> None:
    """The queue's agents by state, when somebody enters or leaves it in the state they are in."""
    if phone.agent is not None:
        state = floor.agents[phone.agent].state
        queue.states[state] = queue.states.get(state, 0) + by


def device_changed(floor: Floor, fact: facts.DeviceChanged, changes: Changes) -> None:
    phone = own_phone(floor, fact.node, fact.device)
    phone.state = fact.state
    if fact.state not in agents.GONE_DEVICES:
        phone.reachable = True  # the word that its contact is back may have been lost in a gap
    agents.refresh(floor, phone, fact.at, changes)


def contact_changed(floor: Floor, fact: facts.ContactChanged, changes: Changes) -> None:
    phone = own_phone(floor, fact.node, fact.device)
    phone.reachable = fact.reachable
    agents.refresh(floor, phone, fact.at, changes)


def agent_seated(floor: Floor, fact: facts.AgentSeated, changes: Changes) -> None:
    """What an adapter concludes from a member's device, said once a device: kept for when nobody is logged in there any more."""
    phone = own_phone(floor, fact.node, fact.device)
    phone.concluded, phone.concluded_name = fact.agent, fact.name
    conclude(floor, phone, fact.at, changes)


def conclude(floor: Floor, phone: Phone, at: int, changes: Changes) -> None:
    """Who logged in at this phone, or whose desk the plan says it is, goes before whom the adapter concludes."""
    owned, here = floor.owned, key(phone.node, phone.device)
    agent = AgentId(owned.seats.get(here) or owned.desks.get(here) or owned.desks.get(phone.device) or phone.concluded)
    if agent in owned.duty and owned.seats.get(here) != agent:
        return  # is on duty at another place
    person = owned.people.get(agent)
    name = person.name if person is not None and person.name else phone.concluded_name
    seat(floor, agent, name, phone, at, changes)


def seat(floor: Floor, person: AgentId, name: str, phone: Phone, at: int, changes: Changes) -> None:
    """One person sits at one place: whoever sat here gets up, and this person gets up elsewhere."""
    here = key(phone.node, phone.device)
    agent = floor.agents.get(person)
    if phone.agent is not None and phone.agent != person:
        unseat(floor, phone, at, changes)
    if agent is not None and agent.phone != here and floor.phones[agent.phone].agent == agent.id:
        unseat(floor, floor.phones[agent.phone], at, changes)
    if agent is None:
        agent = Agent(id=person, name=name, node=phone.node, phone=here, since=at)
        agent.turned = agent.counted = at
        floor.agents[person] = agent
        floor.states[agent.state] = floor.states.get(agent.state, 0) + 1
    agent.name, agent.node, agent.phone = name, phone.node, here
    if phone.agent is None:
        phone.agent = person
        touch_calls(floor, phone, changes)
        for queue in phone.members:
            count_member(floor, phone, floor.queues[queue], 1)
    agents.refresh(floor, phone, at, changes)


def agent_unseated(floor: Floor, fact: facts.AgentUnseated, changes: Changes) -> None:
    """Said of whom the adapter concluded: whose desk it is by the plan gets up, who logged in there stays."""
    owned, here = floor.owned, key(fact.node, fact.device)
    phone = floor.phones.get(here)
    if phone is None:
        return
    if phone.concluded == fact.agent:
        phone.concluded = AgentId("")
    if here not in owned.seats and phone.agent in (fact.agent, owned.desks.get(here), owned.desks.get(fact.device)):
        unseat(floor, phone, fact.at, changes)


def unseat(floor: Floor, phone: Phone, at: int, changes: Changes) -> None:
    """Nobody sits here any more; the person is logged out and keeps the day's counts."""
    if phone.agent is None:
        return
    agent = floor.agents[phone.agent]
    agents.count(floor, phone, agent.state, -1, changes)
    phone.agent = None
    touch_calls(floor, phone, changes)
    agents.end_turn(floor, agent, at, changes)
    agent.state, agent.reason, agent.call, agent.since = AgentState.LOGGED_OUT, "", None, at
    agent.wrapup_since = agent.wrapup_until = 0
    floor.wrapups.pop(agent.id, None)
    if floor.owned.strays.pop(agent.id, None) is not None:  # what is paused there is theirs no more
        changes.owned.add("breaks")
    floor.states[agent.state] = floor.states.get(agent.state, 0) + 1
    changes.agents.add(agent.id)
