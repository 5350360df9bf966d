"""What the routes about numbers answer: what the gate would say, do-not-call, consents, lists, and one decision explained.

Not the deciding (`realtime/dial/`, `realtime/rules/do_not_call.py`). A number comes in a body and never in an address; what is answered
shows it masked.
"""

from __future__ import annotations

from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime import asks_outbound as asks
from realtime.dial.model import Consent
from realtime.dial.seeing import campaign_of
from realtime.dial.would import Asked, Dialling, number_of, would_say
from realtime.facts import Sealed
from realtime.history.dials import decision, followed
from realtime.history.port import HistoryAway
from realtime.ledger.port import Question
from realtime.sealing import mask
from realtime.view_dial import dial_said, gate_said
from realtime.words import SECOND, AgentId
from wallboard import asking
from wallboard import outbound_wishes as wishes
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.me_handlers import own
from wallboard.reading import body_of
from wallboard.records import floor_of, json
from wallboard.refusals import Refusal

NO_NUMBERS: Final = Refusal(503, "numbers_away", "This board cannot look up numbers: it has no ledger; see how `andon board` was started.")
NO_NUMBER: Final = Refusal(404, "number_invalid", "This is no number that anybody could have; write it with its country code, as +86….")
NO_DIAL: Final = Refusal(404, "dial_unknown", "There is no decision of this id in the days that are kept.")


class BlockRow(msgspec.Struct, kw_only=True):
    scope: str
    about: str
    at: float
    source: str


class ConsentRow(msgspec.Struct, kw_only=True):
    id: str
    client: str
    purpose: str
    basis: str
    written: bool
    given: float
    expires: float | None


class NumberSaid(msgspec.Struct, kw_only=True):
    """What is known of one number: who must not call it, who may, and which lists have it."""

    number: str
    blocked: list[BlockRow]
    consents: list[ConsentRow]
    lists: list[str]
    ready: str


class ListRow(msgspec.Struct, kw_only=True):
    """`age_days` of what it speaks of."""

    name: str
    kind: str
    version: str
    numbers: int
    bad: int
    as_of: float
    age_days: float
    source: str
    who: str
    client: str


class ListList(msgspec.Struct, kw_only=True):
    lists: list[ListRow]


async def ask_gate(board: Board, request: Request, _visitor: Visitor) -> Response:
    wish, floor = await body_of(request, wishes.GateQuestion), floor_of(board)
    if isinstance(wish, Refusal):
        return wish.response()
    if isinstance(floor, Refusal):
        return floor.response()
    if board.dialling is None:
        return NO_NUMBERS.response()
    at = wishes.micros(wish.at) or board.clock()
    asked = Asked(wish.number, wish.campaign, wish.agent, wish.method, wish.purpose, wish.zone)
    said = await would_say(floor, board.dialling, asked, at)
    return NO_NUMBER.response() if said is None else json(gate_said(said))


# ------------------------------------------------------------------ one number


async def sealed_of(board: Board, text: str, campaign: str = "") -> tuple[Dialling, Sealed, str] | Refusal:
    """The number as the gate would read it: by the campaign's country, else by those of the plan. One that is two people's in two of them
    is nobody's: blocked for the wrong one, the other would be called again."""
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor
    if board.dialling is None:
        return NO_NUMBERS
    rules, about = floor.owned.plan.dialling, campaign_of(floor, campaign)
    countries = {each.country for each in ((about,) if about is not None else rules.campaigns)} or {"CN"}
    found = {number_of(text, country, rules) for country in countries} - {""}
    e164 = found.pop() if len(found) == 1 else ""
    sealed = board.dialling.seal(e164, board.clock()) if e164 else None
    return (board.dialling, sealed, e164) if sealed is not None else NO_NUMBER


def asking_nothing(digest: str) -> Question:
    """Blocks and consents come with every look."""
    return Question(digest, "", "")


def consent_row(consent: Consent) -> ConsentRow:
    return ConsentRow(
        id=consent.id,
        client=consent.client,
        purpose=consent.purpose,
        basis=consent.basis,
        written=consent.written,
        given=consent.given / SECOND,
        expires=consent.expires / SECOND if consent.expires else None,
    )


