"""The ledger on Redis or Valkey: what waits goes as one pipeline, and each take is one script.

Not the scripts (`scripts.py`) and not who opens it after a loss (`opening.py`, the engine); its twin is `ledger_memory.py`.

* **Fails closed.** What has no certain answer is no allow: the connection broke, the server is another one, the ledger is shut. A take
  whose answer was lost is never sent again; if the server did it, the engine releases it when no channel comes.
* **Says its last seconds again.** With `appendfsync everysec` a killed server forgets up to 2 s. So whoever takes keeps what was taken in
  the last 5 s and, when the engine begins a round after a restart, puts it back, counters and facts, before it *joins* that round; only
  who has joined the round that is open takes. See the package's docstring for why this and not `WAITAOF`.
* **Numbers its facts** in the order of sending, in a session of its own, since the fold knows a repeat by its session's last number.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

import msgspec

from realtime.dial.model import Blocked, Check, Consent, Counted
from realtime.factcodec import join
from realtime.ledger import scripts
from realtime.ledger.keeping_redis import Keeping, Keys, consent_field, encoded, field, read_blocked, read_consent
from realtime.ledger.port import Build, Looked, Put, Question, Taken
from realtime.log import LogAway
from realtime.log_redis import KEEP
from realtime.redis_link import Argument, RedisLink, Script

LOOK_S = 1.0
"""How late a restart is noticed by who has nothing to ask; `opening.py` waits for twice that."""
AT_ONCE = 64
"""Scripts in one pipeline: some 3 ms of the server's time, which others wait for."""
WAITING_MOST = 5_000
"""What waits to be sent: 10 times the calls that a large floor sets up at once. Further ones are refused at once (`busy`)."""
KEEP_S = 5.0
"""As the appender: the server forgets 1 s as a rule, 2 s when its disk is slow."""
KEPT_MOST = 50_000
"""Takes kept: more than one server can do in 5 s."""
PATIENCE_S = 3.0
"""A caller hears nothing meanwhile; rewriting its file holds a server up for less than 2 s."""

LOOK, TAKE, REPLAY, JOIN = map(Script, (scripts.LOOK, scripts.TAKE, scripts.REPLAY, scripts.JOIN))
EVERY_SCRIPT = (LOOK, TAKE, REPLAY, JOIN)
Evaluated = tuple[Argument, ...]
NONE = Counted(0)
_packed = msgspec.msgpack.encode


class _Asked(NamedTuple):
    """One look (no `build`) or one take that waits for its answer."""

    question: Question
    takes: Sequence[Put]
    build: Build | None
    answer: asyncio.Future[Taken]


class _Kept(NamedTuple):
    """One take, as it is said again."""

    at: float
    takes: Sequence[Put]
    batch: bytes
    seq: int


