"""The simulated PBX: seeded, in virtual time, without I/O. `advance` moves time and gives what was said meanwhile.

Not its AMI (`manager.py`, `session.py`, `actions.py`), which is a way to look at it and to act on it. It keeps its
own truth: a tally for each queue, a state for each agent, and the lines of queue_log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from agi.simulator import messages as say
from agi.simulator.agenda import SECOND, Agenda
from agi.simulator.calls import QueueCall
from agi.simulator.centre import Centre
from agi.simulator.chance import stream
from agi.simulator.channels import Channel, Device, Switch
from agi.simulator.exchange import TRUNK, Exchange
from agi.simulator.features import Parking, redirect
from agi.simulator.originate import Order, Origination
from agi.simulator.outlet import Message, Outlet
from agi.simulator.people import Staff
from agi.simulator.queues import Member, Queue, Queues
from agi.simulator.talks import Talk
from realtime.words import AgentState

if TYPE_CHECKING:
    from agi.simulator.session import Request

AMI_VERSION = "11.0.0"
ASTERISK_VERSION = "22.10.1"


@dataclass(frozen=True, slots=True)
class QueueTruth:
    """What became of everybody who joined a queue; the parts add up to `offered`. `lost` went down with the PBX."""

    offered: int
    answered: int
    abandoned: int
    left_otherwise: int
    lost: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Truth:
    """What is so, by the model itself and not by its messages."""

    queues: dict[str, QueueTruth]
    agents: dict[str, AgentState]
    channels: int


@runtime_checkable
class Owner(Protocol):
    """What a channel is part of: a waiting call, a dial, a conversation, a parking space, a spy."""

    def drop(self, channel: Channel) -> None:
        """The channel is hung up."""


class Pbx:
    """One node. Feed its AMI through a `Manager`, or read its messages straight from `advance`."""

    def __init__(self, centre: Centre, seed: int, start_us: int) -> None:
        self.centre, self.seed = centre, seed
        self.agenda = Agenda(start_us)
        self.outlet = Outlet(centre.node)
        self.switch = Switch(centre.node, self.agenda, self.outlet)
        self.queues = Queues(self.switch)
        self.staff = Staff(centre, seed)
        self.exchange = Exchange(self.agenda, self.switch, self.queues, self.staff, stream(seed, "order"))
        self.lot = Parking(self.exchange)
        self.globals: dict[str, str] = {}
        self.booted_at = self.reloaded_at = start_us
        self.up = True
        self.run = 0
        """Counts restarts: a session of an earlier run is dead."""
        self.on_boot: Callable[[], None] = lambda: None
        """For who is beside the staff (`dialler.py`): up again, and nothing that was planned is left."""
        self._install()

    def _install(self) -> None:
        """The configuration: queues, phones, members. No event tells of it."""
        for spec in self.centre.queues:
            self.queues.queues[spec.name] = Queue(spec.name, spec.strategy, spec.timeout, spec.retry, spec.wrapup, spec.service_level)
        for device in (TRUNK, *self.staff.supervisors, *self.staff.desks, *self.staff.agents):
            self.switch.device(device)
        self.staff.begin(self.exchange, self.lot, first=True)
        for agent in self.staff.agents.values():
            self.staff.enrol(agent, say_so=False)
        self.queues.write("NONE", "NONE", "NONE", "QUEUESTART", "")

    @property
    def node(self) -> str:
        """The systemname."""
        return self.centre.node

    @property
    def now(self) -> int:
        """Virtual time, microseconds UTC."""
        return self.agenda.now

    @property
    def queue_log(self) -> list[str]:
        """Asterisk's queue_log, line by line."""
        return self.queues.log

    def advance(self, to_us: int) -> list[Message]:
        """Let time pass until then; everything that was said since the last call, in order."""
        self.agenda.run(to_us)
        return self.outlet.take()

    def close(self) -> None:
        """No new calls from now on; those under way run out. Then the floor is empty."""
        self.staff.closed = True

    def restart(self, down_s: float = 5.0, *, killed: bool = False) -> None:
        """Down now, up again after `down_s`. A clean stop hangs everybody up and says so; a killed one says nothing."""
        if not self.up:
            return
        for queue in self.queues.queues.values():
            queue.tally.lost += len(queue.entries)
        if not killed:
            self._stop()
        self.up = False
        self.run += 1
        self.agenda.clear()
        self.lot.clear()
        for agent in self.staff.agents.values():
            agent.back = None
            self.switch.device(agent.person.device).reachable = True
        self.switch.reset()
        for queue in self.queues.queues.values():
            queue.entries.clear()
        self.agenda.after(down_s, self._boot)

    def _stop(self) -> None:
        """`core stop now`: AMI and queue_log call whoever waits an abandon; the tally knows better."""
        waiting = {queue.name: queue.tally.abandoned for queue in self.queues.queues.values()}
        self.switch.stopping = True
        for channel in list(self.switch.channels.values()):
            if not channel.ended and channel.owner is not None:
                self.switch.say(say.soft_hangup_request(channel, 4))
                self.drop(channel)
        self.switch.stopping = False
        for queue in self.queues.queues.values():
            queue.tally.abandoned = waiting[queue.name]
        self.switch.say(say.shutdown(False))

    def _boot(self) -> None:
        self.up = True
        self.booted_at = self.reloaded_at = self.now
        self.globals.clear()
        self.queues.restart()
        self.queues.write("NONE", "NONE", "NONE", "QUEUESTART", "")
        self.switch.say(say.fully_booted(0, 0))
        self.staff.begin(self.exchange, self.lot, first=False)
        self.on_boot()

    # ---- what actions do

    def channel(self, name: str) -> Channel | None:
        """A live channel by its exact name (or its uniqueid, as Hangup and Redirect take both)."""
        return next((one for one in self.switch.channels.values() if name in (one.name, one.uniqueid)), None)

    def drop(self, channel: Channel) -> bool:
        """Hang a channel up, with everything that follows from it. A half of a Local channel stands for the phone behind it."""
        owner = channel.owner
        if owner is None:
            behind = (one for one in self.switch.channels.values() if isinstance(one.owner, Talk) and one.owner.includes(channel))
            found = next(behind, None)
            return found is not None and self.drop(found)
        if not isinstance(owner, Owner):
            raise AssertionError(f"{channel.name} belongs to something that cannot be hung up")
        owner.drop(channel)
        return True

    def redirect(self, channel: Channel, context: str, exten: str) -> None:
        """Send a channel elsewhere in the dialplan."""
        redirect(self.exchange, channel, context, exten)

    def reachable(self, exten: str) -> bool:
        """Whether the dialplan knows an extension: a queue, a phone, or a number outside."""
        return exten in self.queues.queues or f"PJSIP/{exten}" in self.switch.devices or (exten.isdigit() and len(exten) > 6)

    def originate(self, request: Request) -> None:
        """An Originate that was accepted."""
        number, _, name = (part.strip() for part in request.get("CallerID").replace(">", "").rpartition("<")[::-1])
        exten = request.get("Exten")
        target = (
            {"Context": request.get("Context"), "Exten": exten}
            if exten
            else {"Application": request.get("Application"), "Data": request.get("Data")}
        )
        timeout = request.get("Timeout")
        order = Order(
            request.get("ActionID"),
            request.get("Channel"),
            int(timeout) / 1000 if timeout.isdigit() else 30.0,
            number,
            name.strip('"'),
            target,
            request.get("ChannelId"),
        )
        # The dialling thread starts after the response has been written.
        self.agenda.after(0.001, Origination(self.exchange, order).go)

    def members(self, interface: str, queue: str) -> list[Member]:
        """An interface's memberships, in one queue or in all."""
        queues = self.queues.queues.values()
        return [one.members[interface] for one in queues if interface in one.members and queue in ("", one.name)]

    def pause(self, interface: str, queue: str, paused: bool, reason: str) -> None:
        """Pause or unpause by an action; the agent notices."""
        members = self.members(interface, queue)
        self.queues.pause(members, paused, reason, everywhere=not queue)
        self.staff.moved(members[0].state_interface)

    def add_member(self, queue: Queue, request: Request) -> None:
        """A dynamic member by an action."""
        interface = request.get("Interface")
        penalty = request.get("Penalty")
        member = self.queues.add(
            queue,
            request.get("MemberName") or interface,
            interface,
            request.get("StateInterface") or interface,
            "dynamic",
            int(penalty) if penalty.isdigit() else 0,
        )
        if request.get("Paused").lower() in ("true", "yes", "1"):
            member.paused, member.paused_reason, member.last_pause = True, request.get("Reason"), self.now // SECOND
        self.queues.join(member, "MANAGER")

    def withdraw(self, queue: str, caller: str, info: str) -> bool:
        """Take a waiting caller out of a queue."""
        channel = self.channel(caller)
        if channel is None or not isinstance(channel.owner, QueueCall) or not channel.owner.waits_in(queue):
            return False
        channel.owner.withdraw(info)
        return True

    # ---- what is so

    def truth(self) -> Truth:
        """What is so now."""
        queues = {queue.name: _queue_truth(queue) for queue in self.queues.queues.values()}
        agents = {agent.person.number: self._agent_state(device) for device, agent in self.staff.agents.items()}
        return Truth(queues, agents, len(self.switch.channels))

    def _agent_state(self, device: str) -> AgentState:
        """The phone first, then pause, then wrap-up."""
        members, phone = self.queues.members_of(device), self.switch.devices[device]
        if not members:
            return AgentState.LOGGED_OUT
        by_phone = _phone_state(phone)
        if by_phone:
            return by_phone
        if all(member.paused for member in members):
            return AgentState.ON_BREAK
        now_s = self.now // SECOND
        if any(member.last_call and now_s < member.last_call + member.queue.wrapup for member in members):
            return AgentState.WRAPUP
        return AgentState.READY


def _phone_state(phone: Device) -> AgentState | None:
    if phone.state == "UNAVAILABLE":
        return AgentState.UNREACHABLE
    if phone.state in ("INUSE", "RINGINUSE", "ONHOLD"):
        talks = [(channel.owner, channel) for channel in phone.channels.values() if isinstance(channel.owner, Talk)]
        if talks and all(talk.holder is channel for talk, channel in talks) and len(talks) == len(phone.channels):
            return AgentState.HOLD
        return AgentState.TALKING if talks else AgentState.DIALLING
    return AgentState.RINGING if phone.state == "RINGING" else None


def _queue_truth(queue: Queue) -> QueueTruth:
    tally = queue.tally
    return QueueTruth(tally.offered, tally.answered, tally.abandoned, tally.left_otherwise, tally.lost, len(queue.entries))
