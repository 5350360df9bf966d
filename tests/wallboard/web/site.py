"""A board that does what a test says: the real files and headers, and a websocket that is a script.

Not the board (`tests/wallboard/house.py` runs the real one). It serves `wallboard/web` under the paths and the content
security policy of the board, on a free port, in the loop of the test.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from realtime.me import MeRow
from realtime.rows import Snapshot
from tests.wallboard.house import the_pages
from wallboard.boards import BoardPlan
from wallboard.headers import SECURITY_HEADERS
from wallboard.pages import Pages

DEADLINE_S = 10.0
TOKEN = "andon_right"
HEARTBEAT_S = 0.5
"""Twice as often as the board: a test waits for one."""


@dataclass
class Site:
    """What the stub serves now. Tests change the fields between one connection and the next, or `send` on the open ones."""

    port: int = 0
    make: Callable[[float], Snapshot] | None = None
    own: Callable[[float], MeRow] | None = None
    """The row of whoever opens an agent's page."""
    fresh: bool = True
    """Whether heartbeats keep live nodes heard; without, the floor grows old by itself."""
    refuse: int = 0
    """A close code for whoever connects."""
    refuse_without_cookie: bool = False
    build: str | None = None
    """Another build than that of the pages."""
    away: bool = False
    role: str = "screen"
    connections: int = 0
    tokens_tried: list[str] = field(default_factory=list)
    sockets: set[WebSocket] = field(default_factory=set)
    pages: Pages = field(default_factory=the_pages)
    snapshot: Snapshot | None = None
    place: int = 100
    plan: BoardPlan | None = None
    """What the board at the address is; without one it is the whole floor on one page."""
    boards: list[str] = field(default_factory=list)
    """Which boards were asked for, connection by connection."""
    answers: dict[str, Any] = field(default_factory=dict)
    """What other addresses of the API give: "GET /api/why" -> a body, a status, or what makes one of a request."""
    asked: list[str] = field(default_factory=list)
    """Requests to those addresses, as they came: "POST /api/screens/B7K2/approve {...}"."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def position(self) -> str:
        return f"1-{self.place}"

    async def send(self, message: dict[str, Any]) -> None:
        text = msgspec.json.encode(message).decode()
        for open_socket in tuple(self.sockets):
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await open_socket.send_text(text)

    async def delta(self, **rows: Any) -> None:
        """The next delta, which leads on from the one before."""
        start, self.place = self.position, self.place + 1
        await self.send({"type": "delta", "from": start, "to": self.position, "time": time.time(), **rows})

    async def drop(self, code: int = 1012) -> None:
        for open_socket in tuple(self.sockets):
            await open_socket.close(code)

    def first_message(self) -> dict[str, Any]:
        assert self.make is not None, "say which floor to show: site.make = sample.floor"
        self.snapshot = self.make(time.time())
        build = self.build or self.pages.build
        head = {"type": "snapshot", "position": self.position, "build": build, "role": self.role, "time": time.time()}
        plan = {"board": msgspec.to_builtins(self.plan)} if self.plan is not None else {}
        return {**head, **plan, "floor": msgspec.to_builtins(self.snapshot)}

    async def live(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.connections += 1
        self.boards.append(websocket.query_params.get("board", ""))
        code = self.refuse or (4401 if self.refuse_without_cookie and websocket.cookies.get("andon") != TOKEN else 0)
        if code:
            await websocket.close(code)
            return
        if self.make is None:  # accepted, and then nothing: the board has no floor yet
            await self._listen(websocket)
            return
        await websocket.send_text(msgspec.json.encode(self.first_message()).decode())
        self.sockets.add(websocket)
        try:
            await self._listen(websocket)
        finally:
            self.sockets.discard(websocket)

    async def own_live(self, websocket: WebSocket) -> None:
        """The websocket of an agent's page."""
        await websocket.accept()
        self.connections += 1
        if self.refuse:
            await websocket.close(self.refuse)
            return
        if self.own is not None:
            await websocket.send_text(msgspec.json.encode(self.own_message()).decode())
        self.sockets.add(websocket)
        try:
            await self._listen(websocket)
        finally:
            self.sockets.discard(websocket)

    def own_message(self) -> dict[str, Any]:
        assert self.own is not None, "say whose page it is: site.own = hall.me"
        build = self.build or self.pages.build
        row = msgspec.to_builtins(self.own(time.time()))
        return {"type": "me", "position": self.position, "build": build, "time": time.time(), "me": row}

    async def tell(self, own: Callable[[float], MeRow]) -> None:
        """The row has changed."""
        self.own = own
        await self.send(self.own_message())

    async def _listen(self, websocket: WebSocket) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await websocket.receive_text()

    async def beat(self) -> None:
        """Heartbeats, and what keeps nodes heard."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            if self.fresh and self.sockets and self.snapshot is not None:
                nodes = [msgspec.to_builtins(node) | {"heard": time.time()} for node in self.snapshot.nodes if node.link == "live"]
                await self.delta(nodes=nodes)
            beat = {"type": "heartbeat", "time": time.time(), "position": self.position}
            await self.send(beat | ({"away": True} if self.away else {}))

    async def session(self, request: Request) -> Response:
        token = (await request.json())["token"]
        self.tokens_tried.append(token)
        if token != TOKEN:
            return Response(status_code=401)
        response = Response(status_code=204)
        response.set_cookie("andon", TOKEN, httponly=True, samesite="strict")
        return response

    async def answer(self, request: Request) -> Response:
        """The one that is set for the whole path, else for the path up to its last part."""
        path, body = request.url.path, (await request.body()).decode()
        self.asked.append(f"{request.method} {path}{'?' + request.url.query if request.url.query else ''} {body}".strip())
        known = [f"{request.method} {path}", f"{request.method} {path.rpartition('/')[0]}/"]
        found = next((self.answers[each] for each in known if each in self.answers), 404)
        found = found(request) if callable(found) else found
        if isinstance(found, Response):
            return found
        if isinstance(found, int):
            refusal = {"error": "refused", "message": f"The board said {found}.", "reasons": []}
            return Response(b"" if found == 204 else msgspec.json.encode(refusal), found, media_type="application/json")
        return Response(msgspec.json.encode(found), media_type="application/json")

    async def page(self, request: Request) -> Response:
        name = "wall" if "board" in request.path_params else request.path_params.get("page", "")
        found = self.pages.get(f"{name}.html" if name else request.path_params["path"])
        if found is None and name:
            return Response(f"<!doctype html><title>{name}</title>", media_type="text/html")  # a page of others, to be led to
        if found is None:
            return Response(status_code=404)
        return Response(found.content, headers=dict(SECURITY_HEADERS), media_type=found.content_type)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/{page:str}", self.page),
                Route("/b/{board:str}", self.page),
                Route("/web/{path:path}", self.page),
                Route("/api/session", self.session, methods=["POST"]),
                Route("/api/{path:path}", self.answer, methods=["GET", "POST", "DELETE"]),
                WebSocketRoute("/api/live", self.live),
                WebSocketRoute("/api/me/live", self.own_live),
            ]
        )


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to pytest."""
        yield


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Site]:
    site = Site()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    site.port = listener.getsockname()[1]
    config = uvicorn.Config(site.app(), log_level="error", lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1)
    server = _Server(config)
    tasks = [asyncio.create_task(server.serve(sockets=[listener])), asyncio.create_task(site.beat())]
    try:
        await until(lambda: _started(server))
        yield site
    finally:
        tasks[1].cancel()
        await site.drop()
        server.should_exit = True
        await asyncio.wait_for(tasks[0], DEADLINE_S)
        listener.close()


async def _started(server: uvicorn.Server) -> bool:
    return server.started


async def until(true: Callable[[], Awaitable[bool]], deadline_s: float = DEADLINE_S) -> None:
    """Waits for a condition, not for a time."""
    async with asyncio.timeout(deadline_s):
        while not await true():  # noqa: ASYNC110 - what is true may be in a browser
            await asyncio.sleep(0.02)
