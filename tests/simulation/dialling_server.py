"""The ledger's server in virtual time: what its scripts do, in one stroke each, on tables that may lose their last second.

The real `RedisLedger`, `Keeping` and `Opening` talk to it over a `Link` that stalls, loses answers and breaks. Beside the log's server
(`server.py`), with which it goes away and is restarted, as one Valkey does. That the scripts themselves do so is shown on a real one
(`tests/realtime/ledger`); here it is what people, gates and engines make of it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import msgspec

from realtime.ledger import keeping_redis, ledger_redis
from realtime.log import LogAway
from realtime.redis_link import Argument, Script
from tests.simulation.server import AWAY, Server

JOURNAL_S = 5.0
"""Longer than a killed server ever forgets."""
PATIENCE_S = 3.0
TRAVEL_S = (0.0002, 0.004)
Reply = bytes | list[bytes]


class LedgerServer:
    """`data`: by key its fields; a zset's are its members, a string's is the empty one."""

    def __init__(self, server: Server, chance: Random) -> None:
        self.server = server
        self.chance = chance
        self.stalls = self.lost_answers = 0.0
        """Of exchanges, how many hang for a while, and how many are done and not answered."""
        self.life = 1
        self.data: dict[str, dict[str, Any]] = {}
        self._journal: deque[tuple[float, str, str, Any]] = deque()
        self._scripts: dict[str, Callable[[Sequence[str], Sequence[Any]], Awaitable[bytes]]] = {
            ledger_redis.LOOK.sha: self._look,
            ledger_redis.TAKE.sha: self._take,
            ledger_redis.REPLAY.sha: self._replay,
            ledger_redis.JOIN.sha: self._join,
            keeping_redis.APPLY.sha: self._apply,
            keeping_redis.STANDING.sha: self._standing,
            keeping_redis.BEGIN.sha: self._begin,
            keeping_redis.OPEN.sha: self._open,
        }

    @property
    def run(self) -> str:
        return f"run{self.life:06}"

    def restart(self, since: float) -> None:
        """Killed, and back without what came after `since`."""
        while self._journal and self._journal[-1][0] > since:
            _, key, field, before = self._journal.pop()
            self._put(key, field, before)
        self.life += 1

    def wipe(self) -> None:
        """Everything of the ledger is gone; the log is not."""
        self.data = {key: fields for key, fields in self.data.items() if ":ledger:" not in key}
        self._journal.clear()

    # ------------------------------------------------------------------ tables

    def get(self, key: str, field: str = "") -> Any:
        return self.data.get(key, {}).get(field)

    def table(self, key: str) -> dict[str, Any]:
        return self.data.get(key, {})

    def set(self, key: str, field: str, value: Any) -> None:
        """None: it is gone."""
        now = self.server.time()
        while self._journal and self._journal[0][0] < now - JOURNAL_S:
            self._journal.popleft()
        self._journal.append((now, key, field, self.get(key, field)))
        self._put(key, field, value)

    def clear(self, key: str) -> None:
        for field in list(self.table(key)):
            self.set(key, field, None)

    def _put(self, key: str, field: str, value: Any) -> None:
        if value is not None:
            self.data.setdefault(key, {})[field] = value
        elif key in self.data:
            self.data[key].pop(field, None)
            if not self.data[key]:
                del self.data[key]

    # ------------------------------------------------------------------ commands

    async def do(self, command: Sequence[Argument]) -> Reply:
        match command:
            case ("EVALSHA", sha, int(count), *rest):
                words = [word.decode() if isinstance(word, bytes) else str(word) for word in rest[:count]]
                return await self._scripts[str(sha)](words, rest[count:])
            case ("SCRIPT", "LOAD", _):
                return b""
            case ("SMEMBERS", str(key)):
                return [each.encode() for each in self.table(key)]
            case ("ZRANGEBYSCORE", str(key), "-inf", str(before), "LIMIT", 0, int(most)):
                upto = int(before.removeprefix("("))
                return [each.encode() for each, at in self.table(key).items() if at < upto][:most]
        raise AssertionError(f"a command that this server does not know: {command[:2]}")

    def hello(self, epoch: str) -> str:
        if self.get(epoch, "run") != self.run:
            self.set(epoch, "run", self.run)
        return self.run

    # ------------------------------------------------------------------ scripts: see `realtime/ledger/scripts.py`

    def _ready(self, keys: Sequence[str], word: str) -> str:
        run = self.get(keys[0], "run")
        if not run or not word.startswith(run):
            return "restarted"
        return "" if self.get(keys[1]) == word else "rebuilding"

    def _seen(self, keys: Sequence[str], campaign: str, checks: Sequence[Any], out: list[Any]) -> tuple[bool, str, str]:
        state, all_ = self.get(keys[2], campaign) or "", self.get(keys[2], "*") or ""
        out += ["", state, all_]
        for key in keys[3:5]:
            values = list(self.table(key).values())
            out += [len(values), *values]
        room = True
        prefix, packed = checks
        words = msgspec.msgpack.decode(packed)
        for place, (key, since, most) in enumerate(zip(words[::3], words[1::3], words[2::3], strict=True)):
            moments = sorted(at for at in self.table(prefix + key).values() if at >= since)
            frees = moments[-most] if 0 < most <= len(moments) else 0
            room = room and len(moments) < most
            out += [place, len(moments), frees] if moments else []
        return room, state, all_

    def _count(self, keys: Sequence[str], triples: Sequence[Any], flights: str) -> None:
        for key, at, member, keep in zip(keys, triples[::3], triples[1::3], triples[2::3], strict=True):
            self.set(key, str(member), int(at))
            for old in [each for each, then in self.table(key).items() if then < int(at) - int(keep) * 1_000_000]:
                self.set(key, old, None)
            if ":c:flight:" in key:
                self.set(flights, key, "")

    async def _append(self, batch: bytes) -> None:
        await self.server.facts.log.append([batch])
        self.server.facts.times.append(self.server.time())

    async def _look(self, keys: Sequence[str], words: Sequence[Any]) -> bytes:
        if word := self._ready(keys, words[0]):
            return word.encode()
        out: list[Any] = []
        self._seen(keys, words[1], words[2:], out)
        return _lines(out)

    async def _take(self, keys: Sequence[str], words: Sequence[Any]) -> bytes:
        if word := self._ready(keys, words[0]):
            return word.encode()
        blocks, consents, rest = words[7], words[8], words[11:]
        out: list[Any] = []
        room, state, all_ = self._seen(keys, words[1], words[5:7], out)
        good = room and all_ != "stopped" and state == words[2] and state in ("trial", "formal")
        good = good and len(self.table(keys[3])) == blocks
        pairs = list(zip(rest[: 2 * (blocks + consents) : 2], rest[1 : 2 * (blocks + consents) : 2], strict=True))
        for number, (field, value) in enumerate(pairs):
            good = good and self.get(keys[3 if number < blocks else 4], field) == value
        if good:
            self._count(keys[8:], rest[2 * (blocks + consents) :], keys[6])
            await self._append(words[4])
            self.set(keys[7], words[9], int(words[10]))
            out[0] = "taken"
        return _lines(out)

    async def _replay(self, keys: Sequence[str], words: Sequence[Any]) -> bytes:
        run, _, batch, who, number, *triples = words
        if self.get(keys[0], "run") != run:
            return b"restarted"
        if (self.get(keys[3], who) or -1) < int(number):
            self._count(keys[4:], triples, keys[2])
            await self._append(batch)
            self.set(keys[3], who, int(number))
        return b""

    async def _join(self, keys: Sequence[str], words: Sequence[Any]) -> bytes:
        round_ = self.get(keys[0]) or ""
        if words[0] and round_ and round_ == words[1]:
            self.set(keys[1], words[0], f"{round_} {int(self.server.time())}")
        return str(round_).encode()

    async def _apply(self, keys: Sequence[str], words: Sequence[Any]) -> bytes:
        if self._fenced(keys, words):
            return b"fenced"
        for number, key in enumerate(keys[6:]):
            what, a, b, c = words[2 + number * 4 : 6 + number * 4]
            match what:
                case "put":
                    self._count([key], (a, b, c), keys[1])
                case "drop" | "unset":
                    self.set(key, str(a), None)
                case "set":
                    self.set(key, str(a), b)
                case "client":
                    for field in [each for each in self.table(key) if each.startswith(str(a))]:
                        self.set(key, field, None)
        open_, run = self.get(keys[4]) or "", self.get(keys[5], "run")
        if words[1] and run and open_.startswith(run) and self.get(keys[2]) is not None:
            self.set(keys[2], "", words[1])
            self.set(keys[3], "", int(self.server.time()))
        return b""

    async def _standing(self, keys: Sequence[str], words: Sequence[Any]) -> bytes:
        round_, open_, upto, gates, beat, epoch, *numbers = keys
        whole, run = int(self.get(upto) is not None), self.get(epoch, "run") or ""
        said = [self.get(round_) or "", self.get(open_) or "", self.get(upto) or "", self.get(beat) or 0, whole, run]
        return _lines(
            [*said, *(word for pair in self.table(gates).items() if not numbers or pair[0] in self.table(numbers[0]) for word in pair)]
        )

    async def _begin(self, keys: Sequence[str], words: Sequence[Any]) -> bytes:
        if self._fenced(keys, words):
            return b"fenced"
        self.set(keys[1], "", None)
        if words[1]:
            self.set(keys[2], "", words[1])
        return b""

    async def _open(self, keys: Sequence[str], words: Sequence[Any]) -> bytes:
        if self._fenced(keys, words):
            return b"fenced"
        _, open_, round_key, epoch, states, gates, upto, beat, numbers = keys
        round_, run = self.get(round_key) or "", self.get(epoch, "run")
        if not run or not round_.startswith(run):
            return b"restarted"
        self.clear(states)
        for campaign, state in zip(words[2::2], words[3::2], strict=True):
            self.set(states, campaign, state)
        for who in [each for each, said in self.table(gates).items() if not said.startswith(round_)]:
            self.set(gates, who, None)
        for who in [each for each in self.table(numbers) if each not in self.table(gates)]:
            self.set(numbers, who, None)
        self.set(upto, "", words[1])
        self.set(beat, "", int(self.server.time()))
        self.set(open_, "", round_)
        return b""

    def _fenced(self, keys: Sequence[str], words: Sequence[Any]) -> bool:
        lease = keys[0].rpartition(":")[2]
        return bool(words[0]) and self.server.leases._tokens.get(lease, 0) > int(words[0])


def _lines(words: Sequence[Any]) -> bytes:
    return b"\n".join(word if isinstance(word, bytes) else str(word).encode() for word in words)


class Replies:
    def __init__(self, replies: Sequence[Reply]) -> None:
        self._replies = iter(replies)

    async def next(self) -> Reply:
        return next(self._replies)


class Link:
    """A `RedisLink`: one connection, which does not outlive the server that it was made to."""

    def __init__(self, to: LedgerServer, epoch: str) -> None:
        self.run = ""
        self._to = to
        self._epoch = epoch
        self._life = 0
        self._turn = asyncio.Lock()

    async def open(self) -> str:
        async with self.exchange([]):
            return self.run

    async def script(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Reply:
        async with self.exchange([("EVALSHA", script.sha, len(keys), *keys, *arguments)]) as replies:
            return await replies.next()

    async def call(self, *command: Argument) -> Reply:
        async with self.exchange([command]) as replies:
            return await replies.next()

    @asynccontextmanager
    async def exchange(self, commands: Sequence[Sequence[Argument]], wait_s: float = 0.0) -> AsyncIterator[Replies]:
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._travel()
                    if not self._life:
                        self._life, self.run = self._to.life, self._to.hello(self._epoch)
                    self._holds()
                    replies = Replies([await self._to.do(command) for command in commands])
                    if commands and self._to.chance.random() < self._to.lost_answers:
                        raise LogAway("The answer was lost on the way.")
                    await self._travel()
                    self._holds()
                    yield replies
            except BaseException as error:
                self._life = 0
                if isinstance(error, TimeoutError):
                    raise LogAway("The ledger's server does not answer.") from error
                raise

    async def close(self) -> None:
        self._life = 0

    async def _travel(self) -> None:
        chance = self._to.chance
        if self._to.server.away:
            raise LogAway(AWAY)
        slow = chance.random() < self._to.stalls
        await asyncio.sleep(chance.uniform(0.2, 2.5) if slow else chance.uniform(*TRAVEL_S))

    def _holds(self) -> None:
        if self._to.server.away:
            raise LogAway(AWAY)
        if self._life != self._to.life:
            raise LogAway("The server at the other end is gone.")
