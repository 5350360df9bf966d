"""What each process does, once it has its settings: a role's parts, put together. Thin: the parts do the work.

Not the process around it (`child.py`) and not who starts it (`up.py`, `demo.py`). A role runs until `work.stop`; it raises
RoleRefused where starting again would be no use, and dies of everything else.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast

import structlog

from agi.adapter import Adapter, Outbox, Pbx
from agi.client import Endpoint
from agi.exchange import Credentials
from agi.simulator.centre import Centre
from agi.simulator.manager import DEFAULT_ACCOUNTS, Manager
from agi.simulator.pbx import Pbx as Simulated
from agi.simulator.server import serve as serve_simulated
from andon.lock import InUse, Unusable, locked
from andon.settings import PbxTable, Settings, address_of
from realtime import valkey
from realtime.appender import Appender
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.keys import Keys
from realtime.leases import held
from realtime.log_faults import BadAddress
from realtime.sealing import Sealer, mask
from realtime.store import Store, open_store
from realtime.words import SECOND, Micros, Node
from wallboard.authorise import Role
from wallboard.board import make_board
from wallboard.server import BoardRefused, serve
from wallboard.settings import BoardSettings

LAST_FACTS_S: Final = 2.0
"""For the facts of the last moment to reach the log; a log that is away gets them from the next snapshot instead."""

WARM_UP: Final[Micros] = 600 * SECOND
"""A demo's centre has been at work for ten minutes when the first screen comes."""

log = structlog.get_logger()


class RoleRefused(Exception):
    """It cannot run with these settings: one sentence, what is wrong and what to change."""


class LeaseLost(Exception):
    """Another process writes for this node now: this one dies, and waits for its turn when it is started again."""


@dataclass(frozen=True)
class Work:
    settings: Settings
    node: str
    options: Mapping[str, str]
    """What a demo says to its simulator."""
    stop: asyncio.Event
    ready: Callable[[str], None]
    """Once, when it serves; with a line for the person who started it, or none."""


# ---------------------------------------------------------------- the log's server


async def run_valkey(work: Work) -> None:
    """The embedded server, as the child of a child: it must be written out and ended even when the supervisor was killed."""
    async with valkey.EmbeddedValkey(Path(work.settings.data.dir), told=log.warning) as server:
        work.ready("")
        await until(work.stop, _died(server))


async def _died(server: valkey.EmbeddedValkey) -> None:
    raise RuntimeError(f"the embedded Valkey ended with exit code {await server.wait()}")


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


# ---------------------------------------------------------------- adapter


async def run_adapter(work: Work) -> None:
    table = _table_of(work)
    folder = Path(work.settings.data.dir)
    with only_one(folder, f"adapter {table.node}"):
        store = store_of(work.settings)
        name = f"adapter:{table.node}"
        async with held(store.leases, name, f"{socket.gethostname()}:{folder}", waiting=log.warning) as lease:
            floor = await folded_floor(work.settings)
            appender = Appender(store.log, lease.fence, told=_tell_log)
            seal = keys_of(work.settings, make=True).sealer().seal
            adapter = Adapter(pbx_of(table), cast(Outbox, appender), seal, f"{now_us():x}-{secrets.token_hex(4)}", floor)
            writing = asyncio.create_task(appender.run())
            try:
                work.ready("")
                await until(work.stop, adapter.run(), _watched(writing), _lost(lease.lost()))
                with suppress(TimeoutError):
                    async with asyncio.timeout(LAST_FACTS_S):
                        await appender.drained()
            finally:
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)
        await store.close()


def _table_of(work: Work) -> PbxTable:
    nodes = work.settings.nodes
    wanted = work.node or (nodes[0] if len(nodes) == 1 else "")
    for table in work.settings.pbx:
        if table.node == wanted:
            return table
    said = f"There is no [[pbx]] with node {work.node}" if work.node else "The settings have several PBXs"
    raise RoleRefused(f"{said}; say --node with one of {', '.join(nodes)}.")


