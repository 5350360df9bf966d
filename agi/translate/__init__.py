"""Translation: AMI events of one Asterisk in, facts of the floor out. Pure; total: what is not in the table says nothing.

One small function an event, one table; versions of Asterisk differ only here. What must be remembered between events is the
`Tracker`. Snapshots go the same way (`snapshot.py`), so there is one way for the floor to change. Handlers set state rather
than count, know what they said last, and say nothing twice: an event that comes again, or late, or beside its neighbour
changes nothing (asterisk.md 2.7, 3.2).
"""

from __future__ import annotations

from collections.abc import Callable

from agi.codec import Message
from agi.translate import callers, channels, lifecycle, members, recordings, rings, transfers
from agi.translate.headers import Layout, stamp, stamp_of
from agi.translate.tracker import Tracker
from realtime.words import Micros

__all__ = ["EVENTS", "LAYOUTS", "VARIABLES", "WANTED", "stamp", "tick", "translate"]

Handler = Callable[..., None]
"""Takes the tracker, when it happened, and the headers that the table names, in that order."""

CHANNEL = "… Uniqueid Linkedid"
OTHER = "… DestUniqueid (DestLinkedid)"
MEMBER = "Queue MemberName Interface StateInterface (Membership) Penalty … LastPause … Status Paused PausedReason (Ringinuse) Wrapuptime"
PARKEE = "… ParkeeUniqueid ParkeeLinkedid"
LOCALS = "… LocalOneUniqueid LocalOneLinkedid … LocalTwoUniqueid LocalTwoLinkedid"
MOVED = "… SecondTransfererUniqueid … TransfereeUniqueid … TransferTargetUniqueid"

