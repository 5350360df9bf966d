"""The law: no cap is exceeded by a Redis that is killed at any moment. Real servers, SIGKILL, an append-only file that lost its end.

And its brothers: what was told as allowed is counted and in the log, once, whatever was killed; what has no certain answer is no allow.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from realtime.facts import Fact
from realtime.ledger import ledger_redis, opening
from realtime.ledger.ledger_redis import RedisLedger
from realtime.ledger.names import KEEP_S
from realtime.ledger.port import Put
from realtime.outbound import DialDecided, DialEnded
from realtime.redis_link import RedisLink
from realtime.words import SECOND
from tests.realtime.backends import until
from tests.realtime.ledger.desk import NOW, RedisDesk, check, new_dial, question, take
from tests.realtime.ledger.hand import Hand
from tests.valkeys import Server

CAP = 3
KEYS = 300
TAKERS = 12
KILLS = 5
FORGET_MOST = 40


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same proportions, ten times as quick: who takes looks twice while the engine waits."""
    monkeypatch.setattr(ledger_redis, "LOOK_S", 0.1)
    monkeypatch.setattr(opening, "LOOK_S", 0.1)
    monkeypatch.setattr(opening, "GATES_S", 0.2)


@pytest.fixture
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    server = Server(Path(tmp_path_factory.mktemp("own")))
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def own(server: Server) -> AsyncIterator[RedisDesk]:
    desk = RedisDesk(server.url, "own")
    yield desk
    await desk.close()


def folded(facts: list[Fact]) -> list[DialDecided]:
    """Each once, as the fold has them: a session's number that is not above its last is a repeat."""
    last: dict[str, int] = {}
    found = []
    for fact in facts:
        if fact.seq > last.get(fact.session, -1):
            last[fact.session] = fact.seq
            if isinstance(fact, DialDecided):
                found.append(fact)
    return found


class Callers:
    """Who dials on and on, at one of many keys; remembers what was allowed."""

    def __init__(self, gates: list[RedisLedger], chance: random.Random) -> None:
        self.told: Counter[str] = Counter()
        self.dials: set[str] = set()
        self._gates = gates
        self._chance = chance

    async def call(self, number: int) -> None:
        gate = self._gates[number % len(self._gates)]
        while True:
            key = f"attempt:number:n{self._chance.randrange(KEYS)}"
            dial = new_dial()
            if (await take(gate, question(check(CAP, key=key)), keys=(key,), dial=dial)).ok:
                self.told[key] += 1
                self.dials.add(dial)
            await asyncio.sleep(self._chance.random() * 0.02)


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_cap_is_exceeded_by_a_server_killed_at_any_moment(own: RedisDesk, server: Server, seed: int) -> None:
    chance = random.Random(seed)
    gates = [await own.ledger() for _ in range(2)]
    engine = await own.ledger()
    hand = Hand(engine, own.log)
    callers = Callers(gates, chance)
    async with hand.at_work():
        await hand.settled()
        tasks = [asyncio.create_task(gate.run()) for gate in gates]
        tasks += [asyncio.create_task(callers.call(number)) for number in range(TAKERS)]
        async with asyncio.timeout(90):
            for kill in range(KILLS):
                wanted = (kill + 1) * CAP * KEYS // (KILLS + 4)
                await until(lambda wanted=wanted: callers.told.total() > wanted, 40)  # type: ignore[misc]
                server.kill()
                server.forget(chance.randrange(1, FORGET_MOST))
                server.start()
            wanted = CAP * KEYS * 7 // 10
            await until(lambda: callers.told.total() > wanted, 40)
        for task in tasks:
            task.cancel()
        for found in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(found, asyncio.CancelledError), found
        assert max(callers.told.values()) == CAP, "the caps were never reached" if max(callers.told.values()) < CAP else callers.told
        decisions = folded(await own.facts())
        assert callers.dials <= {each.dial for each in decisions}, "an allow that was told is not in the log"
        assert len(decisions) == len({each.dial for each in decisions})
        by_key = Counter(each.entries[0][0] for each in decisions)
        for key in callers.told:
            (counted,) = (await gates[0].look(question(check(CAP, key=key)))).counted
            assert counted.events == by_key[key] <= CAP
    assert sum("anew" in each for each in hand.told) == KILLS


