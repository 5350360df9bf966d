"""Orders on their way: given, done (Asterisk's word), seen (in the facts). And who listened to whom.

Not the giving (`rules/`) and not the doing (`agi/`). An order counts as seen when what it wanted is so on the floor: asked
each time a fact about its target comes, never by looking at all orders.
"""

from __future__ import annotations

from realtime import facts, rulings
from realtime.card_pause import unsettled
from realtime.changes import Changes
from realtime.floor import Call, Floor, key
from realtime.fold import agents, dials
from realtime.fold.ledgers import touch
from realtime.fold.lookup import known_call
from realtime.orders import (
    AddMember,
    MuteRecording,
    Order,
    PauseMember,
    RemoveMember,
    SetPenalty,
    Spy,
    TakeOver,
    member_target,
    mute_target,
    pause_target,
    penalty_target,
    target,
)
from realtime.owned import ASSERTED_KEPT, LISTENED_KEPT, ORDERS_KEPT, Listened, OrderState
from realtime.words import LegState, Micros


def order_given(floor: Floor, fact: rulings.OrderGiven, changes: Changes) -> None:
    owned, order = floor.owned, fact.order
    if not order.id or order.id in owned.orders:
        return
    owned.orders[order.id] = OrderState(order=order, who=fact.who, request=fact.request, why=fact.why, agent=fact.agent)
    owned.open_orders[target(order.node, order.act)] = order.id
    duty = owned.duty.get(fact.agent)
    if duty is not None and isinstance(order.act, AddMember) and order.act.queue not in duty.ours:
        duty.ours = (*duty.ours, order.act.queue)
    if isinstance(order.act, PauseMember) and order.act.paused and fact.agent in owned.leases:
        owned.asserted[fact.agent] = [*owned.asserted.get(fact.agent, []), order.given][-ASSERTED_KEPT:]
    dials.hang_up_ordered(floor, fact)
    mute_ordered(floor, fact)
    forget(floor, fact.at)
    changes.owned.add("orders")


def order_done(floor: Floor, fact: rulings.OrderDone, changes: Changes) -> None:
    owned = floor.owned
    state = owned.orders.get(fact.order)
    if state is None or state.done:
        return
    state.done, state.outcome, state.said = fact.at, fact.outcome, fact.said
    about = target(state.order.node, state.order.act)
    if owned.open_orders.get(about) == fact.order:
        del owned.open_orders[about]
    if fact.outcome == "accepted" and not state.seen:
        owned.awaiting.setdefault(about, []).append(fact.order)
        look(floor, about, fact.at, changes)
    touch(floor, state.agent, changes, "orders")  # the engine looks again at whom it was about
    agent = floor.agents.get(state.agent)
    if agent is not None and agent.id in owned.releasing and (phone := floor.phones[agent.phone]).agent == agent.id:
        agents.refresh(floor, phone, fact.at, changes)  # they may be let go by now: a pause that was still to land did not


def mute_ordered(floor: Floor, fact: rulings.OrderGiven) -> None:
    """Counted by its leg, so that a PBX that never does it is not asked for ever."""
    act = fact.order.act
    if not isinstance(act, MuteRecording):
        return
    call = known_call(floor, fact.order.node, act.call)
    card = floor.owned.cards.get(key(call.node, call.id)) if call is not None else None
    if call is None or card is None:
        return
    times, _last = card.tries.get(act.leg, (0, 0))
    card.tries[act.leg] = (times + 1, fact.at)
    if act.muted and act.leg not in card.ordered:
        card.ordered = (*card.ordered, act.leg)
    if card.over and not unsettled(call, card):
        del floor.owned.cards[key(call.node, call.id)]


def forget(floor: Floor, at: Micros) -> None:
    """Orders that are over, oldest first; one that nobody ever answered ends by its own time."""
    owned = floor.owned
    for name in list(owned.orders):
        state = owned.orders[name]
        if state.order.given > at - ORDERS_KEPT:
            return
        del owned.orders[name]
        about = target(state.order.node, state.order.act)
        if owned.open_orders.get(about) == name:
            del owned.open_orders[about]
        if about in owned.awaiting:
            owned.awaiting[about] = [each for each in owned.awaiting[about] if each != name]
            if not owned.awaiting[about]:
                del owned.awaiting[about]


# ------------------------------------------------------------------ seen


def look(floor: Floor, about: str, at: Micros, changes: Changes) -> None:
    """A fact about this target came: are its orders fulfilled?"""
    owned = floor.owned
    if about not in owned.awaiting and about not in owned.open_orders:
        return
    names = [*owned.awaiting.get(about, []), *([owned.open_orders[about]] if about in owned.open_orders else [])]
    for name in names:
        state = owned.orders[name]
        if not state.seen and fulfilled(floor, state.order):
            mark(floor, state, at, changes)


