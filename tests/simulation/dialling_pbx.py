"""A PBX that dials, in virtual time: it asks a gate, signals what is allowed, and is the witness of what was really signalled.

Its calls go as the shipped dialplan has them go: no verdict for this channel and this number, no call. What it tells goes to an adapter
(`Adapter`) that may be cut off, late, or say things again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from realtime import facts
from realtime.factcodec import encode
from realtime.log import LogAway
from realtime.log_faults import LogRestarted
from realtime.words import SECOND, Micros, Node
from tests.simulation.dialling_plan import AGENTS, NODE, DialPlan
from tests.simulation.processes import Outbox
from tests.simulation.server import Door


@dataclass(slots=True)
class Dial:
    """One wish to dial, and what came of it: as the PBX and the person called know it. Moments by the true clock; 0: not yet."""

    number: str
    """As dialled."""
    e164: str
    zones: tuple[str, ...]
    campaign: str
    client: str
    method: str
    agent: str = ""
    person: str = ""
    debt: str = ""
    callback: bool = False
    by_hand: bool = False
    reserved: bool = True
    uniqueid: str = ""
    call: str = ""
    asked: Micros = 0
    told: Micros = 0
    """The verdict came, or that none will."""
    allowed: str = ""
    """Id of the dial, when it was allowed."""
    signalled: Micros = 0
    rang: Micros = 0
    up: Micros = 0
    spoke: Micros = 0
    over: Micros = 0
    far: str = ""
    hung_up: bool = False
    """By an order."""
    heard: bool = False
    """Something of its call was told before anything was signalled."""

    @property
    def scopes(self) -> dict[str, str]:
        """What is counted together with it, in clear."""
        person = self.person or self.e164
        return {
            "number": self.e164,
            "person": person,
            "debt": self.debt or person,
            "subject": self.campaign,
            "client": self.client,
            "campaign": self.campaign,
            "centre": "all",
        }


@dataclass(slots=True)
class Channel:
    call: str
    name: str
    device: str
    state: str
    dial: Dial
    ended: asyncio.Event = field(default_factory=asyncio.Event)


Ask = Callable[[Dial, Mapping[str, str]], Awaitable[Mapping[str, str]]]
"""A gate's variables for this channel; nothing where no verdict came."""


