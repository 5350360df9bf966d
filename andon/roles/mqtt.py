"""The floor on an MQTT broker, for boards that are no browsers: one process a floor speaks, a second one waits.

Where `[mqtt] stop` says so it also asks the engine: to stop dialling, and nothing else."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Final

import structlog

from andon.roles.work import RoleRefused, Work, holder, lease_lost, now_us, only_one, opened, until
from andon.watch import watched
from realtime.asker import Asker
from realtime.changes import Changes
from realtime.engine import new_id
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.leases import held
from realtime.vitals import Family
from wallboard.mqtt.broker import BadBroker, Broker, broker_of
from wallboard.mqtt.client import MqttBoards
from wallboard.mqtt.publisher import Publisher
from wallboard.mqtt.stopping import Stopping
from wallboard.mqtt.topics import level

NO_URL: Final = 'There is no broker in the settings; write url = "mqtt://127.0.0.1:1883" in [mqtt].'

log = structlog.get_logger()


async def run(work: Work) -> None:
    broker = _broker_of(work)
    with only_one(Path(work.settings.data.dir), "mqtt"):
        await until(work.stop, _hold(work, broker))


async def _hold(work: Work, broker: Broker) -> None:
    settings = work.settings
    async with opened(settings) as store, held(store.leases, "mqtt", holder(settings), waiting=log.warning) as lease:
        follower = Follower(store.log, store.checkpoints, FloorFolding(), told=log.warning)
        publisher = Publisher(settings.floor.name, settings.mqtt.agents)
        ca = Path(settings.mqtt.ca) if settings.mqtt.ca else None
        # The same name whoever speaks: a broker then ends the connection of one that died without a word.
        identifier = f"andon-{level(settings.floor.name)}"
        asker = Asker(store.requests, now_us, new_id)
        stopping = Stopping(publisher.topics, asker, now_us, new_id, told=log.warning) if settings.mqtt.stop else None
        boards = MqttBoards(broker, ca, identifier, publisher, now_us, random.random, told=log.warning, stopping=stopping)

        def parts() -> list[Family]:
            stops = stopping.families() if stopping is not None else []
            return [*boards.families(), *stops, *follower.families(), *lease.families()]

        work.ready("")
        async with watched(work, store.vitals, "mqtt", parts), asyncio.TaskGroup() as group:
            group.create_task(_follow(follower, publisher, asker))
            if stopping is not None:
                group.create_task(stopping.run())
            group.create_task(boards.run())
            group.create_task(lease_lost(lease))


async def _follow(follower: Follower[Floor, Changes], publisher: Publisher, asker: Asker) -> None:
    async for step in follower.steps():
        if step.away:
            publisher.away()
        else:
            publisher.take(step.floor, step.changes, rebuilt=step.rebuilt, behind=step.behind)
            asker.look(step.floor)


def _broker_of(work: Work) -> Broker:
    url = work.settings.mqtt.url.reveal()
    if not url:
        raise RoleRefused(NO_URL)
    try:
        return broker_of(url)
    except BadBroker as error:
        raise RoleRefused(f"The address in mqtt.url is none: {error}.") from None
