"""The board as a starlette application: the route table, the door in front of each row, the guard around all of them.

Not a server (`server.py` runs it). It needs that server's websocket class (`wire.py`), so no other server will do.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from wallboard.board import Board
from wallboard.guard import Guard
from wallboard.passage import pass_through
from wallboard.refusals import INTERNAL, Refusal, not_found
from wallboard.routes import ROUTES, SOCKETS, SocketRow
from wallboard.row import Row


def make_app(board: Board) -> ASGIApp:
    """The guard is outermost: even the answer to a crash carries its headers."""
    starlette = Starlette(
        routes=routes_of(board),
        exception_handlers={HTTPException: _no_such_route, 500: _mistake},
    )
    return Guard(starlette, board.settings, board.feed.metrics.answers)


def routes_of(board: Board) -> list[BaseRoute]:
    return [_route(board, row) for row in (*ROUTES, *board.more)] + [_socket(board, row) for row in SOCKETS]


def _route(board: Board, row: Row) -> BaseRoute:
    async def endpoint(request: Request) -> Response:
        return await pass_through(board, row, request)

    return Route(row.path, endpoint, methods=[row.method])


def _socket(board: Board, row: SocketRow) -> BaseRoute:
    async def endpoint(websocket: WebSocket) -> None:
        await row.handler(board, websocket)

    return WebSocketRoute(row.path, endpoint)


def methods_at(request: Request) -> list[str]:
    """Of all rows of this path: each is a route of its own, and starlette names only the first one's."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    first = next((route for route in routes if route.matches(request.scope)[0] is not Match.NONE), None)
    return sorted({method for route in routes if first is not None and route.path == first.path for method in route.methods or ()})


async def _no_such_route(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    if fault.status_code == 404:
        return not_found(request.url.path).response()
    if fault.status_code == 405:
        allowed = ", ".join(methods_at(request))
        response = Refusal(405, "method_not_allowed", f"This address takes {allowed}, not {request.method[:20]}.").response()
        response.headers["allow"] = allowed
        return response
    return Refusal(fault.status_code, "refused", HTTPStatus(fault.status_code).phrase + ".").response()


async def _mistake(_request: Request, _fault: Exception) -> Response:
    return INTERNAL.response()
