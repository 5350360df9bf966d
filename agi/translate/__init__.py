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
from agi.translate.tracker import Tracker
from realtime.words import Micros

Handler = Callable[[Tracker, Message, Micros], None]

HANDLERS: dict[str, Handler] = {
    "Newchannel": channels.newchannel,
    "Newstate": channels.newstate,
    "Rename": channels.rename,
    "HangupRequest": channels.hangup_request,
    "SoftHangupRequest": channels.soft_hangup_request,
    "Hangup": channels.hangup,
    "DialBegin": channels.dial_begin,
    "DialEnd": channels.dial_end,
    "BridgeEnter": channels.bridge_enter,
    "BridgeLeave": channels.bridge_leave,
    "LocalBridge": channels.local_bridge,
    "Hold": channels.hold,
    "Unhold": channels.unhold,
    "QueueCallerJoin": callers.queue_caller_join,
    "QueueCallerLeave": callers.queue_caller_leave,
    "QueueCallerAbandon": callers.queue_caller_abandon,
    "VarSet": callers.var_set,
    "AgentConnect": callers.agent_connect,
    "AgentComplete": callers.agent_complete,
    "AgentCalled": rings.agent_called,
    "AgentRingNoAnswer": rings.agent_ring_no_answer,
    "QueueMemberAdded": members.queue_member_added,
    "QueueMemberRemoved": members.queue_member_removed,
    "QueueMemberPause": members.queue_member_pause,
    "QueueMemberPenalty": members.queue_member_penalty,
    "QueueMemberStatus": members.queue_member_status,
    "DeviceStateChange": members.device_state_change,
    "ContactStatus": members.contact_status,
    "BlindTransfer": transfers.blind_transfer,
    "AttendedTransfer": transfers.attended_transfer,
    "Pickup": transfers.pickup,
    "ParkedCall": transfers.parked_call,
    "UnParkedCall": transfers.unparked,
    "ParkedCallTimeOut": transfers.unparked,
    "ParkedCallGiveUp": transfers.unparked,
    "MixMonitorStart": transfers.mix_monitor_start,
    "MixMonitorStop": transfers.mix_monitor_stop,
    "ChanSpyStart": transfers.chan_spy_start,
    "ChanSpyStop": transfers.chan_spy_stop,
    "Reload": lifecycle.reload,
    "FullyBooted": lifecycle.fully_booted,
    "Shutdown": lifecycle.shutdown,
}

WANTED = frozenset(HANDLERS)
"""The events that travel: `deploy/asterisk/manager.conf` lets exactly these through, and a test keeps the two equal."""


def translate(tracker: Tracker, message: Message, now: Micros) -> None:
    """One event into `tracker.out`. `now`: when it was read, in microseconds UTC."""
    handler = HANDLERS.get(message.name)
    if handler is not None:
        tracker.now = now
        handler(tracker, message, stamp(message, now))


def stamp(message: Message, now: Micros) -> Micros:
    """When Asterisk formatted the event (`timestampevents=yes`: seconds with six decimals), else when it was read."""
    whole, _, decimals = message.get("Timestamp").partition(".")
    return int(whole + decimals) if len(decimals) == 6 else now


def tick(tracker: Tracker, now: Micros) -> None:
    """Time went by: conclude what Asterisk did not say. Cheap when nothing is open."""
    tracker.now = now
    if tracker.leaving or tracker.answers or tracker.lingering:
        callers.overdue(tracker, now)
