"""Every address of the board: one table of method, path, what it asks, who answers, and what for.

`app.py` serves from it, the test of roles walks over it, a description of the API can be made from it. A route that is
not here does not exist.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from realtime.rows import Snapshot
from wallboard import handlers
from wallboard.authorise import Action
from wallboard.board import Board
from wallboard.door import Asked, Visitor
from wallboard.live import live

Handler = Callable[[Board, Request, Visitor], Awaitable[Response]]
SocketHandler = Callable[[Board, WebSocket], Awaitable[None]]

OPEN = Asked(None)
FLOOR = Asked(Action.FLOOR_READ)
METRICS = Asked(Action.METRICS_READ, local=True)


class Row(NamedTuple):
    """`query` and `body` are what its handler reads (`reading.py`); `gives` is the type of a JSON answer, or a media type."""

    method: str
    path: str
    asked: Asked
    handler: Handler
    summary: str
    query: type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    gives: Any = None


class SocketRow(NamedTuple):
    """A websocket asks for what its view needs (`protocol.VIEWS`), so its handler goes to the door itself."""

    path: str
    asked: Asked
    handler: SocketHandler
    summary: str


ROUTES: tuple[Row, ...] = (
    Row("GET", "/healthz", OPEN, handlers.healthz, "The process is alive."),
    Row("GET", "/readyz", OPEN, handlers.readyz, "The feed is live; 503 with reasons when it is not."),
    Row("GET", "/metrics", METRICS, handlers.metrics, "Prometheus metrics; without a token from this machine only."),
    Row("GET", "/api/floor", FLOOR, handlers.floor, "The whole floor as it is now.", gives=Snapshot),
    Row("POST", "/api/session", OPEN, handlers.sign_in, "Exchange a token for a browser's session cookie.", body=handlers.Login),
    Row("DELETE", "/api/session", OPEN, handlers.sign_out, "Forget the session cookie."),
    Row("GET", "/", OPEN, handlers.to_wall, "To the wall."),
    Row("GET", "/wall", OPEN, handlers.wall, "The wall page; it holds no data of its own."),
    Row("GET", "/web/{path:path}", OPEN, handlers.web, "Scripts, styles and images of the pages."),
)
SOCKETS: tuple[SocketRow, ...] = (SocketRow("/api/live", FLOOR, live, "The floor as it changes: a snapshot, then deltas."),)
