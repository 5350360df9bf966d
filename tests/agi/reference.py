"""What a PBX would answer to a snapshot at any moment of a stream, from the events before it. Independent of our code.

A plain reading of headers: which channels are, which bridge each is in, who waits where, who is a member and how. It also
says which lines of queue_log Asterisk had written by then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from agi.codec import Message

HEADERS = ("Channel", "ChannelState", "ChannelStateDesc", "CallerIDNum", "Context", "Exten", "Uniqueid", "Linkedid")
MEMBER = ("StateInterface", "Membership", "Penalty", "LastPause", "Status", "Paused", "PausedReason", "Wrapuptime")


def message(name: str, headers: dict[str, str]) -> Message:
    return Message(name, "\r\n".join([f"Event: {name}", *(f"{key}: {value}" for key, value in headers.items())]))


class Reference:
    """Fold of raw events, header by header."""

    def __init__(self) -> None:
        self.channels: dict[str, dict[str, str]] = {}
        self.born: dict[str, float] = {}
        self.waiting: dict[str, tuple[str, float]] = {}
        self.members: dict[tuple[str, str], dict[str, str]] = {}
        self.queues: dict[str, Message] = {}
        self.now = 0.0

    def see(self, event: Message) -> None:
        self.now = float(event.get("Timestamp") or self.now)
        for prefix in ("", "Dest"):
            self._snapshot(event, prefix)
        uniqueid = event.get("Uniqueid")
        match event.name:
            case "Newchannel":
                self.channels[uniqueid] = {key: event.get(key) for key in HEADERS} | {"BridgeId": "", "Application": ""}
                self.born[uniqueid] = self.now
            case "Hangup":
                self.channels.pop(uniqueid, None)
            case "BridgeEnter":
                self.channels[uniqueid]["BridgeId"] = event.get("BridgeUniqueid")
            case "BridgeLeave" if uniqueid in self.channels:
                self.channels[uniqueid]["BridgeId"] = ""
            case "Newexten" if uniqueid in self.channels:
                self.channels[uniqueid]["Application"] = event.get("Application")
            case "QueueCallerJoin":
                self.waiting[uniqueid] = (event.get("Queue"), self.now)
            case "QueueCallerLeave":
                self.waiting.pop(uniqueid, None)
            case "QueueParams":
                self.queues[event.get("Queue")] = event
            case "QueueMember":
                self._member(event, event.get("Location"), event.get("Name"))
            case "QueueMemberAdded" | "QueueMemberPause" | "QueueMemberStatus" | "QueueMemberPenalty":
                self._member(event, event.get("Interface"), event.get("MemberName"))
            case "QueueMemberRemoved":
                self.members.pop((event.get("Queue"), event.get("Interface")), None)

    def _snapshot(self, event: Message, prefix: str) -> None:
        known = self.channels.get(event.get(prefix + "Uniqueid"))
        if known is not None and event.get(prefix + "Linkedid"):
            known.update({key: event.get(prefix + key) for key in HEADERS})

    def _member(self, event: Message, interface: str, name: str) -> None:
        member = {"Queue": event.get("Queue"), "Name": name, "Location": interface} | {key: event.get(key) for key in MEMBER}
        self.members[event.get("Queue"), interface] = member

    def core_show_channels(self) -> list[Message]:
        listed = []
        for uniqueid, channel in self.channels.items():
            age = int(self.now - self.born[uniqueid])
            duration = f"{age // 3600:02}:{age // 60 % 60:02}:{age % 60:02}"
            listed.append(message("CoreShowChannel", channel | {"Duration": duration}))
        return listed

    def queue_status(self) -> list[Message]:
        listed = list(self.queues.values()) + [message("QueueMember", member) for member in self.members.values()]
        for uniqueid, (queue, since) in self.waiting.items():
            channel = self.channels[uniqueid]
            entry = {"Queue": queue, "Position": "1", "Channel": channel["Channel"], "Uniqueid": uniqueid}
            listed.append(message("QueueEntry", entry | {"CallerIDNum": channel["CallerIDNum"], "Wait": str(int(self.now - since))}))
        return listed


SPOKEN = {
    "ENTERQUEUE": "QueueCallerJoin",
    "CONNECT": "AgentConnect",
    "ABANDON": "QueueCallerAbandon",
    "EXITWITHTIMEOUT": "QueueCallerAbandon",
    "COMPLETEAGENT": "AgentComplete",
    "COMPLETECALLER": "AgentComplete",
    "BLINDTRANSFER": "AgentComplete",
}


def written_at(events: Sequence[Message], queue_log: Sequence[str]) -> list[int]:
    """For each line of queue_log the index of the event that Asterisk wrote it with."""
    spoken: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    talking: dict[tuple[str, str], str] = {}
    for index, event in enumerate(events):
        uniqueid, queue = event.get("Uniqueid"), event.get("Queue")
        if event.name == "AgentConnect":
            talking[queue, event.get("Interface")] = uniqueid
        if event.name == "AgentComplete":
            uniqueid = talking[queue, event.get("Interface")]
        spoken[event.name, uniqueid, queue].append(index)
    taken: dict[tuple[str, str, str], int] = defaultdict(int)
    at = 0
    written = []
    for line in queue_log:
        _, callid, queue, _, event_name, *_ = line.split("|")
        name = (SPOKEN.get(event_name, ""), callid, queue)
        if taken[name] < len(spoken[name]):
            at = max(at, spoken[name][taken[name]])
            taken[name] += 1
            written.append(spoken[name][taken[name] - 1])
        else:
            written.append(at)
    return written
