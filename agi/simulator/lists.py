"""List items: what status actions answer with. Unlike events they have no Privilege, no Timestamp and no SystemName.

Not events (`messages.py`) and not the actions (`actions.py`), which frame the items with a response and a Complete
event. The ActionID stands at the end in the queue's items and right after the name elsewhere, as in Asterisk.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5

from agi.simulator.agenda import SECOND
from agi.simulator.channels import Channel
from agi.simulator.pbx import Pbx
from agi.simulator.queues import Entry, Member, Queue


def queue_status(pbx: Pbx, wanted: str, member: str, id_line: str) -> Iterator[str]:
    """QueueParams, then members, then callers, queue by queue. An unknown queue is an empty list, not an error."""
    for queue in pbx.queues.queues.values():
        if wanted and queue.name != wanted:
            continue
        yield _queue_params(queue) + id_line
        for one in queue.members.values():
            if not member or member == one.interface:
                yield _queue_member(one) + id_line
        for place, entry in enumerate(queue.entries):
            yield _queue_entry(queue, entry, place + 1, pbx.now) + id_line


def _queue_params(queue: Queue) -> str:
    offered = queue.completed + queue.abandoned
    first = 100 * queue.completed_in_level / queue.completed if queue.completed else 0.0
    second = 100 * queue.completed_in_level / offered if offered else 0.0
    return (
        f"Event: QueueParams\r\nQueue: {queue.name}\r\nMax: 0\r\nStrategy: {queue.strategy}\r\nCalls: {len(queue.entries)}\r\n"
        f"Holdtime: {queue.hold_time}\r\nTalkTime: {queue.talk_time}\r\nCompleted: {queue.completed}\r\n"
        f"Abandoned: {queue.abandoned}\r\nServiceLevel: {queue.service_level}\r\nServicelevelPerf: {first:.1f}\r\n"
        f"ServicelevelPerf2: {second:.1f}\r\nWeight: 0\r\n"
    )


def _queue_member(m: Member) -> str:
    """Name and Location here, MemberName and Interface in the events; no Ringinuse."""
    return (
        f"Event: QueueMember\r\nQueue: {m.queue.name}\r\nName: {m.name}\r\nLocation: {m.interface}\r\n"
        f"StateInterface: {m.state_interface}\r\nMembership: {m.membership}\r\nPenalty: {m.penalty}\r\n"
        f"CallsTaken: {m.calls_taken}\r\nLastCall: {m.last_call}\r\nLastPause: {m.last_pause}\r\nLoginTime: {m.login_time}\r\n"
        f"InCall: {m.in_call}\r\nStatus: {m.status}\r\nPaused: {int(m.paused)}\r\nPausedReason: {m.paused_reason}\r\nWrapuptime: 0\r\n"
    )


def _queue_entry(queue: Queue, entry: Entry, position: int, now: int) -> str:
    """No Linkedid, and the caller's name is not escaped here."""
    c = entry.caller
    shown = [part if part != "<unknown>" else "unknown" for part in (c.cid_num, c.cid_name, c.col_num, c.col_name)]
    return (
        f"Event: QueueEntry\r\nQueue: {queue.name}\r\nPosition: {position}\r\nChannel: {c.name}\r\nUniqueid: {c.uniqueid}\r\n"
        f"CallerIDNum: {shown[0]}\r\nCallerIDName: {shown[1]}\r\nConnectedLineNum: {shown[2]}\r\nConnectedLineName: {shown[3]}\r\n"
        f"Wait: {now // SECOND - entry.joined // SECOND}\r\nPriority: 0\r\n"
    )


def queue_summary(pbx: Pbx, wanted: str, id_line: str) -> Iterator[str]:
    """One line of numbers for each queue."""
    now_s = pbx.now // SECOND
    for queue in pbx.queues.queues.values():
        if wanted and queue.name != wanted:
            continue
        available = sum(member.available(now_s) for member in queue.members.values())
        longest = max((now_s - entry.joined // SECOND for entry in queue.entries), default=0)
        logged_in = sum(member.status not in (4, 5) for member in queue.members.values())
        yield (
            f"Event: QueueSummary\r\nQueue: {queue.name}\r\nLoggedIn: {logged_in}\r\nAvailable: {available}\r\n"
            f"Callers: {len(queue.entries)}\r\nHoldTime: {queue.hold_time}\r\nTalkTime: {queue.talk_time}\r\n"
            f"LongestHoldTime: {longest}\r\n{id_line}"
        )


def core_show_channels(pbx: Pbx, id_line: str) -> Iterator[str]:
    """All channels, the youngest first, as Asterisk's container happens to give them."""
    for channel in reversed(list(pbx.switch.channels.values())):
        yield f"Event: CoreShowChannel\r\n{id_line}{channel.block()}{_channel_tail(channel, pbx.now)}"


def _channel_tail(channel: Channel, now: int) -> str:
    minutes, seconds = divmod((now - channel.created) // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"Application: {channel.app}\r\nApplicationData: {channel.app_data}\r\nDuration: {hours:02d}:{minutes:02d}:{seconds:02d}\r\n"
        f"BridgeId: {channel.bridge.uniqueid if channel.bridge else ''}\r\n"
    )


def device_states(pbx: Pbx, id_line: str) -> Iterator[str]:
    """The same name as the live event: only the ActionID tells them apart."""
    for device in pbx.switch.devices.values():
        yield f"Event: DeviceStateChange\r\n{id_line}Device: {device.name}\r\nState: {device.state}\r\n"


def parked_calls(pbx: Pbx, id_line: str) -> Iterator[str]:
    """Who is parked."""
    for event in pbx.lot.everyone():
        yield f"Event: ParkedCall\r\n{id_line}{event.body}"


def contacts(pbx: Pbx, id_line: str) -> Iterator[str]:
    """The registered contact of each phone."""
    for device in pbx.switch.devices.values():
        user = device.name.removeprefix("PJSIP/")
        if not user.isdigit():
            continue
        address = f"10.8.0.{int(user) % 250 + 1}"
        uri = f"sip:{user}@{address}:5060"
        name = md5(uri.encode(), usedforsecurity=False).hexdigest()
        status, round_trip = ("Reachable", 1200) if device.reachable else ("Unreachable", 0)
        yield (
            f"Event: ContactList\r\n{id_line}ObjectType: contact\r\nObjectName: {user};@{name}\r\nViaAddress: {address}:5060\r\n"
            f"QualifyTimeout: 3.000000\r\nCallId: {name[:16]}\r\nRegServer: {pbx.node}\r\nPruneOnBoot: no\r\nPath: \r\n"
            f"Endpoint: {user}\r\nViaPort: 5060\r\nAuthenticateQualify: no\r\nUri: {uri}\r\nQualifyFrequency: 30\r\n"
            f"UserAgent: demo phone\r\nExpirationTime: {pbx.now // SECOND + 3600}\r\nOutboundProxy: \r\n"
            f"Status: {status}\r\nRoundtripUsec: {round_trip}\r\n"
        )
