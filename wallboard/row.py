"""One address of the board, as a row of the table: `routes.py` and its parts are made of these."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from wallboard.board import Board
from wallboard.door import Asked, Visitor
from wallboard.rates import Cost

Handler = Callable[[Board, Request, Visitor], Awaitable[Response]]


class Row(NamedTuple):
    """`query` and `body` are what its handler reads (`reading.py`); `gives` is the type of a JSON answer or a media type, or
    all of them where the asker chooses; None where there is nothing to say.

    What changes something is in the audit trail (`passage.py`): under `act`, with what its path names and those fields of its
    body that are in `shown` (a reason last). `quiet`: it changes nothing that somebody will ask about, or its handler records it.
    `engine`: it asks the engine, so it takes an Idempotency-Key, and the rules may refuse it (409, in the form of `gives`).
    """

    method: str
    path: str
    asked: Asked
    handler: Handler
    summary: str
    query: type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    gives: Any = None
    cost: Cost = Cost.USUAL
    act: str = ""
    shown: tuple[str, ...] = ()
    quiet: bool = False
    engine: bool = False
