"""Keeps a floor up to date: checkpoint, then the log, one step a read; heals itself when its position is lost.

Not the fold: `folding` says how a floor is made, read, written and folded, so this knows no fact. Everyone folds the same log;
nobody asks another process for state. While the log is away the last floor stays, and each try says so (`Step.away`), so that
a screen can show that it is cut off.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec

from realtime.backoff import Backoff
from realtime.checkpoint import Checkpoint, Checkpoints
from realtime.log import Fence, Log, LogAway, Position, PositionLost, Record
from realtime.vitals import Family
from realtime.watched import FollowerCounts, families_of_follower

RECORDS_A_STEP = 100
"""A step is folded without a pause, so that nobody sees half of it: 100 small batches take some 10 ms."""
ADOPT_S = 120.0
"""After an upgrade: how long a floor that was built from the log alone looks out for the checkpoint that the engine makes of history.
The log is trimmed behind history, so such a floor may lack most of its day."""
ADOPT_EVERY_S = 1.0
WAIT_MS = 1_000
"""A quiet log gives an empty step each second: the sign that it is there."""

F = TypeVar("F")
C = TypeVar("C")


class Folding(Protocol[F, C]):
    """How floors come about. `version` changes when a floor of before cannot be read or would have come out otherwise."""

    @property
    def version(self) -> str: ...
    def new(self) -> F: ...
    def load(self, blob: bytes) -> F:
        """Raises ValueError or msgspec.MsgspecError for what `dump` did not make."""
        ...

    def dump(self, floor: F, /) -> bytes: ...
    def new_changes(self) -> C: ...
    def apply_batch(self, floor: F, batch: bytes, changes: C, /) -> None:
        """Total: an odd fact is no reason to raise. What is raised is a bug and ends the follower."""
        ...


@dataclass(frozen=True, slots=True)
class Step(Generic[F, C]):
    """What one read brought. The floor is the same mutable object from step to step until one is `rebuilt`."""

    floor: F
    changes: C
    position: Position | None
    """None: not one record has been seen."""
    rebuilt: bool
    """The floor is another one than in the step before: send snapshots, the changes do not lead there."""
    behind: bool
    """More is waiting, or the log is away: do not take this floor for the present."""
    away: str
    """Why the log cannot be read just now, as a sentence; empty when this was a read."""
    records: int


class Follower(Generic[F, C]):
    """Follows one log. It needs the log's reading for itself: one backend object a follower. `told` hears what was healed."""

    def __init__(
        self,
        log: Log,
        checkpoints: Checkpoints,
        folding: Folding[F, C],
        *,
        records: int = RECORDS_A_STEP,
        wait_ms: int = WAIT_MS,
        told: Callable[[str], None] = lambda _: None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.floor: F = folding.new()
        self.position: Position | None = None
        self.counts = FollowerCounts()
        self._log = log
        self._checkpoints = checkpoints
        self._folding = folding
        self._records = records
        self._wait_ms = wait_ms
        self._told = told
        self._backoff = Backoff(chance)
        self._lost = True
        """The floor has to be built (again) before the next read."""
        self._adopt_until = self._adopt_due = 0.0

    async def steps(self) -> AsyncIterator[Step[F, C]]:
        """For ever, one after each read; the first is always `rebuilt`. Between two steps the floor may be read and dumped."""
        while True:
            try:
                step = await self._step()
            except PositionLost as lost:
                self._told(str(lost))
                self._lost = True
            except LogAway as away:
                self.counts.faults += 1
                self.counts.away = True
                yield Step(self.floor, self._folding.new_changes(), self.position, rebuilt=False, behind=True, away=str(away), records=0)
                await asyncio.sleep(self._backoff.next())
            else:
                self._backoff.reset()
                yield step

    async def save(self, fence: Fence | None = None) -> int:
        """Saves a checkpoint of the floor as it is, and says how many bytes it has. 0: there was nothing to save, or the log has lost
        this position (the next step heals it).

        Raises LogAway, FenceLost.
        """
        if self.position is None or self._lost:
            return 0
        checkpoint = Checkpoint(self.position, self._folding.version, self._folding.dump(self.floor))
        try:
            await self._checkpoints.save(checkpoint, fence)
        except PositionLost as lost:
            self._told(str(lost))
            return 0
        return len(checkpoint.blob)

    async def _step(self) -> Step[F, C]:
        rebuilt = self._lost or await self._adopts()
        if rebuilt:
            self.floor, self.position, records = await self._build()
            self._lost = False
        else:
            records = await self._log.read(self.position, self._records, self._wait_ms)
        changes = self._folding.new_changes()
        began = time.perf_counter()
        for position, batch in records:
            self._folding.apply_batch(self.floor, batch, changes)
            self.position = position
        behind = len(records) == self._records
        self._count(len(records), rebuilt, behind, time.perf_counter() - began)
        return Step(self.floor, changes, self.position, rebuilt, behind, away="", records=len(records))

    def families(self) -> list[Family]:
        return families_of_follower(self.counts, self.position)

    def _count(self, records: int, rebuilt: bool, behind: bool, took_s: float) -> None:
        counts = self.counts
        counts.records += records
        counts.rebuilds += rebuilt
        counts.away, counts.behind = False, behind
        if records:
            counts.fold.observe(took_s)

    async def _build(self) -> tuple[F, Position | None, list[Record]]:
        """The newest checkpoint that we can read and that the log still holds, else from the oldest record."""
        checkpoints = await self._checkpoints.load()
        self._adopt_until = 0.0
        for checkpoint in checkpoints:
            floor = self._read(checkpoint)
            if floor is None:
                continue
            try:
                return floor, checkpoint.position, await self._log.read(checkpoint.position, self._records)
            except PositionLost:
                self._told(f"The checkpoint at {checkpoint.position} is older than the log or not of it: it is left aside.")
        if checkpoints and not any(checkpoint.version == self._folding.version for checkpoint in checkpoints):
            self._adopt_until = time.monotonic() + ADOPT_S
        return self._folding.new(), None, await self._log.read(None, self._records)

    async def _adopts(self) -> bool:
        """This floor was built from the log alone, and now there is a checkpoint to build it from."""
        now = time.monotonic()
        if now >= self._adopt_until or now < self._adopt_due:
            return False
        self._adopt_due = now + ADOPT_EVERY_S
        return any(checkpoint.version == self._folding.version for checkpoint in await self._checkpoints.load())

    def _read(self, checkpoint: Checkpoint) -> F | None:
        if checkpoint.version != self._folding.version:
            self._told(f"The checkpoint at {checkpoint.position} is of version {checkpoint.version} of the floor: it is left aside.")
            return None
        try:
            return self._folding.load(checkpoint.blob)
        except (ValueError, msgspec.MsgspecError) as error:
            self._told(f"The checkpoint at {checkpoint.position} cannot be read ({error}): it is left aside.")
            return None
