"""The connection to a real mosquitto: what a late subscriber finds, a restart, a wrong password, a certificate, good-byes."""

from __future__ import annotations

import asyncio
import gc
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiomqtt
import pytest

from realtime.changes import Changes
from realtime.words import SECOND
from tests.realtime.story import Story, heard, joined, linked, queue_seen, sync_began, sync_ended, works
from tests.wallboard.house import until
from tests.wallboard.mqtt.mosquitto import PROGRAM, Mosquitto, subscribed
from wallboard.mqtt import client as shell
from wallboard.mqtt.broker import Broker, broker_of
from wallboard.mqtt.client import MqttBoards
from wallboard.mqtt.publisher import Publisher

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no mosquitto here: it is the broker")

QUEUE, AGENT, STATE, ONLINE = "andon/main/queue/a%2Fb%2B销售", "andon/main/agent/1001", "andon/main/state", "andon/main/online"


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("broker"))
    broker.start()
    yield broker
    broker.kill()


def now() -> int:
    return time.time_ns() // 1_000


class Floor:
    """A story in present time, and its publisher."""

    def __init__(self, name: str = "main") -> None:
        self.story = Story(now=now())
        self.publisher = Publisher(name, agents=True)
        self.told: list[str] = []
        self.tell(linked(), sync_began(), queue_seen("a/b+销售"), works("1001", "a/b+销售"), sync_ended())

    def tell(self, *happenings: Any) -> None:
        self.story.now = now()
        self.story.after(*happenings, heard())
        changes, self.story.changes = self.story.changes, Changes()
        self.publisher.take(self.story.floor, changes, rebuilt=False, behind=False)


@asynccontextmanager
async def published(floor: Floor, broker: Broker, ca: Path | None = None) -> AsyncIterator[MqttBoards]:
    boards = MqttBoards(broker, ca, "andon-test", floor.publisher, now, lambda: 0.5, told=floor.told.append)
    task = asyncio.create_task(boards.run())

    async def keep_heard() -> None:
        while True:
            await asyncio.sleep(1)
            floor.tell()

    hearing = asyncio.create_task(keep_heard())
    try:
        yield boards
    finally:
        hearing.cancel()
        task.cancel()
        await asyncio.gather(task, hearing, return_exceptions=True)


def at(broker: Mosquitto, credentials: str = "", scheme: str = "mqtt") -> Broker:
    return broker_of(f"{scheme}://{credentials}127.0.0.1:{broker.port}")


async def test_a_late_subscriber_finds_everything_in_place(mosquitto: Mosquitto) -> None:
    floor = Floor()
    async with published(floor, at(mosquitto)) as boards:
        floor.tell(joined("a", "a/b+销售"))
        await until(lambda: boards.counts.online)
        async with subscribed(mosquitto, "andon/main/#") as late:
            retained = await late.until(lambda retained: len(retained) == 5)
            assert retained.keys() == {QUEUE, AGENT, STATE, ONLINE, "andon/main/breaks"}
            assert retained[ONLINE] is True
            assert (retained[QUEUE]["waiting"], retained[QUEUE]["live"]) == (1, True)
            assert abs(retained[STATE]["time"] - now() / SECOND) < 10
            floor.tell(joined("b", "a/b+销售"))
            await late.until(lambda retained: retained[QUEUE]["waiting"] == 2)
    async with subscribed(mosquitto, "andon/main/#") as later:
        assert (await later.until(lambda retained: len(retained) == 5))[ONLINE] is False


async def test_a_burst_is_one_message_a_second(mosquitto: Mosquitto) -> None:
    floor = Floor("burst")
    async with published(floor, at(mosquitto)), subscribed(mosquitto, "andon/burst/queue/#") as board:
        await board.until(lambda retained: bool(retained))
        for number in range(100):
            floor.tell(joined(f"c{number}", "a/b+销售"))
            await asyncio.sleep(0.03)
        await board.until(lambda retained: next(iter(retained.values()))["waiting"] == 100)
        times = [when for when, _, _ in board.heard]
        assert len(times) <= 6
        assert min(later - sooner for sooner, later in itertools.pairwise(times)) > 0.8


async def test_what_an_earlier_life_left_is_cleared(mosquitto: Mosquitto) -> None:
    async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
        for topic in ("andon/left/queue/old", "andon/left/agent/9", "andon/other/queue/old"):
            await client.publish(topic, b'{"time":1}', qos=1, retain=True)
    floor = Floor("left")
    async with subscribed(mosquitto) as board:
        await board.until(lambda retained: "andon/left/agent/9" in retained)
        async with published(floor, at(mosquitto)):
            retained = await board.until(lambda retained: not {"andon/left/queue/old", "andon/left/agent/9"} & retained.keys())
            assert "andon/other/queue/old" in retained, "another floor's"
            await board.until(lambda retained: retained.get("andon/left/online") is True)


async def test_a_broker_that_forgot_everything_is_told_everything(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path)
    broker.start()
    floor = Floor()
    try:
        async with published(floor, at(broker)) as boards, subscribed(broker) as board:
            await board.until(lambda retained: retained.get(ONLINE) is True)
            broker.kill()
            floor.tell(joined("a", "a/b+销售"))
            await until(lambda: not boards.counts.connected)
            board.retained.clear()
            broker.start()
            retained = await board.until(lambda retained: retained.get(ONLINE) is True and len(retained) == 5)
            assert retained[QUEUE]["waiting"] == 1
            assert boards.counts.connections == 2
            assert [("answers again" in said, "check" in said or "is it running" in said) for said in floor.told] == [
                (False, True),
                (True, False),
            ]
    finally:
        broker.kill()


async def test_a_wrong_password_is_said_once_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "FIRST_S", 0.05)
    broker = Mosquitto(tmp_path, ("andon", "right"))
    broker.start()
    floor = Floor()
    try:
        async with published(floor, at(broker, "andon:hunter2@")) as boards:
            await until(lambda: boards.counts.failures >= 3)
        assert len(floor.told) == 1
        assert "refuses the login" in floor.told[0]
        assert "hunter2" not in floor.told[0]
        async with published(floor, at(broker, "andon:right@")) as boards:
            await until(lambda: boards.counts.online)
    finally:
        broker.kill()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
async def test_a_broker_must_prove_who_it_is(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path, tls=True)
    broker.start()
    floor = Floor()
    try:
        async with published(floor, at(broker, scheme="mqtts")) as boards:
            await until(lambda: boards.counts.failures > 0)
        assert "could not prove who it is" in floor.told[0]
        gc.collect()  # the library leaves a socket whose handshake failed to the collector
        async with published(floor, at(broker, scheme="mqtts"), tmp_path / "ca.pem") as boards:
            await until(lambda: boards.counts.online)
    finally:
        broker.kill()
