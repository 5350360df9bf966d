"""Where the board reaches below ASGI: one websocket's transport, for what ASGI has no word for.

ASGI's `send` makes a frame for each client anew and waits when that client is slow. The board makes a frame once, writes
the same bytes to every screen, must know whether they pile up, and must be able to hang up on one that never reads. So
this file knows uvicorn's protocol classes (their public attributes of 0.54; `tests/wallboard` holds them to it), and is
the only one that does.
"""

from __future__ import annotations

import asyncio
from asyncio.transports import BaseTransport
from typing import cast

from starlette.websockets import WebSocket
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.http11 import Request

from wallboard.clients import Wire

LINGER_S = 1.0
"""How long a close frame may take to arrive before the connection is cut."""
FIRST_REQUEST_S = 10.0
"""A connection that has not sent its first request by then is a port scan, or holds a place to deny it to others."""
_EXTENSION = "andon.wire"


class BoardWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's websocket, which hands its wire to the endpoint and does not wait for ever for a deaf client to close."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            cast(dict[str, object], self.scope["extensions"])[_EXTENSION] = UvicornWire(self)

    async def run_asgi(self) -> None:
        """However a websocket ends, uvicorn waits until all that was written has been read; a deaf client never reads."""
        await super().run_asgi()
        self.loop.call_later(LINGER_S, self.transport.abort)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.loop.call_later(LINGER_S, self.transport.abort)


class BoardHttp(H11Protocol):
    """uvicorn's HTTP/1.1, which hangs up on a connection that never asks for anything."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self.loop.call_later(FIRST_REQUEST_S, self._hang_up_unasked)

    def _hang_up_unasked(self) -> None:
        if self.scope is None and not self.transport.is_closing():
            self.transport.abort()


class UvicornWire:
    """`clients.Wire` over one websocket of uvicorn."""

    def __init__(self, protocol: WebSocketsSansIOProtocol) -> None:
        self._protocol = protocol

    @property
    def writable(self) -> bool:
        return self._protocol.writable.is_set()

    @property
    def backlog(self) -> int:
        return self._protocol.transport.get_write_buffer_size()

    def write(self, frame: bytes) -> None:
        protocol = self._protocol
        if not protocol.close_sent and not protocol.transport.is_closing():
            protocol.transport.write(frame)

    async def drained(self) -> None:
        await self._protocol.writable.wait()

    def close(self, code: int, reason: str) -> None:
        protocol = self._protocol
        if protocol.close_sent or protocol.transport.is_closing():
            return
        try:
            protocol.conn.send_close(code, reason)
        except InvalidState:
            return  # the other side was faster
        protocol.transport.write(b"".join(protocol.conn.data_to_send()))
        protocol.close_sent = True
        protocol.close_timer = protocol.loop.call_later(LINGER_S, protocol.transport.abort)
        # The endpoint hears of it as of any end, and `run_asgi` above returns.
        protocol.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})


def wire_of(websocket: WebSocket) -> Wire:
    return cast(Wire, websocket.scope["extensions"][_EXTENSION])
