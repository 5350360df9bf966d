"""What the archive offers, as rows of the board's table: the same door, rates and trail as every other address.

Not the handlers (`recordings/web/`), which may not know a board. Who asks reaches them as `Who`; their `Refused` is the board's refusal.
A board serves its floor without an archive: while its database is away, these addresses say so (503), and none other notices. So do those
that need a key, while no key store gives one.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from realtime.floor import Floor
from realtime.history.port import HistoryAway
from realtime.me import agent_of_login
from recordings.crypt.ring import WrongKey
from recordings.crypt.store_faults import KeysDisagree, StoreAway
from recordings.web.desk import Desk
from recordings.web.offer import Offer, Refused, Who
from recordings.web.offers import OFFERS
from wallboard.asking import language_of
from wallboard.authorise import Action
from wallboard.board import Board
from wallboard.door import Asked, Visitor
from wallboard.rates import Cost
from wallboard.recorder import who_is
from wallboard.records import floor_of
from wallboard.refusals import Refusal
from wallboard.row import Row

AWAY_S = 10
"""When to ask again: a database that was started anew is back by then."""


def rows_of(desk: Desk) -> tuple[Row, ...]:
    """Addresses without a name in them first: `/due` is no recording of that id."""
    return tuple(row_of(offer, desk) for offer in sorted(OFFERS, key=lambda offer: "{" in offer.path))


def row_of(offer: Offer, desk: Desk) -> Row:
    async def handler(board: Board, request: Request, visitor: Visitor) -> Response:
        floor = floor_of(board)
        if isinstance(floor, Refusal):
            return floor.response()
        who = who_of(floor, visitor, language_of(request, floor, visitor))
        try:
            return await offer.handler(desk, request, who)
        except Refused as refused:
            return refusal_of(refused, who.language).response()
        except HistoryAway as away:
            gone = Refused(503, "archive.archive_away", fault=away)
        except (StoreAway, KeysDisagree, WrongKey) as fault:
            gone = Refused(503, "archive.keys_away", fault=fault)
        return refusal_of(gone, who.language)._replace(retry_after_s=AWAY_S).response()

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


def refusal_of(refused: Refused, language: str) -> Refusal:
    """In the asker's language, and in both for a page that changes its own."""
    text = refused.text()
    return Refusal(refused.status, refused.error, text[language], rule=refused.rule, text=text)


def who_of(floor: Floor, visitor: Visitor, language: str) -> Who:
    assert visitor.role is not None, "the door lets nobody without a role to an offer"
    return Who(who_is(visitor), visitor.role.value, agent_of_login(floor, visitor.user) or "", language)
