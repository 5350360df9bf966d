"""Finding and making the floor's things by their keys, for every part of the fold.

Nothing is derived or counted here. What is made here is stamped with its node's sync, so that a sweep leaves it alone.
"""

from __future__ import annotations

from realtime import facts
from realtime.changes import Changes
from realtime.floor import ANOMALIES_KEPT, Anomaly, Call, Floor, Member, NodeState, Phone, Queue, key
from realtime.words import CallId, Device, Node, QueueName


def generation(floor: Floor, node: Node) -> int:
    """The number of the node's last sync: what carries it has been seen since."""
    state = floor.nodes.get(node)
    return state.sync if state is not None else 0


def syncing(floor: Floor, node: Node) -> bool:
    state = floor.nodes.get(node)
    return state is not None and state.syncing


def node_of(floor: Floor, fact: facts.Fact, changes: Changes) -> NodeState:
    node = floor.nodes.get(fact.node)
    if node is None:
        node = floor.nodes[fact.node] = NodeState(name=fact.node)
    changes.nodes.add(fact.node)
    return node


def queue_of(floor: Floor, node: Node, name: QueueName) -> Queue:
    """The queue, made if this is the first word of it."""
    queue = floor.queues.get(key(node, name))
    if queue is None:
        queue = floor.queues[key(node, name)] = Queue(node=node, name=name, sync=generation(floor, node))
    return queue


def phone_of(floor: Floor, node: Node, device: Device) -> Phone:
    phone = floor.phones.get(key(node, device))
    if phone is None:
        phone = floor.phones[key(node, device)] = Phone(node=node, device=device)
    return phone


def own_phone(floor: Floor, node: Node, device: Device) -> Phone:
    """The phone of a member or an agent: it stays when its calls are over."""
    phone = phone_of(floor, node, device)
    phone.ours = True
    return phone


def member_of(floor: Floor, node: Node, name: QueueName, interface: str) -> Member | None:
    queue = floor.queues.get(key(node, name))
    return queue.members.get(interface) if queue is not None else None


def known_call(floor: Floor, node: Node, call: CallId) -> Call | None:
    """The call, under whatever name it goes by now."""
    name = key(node, call)
    return floor.calls.get(floor.aliases.get(name, name))


def call_of(floor: Floor, fact: facts.Fact, call: CallId) -> Call:
    """The call, made if this is the first word of it: a fact of its legs or its queue may come first after a gap."""
    found = known_call(floor, fact.node, call)
    if found is None:
        found = Call(node=fact.node, id=call, direction="inbound", began=fact.at, since=fact.at, dark=syncing(floor, fact.node))
        floor.calls[key(fact.node, call)] = found
    found.sync = generation(floor, fact.node)
    return found


def touch(call: Call, changes: Changes) -> None:
    changes.calls.add(key(call.node, call.id))


def touch_with_agents(floor: Floor, call: Call, changes: Changes) -> None:
    """For what the rows of its agents show of it, too: the queue."""
    touch(call, changes)
    changes.agents.update(agent for leg in call.legs.values() if (agent := floor.phones[leg.phone].agent) is not None)


def touch_calls(floor: Floor, phone: Phone, changes: Changes) -> None:
    """The calls of a phone, whose rows show who sits there."""
    for call in phone.legs.values():
        touch(floor.calls[call], changes)


def note_anomaly(floor: Floor, fact: facts.Fact, changes: Changes, kind: str, evidence: str) -> None:
    """Something did not fit: counted on its node, the last ones kept with their evidence."""
    node_of(floor, fact, changes).anomalies += 1
    floor.anomalies.append(Anomaly(at=fact.at, node=fact.node, kind=kind, evidence=evidence))
    del floor.anomalies[:-ANOMALIES_KEPT]


def waiting_in(floor: Floor, queue: Queue) -> int:
    """How many callers wait there by our account; to be held against QueueSummary."""
    return sum(floor.visits[visit].departure is None for visit in queue.waiting)
