"""Runs the board: one listening socket, uvicorn on it, the feed beside it, and the housekeeping of tokens.

Not the process (`andon board` owns signals and logging) and not the routes (`routes.py`). Ends when `stop` is set: then
no more is accepted, every screen is told 1012 (service restart), and pages come back by themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from wallboard.app import make_app
from wallboard.board import Board
from wallboard.private_file import Unreadable
from wallboard.protocol import CloseCode
from wallboard.settings import BoardSettings, problems
from wallboard.wire import BoardHttp, BoardWebSocket

CONNECTIONS_BESIDE_SCREENS = 200
"""Browsers fetching pages, probes, scrapers: six connections a browser, a few dozen browsers at a time."""
SEND_BUFFER = 128 * 1024
"""What the kernel may hold for a screen that does not read: less than a second of a busy floor, so that it heals soon."""
INCOMING_FRAME_BYTES = 4096
KEEPALIVE_S = 20.0
"""A screen that was unplugged is noticed after at most two of these."""
GRACE_S = 3
TOKENS_CHECKED_EVERY_S = 1.0
USES_SAVED_EVERY = 600
"""In checks of the tokens: ten minutes."""


class BoardRefused(Exception):
    """The board cannot start as it was told to; the message says why and what to change."""


async def serve(board: Board, stop: asyncio.Event, started: Callable[[int], None] | None = None) -> None:
    """Until `stop` is set. `started` gets the port. Raises BoardRefused; a crash of any part ends all of it."""
    listener = _listen(board.settings)
    server = _Server(_config(board))
    try:
        await _run(board, server, listener, stop, started)
    finally:
        listener.close()
        for connection in tuple(server.server_state.connections):
            connection.transport.abort()  # after a crash: nobody looks at a board that has none behind it
    board.signing.close()
    await asyncio.to_thread(_save_used, board)
    await board.recorder.write_sums(at_once=True)


async def _run(
    board: Board, server: uvicorn.Server, listener: socket.socket, stop: asyncio.Event, started: Callable[[int], None] | None
) -> None:
    async with asyncio.TaskGroup() as group:
        beside = [group.create_task(each) for each in (board.feed.run(), board.own.run(), _watch_tokens(board))]
        serving = group.create_task(server.serve(sockets=[listener]))
        if started is not None:
            started(listener.getsockname()[1])
        await stop.wait()
        server.should_exit = True
        await serving
        for task in beside:
            task.cancel()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the process, which may run more than a board; it sets `stop`."""
        yield


def _config(board: Board) -> uvicorn.Config:
    return uvicorn.Config(
        make_app(board),
        http=BoardHttp,
        ws=BoardWebSocket,
        ws_max_size=INCOMING_FRAME_BYTES,
        ws_ping_interval=KEEPALIVE_S,
        ws_ping_timeout=KEEPALIVE_S,
        ws_per_message_deflate=False,  # frames are made once for all; compression would make them once for each
        lifespan="off",
        log_config=None,
        log_level="warning",  # below that uvicorn logs addresses with their queries
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=2 * board.settings.max_clients + CONNECTIONS_BESIDE_SCREENS,
        timeout_graceful_shutdown=GRACE_S,
    )


def _listen(settings: BoardSettings) -> socket.socket:
    if found := problems(settings):
        raise BoardRefused(" ".join(found))
    try:
        return _bound(settings)
    except OSError as fault:
        raise BoardRefused(f"The board cannot listen on {settings.listen} ({fault.strerror}); free it or change [board] listen.") from fault


def _bound(settings: BoardSettings) -> socket.socket:
    (family, kind, protocol, _, address), *_ = socket.getaddrinfo(
        settings.address, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)  # accepted sockets inherit it
        listener.bind(address)
        listener.listen()  # from here on a connection waits instead of being refused
    except OSError:
        listener.close()
        raise
    return listener


async def _watch_tokens(board: Board) -> None:
    """A screen whose token was revoked or has expired is shown the door, not only at its next visit."""
    checks = 0
    while True:
        await asyncio.sleep(TOKENS_CHECKED_EVERY_S)
        close_revoked(board)
        await board.recorder.write_sums()
        checks += 1
        if checks % USES_SAVED_EVERY == 0:
            await asyncio.to_thread(_save_used, board)


def close_revoked(board: Board) -> None:
    """And whose page is open, that one uses its session."""
    with contextlib.suppress(Unreadable):  # /readyz says so; walls that hang stay as they are
        good = board.door.living()
        connected = [*board.clients, *board.own.clients]
        for client in connected:
            if client.token is not None and client.token not in good:
                client.close(CloseCode.TOKEN, "the token or the session has ended")
        open_now = {client.token for client in connected if client.token is not None}
        board.sessions.touch({session.id for session in board.sessions.all()} & open_now, board.clock())


def _save_used(board: Board) -> None:
    with contextlib.suppress(Unreadable, OSError):  # coarse remarks, not worth a board
        board.tokens.save_used()
        board.sessions.save_used()
