"""Calls and their legs.

Not callers in queues (`visits.py`). Which channels make one call is decided where Asterisk's events are read
(`agi/translate`); here a call has an id, legs that come and go, and may be merged into another.
"""

from __future__ import annotations

from realtime import facts
from realtime.changes import Changes
from realtime.floor import TOMBSTONE, Call, Floor, Leg, key
from realtime.fold import agents, dials, orders, recordings, visits
from realtime.fold.lookup import call_of, generation, known_call, phone_of, touch
from realtime.words import Micros


def call_began(floor: Floor, fact: facts.CallBegan, changes: Changes) -> None:
    known = known_call(floor, fact.node, fact.call)
    call = call_of(floor, fact, fact.call)
    if known is None:  # a snapshot that lists a known call does not know which way it went
        call.direction = fact.direction
    call.caller = fact.caller or call.caller
    call.callee = fact.callee or call.callee
    touch(call, changes)


def call_directed(floor: Floor, fact: facts.CallDirected, changes: Changes) -> None:
    call = call_of(floor, fact, fact.call)
    call.direction = fact.direction
    call.callee = fact.callee or call.callee
    touch(call, changes)


def calls_merged(floor: Floor, fact: facts.CallsMerged, changes: Changes) -> None:
    """Everything of the absorbed call belongs to the other from now on; its old id still finds it."""
    absorbed = known_call(floor, fact.node, fact.absorbed)
    if absorbed is None or absorbed.ended:
        return  # nothing of it goes on
    call = call_of(floor, fact, fact.call)
    if absorbed is call:
        return
    name, gone = key(call.node, call.id), key(absorbed.node, absorbed.id)
    call.ended = 0
    call.caller, call.callee = call.caller or absorbed.caller, call.callee or absorbed.callee
    for leg in list(absorbed.legs.values()):
        place(floor, call, leg, fact.at, changes)
    call.visits = absorbed.visits + call.visits  # the latest last: what is going on is more likely in the call that stays
    call.recording |= absorbed.recording
    call.recorded |= absorbed.recorded
    call.dark |= absorbed.dark
    call.spies |= absorbed.spies
    call.parked = call.parked or absorbed.parked
    del floor.calls[gone]
    for alias in [old for old, new in floor.aliases.items() if new == gone]:
        floor.aliases[alias] = name
    floor.aliases[gone] = name
    for leg in call.legs.values():
        agents.refresh(floor, floor.phones[leg.phone], fact.at, changes)
    changes.gone_calls.add(gone)
    recordings.calls_merged(floor, call, absorbed)
    dials.calls_merged(floor, call, gone, fact, changes)
    touch(call, changes)


