"""Members of queues and their devices: added, removed, paused, penalties, states, reachability.

Not agents: who sits at a device is said once, by the member's name, until a plan knows better. QueueMemberStatus is the
source for a member's device, because it is what the queue itself believes; its Paused field is not read, for it may be
older than the QueueMemberPause that overtook it. DeviceStateChange serves devices that no queue speaks of any more.
"""

from __future__ import annotations

from agi.translate.headers import Headers, number
from agi.translate.tracker import Membership, Tracker, agent_of
from realtime.facts import (
    AgentSeated,
    ContactChanged,
    DeviceChanged,
    MemberPaused,
    MemberPenaltySet,
    MemberRemoved,
    MemberSeen,
)
from realtime.words import DEVICE_STATES, SECOND, AgentId, Device, DeviceState, Interface, Micros, QueueName

DEVICE_STATE = {state.value: state for state in DeviceState}


OUT_OF_REACH = (DeviceState.UNKNOWN, DeviceState.UNAVAILABLE, DeviceState.INVALID)
"""A phone in any other state can be reached, whatever its contacts were last said to be (a restart tells nothing of them)."""


def queue_member_added(tracker: Tracker, message: Headers, at: Micros) -> None:
    see_member(tracker, message, message["Interface"], message["MemberName"], at)


def see_member(tracker: Tracker, message: Headers, interface: str, name: str, at: Micros) -> None:
    """A member as it is now, from an event or a snapshot's item (whose keys for interface and name differ)."""
    queue = message["Queue"]
    device = Device(message["StateInterface"] or interface)
    member = Membership(device)
    member.paused, member.reason = message["Paused"] == "1", message["PausedReason"]
    member.penalty = number(message, "Penalty")
    if device not in tracker.devices:
        tracker.devices[device] = DeviceState.UNKNOWN
        tracker.say(AgentSeated, at, AgentId(tracker.agent_prefix + agent_of(device)), name, device)
    tracker.members[queue, interface] = member
    tracker.say(
        MemberSeen,
        at,
        QueueName(queue),
        Interface(interface),
        device,
        name,
        member.penalty,
        member.paused,
        member.reason,
        number(message, "Wrapuptime"),
        number(message, "LastPause") * SECOND,
    )
    device_state(tracker, device, status_of(message), at)


def status_of(message: Headers) -> DeviceState:
    status = number(message, "Status")
    return DEVICE_STATES[status] if 0 <= status < len(DEVICE_STATES) else DeviceState.UNKNOWN


def device_state(tracker: Tracker, device: Device, state: DeviceState, at: Micros) -> None:
    if tracker.devices.get(device) is not state:
        known = tracker.devices.get(device, DeviceState.UNKNOWN)
        tracker.devices[device] = state
        tracker.say(DeviceChanged, at, device, state)
        if state not in OUT_OF_REACH and known in OUT_OF_REACH and not any(tracker.contacts.pop(device, {}).values()):
            tracker.say(ContactChanged, at, device, True)  # what we heard of its contacts, or somebody before us, is out of date


def queue_member_status(tracker: Tracker, message: Headers, at: Micros) -> None:
    device = Device(message["StateInterface"] or message["Interface"])
    if device in tracker.devices:
        device_state(tracker, device, status_of(message), at)


def device_state_change(tracker: Tracker, message: Headers, at: Micros) -> None:
    device = Device(message["Device"])
    if device in tracker.devices and not any(member.device == device for member in tracker.members.values()):
        device_state(tracker, device, DEVICE_STATE.get(message["State"], DeviceState.UNKNOWN), at)


def queue_member_removed(tracker: Tracker, message: Headers, at: Micros) -> None:
    queue, interface = message["Queue"], message["Interface"]
    if tracker.members.pop((queue, interface), None) is not None:
        tracker.say(MemberRemoved, at, QueueName(queue), Interface(interface))


def queue_member_pause(tracker: Tracker, message: Headers, at: Micros) -> None:
    """Each pause is said, also one with the same reason: pausing again is something that somebody did."""
    queue, interface = message["Queue"], message["Interface"]
    member = tracker.members.get((queue, interface))
    if member is None:
        return
    paused, reason = message["Paused"] == "1", message["PausedReason"]
    if paused == member.paused and (reason == member.reason or not paused):
        return
    member.paused, member.reason = paused, reason if paused else ""
    tracker.say(MemberPaused, at, QueueName(queue), Interface(interface), paused, member.reason)


def queue_member_penalty(tracker: Tracker, message: Headers, at: Micros) -> None:
    queue, interface = message["Queue"], message["Interface"]
    member = tracker.members.get((queue, interface))
    if member is not None and member.penalty != (penalty := number(message, "Penalty")):
        member.penalty = penalty
        tracker.say(MemberPenaltySet, at, QueueName(queue), Interface(interface), penalty)


def contact_status(tracker: Tracker, message: Headers, at: Micros) -> None:
    """A phone can be reached while any of its contacts can; what is no member's phone does not matter here."""
    device, status = Device("PJSIP/" + message["EndpointName"]), message["ContactStatus"]
    if device not in tracker.devices:
        return
    contacts = tracker.contacts.setdefault(device, {})
    before = any(contacts.values()) if contacts else True
    if status in ("Reachable", "Created", "NonQualified", "Updated"):
        contacts[message["URI"]] = True
    elif status == "Unreachable":
        contacts[message["URI"]] = False
    elif status == "Removed":
        contacts.pop(message["URI"], None)
    after = any(contacts.values()) if contacts else status != "Removed"
    if after != before:
        tracker.say(ContactChanged, at, device, after)