EVENTS: dict[str, tuple[Handler, str]] = {
    "Newchannel": (
        channels.newchannel,
        "Channel ChannelState (ChannelStateDesc) CallerIDNum … Exten (Priority) Uniqueid Linkedid",
    ),
    "Newstate": (channels.newstate, f"(Channel) ChannelState {CHANNEL}"),
    "Rename": (channels.rename, "… Newname Uniqueid"),
    "HangupRequest": (channels.hangup_request, CHANNEL),
    "SoftHangupRequest": (channels.soft_hangup_request, CHANNEL),
    "Hangup": (channels.hangup, f"{CHANNEL} Cause"),
    "DialBegin": (channels.dial_begin, "… Exten (Priority) Uniqueid Linkedid … DestUniqueid DestLinkedid"),
    "DialEnd": (channels.dial_end, f"{CHANNEL} {OTHER} DialStatus"),
    "BridgeEnter": (channels.bridge_enter, f"BridgeUniqueid BridgeType BridgeTechnology {CHANNEL} SwapUniqueid?"),
    "BridgeLeave": (channels.bridge_leave, f"BridgeUniqueid {CHANNEL}"),
    "LocalBridge": (channels.local_bridge, LOCALS),
    "Hold": (channels.hold, CHANNEL),
    "Unhold": (channels.unhold, CHANNEL),
    "QueueCallerJoin": (
        callers.queue_caller_join,
        "(Channel) (ChannelState) (ChannelStateDesc) CallerIDNum … Context Exten (Priority) Uniqueid Linkedid Queue Position",
    ),
    "QueueCallerLeave": (callers.queue_caller_leave, "… Uniqueid (Linkedid) Queue"),
    "QueueCallerAbandon": (callers.queue_caller_abandon, "… Context Exten (Priority) Uniqueid (Linkedid) Queue"),
    "VarSet": (recordings.var_set, "… Uniqueid (Linkedid) Variable Value"),
    "AgentConnect": (callers.agent_connect, f"… Uniqueid {OTHER} Queue Interface (MemberName) HoldTime"),
    "AgentComplete": (callers.agent_complete, "… Uniqueid … Queue Interface (MemberName) (HoldTime) TalkTime Reason"),
    "AgentCalled": (rings.agent_called, f"… Uniqueid {OTHER} Queue Interface"),
    "AgentRingNoAnswer": (rings.agent_ring_no_answer, "… DestUniqueid … RingTime"),
    "QueueMemberAdded": (members.queue_member_added, MEMBER),
    "QueueMemberRemoved": (members.queue_member_removed, "Queue (MemberName) Interface"),
    "QueueMemberPause": (members.queue_member_pause, "Queue (MemberName) Interface … Paused PausedReason"),
    "QueueMemberPenalty": (members.queue_member_penalty, "Queue (MemberName) Interface … Penalty"),
    "QueueMemberStatus": (members.queue_member_status, "(Queue) (MemberName) Interface StateInterface … Status"),
    "DeviceStateChange": (members.device_state_change, "Device State"),
    "ContactStatus": (members.contact_status, "URI ContactStatus (AOR) EndpointName"),
    "BlindTransfer": (
        transfers.blind_transfer,
        "Result … TransfererUniqueid TransfererLinkedid … TransfereeUniqueid TransfereeLinkedid",
    ),
    "AttendedTransfer": (transfers.attended_transfer, f"Result … OrigTransfererUniqueid OrigTransfererLinkedid {MOVED} {LOCALS}"),
    "Pickup": (transfers.pickup, f"{CHANNEL} … TargetUniqueid TargetLinkedid"),
    "ParkedCall": (transfers.parked_call, f"{PARKEE} … ParkingSpace"),
    "UnParkedCall": (transfers.unparked_call, f"{PARKEE} … RetrieverUniqueid RetrieverLinkedid"),
    "ParkedCallTimeOut": (transfers.parked_call_time_out, PARKEE),
    "ParkedCallGiveUp": (transfers.parked_call_give_up, PARKEE),
    "MixMonitorStart": (recordings.mix_monitor_start, CHANNEL),
    "MixMonitorStop": (recordings.mix_monitor_stop, CHANNEL),
    "MixMonitorMute": (recordings.mix_monitor_mute, f"{CHANNEL} Direction State"),
    "ChanSpyStart": (transfers.chan_spy_start, "… SpyerUniqueid SpyerLinkedid … SpyeeUniqueid SpyeeLinkedid"),
    "ChanSpyStop": (transfers.chan_spy_stop, "… SpyerUniqueid SpyerLinkedid"),
    "Reload": (lifecycle.reload, "Module"),
    "FullyBooted": (lifecycle.fully_booted, ""),
    "Shutdown": (lifecycle.shutdown, ""),
}
"""Each event with its handler and the headers that this takes, where Asterisk writes them (see `Layout`)."""

WANTED = frozenset(EVENTS)
"""The events that travel: `deploy/asterisk/manager.conf` lets these through, and a test holds the two together."""
VARIABLES = frozenset(("QUEUESTATUS", recordings.FILE_VARIABLE, "ANDON_FENCE"))
"""Of VarSet only these: the verdict of a queue, a recording's file, and the fence of `agi/sync.py`."""

LAYOUTS = {name: Layout(layout) for name, (_, layout) in EVENTS.items()}
_READ = {name: (handler, LAYOUTS[name]) for name, (handler, _) in EVENTS.items()}


def translate(tracker: Tracker, message: Message, now: Micros) -> None:
    """One event into `tracker.out`. `now`: when it was read, in microseconds UTC."""
    known = _READ.get(message.name)
    if known is not None:
        tracker.now = now
        handler, layout = known
        found = layout.match(message.text)
        if found is not None:
            values = found.groups()
            handler(tracker, int(values[0] + values[1]), *values[2:])
        else:
            handler(tracker, stamp_of(message.text, now + tracker.ahead), *layout.search(message.text))


def tick(tracker: Tracker, now: Micros) -> None:
    """Time went by: conclude what Asterisk did not say. Cheap when nothing is open."""
    tracker.now = now
    if tracker.leaving or tracker.answers or tracker.lingering:
        callers.overdue(tracker, now + tracker.ahead)
