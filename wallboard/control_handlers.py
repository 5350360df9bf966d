"""What the routes of control answer: breaks, duty, orders, undo, meetings, messages, alerts.

Not the deciding (`realtime/control/`, by the engine) and not the asking (`asking.py`). A handler reads a wish, says which ask it is, and
answers what the engine answered; what it reads it takes from the board's own floor. An agent's own are `me_handlers.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime import requests
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import AnyAsk
from realtime.rows import AlertRow, MeetingRow
from realtime.view_owned import alert_rows, meeting_rows, order_row
from realtime.words import Node
from wallboard import asking, wishes
from wallboard.answers import GOOD, Answered, of_decision, of_many
from wallboard.audit import in_parts, target_of
from wallboard.authorise import Action, authorise
from wallboard.board import Board
from wallboard.door import Visitor, address_of
from wallboard.reading import body_of
from wallboard.records import floor_of, json
from wallboard.refusals import Refusal
from wallboard.wishes import AlertWish, BreakWish, DutyWish, MeetingWish, MessageWish, OrderWish, UndoWish

ORDER_ACT: Final = "order"
NEEDS_GIVING: Final = frozenset({"pause", "ready", "logout", "hangup", "whisper", "barge", "takeover", "move"})
"""All but to listen, which QA may."""
RINGS: Final = frozenset({"listen", "whisper", "barge", "takeover"})
"""A press on two hundred agents would ring one phone two hundred times."""
WHOM = deny("order.whom")
NO_ORDER = Refusal(404, "order_unknown", "There is no order with this id now; they are kept for 10 minutes, and the log has all of them.")
WHICH_NODE = Refusal(400, "node_missing", "More than one server may have this phone; say its name in `node`.")


class MeetingList(msgspec.Struct, kw_only=True):
    """Those that are on, and those that begin within the hour."""

    meetings: list[MeetingRow]


class AlertList(msgspec.Struct, kw_only=True):
    """Open ones, and those that were over within ten minutes."""

    alerts: list[AlertRow]


async def breaks(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(board, request, visitor, BreakWish, wishes.break_ask)


async def duty(board: Board, request: Request, visitor: Visitor) -> Response:
    wish = await body_of(request, DutyWish)
    floor = floor_of(board)
    if isinstance(wish, Refusal):
        return wish.response()
    if isinstance(floor, Refusal):
        return floor.response()
    node = node_of(floor, wish.device, wish.node) if wish.deed == "login" else Node("")
    if isinstance(node, Refusal):
        return node.response()
    return await asking.ask(board, request, visitor, wishes.duty_ask(wish, node))


def node_of(floor: Floor, device: str, said: str) -> Node | Refusal:
    """Which server a phone is at: as it was said; else the one that knows such a phone, else the only one there is."""
    if said:
        return Node(said)
    known = [node for node in floor.nodes if f"{node}/{device}" in floor.phones] or list(floor.nodes)
    return Node(known[0]) if len(known) == 1 else WHICH_NODE


# ------------------------------------------------------------------ orders


async def orders(board: Board, request: Request, visitor: Visitor) -> Response:
    wish = await body_of(request, OrderWish)
    if isinstance(wish, Refusal):
        return wish.response()
    if refusal := may_order(visitor, wish):
        return refusal.response()
    if not is_clear(wish):
        return asking.answer(of_decision(WHOM, visitor.language or "en"))
    if not wish.agents and not wish.preview:
        return await asking.ask(board, request, visitor, wishes.order_ask(wish, wish.agent))
    return await of_several(board, request, visitor, wish)


def may_order(visitor: Visitor, wish: OrderWish) -> Refusal | None:
    """The door has let in whoever may listen; everything else is for those who act."""
    assert visitor.role is not None, "this route asks for an action"
    decision = authorise(visitor.role, Action.ORDERS_GIVE)
    if wish.deed not in NEEDS_GIVING or decision.allowed:
        return None
    return Refusal(403, "not_allowed", decision.reason, (decision.reason,))


def is_clear(wish: OrderWish) -> bool:
    """One agent, several of them each once, or one call to hang up. One phone cannot listen to several."""
    named = sum(map(bool, (wish.agent, wish.agents, wish.call)))
    by_call = not wish.call or (wish.deed == "hangup" and not wish.preview)
    by_phone = wish.preview or wish.deed not in RINGS or len(wish.agents) <= 1
    return named == 1 and by_call and by_phone and len(wish.agents) == len(set(wish.agents))


async def of_several(board: Board, request: Request, visitor: Visitor, wish: OrderWish) -> Response:
    """What would happen to each, or what did: never an error of the whole because one was refused."""
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    asks = [wishes.order_ask(wish, agent) for agent in wish.agents or [wish.agent]]
    language = asking.language_of(request, floor, visitor)
    if wish.preview:
        return json(of_many(asking.look_at(board, floor, request, visitor, asks), language, preview=True))
    answers = await asking.ask_many(board, request, visitor, asks)
    if isinstance(answers, Refusal):
        return answers.response()
    await record_refused(board, request, visitor, wish.deed, answers)
    return json(of_many(answers, language, preview=False))


async def record_refused(board: Board, request: Request, visitor: Visitor, deed: str, answers: Sequence[Answered]) -> None:
    """The trail says that all were let happen (`passage.py`); which were not, and by which rule, it says behind that."""
    refused: dict[str, list[str]] = {}
    for each in answers:
        if each.verdict not in GOOD:
            refused.setdefault(each.error, []).append(each.agent)
    for error, agents in refused.items():
        for part in in_parts(agents):
            await board.recorder.failed(visitor, address_of(request), ORDER_ACT, target_of({"agents": part, "deed": deed}), error)


async def one_order(board: Board, request: Request, _visitor: Visitor) -> Response:
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    state = floor.owned.orders.get(request.path_params["id"])
    return json(order_row(state)) if state is not None else NO_ORDER.response()


async def undo(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(board, request, visitor, UndoWish, lambda wish: requests.Undo(wish.request))


# ------------------------------------------------------------------ meetings, messages, alerts


async def meetings(board: Board, _request: Request, _visitor: Visitor) -> Response:
    floor = floor_of(board)
    return floor.response() if isinstance(floor, Refusal) else json(MeetingList(meetings=meeting_rows(floor, board.clock())))


async def meet(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(board, request, visitor, MeetingWish, wishes.meeting_ask)


async def send(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(board, request, visitor, MessageWish, wishes.message_ask)


async def alerts(board: Board, _request: Request, _visitor: Visitor) -> Response:
    floor = floor_of(board)
    return floor.response() if isinstance(floor, Refusal) else json(AlertList(alerts=alert_rows(floor, board.clock())))


async def take_alert(board: Board, request: Request, visitor: Visitor) -> Response:
    wish = await body_of(request, AlertWish)
    if isinstance(wish, Refusal):
        return wish.response()
    ask: AnyAsk = wishes.alert_ask(wish, request.path_params["id"])
    return await asking.ask(board, request, visitor, ask)
