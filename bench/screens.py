"""Screens for the benches: websockets that note when each frame came, and nothing else.

Not a websocket library: one handshake, whole text frames, an answer to each ping. A client that parsed JSON would take the
processor from what it measures; frames are the same bytes for every screen, so each is kept once and read after the run.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractAsyncContextManager
from functools import partial
from types import TracebackType

HANDSHAKE = (
    "GET /api/live?view=wall HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
TEXT, CLOSE, PING = 0x1, 0x8, 0x9
PATIENCE_S = 20.0


class Notes:
    """What all screens of one run saw: (screen, number of the frame, perf_counter)."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.seen: list[tuple[int, int, float]] = []
        self.keep = True
        """False: frames are counted and forgotten, as a bench of memory or a soak wants it."""
        self.count = 0
        self._numbers: dict[bytes, int] = {}

    def take(self, screen: int, frame: bytes, at: float) -> None:
        self.count += 1
        if self.keep:
            number = self._numbers.setdefault(frame, len(self.frames))
            if number == len(self.frames):
                self.frames.append(frame)
            self.seen.append((screen, number, at))


class Screen(asyncio.Protocol):
    def __init__(self, number: int, port: int, notes: Notes) -> None:
        loop = asyncio.get_running_loop()
        self.first: asyncio.Future[None] = loop.create_future()
        self.lost = False
        self._number = number
        self._port = port
        self._notes = notes
        self._read = bytearray()
        self._open = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(HANDSHAKE.format(port=self._port).encode())

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self._read += data
        if not self._open:
            head, blank, rest = self._read.partition(b"\r\n\r\n")
            if not blank:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(f"the board refused a screen: {bytes(head[:80])!r}")
            self._open, self._read = True, rest
        while (frame := self._next()) is not None:
            self._take(*frame, now)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if not self.first.done():
            self.first.set_exception(exc or ConnectionError("the board hung up"))

    def close(self) -> None:
        self._transport.abort()

    def _take(self, kind: int, payload: bytes, now: float) -> None:
        if kind == TEXT:
            self._notes.take(self._number, payload, now)
            if not self.first.done():
                self.first.set_result(None)
        elif kind == PING:  # masked by zeros, which a client may
            self._transport.write(bytes((0x8A, 0x80 | len(payload), 0, 0, 0, 0)) + payload)
        elif kind == CLOSE:
            self._transport.close()

    def _next(self) -> tuple[int, bytes] | None:
        read = self._read
        if len(read) < 2:
            return None
        length, begin = read[1] & 0x7F, 2
        if length > 125:
            begin = 4 if length == 126 else 10
            if len(read) < begin:
                return None
            length = int.from_bytes(read[2:begin], "big")
        if len(read) < begin + length:
            return None
        frame = read[0] & 0x0F, bytes(read[begin : begin + length])
        del read[: begin + length]
        return frame


class Screens(AbstractAsyncContextManager["Screens"]):
    """So many of them, each with its first snapshot."""

    def __init__(self, port: int, count: int, notes: Notes) -> None:
        self._port = port
        self._count = count
        self._notes = notes
        self.all: list[Screen] = []

    async def __aenter__(self) -> Screens:
        loop = asyncio.get_running_loop()
        for number in range(self._count):
            _, screen = await loop.create_connection(partial(Screen, number, self._port, self._notes), "127.0.0.1", self._port)
            self.all.append(screen)
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(screen.first for screen in self.all))
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for screen in self.all:
            screen.close()
