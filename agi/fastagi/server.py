"""The server that dialplans ask: sockets, who may ask, deadlines, and a table of routes. The shell of `session.py`.

It knows no call-centre word: what is asked for is a path, and `Route` says who answers it and how long that may take. Each call
is a task of its own, so a slow one holds up nobody; a fault in one ends that call, is told loudly, and leaves the others alone.
A call ends when its handler returns, when Asterisk closes the connection, or at its deadline: whatever happens, the dialplan goes
on at its next priority and sees an empty decision, which refuses.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final, NamedTuple, cast

from agi.errors import AmiError, Closed, Dismissed, ProtocolViolation
from agi.fastagi.codec import Environment, Reply
from agi.fastagi.commands import Command
from agi.fastagi.session import Asked, Ended, HungUp, Output, Replied, Session
from agi.watched import GateCounts

START_S: Final = 5.0
"""From the connection to the end of the environment: Asterisk sends it at once, in one piece."""
CALLS_MAX: Final = 2_000
"""At a time: diallers that start five hundred calls in one moment, three PBXs of them, and a hall of three hundred whose shift begins
this minute. Each is a socket and a task, 30 kB."""
FROM_ONE_MAX: Final = 1_600
"""Of one address, where several PBXs ask: one that goes astray leaves room for the others."""
BACKLOG: Final = 1_024
"""Connections that wait to be taken: as many as come in one look of a busy loop."""

Network = IPv4Network | IPv6Network


class Gone(Exception):
    """The caller has hung up, or the connection has ended: there is nobody to speak to."""


Handler = Callable[["Call"], Awaitable[None]]


class Route(NamedTuple):
    """Who answers a path, and how long the whole of it may take."""

    handler: Handler
    longest_s: float


@dataclass(frozen=True, slots=True)
class Limits:
    start_s: float = START_S
    calls: int = CALLS_MAX
    from_one: int = FROM_ONE_MAX


class Call:
    """One channel that asks, as its handler has it: what Asterisk said of it, and one command at a time."""

    def __init__(self, wire: _Wire, environment: Environment) -> None:
        self.environment = environment
        self._wire = wire

    @property
    def hung_up(self) -> bool:
        return self._wire.session.hung_up

    async def do(self, command: Command) -> Reply:
        """Raises Gone, and LocalError for what Asterisk would misread."""
        return await self._wire.do(command)


class FastAgiServer:
    """`async with server.listening(host, port)`. `told` hears sentences, `broke` the bugs of handlers."""

    def __init__(
        self,
        routes: Mapping[str, Route],
        allow: Sequence[Network],
        counts: GateCounts,
        limits: Limits | None = None,
        told: Callable[[str], None] = lambda _: None,
        broke: Callable[[BaseException], None] = lambda _: None,
    ) -> None:
        self.counts = counts
        self.limits = limits or Limits()
        self._routes = dict(routes)
        self._allow = tuple(allow)
        self.told = told
        self._broke = broke
        self._calls: dict[asyncio.Task[None], str] = {}
        self._from: Counter[str] = Counter()

    async def listen(self, host: str, port: int) -> asyncio.Server:
        """Raises OSError. Close it, then `end()`."""
        server = await asyncio.get_running_loop().create_server(lambda: _Wire(self), host, port, backlog=BACKLOG)
        self.counts.listening = True
        return server

    async def end(self) -> None:
        """Ends every call that is still spoken with."""
        self.counts.listening = False
        for task in tuple(self._calls):
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    # ------------------------------------------------------------------ for its wires

    def shuts_out(self, address: str) -> str:
        """Why this one is not heard; empty for one that is."""
        if not any(_parsed(address) in network for network in self._allow):
            self.told(f"{address} asked on the AGI port and is not in [agi] allow: it was not heard. If it is a PBX of yours, add it.")
            return "address"
        if len(self._calls) >= self.limits.calls or self._from[address] >= self.limits.from_one:
            self.told(f"{len(self._calls)} calls speak with the gate at once: those that come now are not heard.")
            return "crowd"
        return ""

    def begin(self, wire: _Wire, address: str) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(wire))
        self._calls[task] = address
        self._from[address] += 1
        self.counts.open = len(self._calls)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        if (address := self._calls.pop(task, "")) and (left := self._from[address] - 1) > 0:
            self._from[address] = left
        else:
            self._from.pop(address, None)
        self.counts.open = len(self._calls)
        if not task.cancelled() and (bug := task.exception()) is not None:
            self.counts.bugs += 1
            self._broke(bug)

    async def _serve(self, wire: _Wire) -> None:
        """One connection, whoever ends it: then nobody hears what is still to be said, and what is under way for it is cancelled."""
        try:
            await self._answer(wire)
        except Gone:
            pass
        except asyncio.CancelledError:
            if not wire.gone:
                raise  # the server itself ends
        finally:
            wire.close()

    async def _answer(self, wire: _Wire) -> None:
        try:
            async with asyncio.timeout(self.limits.start_s):
                environment = await wire.asked
        except (TimeoutError, Gone):
            self.counts.shut_out["start"] += 1
            wire.abort()
            return
        route = self._routes.get(environment.path)
        self.counts.asked[environment.path if route is not None else "other"] += 1
        if route is None:
            return
        wire.serving = asyncio.current_task()
        try:
            async with asyncio.timeout(route.longest_s):
                await route.handler(Call(wire, environment))
        except TimeoutError:
            self.counts.cut["slow"] += 1
        finally:
            wire.serving = None


class _Wire(asyncio.Protocol):
    """One connection: bytes to the session, its outputs to who waits for them."""

    def __init__(self, server: FastAgiServer) -> None:
        self._loop = asyncio.get_running_loop()
        self.session = Session()
        self.asked: asyncio.Future[Environment] = self._loop.create_future()
        self.gone = False
        """The connection has ended, by whomever."""
        self.serving: asyncio.Task[None] | None = None
        """Who answers it now."""
        self._server = server
        self._began = time.monotonic()
        self._silent = True
        self._reply: asyncio.Future[Reply] | None = None
        self._transport: asyncio.Transport | None = None

    async def do(self, command: Command) -> Reply:
        if self.gone or self.session.hung_up:
            raise Gone
        data = self.session.ask(command)
        if self._silent:
            self._silent = False
            self._server.counts.answer.observe(time.monotonic() - self._began)
        self._reply = self._loop.create_future()
        assert self._transport is not None, "it has spoken to us"
        self._transport.write(data)
        try:
            return await self._reply
        finally:
            self._reply = None

    def close(self) -> None:
        self._take(self.session.end(Closed("The call was answered.")))

    def abort(self) -> None:
        self._take(self.session.end(Closed("The call was not heard.")))
        if self._transport is not None:
            self._transport.abort()

    # Called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        address = _address(transport)
        if reason := self._server.shuts_out(address):
            self._server.counts.shut_out[reason] += 1
            self._take(self.session.end(Closed("It was not heard.")))
            return
        self._server.begin(self, address)

    def data_received(self, data: bytes) -> None:
        self._take(self.session.receive(data))

    def connection_lost(self, exc: Exception | None) -> None:
        self._take(self.session.end(Dismissed("Asterisk ended the call.")))

    def _take(self, outputs: list[Output]) -> None:
        for output in outputs:
            match output:
                case Asked(environment):
                    self.asked.set_result(environment)
                case Replied(reply) if self._reply is not None and not self._reply.done():
                    self._reply.set_result(reply)
                case Ended(error):
                    self._end(error)
                case HungUp() | Replied():
                    pass  # `do` looks at the session; a reply that nobody waits for any more answers nothing

    def _end(self, error: AmiError | None) -> None:
        if isinstance(error, ProtocolViolation):
            self._server.counts.cut["violation"] += 1
            self._server.told(str(error))
        self.gone = True
        if not self.asked.done():
            self.asked.set_exception(Gone())
            self.asked.exception()  # a connection that was never heard has nobody who would ask for it
        elif self._reply is not None and not self._reply.done():
            self._reply.set_exception(Gone())
        elif self.serving is not None:
            self.serving.cancel()
        if self._transport is not None:
            self._transport.close()


def _address(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""


def _parsed(address: str) -> object:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
