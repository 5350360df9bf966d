"""Servers that are no PBX, or a bad one: what an adapter may meet at the other end. Each is a `Serve` for `listening`.

They speak only as far as they must; the simulated PBX is the honest one.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Action = dict[str, str]


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[int]:
    """The port; what a server is still doing at the end is cancelled."""
    tasks: set[asyncio.Task[None]] = set()

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await serve(reader, writer)
        finally:
            tasks.discard(task)
            writer.close()

    server = await asyncio.start_server(guarded, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def nobody() -> Iterator[int]:
    """A port that is taken and where nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def saying(text: bytes) -> Serve:
    """Greets with that, and then says nothing for as long as the other side stays."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(text)
        await reader.read()

    return serve


async def actions(reader: asyncio.StreamReader) -> AsyncIterator[Action]:
    while True:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "surrogateescape")
        yield dict(line.partition(": ")[::2] for line in text.strip().split("\r\n"))


def answer(writer: asyncio.StreamWriter, action: Action, *headers: str) -> None:
    say(writer, "Response: Success", f"ActionID: {action['ActionID']}", *headers)


def say(writer: asyncio.StreamWriter, *headers: str) -> None:
    writer.write("".join(f"{header}\r\n" for header in headers).encode("utf-8", "surrogateescape") + b"\r\n")


async def let_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Banner, challenge, and whatever key is shown is right."""
    writer.write(BANNER)
    async for action in actions(reader):
        if action["Action"] == "Login":
            answer(writer, action, "Message: Authentication accepted")
            return
        answer(writer, action, "Challenge: 123456789")


async def endless_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """100 MB without a line end, as fast as they are taken."""
    await let_in(reader, writer)
    writer.write(b"Event: Hangup\r\nCause: ")
    for _ in range(1_600):
        writer.write(b"x" * 65_536)
        await writer.drain()


async def half_a_message(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await let_in(reader, writer)
    writer.write(b"Event: Hangup\r\nUniq")
    await reader.read()


async def resetting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Lets in, and breaks the link a second later: at the second ping."""
    await let_in(reader, writer)
    pings = 0
    async for action in actions(reader):
        answer(writer, action, "Ping: Pong")
        pings += action["Action"] == "Ping"
        if pings == 2:
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return


def with_members(names: Sequence[str]) -> Serve:
    """A PBX at rest: one queue whose members have these names."""
    items = [["Event: QueueParams", "Queue: odd", "Strategy: ringall", "ServiceLevel: 20"]]
    items += [
        ["Event: QueueMember", "Queue: odd", f"Name: {name}", f"Location: PJSIP/{number}", "Status: 1", "Paused: 0"]
        for number, name in enumerate(names, 9001)
    ]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await let_in(reader, writer)
        say(writer, "Event: FullyBooted", "Uptime: 60", "Status: Fully Booted")
        async for action in actions(reader):
            _at_rest(writer, action, items)

    return serve


def _at_rest(writer: asyncio.StreamWriter, action: Action, items: Sequence[Sequence[str]]) -> None:
    match action["Action"]:
        case "CoreShowChannels":
            _list(writer, action, [])
        case "QueueStatus":
            _list(writer, action, items)
        case "QueueSummary":
            _list(writer, action, [])
        case "Setvar":
            answer(writer, action)
            say(writer, "Event: VarSet", "Privilege: dialplan,all", f"Variable: {action['Variable']}", f"Value: {action['Value']}")
        case "CoreSettings":
            answer(writer, action, "AsteriskVersion: 22.10.1")
        case _:
            answer(writer, action)


def _list(writer: asyncio.StreamWriter, action: Action, items: Sequence[Sequence[str]]) -> None:
    answer(writer, action, "EventList: start")
    for first, *rest in items:
        say(writer, first, f"ActionID: {action['ActionID']}", *rest)
    say(writer, f"Event: {action['Action']}Complete", f"ActionID: {action['ActionID']}", "EventList: Complete")
