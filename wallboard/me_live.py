"""`/api/me/live`: the websocket of one agent's own page. Its rows are `me_feed.py`'s; a screen's websocket is `live.py`."""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket

from wallboard.authorise import Action
from wallboard.board import Board
from wallboard.clients import Client
from wallboard.door import Asked, Visitor, address_of
from wallboard.live import CODES, FRAMES_HEARD_PER_MINUTE
from wallboard.me_handlers import own
from wallboard.protocol import Audience, CloseCode
from wallboard.refusals import Refusal
from wallboard.wire import wire_of

ASKED = Asked(Action.BREAK_OWN)


async def me_live(board: Board, websocket: WebSocket) -> None:
    await websocket.accept()
    wire, clients = wire_of(websocket), board.own.clients
    admitted = _admit(board, websocket)
    if isinstance(admitted, Refusal):
        code = CODES.get(admitted.status, CloseCode.TRY_LATER)
        clients.counts.closed[code] += 1
        wire.close(code, admitted.error)
        return
    visitor, agent = admitted
    assert visitor.role is not None, "this address asks for an action"
    audience, address = Audience("me", False, agent=agent), address_of(websocket)
    client = Client(wire, audience, visitor.role, address, visitor.credential, clients.counts, visitor.user)
    clients.join(client)
    try:
        board.own.welcome(client)
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(client.send_outbox(board.own.frame_for))
            await _hear_out(websocket, client)
            sender.cancel()
    finally:
        clients.leave(client)


def _admit(board: Board, websocket: WebSocket) -> tuple[Visitor, str] | Refusal:
    visitor = board.door.admit(websocket, ASKED)
    if isinstance(visitor, Refusal):
        return visitor
    found = own(board, visitor)
    if isinstance(found, Refusal):
        return found
    if full := board.own.clients.refuses(address_of(websocket)):
        return Refusal(503, "full", full)
    return visitor, found[1]


async def _hear_out(websocket: WebSocket, client: Client) -> None:
    """Until it hangs up. A page asks by HTTP; what it says here is dropped."""
    loop = asyncio.get_running_loop()
    heard, since = 0, loop.time()
    while (await websocket.receive())["type"] != "websocket.disconnect":
        if loop.time() - since > 60:
            heard, since = 0, loop.time()
        heard += 1
        if heard > FRAMES_HEARD_PER_MINUTE:
            client.close(CloseCode.TALKS_TOO_MUCH, "a page asks by HTTP")
