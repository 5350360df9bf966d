"""The board and the engine together: what is asked over HTTP goes through the real streams, and comes back as the engine's answer."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from realtime import view
from realtime.asker import Asker
from realtime.control.adopting import Wanted
from realtime.deadlines import FloorSettings
from realtime.engine import Engine
from realtime.factcodec import encode, join
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.plan.model import BreakRules, KindRules, LoadRules, Person, Plan, Team
from realtime.store import MEMORY, Store, open_store
from realtime.words import SECOND, AgentId
from tests.plain_http import PLAIN_HTTP
from tests.realtime.story import Story, heard, linked, queue_seen, sync_began, sync_ended, works
from tests.wallboard.fakes import mask
from tests.wallboard.house import DEADLINE_S, until
from wallboard.authorise import Role
from wallboard.board import Board, make_board
from wallboard.server import serve
from wallboard.settings import BoardSettings

AGENTS = tuple(str(number) for number in range(1001, 1051))
PLAN = Plan(
    people=tuple(Person(id=AgentId(name), name=f"P{name}", team="a") for name in AGENTS),
    teams=(Team(id="a"),),
    breaks=BreakRules(kinds={"short": KindRules(minutes=10)}, team_most=3, site_most=10, spacing_s=0, load=LoadRules(enabled=False)),
)


def now_us() -> int:
    return time.time_ns() // 1000


class Floor:
    """One log in memory, an engine on it, and boards that ask it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.ids = itertools.count(1)

    def asker(self, patience_s: float = 5.0) -> Asker:
        return Asker(self.store.requests, now_us, lambda: f"r{next(self.ids)}", patience_s)

    @contextlib.asynccontextmanager
    async def board(self, folder: Path, patience_s: float = 5.0) -> AsyncIterator[tuple[Board, str]]:
        follower = Follower(self.store.log, self.store.checkpoints, FloorFolding(), wait_ms=20)
        settings = BoardSettings(data_dir=folder, listen="127.0.0.1:0")
        board = make_board(settings, follower, mask, now_us, renderer=view, asker=self.asker(patience_s))
        stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve(board, stop, port.set_result))
        try:
            async with asyncio.timeout(DEADLINE_S):
                url = f"http://127.0.0.1:{await port}"
            await until(lambda: board.feed.floor is not None and bool(board.feed.floor.owned.version))
            yield board, url
        finally:
            stop.set()
            async with asyncio.timeout(DEADLINE_S):
                await serving

    @contextlib.asynccontextmanager
    async def engine(self) -> AsyncIterator[None]:
        follower = Follower(self.store.log, self.store.checkpoints, FloorFolding(), wait_ms=20)
        taken = await self.store.leases.take("engine", "engine", 0.0)
        assert taken.fence is not None
        engine = Engine(self.store, follower, taken.fence, FloorSettings(), "engine", now_us)
        engine.want(Wanted(PLAN, "v1", "test"))
        running = asyncio.create_task(engine.run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest_asyncio.fixture
async def floor() -> Floor:
    store = open_store(MEMORY, "main")
    story = Story(now=now_us() - SECOND).after(linked(), sync_began(), queue_seen("sales"))
    story.after(*(works(name, "sales") for name in AGENTS), sync_ended(), 1, heard())
    await store.log.append([join(map(encode, story.told))])
    return Floor(store)


def bearer(board: Board) -> dict[str, str]:
    secret, _ = board.tokens.create(Role.SUPERVISOR, "test", now_us())
    return {"Authorization": f"Bearer {secret}"}


async def test_fifty_ask_two_boards_at_once_for_three_places(floor: Floor, tmp_path: Path) -> None:
    async with floor.engine(), floor.board(tmp_path / "one") as (one, first), floor.board(tmp_path / "two") as (two, second):
        async with httpx.AsyncClient(trust_env=False, verify=PLAIN_HTTP) as http:
            doors = [(f"{first}/api/breaks", bearer(one)), (f"{second}/api/breaks", bearer(two))]

            async def ask(agent: str) -> tuple[int, str]:
                url, headers = doors[int(agent) % 2]
                answer = await http.post(url, json={"agent": agent, "deed": "ask"}, headers=headers, timeout=DEADLINE_S)
                return answer.status_code, answer.json()["verdict"]

            answers = await asyncio.gather(*map(ask, AGENTS))
        assert answers.count((200, "allow")) == 3
        assert answers.count((200, "queue")) == len(AGENTS) - 3
        assert one.feed.floor is not None
        await until(lambda: len(one.feed.floor.owned.waiting) == len(AGENTS) - 3)  # type: ignore[union-attr]


async def test_without_an_engine_it_says_so_and_the_same_key_finds_what_was_done(floor: Floor, tmp_path: Path) -> None:
    async with floor.engine(), floor.board(tmp_path) as (board, _):
        await until(lambda: board.feed.floor is not None)
    async with floor.board(tmp_path, 0.2) as (board, url), httpx.AsyncClient(base_url=url, trust_env=False, verify=PLAIN_HTTP) as http:
        headers, body = bearer(board) | {"Idempotency-Key": "k"}, {"agent": "1001", "deed": "ask"}
        lost = await http.post("/api/breaks", json=body, headers=headers)
        assert (lost.status_code, lost.json()["error"]) == (503, "not_answered")
        async with floor.engine():
            await until(lambda: "1001" in board.feed.floor.owned.leases)  # type: ignore[union-attr]
            again = await http.post("/api/breaks", json=body, headers=headers, timeout=DEADLINE_S)
            while again.status_code == 503:
                again = await http.post("/api/breaks", json=body, headers=headers, timeout=DEADLINE_S)
        assert (again.json()["verdict"], again.json()["reasons"][-1]["rule"]) == ("allow", "request.repeated")
