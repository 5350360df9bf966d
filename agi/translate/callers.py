"""Callers in queues: joined, left and why, answered, completed.

Not ring attempts (`rings.py`) and not counts: the floor counts. The trap of this file: Asterisk says QueueCallerAbandon for
time-outs, withdrawals and redirects, too (asterisk.md 2.1, 12). A caller who hung up was asked to end before; otherwise
QUEUESTATUS or the channel's next event tells, within milliseconds, and what tells nothing is no abandon.
"""

from __future__ import annotations

from agi.translate.headers import whole
from agi.translate.tracker import GRACE, LINGER, PENDING, Answer, Channel, Tracker, Visit
from realtime.facts import AgentCompleted, AgentConnected, CallerJoined, CallerLeft
from realtime.words import Departure, Interface, Micros, QueueName, Uniqueid

SAME_BREATH: Micros = 100_000
"""Between two events of one happening; an abandon's hang-up is told before it, by another thread at worst beside it."""
STATUSES = {
    "TIMEOUT": "timeout",
    "FULL": "full",
    "JOINEMPTY": "empty",
    "LEAVEEMPTY": "empty",
    "JOINUNAVAIL": "empty",
    "LEAVEUNAVAIL": "empty",
    "CONTINUE": "key",
    "WITHDRAW": "withdrawn",
}
"""What QUEUESTATUS says, as a fact says it."""


def queue_caller_join(
    tracker: Tracker,
    at: Micros,
    caller_id_num: str,
    context: str,
    exten: str,
    uniqueid: str,
    linkedid: str,
    queue: QueueName,
    position: str,
) -> None:
    channel = tracker.channels.get(uniqueid)
    if channel is None or channel.joined_at == at:
        return  # gone, or the same message again
    tracker.follow(channel, linkedid)
    settle_departure(tracker, channel, "left_otherwise", "timeout", at)
    visit = join(tracker, channel, queue, whole(position), caller_id_num, at)
    visit.place = (context, exten)


def join(tracker: Tracker, channel: Channel, queue: QueueName, position: int, number: str, at: Micros) -> Visit:
    channel.joined_at = at
    visit = channel.visit = Visit(queue)
    caller = tracker.seal(number, at)
    tracker.say(CallerJoined, at, channel.call.id, channel.uniqueid, queue, position, caller)
    return visit


def queue_caller_abandon(tracker: Tracker, at: Micros, context: str, exten: str, uniqueid: str, queue: str) -> None:
    channel = tracker.channels.get(uniqueid)
    if channel is not None and channel.visit is not None and channel.visit.queue == queue:
        channel.visit.abandon_seen = True
        # A redirect moves the channel before the queue lets go of it; nothing else does.
        channel.visit.redirected = channel.visit.place not in (("", ""), (context, exten))


def queue_caller_leave(tracker: Tracker, at: Micros, uniqueid: str, queue: str) -> None:
    channel = tracker.channels.get(uniqueid)
    visit = channel.visit if channel is not None else None
    if channel is None or visit is None or visit.queue != queue or visit.left:
        return
    visit.left = at
    if not visit.abandon_seen:
        # Only an answer and an exit key leave without that event, and after a key nobody has answered.
        say_left(tracker, channel, "connecting" if visit.answering else "left_otherwise", "" if visit.answering else "key", at)
    elif visit.redirected:
        say_left(tracker, channel, "left_otherwise", "redirected", at)
    elif channel.hung_up:
        say_left(tracker, channel, "abandoned", "hangup", at)
    else:
        tracker.leaving[channel.uniqueid] = channel


def say_left(tracker: Tracker, channel: Channel, departure: Departure, how: str, at: Micros) -> None:
    visit = channel.visit
    assert visit is not None
    tracker.say(CallerLeft, at, channel.call.id, channel.uniqueid, visit.queue, departure, how)
    if departure != "connecting":
        channel.visit = None


def settle_departure(tracker: Tracker, channel: Channel, departure: Departure, how: str, at: Micros) -> None:
    """If this channel left a queue and nobody said why, this is why. It happened when it left."""
    if tracker.leaving and tracker.leaving.pop(channel.uniqueid, None) is not None and channel.visit is not None:
        say_left(tracker, channel, departure, how, channel.visit.left or at)


