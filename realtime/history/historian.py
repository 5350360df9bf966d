"""The historian: takes every fact from the log into the database, in the engine's process and under its lease.

Not the engine (`engine.py` decides, whether or not history is there) and not what a batch is (`record.py`). Whatever goes
wrong with the database, it begins anew from what the database says: so there is one way to go on, after a restart and after
a fault. Its floor is the fold of the facts in the database, in their order. While the database is away the log keeps what is
not written yet, up to its own bound (`log_redis.KEEP`); behind history it is trimmed (`trimming.py`).

When the log lost its last seconds, history may know more than the log: what producers say again is known by its number.
"""

from __future__ import annotations

import asyncio
import random
import time
import zlib
from collections.abc import Callable
from typing import NamedTuple

from realtime.backoff import Backoff
from realtime.changes import Changes
from realtime.checkpoint import Checkpoint, Checkpoints
from realtime.factcodec import decode
from realtime.floor import Floor
from realtime.fold import FOLD_VERSION, apply
from realtime.folding import FloorFolding
from realtime.history.database import BadDatabase, Database
from realtime.history.port import HistoryAway
from realtime.history.record import Batch, Sessions
from realtime.history.store import StoredHistory
from realtime.history.trimming import Trimmer
from realtime.history.upkeep import Upkeep
from realtime.history.writer import Cursor, Writer
from realtime.log import Fence, Log, LogAway, PositionLost, Record
from realtime.watched import HistoryCounts
from realtime.words import SECOND, Micros

RECORDS = 200
"""Batches of the log in one transaction: some thousand facts, a tenth of a second of work."""
WAIT_MS = 1_000
LINGER_S = 0.5
"""Between two transactions while all is written: a busy floor's facts go in by hundreds and not one by one."""
FLOOR_EVERY: Micros = 300 * SECOND
"""Between two floors: a restart folds at most five minutes, a question about a moment of today, too."""
AWAY_MOST_S = 30.0
"""How late a database that is back is noticed."""
_folding = FloorFolding()


class Here(NamedTuple):
    """Where the writing stands: what the database said when it began, and all since."""

    cursor: Cursor
    sessions: Sessions
    floor: Floor
    seen: Micros


class Historian:
    """One run under one lease. `told` hears what went wrong and when it is well again, one sentence each."""

    def __init__(
        self,
        log: Log,
        checkpoints: Checkpoints,
        database: Database,
        floor: str,
        fence: Fence,
        keep_days: int,
        clock: Callable[[], Micros],
        told: Callable[[str], None] = lambda _: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.away = ""
        """Why nothing can be written just now; empty while all is well."""
        self.counts = HistoryCounts()
        self._log = log
        self._checkpoints = checkpoints
        self._fence = fence
        self._clock = clock
        self._told = told
        self._store = StoredHistory(database)
        self._writer = Writer(database, floor, fence.token)
        self._upkeep = Upkeep(database, keep_days, self.counts)
        self._trimmer = Trimmer(log, checkpoints, clock, self.counts)
        self._backoff = Backoff(chance, most_s=AWAY_MOST_S)
        self._here: Here | None = None
        self._floor_place = 0
        self._floor_due: Micros = 0

    async def run(self) -> None:
        """Until cancelled. Raises HistoryTaken."""
        while True:
            try:
                await self._step()
                self._tell("")
                self._backoff.reset()
            except (HistoryAway, BadDatabase, LogAway) as away:
                if not isinstance(away, LogAway):
                    self._here = None
                    self.counts.faults += 1
                self._tell(str(away))
                await asyncio.sleep(self._backoff.next())

    def stumbled(self, why: str) -> None:
        """Something else went wrong: the next run begins with what the database says."""
        self._here = None
        self._tell(why)

    async def close(self) -> None:
        await self._store.close()

    async def found(self) -> None:
        """Before anybody follows a log that holds no checkpoint of this version of the fold (an upgrade): makes one of what history
        knows, since the log is trimmed to little more than an hour. Raises HistoryAway, BadDatabase, HistoryTaken, LogAway, FenceLost."""
        if any(checkpoint.version == FOLD_VERSION for checkpoint in await self._checkpoints.load()):
            return
        here = self._here = await self._resume()
        if here.cursor.position is None:
            return
        try:
            await self._checkpoints.save(Checkpoint(here.cursor.position, FOLD_VERSION, _folding.dump(here.floor)), self._fence)
        except PositionLost as lost:
            self._told(str(lost))

    async def _step(self) -> None:
        if self._here is None:
            self._here = await self._resume()
        records = await self._read(self._here.cursor)
        if records:
            self._here = await self._write(self._here, records)
        await self._keep_floor(self._here)
        if len(records) < RECORDS:
            await self._trimmer.look(self._here.cursor.position)
            await self._upkeep.look(self._clock())
            await asyncio.sleep(LINGER_S)

    async def _resume(self) -> Here:
        """The newest floor of this version in the database, and the facts behind it."""
        cursor = await self._writer.open()
        sessions = await self._writer.sessions()
        base = await self._store.base()
        floor, place, seen = base or (Floor(), 0, 0)
        changes = Changes()
        async for each in self._store.after(place):
            apply(floor, each.fact, changes)
            seen = max(seen, each.fact.seen)
        self._floor_place, self._floor_due = place, self._clock() + FLOOR_EVERY
        return Here(cursor, sessions, floor, seen)

    async def _read(self, cursor: Cursor) -> list[Record]:
        try:
            return await self._log.read(cursor.position, RECORDS, WAIT_MS)
        except PositionLost as lost:
            self._told(f"{lost} History goes on from the oldest record that is there; what it has already, it knows.")
            return await self._log.read(None, RECORDS)

    async def _write(self, here: Here, records: list[Record]) -> Here:
        cursor, sessions, floor, seen = here
        batch = Batch(floor, cursor.place, seen, sessions)
        self._here = None  # the floor is ahead of the database until all is written
        for record in records:
            for fact in decode(record.batch):
                batch.take(fact)
            await asyncio.sleep(0)  # the engine decides in between
        self.counts.waiting = len(batch.facts)
        began = time.perf_counter()
        cursor = await self._writer.write(batch, cursor, records[-1].position)
        self.counts.write.observe(time.perf_counter() - began)
        self.counts.facts += len(batch.facts)
        self.counts.waiting, self.counts.written = 0, batch.seen / SECOND
        return Here(cursor, sessions, floor, batch.seen)

    async def _keep_floor(self, here: Here) -> None:
        now = self._clock()
        if now < self._floor_due or here.cursor.place == self._floor_place:
            return
        blob = await asyncio.to_thread(zlib.compress, _folding.dump(here.floor), 1)
        await self._writer.keep_floor(here.cursor.place, here.seen, FOLD_VERSION, blob)
        await self._upkeep.thin_floors(now)
        self._floor_place, self._floor_due = here.cursor.place, now + FLOOR_EVERY

    def _tell(self, away: str) -> None:
        self.counts.away = bool(away)
        if away and away != self.away:
            self._told(away)
        elif self.away and not away:
            self._told("History is written again.")
        self.away = away
