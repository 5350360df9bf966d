"""What goes wrong on an outbound day, by the plan's rates; and that in the end nothing does any more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from realtime.words import SECOND, Micros
from tests.simulation.dialling_gate import Gate

if TYPE_CHECKING:
    from tests.simulation.dialling import Dialling

APART: Micros = 20 * SECOND
"""Between a gate's death and a loss of the server's last second: who alone knew what was lost must be there to say it again."""
KINDS = ("cuts", "restarts", "late", "twice", "gate_kills", "log_outages", "losses", "wipes", "jumps", "engine_kills")


class Mishaps:
    def __init__(self, day: Dialling) -> None:
        self.at: list[Micros] = []
        """When there was one that can keep something from being written down at once."""
        self.losses: list[Micros] = []
        self._day = day
        self._gate_died: Micros = 0
        self._lives = 0
        self._due: dict[str, float] = {}

    async def step(self, share: float) -> None:
        """`share`: of an hour that has gone by."""
        day = self._day
        for kind in KINDS:
            rate: float = getattr(day.plan, kind)
            if rate and day.chance.random() < rate * share:
                await getattr(self, f"_{kind}")()
        await self._gates()

    def heal(self) -> None:
        day = self._day
        day.wishes.closed = True
        day.ledger.stalls = day.ledger.lost_answers = 0.0
        day.server.away_until = 0.0
        day.adapter.back_at = day.adapter.held_until = 0
        day.engine_due = 0.0
        if self.at:  # its last one may have been on until now
            self.at.append(day.now)
        self._due = dict.fromkeys(self._due, 0.0)
        for gate in day.gates:
            gate.skew = 0

    async def engine(self) -> None:
        day = self._day
        if day.engine is None or day.engine.done():
            day.engine_crashed()
            if day.server.time() >= day.engine_due:
                await day.begin_engine()
        await self._gates()

    async def _gates(self) -> None:
        day = self._day
        for name in [name for name, due in self._due.items() if day.server.time() >= due]:
            del self._due[name]
            self._lives += 1
            day.gates.append(Gate(day, f"{name.partition('-')[0]}-{self._lives}"))

    # ------------------------------------------------------------------ kinds

    async def _cuts(self) -> None:
        self._noted()
        self._day.adapter.cut(self._day.chance.choice((1, 8, 30)))

    async def _restarts(self) -> None:
        self._noted()
        self._day.pbx.restart()
        self._day.adapter.cut(self._day.chance.choice((2, 10)))

    async def _late(self) -> None:
        self._noted()
        self._day.adapter.held_until = self._day.now + round(self._day.chance.choice((0.5, 2, 6)) * SECOND)

    async def _twice(self) -> None:
        if not self._day.server.away:
            await self._day.adapter.again()

    async def _gate_kills(self) -> None:
        day = self._day
        if len(day.gates) < 2 or (self.losses and day.now < self.losses[-1] + APART):
            return
        gate = day.gates.pop(day.chance.randrange(len(day.gates)))
        await gate.end()
        self._gate_died = day.now
        self._due[gate.name] = day.server.time() + day.chance.choice((0.5, 5, 30))

    async def _log_outages(self) -> None:
        self._noted()
        self._day.server.away_until = self._day.server.time() + self._day.chance.choice((1, 6))

    async def _losses(self) -> None:
        day = self._day
        if day.server.away or day.now < self._gate_died + APART:
            return
        self._noted()
        self.losses.append(day.now)
        since = day.server.time() - day.chance.uniform(0, 1)
        day.server.lose(day.server.time() - since)
        day.ledger.restart(since)
        if day.chance.random() < 0.5:
            day.server.away_until = day.server.time() + day.chance.choice((0.5, 3))
        day.laws.lost()

    async def _wipes(self) -> None:
        self._noted()
        self._day.ledger.wipe()

    async def _jumps(self) -> None:
        day = self._day
        most = round(day.plan.skew_s * SECOND)
        day.chance.choice(day.gates).skew = day.chance.randint(-most, most)

    async def _engine_kills(self) -> None:
        """At once; in the middle of a turn; or it is only told that an append failed which did not."""
        day = self._day
        if day.engine is None or day.engine.done():
            return
        self._noted()
        if day.chance.random() < 0.3:
            day.door.lie = True
            return
        for _ in range(day.chance.randrange(0, 60)):
            await asyncio.sleep(0 if day.chance.random() < 0.8 else 0.002)
        await day.end_engine()
        day.engine_due = day.server.time() + day.chance.choice((0, 1, 8))

    def _noted(self) -> None:
        self.at.append(self._day.now)
