"""The stop of dialling by MQTT: what is obeyed and what is not, an engine that does not answer, and a real broker before the real rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt
import pytest

from realtime.asker import NotAnswered
from realtime.asks_outbound import CampaignStop
from realtime.decision import allow
from realtime.owned import Answer
from realtime.requests import Actor, AnyAsk
from realtime.words import AgentId
from tests.wallboard.campaigning import dialling
from tests.wallboard.controlled import Hall
from tests.wallboard.house import until
from tests.wallboard.mqtt.mosquitto import PROGRAM, Mosquitto
from tests.wallboard.mqtt.test_broker import Floor, at, mosquitto, now
from wallboard.mqtt import stopping as module
from wallboard.mqtt.client import MqttBoards
from wallboard.mqtt.stopping import ACTOR, EVERY_S, TRIES, WAITING_MOST, Asking, Stopping
from wallboard.mqtt.topics import Topics

__all__ = ["mosquitto"]
ONE, ALL = "andon/main/campaign/renewals/stop", "andon/main/stop"


@dataclass
class Engine:
    """Says yes, after so many times not answering; keeps what it was asked."""

    silent: int = 0
    asked: list[tuple[Actor, AnyAsk, str]] = field(default_factory=list)

    async def ask(self, actor: Actor, ask: AnyAsk, key: str = "") -> Answer:
        self.asked.append((actor, ask, key))
        if len(self.asked) <= self.silent:
            raise NotAnswered("The engine did not answer in time.")
        return Answer("r", 0, key, actor.who, "", AgentId(""), allow("campaign.stopped", stage="formal"))


@dataclass
class Heard:
    engine: Asking
    told: list[str] = field(default_factory=list)
    stopping: Stopping = field(init=False)

    def __post_init__(self) -> None:
        ids = iter(range(10_000))
        self.stopping = Stopping(Topics("main"), self.engine, lambda: 7, lambda: f"k{next(ids)}", self.told.append)

    def hears(self, topic: str, body: bytes = b"stop", *, retained: bool = False, now: float = 100.0) -> int:
        """How many were ignored by it."""
        before = self.stopping.counts.ignored
        self.stopping.heard(topic, body, retained=retained, now=now)
        return self.stopping.counts.ignored - before

    async def carried_out(self, done: int) -> None:
        task = asyncio.create_task(self.stopping.run())
        try:
            await until(lambda: self.stopping.counts.done >= done)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_one_campaign_and_all_are_asked_for_each_by_its_own_key() -> None:
    engine = Engine()
    heard = Heard(engine)
    assert heard.hears(ONE, "夜班 \x00 board 3".encode()) == heard.hears(ALL, b"\xff") == 0
    assert heard.hears("andon/main/campaign/renewals") == heard.hears("andon/main/queue/sales") == 0
    await heard.carried_out(2)
    assert engine.asked == [
        (ACTOR, CampaignStop("renewals", "MQTT: 夜班  board 3", 7), "mqtt:k0"),
        (ACTOR, CampaignStop("", "MQTT: \ufffd", 7), "mqtt:k1"),
    ]
    assert (ACTOR.who, ACTOR.role, ACTOR.via) == ("mqtt", "dialler", "api")
    assert "campaign renewals: allow" in heard.told[0]
    assert "all dialling: allow" in heard.told[1]


def test_what_the_broker_has_kept_is_not_obeyed_and_said_so() -> None:
    heard = Heard(Engine())
    assert heard.hears(ALL, retained=True) == 1
    assert "retained" in heard.told[0]
    assert heard.hears(ALL) == 0, "and a fresh one after it is"


def test_a_message_without_a_body_clears_a_kept_one_and_stops_nothing() -> None:
    heard = Heard(Engine())
    assert heard.hears(ALL, b"") == 1
    assert (heard.told, heard.stopping.counts.heard) == ([], 0)


def test_again_within_a_second_is_the_same_stop() -> None:
    heard = Heard(Engine())
    assert [heard.hears(ONE, now=moment) for moment in (100.0, 100.0 + EVERY_S / 2, 100.0 + EVERY_S)] == [0, 1, 0]
    assert heard.hears("andon/main/campaign/arrears/stop", now=100.1) == 0, "another campaign's is another"


def test_a_flood_holds_up_no_stop_of_all() -> None:
    heard = Heard(Engine())
    ignored = [heard.hears(f"andon/main/campaign/c{number}/stop") for number in range(WAITING_MOST + 3)]
    assert sum(ignored) == 3
    assert "Stop all dialling instead" in heard.told[-1]
    assert heard.hears(ALL) == 0
    assert heard.hears(f"andon/main/campaign/{'x' * 65}/stop") == 1


async def test_an_engine_that_does_not_answer_is_asked_again_with_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_S", 0.0)
    engine = Engine(silent=3)
    heard = Heard(engine)
    heard.hears(ALL)
    await heard.carried_out(1)
    assert [key for _, _, key in engine.asked] == ["mqtt:k0"] * 4
    assert [each.startswith("The stop of all dialling by MQTT was not answered yet") for each in heard.told] == [True, True, True, False]


async def test_that_nobody_answered_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AGAIN_S", 0.0)
    heard = Heard(Engine(silent=10_000))
    heard.hears(ALL)
    task = asyncio.create_task(heard.stopping.run())
    await until(lambda: "came to nothing" in "".join(heard.told))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(heard.told) == TRIES + 1


# ------------------------------------------------------------------ a real broker, the real rules


@asynccontextmanager
async def connected(hall: Hall, broker: Mosquitto) -> AsyncIterator[Heard]:
    floor, heard = Floor(), Heard(hall.house.engine)
    boards = MqttBoards(at(broker), None, "andon-stops", floor.publisher, now, lambda: 0.5, told=heard.told.append, stopping=heard.stopping)
    tasks = [asyncio.create_task(work) for work in (boards.run(), heard.stopping.run())]
    try:
        await until(lambda: boards.counts.connected and boards.counts.published > 0)
        yield heard
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.skipif(PROGRAM is None, reason="no mosquitto here: it is the broker")
async def test_one_message_stops_a_campaign_another_one_everything(mosquitto: Mosquitto, tmp_path: Path) -> None:
    async with dialling(tmp_path) as hall:
        outbound = hall.house.follower.floor.owned.outbound
        async with aiomqtt.Client("127.0.0.1", mosquitto.port) as other:
            await other.publish(ALL, b"of yesterday", qos=1, retain=True)
            async with connected(hall, mosquitto) as heard:
                await until(lambda: heard.stopping.counts.ignored > 0)
                await other.publish(ONE, b"board 3", qos=1)
                await until(lambda: outbound.campaigns["renewals"].state == "stopped")
                move = outbound.campaigns["renewals"].moves[-1]
                assert (move.who, move.reason) == ("mqtt", "MQTT: board 3")
                assert (outbound.stopped, outbound.campaigns["arrears"].state) == (False, "formal"), "what was kept stopped nothing"
                await other.publish("andon/main/campaign/nobody/stop", b"x", qos=1)
                await until(lambda: "campaign nobody: deny" in "".join(heard.told))
                await other.publish(ALL, b"", qos=1, retain=True)
                await other.publish(ALL, b"fire drill", qos=1)
                await until(lambda: outbound.stopped)
                assert outbound.stopped_by == "mqtt"
                assert sum("retained" in each for each in heard.told) == 1
