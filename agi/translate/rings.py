"""Ring attempts at queue members: AgentCalled until it is over, once each.

Not the answer (`callers.py`): AgentConnect says that, seconds later when an announcement runs.
"""

from __future__ import annotations

from agi.translate.headers import whole
from agi.translate.tracker import Attempt, Tracker
from realtime.facts import AgentRang, AgentRingEnded
from realtime.words import Interface, Micros, QueueName, RingOutcome, Uniqueid


def agent_called(tracker: Tracker, at: Micros, uniqueid: Uniqueid, dest_uniqueid: Uniqueid, queue: QueueName, interface: Interface) -> None:
    leg, channel = dest_uniqueid, tracker.channels.get(uniqueid)
    if channel is None or leg in tracker.attempts or leg in tracker.gone:
        return
    tracker.attempts[leg] = Attempt(channel.uniqueid, queue, interface, at)
    tracker.say(AgentRang, at, channel.call.id, channel.uniqueid, queue, interface, leg)


def agent_ring_no_answer(tracker: Tracker, at: Micros, dest_uniqueid: str, ring_time: str) -> None:
    """RingTime is in milliseconds here, in seconds in AgentConnect."""
    ring_ended(tracker, dest_uniqueid, "no_answer", at, whole(ring_time))


def ring_ended(tracker: Tracker, leg: str, outcome: RingOutcome | str, at: Micros, ring_ms: int = -1) -> None:
    attempt = tracker.attempts.pop(leg, None)
    if attempt is None:
        return
    channel = tracker.channels.get(attempt.channel)
    call = channel.call.id if channel is not None else attempt.channel
    spent = ring_ms if ring_ms >= 0 else max(at - attempt.began, 0) // 1000
    tracker.say(AgentRingEnded, at, call, attempt.channel, attempt.queue, attempt.interface, Uniqueid(leg), outcome, spent)
