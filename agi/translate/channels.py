"""Channels, dials and bridges: who is on the line with whom.

Not queues (`callers.py`) and not what is done to a call (`transfers.py`).
"""

from __future__ import annotations

from agi.translate.callers import leg_gone, settle_by_end, settle_by_hangup, settle_departure
from agi.translate.headers import whole
from agi.translate.rings import ring_ended
from agi.translate.tracker import SOMEBODY, Channel, Tracker
from realtime.facts import CallBegan, CallDirected
from realtime.words import Direction, Micros


def find(tracker: Tracker, uniqueid: str, linkedid: str) -> Channel | None:
    """The channel a message is about, its linkedid followed. None for one that is gone or never was."""
    channel = tracker.channels.get(uniqueid)
    if channel is not None and linkedid != channel.call.id:
        tracker.follow(channel, linkedid)
    return channel


def newchannel(
    tracker: Tracker, at: Micros, channel: str, channel_state: str, caller_id_num: str, exten: str, uniqueid: str, linkedid: str
) -> None:
    if uniqueid in tracker.channels or uniqueid in tracker.gone:
        return
    opened = tracker.open_channel(uniqueid, channel, whole(channel_state), linkedid or uniqueid, at)
    if not opened.call.announced:
        announce(tracker, opened, caller_id_num, exten, at)
    tracker.refresh_leg(opened, at)


def announce(tracker: Tracker, channel: Channel, caller: str, exten: str, at: Micros) -> None:
    """The call's first channel says which way it goes: one that rings in from a line is inbound, all else is outbound."""
    group = channel.call
    group.announced = True
    if channel.state == 4 and channel.phone and tracker.is_line(channel.device):
        group.directed = True
        tracker.say(CallBegan, at, group.id, "inbound", tracker.seal(caller, at), None)
    else:
        tracker.say(CallBegan, at, group.id, "outbound", None, tracker.seal(exten, at) if channel.state == 4 else None)


def newstate(tracker: Tracker, at: Micros, channel_state: str, uniqueid: str, linkedid: str) -> None:
    channel = find(tracker, uniqueid, linkedid)
    if channel is not None:
        state = whole(channel_state)
        if state >= channel.state:  # a channel only goes forward; a late word does not take it back
            channel.state = state
            tracker.refresh_leg(channel, at)


def rename(tracker: Tracker, at: Micros, newname: str, uniqueid: str) -> None:
    """A masquerade: names swap, the uniqueid stays. Rare since Asterisk 12; the leg keeps the phone it had."""
    channel = tracker.channels.get(uniqueid)
    if channel is not None:
        channel.name = newname
    if channel is not None and channel.said is None:
        channel.device = type(channel.device)(newname.rpartition("-")[0])


def hangup_request(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str) -> None:
    """The far end hung up. After a queue was left for a reason still open, this is the reason."""
    channel = find(tracker, uniqueid, linkedid)
    if channel is not None:
        channel.hung_up = True
        settle_by_hangup(tracker, channel, at)


def soft_hangup_request(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str) -> None:
    """The PBX ends the channel: the dialplan after a time-out, or an order. Before the caller left it counts as theirs."""
    channel = find(tracker, uniqueid, linkedid)
    if channel is not None:
        settle_by_end(tracker, channel, at)
        channel.hung_up = True


def hangup(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str, cause: str) -> None:
    channel = find(tracker, uniqueid, linkedid)
    if channel is None:
        return
    settle_by_end(tracker, channel, at)
    if channel.uniqueid in tracker.attempts:
        ring_ended(tracker, channel.uniqueid, "cancelled", at)
    leg_gone(tracker, channel, at)
    if channel.dialled:
        for other in channel.call.channels:
            undial(tracker, other, channel.uniqueid, at)
    tracker.close_channel(channel, at, whole(cause))


# ------------------------------------------------------------------ dials

OUTCOMES = {"ANSWER": "answered", "BUSY": "busy", "CHANUNAVAIL": "unavailable", "CONGESTION": "unavailable"}
"""Of a dial at a queue's member. NOANSWER waits for AgentRingNoAnswer: in ring-all it is also said to who merely lost."""


