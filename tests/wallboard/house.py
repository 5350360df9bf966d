"""A board that runs: its server on a free port, in the test's own loop; and clients that come from outside."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from realtime.dial import signing
from realtime.dial.would import Dialling
from realtime.history.port import History
from realtime.ledger.ledger_memory import MemoryLedger
from realtime.lists.shelf import Shelf
from realtime.sealing import Sealer
from tests.plain_http import PLAIN_HTTP
from tests.wallboard.fakes import Clock, FakeEngine, FakeFollower, FakeRenderer, mask
from wallboard.authorise import Role
from wallboard.board import WEB, Board, make_board
from wallboard.feed import Follower, Renderer
from wallboard.pages import Pages
from wallboard.row import Row
from wallboard.server import serve
from wallboard.settings import BoardSettings

DEADLINE_S = 10.0


@dataclass
class House:
    """One running board and what a test needs of it."""

    board: Board
    follower: FakeFollower
    renderer: FakeRenderer
    clock: Clock
    port: int
    stop: asyncio.Event
    http: httpx.AsyncClient
    engine: FakeEngine
    secrets: dict[Role, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def bearer(self, role: Role = Role.SUPERVISOR) -> dict[str, str]:
        if role not in self.secrets:
            self.secrets[role], _ = self.board.tokens.create(role, "test", self.clock())
        return {"Authorization": f"Bearer {self.secrets[role]}"}

    async def cookie(self, role: Role = Role.SUPERVISOR) -> tuple[str, str]:
        """The Cookie header of a browser that has signed in with a token, and the token against forged requests."""
        token = self.bearer(role)["Authorization"].partition(" ")[2]
        async with httpx.AsyncClient(base_url=self.url, trust_env=False, verify=PLAIN_HTTP) as browser:
            answer = await browser.post("/api/session", json={"token": token}, headers={"Origin": self.url})
        return answer.headers["set-cookie"].partition(";")[0], answer.json()["csrf"]

    def live(self, view: str = "floor", role: Role | None = Role.SUPERVISOR, **headers: str) -> connect:
        credentials = self.bearer(role) if role else {}
        return connect(
            f"ws://127.0.0.1:{self.port}/api/live?view={view}",
            additional_headers=credentials | headers,
            proxy=None,
            compression=None,
            max_size=None,
        )


@cache
def the_pages() -> Pages:
    """Read once for all boards of a worker: no test changes them."""
    return Pages(WEB)


@contextlib.asynccontextmanager
async def running(
    folder: Path,
    *,
    open_floor: bool = True,
    web: Path = WEB,
    real: Renderer | None = None,
    follow: Follower | None = None,
    history: History | None = None,
    more: tuple[Row, ...] = (),
    **settings: Any,
) -> AsyncIterator[House]:
    clock, renderer, stop = Clock(), FakeRenderer(), asyncio.Event()
    follower = FakeFollower(clock)
    told = BoardSettings(data_dir=folder, **{"listen": "127.0.0.1:0"} | settings)
    engine = FakeEngine(follower)
    sealer = Sealer(b"k" * 32, lambda month: b"m" * 64)
    dialling = Dialling(sealer.seal, MemoryLedger(), Shelf(folder / "lists"), lambda fact: signing.good(fact, "k1", b"k" * 32))
    parts: dict[str, Any] = {"history": history, "asker": engine, "dialling": dialling, "more": more}
    pages = the_pages() if web == WEB else Pages(web)
    board = make_board(told, follow or follower, mask, clock, renderer=real or renderer, pages=pages, **parts)
    port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(board, stop, port.set_result))
    beginning: set[asyncio.Future[Any]] = {serving, port}
    await asyncio.wait(beginning, return_when=asyncio.FIRST_COMPLETED, timeout=DEADLINE_S)
    if serving.done():
        await serving
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port.result()}", trust_env=False, verify=PLAIN_HTTP) as http:
        if open_floor:
            follower.opened()
            await until(lambda: board.feed.has_floor)
        try:
            yield House(board, follower, renderer, clock, port.result(), stop, http, engine)
        finally:
            stop.set()
            async with asyncio.timeout(DEADLINE_S):
                await serving


async def until(true: Callable[[], bool] | Callable[[], Awaitable[bool]], deadline_s: float = DEADLINE_S) -> None:
    """Waits for a condition, not for a time."""
    async with asyncio.timeout(deadline_s):
        while True:
            answer = true()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.005)


async def hear(socket: ClientConnection, kind: str = "") -> dict[str, Any]:
    """The next message, or the next of a kind."""
    async with asyncio.timeout(DEADLINE_S):
        while True:
            text = await socket.recv()
            assert isinstance(text, str), "screens get text frames"
            message = json.loads(text)
            if not kind or message["type"] == kind:
                return dict(message)


def apply(floor: dict[str, Any], delta: dict[str, Any]) -> dict[str, Any]:
    """What a page does with a delta (rows.Delta): the law that the board and its pages share."""
    after = dict(floor)
    for table in ("queues", "agents", "calls", "nodes"):
        key = "node" if table == "nodes" else "id"
        rows = {row[key]: row for row in floor[table]}
        rows |= {row[key]: row for row in delta.get(table, [])}
        after[table] = [row for name, row in rows.items() if name not in delta.get("gone", {}).get(table, [])]
    after.update(
        {name: delta[name] for name in ("totals", "breaks", "meetings", "messages", "alerts", "orders", "day", "time") if name in delta}
    )
    after["position"] = delta["to"]
    return after