class RedisLedger(Keeping):
    """One for each process that takes. `run()` is its task where takes are made; everything else works without it."""

    def __init__(
        self,
        url: str,
        floor: str,
        writer: RedisLink | None = None,
        *,
        session: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        keys = Keys(floor)
        super().__init__(writer or RedisLink(url, keys.epoch, PATIENCE_S), keys)
        self._who = session or f"ledger-{time.time_ns() // 1_000:x}-{secrets.token_hex(4)}"
        self._clock = clock
        self._seq = 0
        self._round = ""
        """The one that this has joined."""
        self._joined = False
        """Nothing since spoke against it."""
        self._takes = False
        """Whether it has ever taken: only then is it waited for after a restart, and it says so before its first take."""
        self._loaded = ""
        """The run of the server that knows our scripts."""
        self._kept: deque[_Kept] = deque()
        self._waiting: deque[_Asked] = deque()
        self._sender: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    # ------------------------------------------------------------------ what a gate asks

    async def look(self, question: Question) -> Looked:
        return (await self._ask(question, (), None)).looked

    async def take(self, question: Question, takes: Sequence[Put], build: Build) -> Taken:
        return await self._ask(question, takes, build)

    async def run(self) -> NoReturn:
        """Looks at the server each second, so that a restart is noticed and mended when nobody dials. Until cancelled."""
        while True:
            await self.watch()
            await asyncio.sleep(LOOK_S)

    async def watch(self) -> str:
        """Joins the round of now, if it has not. A word why not: `away`, `rebuilding`; empty when it may take."""
        async with self._turn:
            return await self._join()

    async def close(self) -> None:
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
        for asked in self._waiting:
            _answer(asked, Taken(False, Looked("away")))
        self._waiting.clear()
        await super().close()

    async def _ask(self, question: Question, takes: Sequence[Put], build: Build | None) -> Taken:
        if len(self._waiting) >= WAITING_MOST:
            return Taken(False, Looked("busy"))
        asked = _Asked(question, takes, build, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send(), name="ledger")
        return await asked.answer

    # ------------------------------------------------------------------ sending

    async def _send(self) -> None:
        """Whatever waits, until nothing does. A bug ends those who wait with it, not with silence."""
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
            batch = [asked for asked in batch if not asked.answer.done()]  # who gave up is not asked for
            try:
                async with self._turn:
                    if not self._takes and any(asked.build is not None for asked in batch):
                        self._takes, self._joined = True, False
                    word = "" if self._joined else await self._join()
                    if word:
                        _refuse(batch, word)
                    else:
                        await self._exchange(batch)
            except LogAway:
                self._joined, self._loaded = False, ""
                _refuse(batch, "away")
            except BaseException as bug:
                for asked in batch:
                    if not asked.answer.done():
                        asked.answer.set_exception(bug) if isinstance(bug, Exception) else asked.answer.cancel()
                raise

    async def _exchange(self, batch: list[_Asked]) -> None:
        sent: list[tuple[_Asked, bytes, int]] = []
        commands: list[Evaluated] = []
        for asked in batch:
            fact = b""
            if asked.build is not None:
                self._seq += 1
                try:
                    fact = join([asked.build(self._who, self._seq)])
                except Exception as bug:  # of who asked: the others are none the worse for it
                    asked.answer.set_exception(bug)
                    continue
            sent.append((asked, fact, self._seq))
            commands.append(self._command(asked, fact))
        async with self._link.exchange(commands) as replies:
            for asked, fact, seq in sent:
                word, looked = _read(await replies.next(), len(asked.question.checks))
                if word == "taken":
                    self._keep(asked.takes, fact, seq)
                elif looked.ready:
                    self._joined = False
                restarted = looked.ready == "restarted"
                _answer(asked, Taken(word == "taken", looked))
        if sent and restarted:
            await self._link.close()  # opening it again moves the epoch on when a FLUSHALL took it

    def _command(self, asked: _Asked, fact: bytes) -> Evaluated:
        question, keys = asked.question, self._keys
        names = keys.asked(question.digest)
        checks = packed(question.checks)
        if asked.build is None:
            return evaluated(LOOK, names, (self._round, question.campaign, keys.counter(""), checks))
        names += [keys.counter(each.key) for each in asked.takes]
        seen: list[Argument] = []
        for block in question.blocked:
            seen += (field(block.scope, block.about), encoded(block))
        for consent in question.consents:
            seen += (consent_field(consent), encoded(consent))
        counts = (len(question.blocked), len(question.consents))
        head = (self._round, question.campaign, question.state, KEEP, fact, keys.counter(""), checks, *counts, self._who, self._seq)
        return evaluated(TAKE, names, (*head, *seen, *_triples(asked.takes)))

    def _keep(self, takes: Sequence[Put], batch: bytes, seq: int) -> None:
        """The server took it now, so what it took KEEP_S before is on its disk. While it is away nothing gets too old."""
        now = self._clock()
        self._kept.append(_Kept(now, takes, batch, seq))
        self._forget(now)

    def _forget(self, alive: float) -> None:
        """`alive`: when the server that has taken them all was still that one."""
        while self._kept and (self._kept[0].at < alive - KEEP_S or len(self._kept) > KEPT_MOST):
            self._kept.popleft()

    # ------------------------------------------------------------------ joining a round

    async def _join(self) -> str:
        """A word why it may not take; empty when it has joined the round of now. In `_turn`."""
        self._joined = False
        try:
            run = await self._link.open()
            if self._loaded != run:
                async with self._link.exchange([("SCRIPT", "LOAD", script.source) for script in EVERY_SCRIPT]) as replies:
                    for _ in EVERY_SCRIPT:
                        await replies.next()
                self._loaded = run
            began, round_ = self._clock(), await self._say_round()
            if not round_.startswith(run) or not round_:
                return "rebuilding"  # the engine has not noticed yet
            if round_ == self._round:
                self._forget(began)  # or what was released long ago would be taken again after the next restart
            else:
                await self._say_again(run)
                self._round = round_
                await self._say_round()
        except LogAway:
            self._loaded = ""
            return "away"
        self._joined = True
        return ""

    async def _say_round(self) -> str:
        command = evaluated(JOIN, (self._keys.round, self._keys.gates), (self._who if self._takes else "", self._round))
        async with self._link.exchange([command]) as replies:
            return str((await replies.next()).decode())

    async def _say_again(self, run: str) -> None:
        """All that was taken in the last seconds, with its facts under the numbers they have: who has them already knows it."""
        kept = list(self._kept)
        for begin in range(0, len(kept), AT_ONCE):
            some = kept[begin : begin + AT_ONCE]
            commands = [self._again(each, run) for each in some]
            async with self._link.exchange(commands) as replies:
                for _ in some:
                    if await replies.next() == b"restarted":
                        raise LogAway("The ledger's server was started anew meanwhile.")
        now = self._clock()
        self._kept = deque(one._replace(at=now) for one in kept)

    def _again(self, kept: _Kept, run: str) -> Evaluated:
        keys = self._keys
        names = (keys.epoch, keys.facts, keys.flights, keys.numbers, *(keys.counter(each.key) for each in kept.takes))
        return evaluated(REPLAY, names, (run, KEEP, kept.batch, self._who, kept.seq, *_triples(kept.takes)))


def evaluated(script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Evaluated:
    return ("EVALSHA", script.sha, len(keys), *keys, *arguments)


def _triples(takes: Sequence[Put]) -> list[Argument]:
    return [word for each in takes for word in (each.at, each.member, each.keep_s)]


def _answer(asked: _Asked, taken: Taken) -> None:
    if not asked.answer.done():
        asked.answer.set_result(taken)


def _refuse(batch: Sequence[_Asked], word: str) -> None:
    for asked in batch:
        _answer(asked, Taken(False, Looked(word)))


def packed(checks: Sequence[Check]) -> bytes:
    """(counter, since, most) of each, in one piece."""
    return _packed([word for _, key, since, most in checks for word in (key, since, most)])


def _read(reply: Any, checks: int) -> tuple[str, Looked]:
    """The scripts' lines: word, campaign's state, that of all, how many blocks and they, how many consents and they; of each check that has
    counted anything its place, how many, and the moment of the event that must leave."""
    lines = reply.decode().split("\n")
    if len(lines) == 1:
        return "", Looked(lines[0])
    word, state, all_, blocks = lines[:4]
    at = 4 + int(blocks)
    blocked: tuple[Blocked, ...] = tuple(map(read_blocked, lines[4:at]))
    until = at + 1 + int(lines[at])
    consents: tuple[Consent, ...] = tuple(map(read_consent, lines[at + 1 : until]))
    counted = [NONE] * checks
    for place, events, frees in zip(lines[until::3], lines[until + 1 :: 3], lines[until + 2 :: 3], strict=True):
        counted[int(place)] = Counted(int(events), _moment(frees))
    return word, Looked("", state, all_ == "stopped", blocked, consents, tuple(counted))


def _moment(score: str) -> int:
    return int(score) if score.isdigit() else int(float(score))
