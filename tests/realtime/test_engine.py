"""The engine on a real follower and the log in memory: what is due is said once, whoever runs, whatever was lost."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest

from realtime import engine as module
from realtime.changes import Changes
from realtime.deadlines import FloorSettings
from realtime.engine import Engine
from realtime.factcodec import decode, encode, join
from realtime.facts import DayBegan, Fact, FloorConfigured, WrapUpEnded
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.log import Fence, FenceLost, Position
from realtime.log_memory import MemoryLog
from realtime.outbound import CampaignMoved
from realtime.plan.model import Plan
from realtime.rulings import BreakBegan, OrderGiven, PlanAdopted
from realtime.store import MEMORY, Store, open_store
from realtime.words import SECOND
from tests.realtime.backends import until
from tests.realtime.outbound_story import by_dialler, hangs_up, rings
from tests.realtime.outbound_story import plan as dialling_plan
from tests.realtime.story import (
    START,
    Happening,
    Story,
    Telling,
    completed,
    connected,
    heard,
    joined,
    leg,
    linked,
    sync_began,
    sync_ended,
    works,
)

MIDNIGHT = START + 15 * 3600 * SECOND
"""2026-11-25 00:00 UTC."""


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.005)


class Clock:
    """Turned by hand. `asked`: how often an engine has looked at it, which is how often it has decided."""

    def __init__(self) -> None:
        self.now = START
        self.asked = 0

    def __call__(self) -> int:
        self.asked += 1
        return self.now

    async def looked_at(self, times: int = 20) -> None:
        """For what must not happen there is nothing else to wait for."""
        enough = self.asked + times
        await until(lambda: self.asked >= enough)


class Hall:
    """One log in memory, a clock to be turned by hand, and engines on it."""

    def __init__(self) -> None:
        self.store: Store = open_store(MEMORY, "floor")
        self.clock = Clock()
        self.story = Story()
        self.engines = 0
        self.settings = FloorSettings()

    @property
    def log(self) -> MemoryLog:
        assert isinstance(self.store.log, MemoryLog)
        return self.store.log

    async def tell(self, *happenings: Happening) -> None:
        """An adapter's facts, appended as one batch."""
        before = len(self.story.told)
        self.story.now = self.clock.now
        self.story.after(*happenings)
        self.clock.now = max(self.clock.now, self.story.now)
        await self.log.append([join(map(encode, self.story.told[before:]))])

    async def fence(self) -> Fence:
        taken = await self.store.leases.take("engine", f"engine {self.engines}", 0.0)
        assert taken.fence is not None
        return taken.fence

    async def facts(self) -> list[Fact]:
        """Each once, as a reader folds them: after a restart of the server the last seconds are appended again."""
        told = [fact for record in await self.log.read(None, 10_000) for fact in decode(record.batch)]
        return list({(fact.session, fact.seq): fact for fact in told}.values())

    async def said(self, kind: type[Fact]) -> list[Fact]:
        return [fact for fact in await self.facts() if type(fact) is kind]

    @contextlib.asynccontextmanager
    async def running(self, settings: FloorSettings | None = None) -> AsyncIterator[Running]:
        self.engines += 1
        follower = Follower(self.log, self.store.checkpoints, FloorFolding(), wait_ms=20)
        engine = Engine(self.store, follower, await self.fence(), settings or self.settings, f"engine {self.engines}", self.clock)
        running = Running(follower, asyncio.create_task(engine.run()))
        try:
            yield running
        finally:
            running.task.cancel()
            await asyncio.gather(running.task, return_exceptions=True)


class Running:
    def __init__(self, follower: Follower[Floor, Changes], task: asyncio.Task[None]) -> None:
        self.follower = follower
        self.task = task

    @property
    def floor(self) -> Floor:
        return self.follower.floor

    async def day(self, name: str) -> None:
        await until(lambda: self.floor.day == name)


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110  it asks a store
            await asyncio.sleep(0.005)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    hall = Hall()
    yield hall
    await hall.store.close()


async def test_a_floor_is_configured_once_and_again_when_the_settings_changed(hall: Hall) -> None:
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        await hall.clock.looked_at()
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        await hall.clock.looked_at()
    assert [len(await hall.said(kind)) for kind in (FloorConfigured, DayBegan)] == [1, 1]
    async with hall.running(FloorSettings(day_starts_min=360)) as engine:
        await until(lambda: engine.floor.rules is not None and engine.floor.rules.day_starts_min == 360)
        await hall.clock.looked_at()
    assert len(await hall.said(FloorConfigured)) == 2


async def test_the_day_turns_with_callers_waiting(hall: Hall) -> None:
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        await hall.tell(joined("a"), joined("b"))
        hall.clock.now = MIDNIGHT + 7 * SECOND
        await engine.day("2026-11-25")
        queue = engine.floor.queues["pbx/sales"]
        assert (queue.day.offered, len(queue.waiting)) == (2, 2)
        assert [fact.at for fact in await hall.said(DayBegan)][1:] == [MIDNIGHT]


async def test_wrapup_ends_by_a_fact_with_its_deadline(hall: Hall) -> None:
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        talk = (joined("a"), connected("a", "1001"), leg("a", "1001", "talking"), 60, completed("a", "1001"))
        await hall.tell(works("1001", "sales", wrapup_s=10), *talk)
        await until(lambda: "1001" in engine.floor.wrapups)
        ends = engine.floor.wrapups["1001"]
        hall.clock.now = ends + 3 * SECOND
        await until(lambda: not engine.floor.wrapups)
    assert [fact.at for fact in await hall.said(WrapUpEnded)] == [ends]


