"""What the floor was at an earlier moment: `GET /api/floor/at`. Not the floor of now (`handlers.py`), which the feed has ready.

A moment is folded anew for each who asks, a page of facts at a time, so that screens do not wait for it.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime import view
from realtime.history.port import HistoryAway, Reach
from realtime.words import SECOND
from wallboard.authorise import Action, authorise
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.feed import hidden
from wallboard.reading import query_of
from wallboard.refusals import Refusal

AT_ONCE = asyncio.Semaphore(2)
"""Moments that are folded at a time: each may take seconds of one processor."""
LATEST = 253_402_300_799
"""The last second of the year 9999."""


class AtQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`at`: seconds since 1970 (UTC)."""

    at: Annotated[float, msgspec.Meta(ge=0, le=LATEST)]


async def floor_at(board: Board, request: Request, visitor: Visitor) -> Response:
    """The snapshot that `/api/floor` gave then; `position` is empty, for no delta follows."""
    asked = query_of(request, AtQuery)
    if isinstance(asked, Refusal):
        return asked.response()
    if board.history is None:
        return Refusal(404, "no_history", "No history is kept here; set history.keep_days in andon.toml to more than 0.").response()
    at = round(asked.at * SECOND)
    try:
        async with AT_ONCE:
            reach = await board.history.reach()
            floor = await board.history.floor_at(at) if reach is not None and at <= reach.last + SECOND else None
    except HistoryAway as away:
        return Refusal(503, "history_away", str(away), retry_after_s=10).response()
    if floor is None:
        return Refusal(404, "out_of_reach", _reaches(reach)).response()
    reveal = board.mask if visitor.role is not None and authorise(visitor.role, Action.NUMBERS_MASKED).allowed else hidden
    snapshot = view.snapshot(floor, board.settings.floor, "", at, reveal)
    return Response(msgspec.json.encode(snapshot), media_type="application/json")


def _reaches(reach: Reach | None) -> str:
    if reach is None:
        return "History holds nothing yet; it begins with the first fact."
    return (
        f"History reaches from {reach.first / SECOND:.0f} to {reach.last / SECOND:.0f} (seconds since 1970); ask for a moment in between."
    )
