"""The TCP door of the simulated PBX: sockets on one side, a Manager on the other, and virtual time along a wall clock.

Not the protocol (`session.py`): bytes go in and out here. The clock is passed in, so that a test can let an hour go by
in a second. A client that does not read is dropped after `write_timeout_s`, as Asterisk drops it by writetimeout; while
the PBX restarts nobody listens.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from agi.simulator.manager import Manager
from agi.simulator.pbx import Pbx
from agi.simulator.session import Session

TICK_S = 0.02
"""How often time is moved: short against the 50 ms that a screen may lag, long against the work of a tick."""
MAX_CLIENTS = 50
"""Asterisk's authlimit: more at once is a test gone wild."""
MAX_BUFFER = 8 * 1024 * 1024
"""Bytes that one client may leave unread: beyond it, it is dropped at once."""
WRITE_TIMEOUT_S = 1.0
"""How long a client's buffer may stay unread; the shipped manager.conf says writetimeout=1000."""
RELISTEN_TRIES = 200
"""Ticks for which the port may be taken by somebody else after a restart."""


def wall_clock() -> int:
    """Microseconds UTC."""
    return time.time_ns() // 1000


class Connection(asyncio.Protocol):
    """One client's socket and its session."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._session: Session | None = None
        self._transport: asyncio.Transport | None = None
        self._unread_since: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A session, or nothing at all when there are too many."""
        if not isinstance(transport, asyncio.Transport):
            raise AssertionError("AMI speaks over streams")
        self._transport = transport
        self._session = self._server.admit(self)
        if self._session is None:
            transport.abort()
            return
        self.flush()

    def data_received(self, data: bytes) -> None:
        """Time first, then the bytes, then what they led to, for everybody."""
        if self._session is not None:
            self._server.tick()
            self._session.receive(data)
            self._server.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        if self._session is not None:
            self._session.closed = True
        self._server.forget(self)

    def flush(self) -> None:
        """Write what the session has, close it if it is over, drop it if nobody reads."""
        session, transport = self._session, self._transport
        if session is None or transport is None or transport.is_closing():
            return
        out = session.take()
        if out:
            transport.write(out)
        if session.closed:
            transport.close()
            return
        waiting, now = transport.get_write_buffer_size(), asyncio.get_running_loop().time()
        if not waiting:
            self._unread_since = None
            return
        if self._unread_since is None:
            self._unread_since = now
        if waiting > MAX_BUFFER or now - self._unread_since > self._server.write_timeout_s:
            transport.abort()

    def close(self) -> None:
        """End this connection now."""
        if self._transport is not None:
            self._transport.abort()


class Server:
    """A simulated PBX that listens. Made by `serve`."""

    def __init__(self, manager: Manager, host: str, port: int, speed: float, clock: Callable[[], int]) -> None:
        self.manager, self.host, self.port, self.speed = manager, host, port, speed
        self.write_timeout_s = WRITE_TIMEOUT_S
        self._clock = clock
        self._wall_start, self._virtual_start = clock(), manager.pbx.now
        self._connections: set[Connection] = set()
        self._listener: asyncio.Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def pbx(self) -> Pbx:
        """The PBX behind it."""
        return self.manager.pbx

    @property
    def listening(self) -> bool:
        """Whether new clients are let in: not while the PBX is down."""
        return self._listener is not None

    async def start(self) -> None:
        """Listen, and let time pass."""
        await self._listen()
        self._task = asyncio.create_task(self._run(), name="simulated PBX")

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: Connection(self), self.host, self.port, reuse_address=True)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _run(self) -> None:
        failures = 0
        while True:
            await asyncio.sleep(TICK_S)
            self.tick()
            self.flush()
            if self.pbx.up and self._listener is None:
                try:
                    await self._listen()
                    failures = 0
                except OSError:
                    failures += 1
                    if failures > RELISTEN_TRIES:
                        raise

    def tick(self) -> None:
        """Move virtual time to where the wall clock says."""
        elapsed = self._clock() - self._wall_start
        self.manager.advance(self._virtual_start + int(elapsed * self.speed))
        if not self.pbx.up and self._listener is not None:
            self._listener.close()
            self._listener = None

    def happen(self, what: Callable[[], None]) -> None:
        """Something from outside that is no client: an answer of a gate. Time first, as with a client's bytes."""
        self.tick()
        what()
        self.tick()
        self.flush()

    def flush(self) -> None:
        """Write what there is for everybody."""
        for connection in list(self._connections):
            connection.flush()

    def admit(self, connection: Connection) -> Session | None:
        """A session for a new client."""
        session = self.manager.connect() if len(self._connections) < MAX_CLIENTS else None
        if session is not None:
            self._connections.add(connection)
        return session

    def forget(self, connection: Connection) -> None:
        """The client has gone."""
        self._connections.discard(connection)

    async def run(self) -> None:
        """Wait for as long as it runs; a bug in the simulation ends it, loudly."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Stop time, stop listening, end all links."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._listener is not None:
            self._listener.close()
        for connection in list(self._connections):
            connection.close()


async def serve(
    pbx: Pbx | Manager, host: str = "127.0.0.1", port: int = 0, speed: float = 1.0, clock: Callable[[], int] = wall_clock
) -> Server:
    """Let a PBX speak AMI over TCP; port 0 takes a free one (`server.port` says which)."""
    server = Server(pbx if isinstance(pbx, Manager) else Manager(pbx), host, port, speed, clock)
    await server.start()
    return server
