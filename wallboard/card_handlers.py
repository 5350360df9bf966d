"""What the routes of card-data pauses answer: a payment page, a supervisor or an agent silences the recording of one call.

Not the deciding (`realtime/rules/cards.py`). A call is named by its linkedid, as a dialplan and every event call it.
"""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime import requests
from realtime.floor import Floor, key
from realtime.requests import AnyAsk
from realtime.words import AgentId
from wallboard import asking
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.me_handlers import own
from wallboard.reading import body_of
from wallboard.records import floor_of
from wallboard.refusals import Refusal
from wallboard.wishes import Name

WHICH_NODE = Refusal(400, "node_missing", "More than one server has a call of this id; say the server's name in `node`.")


class CardWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`pause` false: the card's data has been said. `node` where several servers could have that call."""

    pause: bool
    node: Name = ""


class OwnCard(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Of the own call in hand. `pause` false: the card's data has been said."""

    pause: bool


async def of_call(board: Board, request: Request, visitor: Visitor) -> Response:
    wish, floor = await body_of(request, CardWish), floor_of(board)
    if isinstance(wish, Refusal):
        return wish.response()
    if isinstance(floor, Refusal):
        return floor.response()
    call = named(floor, request.path_params["call"], wish.node)
    if isinstance(call, Refusal):
        return call.response()
    ask: AnyAsk = requests.CardPause(call=call) if wish.pause else requests.CardResume(call=call)
    return await asking.ask(board, request, visitor, ask)


async def of_own(board: Board, request: Request, visitor: Visitor) -> Response:
    wish, found = await body_of(request, OwnCard), own(board, visitor)
    if isinstance(wish, Refusal):
        return wish.response()
    if isinstance(found, Refusal):
        return found.response()
    agent: AgentId = found[1]
    return await asking.ask(board, request, visitor, requests.CardPause(agent) if wish.pause else requests.CardResume(agent), "page")


def named(floor: Floor, call: str, node: str) -> str | Refusal:
    """Its key; one that nobody knows goes to the engine all the same, whose answer says that there is none."""
    if node:
        return key(node, call)
    here = {floor.aliases.get(name, name) for name in (key(each, call) for each in floor.nodes)} & floor.calls.keys()
    if len(here) > 1:
        return WHICH_NODE
    return next(iter(here), call)