async def look_up(board: Board, request: Request, _visitor: Visitor) -> Response:
    wish = await body_of(request, wishes.LookUp)
    if isinstance(wish, Refusal):
        return wish.response()
    found, floor = await sealed_of(board, wish.number), floor_of(board)
    if isinstance(found, Refusal):
        return found.response()
    assert not isinstance(floor, Refusal), "it was there a moment ago"
    dialling, sealed, e164 = found
    looked = await dialling.ledger.look(asking_nothing(sealed.digest))
    names = tuple(floor.owned.outbound.lists)
    return json(
        NumberSaid(
            number=mask(e164),
            blocked=[BlockRow(scope=each.scope, about=each.about, at=each.at / SECOND, source=each.source) for each in looked.blocked],
            consents=[consent_row(each) for each in (*looked.consents, *dialling.lists.consents(names, e164))],
            lists=[name for name, each in dialling.lists.seen(names, e164).items() if each.hit],
            ready=looked.ready,
        )
    )


async def block(board: Board, request: Request, visitor: Visitor) -> Response:
    wish = await body_of(request, wishes.BlockWish)
    if isinstance(wish, Refusal):
        return wish.response()
    if not wish.number:
        return await asking.ask(board, request, visitor, wishes.block_ask(wish, AgentId(wish.agent), None, ""))
    found = await sealed_of(board, wish.number, wish.about if wish.scope == "campaign" else "")
    if isinstance(found, Refusal):
        return found.response()
    _, sealed, e164 = found
    return await asking.ask(board, request, visitor, wishes.block_ask(wish, AgentId(wish.agent), sealed, e164))


async def block_own(board: Board, request: Request, visitor: Visitor) -> Response:
    """The customer on my line wants no more calls."""
    wish, there = await body_of(request, wishes.BlockWish), own(board, visitor)
    if isinstance(wish, Refusal):
        return wish.response()
    if isinstance(there, Refusal):
        return there.response()
    mine = msgspec.structs.replace(wish, number="", source="agent")
    return await asking.ask(board, request, visitor, wishes.block_ask(mine, there[1], None, ""), "page")


async def unblock(board: Board, request: Request, visitor: Visitor) -> Response:
    wish = await body_of(request, wishes.UnblockWish)
    if isinstance(wish, Refusal):
        return wish.response()
    found = await sealed_of(board, wish.number)
    if isinstance(found, Refusal):
        return found.response()
    return await asking.ask(board, request, visitor, wishes.unblock_ask(wish, found[1]))


async def keep_consent(board: Board, request: Request, visitor: Visitor) -> Response:
    wish = await body_of(request, wishes.ConsentWish)
    if isinstance(wish, Refusal):
        return wish.response()
    found = await sealed_of(board, wish.number)
    if isinstance(found, Refusal):
        return found.response()
    return await asking.ask(board, request, visitor, wishes.consent_ask(wish, found[1], found[2]))


async def revoke(board: Board, request: Request, visitor: Visitor) -> Response:
    wish = await body_of(request, wishes.RevokeWish)
    if isinstance(wish, Refusal):
        return wish.response()
    found = await sealed_of(board, wish.number)
    if isinstance(found, Refusal):
        return found.response()
    return await asking.ask(board, request, visitor, asks.ConsentRevoke(found[1], wish.client))


# ------------------------------------------------------------------ lists, and one decision


async def lists(board: Board, _request: Request, _visitor: Visitor) -> Response:
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    now = board.clock()
    rows = [
        ListRow(
            name=each.list,
            kind=each.kind,
            version=each.version[:12],
            numbers=each.numbers,
            bad=each.bad,
            as_of=each.as_of / SECOND,
            age_days=max(0, now - each.as_of) / SECOND / 86_400,
            source=each.source,
            who=each.who,
            client=each.client,
        )
        for each in floor.owned.outbound.lists.values()
    ]
    return json(ListList(lists=sorted(rows, key=lambda each: each.name)))


async def one_dial(board: Board, request: Request, _visitor: Visitor) -> Response:
    """From history, where every decision lies, with what came of it."""
    if board.history is None:
        return NO_DIAL.response()
    dial = request.path_params["id"]
    try:
        fact = await decision(board.history, dial)
        rest = await followed(board.history, fact) if fact is not None else []
    except HistoryAway as away:
        return Refusal(503, "history_away", str(away), retry_after_s=10).response()
    if fact is None:
        return NO_DIAL.response()
    return json(dial_said(fact, rest, board.dialling.good(fact) if board.dialling is not None else None))
