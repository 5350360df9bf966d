"""`/api/live`: one screen's websocket, from its first byte to its last. The feed and `clients.py` do the sending.

A websocket that is refused is accepted first and then closed with a code: a browser tells a page nothing about a
handshake that failed, and the page should know whether to ask for a token or to try again.
"""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket

from wallboard import drawn
from wallboard.board import Board
from wallboard.boards import WHOLE
from wallboard.clients import Client
from wallboard.door import Asked, Visitor, address_of
from wallboard.metrics import BoardMetrics
from wallboard.protocol import VIEWS, CloseCode, audience_of
from wallboard.refusals import Refusal
from wallboard.wire import wire_of

FRAMES_HEARD_PER_MINUTE = 60
"""A screen has nothing to say; one that says this much keeps us from the others."""
CODES = {401: CloseCode.TOKEN, 403: CloseCode.NOT_ALLOWED, 404: CloseCode.NO_SUCH_VIEW, 429: CloseCode.TOO_MANY}


async def live(board: Board, websocket: WebSocket) -> None:
    await websocket.accept()
    wire = wire_of(websocket)
    view = websocket.query_params.get("view", "")
    admitted = _admit(board, websocket, view)
    if isinstance(admitted, Refusal):
        code = CODES.get(admitted.status, CloseCode.TRY_LATER)
        board.clients.counts.closed[code] += 1
        wire.close(code, admitted.error)
        return
    assert admitted.role is not None, "every view asks for an action"
    audience = audience_of(view, admitted.role, _board_of(websocket, view, admitted))
    client = Client(wire, audience, admitted.role, address_of(websocket), admitted.credential, board.clients.counts)
    board.clients.join(client)
    try:
        board.feed.welcome(client)
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(client.send_outbox(board.feed.snapshot_for))
            await _hear_out(websocket, client, board.feed.metrics)
            sender.cancel()
    finally:
        board.clients.leave(client)


def _admit(board: Board, websocket: WebSocket, view: str) -> Visitor | Refusal:
    """The token before the view: who has none learns nothing about what there is."""
    known = VIEWS.get(view)
    admitted = board.door.admit(websocket, Asked((known or VIEWS["wall"]).needs, bound=True))
    if isinstance(admitted, Refusal):
        return admitted
    if known is None:
        return Refusal(404, "no_such_view", f"There are these views: {', '.join(sorted(VIEWS))}.")
    if name := _board_of(websocket, view, admitted):
        plan = board.boards.get(name)
        if plan is None:
            return Refusal(404, "no_such_board", f"There is no board {name[:40]} in boards.toml.")
        if not plan.takes(address_of(websocket)):
            return Refusal(403, "not_from_here", f"The board {name} is not for screens of this address.")
    if full := board.clients.refuses(address_of(websocket)):
        return Refusal(503, "full", full)
    return admitted


def _board_of(websocket: WebSocket, view: str, visitor: Visitor) -> str:
    """A screen that was let in for one board shows that one, whatever its address says. Empty: the whole floor."""
    return visitor.board or (websocket.query_params.get("board") or WHOLE if VIEWS[view].boards else "")


async def _hear_out(websocket: WebSocket, client: Client, metrics: BoardMetrics) -> None:
    """Until it hangs up. It may say when it has drawn, now and then; all else is dropped (`server.py` bounds the size)."""
    loop = asyncio.get_running_loop()
    heard, since, drawn_at = 0, loop.time(), -drawn.EVERY_S
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        now = loop.time()
        if now - since > 60:
            heard, since = 0, now
        heard += 1
        if heard > FRAMES_HEARD_PER_MINUTE:
            client.close(CloseCode.TALKS_TOO_MUCH, "a screen has nothing to say")
        elif now - drawn_at >= drawn.EVERY_S and (moment := drawn.drawn_of(message.get("text"))) is not None:
            drawn_at = now
            metrics.heard_drawn(client.audience.view, moment, drawn.WITHIN_S)
