"""What all roles share: what they are given, how they refuse, where their log and keys are, and how they end."""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from andon.lock import InUse, Unusable, locked
from andon.settings import Settings
from realtime import valkey
from realtime.keys import Keys
from realtime.leases import Holding
from realtime.log_faults import BadAddress
from realtime.store import Store, open_store
from realtime.words import Micros


class LeaseLost(Exception):
    """Another process writes now: this one dies, and waits for its turn when it is started again."""


class RoleRefused(Exception):
    """It cannot run with these settings: one sentence, what is wrong and what to change."""


@dataclass(frozen=True)
class Work:
    settings: Settings
    node: str
    options: Mapping[str, str]
    """What a demo says to its simulator."""
    stop: asyncio.Event
    ready: Callable[[str], None]
    """Once, when it serves; with a line for the person who started it, or none."""


def log_address(settings: Settings) -> str:
    """The one in the settings, else the embedded server of the data folder, whoever started it."""
    return settings.data.redis.reveal() or valkey.url(Path(settings.data.dir))


def store_of(settings: Settings) -> Store:
    try:
        return open_store(log_address(settings), settings.floor.name)
    except BadAddress as error:
        raise RoleRefused(str(error)) from error


def keys_of(settings: Settings, make: bool) -> Keys:
    return Keys(Path(settings.data.dir) / "keys", make)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    store = store_of(settings)
    try:
        yield store
    finally:
        await store.close()


def holder(settings: Settings) -> str:
    """Who holds a lease: the same after a restart, which then need not wait for the old term to end (`only_one` keeps others off)."""
    return f"{socket.gethostname()}:{settings.data.dir}"


def new_session() -> str:
    """Names one life of a producer of facts."""
    return f"{now_us():x}-{secrets.token_hex(4)}"


async def lease_lost(lease: Holding) -> None:
    raise LeaseLost(await lease.lost())


async def until(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> None:
    """Runs all of them until `stop`, then cancels them; a crash of one ends all and comes out as it is."""
    tasks = [asyncio.ensure_future(work) for work in works]
    stopping = asyncio.ensure_future(stop.wait())
    try:
        done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (*tasks, stopping):
            task.cancel()
        await asyncio.gather(*tasks, stopping, return_exceptions=True)


@contextmanager
def only_one(folder: Path, job: str) -> Iterator[None]:
    """A second process of the same job on the same folder is refused, also when somebody starts it by hand."""
    try:
        with locked(folder, job):
            yield
    except (InUse, Unusable) as error:
        raise RoleRefused(str(error)) from error


def now_us() -> Micros:
    return time.time_ns() // 1_000
