"""From a request to its handler: the door, the rate, the audit trail, in this order and for every row of the table.

Not who may (`door.py`), not how fast (`rates.py`), not what is written (`recorder.py`). A handler that runs has all of this
behind it, so none can forget it.
"""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wallboard.audit import Outcome, in_parts, target_of
from wallboard.board import Board
from wallboard.door import Visitor, address_of
from wallboard.proxies import place_of
from wallboard.reading import body_of
from wallboard.refusals import Refusal, not_found
from wallboard.row import Row
from wallboard.wishes import unused

STRANGER = Visitor(None)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PATH_NAME_MAX = 200
"""Characters of one name in a path: an alert's id is a rule and what it is about, each of at most 64."""


async def pass_through(board: Board, row: Row, request: Request) -> Response:
    visitor = board.door.identify(request, row.asked)
    if isinstance(visitor, Refusal):
        return _refused(board, row, request, STRANGER, visitor)
    if refusal := board.door.refuses(request, visitor, row.asked):
        return _refused(board, row, request, visitor, refusal)
    if not _is_sensible(request):
        return not_found(request.url.path).response()
    if wait_s := board.rates.wait_s(visitor.credential or place_of(address_of(request)), row.cost, board.clock()):
        return _refused(board, row, request, visitor, _too_many(wait_s))
    if not is_recorded(row):
        return await row.handler(board, request, visitor)
    return await (_recorded if visitor.role else _counted)(board, row, request, visitor)


def _is_sensible(request: Request) -> bool:
    """What a path names goes to the engine and into the trail. A page's own path is looked up among the files and goes nowhere."""
    return all(len(value) <= PATH_NAME_MAX and value.isprintable() for value in request.path_params.values() if isinstance(value, str))


def is_recorded(row: Row) -> bool:
    return row.method not in SAFE_METHODS and not row.quiet


def act_of(row: Row) -> str:
    return row.act or f"{row.method} {row.path}"


def _too_many(wait_s: int) -> Refusal:
    return Refusal(429, "too_many_requests", f"You ask faster than the board answers; wait {wait_s} seconds.", retry_after_s=wait_s)


def _refused(board: Board, row: Row, request: Request, visitor: Visitor, refusal: Refusal) -> Response:
    if is_recorded(row):
        board.recorder.count(visitor, address_of(request), act_of(row), "", Outcome.REFUSED, refusal.error)
    return refusal.response()


async def _counted(board: Board, row: Row, request: Request, visitor: Visitor) -> Response:
    """What strangers may do, as a screen that asks for a code: written one by one, they could fill the disk."""
    response = await row.handler(board, request, visitor)
    outcome = Outcome.FAILED if response.status_code >= 400 else Outcome.ALLOWED
    board.recorder.count(visitor, address_of(request), act_of(row), "", outcome, "")
    return response


async def _recorded(board: Board, row: Row, request: Request, visitor: Visitor) -> Response:
    """Written before it is done."""
    address, targets = address_of(request), await _targets_of(row, request)
    for target in targets:
        if refusal := await board.recorder.allow(visitor, address, act_of(row), target):
            return refusal.response()
    try:
        response = await row.handler(board, request, visitor)
    except Exception:
        await board.recorder.failed(visitor, address, act_of(row), targets[0], "internal")
        raise
    if response.status_code >= 400:
        await board.recorder.failed(visitor, address, act_of(row), targets[0], _error_of(response))
    return response


async def _targets_of(row: Row, request: Request) -> list[str]:
    """What the act is done to: what the path names, and the fields of the body that may be shown and that the deed uses. One, but for a
    body that names more agents than an entry has room for."""
    named = {name: str(value) for name, value in request.path_params.items()}
    body = await body_of(request, row.body) if row.shown and row.body is not None else None
    if body is None or isinstance(body, Refusal):
        return [target_of(named)]
    nothing = unused(body)
    shown = {name: getattr(body, name) for name in row.shown if name not in nothing}
    many = [value for value in shown.values() if isinstance(value, list) and value]
    if not many:
        return [target_of(named | shown)]
    return [target_of(named | {name: part if value is many[0] else value for name, value in shown.items()}) for part in in_parts(many[0])]


def _error_of(response: Response) -> str:
    try:
        return str(msgspec.json.decode(response.body)["error"])
    except (msgspec.MsgspecError, KeyError, TypeError):
        return f"status {response.status_code}"
