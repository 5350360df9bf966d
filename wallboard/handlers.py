"""What each HTTP route answers. Not who may ask (`door.py` has decided before) and not where (`routes.py`)."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from realtime.words import SECOND
from wallboard.board import Board
from wallboard.door import COOKIE, Visitor, address_of
from wallboard.metrics import CONTENT_TYPE
from wallboard.private_file import Unreadable
from wallboard.protocol import audience_of
from wallboard.reading import body_of
from wallboard.refusals import Refusal, not_found


class Login(msgspec.Struct, forbid_unknown_fields=True):
    """What the page of the wall sends once."""

    token: str


async def healthz(_board: Board, _request: Request, _visitor: Visitor) -> Response:
    return _json({"alive": True})


async def readyz(board: Board, _request: Request, _visitor: Visitor) -> Response:
    reasons = board.feed.reasons()
    try:
        board.tokens.list()
    except Unreadable:
        reasons.append("tokens.json in the data folder cannot be read: restore it, or remove it and make new tokens.")
    if not reasons:
        return _json({"ready": True, "reasons": []})
    message = "The board is not ready: " + reasons[0]
    return _json({"ready": False, "error": "not_ready", "message": message, "reasons": reasons}, 503)


async def metrics(board: Board, _request: Request, _visitor: Visitor) -> Response:
    return Response(board.feed.metrics.text(), media_type=CONTENT_TYPE)


async def floor(board: Board, _request: Request, visitor: Visitor) -> Response:
    if not board.feed.has_floor:
        return Refusal(503, "feed_not_ready", board.feed.reasons()[0], tuple(board.feed.reasons()), retry_after_s=1).response()
    assert visitor.role is not None, "this route asks for an action"
    return Response(board.feed.snapshot(audience_of("floor", visitor.role)), media_type="application/json")


async def sign_in(board: Board, request: Request, _visitor: Visitor) -> Response:
    login = await body_of(request, Login)
    if isinstance(login, Refusal):
        return login.response()
    checked = board.door.check(login.token, address_of(request))
    if isinstance(checked, Refusal):
        return checked.response()
    response = Response(status_code=204)
    lives_s = (checked[1] - board.clock()) // SECOND
    response.set_cookie(COOKIE, login.token, max_age=lives_s, httponly=True, samesite="strict", secure=_secure(request))
    return response


async def sign_out(_board: Board, request: Request, _visitor: Visitor) -> Response:
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_secure(request))
    return response


async def to_wall(_board: Board, _request: Request, _visitor: Visitor) -> Response:
    return RedirectResponse("/wall")


async def wall(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, "wall.html")


async def web(board: Board, request: Request, _visitor: Visitor) -> Response:
    return _page(board, request, request.path_params["path"])


def _page(board: Board, request: Request, name: str) -> Response:
    page = board.pages.get(name)
    if page is None:
        return not_found(request.url.path).response()
    headers = {"etag": page.etag, "cache-control": "no-cache"}  # kept, but asked for each time: a new board, new pages
    known = request.headers.get("if-none-match", "")
    if page.etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(page.content, headers=headers, media_type=page.content_type)


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _json(content: dict[str, object], status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")
