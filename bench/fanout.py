"""One message to many screens: microseconds of CPU a message, by the board's own way and by those of others.

Ours: the frame is made once and written below ASGI (`protocol.text_frame`, `Client.offer`, `wire.py`), from a real server. Beside it
starlette's `send_text` for each screen, `websockets.broadcast`, and picows' `send` in a loop, which is how it is told to broadcast.
All serve in this process, on the same loop; the screens are sockets in another process that read and throw away. CPU is that
of the thread that serves, from the first write until the loop has nothing left of it, so what another process takes does not count,
and what the kernel does in our name does. The rounds of all servers take turns, so a noisy moment is everybody's. Nobody pings.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import uvicorn
import websockets.asyncio.server as websockets_server
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from bench.results import Row
from wallboard.authorise import Role
from wallboard.clients import Client, Clients
from wallboard.protocol import audience_of, text_frame
from wallboard.wire import BoardHttp, BoardWebSocket, wire_of

SCREENS = (100, 1_000)
MESSAGES = 40
"""A round: less than what a socket's buffers hold, if its reader should be late."""
ROUNDS = 9
PAYLOAD = b'{"type":"delta","from":"1-0","to":"1-1",' + b'"agents":[' + b",".join(
    b'{"id":"%d","name":"Agent %d","node":"demo1","interface":"PJSIP/%d","state":"talking","since":1795484400.5,"queues":["demo1/sales"],'
    b'"call":"1795484400.%d","queue":"demo1/sales","answered":12,"talk_s":1811.2}' % (number, number, number, number)
    for number in range(1001, 1006)
) + b"]}"  # fmt: skip
"""A typical delta of a busy floor: five agents that changed."""
PATIENCE_S = 30.0
DRAIN = """
import selectors, socket, sys
port, count = int(sys.argv[1]), int(sys.argv[2])
ask = (b"GET / HTTP/1.1\\r\\nHost: 127.0.0.1:%d\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
       b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\\r\\nSec-WebSocket-Version: 13\\r\\n\\r\\n" % port)
readable = selectors.DefaultSelector()
for _ in range(count):
    one = socket.create_connection(("127.0.0.1", port))
    one.sendall(ask)
    if b" 101 " not in one.recv(4096):
        sys.exit("refused")
    readable.register(one, selectors.EVENT_READ)
print("in", flush=True)
while readable.get_map():
    for key, _ in readable.select():
        if not key.fileobj.recv(1 << 20):
            readable.unregister(key.fileobj)
"""

Broadcast = Callable[[bytes], Awaitable[None]]


