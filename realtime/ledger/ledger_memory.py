"""The ledger in this process: for tests, simulations and a floor that keeps nothing (`memory:`). Its twin is `ledger_redis.py`.

Open from the start, since nothing of it can be lost but by `flush` (as a FLUSHALL does) and `restart`. One suite of tests holds for both.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Awaitable, Callable, Mapping, Sequence

from realtime.dial.model import Blocked, Check, Consent, Counted
from realtime.factcodec import join
from realtime.ledger.changes import STOPPED
from realtime.ledger.names import FLIGHT
from realtime.ledger.port import (
    ALL,
    DIALLING_STATES,
    Build,
    Change,
    Drop,
    DropBlock,
    DropConsent,
    Flight,
    Looked,
    Put,
    Question,
    SetBlock,
    SetConsent,
    SetState,
    Standing,
    Taken,
)
from realtime.log import Fence, LogAway
from realtime.words import SECOND, Micros

Append = Callable[[Sequence[bytes]], Awaitable[object]]
"""As `Log.append`."""


async def _nowhere(_: Sequence[bytes]) -> None:
    raise LogAway("This ledger has no log to write down what it takes.")


class _Counter:
    """Events of one key, by time; a member once."""

    def __init__(self) -> None:
        self.events: list[tuple[Micros, str]] = []
        self.members: dict[str, Micros] = {}

    def put(self, at: Micros, member: str, oldest: Micros) -> None:
        self.drop(member)
        self.members[member] = at
        insort(self.events, (at, member))
        while self.events and self.events[0][0] < oldest:
            del self.members[self.events.pop(0)[1]]

    def drop(self, member: str) -> None:
        if member in self.members:
            self.events.remove((self.members.pop(member), member))

    def counted(self, check: Check) -> Counted:
        events = len(self.events) - bisect_left(self.events, (check.since, ""))
        frees = self.events[-check.most][0] if 0 < check.most <= events else 0
        return Counted(events, frees)


class MemoryLedger:
    """`append`: where facts go, `MemoryLog.append`. `session`: of what it appends."""

    def __init__(self, append: Append = _nowhere, session: str = "ledger") -> None:
        self.fence: Fence | None = None
        self.ready = ""
        """A word why not, for tests: `away` and the like. `rebuilding` while it is shut."""
        self._append = append
        self._session = session
        self._seq = 0
        self._lives = 1
        self._round = "1:"
        self._upto: str | None = ""
        self._counters: dict[str, _Counter] = {}
        self._states: dict[str, str] = {}
        self._blocks: dict[str, dict[tuple[str, str], Blocked]] = {}
        self._consents: dict[str, dict[tuple[str, str], Consent]] = {}

    async def run(self) -> None:
        """Nothing to look after."""

    async def look(self, question: Question) -> Looked:
        return Looked(self.ready) if self.ready else self._looked(question)

    async def take(self, question: Question, takes: Sequence[Put], build: Build) -> Taken:
        looked = await self.look(question)
        if looked.ready or not _good(question, looked):
            return Taken(False, looked)
        self._seq += 1
        fact = build(self._session, self._seq)
        for each in takes:
            self._change(each)
        try:
            await self._append([join([fact])])
        except LogAway:
            for each in takes:
                self._change(Drop(each.key, each.member))
            return Taken(False, Looked("away"))
        return Taken(True, looked)

    async def apply(self, changes: Sequence[Change]) -> None:
        for each in changes:
            self._change(each)

    async def close(self) -> None:
        """It lives as long as the process."""

    # ------------------------------------------------------------------ as the engine has it

    async def standing(self) -> Standing:
        whole = self._upto is not None
        return Standing(f"{self._lives}:", self._round, not self.ready, whole, self._upto or "")

    async def begin(self, round_: str) -> None:
        self.ready, self._round = "rebuilding", round_

    async def shut(self) -> None:
        self.ready = "rebuilding"

    async def open(self, states: Mapping[str, str], upto: str) -> None:
        self.ready, self._states, self._upto = "", dict(states), upto

    async def apply_upto(self, changes: Sequence[Change], upto: str) -> None:
        await self.apply(changes)
        if self._upto is not None and not self.ready:  # as the script does
            self._upto = upto

    async def flights(self, before: Micros) -> list[Flight]:
        under_way = [(key, counter) for key, counter in self._counters.items() if key.startswith(FLIGHT)]
        return [Flight(key, member) for key, counter in under_way for member, at in counter.members.items() if at < before]

    # ------------------------------------------------------------------ what a server may do

    def restart(self) -> None:
        """Another life of the server: shut until somebody opens it. What it knew is kept, as an append-only file keeps it."""
        self._lives += 1
        self.ready = "restarted"

    def flush(self) -> None:
        """Everything is gone."""
        self.ready, self._round, self._upto = "rebuilding", "", None
        for table in (self._counters, self._states, self._blocks, self._consents):
            table.clear()

    def _looked(self, question: Question) -> Looked:
        return Looked(
            "",
            self._states.get(question.campaign, ""),
            self._states.get(ALL) == STOPPED,
            tuple(self._blocks.get(question.digest, {}).values()),
            tuple(self._consents.get(question.digest, {}).values()),
            tuple(self._counters.get(check.key, _EMPTY).counted(check) for check in question.checks),
        )

    def _change(self, change: Change) -> None:
        match change:
            case Put(key, at, member, keep_s):
                self._counters.setdefault(key, _Counter()).put(at, member, at - keep_s * SECOND)
            case Drop(key, member):
                if key in self._counters:
                    self._counters[key].drop(member)
            case SetState(campaign, state):
                self._states[campaign] = state
            case SetBlock(digest, block):
                self._blocks.setdefault(digest, {})[block.scope, block.about] = block
            case DropBlock(digest, scope, about):
                self._blocks.get(digest, {}).pop((scope, about), None)
            case SetConsent(digest, consent):
                self._consents.setdefault(digest, {})[consent.client, consent.id] = consent
            case DropConsent(digest, client):
                kept = self._consents.get(digest, {})
                self._consents[digest] = {name: each for name, each in kept.items() if each.client != client}


_EMPTY = _Counter()


def _good(question: Question, looked: Looked) -> bool:
    """What the script does, in the same order."""
    room = all(counted.events < check.most for check, counted in zip(question.checks, looked.counted, strict=True))
    dials = looked.state == question.state and looked.state in DIALLING_STATES and not looked.stopped
    known = len(looked.blocked) == len(question.blocked) and all(each in looked.blocked for each in question.blocked)
    return room and dials and known and all(each in looked.consents for each in question.consents)
