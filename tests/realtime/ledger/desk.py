"""What the ledger's tests share: ledgers of both kinds on one floor, questions, takes, and the facts that takes write down."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Protocol

from realtime.decision import allow
from realtime.dial.model import Check
from realtime.factcodec import decode, encode
from realtime.facts import Fact, Sealed
from realtime.ledger.changes import OPEN
from realtime.ledger.ledger_memory import MemoryLedger
from realtime.ledger.ledger_redis import RedisLedger
from realtime.ledger.names import keep_of
from realtime.ledger.port import ALL, Build, Put, Question, Taken
from realtime.log import Log
from realtime.log_memory import MemoryLog
from realtime.log_redis import RedisLog
from realtime.outbound import DialDecided
from realtime.words import SECOND, Micros, Node
from tests.valkeys import new_floor

NOW: Micros = 1_795_860_000 * SECOND
DIGEST = "a1b2c3"
NUMBER = Sealed(DIGEST, b"cipher", "2026-11")
KEY = "attempt:number:a1b2c3"
STATES = {"c1": "formal", ALL: OPEN}
_dials = itertools.count(1)

AnyLedger = MemoryLedger | RedisLedger


def check(most: int = 3, since: Micros = NOW - 3600 * SECOND, key: str = KEY) -> Check:
    return Check("cap", key, since, most)


def question(*checks: Check, state: str = "formal", campaign: str = "c1", digest: str = DIGEST) -> Question:
    return Question(digest, campaign, state, checks)


def new_dial() -> str:
    return f"dial{next(_dials)}"


def puts(dial: str, at: Micros = NOW, keys: Sequence[str] = (KEY,)) -> list[Put]:
    return [Put(key, at, dial, keep_of(key)) for key in keys]


def decided(dial: str, at: Micros = NOW, keys: Sequence[str] = (KEY,)) -> Build:
    entries = tuple((key, at) for key in keys)

    def build(session: str, seq: int) -> bytes:
        decision = allow("dial.allowed")
        return encode(DialDecided(at, at, Node("hall"), session, seq, dial=dial, campaign="c1", decision=decision, entries=entries))

    return build


async def take(ledger: AnyLedger, asked: Question, at: Micros = NOW, keys: Sequence[str] = (KEY,), dial: str = "") -> Taken:
    dial = dial or new_dial()
    return await ledger.take(asked, puts(dial, at, keys), decided(dial, at, keys))


class Desk(Protocol):
    """One floor: ledgers as several processes have them, its log, and what a rude hand does to all of it."""

    log: Log

    async def ledger(self) -> AnyLedger: ...
    async def facts(self) -> list[Fact]: ...
    async def close(self) -> None: ...


async def opened(ledger: AnyLedger) -> None:
    """As the engine does it on a floor where nobody ever dialled."""
    standing = await ledger.standing()
    await ledger.begin(f"{standing.run}:first")
    await ledger.open(STATES, "")


class MemoryDesk:
    def __init__(self) -> None:
        self.log: Log = MemoryLog()
        self._ledger = MemoryLedger(self.log.append)
        self._opened = False

    async def ledger(self) -> AnyLedger:
        """All are the same one."""
        if not self._opened:
            self._opened = True
            await opened(self._ledger)
        return self._ledger

    async def facts(self) -> list[Fact]:
        return [fact for record in await self.log.read(None, 10_000) for fact in decode(record.batch)]

    async def close(self) -> None:
        await self.log.close()


class RedisDesk:
    def __init__(self, url: str, floor: str = "") -> None:
        self.url = url
        self.floor = floor or new_floor()
        self.log: Log = RedisLog(url, self.floor)
        self._ledgers: list[RedisLedger] = []

    async def ledger(self, url: str = "") -> RedisLedger:
        ledger = RedisLedger(url or self.url, self.floor)
        if not self._ledgers:
            await opened(ledger)
        self._ledgers.append(ledger)
        return ledger

    async def facts(self) -> list[Fact]:
        return [fact for record in await self.log.read(None, 10_000) for fact in decode(record.batch)]

    async def close(self) -> None:
        for ledger in self._ledgers:
            await ledger.close()
        await self.log.close()
