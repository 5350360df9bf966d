"""What happened wholly inside a gap, from queue_log: the facts that nobody told us. Pure.

Not the reading of queue_log (`queuelog.py`, `adapter.py`) and not the sweeping of what stays unknown (the fold). What the
floor already knows is not said again: a visit is the same when caller and queue are and its begin differs by the rounding
of two clocks to seconds. Numbers in queue_log are sealed like any other.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from agi.queuelog import LoggedVisit
from agi.translate.tracker import Tracker
from realtime.facts import AgentCompleted, AgentConnected, CallEnded, CallerJoined, CallerLeft, Fact
from realtime.floor import Floor, Visit, key
from realtime.words import SECOND, CallId, Interface, Micros, QueueName, Uniqueid

SAME: Micros = 2 * SECOND
"""The log's seconds and a snapshot's may each be off by one for the same moment."""


def fill(tracker: Tracker, floor: Floor, told: list[LoggedVisit], begins: Micros) -> int:
    """Say what the floor does not know of the visits told, of those that began in the gap and before; how many facts that were."""
    begin = len(tracker.out)
    taken: set[str] = set()
    for visit in told:
        known = find(floor, tracker, visit, taken)
        if known is not None:
            taken.add(known.id)
            outcome_of_known(tracker, floor, visit, known)
        elif visit.joined_s * SECOND >= begins - SAME:
            whole(tracker, floor, visit)
    tracker.out[begin:] = in_order(tracker.out[begin:])
    return len(tracker.out) - begin


def in_order(said: list[Fact]) -> list[Fact]:
    """The visits' facts as they happened among each other, so that who waited together is counted together."""
    ordered = sorted(said, key=lambda fact: fact.at)
    return [replace(fact, seq=earlier.seq) for fact, earlier in zip(ordered, said, strict=True)]


def find(floor: Floor, tracker: Tracker, visit: LoggedVisit, taken: set[str]) -> Visit | None:
    """The floor's visit that these lines tell of: the nearest that no other lines have told of."""
    candidates = [known for known in of_caller(floor, tracker, visit) if known.id not in taken]
    if visit.joined_s == 0:
        return candidates[0] if candidates else None  # it began before the lines do
    near = [known for known in candidates if apart(known, visit) <= SAME]
    return min(near, key=lambda known: apart(known, visit), default=None)


def apart(known: Visit, visit: LoggedVisit) -> Micros:
    """The log's second has begun when its moment is: half a second is taken for the difference."""
    return abs(known.joined - visit.joined_s * SECOND - SECOND // 2)


def of_caller(floor: Floor, tracker: Tracker, visit: LoggedVisit) -> Iterator[Visit]:
    """Every visit that the floor still knows of this caller in this queue, the oldest first."""
    latest = latest_of(floor, tracker, visit)
    if latest is None:
        return
    call_key = key(tracker.node, latest.call)
    call = floor.calls.get(floor.aliases.get(call_key, call_key))
    found = [floor.visits[name] for name in (call.visits if call is not None else [latest.id]) if name in floor.visits]
    for known in sorted(found, key=lambda each: each.joined):
        if known.channel == visit.callid and known.queue == visit.queue:
            yield known


def latest_of(floor: Floor, tracker: Tracker, visit: LoggedVisit) -> Visit | None:
    return floor.visits.get(floor.visiting.get(key(tracker.node, visit.callid), ""))


def outcome_of_known(tracker: Tracker, floor: Floor, visit: LoggedVisit, known: Visit) -> None:
    answered = known.departure == "answered"
    # Who was answered, or left otherwise, unseen and hung up in our sight seemed to abandon.
    mistaken = known.departure == "abandoned" and visit.outcome != "abandoned"
    if (known.departure in (None, "connecting", "unknown") or mistaken) and visit.outcome:
        say_outcome(tracker, floor, visit, known.call, known.joined)
        answered = visit.outcome == "answered"
    if visit.completed_s and not known.completed and answered:
        say_completed(tracker, floor, visit, known.call, known.joined)


def whole(tracker: Tracker, floor: Floor, visit: LoggedVisit) -> None:
    """A visit nobody told us of. One that still goes on is in the snapshot; its queue's entry says it better."""
    if not visit.outcome or not visit.joined_s:
        return
    channel, known = tracker.channels.get(visit.callid), latest_of(floor, tracker, visit)
    call = channel.call.id if channel is not None else known.call if known is not None else CallId(visit.callid)
    at = visit.joined_s * SECOND
    number = tracker.seal(visit.number, at)
    tracker.say(CallerJoined, at, call, Uniqueid(visit.callid), QueueName(visit.queue), 0, number)
    say_outcome(tracker, floor, visit, call, at)
    if visit.completed_s:
        say_completed(tracker, floor, visit, call, at)
    if channel is None:
        tracker.say(CallEnded, max(visit.completed_s, visit.outcome_s) * SECOND, call, 0)


def say_outcome(tracker: Tracker, floor: Floor, visit: LoggedVisit, call: CallId, joined: Micros) -> None:
    at, channel, queue = visit.outcome_s * SECOND, Uniqueid(visit.callid), QueueName(visit.queue)
    if visit.outcome == "answered":
        at = max(at or (visit.completed_s - visit.talk_s) * SECOND, joined)
        interface = interface_of(floor, tracker, visit)
        tracker.say(AgentConnected, at, call, channel, queue, interface, Uniqueid(""), visit.wait_s, joined)
    else:
        tracker.say(CallerLeft, max(at, joined), call, channel, queue, visit.outcome, visit.how, joined)


def say_completed(tracker: Tracker, floor: Floor, visit: LoggedVisit, call: CallId, joined: Micros) -> None:
    interface = interface_of(floor, tracker, visit)
    at, queue = visit.completed_s * SECOND, QueueName(visit.queue)
    tracker.say(AgentCompleted, max(at, joined), call, Uniqueid(visit.callid), queue, interface, visit.talk_s, visit.by, joined)


def interface_of(floor: Floor, tracker: Tracker, visit: LoggedVisit) -> Interface:
    """The log's agent is a member's interface or name; empty when no member of that queue is called so."""
    queue = floor.queues.get(key(tracker.node, visit.queue))
    for member in queue.members.values() if queue is not None else ():
        if visit.agent in (member.interface, member.name):
            return member.interface
    return Interface("")
