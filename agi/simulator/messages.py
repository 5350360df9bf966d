"""The headers of every event, one small function each, in the order in which Asterisk 22 writes them.

Not when they are said (`calls.py`, `queues.py`), and no list items or responses (`lists.py`). The order is held
against a table of header names made from a capture of a real server (tests/agi/simulator/headers.json); what the
capture lacks (holds, attended transfers, parking, spying, contacts) against the transcripts in tests/transcripts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agi.simulator.outlet import AGENT, CALL, DIALPLAN, SECURITY, SYSTEM, USER, Event

if TYPE_CHECKING:
    from agi.simulator.channels import Bridge, Channel
    from agi.simulator.queues import Member

_STATE_NAMES = {0: "Down", 4: "Ring", 5: "Ringing", 6: "Up"}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
CAUSES = {
    0: "Unknown",
    1: "Unallocated (unassigned) number",
    16: "Normal Clearing",
    17: "User busy",
    18: "No user responding",
    19: "User alerting, no answer",
    20: "Subscriber absent",
    21: "Call Rejected",
    26: "Answered elsewhere",
    27: "Destination out of order",
}


def snapshot(channel: Channel, prefix: str) -> str:
    """The block that most events of a channel carry; names are C-escaped as manager_channels.c does."""
    p = prefix
    return (
        f"{p}Channel: {channel.name}\r\n{p}ChannelState: {channel.state}\r\n"
        f"{p}ChannelStateDesc: {_STATE_NAMES[channel.state]}\r\n{p}CallerIDNum: {channel.cid_num}\r\n"
        f"{p}CallerIDName: {channel.cid_name.translate(_ESCAPES)}\r\n{p}ConnectedLineNum: {channel.col_num}\r\n"
        f"{p}ConnectedLineName: {channel.col_name.translate(_ESCAPES)}\r\n{p}Language: en\r\n{p}AccountCode: \r\n"
        f"{p}Context: {channel.context}\r\n{p}Exten: {channel.exten}\r\n{p}Priority: {channel.priority}\r\n"
        f"{p}Uniqueid: {channel.uniqueid}\r\n{p}Linkedid: {channel.linkedid}\r\n"
    )


def bridge_snapshot(bridge: Bridge, prefix: str = "") -> str:
    """The block that events of a bridge carry."""
    p = prefix
    return (
        f"{p}BridgeUniqueid: {bridge.uniqueid}\r\n{p}BridgeType: {bridge.type}\r\n{p}BridgeTechnology: {bridge.technology}\r\n"
        f"{p}BridgeCreator: <unknown>\r\n{p}BridgeName: <unknown>\r\n{p}BridgeNumChannels: {len(bridge.inside)}\r\n"
        f"{p}BridgeVideoSourceMode: none\r\n"
    )


def _of(channel: Channel, name: str, tail: str = "", need: int = CALL) -> Event:
    return Event(name, need, channel.block() + tail, channel.linkedid)


def newchannel(channel: Channel) -> Event:
    return _of(channel, "Newchannel")


def newstate(channel: Channel) -> Event:
    return _of(channel, "Newstate")


def newexten(channel: Channel, app: str, data: str) -> Event:
    return _of(channel, "Newexten", f"Extension: {channel.exten}\r\nApplication: {app}\r\nAppData: {data}\r\n", DIALPLAN)


def new_callerid(channel: Channel) -> Event:
    return _of(channel, "NewCallerid", "CID-CallingPres: 0 (Presentation Allowed, Not Screened)\r\n")


def new_connected_line(channel: Channel) -> Event:
    return _of(channel, "NewConnectedLine")


def var_set(channel: Channel, variable: str, value: str) -> Event:
    return _of(channel, "VarSet", f"Variable: {variable}\r\nValue: {value}\r\n", DIALPLAN)


def global_var_set(variable: str, value: str) -> Event:
    """A global variable has no channel, and its event no snapshot block."""
    return Event("VarSet", DIALPLAN, f"Channel: none\r\nUniqueid: none\r\nVariable: {variable}\r\nValue: {value}\r\n", "globals")


def hangup_request(channel: Channel, cause: int | None = None, tech_cause: str = "") -> Event:
    tail = "" if cause is None else f"Cause: {cause}\r\n"
    return _of(channel, "HangupRequest", tail + (f"TechCause: {tech_cause}\r\n" if tech_cause else ""))


def soft_hangup_request(channel: Channel, cause: int = 16) -> Event:
    return _of(channel, "SoftHangupRequest", f"Cause: {cause}\r\n")


def hangup(channel: Channel, cause: int, tech_cause: str) -> Event:
    tail = f"Cause: {cause}\r\nCause-txt: {CAUSES.get(cause, 'Unknown')}\r\n"
    return _of(channel, "Hangup", tail + (f"TechCause: {tech_cause}\r\n" if tech_cause else ""))


def _dial(name: str, caller: Channel | None, dest: Channel, tail: str) -> Event:
    """An originated call has no caller: then only the Dest block is there."""
    return Event(name, CALL, (caller.block() if caller else "") + dest.block("Dest") + tail, dest.linkedid)


def dial_begin(caller: Channel | None, dest: Channel, dial_string: str) -> Event:
    return _dial("DialBegin", caller, dest, f"DialString: {dial_string}\r\n")


def dial_state(caller: Channel | None, dest: Channel, status: str = "RINGING") -> Event:
    return _dial("DialState", caller, dest, f"DialStatus: {status}\r\n")


def dial_end(caller: Channel | None, dest: Channel, status: str) -> Event:
    return _dial("DialEnd", caller, dest, f"DialStatus: {status}\r\n")


def local_bridge(one: Channel, two: Channel) -> Event:
    tail = f"Context: {two.context}\r\nExten: {two.exten}\r\nLocalOptimization: No\r\n"
    return Event("LocalBridge", CALL, one.block("LocalOne") + two.block("LocalTwo") + tail, two.linkedid)


def bridge_create(bridge: Bridge) -> Event:
    return Event("BridgeCreate", CALL, bridge_snapshot(bridge), bridge.uniqueid)


def bridge_destroy(bridge: Bridge) -> Event:
    return Event("BridgeDestroy", CALL, bridge_snapshot(bridge), bridge.uniqueid)


def bridge_enter(bridge: Bridge, channel: Channel) -> Event:
    return Event("BridgeEnter", CALL, bridge_snapshot(bridge) + channel.block(), bridge.uniqueid)


def bridge_leave(bridge: Bridge, channel: Channel) -> Event:
    return Event("BridgeLeave", CALL, bridge_snapshot(bridge) + channel.block(), bridge.uniqueid)


def bridge_merge(to: Bridge, source: Bridge) -> Event:
    return Event("BridgeMerge", CALL, bridge_snapshot(to, "To") + bridge_snapshot(source, "From"), to.uniqueid)


def hold(channel: Channel) -> Event:
    return _of(channel, "Hold")


def unhold(channel: Channel) -> Event:
    return _of(channel, "Unhold")


def music_on_hold_start(channel: Channel) -> Event:
    return _of(channel, "MusicOnHoldStart", "Class: default\r\n")


def music_on_hold_stop(channel: Channel) -> Event:
    return _of(channel, "MusicOnHoldStop")


def mix_monitor_start(channel: Channel) -> Event:
    return _of(channel, "MixMonitorStart")


def mix_monitor_mute(channel: Channel, direction: str, state: str) -> Event:
    return _of(channel, "MixMonitorMute", f"Direction: {direction}\r\nState: {state}\r\n")


def blind_transfer(transferer: Channel, transferee: Channel, bridge: Bridge, context: str, exten: str) -> Event:
    body = (
        f"Result: Success\r\n{transferer.block('Transferer')}{transferee.block('Transferee')}{bridge_snapshot(bridge)}"
        f"IsExternal: Yes\r\nContext: {context}\r\nExtension: {exten}\r\n"
    )
    return Event("BlindTransfer", CALL, body, bridge.uniqueid)


def attended_transfer(first: Channel, one: Bridge, second: Channel, two: Bridge, transferee: Channel, target: Channel) -> Event:
    body = (
        f"Result: Success\r\n{first.block('OrigTransferer')}{bridge_snapshot(one, 'Orig')}"
        f"{second.block('SecondTransferer')}{bridge_snapshot(two, 'Second')}{transferee.block('Transferee')}"
        f"{target.block('TransferTarget')}IsExternal: Yes\r\nDestType: Bridge\r\nDestBridgeUniqueid: {two.uniqueid}\r\n"
    )
    return Event("AttendedTransfer", CALL, body, two.uniqueid)


def parked(name: str, parkee: Channel, dial_string: str, space: int, timeout_s: int, duration_s: int, retriever: Channel | None) -> Event:
    """ParkedCall, UnParkedCall, ParkedCallTimeOut, ParkedCallGiveUp: one body."""
    body = (
        parkee.block("Parkee")
        + (retriever.block("Retriever") if retriever else "")
        + f"ParkerDialString: {dial_string}\r\nParkinglot: default\r\nParkingSpace: {space}\r\n"
        f"ParkingTimeout: {timeout_s}\r\nParkingDuration: {duration_s}\r\n"
    )
    return Event(name, CALL, body, parkee.linkedid)


def chan_spy_start(spyer: Channel, spyee: Channel) -> Event:
    return Event("ChanSpyStart", CALL, spyer.block("Spyer") + spyee.block("Spyee"), spyer.linkedid)


def chan_spy_stop(spyer: Channel, spyee: Channel) -> Event:
    return Event("ChanSpyStop", CALL, spyer.block("Spyer") + spyee.block("Spyee"), spyer.linkedid)


def device_state_change(device: str, state: str) -> Event:
    return Event("DeviceStateChange", CALL, f"Device: {device}\r\nState: {state}\r\n", "devices")


def contact_status(user: str, uri: str, status: str, round_trip_us: int) -> Event:
    body = f"URI: {uri}\r\nContactStatus: {status}\r\nAOR: {user}\r\nEndpointName: {user}\r\nRoundtripUsec: {round_trip_us}\r\n"
    return Event("ContactStatus", SYSTEM, body, "contacts")


def peer_status(user: str, status: str) -> Event:
    return Event("PeerStatus", SYSTEM, f"ChannelType: PJSIP\r\nPeer: PJSIP/{user}\r\nPeerStatus: {status}\r\n", "contacts")


def queue_caller_join(caller: Channel, queue: str, position: int, count: int) -> Event:
    return _of(caller, "QueueCallerJoin", f"Queue: {queue}\r\nPosition: {position}\r\nCount: {count}\r\n", AGENT)


def queue_caller_leave(caller: Channel, queue: str, position: int, count: int) -> Event:
    return _of(caller, "QueueCallerLeave", f"Queue: {queue}\r\nPosition: {position}\r\nCount: {count}\r\n", AGENT)


def queue_caller_abandon(caller: Channel, queue: str, position: int, original: int, hold_s: int) -> Event:
    tail = f"Queue: {queue}\r\nPosition: {position}\r\nOriginalPosition: {original}\r\nHoldTime: {hold_s}\r\n"
    return _of(caller, "QueueCallerAbandon", tail, AGENT)


def _agent(name: str, caller: Channel | None, dest: Channel | None, member: Member, tail: str = "") -> Event:
    body = (
        (caller.block() if caller else "")
        + (dest.block("Dest") if dest else "")
        + f"Queue: {member.queue.name}\r\nInterface: {member.interface}\r\nMemberName: {member.name}\r\n{tail}"
    )
    return Event(name, AGENT, body, "agents" if name == "AgentComplete" else caller.linkedid if caller else "agents")


def agent_called(caller: Channel, dest: Channel, member: Member) -> Event:
    return _agent("AgentCalled", caller, dest, member)


def agent_ring_no_answer(caller: Channel, dest: Channel, member: Member, ring_ms: int) -> Event:
    """RingTime is in milliseconds here and in seconds in AgentConnect, as in Asterisk."""
    return _agent("AgentRingNoAnswer", caller, dest, member, f"RingTime: {ring_ms}\r\n")


def agent_connect(caller: Channel, dest: Channel, member: Member, hold_s: int, ring_s: int) -> Event:
    return _agent("AgentConnect", caller, dest, member, f"HoldTime: {hold_s}\r\nRingTime: {ring_s}\r\n")


def agent_complete(caller: Channel | None, dest: Channel | None, member: Member, hold_s: int, talk_s: int, reason: str) -> Event:
    """Either block may be missing, as in 3.6 % of the captured ones."""
    return _agent("AgentComplete", caller, dest, member, f"HoldTime: {hold_s}\r\nTalkTime: {talk_s}\r\nReason: {reason}\r\n")


def queue_member(name: str, member: Member) -> Event:
    """Added, Removed, Pause, Status, Penalty, Ringinuse: one body."""
    m = member
    body = (
        f"Queue: {m.queue.name}\r\nMemberName: {m.name}\r\nInterface: {m.interface}\r\nStateInterface: {m.state_interface}\r\n"
        f"Membership: {m.membership}\r\nPenalty: {m.penalty}\r\nCallsTaken: {m.calls_taken}\r\nLastCall: {m.last_call}\r\n"
        f"LastPause: {m.last_pause}\r\nLoginTime: {m.login_time}\r\nInCall: {m.in_call}\r\nStatus: {m.status}\r\n"
        f"Paused: {int(m.paused)}\r\nPausedReason: {m.paused_reason}\r\nRinginuse: 0\r\nWrapuptime: 0\r\n"
    )
    return Event(f"QueueMember{name}", AGENT, body, "members")


def originate_response(
    action_id: str, success: bool, channel: str, target: dict[str, str], reason: int, who: tuple[str, str, str]
) -> Event:
    """An event that holds a Response header. `target` is where it was to go; `who` is uniqueid, caller's number and name."""
    where = "".join(f"{key}: {value}\r\n" for key, value in target.items())
    body = (
        (f"ActionID: {action_id}\r\n" if action_id else "") + f"Response: {'Success' if success else 'Failure'}\r\n"
        f"Channel: {channel}\r\n{where}Reason: {reason}\r\nUniqueid: {who[0]}\r\nCallerIDNum: {who[1]}\r\nCallerIDName: {who[2]}\r\n"
    )
    return Event("OriginateResponse", CALL, body, "manager")


