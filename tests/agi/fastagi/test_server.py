"""The FastAGI server over real sockets: who is heard, deadlines, one slow call beside others, hang-ups, and faults of a handler."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_network

import pytest

from agi.fastagi import commands
from agi.fastagi.server import Call, FastAgiServer, Gone, Handler, Limits, Route
from agi.watched import GateCounts

LOOPBACK = (ip_network("127.0.0.0/8"),)
DEADLINE_S = 5.0


def asked(path: str) -> bytes:
    return f"agi_network: yes\nagi_network_script: {path}\nagi_channel: PJSIP/1001-00000001\nagi_uniqueid: 1.1\n\n".encode()


class Dialplan:
    """What Asterisk is to a gate: it asks, answers each command, and sees whether the connection ends."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def reads(self) -> str:
        return (await asyncio.wait_for(self.reader.readline(), DEADLINE_S)).decode().strip()

    def says(self, data: bytes) -> None:
        self.writer.write(data)

    async def closed(self) -> None:
        with suppress(ConnectionError):
            assert await asyncio.wait_for(self.reader.read(), DEADLINE_S) == b""
        self.writer.close()


class Gate:
    def __init__(self, server: FastAgiServer, port: int, broken: list[BaseException]) -> None:
        self.server, self.port, self.broken = server, port, broken
        self.calls: list[Dialplan] = []

    async def call(self, path: str | None = None) -> Dialplan:
        dialplan = Dialplan(*await asyncio.open_connection("127.0.0.1", self.port))
        self.calls.append(dialplan)
        if path is not None:
            dialplan.says(asked(path))
        return dialplan

    async def until(self, holds: Callable[[GateCounts], bool]) -> None:
        end = time.monotonic() + DEADLINE_S
        while not holds(self.server.counts):
            assert time.monotonic() < end, self.server.counts
            await asyncio.sleep(0.01)


@asynccontextmanager
async def gate(limits: Limits | None = None, allow: tuple[object, ...] = LOOPBACK, **handlers: Handler) -> AsyncIterator[Gate]:
    broken: list[BaseException] = []
    routes = {path: Route(handler, 0.3 if path == "hurried" else 60) for path, handler in handlers.items()}
    server = FastAgiServer(routes, allow, GateCounts(), limits, broke=broken.append)  # type: ignore[arg-type]
    listening = await server.listen("127.0.0.1", 0)
    one = Gate(server, listening.sockets[0].getsockname()[1], broken)
    try:
        yield one
    finally:
        for dialplan in one.calls:
            dialplan.writer.close()
        listening.close()
        await server.end()


async def greets(call: Call) -> None:
    await call.do(commands.set_variable("WHO", call.environment.channel))


async def waits(call: Call) -> None:
    await call.do(commands.answer())
    await asyncio.Event().wait()


async def test_a_call_is_answered_and_ends() -> None:
    async with gate(greets=greets) as one:
        dialplan = await one.call("greets?node=n1")
        assert await dialplan.reads() == 'SET VARIABLE "WHO" "PJSIP/1001-00000001"'
        dialplan.says(b"200 result=1\n")
        await dialplan.closed()
        assert one.server.counts.asked == {"greets": 1}
        assert sum(one.server.counts.answer.counts) == 1


async def test_nobody_who_is_not_allowed_is_heard() -> None:
    async with gate(allow=(ip_network("10.0.0.0/8"),), greets=greets) as one:
        await (await one.call("greets")).closed()
        assert one.server.counts.shut_out == {"address": 1}
        assert not one.server.counts.asked


async def test_a_crowd_is_bounded_and_those_inside_go_on() -> None:
    async with gate(Limits(calls=2), waits=waits) as one:
        inside = [await one.call("waits") for _ in range(2)]
        for dialplan in inside:
            assert await dialplan.reads() == "ANSWER"
        await (await one.call("waits")).closed()
        assert one.server.counts.shut_out == {"crowd": 1}
        assert one.server.counts.open == 2
        for dialplan in inside:
            dialplan.writer.close()
        await one.until(lambda counts: counts.open == 0)


async def test_one_address_leaves_room_for_others() -> None:
    async with gate(Limits(calls=10, from_one=1), waits=waits) as one:
        assert await (await one.call("waits")).reads() == "ANSWER"
        await (await one.call("waits")).closed()
        assert one.server.counts.shut_out == {"crowd": 1}


async def test_a_connection_that_says_nothing_ends() -> None:
    async with gate(Limits(start_s=0.2), greets=greets) as one:
        silent, half = await one.call(), await one.call()
        half.says(b"agi_network: yes\n")
        await silent.closed()
        await half.closed()
        assert one.server.counts.shut_out == {"start": 2}


