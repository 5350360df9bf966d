"""Callers in queues, and the counts: one visit is one stay of one caller in one queue.

Not the calls around them (`calls.py`). The law kept here, for each queue at every moment:
answered + abandoned + left_otherwise + unknown + waiting + connecting = offered.
A visit counts as offered when it begins and as one outcome when it is settled; a later and better word of Asterisk may
settle it again (an answer heard of after a gap), and then the counts move, in the buckets they were put into.
"""

from __future__ import annotations

from realtime import facts
from realtime.changes import Changes
from realtime.floor import Call, Floor, Queue, Tally, Visit, key, target_of
from realtime.fold import agents
from realtime.fold.buckets import agent_half, minute_of, roll, tallies
from realtime.fold.lookup import call_of, generation, known_call, member_of, note_anomaly, queue_of, touch, touch_with_agents
from realtime.words import SECOND, Departure, Micros, Node

SAME_JOIN: Micros = 1_500_000
"""Snapshots and queue_log tell of a join in whole seconds, each by its own rounding. Events tell it exactly."""

VisitFact = facts.CallerJoined | facts.CallerLeft | facts.AgentConnected | facts.AgentCompleted


# ------------------------------------------------------------------ facts


def caller_joined(floor: Floor, fact: facts.CallerJoined, changes: Changes) -> None:
    """A new visit; or, said by a snapshot or again, a confirmation of one that we know."""
    call = call_of(floor, fact, fact.call)
    known = visit_at(floor, fact, fact.at) or floor.visits.get(visit_id(fact))
    if known is not None:
        known.sync = generation(floor, fact.node)
        touch(call, changes)  # it may be the first word of this call, of a caller who is in another one, too
        return
    before = latest(floor, fact.node, fact.channel)
    earlier = before is not None and fact.at < before.joined
    if before is not None and before.departure in (None, "connecting") and not earlier:
        settle(floor, before, "unknown", fact.at, changes, "gap")
    call.caller = fact.caller or call.caller
    call.since, call.ended = fact.at, 0  # who joins is there, whatever we thought of the call
    visit = begin(floor, fact, changes)
    if not earlier:
        floor.visiting[key(fact.node, fact.channel)] = visit.id


def visit_at(floor: Floor, fact: VisitFact, joined: Micros) -> Visit | None:
    """The visit that this caller began in this queue at that moment; about that moment, while a snapshot is told."""
    call = known_call(floor, fact.node, fact.call)
    node = floor.nodes.get(fact.node)
    near = SAME_JOIN if node is not None and node.syncing else 0
    best: Visit | None = None
    for name in call.visits if call is not None else ():
        visit = floor.visits[name]
        apart = abs(visit.joined - joined)
        if visit.channel == fact.channel and visit.queue == fact.queue and apart <= near:
            near, best = apart, visit
    return best


def visit_of(floor: Floor, fact: facts.CallerLeft | facts.AgentConnected | facts.AgentCompleted) -> Visit | None:
    """The visit that a fact is about: the caller's latest, unless the fact says when it began."""
    visit = visit_at(floor, fact, fact.joined) if fact.joined else latest(floor, fact.node, fact.channel)
    return visit if visit is not None and visit.queue == fact.queue else None


def visit_id(fact: facts.CallerJoined) -> str:
    return f"{key(fact.node, fact.channel)}@{fact.at}/{fact.queue}"


def begin(floor: Floor, fact: facts.CallerJoined, changes: Changes) -> Visit:
    call, queue = call_of(floor, fact, fact.call), queue_of(floor, fact.node, fact.queue)
    visit = Visit(
        id=visit_id(fact),
        node=fact.node,
        call=call.id,
        channel=fact.channel,
        queue=fact.queue,
        joined=fact.at,
        sync=generation(floor, fact.node),
    )
    floor.visits[visit.id] = visit
    call.visits.append(visit.id)
    roll(queue, fact.at)
    queue.waiting[visit.id] = fact.at
    minute = minute_of(queue, fact.at)
    minute.waiting = max(minute.waiting, waiting_at(queue, fact.at))
    queue.joined_last = max(queue.joined_last, fact.at)
    for tally in tallies(floor, queue, fact.at, changes):
        tally.offered += 1
    changes.queues.add(key(fact.node, fact.queue))
    touch_with_agents(floor, call, changes)
    return visit


def waiting_at(queue: Queue, joined: Micros) -> int:
    """How many wait now, of those who had joined by then: all of them, unless queue_log tells of an earlier join."""
    return len(queue.waiting) if joined >= queue.joined_last else sum(other <= joined for other in queue.waiting.values())


