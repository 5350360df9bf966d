"""Channels, bridges and devices: the switch of the simulated PBX and the snapshot block that its events carry.

Not the calls (`calls.py`), which say what happens to channels and when. The switch keeps the promises that Asterisk
keeps: Newchannel is the first event of a uniqueid and Hangup the last, a bridge counts who is in it, and a device's
state follows from its channels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from agi.simulator import messages
from agi.simulator.agenda import Agenda
from agi.simulator.outlet import Event, Outlet
from agi.simulator.taping import Tape

DOWN, RING, RINGING, UP = 0, 4, 5, 6
STATE_NAMES = {DOWN: "Down", RING: "Ring", RINGING: "Ringing", UP: "Up"}
UNKNOWN = "<unknown>"
NUMBER_OF_STATE = {"NOT_INUSE": 1, "INUSE": 2, "BUSY": 3, "UNAVAILABLE": 5, "RINGING": 6, "RINGINUSE": 7, "ONHOLD": 8}
"""As QueueMemberStatus counts them."""


class Channel:
    """One channel. Whoever changes a shown attribute uses `show`, so that the rendered block stays true."""

    __slots__ = (
        "_blocks",
        "app",
        "app_data",
        "bridge",
        "cid_name",
        "cid_num",
        "col_name",
        "col_num",
        "context",
        "created",
        "device",
        "ended",
        "exten",
        "held",
        "linkedid",
        "name",
        "owner",
        "priority",
        "state",
        "tape",
        "uniqueid",
        "variables",
    )

    def __init__(self, name: str, device: str, uniqueid: str, linkedid: str, state: int, context: str, exten: str, now: int) -> None:
        self.name, self.device, self.uniqueid, self.linkedid = name, device, uniqueid, linkedid
        self.state, self.context, self.exten, self.priority = state, context, exten, 1
        self.cid_num = self.cid_name = self.col_num = self.col_name = UNKNOWN
        self.app = self.app_data = ""
        self.created = now
        self.bridge: Bridge | None = None
        self.held = self.ended = False
        self.owner: object | None = None
        self.variables: dict[str, str] = {}
        self.tape: Tape | None = None
        self._blocks: dict[str, str] = {}

    def show(self, **shown: str | int) -> None:
        """Change what the snapshot shows."""
        for key, value in shown.items():
            setattr(self, key, value)
        self._blocks.clear()

    def block(self, prefix: str = "") -> str:
        """The headers of the snapshot, each with the prefix."""
        block = self._blocks.get(prefix)
        if block is None:
            block = self._blocks[prefix] = messages.snapshot(self, prefix)
        return block


class Bridge:
    """A bridge and who is in it, in the order of entering."""

    __slots__ = ("inside", "technology", "type", "uniqueid")

    def __init__(self, uniqueid: str, kind: str, technology: str) -> None:
        self.uniqueid, self.type, self.technology = uniqueid, kind, technology
        self.inside: list[Channel] = []


class Device:
    """What has a state: a phone, a trunk, a Local name."""

    __slots__ = ("channels", "name", "reachable", "state")

    def __init__(self, name: str) -> None:
        self.name = name
        self.channels: dict[str, Channel] = {}
        self.reachable = True
        self.state = "NOT_INUSE"

    def derived(self) -> str:
        """The state that follows from the channels, as ast_devstate aggregates them."""
        if not self.reachable:
            return "UNAVAILABLE"
        ringing = any(channel.state == RINGING for channel in self.channels.values())
        up = [channel for channel in self.channels.values() if channel.state in (RING, UP)]
        if up and all(channel.held for channel in up) and not ringing:
            return "ONHOLD"
        if ringing:
            return "RINGINUSE" if up else "RINGING"
        return "INUSE" if up else "NOT_INUSE"


class Switch:
    """All channels, bridges and devices of one run of the PBX."""

    def __init__(self, node: str, agenda: Agenda, outlet: Outlet) -> None:
        self.node, self.agenda, self.outlet = node, agenda, outlet
        self.channels: dict[str, Channel] = {}
        self.devices: dict[str, Device] = {}
        self.stopping = False
        self.on_device: Callable[[Device], None] = lambda device: None
        self.on_tape: Callable[[Tape], None] = lambda tape: None
        self._uniqueids = self._names = self._locals = self._bridges = 0

    def say(self, event: Event) -> None:
        """Publish one event now. A PBX that stops asks nobody: it has only soft hang-ups."""
        if self.stopping and event.name == "HangupRequest":
            return
        self.outlet.say(self.agenda.now, event)

    def reset(self) -> None:
        """A restart: no channel is left and the counters begin at 0; phones stay where they are."""
        self.channels.clear()
        self._uniqueids = self._names = self._locals = 0
        for device in self.devices.values():
            device.channels.clear()
            device.state = device.derived()

    def device(self, name: str) -> Device:
        """The device of that name, known from now on."""
        return self.devices.setdefault(name, Device(name))

    def _next_uniqueid(self) -> str:
        uniqueid = f"{self.node}-{self.agenda.now // 1_000_000}.{self._uniqueids}"
        self._uniqueids += 1
        return uniqueid

    def open(
        self, device: str, state: int, context: str, exten: str, linkedid: str = "", uniqueid: str = "", cid: tuple[str, str] | None = None
    ) -> Channel:
        """A new channel to or from a device: Newchannel. `cid` is its caller's number and name, where known at once."""
        name = f"{device}-{self._names:08x}"
        self._names += 1
        return self._register(name, device, uniqueid or self._next_uniqueid(), linkedid, state, context, exten, cid)

    def open_local(self, exten: str, context: str, linkedid: str) -> tuple[Channel, Channel]:
        """The two halves of a Local channel."""
        name, device = f"Local/{exten}@{context}-{self._locals:08x}", f"Local/{exten}@{context}"
        self._locals += 1
        one = self._register(f"{name};1", device, self._next_uniqueid(), linkedid, DOWN, context, exten)
        two = self._register(f"{name};2", device, self._next_uniqueid(), one.linkedid, RING, context, exten)
        return one, two

    def _register(
        self, name: str, device: str, uniqueid: str, linkedid: str, state: int, context: str, exten: str, cid: tuple[str, str] | None = None
    ) -> Channel:
        channel = Channel(name, device, uniqueid, linkedid or uniqueid, state, context, exten, self.agenda.now)
        if cid:
            channel.cid_num, channel.cid_name = cid
        self.channels[uniqueid] = channel
        self.device(device).channels[uniqueid] = channel
        self.say(messages.newchannel(channel))
        return channel

    def state(self, channel: Channel, state: int) -> None:
        """Newstate; the device's own event comes with `settle`."""
        channel.show(state=state)
        self.say(messages.newstate(channel))

    def settle(self, *channels: Channel) -> None:
        """Publish the state of the channels' devices where it changed."""
        for channel in channels:
            self.settle_device(self.devices[channel.device])

    def settle_device(self, device: Device) -> None:
        """DeviceStateChange, then whatever the queues say about it."""
        state = device.derived()
        if state == device.state:
            return
        device.state = state
        self.say(messages.device_state_change(device.name, state))
        self.on_device(device)

    def run(self, channel: Channel, app: str, data: str = "", **where: str | int) -> None:
        """The channel comes to an application: Newexten."""
        channel.app, channel.app_data = app, data
        if where:
            channel.show(**where)
        self.say(messages.newexten(channel, app, data))

    def set(self, channel: Channel, variable: str, value: str) -> None:
        """VarSet of a channel variable."""
        channel.variables[variable] = value
        self.say(messages.var_set(channel, variable, value))

    def hangup(self, channel: Channel, cause: int = 16, tech_cause: str = "") -> None:
        """The channel's last event, then its device's state."""
        if channel.ended:
            return
        channel.ended = True
        del self.channels[channel.uniqueid]
        device = self.devices[channel.device]
        del device.channels[channel.uniqueid]
        self.say(messages.hangup(channel, cause, tech_cause))
        self.settle_device(device)
        if channel.tape is not None:
            channel.tape.end(self.agenda.now)
            self.on_tape(channel.tape)

    def bridge(self, kind: str = "basic", technology: str = "simple_bridge") -> Bridge:
        """A new, empty bridge; its id is a UUID in form and a counter in truth, for determinism."""
        self._bridges += 1
        digest = hashlib.md5(f"{self.node}:{self._bridges}".encode(), usedforsecurity=False).hexdigest()
        uuid = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:]}"
        bridge = Bridge(uuid, kind, technology)
        self.say(messages.bridge_create(bridge))
        return bridge

    def enter(self, bridge: Bridge, channel: Channel) -> None:
        """BridgeEnter. In a basic bridge everybody takes the oldest linkedid, and no event says so."""
        bridge.inside.append(channel)
        channel.bridge = bridge
        self.say(messages.bridge_enter(bridge, channel))
        if bridge.type == "basic":
            oldest = min((member.linkedid for member in bridge.inside), key=_age)
            for member in bridge.inside:
                if member.linkedid != oldest:
                    member.show(linkedid=oldest)

    def leave(self, channel: Channel) -> None:
        """BridgeLeave, and BridgeDestroy of a bridge that nobody is left in."""
        bridge = channel.bridge
        if bridge is None:
            return
        bridge.inside.remove(channel)
        channel.bridge = None
        self.say(messages.bridge_leave(bridge, channel))
        if not bridge.inside:
            self.say(messages.bridge_destroy(bridge))


def _age(linkedid: str) -> tuple[int, int]:
    seconds, _, count = linkedid.rpartition("-")[2].partition(".")
    return (int(seconds), int(count)) if seconds.isdigit() and count.isdigit() else (0, 0)
