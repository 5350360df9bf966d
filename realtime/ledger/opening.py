"""Who opens the ledger: the engine's hand on it. Says what facts change, and makes it whole again after a loss.

Not the ledger and not what a fact is worth there (`changes.py`). A ledger is shut from the moment at which its server is another one (or
was emptied) until it was opened for that server, by these steps:

1. *Begin a round.* Whoever takes sees it within a second, and says again what was taken in the last seconds. The engine waits for all who
   were there, 2 s at least; 10 s at most, for who is silent longer is dead.
2. *Catch up.* A server forgets from the end, so the position that was written down with the last changes says from where the log must be
   read again. If that position is gone with the rest, everything is rebuilt: from history, then from the log, some 4,000 facts a
   second, so minutes where tens of thousands are dialled a day.
3. *Open*: with the campaigns' states as they are on the floor, in the engine's turn, so that no step comes between.

The engine that takes over from another does 2 and 3. What is not certain shuts: then nobody dials, and the next turn begins anew.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import NoReturn, Protocol

from realtime.backoff import Backoff
from realtime.dial.model import Blocked
from realtime.factcodec import decode
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.history.port import HistoryAway, Kept
from realtime.ledger.changes import COUNTED, LASTING, OPEN, STOPPED, changes_of, closes
from realtime.ledger.names import KEEP_S
from realtime.ledger.port import ALL, Change, Drop, KeptLedger, SetBlock, SetState, Standing
from realtime.log import Log, LogAway, Position, PositionLost
from realtime.outbound import DialDecided, DialEnded
from realtime.words import SECOND, Micros

LOOK_S = 1.0
"""Between two looks whether the server is the same; takes look by themselves, so this is only how soon it is mended."""
GATES_S = 2.0
"""Whoever takes looks once a second."""
GATES_MOST_S = 10.0
"""Longer than a healthy process is ever silent. Who comes later says again what it took before it takes anything more."""
RECONCILE_S = 30.0
GHOST: Micros = 60 * SECOND
"""A call under way that the floor does not know so long after it was allowed has ended unseen."""
PENDING_MOST = 10_000
"""Changes that wait for the server: a minute of a large floor. With more the log is read instead."""
PAGE = 200
"""Records of the log read at once."""
CHUNK = 2_000
"""Changes sent at once while everything is rebuilt: all that is in memory of it."""
ENDED_KEPT = 100_000
"""Dials that were seen to end, the last of them: a decision that is said again after that counts for nothing."""
AGAIN_S = 1.0


class Past(Protocol):
    """What of history is read: facts of these kinds in the order of the log, those of `lasting` whatever their age."""

    def told(self, counted: Sequence[type[Fact]], lasting: Sequence[type[Fact]], since: Micros) -> AsyncIterator[Kept]: ...


class Opening:
    """Owned by the engine. All but `run` happens in its turns, one after the other; `run` is a task for what takes long."""

    def __init__(
        self,
        ledger: KeptLedger,
        log: Log,
        past: Past | None = None,
        *,
        told: Callable[[str], None] = lambda _: None,
        wake: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._log = log
        self._past = past
        self._told = told
        self._wake = wake
        self._clock = clock
        self._settled = False
        self._due = self._reconcile_due = 0.0
        self._round = ""
        self._waits = self._waits_most = 0.0
        self._pending: deque[Change] = deque()
        self._building = asyncio.Event()
        self._start: str | None = None
        """Position that is caught up from; None: from history."""
        self._reader: _Reader | None = None
        """Of what was caught up on, once it is nearly at the end of the log."""
        self._blocks: list[Change] = []
        """Requests not to be called that the floor remembers, where no history does: the log forgets them before people do."""
        self._now: Micros = 0

    @property
    def settled(self) -> bool:
        """It is open, and as it should be as far as is known here."""
        return self._settled

    # ------------------------------------------------------------------ what is said

    async def before(self, facts: Sequence[Fact]) -> None:
        """What keeps dials from being made is in the ledger before it is in the log. Raises LogAway: then nothing is said."""
        closing = [change for fact in facts for change in changes_of(fact) if closes(change)]
        if closing:
            await self._ledger.apply(closing)

    async def after(self, facts: Sequence[Fact], came: bool, position: Position | None) -> None:
        """They are on the floor. `came` False: nobody knows where they are, so the ledger is made again what the floor says."""
        if not came:
            self._settled = self._settled and not any(map(changes_of, facts))
        if self._settled:  # else it is read from the log before it is opened
            self._pending += [change for fact in facts for change in changes_of(fact)]
            await self._flush(position)

    async def _flush(self, position: Position | None, beat: bool = False) -> None:
        if not self._pending and not beat:
            return
        changes = list(self._pending)
        try:
            await self._ledger.apply_upto(changes, str(position) if position else "")
            self._pending.clear()
        except LogAway as away:
            if len(changes) > PENDING_MOST:
                self._told(f"{away} What facts changed meanwhile is read from the log before anybody may dial again.")
                self._pending.clear()
                self._settled = False

    # ------------------------------------------------------------------ turns

    async def turn(self, floor: Floor, position: Position | None, now: Micros) -> None:
        """Often; looks once a second while all is well. Raises LogAway."""
        clock, self._now = self._clock(), now
        if self._settled and clock < self._due:
            await self._flush(position)
            return
        self._due = clock + LOOK_S
        if self._past is None and not self._settled:
            self._blocks = blocks_of(floor)
        standing = await self._ledger.standing()
        if self._settled and not (standing.open and standing.whole and standing.round == self._round):
            self._told("The ledger's server was started anew or emptied: nobody dials until the ledger is whole again.")
            self._settled = False
            self._reader = None
        if self._settled:
            await self._flush(position, beat=True)
            await self._reconcile(floor, now)
        elif await self._may_open(standing):
            await self._open(floor)

    async def _may_open(self, standing: Standing) -> bool:
        """Goes one step further; True when there is nothing left but to open it."""
        clock = self._clock()
        if not standing.round.startswith(standing.run) or (not standing.whole and self._round != standing.round):
            fresh = not self._round and not standing.round  # nobody can have taken anything
            self._round = f"{standing.run}:{secrets.token_hex(8)}"
            await self._ledger.begin(self._round)
            self._waits, self._waits_most = (clock, clock) if fresh else (clock + GATES_S, clock + GATES_MOST_S)
            self._stop_building()
        elif self._round != standing.round:
            self._round = standing.round
            self._waits, self._waits_most = (clock, clock) if standing.open else (clock + GATES_S, clock + GATES_MOST_S)
            self._stop_building()
        if clock < self._waits or (standing.missing and clock < self._waits_most):
            return False
        if self._reader is None and not self._building.is_set():
            if standing.open:  # nobody may take by what is said again in parts: a number blocked, unblocked and blocked
                await self._ledger.shut()
            self._start = standing.upto if standing.whole else None
            self._building.set()
        return self._reader is not None

    async def _open(self, floor: Floor) -> None:
        assert self._reader is not None
        try:
            await self._reader.read_log()
        except PositionLost:
            self._reader = None
            self._start = None
            self._building.set()
            return
        self._pending.clear()
        await self._ledger.open(states_of(floor), self._reader.upto)
        self._reader = None
        self._settled = True
        self._reconcile_due = self._clock() + RECONCILE_S

    async def _reconcile(self, floor: Floor, now: Micros) -> None:
        """Calls under way that the floor does not know hold no place."""
        if self._clock() < self._reconcile_due:
            return
        self._reconcile_due = self._clock() + RECONCILE_S
        dials = floor.owned.outbound.dials
        ghosts = [each for each in await self._ledger.flights(now - GHOST) if each.member not in dials or dials[each.member].over]
        if ghosts:
            await self._ledger.apply([Drop(each.key, each.member) for each in ghosts])
            self._told(f"{len({each.member for each in ghosts})} calls held a place in the ledger that the floor does not know: freed.")

    # ------------------------------------------------------------------ what takes long

    def _stop_building(self) -> None:
        self._building.clear()
        self._reader = None

    async def run(self) -> NoReturn:
        """Until cancelled: catches up on the log, or rebuilds everything, whenever a turn asks for it."""
        backoff = Backoff(lambda: 0.5, most_s=AGAIN_S)
        while True:
            await self._building.wait()
            round_ = self._round
            reader = _Reader(self._ledger, self._log, self._start)
            try:
                if self._start is None:
                    await self._rebuild(reader)
                await reader.read_log()
            except PositionLost as lost:
                self._told(f"{lost} The ledger is rebuilt.")
                self._start = None
            except (LogAway, HistoryAway) as away:
                self._told(f"{away} The ledger stays shut meanwhile.")
                await asyncio.sleep(backoff.next())
            else:
                if self._round == round_ and self._building.is_set():
                    self._reader = reader
                    self._building.clear()
                backoff.reset()
                self._wake()

    async def _rebuild(self, reader: _Reader) -> None:
        if self._past is None:
            self._told("The ledger is made from the log alone, for no history is kept: it knows no calls of before.")
            await self._ledger.apply(self._blocks)
            return
        began, count = self._clock(), 0
        async for kept in self._past.told(COUNTED, LASTING, self._now - KEEP_S * SECOND):
            await reader.take(kept.fact)
            count += 1
        await reader.flush()
        if count:
            self._told(f"The ledger was rebuilt from {count} facts of history in {self._clock() - began:.1f} s.")


class _Reader:
    """Facts that were said, into the ledger, in the order of the log. `start` None: everything is rebuilt, so takes count, too."""

    def __init__(self, ledger: KeptLedger, log: Log, start: str | None) -> None:
        self.upto = start or ""
        self._ledger = ledger
        self._log = log
        self._rebuilt = start is None
        self._after = Position.parse(start) if start else None
        self._changes: list[Change] = []
        self._ended: dict[str, None] = {}

    async def read_log(self) -> None:
        """To its end. Raises PositionLost, LogAway."""
        while True:
            records = await self._log.read(self._after, PAGE)
            for record in records:
                for fact in decode(record.batch):
                    await self.take(fact)
                self._after = record.position
            await self.flush()
            self.upto = str(self._after) if self._after else ""
            if len(records) < PAGE:
                return

    async def take(self, fact: Fact) -> None:
        """Campaigns' states come from the floor. What a gate took is in the ledger in one stroke with the log, or is said again."""
        if type(fact) is DialDecided and (not self._rebuilt or fact.dial in self._ended):
            return
        if type(fact) is DialEnded:
            self._ended[fact.dial] = None
            if len(self._ended) > ENDED_KEPT:
                del self._ended[next(iter(self._ended))]
        self._changes += [change for change in changes_of(fact) if type(change) is not SetState]
        if len(self._changes) >= CHUNK:
            await self.flush()

    async def flush(self) -> None:
        if self._changes:
            changes, self._changes = self._changes, []
            await self._ledger.apply(changes)


def blocks_of(floor: Floor) -> list[Change]:
    kept = floor.owned.outbound.blocks.items()
    return [SetBlock(digest, Blocked(each.scope, each.about, each.at)) for digest, blocks in kept for each in blocks]


def states_of(floor: Floor) -> dict[str, str]:
    outbound = floor.owned.outbound
    states = {each.id: each.state for each in outbound.campaigns.values()}
    return {**states, ALL: STOPPED if outbound.stopped else OPEN}