def user_event(name: str, headers: list[tuple[str, str]]) -> Event:
    """Raised by an action: it echoes all headers of the request, ActionID included."""
    return Event("UserEvent", USER, f"UserEvent: {name}\r\n" + "".join(f"{key}: {value}\r\n" for key, value in headers), "manager")


def reload(module: str) -> Event:
    return Event("Reload", SYSTEM, f"Module: {module}\r\nStatus: 0\r\n", "manager")


def shutdown(restart: bool) -> Event:
    return Event("Shutdown", SYSTEM, f"Shutdown: Cleanly\r\nRestart: {restart}\r\n", "manager")


def fully_booted(uptime_s: int, since_reload_s: int) -> Event:
    return Event("FullyBooted", SYSTEM, booted_body(uptime_s, since_reload_s), "manager")


def booted_body(uptime_s: int, since_reload_s: int) -> str:
    return f"Uptime: {uptime_s}\r\nLastReload: {since_reload_s}\r\nStatus: Fully Booted\r\n"


def successful_auth(when: str, account: str, session: str, remote: str) -> Event:
    body = (
        f"EventTV: {when}\r\nSeverity: Informational\r\nService: AMI\r\nEventVersion: 1\r\nAccountID: {account}\r\n"
        f"SessionID: {session}\r\nLocalAddress: IPV4/TCP/127.0.0.1/5038\r\nRemoteAddress: {remote}\r\nUsingPassword: 0\r\n"
        f"SessionTV: {when}\r\n"
    )
    return Event("SuccessfulAuth", SECURITY, body, "security")