async def test_a_connection_that_hangs_up_before_it_asks_freezes_nothing() -> None:
    """What a health check does, and what stopped another library's event loop (reference: libraries, AMI and AGI)."""
    async with gate(greets=greets) as one:
        for _ in range(20):
            (await one.call()).writer.close()
        dialplan = await one.call("greets")
        assert (await dialplan.reads()).startswith("SET VARIABLE")
        dialplan.writer.close()
        await one.until(lambda counts: counts.open == 0)


async def test_a_slow_call_holds_up_nobody() -> None:
    async with gate(waits=waits, greets=greets) as one:
        slow = await one.call("waits")
        assert await slow.reads() == "ANSWER"
        for _ in range(10):
            quick = await one.call("greets")
            assert (await quick.reads()).startswith("SET VARIABLE")
            quick.says(b"200 result=1\n")
            await quick.closed()
        slow.writer.close()


async def test_a_call_has_a_deadline() -> None:
    async with gate(hurried=waits) as one:
        dialplan = await one.call("hurried")
        assert await dialplan.reads() == "ANSWER"
        await dialplan.closed()
        assert one.server.counts.cut == {"slow": 1}


async def test_an_unknown_path_is_closed_without_a_word() -> None:
    async with gate(greets=greets) as one:
        await (await one.call("dial?campaign=1")).closed()
        assert one.server.counts.asked == {"other": 1}


async def test_a_caller_who_is_gone_ends_the_handler() -> None:
    ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def speaks(call: Call) -> None:
        try:
            await call.do(commands.play("beep"))
            await call.do(commands.play("beep"))
        except Gone:
            ended.set_result(call.hung_up)
            raise

    async with gate(speaks=speaks) as one:
        dialplan = await one.call("speaks")
        await dialplan.reads()
        dialplan.says(b"HANGUP\n200 result=-1 endpos=0\n")
        assert await asyncio.wait_for(ended, DEADLINE_S)
        await dialplan.closed()
        assert not one.broken


@pytest.mark.parametrize("waiting_for_asterisk", [True, False])
async def test_a_connection_that_breaks_ends_the_handler(waiting_for_asterisk: bool) -> None:
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def handler(call: Call) -> None:
        try:
            await call.do(commands.answer())
            await (call.do(commands.answer()) if waiting_for_asterisk else asyncio.Event().wait())
        finally:
            ended.set_result(None)

    async with gate(handler=handler) as one:
        dialplan = await one.call("handler")
        await dialplan.reads()
        dialplan.says(b"200 result=0\n")
        if waiting_for_asterisk:
            await dialplan.reads()
        dialplan.writer.transport.abort()
        await asyncio.wait_for(ended, DEADLINE_S)
        await one.until(lambda counts: counts.open == 0)
        assert not one.broken


async def test_a_fault_ends_its_own_call_only_and_is_told() -> None:
    async def breaks(call: Call) -> None:
        raise ZeroDivisionError

    async with gate(breaks=breaks, greets=greets) as one:
        await (await one.call("breaks")).closed()
        assert [type(each) for each in one.broken] == [ZeroDivisionError]
        assert one.server.counts.bugs == 1
        assert (await (await one.call("greets")).reads()).startswith("SET VARIABLE")


async def test_a_stranger_who_speaks_something_else_is_cut() -> None:
    async with gate(greets=greets) as one:
        dialplan = await one.call()
        dialplan.says(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"x" * 10_000)
        await dialplan.closed()
        await one.until(lambda counts: counts.cut == {"violation": 1})


async def test_the_end_of_the_server_ends_its_calls() -> None:
    async with gate(waits=waits) as one:
        dialplan = await one.call("waits")
        await dialplan.reads()
        await one.server.end()
        await dialplan.closed()
        assert one.server.counts.open == 0


async def test_a_whole_shift_that_dials_in_one_moment_is_answered() -> None:
    """Three hundred at once, and beside them fifty that never say a word."""
    async with gate(greets=greets, waits=waits) as one:
        for _ in range(50):
            await one.call()

        async def dials() -> float:
            began = time.monotonic()
            dialplan = await one.call("greets")
            assert (await dialplan.reads()).startswith("SET VARIABLE")
            took = time.monotonic() - began
            dialplan.says(b"200 result=1\n")
            await dialplan.closed()
            return took

        took = sorted(await asyncio.gather(*(dials() for _ in range(300))))
        assert one.server.counts.asked == {"greets": 300}
        assert not one.server.counts.shut_out
        assert took[-1] < 3.0, f"the slowest: {took[-1]:.2f} s"
