"""Members of queues and their devices: added, removed, paused, penalties, states, reachability.

Not agents: who sits at a device is said once, by the member's name, until a plan knows better. QueueMemberStatus is the
source for a member's device, because it is what the queue itself believes; its Paused field is not read, for it may be
older than the QueueMemberPause that overtook it. DeviceStateChange serves devices that no queue speaks of any more.
"""

from __future__ import annotations

from agi.translate.headers import whole
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

STATUSES = {str(number): state for number, state in enumerate(DEVICE_STATES)}
"""By the number that a queue gives them."""
DEVICE_STATE = {state.value: state for state in DeviceState}


OUT_OF_REACH = (DeviceState.UNKNOWN, DeviceState.UNAVAILABLE, DeviceState.INVALID)
"""A phone in any other state can be reached, whatever its contacts were last said to be (a restart tells nothing of them)."""


def queue_member_added(
    tracker: Tracker,
    at: Micros,
    queue: QueueName,
    member_name: str,
    interface: Interface,
    state_interface: Device,
    penalty: str,
    last_pause: str,
    status: str,
    paused: str,
    paused_reason: str,
    wrapuptime: str,
) -> None:
    """A member as it is now; a snapshot's item says the same in other words."""
    device = state_interface or Device(interface)
    member = Membership(device)
    member.paused, member.reason, member.penalty = paused == "1", paused_reason, whole(penalty)
    if device not in tracker.devices:
        tracker.devices[device] = DeviceState.UNKNOWN
        tracker.say(AgentSeated, at, AgentId(tracker.agent_prefix + agent_of(device)), member_name, device)
    tracker.enlist(queue, interface, member)
    wrapup_s, paused_at = whole(wrapuptime), whole(last_pause) * SECOND
    told = (member_name, member.penalty, member.paused, member.reason, wrapup_s, paused_at)
    tracker.say(MemberSeen, at, queue, interface, device, *told)
    device_state(tracker, device, status_of(status), at)


def status_of(status: str) -> DeviceState:
    return STATUSES.get(status, DeviceState.UNKNOWN)


def device_state(tracker: Tracker, device: Device, state: DeviceState, at: Micros) -> None:
    if tracker.devices.get(device) is not state:
        tracker.devices[device] = state
        if state not in (DeviceState.UNAVAILABLE, DeviceState.INVALID):
            tracker.contacts.pop(device, None)  # it is there: what was said of its contacts is over
        tracker.say(DeviceChanged, at, device, state)


def queue_member_status(tracker: Tracker, at: Micros, interface: str, state_interface: Device, status: str) -> None:
    device = state_interface or Device(Interface(interface))
    if device in tracker.devices:
        device_state(tracker, device, status_of(status), at)


def device_state_change(tracker: Tracker, at: Micros, device: Device, state: str) -> None:
    if device in tracker.devices and device not in tracker.listed:
        device_state(tracker, device, DEVICE_STATE.get(state, DeviceState.UNKNOWN), at)


def queue_member_removed(tracker: Tracker, at: Micros, queue: QueueName, interface: Interface) -> None:
    if tracker.dismiss(queue, interface):
        tracker.say(MemberRemoved, at, queue, interface)


def queue_member_pause(tracker: Tracker, at: Micros, queue: QueueName, interface: Interface, paused: str, paused_reason: str) -> None:
    """Each pause is said, also one with the same reason: pausing again is something that somebody did."""
    member = tracker.members.get((queue, interface))
    if member is None:
        return
    is_paused = paused == "1"
    if is_paused == member.paused and (paused_reason == member.reason or not is_paused):
        return
    member.paused, member.reason = is_paused, paused_reason if is_paused else ""
    tracker.say(MemberPaused, at, queue, interface, is_paused, member.reason)


def queue_member_penalty(tracker: Tracker, at: Micros, queue: QueueName, interface: Interface, penalty: str) -> None:
    member = tracker.members.get((queue, interface))
    if member is not None and member.penalty != whole(penalty):
        member.penalty = whole(penalty)
        tracker.say(MemberPenaltySet, at, queue, interface, member.penalty)


def contact_status(tracker: Tracker, at: Micros, uri: str, contact_status: str, endpoint_name: str) -> None:
    """A phone can be reached while any of its contacts can; what is no member's phone does not matter here."""
    device, status = Device("PJSIP/" + endpoint_name), contact_status
    if device not in tracker.devices:
        return
    contacts = tracker.contacts.setdefault(device, {})
    before = any(contacts.values()) if contacts else True
    if status in ("Reachable", "Created", "NonQualified", "Updated"):
        contacts[uri] = True
    elif status == "Unreachable":
        contacts[uri] = False
    elif status == "Removed":
        contacts.pop(uri, None)
    after = any(contacts.values()) if contacts else status != "Removed"
    if after != before:
        tracker.say(ContactChanged, at, device, after)