def latest(floor: Floor, node: Node, channel: str) -> Visit | None:
    visit = floor.visiting.get(key(node, channel))
    return floor.visits.get(visit) if visit is not None else None


def caller_left(floor: Floor, fact: facts.CallerLeft, changes: Changes) -> None:
    visit = visit_of(floor, fact)
    if visit is None:
        return
    if fact.departure == "connecting":
        if visit.departure is None:
            visit.departure = "connecting"
            changes.queues.add(key(fact.node, fact.queue))
    elif visit.departure in (None, "connecting", "unknown") or (fact.joined and visit.departure == "abandoned"):
        # Who left unseen and hung up in our sight seemed to abandon; queue_log, which names the visit, knows better.
        settle(floor, visit, fact.departure, fact.at, changes, fact.how)
    turn(floor, visit, fact.at, changes)


def turn(floor: Floor, visit: Visit, at: Micros, changes: Changes) -> None:
    """The call of this visit does something else from now on."""
    call = known_call(floor, visit.node, visit.call)
    if call is not None:
        call.since = at
        touch(call, changes)


def agent_rang(floor: Floor, fact: facts.AgentRang, changes: Changes) -> None:
    """The phone's own leg says that it rings; the call's row shows the queue it rings for."""
    call = known_call(floor, fact.node, fact.call)
    if call is not None:
        touch(call, changes)


def agent_ring_ended(floor: Floor, fact: facts.AgentRingEnded, changes: Changes) -> None:
    if fact.outcome != "no_answer":
        return
    member = member_of(floor, fact.node, fact.queue, fact.interface)
    if member is None:
        return
    phone = floor.phones[member.phone]
    phone.missed = True
    if phone.agent is not None:
        agent = floor.agents[phone.agent]
        agent.rings_missed += 1
        agent_half(floor, agent, fact.at, changes).rings_missed += 1
    agents.refresh(floor, phone, fact.at, changes)


def agent_connected(floor: Floor, fact: facts.AgentConnected, changes: Changes) -> None:
    visit = visit_of(floor, fact)
    if visit is None or over(visit, fact):
        visit = unseen(floor, fact, changes)
    if visit.departure == "answered":
        note_anomaly(floor, fact, changes, "second answer", f"{fact.channel} in {fact.queue} by {fact.interface}")
    else:
        settle(floor, visit, "answered", fact.at, changes, "")
    if fact.interface and not visit.completed:
        queue = floor.queues[key(fact.node, fact.queue)]
        hang_up(queue, visit)  # of two who answer, the last is believed
        visit.interface = fact.interface
        queue.talking[fact.interface] = visit.id
    member = member_of(floor, fact.node, fact.queue, fact.interface)
    phone = floor.phones[member.phone] if member is not None else None
    if phone is not None and phone.agent is not None:
        agent = floor.agents[phone.agent]
        visit.agent = agent.id
        agent.answered += 1
        agent_half(floor, agent, fact.at, changes).answered += 1
        changes.agents.add(phone.agent)
    turn(floor, visit, fact.at, changes)


def over(visit: Visit, fact: facts.AgentConnected) -> bool:
    """The visit we know had ended before the one that is answered now began."""
    began = fact.at - (fact.wait_s + 1) * SECOND
    return bool(visit.completed) or (visit.departure in ("abandoned", "left_otherwise") and visit.left < began)


def unseen(floor: Floor, fact: facts.AgentConnected, changes: Changes) -> Visit:
    """An answer to a visit nobody told us of: it began inside a gap, as long ago as the caller has waited."""
    began = fact.at - fact.wait_s * SECOND
    joined = facts.CallerJoined(began, fact.seen, fact.node, fact.session, fact.seq, fact.call, fact.channel, fact.queue)
    visit = floor.visits.get(visit_id(joined))
    if visit is None:
        visit = begin(floor, joined, changes)
    floor.visiting[key(fact.node, fact.channel)] = visit.id
    return visit


def agent_completed(floor: Floor, fact: facts.AgentCompleted, changes: Changes) -> None:
    """May come after the same caller has joined again (a blind transfer back to the queue): the member says which visit."""
    queue = floor.queues.get(key(fact.node, fact.queue))
    visit = visit_of(floor, fact)
    if queue is not None and not fact.joined and (taken := queue.talking.pop(fact.interface, None)) is not None:
        visit = floor.visits.get(taken)
    if visit is not None and not visit.completed and visit.departure is not None:
        if visit.departure != "answered":  # the answer was inside a gap: this is the word that there was one
            settle(floor, visit, "answered", fact.at - fact.talk_s * SECOND, changes, "late")
        complete(floor, visit, fact.at, changes)
    start_wrapup(floor, fact, changes)


