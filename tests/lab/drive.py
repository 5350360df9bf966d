"""A load for a pair: seeded customers, agents who answer, hold, transfer and park, and an office that pauses them.

    report = await drive(pair, calls=100, seed=7, seconds=60)

Decisions come from the seed alone (one generator a customer, one a ring), so a run repeats in kind; the timing is a
real Asterisk's and does not repeat to the millisecond. Everything anybody does has an end of its own, so the load
survives a PBX that is killed under it. It ends when the floor is quiet. What was right is `oracle.py`'s to say.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from tests.lab.ami import Ami, Refused
from tests.lab.config import PHONES
from tests.lab.pair import Pair
from tests.lab.people import Leg, World

CALLS = {
    "sales": 30, "support": 24, "billing": 16, "overflow": 6, "loop": 4, "short": 3, "keyed": 4, "strict": 3,
    "outbound": 6, "colleague": 4,
}  # fmt: skip
"""What a call is, with its weight: a queue by its extension, or a call that a desk phone makes."""

DEEDS = {"talk": 56, "hold": 12, "blind": 6, "refer": 5, "to_queue": 3, "attended": 6, "attended_given_up": 3, "park": 2}
"""What an agent does with an answered call."""

REASONS = ("小休", "用餐", "培训", "会议", "辅导", "设备故障")
LONGEST_RING = 12.0
LONGEST_CALL = 14.0
"""Nobody waits longer, so a leg that lost its PBX ends too."""
QUIET_SECONDS = 90.0


@dataclass
class Report:
    """What was tried; what came of it is in queue_log."""

    calls: Counter[str] = field(default_factory=Counter)
    deeds: Counter[str] = field(default_factory=Counter)
    office: Counter[str] = field(default_factory=Counter)


async def drive(
    pair: Pair,
    *,
    calls: int = 100,
    seed: int = 1,
    seconds: float = 60.0,
    office: bool = True,
    before: Mapping[int, Callable[[], Awaitable[object]]] | None = None,
) -> Report:
    """Make `calls` calls within about `seconds`; `before[n]` is awaited before call n (a cut, a restart)."""
    world = await World.enter(pair)
    load = _Load(pair, world, seed)
    phones = asyncio.create_task(load.answer_phones())
    manager = asyncio.create_task(load.run_office() if office else asyncio.sleep(0))
    customers: list[asyncio.Task[None]] = []
    pace = Random(f"{seed}-pace")
    try:
        for number in range(calls):
            if before and number in before:
                await before[number]()
            customers.append(asyncio.create_task(load.customer(number)))
            await asyncio.sleep(pace.expovariate(calls / seconds))
        await asyncio.gather(*customers)
        manager.cancel()
        await load.desks_done()
        await quiet(pair)
    finally:
        for task in [phones, manager, *customers, *load.desks]:
            task.cancel()
        await asyncio.gather(phones, manager, *customers, *load.desks, return_exceptions=True)
        await world.leave()
    return load.report


async def quiet(pair: Pair, seconds: float = QUIET_SECONDS) -> None:
    """Until the PBX has no channel, no caller waits, and no member rings or talks (seen twice running)."""
    session = await pair.pbx.ami()
    try:
        async with asyncio.timeout(seconds):
            in_a_row = 0
            while in_a_row < 2:
                in_a_row = in_a_row + 1 if await _is_quiet(session) else 0
                await asyncio.sleep(0.2)
    finally:
        await session.close()


async def _is_quiet(session: Ami) -> bool:
    channels = await session.send("CoreShowChannels")
    queues = await session.send("QueueStatus")
    busy = {"2", "3", "6", "7", "8"}  # in use, busy, ringing, both, on hold
    entries = [each for each in queues if each.get("Event") == "QueueEntry"]
    members = [each for each in queues if each.get("Event") == "QueueMember" and each["Status"] in busy]
    return not entries and not members and channels[-1]["ListItems"] == "0"


@dataclass
class _Load:
    pair: Pair
    world: World
    seed: int
    report: Report = field(default_factory=Report)
    desks: set[asyncio.Task[None]] = field(default_factory=set)
    _rings: itertools.count[int] = field(default_factory=itertools.count)

    # --- customers

    async def customer(self, number: int) -> None:
        chance = Random(f"{self.seed}-customer-{number}")
        kind = _choose(chance, CALLS)
        caller, called = f"138{chance.randrange(10**8):08}", kind
        if kind in ("outbound", "colleague"):
            caller = self._free_phone(chance)
            called = f"139{chance.randrange(10**7):07}{chance.choice('0123456789')}"
            called = called if kind == "outbound" else self._free_phone(chance)
        self.report.calls[kind] += 1
        leg = await self.world.call(caller, called)
        stay = chance.uniform(1, 5) if chance.random() < 0.2 else chance.uniform(6, 22)
        with suppress(Refused, TimeoutError):
            if kind == "keyed":
                await asyncio.sleep(1.0)
                await leg.dtmf("1")
            await leg.gone(stay)
        await leg.hang_up()

    def _free_phone(self, chance: Random) -> str:
        taken = {leg.number for leg in self.world.legs.values()}
        return chance.choice([phone for phone in PHONES if phone not in taken] or list(PHONES))

    # --- agents

    async def answer_phones(self) -> None:
        """One task for each leg that rings, whoever's it is."""
        while True:
            with suppress(TimeoutError):
                leg = await self.world.rings()
                if leg.number in PHONES:
                    task = asyncio.create_task(self._desk(leg, Random(f"{self.seed}-ring-{next(self._rings)}")))
                    self.desks.add(task)
                    task.add_done_callback(self.desks.discard)

    async def desks_done(self) -> None:
        while self.desks:
            await asyncio.gather(*self.desks)

    async def _desk(self, leg: Leg, chance: Random) -> None:
        try:
            if chance.random() < 0.04:
                await leg.busy()
            elif chance.random() < 0.12:
                await leg.gone(LONGEST_RING)  # does not answer
            else:
                await self._take(leg, chance)
        except (Refused, TimeoutError):
            pass  # the other side was quicker, or the PBX is gone
        await leg.hang_up()

    async def _take(self, leg: Leg, chance: Random) -> None:
        with suppress(TimeoutError):
            await leg.gone(chance.uniform(0.3, 2.5))
        if leg.is_gone:
            return
        await leg.answer()
        deed = _choose(chance, DEEDS)
        self.report.deeds[deed] += 1
        await asyncio.sleep(chance.uniform(0.5, 2.0))
        other = chance.choice([phone for phone in PHONES if phone != leg.number])
        await self._do(leg, deed, other)
        with suppress(TimeoutError):
            await leg.gone(chance.uniform(1, 6) if chance.random() < 0.65 else LONGEST_CALL)

    async def _do(self, leg: Leg, deed: str, other: str) -> None:
        match deed:
            case "hold":
                await leg.hold()
                await asyncio.sleep(1.5)
                await leg.unhold()
            case "blind":
                await leg.dtmf(f"##{other}")
            case "to_queue":
                await leg.dtmf("##3000")
            case "refer":
                await leg.refer(other)
            case "park":
                await leg.dtmf("*7")
            case "attended" | "attended_given_up":
                await leg.dtmf("*2")
                await asyncio.sleep(0.6)
                await leg.dtmf(other)
                await asyncio.sleep(3.0)
                await leg.dtmf("*1" if deed == "attended_given_up" else "")

    # --- the office

    async def run_office(self) -> None:
        """Pauses, returns, penalties, members who come and go: one act every second or so."""
        chance = Random(f"{self.seed}-office")
        acts = {"pause": 5, "unpause": 6, "penalty": 2, "add": 2, "remove": 2, "ringinuse": 1}
        while True:
            await asyncio.sleep(chance.uniform(0.5, 1.5))
            act, phone = _choose(chance, acts), chance.choice(PHONES[4:11])
            queue, reason = chance.choice(("support", "billing")), chance.choice(REASONS)
            everywhere, penalty = chance.random() < 0.5, chance.randrange(4)
            with suppress(Refused, OSError, TimeoutError):
                session = await self.pair.pbx.ami("control")
                try:
                    await _act(session, act, f"PJSIP/{phone}", queue, reason, everywhere, penalty)
                    self.report.office[act] += 1
                finally:
                    await session.close()


async def _act(session: Ami, act: str, interface: str, queue: str, reason: str, everywhere: bool, penalty: int) -> None:
    where = {} if everywhere else {"Queue": queue}
    match act:
        case "pause":
            await session.send("QueuePause", Interface=interface, Paused="true", Reason=reason, **where)
        case "unpause":
            await session.send("QueuePause", Interface=interface, Paused="false", **where)
        case "penalty":
            await session.send("QueuePenalty", Interface=interface, Penalty=str(penalty), **where)
        case "ringinuse":
            await session.send("QueueMemberRingInUse", Interface=interface, RingInUse="no", **where)
        case "add":
            name = f"Li {interface[-4:]}"
            await session.send("QueueAdd", Queue=queue, Interface=interface, MemberName=name, StateInterface=interface)
        case "remove":
            await session.send("QueueRemove", Queue=queue, Interface=interface)


def _choose(chance: Random, weights: Mapping[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]
