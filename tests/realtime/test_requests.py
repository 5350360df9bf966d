"""Requests through asker, log and engine: answered once each, in order, whoever is killed in between."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from realtime import control, engine
from realtime.asker import Asker, NotAnswered
from realtime.changes import Changes
from realtime.control.ruling import Moment, Ruling
from realtime.deadlines import FloorSettings
from realtime.decision import allow
from realtime.engine import Engine
from realtime.factcodec import decode, encode, join
from realtime.facts import Fact
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.log import Record
from realtime.log_memory import MemoryLog
from realtime.orders import HangUp, Order
from realtime.orders import decode as decode_orders
from realtime.owned import Answer
from realtime.plan.model import Plan
from realtime.requests import STALE, Actor, BreakAsk, Here, Request
from realtime.requests import encode as encode_request
from realtime.rules.ordering import give
from realtime.rulings import BreakBegan, OrderDone, OrderGiven, PlanAdopted, RequestAnswered
from realtime.store import Store
from realtime.words import SECOND, AgentId, Node, Uniqueid
from tests.realtime.backends import Backend, Memory, Own, until
from tests.realtime.engine_process import PLACES, ask_break
from tests.realtime.story import START

ACTOR = Actor("test", "supervisor")


def hang_up_on(floor: Floor, request: Request, wish: Here, moment: Moment) -> Ruling:
    """A rule that gives an order."""
    return Ruling(allow("here"), [give(moment.now, moment.ids, Node("pbx"), HangUp(Uniqueid(wish.agent)), why="test")])


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    handlers = {**control.answer.HANDLERS, BreakAsk: ask_break, Here: hang_up_on}
    monkeypatch.setattr(control.answer, "HANDLERS", handlers)
    monkeypatch.setattr(engine, "LOOK_EVERY_S", 0.01)


class Hall:
    """A floor on any backend; engines and askers come and go."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.now = START
        self.ids = map(str, range(10**9))
        self.engines = 0

    def clock(self) -> int:
        return self.now

    def new_id(self) -> str:
        return f"id{next(self.ids)}"

    async def follower(self) -> Follower[Floor, Changes]:
        store = await self.backend.store()
        return Follower(store.log, store.checkpoints, FloorFolding(), wait_ms=20)

    @contextlib.asynccontextmanager
    async def engine(self) -> AsyncIterator[asyncio.Task[None]]:
        self.engines += 1
        store = await self.backend.store()
        fence = (await store.leases.take("engine", f"engine {self.engines}", 0.001)).fence
        while fence is None:
            await asyncio.sleep(0.002)  # the term of the one before, for a store that keeps real time
            fence = (await store.leases.take("engine", f"engine {self.engines}", 0.001)).fence
        name = f"engine {self.engines}"
        running = Engine(store, await self.follower(), fence, FloorSettings(), name, self.clock, ids=self.new_id)
        task = asyncio.create_task(running.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def board(self, patience_s: float = 10) -> AsyncIterator[Board]:
        store, follower = await self.backend.store(), await self.follower()
        board = Board(store, follower, Asker(store.requests, self.clock, self.new_id, patience_s))
        task = asyncio.create_task(board.watch())
        try:
            yield board
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def facts(self) -> list[Fact]:
        """Each once: after a restart the last seconds are appended again."""
        store = await self.backend.store()
        told = [fact for record in await store.log.read(None, 100_000) for fact in decode(record.batch)]
        return list({(fact.session, fact.seq): fact for fact in told}.values())

    async def answered(self) -> list[RequestAnswered]:
        return [fact for fact in await self.facts() if isinstance(fact, RequestAnswered)]

    async def orders(self) -> list[Order]:
        store = await self.backend.store()
        return [order for record in await store.orders.read(None, 100_000) for order in decode_orders(record.batch)]

    async def adopt(self) -> None:
        fact = PlanAdopted(self.now, self.now, Node(""), "plan", 1, plan=Plan(), version="1")
        await (await self.backend.store()).log.append([join([encode(fact)])])


class Board:
    def __init__(self, store: Store, follower: Follower[Floor, Changes], asker: Asker) -> None:
        self.store = store
        self.follower = follower
        self.asker = asker

    @property
    def floor(self) -> Floor:
        return self.follower.floor

    async def watch(self) -> None:
        async for step in self.follower.steps():
            self.asker.look(step.floor)

    async def ask_break(self, agent: str, key: str = "") -> Answer:
        return await self.asker.ask(ACTOR, BreakAsk(AgentId(agent)), key)


@pytest.fixture
def hall(backend: Backend) -> Hall:
    return Hall(backend)


async def test_fifty_who_ask_in_one_moment_for_three_places_get_three(hall: Hall) -> None:
    async with hall.engine(), hall.board() as one, hall.board() as two:
        asked = [board.ask_break(str(number)) for number in range(25) for board in (one, two)]
        answers = await asyncio.gather(*asked)
        assert Counter(answer.decision.verdict for answer in answers) == {"allow": PLACES, "deny": 47}
        await until(lambda: len(one.floor.owned.leases) == PLACES)


async def test_it_waits_for_its_own_facts_however_late_they_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall(Memory())
    store = await hall.backend.store()
    read = store.log.read

    async def slowly(*arguments: Any) -> list[Record]:
        records = await read(*arguments)
        await asyncio.sleep(0.02)
        return records

    monkeypatch.setattr(store.log, "read", slowly)
    async with hall.engine(), hall.board() as board:
        answers = await asyncio.gather(*(board.ask_break(str(number)) for number in range(10)))
        assert Counter(answer.decision.verdict for answer in answers) == {"allow": PLACES, "deny": 7}
    assert len(await hall.answered()) == 10


async def test_the_same_key_again_gets_the_first_answer_and_nothing_is_done_twice(hall: Hall) -> None:
    async with hall.engine(), hall.board() as board:
        first, again = await asyncio.gather(board.ask_break("1", "k"), board.ask_break("1", "k"))
        assert [first.decision.verdict, again.decision.verdict] == ["allow", "allow"]
        assert [finding.rule for finding in again.decision.findings] == ["place", "request.repeated"]
    assert [type(fact) for fact in await hall.facts()].count(BreakBegan) == 1


async def test_what_was_asked_while_no_engine_ran_is_answered_or_refused_as_stale(hall: Hall) -> None:
    async with hall.board() as board:
        async with asyncio.TaskGroup() as tasks:
            early = tasks.create_task(board.ask_break("1"))
            await until_requests(board, 1)
            hall.now += STALE + SECOND
            late = tasks.create_task(board.ask_break("2"))
            await until_requests(board, 2)
            async with hall.engine():
                await asyncio.wait([early, late])
        assert [finding.rule for finding in early.result().decision.findings] == ["request.stale"]
        assert late.result().decision.verdict == "allow"


async def until_requests(board: Board, count: int) -> None:
    while len(await board.store.requests.read(None, 10)) < count:  # noqa: ASYNC110 - it asks a store
        await asyncio.sleep(0.002)


async def test_what_cannot_be_read_is_refused_and_holds_nobody_up(hall: Hall) -> None:
    async with hall.engine(), hall.board() as board:
        await board.store.requests.append([b'{"id":"x","at":1,"actor":{"who":"y"},"ask":{"ask":"of.tomorrow"}}', b"\xff"])
        assert (await board.ask_break("1")).decision.verdict == "allow"
    found = [(answer.request.partition(" ")[0], answer.decision.findings[0].rule) for answer in await hall.answered()]
    assert found[:2] == [("unreadable", "request.unreadable")] * 2
    assert len(found) == 3
    async with hall.engine(), hall.board() as board:
        await board.ask_break("2")
    assert len(await hall.answered()) == 4, "the next engine goes on behind them"


async def test_a_floor_of_another_server_answers_what_is_asked_on_this_one(hall: Hall) -> None:
    """Brought back from a backup: the last place that it knows was of a stream that is gone, and came after all places of this one."""
    fact = RequestAnswered(hall.now, hall.now, Node(""), "before", 1, request="long ago", offset="99-99999999999999-0")
    await (await hall.backend.store()).log.append([join([encode(fact)])])
    async with hall.engine(), hall.board() as board:
        assert (await board.ask_break("1")).decision.verdict == "allow"
        assert (await board.ask_break("2")).decision.verdict == "allow"


async def test_where_the_place_is_lost_nobody_is_answered_twice(hall: Hall) -> None:
    """The stream was trimmed: it is read from its start, with answers of before that the floor knows no more."""
    async with hall.engine(), hall.board() as board:
        for number in range(4):
            await board.ask_break(str(number))
        hall.now += 700 * SECOND
        last = await board.ask_break("last")
    store = await hall.backend.store()
    forgotten = Request("of an answer that is forgotten", hall.now - 650 * SECOND, ACTOR, BreakAsk(AgentId("5")))
    await store.requests.append([encode_request(forgotten)])
    fact = RequestAnswered(hall.now, hall.now, Node(""), "another", 1, request="another", offset="1-1-1")
    await store.log.append([join([encode(fact)])])
    async with hall.engine(), hall.board() as board:
        await board.ask_break("6")
    counted = Counter(answer.request for answer in await hall.answered())
    assert set(counted.values()) == {1}
    assert forgotten.id not in counted
    assert counted[last.request] == 1


async def test_orders_follow_their_facts_into_a_stream_of_their_own(hall: Hall) -> None:
    async with hall.engine(), hall.board() as board:
        answer = await board.asker.ask(ACTOR, Here(AgentId("leg")))
        await until(lambda: answer.orders[0] in board.floor.owned.orders)
        async with asyncio.timeout(10):
            while not await hall.orders():  # noqa: ASYNC110 - it asks a store
                await asyncio.sleep(0.002)
        (order,) = await hall.orders()
        assert (order.id, order.act) == (answer.orders[0], HangUp(Uniqueid("leg")))
        assert board.floor.owned.orders[order.id].order == order


async def test_an_order_whose_engine_died_right_behind_its_fact_is_handed_on_by_the_next(hall: Hall) -> None:
    order = Order("o", Node("pbx"), HangUp(Uniqueid("leg")), hall.now, hall.now + 10 * SECOND)
    late = Order("late", Node("pbx"), HangUp(Uniqueid("other")), hall.now - 20 * SECOND, hall.now - 10 * SECOND)
    facts = [OrderGiven(hall.now, hall.now, Node("pbx"), "before", number, order=each) for number, each in enumerate((late, order))]
    await (await hall.backend.store()).log.append([join(map(encode, facts))])
    async with hall.engine():
        async with asyncio.timeout(5):
            while not await hall.orders():  # noqa: ASYNC110 - it asks a store
                await asyncio.sleep(0.002)
    assert await hall.orders() == [order]


async def test_an_order_that_nobody_answers_expires_so_that_it_can_be_given_again(hall: Hall) -> None:
    await hall.adopt()
    async with hall.engine(), hall.board() as board:
        answer = await board.asker.ask(ACTOR, Here(AgentId("leg")))
        await until(lambda: bool(board.floor.owned.open_orders))
        hall.now += 13 * SECOND
        await until(lambda: not board.floor.owned.open_orders)
        assert board.floor.owned.orders[answer.orders[0]].outcome == "expired"
    assert [type(fact) for fact in await hall.facts()].count(OrderDone) == 1


# ------------------------------------------------------------------ killed


def moments(seed: int) -> Iterator[float]:
    chance = random.Random(seed)
    while True:
        yield chance.choice((0.0, 0.0, 0.001, 0.003, 0.01, 0.03))


@pytest.mark.parametrize("seed", range(6))
async def test_engines_that_are_stopped_at_any_moment_lose_no_request_and_answer_none_twice(hall: Hall, seed: int) -> None:
    """Each is cut off in the middle of whatever it did: between two appends, with a read under way, before its first turn."""
    async with hall.board() as board:
        asked = [asyncio.ensure_future(board.ask_break(str(number))) for number in range(40)]
        for wait in moments(seed):
            async with hall.engine():
                await asyncio.sleep(wait)
            if all(each.done() for each in asked) or hall.engines >= 60:
                break
        async with hall.engine():
            answers = await asyncio.gather(*asked)
    assert hall.engines > 1
    assert Counter(answer.decision.verdict for answer in answers) == {"allow": PLACES, "deny": 40 - PLACES}
    assert set(Counter(answer.request for answer in await hall.answered()).values()) == {1}
    assert [type(fact) for fact in await hall.facts()].count(BreakBegan) == PLACES


@pytest.mark.parametrize("forget", [0, 2])
async def test_a_server_that_is_killed_under_it_costs_no_answer(own: Own, forget: int) -> None:
    """With its last appends forgotten: who answered says it again, and everybody agrees who has a place."""
    hall = Hall(own)
    async with hall.engine() as running, hall.board() as board, hall.board() as other:
        asked = [asyncio.ensure_future(insist(board, number)) for number in range(30)]
        for kill in range(2):
            await until(lambda kill=kill: sum(each.done() for each in asked) > 8 * (kill + 1), 30)  # type: ignore[misc]
            own.crash(forget)
        answers = await asyncio.gather(*asked)
        assert not running.done()
        taken = {answer.agent for answer in answers if answer.decision.verdict == "allow"}
        assert len(taken) == PLACES
        await until(lambda: set(board.floor.owned.leases) == taken == set(other.floor.owned.leases), 20)
    counted = Counter(answer.request for answer in await hall.answered())
    assert set(counted.values()) == {1}


async def test_an_engine_process_killed_without_a_word_is_followed_by_one_that_goes_on(own: Own) -> None:
    """SIGKILL, in the middle of a crowd of requests, four times."""
    hall = Hall(own)
    hall.clock = lambda: time.time_ns() // 1_000  # type: ignore[method-assign]
    crowd, engines = 40, 5
    asked: list[asyncio.Task[Answer]] = []
    async with hall.board(patience_s=5) as board:
        for number in range(engines):
            asked.extend(asyncio.create_task(insist(board, number * crowd + each, every_s=0)) for each in range(crowd))
            command = (sys.executable, "-m", "tests.realtime.engine_process", own.url, own.floor)
            process = await asyncio.create_subprocess_exec(*command)
            try:
                wanted = crowd * engines if number == engines - 1 else crowd * number + crowd // 4
                await until(lambda wanted=wanted: sum(each.done() for each in asked) >= wanted, 60)  # type: ignore[misc]
            finally:
                process.kill()
                await process.wait()
        answers = await asyncio.gather(*asked)
    assert len({fact.session for fact in await hall.answered()}) == engines, "each of them answered some"
    assert Counter(answer.decision.verdict for answer in answers) == {"allow": PLACES, "deny": crowd * engines - PLACES}
    assert set(Counter(answer.request for answer in await hall.answered()).values()) == {1}
    assert [type(fact) for fact in await hall.facts()].count(BreakBegan) == PLACES


async def insist(board: Board, number: int, every_s: float = 0.01) -> Answer:
    """As a page does: the same key again until somebody answers."""
    async with asyncio.timeout(60):
        await asyncio.sleep(number * every_s)
        while True:
            with contextlib.suppress(NotAnswered):
                return await board.ask_break(str(number), f"key {number}")


# ------------------------------------------------------------------ the asker


async def test_who_asks_is_told_in_time_that_nobody_answers(hall: Hall) -> None:
    async with hall.board(patience_s=0.05) as board:
        with pytest.raises(NotAnswered, match="did not answer in time"):
            await board.ask_break("1")


async def test_a_log_that_is_away_is_said_and_a_restart_is_not() -> None:
    hall = Hall(Memory())
    async with hall.board(patience_s=0.5) as board, hall.engine():
        requests = board.store.requests
        assert isinstance(requests, MemoryLog)
        requests.restart()
        assert (await board.ask_break("1")).decision.verdict == "allow"
        requests.away = "unplugged"
        with pytest.raises(NotAnswered, match="unplugged"):
            await board.ask_break("2")


async def test_only_so_many_may_wait_at_once(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime.asker.OUTSTANDING", 2)
    async with hall.board(patience_s=0.2) as board:
        found = await asyncio.gather(*(board.ask_break(str(number)) for number in range(4)), return_exceptions=True)
        assert sorted("Too many" in str(each) for each in found) == [False, False, True, True]
        assert all(isinstance(each, NotAnswered) for each in found)
