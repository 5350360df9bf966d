"""The engine on a real Valkey and a history of its own: what it says is in the ledger, and what was lost comes out of history as it was."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from realtime import engine as module
from realtime.control.due import Look
from realtime.deadlines import FloorSettings
from realtime.dial.model import Blocked
from realtime.engine import Engine
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.history import historian as historian_module
from realtime.history.database import Database, sqlite_url
from realtime.history.historian import Historian
from realtime.history.store import StoredHistory, open_history
from realtime.ledger import ledger_redis, opening
from realtime.ledger.names import flight
from realtime.outbound import CampaignMoved, DialDecided, DialEnded, NumberBlocked
from realtime.saying import Ids, Saying, say
from realtime.store import Store, open_store
from realtime.words import Micros
from tests.realtime.ledger.desk import KEY, NOW, NUMBER, check, question, take
from tests.realtime.ledger.test_killed import command
from tests.valkeys import Server

CENTRE = flight("centre")
ASKED = question(check(9), check(9, key=CENTRE))


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_redis, "LOOK_S", 0.1)
    monkeypatch.setattr(opening, "LOOK_S", 0.1)
    monkeypatch.setattr(opening, "GATES_S", 0.3)
    monkeypatch.setattr(historian_module, "LINGER_S", 0.005)
    monkeypatch.setattr(historian_module, "WAIT_MS", 20)


class House:
    """An engine with its history on a server of its own, and a gate's ledger. `wish`: said in the engine's next turn."""

    def __init__(self, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = Server(data / "valkey")
        self.server.start()
        self.url = sqlite_url(data)
        self.wishes: list[Saying] = []
        self.told: list[str] = []
        self._stores: list[Store] = []
        self._past: list[StoredHistory] = []
        due = module.due

        def also(floor: Floor, now: Micros, look: Look, ids: Ids) -> list[Saying]:
            wished, self.wishes = self.wishes, []
            return [*wished, *due(floor, now, look, ids)]

        monkeypatch.setattr(module, "due", also)
        self.gate = self.store().ledger

    def store(self) -> Store:
        self._stores.append(open_store(self.server.url, "floor"))
        return self._stores[-1]

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[Engine]:
        store, reading, telling = self.store(), self.store(), self.store()
        fence = (await store.leases.take("engine", "here", 60)).fence
        assert fence is not None
        database = Database(self.url, writes=True)
        history = Historian(telling.log, telling.checkpoints, database, "floor", fence, 400, lambda: NOW, self.told.append)
        await history.found()
        self._past.append(open_history(self.url))
        follower = Follower(reading.log, store.checkpoints, FloorFolding(), wait_ms=50)
        engine = Engine(store, follower, fence, FloorSettings(), "engine", lambda: NOW, told=self.told.append, past=self._past[-1])
        self.follower = follower
        tasks = [asyncio.create_task(engine.run()), asyncio.create_task(history.run()), asyncio.create_task(self.gate.run())]
        try:
            yield engine
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await history.close()

    def say(self, *says: Saying) -> None:
        self.wishes += says

    async def until(self, **wanted: object) -> None:
        """Until the gate sees it so: `counts`, `state`, `blocked`, `ready`."""
        async with asyncio.timeout(30):
            while True:
                looked = await self.gate.look(ASKED)
                seen = {"counts": [each.events for each in looked.counted], "state": looked.state, "blocked": len(looked.blocked)}
                if not looked.ready and all(seen[name] == value for name, value in wanted.items()):
                    return
                await asyncio.sleep(0.02)

    async def written(self, kind: type, number: int) -> None:
        async with asyncio.timeout(30):
            while True:
                found = [each async for each in self._past[-1].told((kind,), (), 0)]
                if len(found) >= number:
                    return
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        for store in self._stores:
            await store.close()
        for past in self._past:
            await past.close()
        self.server.kill()


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    house = House(tmp_path, monkeypatch)
    yield house
    await house.close()


async def test_from_the_first_dial_over_a_stop_to_a_flushall(house: House) -> None:
    async with house.at_work():
        await house.until(state="")
        house.say(say(CampaignMoved, NOW, campaign="c1", to="formal"))
        await house.until(state="formal")
        for dial in ("d1", "d2", "d3"):
            assert (await take(house.gate, ASKED, keys=(KEY, CENTRE), dial=dial)).ok
        house.say(
            say(DialEnded, NOW, dial="d1", campaign="c1", outcome="no_answer", entries=((CENTRE, NOW),)),
            say(DialEnded, NOW, dial="d2", campaign="c1", outcome="not_dialled", entries=((KEY, NOW), (CENTRE, NOW))),
            say(NumberBlocked, NOW, number=NUMBER, scope="client", about="bank"),
        )
        await house.until(counts=[2, 1], blocked=1)
        await house.written(NumberBlocked, 1)
        await house.written(DialDecided, 3)
        before = await house.gate.look(ASKED)
        await command(house.server.url, "FLUSHALL")
        house.say(say(CampaignMoved, NOW, campaign="c1", to="stopped"))
        await house.until(counts=[2, 1], blocked=1)
        after = await house.gate.look(ASKED)
        assert (after.counted, after.blocked) == (before.counted, before.blocked) == (before.counted, (Blocked("client", "bank", NOW),))
        assert any("rebuilt from" in each for each in house.told)


async def test_a_stop_is_in_force_when_its_fact_is_on_the_floor_and_after_the_next_engine(house: House) -> None:
    async with house.at_work():
        house.say(say(CampaignMoved, NOW, campaign="c1", to="formal"))
        await house.until(state="formal")
        house.say(say(CampaignMoved, NOW, campaign="c1", before="formal", to="stopped"))
        async with asyncio.timeout(20):
            while "stopped" not in {each.state for each in house.follower.floor.owned.outbound.campaigns.values()}:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        assert (await house.gate.look(ASKED)).state == "stopped"
        assert not (await take(house.gate, ASKED)).ok
    await command(house.server.url, "HSET", "{floor}:ledger:states", "c1", "formal")
    async with house.at_work():
        await house.until(state="stopped")


async def test_the_engine_opens_after_its_server_was_killed(house: House) -> None:
    async with house.at_work():
        house.say(say(CampaignMoved, NOW, campaign="c1", to="formal"))
        await house.until(state="formal")
        assert (await take(house.gate, ASKED, keys=(KEY, CENTRE))).ok
        house.server.kill()
        assert not (await take(house.gate, ASKED)).ok
        house.server.start()
        await house.until(counts=[1, 1], state="formal")
