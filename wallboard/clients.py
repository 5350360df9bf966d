"""The screens that are connected: what each has waiting, and what happens to one that does not keep up.

Not how bytes reach a socket (`wire.py`) and not what is in a frame (`feed.py`). A frame goes straight to the wire while
the wire takes it; only then does it wait in a bounded outbox. Nobody needs an old number, so an outbox that overflows is
dropped whole and the client is *behind*: when it can read again, it gets a fresh snapshot. The law: nothing that a client
does slows another one or the feed.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from wallboard.authorise import Role
from wallboard.protocol import Audience, CloseCode

OUTBOX_FRAMES = 40
"""Two seconds of frames at the fastest beat: a hiccup of a wireless network passes, a sleeping screen does not."""
OUTBOX_BYTES = 256 * 1024
"""About one snapshot of a large floor: beyond that a fresh snapshot is cheaper than what waits."""
PATIENCE_S = 10.0
"""A screen that has taken nothing for so long is not reading; its page has said `stale` for seven of these seconds."""


class Wire(Protocol):
    """One websocket below ASGI: writes whole frames without waiting, and says whether they pile up."""

    @property
    def writable(self) -> bool: ...

    @property
    def backlog(self) -> int:
        """Bytes that the socket has not taken."""
        ...

    def write(self, frame: bytes) -> None: ...

    async def drained(self) -> None:
        """Returns when it is writable again, or lost."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Says so and hangs up soon, whether or not the other side listens."""
        ...


class Stage(Enum):
    WAITING = "waiting"  # there is no floor to show yet
    LIVE = "live"
    BEHIND = "behind"  # dropped its outbox; a snapshot when it reads again
    CLOSED = "closed"


@dataclass
class Counts:
    """Plain integers: they are counted for every frame, and `metrics.py` reads them when it is asked."""

    frames: int = 0
    bytes: int = 0
    dropped: int = 0
    heals: int = 0
    closed: Counter[int] = field(default_factory=Counter)


class Client:
    """One screen. The feed calls `begin` and `offer`; `send_outbox` runs as this client's own task."""

    def __init__(self, wire: Wire, audience: Audience, role: Role, address: str, token: str | None, counts: Counts, user: str = "") -> None:
        self.audience = audience
        self.user = user
        self.role = role
        self.address = address
        self.token = token
        self.stage = Stage.WAITING
        self._wire = wire
        self._counts = counts
        self._outbox: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._stalled = asyncio.Event()

    @property
    def waiting(self) -> tuple[int, int]:
        """Frames and bytes in the outbox."""
        return len(self._outbox), self._waiting_bytes

    def begin(self, snapshot: bytes) -> None:
        """A whole floor: whatever waits is older than it."""
        if self.stage is Stage.CLOSED:
            return
        self._clear()
        self.stage = Stage.LIVE
        self.offer(snapshot)

    def offer(self, frame: bytes) -> None:
        """Never waits. Only a live client takes frames; the first one waiting is taken whatever its size."""
        if self.stage is not Stage.LIVE:
            return
        if not self._outbox and self._wire.writable:
            self._write(frame)
        elif self._outbox and (len(self._outbox) >= OUTBOX_FRAMES or self._waiting_bytes + len(frame) > OUTBOX_BYTES):
            self._counts.dropped += len(self._outbox) + 1
            self._clear()
            self.stage = Stage.BEHIND
        else:
            self._outbox.append(frame)
            self._waiting_bytes += len(frame)
            self._stalled.set()

    async def send_outbox(self, snapshot: Callable[[Client], bytes]) -> None:
        """Sleeps while the client keeps up; ends when the client takes nothing any more."""
        while self.stage is not Stage.CLOSED:
            await self._stalled.wait()
            self._stalled.clear()
            while self._outbox or self.stage is Stage.BEHIND:
                if not await self._takes_again():
                    self.close(CloseCode.TRY_LATER, "nothing was read for 10 seconds")
                elif self.stage is Stage.BEHIND:
                    self._counts.heals += 1
                    self.begin(snapshot(self))
                elif self._outbox:
                    frame = self._outbox.popleft()
                    self._waiting_bytes -= len(frame)
                    self._write(frame)

    def close(self, code: CloseCode, reason: str) -> None:
        if self.stage is not Stage.CLOSED:
            self.stage = Stage.CLOSED
            self._counts.closed[code] += 1
            self._clear()
            self._wire.close(code, reason)
            self._stalled.set()

    async def _takes_again(self) -> bool:
        left = self._wire.backlog
        while not self._wire.writable:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._wire.drained()
            except TimeoutError:
                if self._wire.backlog >= left:
                    return False
                left = self._wire.backlog
        return True

    def _write(self, frame: bytes) -> None:
        self._counts.frames += 1
        self._counts.bytes += len(frame)
        self._wire.write(frame)

    def _clear(self) -> None:
        self._outbox.clear()
        self._waiting_bytes = 0


class Clients:
    """All screens of this board, at most so many, and at most so many from one address."""

    def __init__(self, at_most: int, at_most_per_address: int) -> None:
        self.counts = Counts()
        self._at_most = at_most
        self._at_most_per_address = at_most_per_address
        self._clients: dict[Client, None] = {}  # in the order they came
        self._by_address: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._clients)

    def __iter__(self) -> Iterator[Client]:
        return iter(tuple(self._clients))

    def refuses(self, address: str) -> str | None:
        """Why there is no place for one more, in a sentence; None when there is."""
        if len(self._clients) >= self._at_most:
            return f"the board is full: it serves {self._at_most} screens"
        if self._by_address[address] >= self._at_most_per_address:
            return f"{self._at_most_per_address} screens of this address are connected already"
        return None

    def join(self, client: Client) -> None:
        self._clients[client] = None
        self._by_address[client.address] += 1

    def leave(self, client: Client) -> None:
        if client in self._clients:
            del self._clients[client]
            self._by_address[client.address] -= 1
            if not self._by_address[client.address]:
                del self._by_address[client.address]

    def by_audience(self) -> dict[Audience, list[Client]]:
        """Those that are live, so that nothing is encoded for nobody."""
        groups: dict[Audience, list[Client]] = {}
        for client in self._clients:
            if client.stage is Stage.LIVE:
                groups.setdefault(client.audience, []).append(client)
        return groups