def settle_by_hangup(tracker: Tracker, channel: Channel, at: Micros) -> None:
    """The far end hung up after the caller had left: the reason when it is told in the same breath, else a later thing."""
    visit = channel.visit
    if visit is not None and visit.left and at - visit.left > SAME_BREATH:
        settle_departure(tracker, channel, "left_otherwise", "other", at)
    else:
        settle_departure(tracker, channel, "abandoned", "hangup", at)


def settle_by_end(tracker: Tracker, channel: Channel, at: Micros) -> None:
    """The channel ends and nobody said why it left the queue. A verdict is given to everybody but who hung up: where this
    account is told of verdicts, none means that; elsewhere it may as well have been a time-out before a Hangup()."""
    if tracker.verdicts_told:
        settle_departure(tracker, channel, "abandoned", "hangup", at)
    else:
        settle_departure(tracker, channel, "left_otherwise", "timeout", at)


def var_set(tracker: Tracker, at: Micros, uniqueid: str, variable: str, value: str) -> None:
    """The queue's verdict. Any variable shows that this account is told of them; a recording's file is `recordings.py`'s."""
    tracker.verdicts_told = True
    if variable != "QUEUESTATUS":
        return
    channel = tracker.channels.get(uniqueid)
    if channel is not None:
        settle_departure(tracker, channel, "left_otherwise", STATUSES.get(value, "other"), at)


def agent_connect(
    tracker: Tracker, at: Micros, uniqueid: str, dest_uniqueid: Uniqueid, queue: QueueName, interface: Interface, hold_time: str
) -> None:
    channel, leg = tracker.channels.get(uniqueid), dest_uniqueid
    known = tracker.answers.get((queue, interface))
    if channel is None or (known is not None and known.leg == leg):
        return
    tracker.take(queue, interface, Answer(channel.uniqueid, leg, at))
    channel.visit = None  # from here on the answer stands for it
    tracker.say(AgentConnected, at, channel.call.id, channel.uniqueid, queue, interface, leg, whole(hold_time))


def agent_complete(
    tracker: Tracker, at: Micros, uniqueid: str, queue: QueueName, interface: Interface, talk_time: str, reason: str
) -> None:
    """One in thirty lacks the caller's or the member's channel (asterisk.md 2.3): queue and interface are always there."""
    member = (queue, interface)
    if tracker.completed.get(member) == at:
        return  # the same message again
    tracker.completed[member] = at
    complete(tracker, queue, interface, uniqueid, whole(talk_time), reason, at)


def complete(tracker: Tracker, queue: str, interface: str, uniqueid: str, talk_s: int, by: str, at: Micros) -> None:
    answer = tracker.release(queue, interface)
    uniqueid = answer.channel if answer is not None else uniqueid
    if not uniqueid or (answer is None and uniqueid in tracker.gone):
        return  # said before, or of a call from before our time that nobody names
    channel = tracker.channels.get(uniqueid)
    if channel is None and answer is None:
        return
    call = channel.call.id if channel is not None else uniqueid
    tracker.say(AgentCompleted, at, call, Uniqueid(uniqueid), QueueName(queue), Interface(interface), talk_s, by)


def leg_gone(tracker: Tracker, channel: Channel, at: Micros) -> None:
    """A channel ends. If it was a member's that took a queue call, AgentComplete is due; `overdue` waits for it."""
    for member in tracker.parties.get(channel.uniqueid, ()):
        answer = tracker.answers[member]
        answer.leg_gone = answer.leg_gone or at


def overdue(tracker: Tracker, now: Micros) -> None:
    """Conclude what Asterisk should have said and did not: after some transfers AgentComplete never comes (A#393, A#759)."""
    for (queue, interface), answer in [item for item in tracker.answers.items() if item[1].leg_gone]:
        if now - answer.leg_gone > GRACE:
            talk_s = (answer.leg_gone - answer.connected) // 1_000_000
            complete(tracker, queue, interface, answer.channel, talk_s, "transfer", answer.leg_gone)
    for channel in [channel for channel in tracker.leaving.values() if channel.visit is None or now - channel.visit.left > PENDING]:
        settle_departure(tracker, channel, "left_otherwise", "other", now)
    for channel in [channel for channel in tracker.lingering.values() if channel.bridge or now - channel.left_bridge > LINGER]:
        del tracker.lingering[channel.uniqueid]
        tracker.refresh_leg(channel, channel.left_bridge)
