"""Translation: AMI events of one Asterisk in, facts of the floor out. Pure; total: what is not in the table says nothing.

One small function an event, one table; versions of Asterisk differ only here. What must be remembered between events is the
`Tracker`. Snapshots go the same way (`snapshot.py`), so there is one way for the floor to change. Handlers set state rather
than count, know what they said last, and say nothing twice: an event that comes again, or late, or beside its neighbour
changes nothing (asterisk.md 2.7, 3.2).
"""

from __future__ import annotations

from collections.abc import Callable

from agi.codec import Message
from agi.translate import callers, channels, lifecycle, members, rings, transfers
from agi.translate.headers import Headers, Reader, reader
from agi.translate.tracker import Tracker
from realtime.words import Micros

Handler = Callable[[Tracker, Headers, Micros], None]

CALLER = "Uniqueid Linkedid"
DIALLED = "DestUniqueid DestLinkedid"
RING = "Uniqueid DestUniqueid Queue Interface"
MEMBER = "Queue Interface MemberName StateInterface Penalty LastPause Status Paused PausedReason Wrapuptime"
PARKEE = "ParkeeUniqueid ParkeeLinkedid"
LOCALS = "LocalOneUniqueid LocalOneLinkedid LocalTwoUniqueid LocalTwoLinkedid"
MOVED = "OrigTransfererUniqueid SecondTransfererUniqueid TransfereeUniqueid TransferTargetUniqueid"

EVENTS: dict[str, tuple[Handler, str]] = {
    "Newchannel": (channels.newchannel, f"{CALLER} Channel ChannelState CallerIDNum Exten"),
    "Newstate": (channels.newstate, f"{CALLER} ChannelState"),
    "Rename": (channels.rename, "Uniqueid Newname"),
    "HangupRequest": (channels.hangup_request, CALLER),
    "SoftHangupRequest": (channels.soft_hangup_request, CALLER),
    "Hangup": (channels.hangup, f"{CALLER} Cause"),
    "DialBegin": (channels.dial_begin, f"{CALLER} {DIALLED} Exten"),
    "DialEnd": (channels.dial_end, f"{CALLER} DestUniqueid DialStatus"),
    "BridgeEnter": (channels.bridge_enter, f"{CALLER} BridgeUniqueid BridgeType BridgeTechnology SwapUniqueid"),
    "BridgeLeave": (channels.bridge_leave, f"{CALLER} BridgeUniqueid"),
    "LocalBridge": (channels.local_bridge, LOCALS),
    "Hold": (channels.hold, CALLER),
    "Unhold": (channels.unhold, CALLER),
    "QueueCallerJoin": (callers.queue_caller_join, f"{CALLER} Queue Position CallerIDNum Context Exten"),
    "QueueCallerLeave": (callers.queue_caller_leave, "Uniqueid Queue"),
    "QueueCallerAbandon": (callers.queue_caller_abandon, "Uniqueid Queue Context Exten"),
    "VarSet": (callers.var_set, "Uniqueid Variable Value"),
    "AgentConnect": (callers.agent_connect, f"{RING} HoldTime"),
    "AgentComplete": (callers.agent_complete, "Uniqueid Queue Interface TalkTime Reason"),
    "AgentCalled": (rings.agent_called, RING),
    "AgentRingNoAnswer": (rings.agent_ring_no_answer, "DestUniqueid RingTime"),
    "QueueMemberAdded": (members.queue_member_added, MEMBER),
    "QueueMemberRemoved": (members.queue_member_removed, "Queue Interface"),
    "QueueMemberPause": (members.queue_member_pause, "Queue Interface Paused PausedReason"),
    "QueueMemberPenalty": (members.queue_member_penalty, "Queue Interface Penalty"),
    "QueueMemberStatus": (members.queue_member_status, "Interface StateInterface Status"),
    "DeviceStateChange": (members.device_state_change, "Device State"),
    "ContactStatus": (members.contact_status, "EndpointName ContactStatus URI"),
    "BlindTransfer": (
        transfers.blind_transfer,
        "TransfererUniqueid TransfererLinkedid TransfereeUniqueid TransfereeLinkedid Result",
    ),
    "AttendedTransfer": (transfers.attended_transfer, f"{MOVED} OrigTransfererLinkedid {LOCALS} Result"),
    "Pickup": (transfers.pickup, f"{CALLER} TargetUniqueid TargetLinkedid"),
    "ParkedCall": (transfers.parked_call, f"{PARKEE} ParkingSpace"),
    "UnParkedCall": (transfers.unparked_call, f"{PARKEE} RetrieverUniqueid RetrieverLinkedid"),
    "ParkedCallTimeOut": (transfers.parked_call_time_out, PARKEE),
    "ParkedCallGiveUp": (transfers.parked_call_give_up, PARKEE),
    "MixMonitorStart": (transfers.mix_monitor_start, CALLER),
    "MixMonitorStop": (transfers.mix_monitor_stop, CALLER),
    "ChanSpyStart": (transfers.chan_spy_start, "SpyerUniqueid SpyerLinkedid SpyeeUniqueid SpyeeLinkedid"),
    "ChanSpyStop": (transfers.chan_spy_stop, "SpyerUniqueid SpyerLinkedid"),
    "Reload": (lifecycle.reload, "Module"),
    "FullyBooted": (lifecycle.fully_booted, "Status"),
    "Shutdown": (lifecycle.shutdown, "Shutdown"),
}
"""Each event with its handler and the headers that this reads."""

WANTED = frozenset(EVENTS)
"""The events that travel: `deploy/asterisk/manager.conf` lets these through, and a test holds the two together."""
VARIABLES = frozenset(("QUEUESTATUS", "ANDON_FENCE"))
"""Of VarSet only these: the verdict of a queue, and the fence of `agi/sync.py`."""

_READ: dict[str, tuple[Handler, Reader]] = {name: (handler, reader(keys)) for name, (handler, keys) in EVENTS.items()}


def translate(tracker: Tracker, message: Message, now: Micros) -> None:
    """One event into `tracker.out`. `now`: when it was read, in microseconds UTC."""
    known = _READ.get(message.name)
    if known is not None:
        tracker.now = now
        handler, read = known
        headers = read(message.text)
        handler(tracker, headers, stamp(headers["Timestamp"], now + tracker.ahead))


def stamp(timestamp: str, now: Micros) -> Micros:
    """When Asterisk formatted the event (`timestampevents=yes`: ten digits, a point and six), else when it was read, by the same clock."""
    if len(timestamp) != 17 or timestamp[10] != ".":
        return now
    try:
        return int(timestamp[:10] + timestamp[11:])
    except ValueError:
        return now


def tick(tracker: Tracker, now: Micros) -> None:
    """Time went by: conclude what Asterisk did not say. Cheap when nothing is open."""
    tracker.now = now
    if tracker.leaving or tracker.answers or tracker.lingering:
        callers.overdue(tracker, now + tracker.ahead)