def call_ended(floor: Floor, fact: facts.CallEnded, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    if call is None or call.ended:
        return
    end(floor, call, fact.at, changes, "hangup")


def end(floor: Floor, call: Call, at: Micros, changes: Changes, how: str) -> None:
    """Close what is still open of a call; it is forgotten `TOMBSTONE` later, so that a late event finds it ended."""
    for leg in list(call.legs.values()):
        end_leg(floor, call, leg, at, changes)
    visits.call_ended(floor, call, at, changes, how)
    dials.call_gone(floor, call, at, how, changes)
    recordings.call_gone(floor, call)
    call.ended = at
    floor.ended.append((at, key(call.node, call.id)))
    changes.gone_calls.add(key(call.node, call.id))


def forget_ended(floor: Floor, changes: Changes) -> None:
    """Drop what ended long enough ago, oldest first; each call is dropped once, so this stays cheap."""
    before = floor.at - TOMBSTONE
    while floor.ended and floor.ended[0][0] < before:
        ended, name = floor.ended.pop(0)
        call = floor.calls.get(name)
        if call is None or call.ended != ended:
            continue  # absorbed by another meanwhile, or there again
        del floor.calls[name]
        for visit in call.visits:
            forget_visit(floor, visit)
        for alias in [old for old, new in floor.aliases.items() if new == name]:
            del floor.aliases[alias]


def forget_visit(floor: Floor, name: str) -> None:
    visit = floor.visits.pop(name, None)
    if visit is None:
        return
    channel = key(visit.node, visit.channel)
    if floor.visiting.get(channel) == name:
        del floor.visiting[channel]
    visits.hang_up(floor.queues[key(visit.node, visit.queue)], visit)


def leg_began(floor: Floor, fact: facts.LegBegan, changes: Changes) -> None:
    call = call_of(floor, fact, fact.call)
    call.ended = 0  # who has a channel is there, whatever we thought
    phone = phone_of(floor, fact.node, fact.device)
    here = key(fact.node, fact.device)
    leg = call.legs.get(fact.leg)
    new = leg is None
    if leg is None or leg.phone != here:
        leg = Leg(call=call.id, leg=fact.leg, phone=here, state=fact.state, since=fact.at, began=fact.at)
        place(floor, call, leg, fact.at, changes)
    elif leg.state is not fact.state:
        leg.state, leg.since = fact.state, fact.at
    leg.sync = generation(floor, fact.node)
    agents.refresh(floor, phone, fact.at, changes)
    dials.leg_seen(floor, call, leg, fact, changes, new=new)
    touch(call, changes)


def place(floor: Floor, call: Call, leg: Leg, at: Micros, changes: Changes) -> None:
    """Into this call, and out of where the floor had a leg of that name: on another phone, or in another call of this phone."""
    name, phone = key(call.node, call.id), floor.phones[leg.phone]
    before = call.legs.get(leg.leg)
    if before is not None and before.phone != leg.phone:
        other = floor.phones[before.phone]
        del other.legs[leg.leg]
        agents.refresh(floor, other, at, changes)
    elsewhere = floor.calls.get(phone.legs.get(leg.leg, name))
    if elsewhere is not None and elsewhere is not call:
        elsewhere.legs.pop(leg.leg, None)
        touch(elsewhere, changes)
    leg.call = call.id
    call.legs[leg.leg] = leg
    phone.legs[leg.leg] = name


def leg_changed(floor: Floor, fact: facts.LegChanged, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    leg = call.legs.get(fact.leg) if call is not None else None
    if call is None or leg is None:
        return
    leg.state, leg.since = fact.state, fact.at
    call.since = fact.at
    phone = floor.phones[leg.phone]
    if fact.state in ("talking", "dialling"):
        phone.missed = False
    agents.refresh(floor, phone, fact.at, changes)
    touch(call, changes)
    orders.leg_talks(floor, call, fact.at, changes)
    dials.leg_seen(floor, call, leg, fact, changes, new=False)


def leg_ended(floor: Floor, fact: facts.LegEnded, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    leg = call.legs.get(fact.leg) if call is not None else None
    if call is not None and leg is not None:
        dials.leg_gone(floor, call, leg.leg, (fact.at, fact.seen), fact.cause, changes)
        end_leg(floor, call, leg, fact.at, changes)


def end_leg(floor: Floor, call: Call, leg: Leg, at: Micros, changes: Changes) -> None:
    call.legs.pop(leg.leg, None)
    recordings.leg_gone(floor, call, leg.leg)
    call.spies.pop(leg.leg, None)
    phone = floor.phones[leg.phone]
    phone.legs.pop(leg.leg, None)
    agents.refresh(floor, phone, at, changes)
    if not phone.legs and not phone.ours:
        floor.phones.pop(leg.phone, None)
    touch(call, changes)
    dials.leg_gone(floor, call, leg.leg, (at, at), None, changes)
    orders.leg_ended(floor, call.node, leg.leg, at, changes)


def call_parked(floor: Floor, fact: facts.CallParked, changes: Changes) -> None:
    call = call_of(floor, fact, fact.call)
    call.parked = call.since = fact.at
    touch(call, changes)


def call_unparked(floor: Floor, fact: facts.CallUnparked, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    if call is not None:
        call.parked, call.since = 0, fact.at
        touch(call, changes)


def call_transferred(floor: Floor, fact: facts.CallTransferred, changes: Changes) -> None:
    """Nothing of the floor's state follows from it: the legs say who talks to whom now. The row is told all the same."""
    call = known_call(floor, fact.node, fact.call)
    if call is not None:
        touch(call, changes)


def spy_began(floor: Floor, fact: facts.SpyBegan, changes: Changes) -> None:
    call = call_of(floor, fact, fact.call)
    call.spies[fact.spyer] = fact.at
    touch(call, changes)
    orders.spy_began(floor, fact, call, changes)


def spy_ended(floor: Floor, fact: facts.SpyEnded, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    if call is not None and call.spies.pop(fact.spyer, None) is not None:
        touch(call, changes)
