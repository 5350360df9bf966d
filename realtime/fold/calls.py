"""Calls and their legs.

Not callers in queues (`visits.py`). Which channels make one call is decided where Asterisk's events are read
(`agi/translate`); here a call has an id, legs that come and go, and may be merged into another.
"""

from __future__ import annotations

from realtime import facts
from realtime.changes import Changes
from realtime.floor import TOMBSTONE, Call, Floor, Leg, key
from realtime.fold import agents, visits
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
    call = call_of(floor, fact, fact.call)
    if absorbed is None or absorbed is call:
        return
    name, gone = key(call.node, call.id), key(absorbed.node, absorbed.id)
    for leg in absorbed.legs.values():
        leg.call = call.id
        call.legs[leg.leg] = leg
        floor.phones[leg.phone].legs[leg.leg] = name
    call.visits = absorbed.visits + call.visits  # the latest last: what is going on is more likely in the call that stays
    call.recording |= absorbed.recording
    call.recorded |= absorbed.recorded
    call.spies |= absorbed.spies
    floor.calls.pop(gone, None)
    floor.aliases[gone] = name
    for leg in call.legs.values():
        agents.refresh(floor, floor.phones[leg.phone], fact.at, changes)
    changes.gone_calls.add(gone)
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
    call.ended = at
    floor.ended.append((at, key(call.node, call.id)))
    changes.gone_calls.add(key(call.node, call.id))


def forget_ended(floor: Floor, changes: Changes) -> None:
    """Drop what ended long enough ago, oldest first; each call is dropped once, so this stays cheap."""
    before = floor.at - TOMBSTONE
    while floor.ended and floor.ended[0][0] < before:
        _, name = floor.ended.pop(0)
        call = floor.calls.pop(name, None)
        if call is None:
            continue
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
    talking = floor.queues[key(visit.node, visit.queue)].talking
    for interface in [interface for interface, taken in talking.items() if taken == name]:
        del talking[interface]


def leg_began(floor: Floor, fact: facts.LegBegan, changes: Changes) -> None:
    call = call_of(floor, fact, fact.call)
    phone = phone_of(floor, fact.node, fact.device)
    leg = call.legs.get(fact.leg)
    if leg is None:
        leg = call.legs[fact.leg] = Leg(
            call=call.id, leg=fact.leg, phone=key(fact.node, fact.device), state=fact.state, since=fact.at, began=fact.at
        )
    elif leg.state is not fact.state:
        leg.state, leg.since = fact.state, fact.at
    leg.sync = generation(floor, fact.node)
    phone.legs[fact.leg] = key(call.node, call.id)
    agents.refresh(floor, phone, fact.at, changes)
    touch(call, changes)


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


def leg_ended(floor: Floor, fact: facts.LegEnded, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    leg = call.legs.get(fact.leg) if call is not None else None
    if call is not None and leg is not None:
        end_leg(floor, call, leg, fact.at, changes)


def end_leg(floor: Floor, call: Call, leg: Leg, at: Micros, changes: Changes) -> None:
    call.legs.pop(leg.leg, None)
    call.recording.pop(leg.leg, None)
    call.spies.pop(leg.leg, None)
    phone = floor.phones[leg.phone]
    phone.legs.pop(leg.leg, None)
    agents.refresh(floor, phone, at, changes)
    touch(call, changes)


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


def recording_began(floor: Floor, fact: facts.RecordingBegan, changes: Changes) -> None:
    call = call_of(floor, fact, fact.call)
    call.recording[fact.leg] = fact.at
    call.recorded = True
    touch(call, changes)


def recording_ended(floor: Floor, fact: facts.RecordingEnded, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    if call is not None and call.recording.pop(fact.leg, None) is not None:
        touch(call, changes)


def spy_began(floor: Floor, fact: facts.SpyBegan, changes: Changes) -> None:
    call = call_of(floor, fact, fact.call)
    call.spies[fact.spyer] = fact.at
    touch(call, changes)


def spy_ended(floor: Floor, fact: facts.SpyEnded, changes: Changes) -> None:
    call = known_call(floor, fact.node, fact.call)
    if call is not None and call.spies.pop(fact.spyer, None) is not None:
        touch(call, changes)
