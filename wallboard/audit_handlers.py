"""`GET /api/audit`: the trail, a page at a time. Not its check: `andon audit verify` reads all of it."""

from __future__ import annotations

import asyncio
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime.words import SECOND
from wallboard.audit import Entry, Outcome
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.reading import query_of
from wallboard.refusals import Refusal


class AuditQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`before`: a number as the last answer's `next`; `since`: epoch seconds; `who`: as in an entry, user:NAME for one; `agent`: what was
    done to this one."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 100
    before: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0
    since: Annotated[float, msgspec.Meta(ge=0, le=2**40)] = 0.0
    who: Annotated[str, msgspec.Meta(max_length=200)] = ""
    agent: Annotated[str, msgspec.Meta(max_length=200)] = ""


class AuditRow(msgspec.Struct, kw_only=True):
    """One entry; `at` in epoch seconds."""

    seq: int
    at: float
    who: str
    role: str
    address: str
    action: str
    target: str
    outcome: Outcome
    reasons: tuple[str, ...]
    hash: str


class AuditPage(msgspec.Struct, kw_only=True):
    """`next` goes into `before` for older entries; 0: there are none. A page may be short, even empty, before the end."""

    entries: tuple[AuditRow, ...]
    next: int


async def audit(board: Board, request: Request, _visitor: Visitor) -> Response:
    asked = query_of(request, AuditQuery)
    if isinstance(asked, Refusal):
        return asked.response()
    since = int(asked.since * SECOND)
    try:
        found = await asyncio.to_thread(board.recorder.trail.newest, asked.limit, asked.before, asked.who, since, asked.agent)
    except OSError:
        return Refusal(503, "audit_unreadable", "The audit trail cannot be read; its files need the rights of Andon's user.").response()
    page = AuditPage(entries=tuple(row_of(entry) for entry in found.entries), next=found.before)
    return Response(msgspec.json.encode(page), media_type="application/json")


def row_of(entry: Entry) -> AuditRow:
    return AuditRow(
        seq=entry.seq,
        at=entry.at / SECOND,
        who=entry.who,
        role=entry.role,
        address=entry.address,
        action=entry.action,
        target=entry.target,
        outcome=entry.outcome,
        reasons=entry.reasons,
        hash=entry.hash,
    )