@asynccontextmanager
async def uvicorn_with(endpoint: Callable[[WebSocket], Awaitable[None]], port: socket.socket, **kinds: Any) -> AsyncIterator[None]:
    app = Starlette(routes=[WebSocketRoute("/", endpoint)])
    server = uvicorn.Server(
        uvicorn.Config(
            app, lifespan="off", log_config=None, ws_per_message_deflate=False, ws_ping_interval=None, timeout_graceful_shutdown=1, **kinds
        )
    )
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    serving = asyncio.create_task(server.serve(sockets=[port]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def ours(port: socket.socket) -> AsyncIterator[Broadcast]:
    clients = Clients(10_000, 10_000)

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        client = Client(wire_of(websocket), audience_of("wall", Role.SCREEN), Role.SCREEN, "", None, clients.counts)
        clients.join(client)
        client.begin(text_frame(b"{}"))
        with contextlib.suppress(Exception):
            while (await websocket.receive())["type"] != "websocket.disconnect":
                pass
        clients.leave(client)

    async def broadcast(message: bytes) -> None:
        frame = text_frame(message)
        for group in clients.by_audience().values():
            for client in group:
                client.offer(frame)

    async with uvicorn_with(endpoint, port, http=BoardHttp, ws=BoardWebSocket):
        yield broadcast


@asynccontextmanager
async def starlette(port: socket.socket) -> AsyncIterator[Broadcast]:
    screens: list[WebSocket] = []

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        screens.append(websocket)
        with contextlib.suppress(Exception):
            while True:
                await websocket.receive_text()

    async def broadcast(message: bytes) -> None:
        text = message.decode()
        for screen in screens:
            await screen.send_text(text)

    async with uvicorn_with(endpoint, port, ws="websockets-sansio"):
        yield broadcast


@asynccontextmanager
async def websockets(port: socket.socket) -> AsyncIterator[Broadcast]:
    screens: set[websockets_server.ServerConnection] = set()

    async def endpoint(connection: websockets_server.ServerConnection) -> None:
        screens.add(connection)
        await connection.wait_closed()

    async def broadcast(message: bytes) -> None:
        websockets_server.broadcast(screens, message.decode())

    async with websockets_server.serve(endpoint, sock=port, compression=None, ping_interval=None):
        yield broadcast


@asynccontextmanager
async def picows(port: socket.socket) -> AsyncIterator[Broadcast]:
    from picows import WSListener, WSMsgType, WSTransport, ws_create_server  # not in every machine that runs the tests

    screens: list[WSTransport] = []

    class Screen(WSListener):
        def on_ws_connected(self, transport: WSTransport) -> None:
            screens.append(transport)

    async def broadcast(message: bytes) -> None:
        text = WSMsgType.TEXT
        for screen in screens:
            screen.send(text, message)

    server = await ws_create_server(lambda _request: Screen(), sock=port)
    try:
        yield broadcast
    finally:
        server.close()
        for screen in screens:
            screen.disconnect()


Server = Callable[[socket.socket], AbstractAsyncContextManager[Broadcast]]
SERVERS: dict[str, Server] = {"ours": ours, "starlette": starlette, "websockets": websockets}
if importlib.util.find_spec("picows"):
    SERVERS["picows"] = picows


async def started(stack: AsyncExitStack, server: Server, screens: int) -> Broadcast:
    """A server on a free port, with so many screens in a process of their own."""
    port = socket.create_server(("127.0.0.1", 0), backlog=512)
    number = port.getsockname()[1]
    broadcast = await stack.enter_async_context(server(port))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DRAIN, str(number), str(screens), stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    stack.push_async_callback(process.wait)
    stack.callback(hang_up, process)
    async with asyncio.timeout(PATIENCE_S):
        if await process.stdout.readline() != b"in\n":
            raise RuntimeError("a screen was refused")
    return broadcast


def hang_up(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()


async def cpu_us(broadcast: Broadcast, messages: int, screens: int) -> float:
    """Of one frame to one screen, the rest of the loop's work for it included. Readers get time between two messages, as they
    have it on a floor."""
    spent = 0.0
    for number in range(messages):
        message = PAYLOAD[:-1] + b',"time":%d}' % number
        began = time.thread_time()
        await broadcast(message)
        await asyncio.sleep(0)
        spent += time.thread_time() - began
        await asyncio.sleep(0.002)
    return spent / messages / screens * 1e6


async def measure(screens: int, messages: int = MESSAGES, rounds: int = ROUNDS) -> dict[str, float]:
    """Microseconds of CPU for one frame to one screen, by server: the median of the rounds."""
    found: dict[str, list[float]] = {name: [] for name in SERVERS}
    async with AsyncExitStack() as stack:
        ways = {name: await started(stack, server, screens) for name, server in SERVERS.items()}
        for broadcast in ways.values():
            await cpu_us(broadcast, 3, screens)
        for _ in range(rounds):
            for name, broadcast in ways.items():
                found[name].append(await cpu_us(broadcast, messages, screens))
    return {name: statistics.median(each) for name, each in found.items()}


def run() -> list[Row]:
    """`value` is the other's, `against` ours: a ratio above 1 says how many times ours is cheaper."""
    import uvloop  # as `andon board` runs

    rows = []
    for screens in SCREENS:
        found = uvloop.run(measure(screens))
        us = found.pop("ours")
        rows.append(Row(f"fanout_us_{screens}", us, "us of CPU a frame and screen", us))
        rows += [Row(f"fanout_vs_{name}_{screens}", other, "us of CPU a frame and screen", us) for name, other in found.items()]
        if screens == SCREENS[-1] and "picows" in found:
            rows.append(Row("fanout_vs_picows", found["picows"], "us of CPU a frame and screen", us))
    return rows


if __name__ == "__main__":
    from bench.results import show

    show(run())
