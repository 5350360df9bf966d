"""The engine: the one writer of what time and rules decide, holding the floor's lease.

Not the decisions (`deadlines.py`; the rules of breaks come later) and not the reading (`follower.py`). It follows the log,
asks what is due, appends it under its fence, and writes a checkpoint now and then so that every process starts in seconds.
A second engine waits for the lease. What is appended comes back by the log like everybody's facts; until then it is not
said again, unless it takes too long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from realtime import deadlines
from realtime.changes import Changes
from realtime.deadlines import FloorSettings
from realtime.factcodec import encode, join
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.follower import Follower, Step
from realtime.log import Fence, Log, LogAway
from realtime.saying import Saying
from realtime.vitals import Family
from realtime.watched import EngineCounts, families_of_engine
from realtime.words import SECOND, Micros

LOOK_EVERY_S = 0.2
"""How late a deadline may be noticed; the fact carries the deadline, so only the screen is late."""
CHECKPOINT_EVERY: Micros = 30 * SECOND
"""Between two checkpoints: a restart folds at most this much of the log, some 100,000 facts on a very large floor."""
CHECKPOINT_SOON: Micros = 2 * SECOND
"""After the first floor was built: the next process to start need not read the whole log."""


SAY_AGAIN: Micros = 5 * SECOND
"""What has not come back by then was lost with a server's last seconds. The fold takes a second word of the same for none."""


class Engine:
    """One run under one lease. `run()` ends by FenceLost when another engine took over."""

    def __init__(
        self,
        log: Log,
        follower: Follower[Floor, Changes],
        fence: Fence,
        settings: FloorSettings,
        session: str,
        clock: Callable[[], Micros],
    ) -> None:
        self._log = log
        self._follower = follower
        self._fence = fence
        self._settings = settings
        self._session = session
        self._clock = clock
        self.counts = EngineCounts()
        self._began = clock()
        self._seq = 0
        self._said: list[tuple[Saying, Micros]] = []
        """Appended when, and not yet come back."""
        self._current = False
        self._checkpoint_due: Micros = 0

    async def run(self) -> None:
        """Until cancelled. Raises FenceLost, in a group as every task's."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._look())

    async def _follow(self) -> None:
        async for step in self._follower.steps():
            self._take(step)

    def _take(self, step: Step[Floor, Changes]) -> None:
        self._current = not step.behind
        if step.rebuilt:
            self._checkpoint_due = self._clock() + CHECKPOINT_SOON

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self._current:
                try:
                    await self._decide()
                    await self._checkpoint()
                except LogAway:
                    self._current = False  # the follower tells when it is back

    async def _decide(self) -> None:
        now = self._clock()
        due = deadlines.due(self._follower.floor, self._settings, now)
        self._said = [(each, when) for each, when in self._said if each in due and now - when < SAY_AGAIN]
        said = [each for each, _ in self._said]
        new = [each for each in due if each not in said]
        if new:
            facts = [self._fact(each, now) for each in new]
            await self._log.append([join(map(encode, facts))], self._fence)
            self._said += [(each, now) for each in new]
            self._count(new)

    def _count(self, new: list[Saying]) -> None:
        now = self._clock()
        for each in new:
            self.counts.decisions[each.kind.__name__] += 1
            if each.at >= self._began:  # what was due before there was an engine is no engine's lateness
                self.counts.lateness.observe(max(0, now - each.at) / SECOND)

    def families(self) -> list[Family]:
        return [*families_of_engine(self.counts), *self._follower.families()]

    def _fact(self, due: Saying, now: Micros) -> Fact:
        self._seq += 1
        return due.fact(now, self._session, self._seq)

    async def _checkpoint(self) -> None:
        now = self._clock()
        if now >= self._checkpoint_due:
            self._checkpoint_due = now + CHECKPOINT_EVERY
            began, counts = time.perf_counter(), self.counts
            if size := await self._follower.save(self._fence):
                counts.save.observe(time.perf_counter() - began)
                counts.saved, counts.saved_bytes = self._clock() / SECOND, size
            else:
                counts.save_faults += 1
