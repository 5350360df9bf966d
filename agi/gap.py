"""What happened wholly inside a gap, from queue_log: the facts that nobody told us. Pure.

Not the reading of queue_log (`queuelog.py`, `adapter.py`) and not the sweeping of what stays unknown (the fold). What the
floor already knows is not said again: a visit is the same when caller and queue are and its begin differs by the rounding
of two clocks to seconds. Numbers in queue_log are sealed like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agi.queuelog import LoggedVisit
from agi.translate.tracker import Tracker
from realtime.facts import AgentCompleted, AgentConnected, CallEnded, CallerJoined, CallerLeft
from realtime.floor import Floor, Visit, key
from realtime.words import SECOND, CallId, Interface, Micros, QueueName, Uniqueid

SAME_S = 2
"""Two clocks' seconds may differ by one each way for the same moment; nobody joins one queue twice in that time."""


@dataclass(frozen=True, slots=True)
class Gap:
    """From when on we may have missed something, and when the snapshot that ended it was complete."""

    begins: Micros
    ends: Micros


def fill(tracker: Tracker, floor: Floor, told: list[LoggedVisit], gap: Gap) -> int:
    """Say what the floor does not know of the visits told; how many facts that were."""
    before = len(tracker.out)
    for visit in told:
        known = find(floor, tracker, visit)
        if known is not None:
            outcome_of_known(tracker, floor, visit, known)
        elif visit.joined_s * SECOND >= gap.begins - SAME_S * SECOND and not overwritten(floor, tracker, visit):
            whole(tracker, floor, visit)
    return len(tracker.out) - before


def of_caller(floor: Floor, tracker: Tracker, visit: LoggedVisit) -> Iterator[Visit]:
    """Every visit that the floor still knows of this caller in this queue."""
    latest = floor.visits.get(floor.visiting.get(key(tracker.node, visit.callid), ""))
    if latest is None:
        return
    call_key = key(tracker.node, latest.call)
    call = floor.calls.get(floor.aliases.get(call_key, call_key))
    for name in call.visits if call is not None else [latest.id]:
        known = floor.visits.get(name)
        if known is not None and known.channel == visit.callid and known.queue == visit.queue:
            yield known


def find(floor: Floor, tracker: Tracker, visit: LoggedVisit) -> Visit | None:
    candidates = list(of_caller(floor, tracker, visit))
    if visit.joined_s == 0:
        return candidates[-1] if candidates else None
    near = [known for known in candidates if abs(known.joined // SECOND - visit.joined_s) <= SAME_S]
    return near[-1] if near else None


def overwritten(floor: Floor, tracker: Tracker, visit: LoggedVisit) -> bool:
    """The floor knows a later visit of this caller: telling an earlier one now would take its place."""
    latest = floor.visits.get(floor.visiting.get(key(tracker.node, visit.callid), ""))
    return latest is not None and latest.departure is None and latest.joined // SECOND > visit.joined_s + SAME_S


def outcome_of_known(tracker: Tracker, floor: Floor, visit: LoggedVisit, known: Visit) -> None:
    if known.departure in (None, "connecting", "unknown") and visit.outcome:
        say_outcome(tracker, floor, visit, known.call)
    if visit.completed_s and not known.completed and (known.departure == "answered" or visit.outcome == "answered"):
        say_completed(tracker, floor, visit, known.call)


def whole(tracker: Tracker, floor: Floor, visit: LoggedVisit) -> None:
    """A visit nobody told us of. One that still goes on is in the snapshot; its queue's entry says it better."""
    if not visit.outcome or not visit.joined_s:
        return
    channel = tracker.channels.get(visit.callid)
    call = channel.call.id if channel is not None else CallId(visit.callid)
    at = visit.joined_s * SECOND
    number = tracker.seal(visit.number, at)
    tracker.say(CallerJoined, at, call, Uniqueid(visit.callid), QueueName(visit.queue), 0, number)
    say_outcome(tracker, floor, visit, call)
    if visit.completed_s:
        say_completed(tracker, floor, visit, call)
    if channel is None:
        tracker.say(CallEnded, max(visit.completed_s, visit.outcome_s) * SECOND, call, 0)


def say_outcome(tracker: Tracker, floor: Floor, visit: LoggedVisit, call: CallId) -> None:
    at, channel, queue = visit.outcome_s * SECOND, Uniqueid(visit.callid), QueueName(visit.queue)
    if visit.outcome == "answered":
        at = at or (visit.completed_s - visit.talk_s) * SECOND
        interface = interface_of(floor, tracker, visit)
        tracker.say(AgentConnected, at, call, channel, queue, interface, Uniqueid(""), visit.wait_s)
    else:
        tracker.say(CallerLeft, at, call, channel, queue, visit.outcome, visit.how)


def say_completed(tracker: Tracker, floor: Floor, visit: LoggedVisit, call: CallId) -> None:
    interface = interface_of(floor, tracker, visit)
    at, queue = visit.completed_s * SECOND, QueueName(visit.queue)
    tracker.say(AgentCompleted, at, call, Uniqueid(visit.callid), queue, interface, visit.talk_s, visit.by)


def interface_of(floor: Floor, tracker: Tracker, visit: LoggedVisit) -> Interface:
    """The log's agent is a member's interface or name; empty when no member of that queue is called so."""
    queue = floor.queues.get(key(tracker.node, visit.queue))
    for member in queue.members.values() if queue is not None else ():
        if visit.agent in (member.interface, member.name):
            return member.interface
    return Interface("")