def pbx_of(table: PbxTable) -> Pbx:
    address = address_of(table.ami)
    assert address is not None, "settings were checked"
    return Pbx(
        node=Node(table.node),
        endpoint=Endpoint(*address, tls=table.tls, ca=Path(table.ca) if table.ca else None),
        credentials=Credentials(table.username, table.secret.reveal()),
        control=Credentials(table.control_username, table.control_secret.reveal()) if table.control_username else None,
        queue_log=Path(table.queue_log) if table.queue_log else None,
        trunks=frozenset(table.trunks),
        agent_prefix=table.agent_prefix,
    )


async def folded_floor(settings: Settings) -> Floor:
    """What the log says now, so that an adapter that was away knows what the floor already knows."""
    store = store_of(settings)
    try:
        async for step in Follower(store.log, store.checkpoints, FloorFolding(), told=log.warning).steps():
            if not step.behind:
                return step.floor
    finally:
        await store.close()
    raise AssertionError("a follower's steps never end")


def _tell_log(away: str) -> None:
    log.warning(away or "the log takes facts again")


async def _watched(task: asyncio.Task[Any]) -> None:
    await asyncio.shield(task)


async def _lost(loss: Awaitable[str]) -> None:
    raise LeaseLost(await loss)


# ---------------------------------------------------------------- engine


async def run_engine(work: Work) -> None:
    """One a floor. PLACE FOR THE ENGINE: `realtime.engine` is wired here."""
    with only_one(Path(work.settings.data.dir), "engine"):
        work.ready("")
        await work.stop.wait()


# ---------------------------------------------------------------- board


async def run_board(work: Work) -> None:
    store = store_of(work.settings)
    follower = Follower(store.log, store.checkpoints, FloorFolding(), told=log.warning)
    settings = board_of(work.settings)
    board = make_board(settings, follower, _masked(keys_of(work.settings, make=False).sealer()), now_us)
    try:
        await serve(board, work.stop, lambda port: work.ready(f"The wall is at {wall_url(settings, port)}"))
    except* BoardRefused as refused:
        raise RoleRefused(str(refused.exceptions[0])) from refused
    finally:
        await store.close()


def board_of(settings: Settings) -> BoardSettings:
    table = settings.board
    return BoardSettings(
        data_dir=Path(settings.data.dir),
        floor=settings.floor.name,
        listen=table.listen,
        hosts=table.hosts,
        public_role=Role(table.public_role) if table.public_role else None,
        max_clients=table.max_clients,
        max_clients_per_address=min(BoardSettings.max_clients_per_address, table.max_clients),
    )


def wall_url(board: BoardSettings, port: int) -> str:
    """As a browser would write it: a name where the settings know one, else the address."""
    everywhere = board.address in ("0.0.0.0", "::", "")  # noqa: S104 - a comparison, nothing is bound
    host = board.hosts[0] if board.hosts else "127.0.0.1" if everywhere else board.address
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/wall"


def _masked(sealer: Sealer) -> Callable[[Sealed], str | None]:
    def reveal(sealed: Sealed) -> str | None:
        number = sealer.open(sealed)
        return None if number is None else mask(number)

    return reveal


# ---------------------------------------------------------------- the demo's PBX


async def run_simulator(work: Work) -> None:
    """A simulated PBX where the settings expect a real one, with the account that they log in with."""
    (table,) = work.settings.pbx
    address = address_of(table.ami)
    assert address is not None, "settings were checked"
    account = replace(DEFAULT_ACCOUNTS[0], username=table.username, secret=table.secret.reveal())
    start = now_us()
    centre = Centre(agents=int(work.options["agents"]), node=table.node)
    pbx = Simulated(centre, int(work.options["seed"]), start - WARM_UP)
    pbx.advance(start)
    server = await serve_simulated(Manager(pbx, [account]), *address)
    work.ready("")
    try:
        await until(work.stop, server.run())
    finally:
        await server.close()


# ---------------------------------------------------------------- what they share


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


GRACE_S: Final = {"valkey": valkey.STOP_S + 2.0}
"""Roles that need longer than others to end when their supervisor is gone."""

ROLES: Final[Mapping[str, Callable[[Work], Awaitable[None]]]] = {
    "valkey": run_valkey,
    "adapter": run_adapter,
    "engine": run_engine,
    "board": run_board,
    "simulator": run_simulator,
}
