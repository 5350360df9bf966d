"""What the routes of boards and screens answer: which boards there are, and how a screen is let in by the code it shows.

Not the codes (`screens.py`), not the boards (`boards.py`), not a screen's websocket (`live.py`). A paired screen is a token of
the role screen, bound to its board, and a session of that token: revoked like any other token, and gone at once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, Literal, TypeVar

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from realtime.words import SECOND, Micros
from wallboard.authorise import Role
from wallboard.board import Board
from wallboard.boards import WHOLE, BoardPlan
from wallboard.cookies import give_cookie
from wallboard.door import FILES_UNREADABLE, Visitor, address_of
from wallboard.private_file import Unreadable
from wallboard.protocol import CloseCode
from wallboard.reading import body_of
from wallboard.refusals import Refusal
from wallboard.screens import LABEL_MAX, TooMany, Waiting, is_paired
from wallboard.tokens import Token

PAIRED_DAYS: Final = 3650
"""A screen outlives a television; it ends when somebody revokes it."""

T = TypeVar("T")

NO_SUCH_CODE = Refusal(404, "code_unknown", "No screen shows this code now; read it from the screen again, it changes every 10 minutes.")
CODE_GONE = Refusal(404, "code_gone", "This code has expired or was dismissed; ask for another one.")
TOO_MANY = Refusal(429, "too_many_codes", "Too many screens wait to be let in; let some in, or try again later.", retry_after_s=60)
NO_SUCH_SCREEN = Refusal(404, "screen_unknown", "There is no screen with this id and no code like it; the list shows both.")
CANNOT_WRITE = Refusal(503, "data_unwritable", "The board cannot write to its data folder; its administrator sees why in the log.")

log = structlog.get_logger()


class NewCode(msgspec.Struct):
    """`secret` belongs to the page that asked: with it, it fetches its session once somebody has approved `code`."""

    code: str
    secret: str
    expires_in_s: int


class Claim(msgspec.Struct, forbid_unknown_fields=True):
    secret: str


class ClaimAnswer(msgspec.Struct):
    state: Literal["waiting", "approved"]
    board: str = ""
    expires_in_s: int = 0


class Approval(msgspec.Struct, forbid_unknown_fields=True):
    """Which board it shows, and how people call it."""

    board: str = WHOLE
    label: str = ""


class WaitingScreen(msgspec.Struct):
    code: str
    address: str
    created: float
    expires: float


class PairedScreen(msgspec.Struct):
    """`seen` is when it last used its session, to the hour, or now while it is connected; null for never."""

    id: str
    board: str
    label: str
    by: str
    created: float
    seen: float | None
    connected: int


class ScreenList(msgspec.Struct):
    waiting: list[WaitingScreen]
    paired: list[PairedScreen]


class BoardList(msgspec.Struct):
    """`fault`: what is wrong with a newer boards.toml than the one that is shown; empty when nothing is."""

    boards: list[BoardPlan]
    fault: str = ""


# ---------------------------------------------------------------- boards


async def boards(board: Board, _request: Request, visitor: Visitor) -> Response:
    return _json(BoardList([plan for plan in board.boards.all() if visitor.board in ("", plan.id)], board.boards.fault))


async def one_board(board: Board, request: Request, visitor: Visitor) -> Response:
    name = request.path_params["board"]
    plan = board.boards.get(name) if visitor.board in ("", name) else None
    return _json(plan) if plan is not None else no_such_board(name).response()


def no_such_board(name: str) -> Refusal:
    return Refusal(404, "no_such_board", f"There is no board {name[:40]} in boards.toml; write it there, or name another one.")


def take_up(board: Board, plans: Iterable[BoardPlan]) -> None:
    """The boards are these from now on: every wall draws itself anew, and one whose board is gone says so."""
    board.boards.take(plans)
    for client in board.clients:
        if client.audience.board and board.boards.get(client.audience.board) is None:
            client.close(CloseCode.NO_SUCH_VIEW, "no_such_board")
    board.feed.renew()


# ---------------------------------------------------------------- a screen asks


async def ask(board: Board, request: Request, _visitor: Visitor) -> Response:
    now, address = board.clock(), address_of(request)
    try:
        made = await _kept(lambda: board.screens.ask(address, now))
    except TooMany:
        return TOO_MANY.response()
    if isinstance(made, Refusal):
        return made.response()
    secret, waiting = made
    return _json(NewCode(waiting.code, secret, _left(waiting, now)))


async def claim(board: Board, request: Request, _visitor: Visitor) -> Response:
    said = await body_of(request, Claim)
    if isinstance(said, Refusal):
        return said.response()
    now = board.clock()
    try:
        found = board.screens.look(said.secret, now)
    except Unreadable:
        return FILES_UNREADABLE.response()
    if found is None:
        return CODE_GONE.response()
    if found.board:
        return await _let_in(board, request, said.secret, now)
    return _json(ClaimAnswer("waiting", expires_in_s=_left(found, now)))


async def _let_in(board: Board, request: Request, secret: str, now: Micros) -> Response:
    """The token's own secret is never seen by anybody: the browser gets a session, and that is all it needs."""

    def pair() -> Token | None:
        taken = board.screens.take(secret, now)
        if taken is None:
            return None
        label = taken.label or f"screen {taken.code}"
        return board.tokens.create(Role.SCREEN, label, now, PAIRED_DAYS, board=taken.board, user=taken.by)[1]

    token = await _kept(pair)
    if token is None or isinstance(token, Refusal):
        return (token or CODE_GONE).response()
    begun = await board.signing.begin_for_token(Visitor(token.role, token.id, token.board, expires=token.expires))
    if isinstance(begun, Refusal):
        return begun.response()
    log.info("a screen was let in", screen=token.id, board=token.board)
    response = _json(ClaimAnswer("approved", token.board))
    give_cookie(response, request, begun.secret, (token.expires - now) // SECOND)
    return response


# ---------------------------------------------------------------- somebody lets it in


async def screens(board: Board, _request: Request, _visitor: Visitor) -> Response:
    now = board.clock()
    try:
        waiting, tokens = board.screens.waiting(now), board.tokens.list()
        holders = {session.id: session.token for session in board.sessions.living(now)}
    except Unreadable:
        return FILES_UNREADABLE.response()
    connected = Counter(holders.get(client.token or "", client.token) for client in board.clients)
    paired = [_paired(token, connected[token.id], now) for token in tokens if is_paired(token) and token.expires > now]
    return _json(ScreenList([_waiting(each) for each in waiting], paired))


async def approve(board: Board, request: Request, visitor: Visitor) -> Response:
    said = await body_of(request, Approval)
    if isinstance(said, Refusal):
        return said.response()
    if board.boards.get(said.board) is None:
        return no_such_board(said.board).response()
    if len(said.label) > LABEL_MAX:
        return Refusal(400, "body_invalid", f"The label is longer than {LABEL_MAX} characters; write a shorter one.").response()
    code, now = request.path_params["code"], board.clock()
    found = await _kept(lambda: board.screens.approve(code, said.board, said.label, visitor.user or visitor.token or "", now))
    if found is None or isinstance(found, Refusal):
        return (found or NO_SUCH_CODE).response()
    return Response(status_code=204)


async def dismiss(board: Board, request: Request, _visitor: Visitor) -> Response:
    """A paired screen by its id, or one that waits by its code."""
    name, now = request.path_params["id"], board.clock()

    def end() -> bool:
        token = board.tokens.get(name)
        return board.tokens.revoke(name) if token is not None and is_paired(token) else board.screens.dismiss(name, now)

    ended = await _kept(end)
    if isinstance(ended, Refusal):
        return ended.response()
    return Response(status_code=204) if ended else NO_SUCH_SCREEN.response()


def _waiting(row: Waiting) -> WaitingScreen:
    return WaitingScreen(row.code, row.address, row.created / SECOND, row.expires / SECOND)


def _paired(token: Token, connected: int, now: Micros) -> PairedScreen:
    seen = now if connected else token.used
    return PairedScreen(token.id, token.board, token.label, token.user, token.created / SECOND, seen / SECOND if seen else None, connected)


def _left(waiting: Waiting, now: Micros) -> int:
    return max(0, (waiting.expires - now) // SECOND)


async def _kept(work: Callable[[], T]) -> T | Refusal:
    """Work that blocks on the disk; what the disk refuses becomes an answer."""
    try:
        return await asyncio.to_thread(work)
    except Unreadable:
        return FILES_UNREADABLE
    except (OSError, ValueError) as fault:
        log.warning("the data folder takes nothing", why=str(fault))
        return CANNOT_WRITE


def _json(content: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(content), media_type="application/json")