def mark(floor: Floor, state: OrderState, at: Micros, changes: Changes) -> None:
    state.seen = at
    about = target(state.order.node, state.order.act)
    awaiting = [name for name in floor.owned.awaiting.get(about, []) if name != state.order.id]
    if awaiting:
        floor.owned.awaiting[about] = awaiting
    else:
        floor.owned.awaiting.pop(about, None)
    touch(floor, state.agent, changes, "orders")


def fulfilled(floor: Floor, order: Order) -> bool:
    """Is it so on the floor? Of a hang-up and of listening only their own facts say it, and call `mark_all`."""
    match order.act:
        case PauseMember(interface, paused, _reason, queues):
            found = [
                queue.members[interface]
                for queue in floor.queues.values()
                if queue.node == order.node and interface in queue.members and (not queues or queue.name in queues)
            ]
            return bool(found) and all(member.paused is paused for member in found)
        case AddMember(queue=name, interface=interface):
            queue = floor.queues.get(key(order.node, name))
            return queue is not None and interface in queue.members
        case SetPenalty(name, interface, penalty):
            queue = floor.queues.get(key(order.node, name))
            return queue is not None and interface in queue.members and queue.members[interface].penalty == penalty
        case RemoveMember(name, interface):
            queue = floor.queues.get(key(order.node, name))
            return queue is None or interface not in queue.members
    return False


def mark_all(floor: Floor, about: str, at: Micros, changes: Changes) -> None:
    """The fact itself is what the orders about this target wanted."""
    owned = floor.owned
    for name in [*owned.awaiting.get(about, []), owned.open_orders.get(about, "")]:
        if name in owned.orders and not owned.orders[name].seen:
            mark(floor, owned.orders[name], at, changes)


def member_changed(floor: Floor, node: str, queue: str, interface: str, at: Micros, changes: Changes) -> None:
    """Seen, paused, released, removed, or of another penalty."""
    if floor.owned.awaiting or floor.owned.open_orders:
        look(floor, pause_target(node, interface), at, changes)
        look(floor, member_target(node, queue, interface), at, changes)
        look(floor, penalty_target(node, queue, interface), at, changes)


def recording_is(floor: Floor, node: str, leg: str, muted: bool, at: Micros, changes: Changes) -> None:
    """A recording has gone silent, or has sound again: only the order that wanted this is seen."""
    owned = floor.owned
    if not owned.awaiting and not owned.open_orders:
        return
    about = mute_target(node, leg)
    for name in [*owned.awaiting.get(about, []), owned.open_orders.get(about, "")]:
        state = owned.orders.get(name)
        if state is not None and not state.seen and isinstance(state.order.act, MuteRecording) and state.order.act.muted is muted:
            mark(floor, state, at, changes)


def leg_ended(floor: Floor, node: str, leg: str, at: Micros, changes: Changes) -> None:
    if floor.owned.awaiting or floor.owned.open_orders:
        mark_all(floor, f"{node}/{leg}#hangup", at, changes)


def leg_talks(floor: Floor, call: Call, at: Micros, changes: Changes) -> None:
    """Somebody may have taken this call over: their phone talks in it."""
    owned = floor.owned
    if not owned.awaiting and not owned.open_orders:
        return
    talking = {leg.phone.partition("/")[2] for leg in call.legs.values() if leg.state is LegState.TALKING}
    for name in [*owned.open_orders.values(), *(name for names in owned.awaiting.values() for name in names)]:
        state = owned.orders.get(name)
        if state is not None and isinstance(state.order.act, TakeOver) and state.order.act.phone in talking and not state.seen:
            mark(floor, state, at, changes)


def spy_began(floor: Floor, fact: facts.SpyBegan, call: Call, changes: Changes) -> None:
    """By the facts, not by the order: who listens without one is noted by the phone."""
    about = f"{fact.node}/{fact.leg}/{fact.device}#spy"
    owned = floor.owned
    states = [state for state in owned.orders.values() if target(state.order.node, state.order.act) == about]
    mark_all(floor, about, fact.at, changes)
    leg = call.legs.get(fact.leg)
    agent = floor.phones[leg.phone].agent if leg is not None else None
    if agent is None:
        return
    order = states[-1] if states else None
    mode = order.order.act.mode if order is not None and isinstance(order.order.act, Spy) else "listen"
    heard = owned.listened.setdefault(agent, [])
    heard.append(Listened(order.who if order is not None else fact.device, mode, fact.at))
    del heard[:-LISTENED_KEPT]
    changes.agents.add(agent)
