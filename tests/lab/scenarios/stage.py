"""What a scene has to play with, and the table in which scenes enter themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.lab.ami import Ami, Message
from tests.lab.pair import Pair
from tests.lab.people import Leg, World

CUSTOMER = "13800000001"
RING, TALK = 1.1, 1.2
"""Seconds a phone rings and people talk: enough for whole seconds to show in queue_log."""
Play = Callable[["Stage"], Awaitable[None]]


@dataclass
class Stage:
    """`record` is the session whose bytes are kept, `hands` another one that acts."""

    pair: Pair
    world: World
    record: Ami
    hands: Ami
    sessions: list[bytes] = field(default_factory=list)
    """Earlier sessions' bytes, when a scene ends one (a restart)."""

    async def event(self, name: str, since: int = 0, seconds: float = 20.0, **headers: str) -> Message:
        return await self.record.event(name, seconds, since, **headers)

    @property
    def mark(self) -> int:
        return self.record.mark

    async def queue_call(self, queue: str, number: str = CUSTOMER) -> tuple[Leg, Leg]:
        """A customer calls, an agent answers, both talk: (customer's leg, agent's leg)."""
        mark = self.mark
        customer = await self.world.call(number, queue)
        desk = await self.world.rings()
        await asyncio.sleep(RING)
        await desk.answer()
        await self.event("AgentConnect", mark)
        await asyncio.sleep(TALK)
        return customer, desk

    async def waiting(self, queue: str, number: str = CUSTOMER) -> tuple[Leg, Message]:
        """A customer who waits in a queue, and the join."""
        mark = self.mark
        customer = await self.world.call(number, queue)
        return customer, await self.event("QueueCallerJoin", mark, CallerIDNum=number)

    async def nobody_answers(self, *queues: str) -> None:
        """Pause all members, so that callers wait without a ring."""
        for queue in queues or ("support", "billing", "sales"):
            for item in await self.hands.send("QueueStatus", Queue=queue):
                if item.get("Event") == "QueueMember":
                    await self.hands.send("QueuePause", Queue=queue, Interface=item["Location"], Paused="true", Reason="会议")

    async def desk_calls(self, phone: str, called: str) -> Leg:
        """A desk phone dials and is connected."""
        leg = await self.world.call(phone, called)
        await leg.up()
        return leg


@dataclass(frozen=True)
class Scene:
    name: str
    shows: str
    play: Play
    parking_seconds: int


SCENES: dict[str, Scene] = {}


def scene(*, parking_seconds: int = 45) -> Callable[[Play], Play]:
    """Enter a coroutine in the table under its name (`_` becomes `-`)."""

    def enter(play: Play) -> Play:
        name = getattr(play, "__name__", "").replace("_", "-")
        SCENES[name] = Scene(name, " ".join((play.__doc__ or "").split()), play, parking_seconds)
        return play

    return enter
