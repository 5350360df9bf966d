"""Queues and members as app_queue keeps them: who waits, who may be rung, in which order, and what they have done.

Not the calls (`calls.py`): a queue picks members and tells the waiting call to ring them. It keeps two truths of its
own that the tests hold the rest against: a tally, and the lines of Asterisk's queue_log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from agi.simulator import messages
from agi.simulator.agenda import SECOND
from agi.simulator.channels import NUMBER_OF_STATE, Channel, Device, Switch


class Waiting(Protocol):
    """A call that waits in a queue."""

    caller: Channel

    def ring(self, members: list[Member]) -> None:
        """Ring these members."""


@dataclass(slots=True)
class Tally:
    """What became of the callers of one queue; `lost` went down with the PBX while they waited."""

    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    left_otherwise: int = 0
    lost: int = 0


@dataclass(slots=True, eq=False)
class Member:
    """One member of one queue. Pausing is per member and queue."""

    queue: Queue
    name: str
    interface: str
    state_interface: str
    device: Device
    membership: str
    penalty: int
    login_time: int
    calls_taken: int = 0
    last_call: int = 0
    last_pause: int = 0
    in_call: int = 0
    paused: bool = False
    paused_reason: str = ""

    @property
    def status(self) -> int:
        """The device's state as a number."""
        return NUMBER_OF_STATE[self.device.state]

    def available(self, now_s: int) -> bool:
        """Whether the queue may ring it: not paused, idle, and past its wrap-up."""
        if self.paused or self.device.channels or self.device.state != "NOT_INUSE":
            return False
        return not self.last_call or now_s >= self.last_call + self.queue.wrapup


@dataclass(slots=True, eq=False)
class Entry:
    """One caller in one queue."""

    call: Waiting
    caller: Channel
    joined: int
    original: int
    ringing: bool = False
    retry_at: int = 0


@dataclass(slots=True, eq=False)
class Queue:
    """One queue, its settings, its callers and its members."""

    name: str
    strategy: str
    timeout: int
    retry: int
    wrapup: int
    service_level: int
    entries: list[Entry] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    completed: int = 0
    completed_in_level: int = 0
    abandoned: int = 0
    hold_time: int = 0
    talk_time: int = 0
    pointer: int = 0

    def pick(self, now_s: int) -> list[Member]:
        """The members to ring next: of those with the lowest penalty, as the strategy says."""
        free = [member for member in self.members.values() if member.available(now_s)]
        if not free:
            return []
        lowest = min(member.penalty for member in free)
        free = [member for member in free if member.penalty == lowest]
        if self.strategy == "ringall":
            return free
        if self.strategy == "leastrecent":
            return [min(free, key=lambda member: member.last_call)]
        order = {interface: place for place, interface in enumerate(self.members)}
        chosen = min(free, key=lambda member: (order[member.interface] - self.pointer) % len(order))
        self.pointer = order[chosen.interface] + 1
        return [chosen]


