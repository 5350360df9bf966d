"""`/api/live`: one screen's websocket, from its first byte to its last. The feed and `clients.py` do the sending.

A websocket that is refused is accepted first and then closed with a code: a browser tells a page nothing about a
handshake that failed, and the page should know whether to ask for a token or to try again.
"""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket

from wallboard.board import Board
from wallboard.clients import Client
from wallboard.door import Asked, Visitor, address_of
from wallboard.protocol import VIEWS, CloseCode, audience_of
from wallboard.refusals import Refusal
from wallboard.wire import wire_of

FRAMES_HEARD_PER_MINUTE = 60
"""A screen has nothing to say; one that says this much keeps us from the others."""
_CODES = {401: CloseCode.TOKEN, 403: CloseCode.NOT_ALLOWED, 404: CloseCode.NO_SUCH_VIEW, 429: CloseCode.TOKEN}


async def live(board: Board, websocket: WebSocket) -> None:
    await websocket.accept()
    wire = wire_of(websocket)
    view = websocket.query_params.get("view", "")
    admitted = _admit(board, websocket, view)
    if isinstance(admitted, Refusal):
        code = _CODES.get(admitted.status, CloseCode.TRY_LATER)
        board.clients.counts.closed[code] += 1
        wire.close(code, admitted.error)
        return
    assert admitted.role is not None, "every view asks for an action"
    audience = audience_of(view, admitted.role)
    client = Client(wire, audience, admitted.role, address_of(websocket), admitted.token, board.clients.counts)
    board.clients.join(client)
    try:
        board.feed.welcome(client)
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(client.send_outbox(board.feed.snapshot_for))
            await _hear_out(websocket, client)
            sender.cancel()
    finally:
        board.clients.leave(client)


def _admit(board: Board, websocket: WebSocket, view: str) -> Visitor | Refusal:
    """The token before the view: who has none learns nothing about what there is."""
    known = VIEWS.get(view)
    admitted = board.door.admit(websocket, Asked((known or VIEWS["wall"]).needs))
    if isinstance(admitted, Refusal):
        return admitted
    if known is None:
        return Refusal(404, "no_such_view", f"There are these views: {', '.join(sorted(VIEWS))}.")
    if full := board.clients.refuses(address_of(websocket)):
        return Refusal(503, "full", full)
    return admitted


async def _hear_out(websocket: WebSocket, client: Client) -> None:
    """Until it hangs up. What it says is dropped (`server.py` bounds the size), and it may not say much."""
    loop = asyncio.get_running_loop()
    heard, since = 0, loop.time()
    while (await websocket.receive())["type"] != "websocket.disconnect":
        if loop.time() - since > 60:
            heard, since = 0, loop.time()
        heard += 1
        if heard > FRAMES_HEARD_PER_MINUTE:
            client.close(CloseCode.TALKS_TOO_MUCH, "a screen has nothing to say")
