"""The socket around a session: connects for ever, reads at once, hands on in the order of the wire.

The shell of `session.py`; it decides nothing about the protocol and knows nothing about calls. What it hands to its
`Handler` is handled synchronously, from the reader itself: the reader never waits for anything, because Asterisk
closes a session whose client leaves it 100 ms (its default `writetimeout`) without reading. A handler therefore only
translates and queues.

After a loss it reconnects with exponential back-off and full jitter, so that many adapters do not return to a
restarted PBX in step. It never sends an action a second time: whether the first one was done is not known.
"""

from __future__ import annotations

import asyncio
import random as random_module
import ssl
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol, cast

from agi.codec import LIMITS, Action, Limits, Message
from agi.errors import AmiError, Closed, LinkLost, LoginRefused, NotLinked, TlsRefused, Unreachable
from agi.exchange import TIMING, Credentials, Linked, Lost, Outcome, Output, Ponged, Received, Reply, Send, Timing
from agi.session import Session, State
from agi.watched import LinkCounts
from realtime.words import SECOND

TICK_S: Final = 0.25  # deadlines are whole seconds and pings are due each second
UNSENT_MAX: Final = 1_048_576  # a PBX that takes nothing of what we send is lost long before; all pending actions fit


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a PBX listens. With `tls` it must prove its name by a certificate of `ca` (a file; else the system's)."""

    host: str
    port: int = 5038
    tls: bool = False
    ca: Path | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class BackOff:
    """Bounds for the n-th wait in a row: a random time up to `first_s` doubled n times, within `least_s` and `most_s`."""

    first_s: float
    most_s: float
    least_s: float = 0.1
    """Full jitter may draw zero; ten attempts a second are the most a PBX must bear."""


# A PBX restarts within half a minute, and the floor must be right again soon after.
RECONNECT: Final = BackOff(first_s=0.5, most_s=15.0)
# A wrong secret does not mend itself; each attempt is a line in a security log that fail2ban reads (5 in 10 minutes ban).
AFTER_REFUSAL: Final = BackOff(first_s=30.0, most_s=300.0, least_s=15.0)
STEADY_S: Final = 10.0  # a link that lived this long was a good one: the next loss starts again with a short wait
AT_ONCE: Final = 65_536  # bytes; of uvloop's 256 KiB the first have left the processor's cache when the last are decoded: a fifth slower
CONNECT_S: Final = 5.0  # three SYNs; longer says nothing new


class Handler(Protocol):
    """Called in the order of the wire, from the reader: return soon. `now` is the wall clock in microseconds.

    Each attempt ends with one `lost`, whether or not there was a `linked` before it.
    """

    def linked(self, banner: str, now: int) -> None: ...

    def received(self, items: list[Message | Reply], now: int) -> None: ...

    def ponged(self, now: int) -> None: ...

    def lost(self, error: AmiError, now: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Time and chance, so that tests bring their own."""

    clock: Callable[[], int] = lambda: time.time_ns() // 1_000
    """The wall clock: what handlers are told."""
    monotonic: Callable[[], int] = lambda: time.monotonic_ns() // 1_000
    """What deadlines are measured with: it does not jump when the wall clock is set."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    uniform: Callable[[float, float], float] = random_module.uniform
    prefix: Callable[[], str] = lambda: f"andon-{random_module.getrandbits(48):012x}"
    """The beginning of a session's ActionIDs: unique among all sessions of a PBX, for events repeat others' ids."""


class AmiClient:
    """One link to one PBX. `run()` it in a task; `close()` ends it."""

    def __init__(
        self,
        endpoint: Endpoint,
        credentials: Credentials,
        handler: Handler,
        *,
        wanted: frozenset[str] | None,
        variables: frozenset[str] | None = None,
        events: str = "on",
        timing: Timing = TIMING,
        limits: Limits = LIMITS,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._credentials = credentials
        self._handler = handler
        self._wanted = wanted
        self._variables = variables
        self._events = events
        self._timing = timing
        self._limits = limits
        self._around = surroundings or Surroundings()
        self.counts = LinkCounts()
        self._wire: _Wire | None = None
        self._asked: dict[str, asyncio.Future[Reply]] = {}
        self._closing = asyncio.Event()
        self._failures = 0
        self._steady_from: int | None = None

    # For callers

    @property
    def live(self) -> bool:
        return self._wire is not None and self._wire.session.state is State.LIVE

    def send(self, action: Action) -> str:
        """Returns the ActionID; the reply comes in `received`. Raises LocalError when it cannot be sent now."""
        if self._wire is None or not self.live:
            raise NotLinked(f"There is no link to the PBX at {self._endpoint}; {action.name} was not sent.")
        return self._wire.send(action)

    async def ask(self, action: Action) -> Reply:
        """Sends and awaits the reply, which does not come in `received` then. Never raises for a lost link."""
        try:
            action_id = self.send(action)
        except NotLinked as error:
            return Reply(action, "", None, [], str(error), Outcome.LINK_LOST)
        answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._asked[action_id] = answer
        try:
            return await answer
        finally:
            self._asked.pop(action_id, None)

    def close(self) -> None:
        """Logs off; `run()` returns when the link has ended."""
        self._closing.set()
        if self._wire is not None:
            self._wire.leave()

    async def run(self) -> None:
        """Until `close()`. An exception of the handler is a bug and comes out here."""
        while not self._closing.is_set():
            error = await self._one_link()
            if self._steady_from is not None and self._around.monotonic() >= self._steady_from:
                self._failures = 0
            self._steady_from = None
            if not self._closing.is_set():
                await self._back_off(AFTER_REFUSAL if isinstance(error, LoginRefused) else RECONNECT)

    # Inside

    async def _back_off(self, bounds: BackOff) -> None:
        most = min(bounds.first_s * 2 ** min(self._failures, 16), bounds.most_s)
        self._failures += 1
        wait = asyncio.ensure_future(self._around.sleep(max(self._around.uniform(0, most), bounds.least_s)))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({wait, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            wait.cancel()
            closing.cancel()

    async def _one_link(self) -> AmiError:
        """From connecting to the end of the session, and why it ended."""
        try:
            wire = await self._connect()
        except AmiError as error:
            self._wire = None
            self.counts.broken()
            self._handler.lost(error, self._around.clock())
            return error
        try:
            if self._closing.is_set():
                wire.leave()
            return await wire.ended(self._around.sleep)
        finally:
            wire.abort()
            self._wire = None
            for answer in self._asked.values():  # only a bug leaves any: every end of a session answers what is pending
                answer.cancel()

    async def _connect(self) -> _Wire:
        loop, endpoint = asyncio.get_running_loop(), self._endpoint
        try:
            # The socket's buffers stay the system's: Linux lets them grow to 6 MB, a size set by us would be capped at 200 kB.
            async with asyncio.timeout(CONNECT_S):
                _, wire = await loop.create_connection(self._new_wire, endpoint.host, endpoint.port, ssl=_tls(endpoint))
        except ssl.SSLCertVerificationError as error:
            raise TlsRefused(
                f"{endpoint} could not prove who it is ({error.verify_message}): check ca and the certificate's name."
            ) from error
        except ssl.SSLError as error:
            raise TlsRefused(f"{endpoint} speaks no TLS that we accept ({error.reason}): check port, tlsenable and tls.") from error
        except TimeoutError as error:
            raise Unreachable(f"{endpoint} did not answer within {CONNECT_S:g} s: check the address and the firewalls.") from error
        except OSError as error:
            raise Unreachable(
                f"No connection to {endpoint} ({error.strerror or error}): check that Asterisk runs, and bindaddr."
            ) from error
        return wire

    def _new_wire(self) -> _Wire:
        around = self._around
        session = Session(
            self._credentials,
            around.prefix(),
            around.monotonic(),
            wanted=self._wanted,
            variables=self._variables,
            events=self._events,
            timing=self._timing,
            limits=self._limits,
        )
        # Known here already: the first bytes may be read before create_connection() has returned.
        self._wire = _Wire(session, self._perform, around.monotonic, self.counts)
        return self._wire

    def _perform(self, output: Output) -> None:
        now = self._around.clock()
        match output:
            case Received(items):
                self.counts.wanted += len(items)
                left = self._without_asked(items) if self._asked else items
                if left:
                    self._handler.received(left, now)
            case Ponged(timestamp, took):
                self.counts.ponged(timestamp, took, now)
                self._handler.ponged(now)
            case Linked(banner):
                self._steady_from = self._around.monotonic() + int(STEADY_S * SECOND)
                self.counts.linked()
                self._handler.linked(banner, now)
            case Lost(error):
                self.counts.broken()
                self._handler.lost(error, now)

    def _without_asked(self, items: list[Message | Reply]) -> list[Message | Reply]:
        """Replies that somebody awaits go to him."""
        left: list[Message | Reply] = []
        for item in items:
            answer = self._asked.get(item.action_id) if isinstance(item, Reply) else None
            if answer is None:
                left.append(item)
            elif isinstance(item, Reply) and not answer.done():
                answer.set_result(item)
        return left


class _Wire(asyncio.Protocol):
    """One connection: bytes to the session, its outputs to the socket and to `perform`."""

    def __init__(self, session: Session, perform: Callable[[Output], None], monotonic: Callable[[], int], counts: LinkCounts) -> None:
        self.session = session
        self._counts = counts
        self._perform = perform
        self._monotonic = monotonic
        self._transport: asyncio.Transport | None = None
        self._end: asyncio.Future[AmiError] = asyncio.get_running_loop().create_future()

    def send(self, action: Action) -> str:
        action_id, send = self.session.send(action, self._monotonic())
        self._write(send)
        return action_id

    def leave(self) -> None:
        self._do(lambda: self.session.leave(self._monotonic()))

    def abort(self) -> None:
        """At once. Whoever awaits something is told, unless a bug ended the link: then the handler is not to be trusted."""
        if not self._end.done():
            self._do(lambda: self.session.end(Closed("The link was closed by Andon.")))
        if self._transport is not None:
            self._transport.abort()

    async def ended(self, sleep: Callable[[float], Awaitable[None]]) -> AmiError:
        """Watches the clock until the session has ended."""
        ticker = asyncio.ensure_future(self._tick(sleep))
        try:
            return await asyncio.shield(self._end)  # a cancelled run() must still be able to end the session
        finally:
            ticker.cancel()

    async def _tick(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        while not self._end.done():
            await sleep(TICK_S)
            self._do(lambda: self.session.tick(self._monotonic()))

    # Called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its bases
        self._transport.set_write_buffer_limits(high=UNSENT_MAX)

    def data_received(self, data: bytes) -> None:
        counts, skipped, strange = self._counts, self.session.skipped, self.session.strange
        counts.bytes += len(data)
        for begin in range(0, len(data), AT_ONCE):
            if self._end.done():
                break
            self._do(partial(self.session.receive, data[begin : begin + AT_ONCE], self._monotonic()))
        counts.skipped += self.session.skipped - skipped
        counts.strange += self.session.strange - strange

    def pause_writing(self) -> None:
        self._do(lambda: self.session.end(LinkLost(f"The PBX leaves {UNSENT_MAX:,} bytes of ours unread; check whether it hangs.")))

    def eof_received(self) -> None:
        self._do(self.session.closed_by_peer)

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is None:
            self._do(self.session.closed_by_peer)
        else:
            why = exc.strerror if isinstance(exc, OSError) and exc.strerror else exc
            self._do(lambda: self.session.end(LinkLost(f"The connection broke ({why}): check the network between.")))

    def _do(self, step: Callable[[], list[Output]]) -> None:
        """A bug must not be swallowed by the event loop's logging: it ends the link and comes out of `run()`."""
        try:
            for output in step():
                if isinstance(output, Send):
                    self._write(output)
                else:
                    self._perform(output)
                if isinstance(output, Lost):
                    self._finish(output.error)
        except Exception as bug:
            if not self._end.done():
                self._end.set_exception(bug)
            if self._transport is not None:
                self._transport.abort()

    def _finish(self, error: AmiError) -> None:
        if not self._end.done():
            self._end.set_result(error)
        if self._transport is not None:
            self._transport.close()

    def _write(self, send: Send) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(send.data)


def _tls(endpoint: Endpoint) -> ssl.SSLContext | None:
    """AMI ignores client certificates, so proof goes one way: the server's."""
    if not endpoint.tls:
        return None
    try:
        return ssl.create_default_context(cafile=str(endpoint.ca) if endpoint.ca else None)
    except OSError as error:
        raise TlsRefused(f"The authority in {endpoint.ca} cannot be read ({error.strerror}): check ca.") from error
