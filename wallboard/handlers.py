"""What each HTTP route answers. Not who may ask (`door.py` has decided before) and not where (`routes.py`)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from realtime.words import SECOND
from wallboard.authorise import Role
from wallboard.board import Board
from wallboard.cookies import give_cookie, session_cookie
from wallboard.door import Visitor
from wallboard.metrics import CONTENT_TYPE
from wallboard.pages import takes_gzip
from wallboard.private_file import Unreadable
from wallboard.protocol import audience_of
from wallboard.refusals import Refusal, not_found


class Alive(msgspec.Struct):
    alive: bool


class Ready(msgspec.Struct):
    """Whether what is shown is the present; the reasons are sentences."""

    ready: bool
    reasons: list[str]


async def healthz(_board: Board, _request: Request, _visitor: Visitor) -> Response:
    return _json({"alive": True})


async def readyz(board: Board, _request: Request, _visitor: Visitor) -> Response:
    reasons = board.feed.reasons()
    reasons += [f"{name} in the data folder cannot be read: restore it, or remove it and make it anew." for name in _unreadable(board)]
    if board.recorder.trail.fault:
        reasons.append("The audit trail cannot be written, so nothing may be changed: the board's log says why.")
    if not reasons:
        return _json({"ready": True, "reasons": []})
    message = "The board is not ready: " + reasons[0]
    return _json({"ready": False, "error": "not_ready", "message": message, "reasons": reasons}, 503)


def _unreadable(board: Board) -> list[str]:
    """No paths and no reasons here: anybody may ask."""
    found = []
    files: dict[str, Callable[[], object]] = {
        "tokens.json": board.tokens.list,
        "users.json": board.people.all,
        "sessions.json": board.sessions.all,
        "screens.json": board.screens.all,
    }
    for name, read in files.items():
        try:
            read()
        except Unreadable:
            found.append(name)
    return found


async def metrics(board: Board, _request: Request, _visitor: Visitor) -> Response:
    return Response(board.feed.metrics.text(), media_type=CONTENT_TYPE)


async def floor(board: Board, _request: Request, visitor: Visitor) -> Response:
    if not board.feed.has_floor:
        return Refusal(503, "feed_not_ready", board.feed.reasons()[0], tuple(board.feed.reasons()), retry_after_s=1).response()
    assert visitor.role is not None, "this route asks for an action"
    return Response(board.feed.snapshot(audience_of("floor", visitor.role)), media_type="application/json")


async def to_wall(_board: Board, _request: Request, _visitor: Visitor) -> Response:
    return RedirectResponse("/wall")


async def wall(board: Board, request: Request, _visitor: Visitor) -> Response:
    """Browsers forget a cookie after 400 days at most, however long it was to live; a screen gets its own again with each page."""
    response = _page(board, request, "wall.html")
    secret = session_cookie(request)
    with suppress(Unreadable):
        screen = board.door.by_session(secret) if secret else None
        if screen is not None and screen.role is Role.SCREEN:
            give_cookie(response, request, secret, max(0, screen.expires - board.clock()) // SECOND)
    return response


async def reports_page(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, "reports.html")


async def floor_page(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, "floor.html")


async def breaks_page(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, "breaks.html")


async def campaigns_page(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, "campaigns.html")


async def recordings_page(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, "recordings.html")


async def agent_page(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, "agent.html")


async def login(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, "login.html")


async def web(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, request.path_params["path"])


def _page(board: Board, request: Request, name: str) -> Response:
    page = board.pages.get(name)
    if page is None:
        return not_found(request.url.path).response()
    zipped = page.gzipped if takes_gzip(request.headers.get("accept-encoding", "")) else None
    # Kept, but asked for each time: a new board, new pages.
    headers = {"etag": page.etag if zipped is None else page.gzip_etag, "cache-control": "no-cache", "vary": "Accept-Encoding"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if known & {page.etag, page.gzip_etag}:
        return Response(status_code=304, headers=headers)
    if zipped is not None:
        headers["content-encoding"] = "gzip"
    return Response(page.content if zipped is None else zipped, headers=headers, media_type=page.content_type)


def _json(content: dict[str, object], status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")
