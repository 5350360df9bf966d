"""What the archive offers, as rows of the board's table: the same door, rates and trail as every other address.

Not the handlers (`recordings/web/`), which may not know a board. Who asks reaches them as `Who`; their `Refused` is the board's refusal.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from realtime.floor import Floor
from realtime.me import agent_of_login
from recordings.web.desk import Desk
from recordings.web.offer import Offer, Refused, Who
from recordings.web.offers import OFFERS
from wallboard.authorise import Action
from wallboard.board import Board
from wallboard.door import Asked, Visitor
from wallboard.rates import Cost
from wallboard.recorder import who_is
from wallboard.refusals import Refusal
from wallboard.row import Row


def rows_of(desk: Desk) -> tuple[Row, ...]:
    return tuple(row_of(offer, desk) for offer in OFFERS)


def row_of(offer: Offer, desk: Desk) -> Row:
    async def handler(_board: Board, request: Request, visitor: Visitor) -> Response:
        try:
            return await offer.handler(desk, request, who_of(desk.floor(), visitor))
        except Refused as refused:
            return Refusal(refused.status, refused.error, refused.message, refused.reasons).response()

    return Row(
        offer.method,
        offer.path,
        Asked(Action(offer.action)),
        handler,
        offer.summary,
        query=offer.query,
        body=offer.body,
        gives=offer.gives,
        cost=Cost(offer.cost),
        act=offer.act,
        shown=offer.shown,
        quiet=offer.quiet,
    )


def who_of(floor: Floor, visitor: Visitor) -> Who:
    assert visitor.role is not None, "the door lets nobody without a role to an offer"
    return Who(who_is(visitor), visitor.role.value, agent_of_login(floor, visitor.user) or "", visitor.language or "en")