async def test_without_saying_it_again_the_law_is_broken(own: RedisDesk, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: what the server forgot is allowed once more."""
    gate, engine = await own.ledger(), await own.ledger()
    hand = Hand(engine, own.log)
    monkeypatch.setattr(gate, "_keep", lambda *_: None)
    async with hand.at_work():
        await hand.settled()
        allowed = [(await take(gate, question(check(CAP)))).ok for _ in range(4)]
        await on_disk(own.url)
        server.kill()
        server.forget(2)
        server.start()
        await until_ready(gate)
        allowed += [(await take(gate, question(check(CAP)))).ok for _ in range(4)]
    assert sum(allowed) == CAP + 2


async def test_what_was_taken_is_said_again_once_and_not_at_all_where_it_is_known(own: RedisDesk, server: Server) -> None:
    gate, engine = await own.ledger(), await own.ledger()
    hand = Hand(engine, own.log)
    async with hand.at_work():
        await hand.settled()
        assert all([(await take(gate, question(check(9)))).ok for _ in range(5)])
        for forget in (2, 0):
            await on_disk(own.url)
            server.kill()
            if forget:
                server.forget(forget)
            server.start()
            await until_ready(gate)
        assert (await gate.look(question(check(5)))).counted[0].events == 5
        assert len(await own.facts()) == 5, "no fact is there twice"


async def test_what_was_released_stays_released(own: RedisDesk, server: Server) -> None:
    """The take is known to the server, so it is not said again over its release."""
    gate, engine = await own.ledger(), await own.ledger()
    hand = Hand(engine, own.log)
    async with hand.at_work():
        await hand.settled()
        assert (await take(gate, question(check(1)), dial="d1")).ok
        await hand.say(hand.facts((DialEnded, {"dial": "d1", "outcome": "not_dialled", "entries": ((check(1).key, hand.now),)})))
        assert (await gate.look(question(check(1)))).counted[0].events == 0
        await on_disk(own.url)
        server.kill()
        server.start()
        await until_ready(gate)
        assert (await gate.look(question(check(1)))).counted[0].events == 0


async def test_nobody_takes_between_a_restart_and_the_opening(own: RedisDesk, server: Server) -> None:
    """Without an engine it stays shut, for who was there and for who comes."""
    gate = await own.ledger()
    assert (await take(gate, question(check(9)))).ok
    await on_disk(own.url)
    server.kill()
    assert (await take(gate, question(check(9)))).looked.ready == "away"
    assert (await gate.look(question(check(9)))).ready == "away"
    server.start()
    newcomer = await own.ledger()
    for each in (gate, newcomer, gate):
        assert (await take(each, question(check(9)))).looked.ready == "rebuilding"
    async with Hand(await own.ledger(), own.log).at_work() as hand:
        beating = asyncio.create_task(gate.run())
        await hand.settled()
        beating.cancel()
        await until_ready(newcomer)
        assert (await newcomer.look(question(check(9)))).counted[0].events == 1


async def test_a_gate_that_was_there_is_waited_for(own: RedisDesk, server: Server) -> None:
    """It is stopped over the restart, for longer than a healthy one is silent; what it took holds all the same."""
    frozen, gate, engine = await own.ledger(), await own.ledger(), await own.ledger()
    hand = Hand(engine, own.log)
    async with hand.at_work():
        await hand.settled()
        await until_ready(gate)
        assert (await take(frozen, question(check(1)))).ok
        await on_disk(own.url)
        server.kill()
        server.forget(1)
        server.start()
        beating = asyncio.create_task(gate.run())
        await asyncio.sleep(1.0)  # five times what it waits at least
        assert not (await take(gate, question(check(1)))).ok
        while await frozen.watch():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        await until_ready(gate)
        taken = await take(gate, question(check(1)))
        assert not taken.ok
        assert taken.looked.counted[0].events == 1
        beating.cancel()


async def test_a_lost_answer_is_no_allow_and_is_not_sent_again(own: RedisDesk) -> None:
    """The server does it, the answer never comes: told as refused, counted once, for the engine to release."""
    await own.ledger()
    async with Deaf(own.url) as deaf:
        gate = await own.ledger(deaf.url)
        assert (await take(gate, question(check(9)))).ok
        deaf.deaf = True
        taken = await take(gate, question(check(9)), dial="lost")
        assert (taken.ok, taken.looked.ready) == (False, "away")
        deaf.deaf = False
        (counted,) = (await gate.look(question(check(9)))).counted
        assert counted.events == 2
        assert [fact.dial for fact in folded(await own.facts())].count("lost") == 1
        assert (await take(gate, question(check(9)))).ok
        assert len(folded(await own.facts())) == 3, "the numbers go on"


async def test_an_emptied_server_takes_nothing_until_it_is_whole(own: RedisDesk) -> None:
    gate, engine = await own.ledger(), await own.ledger()
    hand = Hand(engine, own.log)
    async with hand.at_work():
        await hand.settled()
        assert all([(await take(gate, question(check(3)))).ok for _ in range(2)])
        beating = asyncio.create_task(gate.run())
        await command(own.url, "FLUSHALL")
        assert not (await take(gate, question(check(3)))).ok
        await until_ready(gate)
        assert (await gate.look(question(check(3)))).counted[0].events == 2, "of the last seconds the gate knows itself"
        beating.cancel()


async def test_expiry_is_set_and_grows_with_use(own: RedisDesk) -> None:
    ledger = await own.ledger()
    await ledger.apply([Put("attempt:number:x", 1, "d1", 100)])
    name = "{own}:ledger:c:attempt:number:x"
    first = await command(own.url, "TTL", name)
    assert 100 < first <= 100 + 3600
    await ledger.apply([Put("attempt:number:x", 2, "d2", KEEP_S)])
    assert await command(own.url, "TTL", name) > KEEP_S


async def test_what_is_too_old_goes_when_its_expiry_is_renewed(own: RedisDesk) -> None:
    ledger = await own.ledger()
    for at in (NOW, NOW + 5 * SECOND, NOW + 11 * SECOND):
        await ledger.apply([Put("attempt:number:x", at, f"d{at}", 10)])
        await command(own.url, "EXPIRE", "{own}:ledger:c:attempt:number:x", 9)
    assert (await ledger.look(question(check(9, 0, "attempt:number:x")))).counted[0].events == 2


async def until_ready(gate: RedisLedger) -> None:
    async with asyncio.timeout(20):
        while await gate.watch() or (await gate.look(question())).ready:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def command(url: str, *words: str | int) -> int:
    link = RedisLink(url)
    try:
        found: int = await link.call(*words)
        return found
    finally:
        await link.close()


async def on_disk(url: str) -> None:
    await command(url, "SET", "{tests}:mark", "")
    await command(url, "WAITAOF", 1, 0, 5000)


class Deaf:
    """Between a ledger and its server: while `deaf`, nothing of what the server answers gets through, and the line then breaks."""

    def __init__(self, url: str) -> None:
        self.deaf = False
        self.url = ""
        self._path = url.removeprefix("unix://")
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Deaf:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"redis://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/0"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_unix_connection(self._path)
        asking = asyncio.create_task(self._pass(reader, far_writer, listens=False))
        answering = asyncio.create_task(self._pass(far_reader, writer, listens=True))
        self._tasks |= {asking, answering}

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, listens: bool) -> None:
        with contextlib.suppress(ConnectionError):
            try:
                while (data := await reader.read(65_536)) and not (listens and self.deaf):
                    writer.write(data)
                    await writer.drain()
            finally:
                writer.close()
                await writer.wait_closed()
