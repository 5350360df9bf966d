"""The engine's hand on a ledger without the engine: turns of an `Opening`, often, with a floor of a test's own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from realtime.factcodec import encode, join
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.ledger.opening import Opening, Past
from realtime.ledger.port import KeptLedger
from realtime.log import Log, LogAway, Position
from realtime.log_faults import LogRestarted
from realtime.owned_outbound import CampaignNow
from realtime.words import Micros, Node
from tests.realtime.ledger.desk import NOW

TURN_S = 0.02


class Hand:
    """`say` does what the engine's own saying does: stops first, then the log, then the rest."""

    def __init__(self, ledger: KeptLedger, log: Log, past: Past | None = None, floor: Floor | None = None) -> None:
        self.told: list[str] = []
        self.now: Micros = NOW
        self.floor = floor or a_floor()
        self.position: Position | None = None
        self.ledger = ledger
        self.log = log
        self.opening = Opening(ledger, log, past, told=self.told.append)
        self._seq = 0

    async def turn(self) -> None:
        with suppress(LogAway):
            await self.opening.turn(self.floor, self.position, self.now)

    async def turns(self) -> None:
        while True:
            await self.turn()
            await asyncio.sleep(TURN_S)

    async def settled(self, limit_s: float = 20) -> None:
        async with asyncio.timeout(limit_s):
            while not self.opening.settled:  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[Hand]:
        tasks = [asyncio.create_task(self.opening.run()), asyncio.create_task(self.turns())]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            for found in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(found, Exception):
                    raise found

    def facts(self, *kinds: tuple[type[Fact], dict[str, object]]) -> list[Fact]:
        """With numbers of its own, as of now."""
        made = []
        for kind, fields in kinds:
            self._seq += 1
            made.append(kind(self.now, self.now, Node(""), "hand", self._seq, **fields))  # type: ignore[arg-type]
        return made

    async def say(self, facts: Sequence[Fact]) -> None:
        await self.opening.before(facts)
        batch = [join(map(encode, facts))]
        try:
            self.position = await self.log.append(batch)
        except LogRestarted:
            self.position = await self.log.append(batch)
        await self.opening.after(facts, True, self.position)


def a_floor(**states: str) -> Floor:
    floor = Floor()
    for name, state in (states or {"c1": "formal"}).items():
        floor.owned.outbound.campaigns[name] = CampaignNow(name, state)
    return floor
