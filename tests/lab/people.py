"""The people of the world: who calls, who answers, who presses which key. Acts through the world's AMI only.

    world = await World.enter(pair)
    caller = await world.call("13800000001", "support")     # a customer calls a queue
    desk = await world.rings("1005")                        # the leg that rings at a phone
    await desk.answer(); await desk.dtmf("##1006"); await desk.hold(); await caller.hang_up(); await desk.gone()

A `Leg` is one end of a call as the person at it has it. It says nothing of what the PBX thinks.
"""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress
from dataclasses import dataclass, field

from tests.lab.ami import Ami, Message, Refused
from tests.lab.pair import Pair

KEY_SECONDS = 0.12
"""How long a key is pressed, and the pause before the next: what a person does, and Asterisk tells apart."""
PATIENCE = 60.0
"""Seconds for what comes within one, on a machine that has much else at work."""
"""How long to wait for something that should happen at once; a machine under load may take seconds."""


@dataclass(eq=False)
class Leg:
    """One channel of the world. `number` is whose phone it is."""

    world: World = field(repr=False)
    channel: str
    uniqueid: str
    number: str
    called: str
    _made: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _gone: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _up: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def is_gone(self) -> bool:
        return self._gone.is_set()

    @property
    def is_up(self) -> bool:
        return self._up.is_set()

    async def answer(self) -> None:
        """Lift the handset and talk; returns when both servers have the call up."""
        await self._go("talk")
        await self.up()

    async def hold(self) -> None:
        """The phone's hold key: a re-INVITE to the PBX, which hears Hold."""
        await self._go("hold")

    async def unhold(self) -> None:
        await self._go("talk")

    async def busy(self) -> None:
        """Reject a ringing call."""
        await self._go("busy")

    async def refer(self, extension: str) -> None:
        """The phone's own blind transfer key (SIP REFER)."""
        await self._go(f"refer-{extension}")

    async def dtmf(self, keys: str) -> None:
        for key in keys:
            milliseconds = str(int(KEY_SECONDS * 1000))
            await self.world.send("PlayDTMF", Channel=self.channel, Digit=key, Duration=milliseconds)
            await asyncio.sleep(2 * KEY_SECONDS)  # a key's length, not a synchronisation

    async def hang_up(self) -> None:
        """Hang up and wait until it is done; nothing happens if the call has ended already."""
        with suppress(Refused):
            await self.world.send("Hangup", Channel=self.channel, Cause="16")
        await self.gone()

    async def up(self, seconds: float = PATIENCE) -> None:
        await asyncio.wait_for(self._up.wait(), seconds)

    async def gone(self, seconds: float = PATIENCE) -> None:
        await asyncio.wait_for(self._gone.wait(), seconds)

    async def _go(self, what: str) -> None:
        await self.world.send("Redirect", Channel=self.channel, Context="act", Exten=what, Priority="1")


@dataclass
class World:
    """Everybody outside the PBX. One session on the world's AMI sees every leg come, go up and end."""

    ami: Ami
    pair: Pair
    legs: dict[str, Leg] = field(default_factory=dict)
    _ringing: list[Leg] = field(default_factory=list)
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _names: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @classmethod
    async def enter(cls, pair: Pair) -> World:
        world = cls(await pair.world.ami(), pair)
        world.ami.listen(world._follow)
        return world

    async def leave(self) -> None:
        await self.ami.close()

    async def send(self, name: str, **headers: str) -> Message:
        return (await self.ami.send(name, **headers))[0]

    async def call(self, number: str, to: str, *, name: str = "", does: str = "talk") -> Leg:
        """`number` dials `to` at the PBX: a customer by a long number, a desk phone by its own. Returns while it rings.

        `does`: what it does when it is answered, of the world's `act`; it knows who it is by the variable WHO."""
        uniqueid = f"{number}-{next(self._names)}"
        leg = Leg(self, "", uniqueid, number, to)
        self.legs[uniqueid] = leg
        await self.send(
            "Originate",
            Channel=f"PJSIP/{to}@pbx",
            ChannelId=uniqueid,
            CallerID=f'"{name or number}" <{number}>',
            Context="act",
            Exten=does,
            Priority="1",
            Timeout="60000",
            Async="true",
            Variable=f"WHO={number}",
        )
        await asyncio.wait_for(leg._made.wait(), PATIENCE)
        return leg

    async def rings(self, *numbers: str, seconds: float = PATIENCE) -> Leg:
        """The next leg that rings at one of these phones (at any phone, if none is named); each is handed out once."""
        async with asyncio.timeout(seconds):
            while True:
                self._ringing = [leg for leg in self._ringing if not leg.is_gone]
                for leg in self._ringing:
                    if leg.number in numbers or not numbers:
                        self._ringing.remove(leg)
                        return leg
                self._arrived.clear()
                await self._arrived.wait()

    async def phone(self, number: str, does: str) -> None:
        """What a phone does by itself: `ring`, `answer` or `busy`."""
        await self.send("Setvar", Variable=f"PHONE_{number}", Value=does)

    async def phones(self, does: str) -> None:
        """What all phones do that were not told otherwise."""
        await self.send("Setvar", Variable="PHONES", Value=does)

    async def everybody_hangs_up(self) -> None:
        await self.send("Hangup", Channel="/^PJSIP/", Cause="16")

    def _follow(self, message: Message) -> None:
        leg = self.legs.get(message.get("Uniqueid", ""))
        match message["Event"]:
            case "Newchannel":
                self._new(message)
            case "Newexten" if leg is not None and message["Application"] == "Ringing":
                # Not at Newchannel: a redirect that comes before the dialplan runs makes Asterisk swap the channel.
                self._ringing.append(leg)
                self._arrived.set()
            case "Newstate" if leg is not None and message["ChannelState"] == "6":
                leg._up.set()
            case "Hangup" if leg is not None:
                self._end(leg)
            case "OriginateResponse" if leg is not None and message["Response"] == "Failure":
                self._end(leg)  # it never became a channel

    def _end(self, leg: Leg) -> None:
        self.legs.pop(leg.uniqueid)
        leg._made.set()
        leg._gone.set()

    def _new(self, message: Message) -> None:
        uniqueid, number = message["Uniqueid"], message["Exten"]
        if uniqueid in self.legs:
            self.legs[uniqueid].channel = message["Channel"]
            self.legs[uniqueid]._made.set()
        elif message["Context"] == "phones":
            self.legs[uniqueid] = Leg(self, message["Channel"], uniqueid, number, number)
