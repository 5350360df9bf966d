"""What `andon lists` asks of a running floor: to announce a version, and what is in force.

Not the files (`lists.py`). It goes the way of every request: into the stream that the engine answers, whatever machine the engine is on;
who can write there has the rights of Andon's own user.
"""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Final

from andon.acts import this_person
from andon.roles.work import RoleRefused, now_us, opened
from andon.settings import Settings
from realtime import valkey
from realtime.asker import Asker, NotAnswered
from realtime.asks_outbound import ListAnnounce
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.log import LogAway
from realtime.outbound import ListAnnounced
from realtime.owned import Answer
from realtime.requests import Actor

PATIENCE_S: Final = 10.0
"""An engine that just starts, or takes over from another, answers within seconds. A person waits at the terminal."""


class NoFloor(Exception):
    """Nothing runs that could be asked: one sentence."""


def announce(settings: Settings, announced: ListAnnounced, reason: str) -> Answer:
    """The engine's answer, whatever its verdict; an older or much smaller version needs a reason. Raises NoFloor."""
    try:
        return asyncio.run(_announce(settings, ListAnnounce(announced, reason)))
    except (NotAnswered, LogAway, RoleRefused) as fault:
        raise NoFloor(str(fault)) from fault


def read_floor(settings: Settings) -> Floor:
    """As it is now. Raises NoFloor."""
    try:
        return asyncio.run(_read(settings))
    except (LogAway, RoleRefused, TimeoutError) as fault:
        raise NoFloor(str(fault) or "The log did not answer in time.") from fault


async def _announce(settings: Settings, ask: ListAnnounce) -> Answer:
    _see_that_it_runs(settings)
    async with opened(settings) as store, opened(settings) as reading:
        follower = Follower(reading.log, store.checkpoints, FloorFolding())
        asker = Asker(store.requests, now_us, lambda: secrets.token_hex(8), PATIENCE_S)

        async def follow() -> None:
            async for step in follower.steps():
                asker.look(step.floor)

        following = asyncio.create_task(follow())
        try:
            return await asker.ask(Actor(this_person(), "admin", via="api"), ask)
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def _read(settings: Settings) -> Floor:
    _see_that_it_runs(settings)
    async with opened(settings) as store, asyncio.timeout(PATIENCE_S):
        async for step in Follower(store.log, store.checkpoints, FloorFolding()).steps():
            if step.away:
                raise LogAway(step.away)
            if not step.behind:
                return step.floor
    raise AssertionError("a follower goes on for ever")


def _see_that_it_runs(settings: Settings) -> None:
    """Where our own server was never started, there is nothing to wait for."""
    if not settings.data.redis and not valkey.socket_path(Path(settings.data.dir)).exists():
        raise NoFloor("The floor does not run.")