class Pbx:
    def __init__(self, plan: DialPlan, now: Callable[[], Micros], ask: Ask) -> None:
        self.plan = plan
        self.chance = Random(f"{plan.seed} pbx")
        self.signalled: list[Dial] = []
        """The witness: all that ever rang outside."""
        self.witness: Callable[[Dial], None] = lambda _: None
        self.asked: dict[str, Dial] = {}
        """By the channel that asked."""
        self.live: dict[str, Channel] = {}
        self.started = plan.began - 3600 * SECOND
        self.under_way = 0
        self.tell: Callable[..., None] = lambda *_, **__: None
        self._now = now
        self._ask = ask
        self._count = 0

    async def dial(self, dial: Dial) -> None:
        self.under_way += 1
        try:
            await self._dial(dial)
        finally:
            self.under_way -= 1

    async def _dial(self, dial: Dial) -> None:
        chance = self.chance
        self._count += 1
        dial.uniqueid = dial.call = f"n1-{self._count}.1"
        device = f"PJSIP/{dial.agent}" if dial.by_hand else "Local/x@andon-dial"
        self.asked[dial.uniqueid] = dial
        dial.heard = dial.by_hand or chance.random() < 0.5  # of a Local channel alone nothing is told
        own = Channel(dial.call, f"{device}-{self._count:08x}" + ("" if dial.by_hand else ";2"), device, "dialling", dial)
        if dial.heard:
            self.tell(facts.CallBegan, call=dial.call, direction="outbound")
        self._begin(dial.uniqueid, own, seen=dial.by_hand)
        dial.asked = self._now()
        told = await self._ask(dial, {"channel": own.name, "uniqueid": dial.uniqueid})
        dial.told = self._now()
        if told.get("ANDON_DECISION") == f"allow:{dial.uniqueid}:{dial.number}" and dial.uniqueid in self.live:
            dial.allowed = told["ANDON_DIAL_ID"]
            if chance.random() < self.plan.never:
                await self._lasts(own, chance.uniform(0, 2))
            elif await self._lasts(own, chance.uniform(0.001, 0.2)):
                await self._rings(dial, own)
        self._end(dial.uniqueid, own, 16, seen=dial.by_hand)
        if dial.heard or dial.signalled:
            self.tell(facts.CallEnded, call=dial.call, cause=16)
        dial.over = self._now()

    async def _rings(self, dial: Dial, own: Channel) -> None:
        chance = self.chance
        dial.far, dial.signalled = f"{dial.uniqueid}2", self._now()
        self.signalled.append(dial)
        self.witness(dial)
        far = Channel(dial.call, f"PJSIP/carrier-{len(self.signalled):08x}", "PJSIP/carrier", "ringing", dial)
        dial.rang = dial.signalled
        self._begin(dial.far, far)
        how = chance.choices(("talks", "nobody", "busy", "off"), (50, 25, 10, 15))[0]
        cause = {"talks": 16, "nobody": 19, "busy": 17, "off": 16}[how]
        if await self._lasts(far, chance.uniform(16, 25) if how == "nobody" else chance.uniform(0.5, 12)) and how == "talks":
            await self._talks(dial, own, far)
        self._end(dial.far, far, 16 if dial.hung_up else cause)

    async def _talks(self, dial: Dial, own: Channel, far: Channel) -> None:
        chance = self.chance
        dial.up = self._now()
        self._becomes(dial.far, far, "waiting")
        if not await self._lasts(far, 0.05 if dial.reserved else chance.choice((0.5, 1.5, 4, 7))):
            return
        if not dial.reserved and chance.random() < 0.3:
            return  # nobody comes
        dial.spoke = self._now()
        leg, agent = f"{dial.uniqueid}3", own
        if dial.by_hand:
            self._becomes(dial.uniqueid, own, "talking")
        else:
            who = dial.agent or chance.choice(AGENTS)
            agent = Channel(dial.call, f"PJSIP/{who}-{len(self.signalled):08x}", f"PJSIP/{who}", "talking", dial)
            self._begin(leg, agent)
        self._becomes(dial.far, far, "talking")
        await self._lasts(far, chance.uniform(2, 40))
        if not dial.by_hand:
            self._end(leg, agent, 16)

    async def _lasts(self, channel: Channel, seconds: float) -> bool:
        """False: it was ended meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await channel.ended.wait()
        except TimeoutError:
            return not channel.ended.is_set()
        return False

    # ------------------------------------------------------------------ channels

    def _begin(self, leg: str, channel: Channel, *, seen: bool = True) -> None:
        self.live[leg] = channel
        if seen:
            self.tell(facts.LegBegan, call=channel.call, leg=leg, device=channel.device, state=channel.state)

    def _becomes(self, leg: str, channel: Channel, state: str) -> None:
        channel.state = state
        if leg in self.live:
            self.tell(facts.LegChanged, call=channel.call, leg=leg, state=state)

    def _end(self, leg: str, channel: Channel, cause: int, *, seen: bool = True) -> None:
        channel.ended.set()
        if self.live.pop(leg, None) is not None and seen:
            self.tell(facts.LegEnded, call=channel.call, leg=leg, cause=cause)

    def hang_up(self, name: str) -> bool:
        for channel in self.live.values():
            if channel.name == name:
                channel.dial.hung_up = True
                channel.ended.set()
                return True
        return False

    def restart(self) -> None:
        """All of its calls are gone, and nobody is told of each."""
        self.started = self._now()
        gone, self.live = self.live, {}
        for channel in gone.values():
            channel.ended.set()

    def name_of(self, leg: str) -> str:
        return self.live[leg].name if leg in self.live else ""


class Adapter:
    """What follows the PBX: one life of it, with its outbox. Its link may be cut; its words may be late, or said twice."""

    def __init__(self, pbx: Pbx, outbox: Outbox, second: Door, now: Callable[[], Micros]) -> None:
        """`second`: by which something is said again."""
        self.pbx = pbx
        self.outbox = outbox
        self.linked = False
        self.held_until: Micros = 0
        self.back_at: Micros = 0
        self._second = second
        self._now = now
        self._seq = 0
        self._lost: Micros = 0
        pbx.tell = self.hear

    @property
    def quiet(self) -> bool:
        return self.linked and self.outbox.empty

    def hear(self, kind: type[facts.Fact], **said: Any) -> None:
        if self.linked:
            self.say(kind, **said)

    def say(self, kind: type[facts.Fact], **said: Any) -> None:
        self._seq += 1
        now = self._now()
        self.outbox.put(encode(kind(now, now, Node(NODE), "adapter", self._seq, **said)))

    def cut(self, seconds: float) -> None:
        if self.linked:
            self.say(facts.NodeLost, reason="cut")
            self.linked, self._lost = False, self._now()
        self.back_at = self._now() + round(seconds * SECOND)

    def link(self) -> None:
        """As a snapshot tells it: what is, and no more."""
        self.linked = True
        self.say(facts.NodeLinked, asterisk="22", started=self.pbx.started)
        self.say(facts.SyncBegan, cause="connected", gap_from=self._lost)
        self.say(facts.QueueSeen, queue="q")
        for agent in AGENTS:
            device = f"PJSIP/{agent}"
            self.say(facts.MemberSeen, queue="q", interface=device, device=device, name=agent)
            self.say(facts.AgentSeated, agent=agent, name=agent, device=device)
            self.say(facts.DeviceChanged, device=device, state="NOT_INUSE")
        for leg, channel in self.pbx.live.items():
            if not channel.device.startswith("Local/"):
                self.say(facts.CallBegan, call=channel.call, direction="outbound")
                self.say(facts.LegBegan, call=channel.call, leg=leg, device=channel.device, state=channel.state)
        self.say(facts.SyncEnded)

    async def step(self, real: float) -> None:
        """`real`: by the clock of the server."""
        now = self._now()
        if not self.linked and now >= self.back_at:
            self.link()
        if now >= self.held_until:
            await self.outbox.flush(real)

    async def again(self) -> None:
        """The last of what was said, once more."""
        with contextlib.suppress(LogRestarted, LogAway):
            await self._second.append([batch for _, batch in self.outbox._kept[-3:]])
