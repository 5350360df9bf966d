"""A snapshot as facts: the items of CoreShowChannels and QueueStatus go where events go.

Not the asking (`agi/sync.py`). `begin` doubts everything the tracker remembers, each item confirms or adds something and
says so as an ordinary fact, `finish` forgets what is still in doubt. The floor sweeps by the same facts, so nothing that
ended unseen survives on either side. Live events go on being translated in between: a channel that begins or ends while
the list is on its way is simply known already, or gone.
"""

from __future__ import annotations

from typing import Any

from agi.codec import Message
from agi.translate.callers import join
from agi.translate.channels import announce
from agi.translate.headers import Headers, everything, whole
from agi.translate.members import queue_member_added
from agi.translate.tracker import SOMEBODY, Channel, Group, Tracker
from realtime.facts import CallBegan, CallerJoined, LegBegan, QueueSeen
from realtime.words import SECOND, Micros, QueueName

DIALLED_BY = ("AppDial", "AppQueue")
"""Applications of a channel that another one dialled (an originated one runs AppDial2)."""
SAME_JOIN: Micros = 1_500_000
"""`Wait` is the difference of two clock readings cut to seconds, read a little later."""
OLDEST_S = 10**9
"""Thirty years: no channel is older, whatever its Duration says."""
MEMBER = ["Queue", "Name", "Location", "StateInterface", "Penalty", "LastPause", "Status", "Paused", "PausedReason", "Wrapuptime"]
"""What QueueMemberAdded says, too; there Name is MemberName and Location Interface."""
IN_PLACE = ("Park", "ParkedCall", "ConfBridge", "MeetMe", "Page")
"""Applications whose bridge is a place, not a conversation of two."""


def begin(tracker: Tracker) -> None:
    for channel in tracker.channels.values():
        channel.confirmed = False
        if channel.visit is not None:
            channel.visit.confirmed = False
    for member in tracker.members.values():
        member.confirmed = False
    tracker.resync_wanted = ""


def channel_item(tracker: Tracker, message: Message, now: Micros) -> None:
    """One CoreShowChannel. Its begin follows from its Duration, to the second."""
    item = everything(message)
    uniqueid = item["Uniqueid"]
    if uniqueid in tracker.gone or not uniqueid:
        return
    channel = tracker.channels.get(uniqueid)
    at = now - age_s(item["Duration"]) * SECOND
    state = whole(item["ChannelState"])
    if channel is None:
        channel = tracker.open_channel(uniqueid, item["Channel"], state, item["Linkedid"] or uniqueid, at)
    else:
        tracker.follow(channel, item["Linkedid"])
        channel.state, channel.name = max(channel.state, state), item["Channel"]
    place(channel, tracker, item)
    channel.confirmed = True
    confirm_call(tracker, channel, item, at)
    if channel.phone:
        channel.said = channel.leg_state()
        tracker.say(LegBegan, at, channel.call.id, channel.uniqueid, channel.device, channel.said)


def place(channel: Channel, tracker: Tracker, item: Headers) -> None:
    """Whether it talks, dials or waits, as far as the item shows."""
    application, bridge = item["Application"], item["BridgeId"]
    channel.dialled = channel.dialled or application in DIALLED_BY
    if application == "Dial" and not bridge:
        channel.dialling.add(SOMEBODY)
    if bridge and application not in IN_PLACE and channel.bridge != bridge:
        tracker.leave_bridge(channel)
        channel.bridge, channel.ever_bridged = bridge, True
        tracker.bridges.setdefault(bridge, set()).add(channel)
    elif not bridge:
        tracker.leave_bridge(channel)


def confirm_call(tracker: Tracker, channel: Channel, item: Headers, at: Micros) -> None:
    group: Group = channel.call
    if group.announced:
        tracker.say(CallBegan, max(at, group.began), group.id, "inbound", None, None)
    elif channel.state == 6 and channel.phone and not channel.dialled and tracker.is_line(channel.device):
        group.announced = group.directed = True  # it rang in before our time
        tracker.say(CallBegan, at, group.id, "inbound", tracker.seal(item["CallerIDNum"], at), None)
    else:
        announce(tracker, channel, item["CallerIDNum"], item["Exten"], at)


def queue_item(tracker: Tracker, message: Message, now: Micros) -> None:
    """One item of QueueStatus: the queue itself, a member, or a waiting caller."""
    item = everything(message)
    match message.name:
        case "QueueParams":
            tracker.say(QueueSeen, now, QueueName(item["Queue"]), item["Strategy"], whole(item["ServiceLevel"]))
        case "QueueMember":
            said: list[Any] = [item[key] for key in MEMBER]
            queue_member_added(tracker, now, *said)
        case "QueueEntry":
            waiting_item(tracker, item, now)


def waiting_item(tracker: Tracker, item: Headers, now: Micros) -> None:
    """A caller who waits now: known, or joined `Wait` seconds ago (whole ones)."""
    uniqueid = item["Uniqueid"]
    if uniqueid in tracker.gone or not uniqueid:
        return
    channel = tracker.channels.get(uniqueid)
    at = now - whole(item["Wait"]) * SECOND
    if channel is None:  # the account may not list channels
        channel = tracker.open_channel(uniqueid, item["Channel"], 6, uniqueid, at)
        announce(tracker, channel, item["CallerIDNum"], "", at)
        tracker.refresh_leg(channel, at)
    if channel.visit is not None and not channel.visit.left and same_visit(channel, item["Queue"], at):
        channel.visit.confirmed = True
        tracker.say(CallerJoined, channel.joined_at, channel.call.id, channel.uniqueid, channel.visit.queue, 0, None)
    else:
        join(tracker, channel, QueueName(item["Queue"]), whole(item["Position"]), item["CallerIDNum"], at)


def same_visit(channel: Channel, queue: str, at: Micros) -> bool:
    """Whether who waits there since about then is who we know: unseen, a caller may have been answered and sent back."""
    return channel.visit is not None and channel.visit.queue == queue and abs(channel.joined_at - at) <= SAME_JOIN


def finish(tracker: Tracker) -> None:
    """Forget what nothing confirmed. The floor is not told of each: it sweeps at SyncEnded."""
    for channel in [channel for channel in tracker.channels.values() if not channel.confirmed]:
        forget(tracker, channel)
    for channel in tracker.channels.values():
        if channel.visit is not None and not channel.visit.confirmed and not channel.visit.left:
            channel.visit = None
    for name in [name for name, member in tracker.members.items() if not member.confirmed]:
        tracker.dismiss(*name)
    for leg in [leg for leg in tracker.attempts if leg not in tracker.channels]:
        del tracker.attempts[leg]
    for taken in [taken for taken, answer in tracker.answers.items() if answer.channel not in tracker.channels]:
        tracker.release(*taken)
    for open_ones in (tracker.leaving, tracker.lingering):
        for uniqueid in [uniqueid for uniqueid in open_ones if uniqueid not in tracker.channels]:
            del open_ones[uniqueid]


def forget(tracker: Tracker, channel: Channel) -> None:
    tracker.channels.pop(channel.uniqueid, None)
    tracker.leave_bridge(channel)
    channel.call.channels.discard(channel)
    if not channel.call.channels:
        for linkedid in channel.call.linkedids:
            tracker.groups.pop(linkedid, None)


def age_s(duration: str) -> int:
    """`HH:MM:SS` in seconds; 0 for what is none."""
    parts = duration.split(":")
    if len(parts) != 3:
        return 0
    hours, minutes, seconds = map(whole, parts)
    return min(hours * 3600 + minutes * 60 + seconds, OLDEST_S)
