"""What the routes of an agent's own page answer: my row, my breaks, my phone, my messages. Never anybody else's.

Not the row (`realtime/me.py`), not its changes (`me_feed.py`), not the deciding. Who "me" is follows from who signed in, by the plan; no
address and no body names an agent here.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime import requests
from realtime.floor import Floor
from realtime.me import agent_of_login, me_row
from realtime.requests import AnyAsk
from realtime.words import AgentId, Device
from wallboard import asking
from wallboard.board import Board
from wallboard.control_handlers import node_of
from wallboard.door import Visitor
from wallboard.reading import body_of
from wallboard.records import floor_of, json
from wallboard.refusals import Refusal
from wallboard.wishes import AskedKind, Minutes, Name

NOBODY = Refusal(
    404, "no_agent", "Nobody of this floor's plan signs in with your name, so there is no page of yours; whoever keeps the plan can add it."
)


class OwnBreak(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`withdraw` gives up a place on the list or a granted break; `take` begins the granted one; `back` ends the one that is on."""

    deed: Literal["ask", "withdraw", "take", "back"]
    kind: AskedKind = "short"
    minutes: Minutes = 0


class OwnPhone(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """As Asterisk calls it: PJSIP/1001. `node` where several servers could have it."""

    phone: Annotated[Name, msgspec.Meta(min_length=1)]
    node: Name = ""


def own(board: Board, visitor: Visitor) -> tuple[Floor, AgentId] | Refusal:
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor
    agent = agent_of_login(floor, visitor.user)
    return (floor, agent) if agent is not None else NOBODY


async def me(board: Board, _request: Request, visitor: Visitor) -> Response:
    found = own(board, visitor)
    return found.response() if isinstance(found, Refusal) else json(me_row(*found, board.clock()))


async def own_break(board: Board, request: Request, visitor: Visitor) -> Response:
    wish, found = await body_of(request, OwnBreak), own(board, visitor)
    if isinstance(wish, Refusal):
        return wish.response()
    if isinstance(found, Refusal):
        return found.response()
    agent = found[1]
    asks: dict[str, AnyAsk] = {
        "ask": requests.BreakAsk(agent, wish.kind, wish.minutes),
        "withdraw": requests.BreakWithdraw(agent),
        "take": requests.BreakTake(agent),
        "back": requests.BreakBack(agent),
    }
    return await asking.ask(board, request, visitor, asks[wish.deed], "page")


async def here(board: Board, request: Request, visitor: Visitor) -> Response:
    found = own(board, visitor)
    if isinstance(found, Refusal):
        return found.response()
    return await asking.ask(board, request, visitor, requests.Here(found[1]), "page")


async def log_in(board: Board, request: Request, visitor: Visitor) -> Response:
    wish, found = await body_of(request, OwnPhone), own(board, visitor)
    if isinstance(wish, Refusal):
        return wish.response()
    if isinstance(found, Refusal):
        return found.response()
    floor, agent = found
    node = node_of(floor, wish.phone, wish.node)
    if isinstance(node, Refusal):
        return node.response()
    return await asking.ask(board, request, visitor, requests.LogIn(agent, node, Device(wish.phone)), "page")


async def log_out(board: Board, request: Request, visitor: Visitor) -> Response:
    found = own(board, visitor)
    if isinstance(found, Refusal):
        return found.response()
    return await asking.ask(board, request, visitor, requests.LogOut(found[1]), "page")


async def message_seen(board: Board, request: Request, visitor: Visitor) -> Response:
    found = own(board, visitor)
    if isinstance(found, Refusal):
        return found.response()
    return await asking.ask(board, request, visitor, requests.MessageSeen(found[1], request.path_params["id"]), "page")