def dial_begin(tracker: Tracker, at: Micros, exten: str, uniqueid: str, linkedid: str, dest_uniqueid: str, dest_linkedid: str) -> None:
    dialled = find(tracker, dest_uniqueid, dest_linkedid)
    caller = find(tracker, uniqueid, linkedid)  # absent for an originated call
    if dialled is None or caller is None:
        return
    dialled.dialled = True
    caller.dialling.add(dialled.uniqueid)
    tracker.union(caller, dialled, at)
    if not caller.call.directed and dialled.phone:
        direct(tracker, caller, dialled, exten, at)
    tracker.refresh_leg(caller, at)


def direct(tracker: Tracker, caller: Channel, dialled: Channel, exten: str, at: Micros) -> None:
    """A call that one of ours began: to a line it is outbound, to one of our phones internal."""
    caller.call.directed = True
    direction: Direction = "outbound" if tracker.is_line(dialled.device) else "internal"
    tracker.say(CallDirected, at, caller.call.id, direction, tracker.seal(exten, at))


def dial_end(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str, dest_uniqueid: str, dial_status: str) -> None:
    """May come twice for one channel (ring-all): the first one counts."""
    caller = find(tracker, uniqueid, linkedid)
    if caller is not None:
        caller.dialling.discard(SOMEBODY)
        undial(tracker, caller, dest_uniqueid, at)
        if dial_status == "ANSWER" and caller.visit is not None and dest_uniqueid in tracker.attempts:
            caller.visit.answering = True
    if dial_status != "NOANSWER":
        ring_ended(tracker, dest_uniqueid, OUTCOMES.get(dial_status, "cancelled"), at)
    dialled = tracker.channels.get(dest_uniqueid)
    if dialled is not None and dial_status == "ANSWER" and dialled.state != 6:
        dialled.state = 6
        tracker.refresh_leg(dialled, at)


def undial(tracker: Tracker, caller: Channel, uniqueid: str, at: Micros) -> None:
    if uniqueid in caller.dialling:
        caller.dialling.discard(uniqueid)
        tracker.refresh_leg(caller, at)


# ------------------------------------------------------------------ bridges, Local pairs, hold


def bridge_enter(
    tracker: Tracker,
    at: Micros,
    bridge_uniqueid: str,
    bridge_type: str,
    bridge_technology: str,
    uniqueid: str,
    linkedid: str,
    swap_uniqueid: str,
) -> None:
    channel = find(tracker, uniqueid, linkedid)
    if channel is None:
        return
    settle_departure(tracker, channel, "left_otherwise", "redirected", at)
    if channel.bridge and channel.bridge != bridge_uniqueid:
        tracker.leave_bridge(channel)
    channel.bridge = bridge_uniqueid
    if bridge_type != "basic" or "holding" in bridge_technology:
        channel.bridge = ""  # a conference or a parking place: together in it, but not one call
    else:
        inside = tracker.bridges.setdefault(bridge_uniqueid, set())
        for other in inside:
            tracker.union(channel, other, at)
        inside.add(channel)
        channel.ever_bridged = True
    tracker.union(channel, tracker.channels.get(swap_uniqueid), at)
    tracker.refresh_leg(channel, at)


def bridge_leave(tracker: Tracker, at: Micros, bridge_uniqueid: str, uniqueid: str, linkedid: str) -> None:
    channel = find(tracker, uniqueid, linkedid)
    if channel is not None and channel.bridge == bridge_uniqueid:
        tracker.leave_bridge(channel)
        channel.held = False
        # Mostly it hangs up or enters the next bridge within milliseconds: `overdue` looks whether it did.
        channel.left_bridge = at
        tracker.lingering[channel.uniqueid] = channel


def local_bridge(
    tracker: Tracker, at: Micros, local_one_uniqueid: str, local_one_linkedid: str, local_two_uniqueid: str, local_two_linkedid: str
) -> None:
    one, two = find(tracker, local_one_uniqueid, local_one_linkedid), find(tracker, local_two_uniqueid, local_two_linkedid)
    tracker.union(one, two, at)


def hold(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str) -> None:
    hold_set(tracker, at, find(tracker, uniqueid, linkedid), held=True)


def unhold(tracker: Tracker, at: Micros, uniqueid: str, linkedid: str) -> None:
    hold_set(tracker, at, find(tracker, uniqueid, linkedid), held=False)


def hold_set(tracker: Tracker, at: Micros, channel: Channel | None, *, held: bool) -> None:
    if channel is not None:
        channel.held = held
        tracker.refresh_leg(channel, at)