class Queues:
    """All queues of one PBX, its queue_log, and the rules by which members come, go and pause."""

    def __init__(self, switch: Switch) -> None:
        self.switch = switch
        self.queues: dict[str, Queue] = {}
        self.log: list[str] = []
        self._by_device: dict[str, list[Member]] = {}
        switch.on_device = self._device_changed

    def _now_s(self) -> int:
        return self.switch.agenda.now // SECOND

    def write(self, uniqueid: str, queue: str, agent: str, event: str, *data: object) -> None:
        """A line of queue_log."""
        fields = "|".join(str(value) for value in data)
        self.log.append(f"{self._now_s()}|{uniqueid}|{queue}|{agent}|{event}|{fields}")

    def members_of(self, device: str) -> list[Member]:
        """All memberships behind a phone."""
        return self._by_device.get(device, [])

    def _device_changed(self, device: Device) -> None:
        for member in self.members_of(device.name):
            self.switch.say(messages.queue_member("Status", member))
        if device.state == "NOT_INUSE":
            self.wake_device(device.name)

    def wake_device(self, device: str, after: float = 0) -> None:
        """Let the queues of a phone look for a call, now or when its wrap-up is over."""
        for member in self.members_of(device):
            self.wake(member.queue, after)

    def wake(self, queue: Queue, after: float = 0) -> None:
        """Let a queue look at its callers."""
        self.switch.agenda.after(after, lambda: self._dispatch(queue))

    def _dispatch(self, queue: Queue) -> None:
        """Ring members for the callers that are not ringing any: several at once, as with autofill."""
        now = self.switch.agenda.now
        for entry in list(queue.entries):
            if entry.ringing or entry.retry_at > now:
                continue
            members = queue.pick(now // SECOND)
            if not members:
                return
            entry.ringing = True
            entry.call.ring(members)

    def add(self, queue: Queue, name: str, interface: str, state_interface: str, membership: str, penalty: int = 0) -> Member:
        """A member, without a word to anybody (a restart, the configuration)."""
        device = self.switch.device(state_interface)
        member = Member(queue, name, interface, state_interface, device, membership, penalty, self._now_s())
        queue.members[interface] = member
        self._by_device.setdefault(state_interface, []).append(member)
        return member

    def join(self, member: Member, author: str) -> None:
        """Say that a member was added, and let it be rung."""
        self.switch.say(messages.queue_member("Added", member))
        self.write(author, member.queue.name, member.name, "ADDMEMBER", "PAUSED" if member.paused else "")
        self.wake(member.queue)

    def remove(self, member: Member, author: str) -> None:
        """A member goes."""
        del member.queue.members[member.interface]
        self._by_device[member.state_interface].remove(member)
        self.switch.say(messages.queue_member("Removed", member))
        self.write(author, member.queue.name, member.name, "REMOVEMEMBER", "")

    def pause(self, members: list[Member], paused: bool, reason: str, everywhere: bool) -> None:
        """Pause or unpause. The event of an unpause still shows the reason, which is forgotten after it."""
        verb = "PAUSE" if paused else "UNPAUSE"
        if everywhere and members:
            self.write("NONE", "NONE", members[0].name, f"{verb}ALL", reason or members[0].paused_reason)
        for member in members:
            self._pause_one(member, paused, reason, verb)

    def _pause_one(self, member: Member, paused: bool, reason: str, verb: str) -> None:
        changed = member.paused != paused
        member.paused = paused
        if paused:
            member.paused_reason, member.last_pause = reason, self._now_s()
        shown = reason or member.paused_reason
        member.paused_reason = shown
        if changed:
            name = f"Queue:{member.queue.name}_pause_{member.interface}"
            self.switch.say(messages.device_state_change(name, "INUSE" if paused else "NOT_INUSE"))
        self.write("NONE", member.queue.name, member.name, verb, shown)
        self.switch.say(messages.queue_member("Pause", member))
        if not paused:
            member.paused_reason = ""
            self.wake(member.queue)

    def set_penalty(self, member: Member, penalty: int) -> None:
        """A member's penalty."""
        member.penalty = penalty
        self.write("NONE", member.queue.name, member.name, "PENALTY", penalty)
        self.switch.say(messages.queue_member("Penalty", member))

    def enter(self, call: Waiting, queue: Queue) -> Entry:
        """A caller joins at the end."""
        queue.entries.append(entry := Entry(call, call.caller, self.switch.agenda.now, len(queue.entries) + 1))
        queue.tally.offered += 1
        self.switch.say(messages.queue_caller_join(call.caller, queue.name, entry.original, entry.original))
        self.switch.say(messages.music_on_hold_start(call.caller))
        self.write(call.caller.uniqueid, queue.name, "NONE", "ENTERQUEUE", "", call.caller.cid_num, entry.original)
        self.wake(queue)
        return entry

    def leave(self, queue: Queue, entry: Entry) -> int:
        """A caller goes, for whatever reason; gives the position it had."""
        position = queue.entries.index(entry) + 1
        queue.entries.remove(entry)
        self.switch.say(messages.queue_caller_leave(entry.caller, queue.name, position, len(queue.entries)))
        return position

    def completed(self, member: Member, hold_s: int, talk_s: int) -> None:
        """A call of a member is over: its counters, in all queues that know the interface (shared_lastcall)."""
        queue = member.queue
        queue.completed += 1
        queue.completed_in_level += hold_s <= queue.service_level
        queue.hold_time = (queue.hold_time * 3 + hold_s) // 4
        queue.talk_time = (queue.talk_time * 3 + talk_s) // 4
        member.in_call = 0
        for other in self.members_of(member.state_interface):
            other.last_call = self._now_s()
            other.calls_taken += other.interface == member.interface
            self.wake(other.queue, other.queue.wrapup + 1)

    def restart(self) -> None:
        """Counters are zero, and of the members only their membership is kept (and the pause of a dynamic one)."""
        for queue in self.queues.values():
            queue.completed = queue.completed_in_level = queue.abandoned = queue.hold_time = queue.talk_time = queue.pointer = 0
            for member in queue.members.values():
                member.login_time = self._now_s()
                member.calls_taken = member.last_call = member.last_pause = member.in_call = 0
                member.paused, member.paused_reason = member.paused and member.membership == "dynamic", ""
                member.last_pause = member.login_time if member.paused else 0