# ------------------------------------------------------------------ the life of a visit


def settle(floor: Floor, visit: Visit, departure: Departure, at: Micros, changes: Changes, how: str) -> None:
    """Count the visit's outcome, taking back an earlier one. What was counted on another day stays as it was."""
    queue = floor.queues[key(visit.node, visit.queue)]
    open_yet = visit.departure in (None, "connecting")
    at = max(at, visit.joined)  # clocks and roundings differ: nobody waits less than nothing
    if not open_yet and visit.left < floor.day_at:
        visit.departure, visit.how, visit.connected = departure, how, at if departure == "answered" else 0
        return
    if open_yet:
        roll(queue, at)
        queue.waiting.pop(visit.id, None)
    else:
        count_outcome(floor, queue, visit, -1, changes)
        queue.unserved -= unserved(visit)
    visit.departure, visit.left, visit.how = departure, at, how
    visit.connected = at if departure == "answered" else 0
    visit.in_target = at - visit.joined <= target_of(floor, queue) * SECOND
    count_outcome(floor, queue, visit, 1, changes)
    queue.unserved += unserved(visit)
    minute = minute_of(queue, at)
    minute.longest = max(minute.longest, at - visit.joined)
    changes.queues.add(key(visit.node, visit.queue))
    call = known_call(floor, visit.node, visit.call)
    if call is not None:
        touch(call, changes)


def count_outcome(floor: Floor, queue: Queue, visit: Visit, by: int, changes: Changes) -> None:
    """One visit, in every tally of its last moment."""
    for tally in tallies(floor, queue, visit.left, changes):
        count_in(tally, visit, by)


def unserved(visit: Visit) -> Micros:
    return visit.left - visit.joined if visit.departure in ("abandoned", "left_otherwise") else 0


def count_in(tally: Tally, visit: Visit, by: int) -> None:
    match visit.departure:
        case "answered":
            tally.answered += by
            tally.wait += by * (visit.left - visit.joined)
            tally.answered_in_target += by * visit.in_target
        case "abandoned":
            tally.abandoned += by
            tally.abandoned_in_target += by * visit.in_target
        case "left_otherwise":
            tally.left_otherwise += by
        case _:
            tally.unknown += by


def complete(floor: Floor, visit: Visit, at: Micros, changes: Changes) -> None:
    """The talk is over: it is handled, with its length."""
    at = max(at, visit.connected)
    visit.completed = at
    queue = floor.queues[key(visit.node, visit.queue)]
    hang_up(queue, visit)
    talk = at - visit.connected
    for tally in tallies(floor, queue, at, changes):
        tally.handled += 1
        tally.talk += talk
    agent = floor.agents.get(visit.agent) if visit.agent is not None else None
    if agent is not None:
        agent.talk += talk
        agent_half(floor, agent, at, changes).talk += talk
        changes.agents.add(agent.id)
    changes.queues.add(key(visit.node, visit.queue))


def hang_up(queue: Queue, visit: Visit) -> None:
    """Nobody talks to this visit any more."""
    if queue.talking.get(visit.interface) == visit.id:
        del queue.talking[visit.interface]


def call_ended(floor: Floor, call: Call, at: Micros, changes: Changes, how: str) -> None:
    """The call is gone: what is still open of its visits is closed. Who hangs up before the answer has abandoned."""
    for name in call.visits:
        visit = floor.visits[name]
        if visit.departure in (None, "connecting"):
            settle(floor, visit, "abandoned" if how == "hangup" else "unknown", at, changes, how)
        elif visit.departure == "answered" and not visit.completed:
            complete(floor, visit, at, changes)


def start_wrapup(floor: Floor, fact: facts.AgentCompleted, changes: Changes) -> None:
    """Our own clock: Asterisk says nothing when wrap-up begins or ends. The engine says when it is over."""
    member = member_of(floor, fact.node, fact.queue, fact.interface)
    if member is None:
        return
    phone = floor.phones[member.phone]
    rules = floor.rules.queues.get(fact.queue) if floor.rules is not None else None
    seconds = member.wrapup_s or (rules.wrapup_s if rules is not None else 0)
    if phone.agent is None or not seconds:
        return
    agent = floor.agents[phone.agent]
    agent.wrapup_since, agent.wrapup_until = fact.at, fact.at + seconds * SECOND
    agent.wrapup_queue = member.queue
    floor.wrapups[agent.id] = agent.wrapup_until
    agents.refresh(floor, phone, fact.at, changes)
