"""The TCP door: real sockets, a clock of our own, slow readers, restarts; and two clients that others have written."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from agi.simulator.centre import Centre
from agi.simulator.manager import Manager
from agi.simulator.pbx import Pbx
from agi.simulator.server import Server, serve
from tests.agi.simulator.reading import SECOND, START, messages

LOGIN = b"Action: Login\r\nUsername: watch\r\nSecret: watch-demo\r\n\r\n"
DEADLINE_S = 20
ROOT = Path(__file__).parents[3]


class Clock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[Server]:
    """A PBX whose time stands still until the test moves it."""
    server = await serve(Manager(Pbx(Centre(), 1, START)), clock=clock)
    yield server
    await server.close()


async def within(what: Awaitable[bytes]) -> bytes:
    return await asyncio.wait_for(what, DEADLINE_S)


async def until(true: Callable[[], bool]) -> None:
    """Wait for a condition, with a deadline."""
    async with asyncio.timeout(DEADLINE_S):
        while not true():  # noqa: ASYNC110 - the conditions are of other threads and sockets
            await asyncio.sleep(0.01)


async def logged_in(server: Server) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(LOGIN)
    await within(reader.readuntil(b"Status: Fully Booted\r\n\r\n"))
    return reader, writer


async def test_time_moves_with_the_clock_and_events_come(server: Server, clock: Clock) -> None:
    reader, writer = await logged_in(server)
    clock.now = 60 * SECOND
    await within(reader.readuntil(b"Event: QueueCallerJoin\r\n"))
    await until(lambda: server.pbx.now == START + 60 * SECOND)
    writer.close()


async def test_speed_multiplies_time(clock: Clock) -> None:
    server = await serve(Pbx(Centre(), 1, START), speed=60, clock=clock)
    clock.now = SECOND
    await until(lambda: server.pbx.now == START + 60 * SECOND)
    await server.close()


async def test_a_wrong_password_is_told_and_then_the_link_ends(server: Server, clock: Clock) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(LOGIN.replace(b"watch-demo", b"no"))
    assert b"Authentication failed" in await within(reader.readuntil(b"failed\r\n\r\n"))
    clock.now = 2 * SECOND
    assert await within(reader.read()) == b""
    writer.close()


async def test_who_does_not_read_is_dropped_and_the_others_are_not(server: Server, clock: Clock) -> None:
    server.write_timeout_s = 0.2
    # A narrow window, so that the kernel takes little of what is not read.
    lazy = await asyncio.open_connection("127.0.0.1", server.port, limit=1024)
    lazy[1].write(LOGIN)
    reader, writer = await logged_in(server)
    seen = bytearray()

    async def read() -> None:
        while data := await reader.read(1 << 16):
            seen.extend(data)

    eager = asyncio.create_task(read())
    for _ in range(60):
        clock.now += 300 * SECOND
        await until(lambda: server.pbx.now == START + clock.now)
        if len(server.manager.sessions) == 1:
            break
    await until(lambda: len(server.manager.sessions) == 1)
    writer.write(b"Action: Ping\r\nActionID: last\r\n\r\n")
    await until(lambda: b"ActionID: last" in seen)
    eager.cancel()
    writer.close()
    lazy[1].transport.abort()


async def test_a_restart_refuses_everybody_for_a_while_on_the_same_port(server: Server, clock: Clock) -> None:
    reader, writer = await logged_in(server)
    port = server.port
    server.manager.restart(down_s=5)
    assert b"Event: Shutdown" in await within(reader.read())
    writer.close()
    await until(lambda: not server.listening)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    clock.now = 6 * SECOND
    await until(lambda: server.listening)
    assert server.port == port
    _, writer = await logged_in(server)
    writer.close()


async def test_too_many_clients_are_turned_away(server: Server) -> None:
    opened = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(50)]
    for reader, _ in opened:
        await within(reader.readline())
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    with contextlib.suppress(ConnectionResetError):
        assert await within(reader.read()) == b""
    for _, each in [*opened, (reader, writer)]:
        each.close()


async def test_an_action_over_tcp(server: Server) -> None:
    reader, writer = await logged_in(server)
    writer.write(b"Action: QueueStatus\r\nActionID: q\r\n\r\n")
    data = await within(reader.readuntil(b"Event: QueueStatusComplete\r\n"))
    assert data.count(b"Event: QueueParams\r\n") == 5
    rest = await within(reader.readuntil(b"\r\n\r\n"))
    assert messages(b"Event: X\r\n" + rest)
    writer.close()


# ---- clients that others have written: each in its own process, for they keep threads and loops of their own

PYST2 = """
import sys, threading
from asterisk.manager import Manager
seen, enough = set(), threading.Event()
def note(event, manager):
    seen.add(event.name)
    if {"QueueCallerJoin", "AgentConnect", "AgentComplete"} <= seen:
        enough.set()
manager = Manager()
manager.register_event("*", note)
manager.connect("127.0.0.1", int(sys.argv[1]))
manager.login("andon", "andon-demo")
status = manager.send_action({"Action": "QueueStatus"})
assert enough.wait(30), sorted(seen)
assert "Event: QueueMember" in status.data, status.headers
assert manager.ping().get_header("Ping") == "Pong"
manager.logoff()
sys.stdout.write("pyst2 is content\\n")
sys.stdout.flush()
import os
os._exit(0)
"""

PANORAMISK = """
import asyncio, sys
from panoramisk import Manager
async def main():
    seen, enough = set(), asyncio.Event()
    manager = Manager(host="127.0.0.1", port=int(sys.argv[1]), username="andon", secret="andon-demo", loop=asyncio.get_running_loop())
    def note(manager, event):
        seen.add(event.event)
        if {"QueueCallerJoin", "AgentConnect", "AgentComplete"} <= seen:
            enough.set()
    manager.register_event("*", note)
    await manager.connect()
    while manager.protocol is None or manager.authenticated_future is not None:
        await asyncio.sleep(0.01)
    assert manager.authenticated
    status = await manager.send_action({"Action": "QueueStatus"}, as_list=True)
    items = list(status)
    assert sum(item.event == "QueueMember" for item in items) > 60, len(items)
    await asyncio.wait_for(enough.wait(), 30)
    manager.close()
asyncio.run(main())
sys.stdout.write("panoramisk is content\\n")
"""


@pytest.mark.parametrize(("name", "client"), [("pyst2", PYST2), ("panoramisk", PANORAMISK)])
async def test_an_outside_client_logs_in_and_reads(name: str, client: str) -> None:
    server = await serve(Pbx(Centre(), 1, START), speed=60)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-c", client, str(server.port), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await server.close()
    assert f"{name} is content" in out.decode(), err.decode()