async def test_an_engine_that_lost_its_fence_stops_without_a_word(hall: Hall) -> None:
    async with hall.running() as first:
        await first.day("2026-11-24")
        async with hall.running() as second:
            await second.day("2026-11-24")
            hall.clock.now = MIDNIGHT
            await second.day("2026-11-25")
            with pytest.raises(ExceptionGroup) as stopped:
                async with asyncio.timeout(10):
                    await first.task
            assert stopped.group_contains(FenceLost)
    assert len(await hall.said(DayBegan)) == 2


async def test_an_engine_that_follows_says_what_another_left_unsaid(hall: Hall) -> None:
    async with hall.running() as engine:
        await engine.day("2026-11-24")
    hall.clock.now = MIDNIGHT + 3600 * SECOND
    async with hall.running() as engine:
        await engine.day("2026-11-25")
    assert [fact.at for fact in await hall.said(DayBegan)][1:] == [MIDNIGHT]


async def test_what_could_not_be_said_is_said_when_the_log_is_back(hall: Hall) -> None:
    """On a floor where nothing else happens."""
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        hall.log.away = "unplugged"
        hall.clock.now = MIDNIGHT
        await hall.clock.looked_at(1)
        hall.log.away = ""
        await engine.day("2026-11-25")


async def test_a_first_word_after_the_server_restarted_is_said_all_the_same(hall: Hall) -> None:
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        hall.log.restart(forget=0)
        hall.clock.now = MIDNIGHT
        await engine.day("2026-11-25")
        await hall.clock.looked_at()
    assert [fact.at for fact in await hall.said(DayBegan)][1:] == [MIDNIGHT]


async def test_what_the_server_forgot_is_said_again(hall: Hall) -> None:
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        hall.clock.now = MIDNIGHT
        await engine.day("2026-11-25")
        hall.log.restart(forget=1)
        await until(lambda: engine.floor.day != "2026-11-25")
        hall.clock.now += 6 * SECOND
        await engine.day("2026-11-25")


async def test_what_the_log_took_and_never_gave_back_is_decided_anew(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of a server's last seconds is lost than anybody keeps."""
    monkeypatch.setattr(module, "SAY_AGAIN_S", 0.05)
    append, swallowed = hall.log.append, list[bytes]()

    async def swallow(batches: Sequence[bytes], fence: Fence | None = None) -> Position:
        if batches and not swallowed:
            swallowed.extend(batches)
            return Position(1, "1")
        return await append(batches, fence)

    monkeypatch.setattr(hall.log, "append", swallow)
    async with hall.running() as engine:
        await engine.day("2026-11-24")
    assert swallowed


async def test_others_facts_in_between_make_it_say_nothing_twice(hall: Hall) -> None:
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        hall.clock.now = MIDNIGHT
        for number in range(40):
            await hall.tell(joined(f"c{number}"))
            await asyncio.sleep(0)
        await engine.day("2026-11-25")
        await hall.clock.looked_at()
    assert len(await hall.said(DayBegan)) == 2


async def test_a_restart_begins_at_the_checkpoint(hall: Hall) -> None:
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        await hall.tell(joined("a"))
        await until(lambda: "pbx/sales" in engine.floor.queues)
        hall.clock.now += 31 * SECOND
        await eventually(lambda: saved_at(hall, engine))
        kept = FloorFolding().dump(engine.floor)
    await hall.log.trim((await hall.store.checkpoints.load())[0].position)
    async with hall.running() as engine:
        await until(lambda: "pbx/sales" in engine.floor.queues)
        assert FloorFolding().dump(engine.floor) == kept


async def saved_at(hall: Hall, engine: Running) -> bool:
    return any(checkpoint.position == engine.follower.position for checkpoint in await hall.store.checkpoints.load())


async def test_a_whole_hall_is_paused_without_waiting_for_the_next_look_at_everybody(hall: Hall) -> None:
    """A rule gives a hundred orders at once; the others follow at once, not each five seconds."""
    people = [str(number) for number in range(1000, 1250)]
    leases = [Telling(BreakBegan, {"agent": number, "kind": "meeting", "request": "m"}, node="") for number in people]
    plan = Telling(PlanAdopted, {"plan": Plan(), "version": "1"}, node="")
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        await hall.tell(linked(), sync_began(), *(works(number, "sales") for number in people), sync_ended(), plan)
        await hall.tell(*leases)
        await until(lambda: len(engine.floor.owned.open_orders) == len(people), 3)
    assert len(await hall.said(OrderGiven)) == len(people), "each once"


async def test_a_stop_does_not_wait_for_the_next_look(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """What rings is hung up and its end is measured as the facts come, however seldom the engine looks by the clock."""
    adopted = Telling(PlanAdopted, {"plan": dialling_plan(), "version": "1"}, node="")
    formal = Telling(CampaignMoved, {"campaign": "c1", "to": "formal"}, node="")
    async with hall.running() as engine:
        await engine.day("2026-11-24")
        await hall.tell(linked(), sync_began(), sync_ended(), adopted, formal, by_dialler("d1"), rings("d1"))
        await until(lambda: bool(engine.floor.owned.outbound.by_call))
        monkeypatch.setattr(module, "LOOK_EVERY_S", 3600.0)
        looked = hall.clock.asked
        await hall.tell(heard())
        await until(lambda: hall.clock.asked > looked)
        await hall.tell(Telling(CampaignMoved, {"campaign": "c1", "to": "stopped", "pressed": hall.clock.now}, node=""))
        await until(lambda: bool(engine.floor.owned.open_orders))
        await hall.tell(0.3, hangs_up("d1"))
        await until(lambda: bool(engine.floor.owned.outbound.campaigns["c1"].stop_took))
        assert engine.floor.owned.outbound.campaigns["c1"].stop_took == 300_000
