"""Keeps one child process alive: starts it, passes on what it says, starts it again when it dies, ends it when told.

Not which children there are and in which order they end (`supervise.py`), and not the child's side (`child.py`). Three
agreements between the two: a child's standard input is its lifeline and ends when the supervisor does, however it dies; a
line that begins with READY says that it serves; exit code 2 says that starting it again is no use.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from andon.backoff import BackOff, Bounds
from andon.lines import Lines
from andon.say import Exit

READY: Final = "\x1eready "
"""No log line begins with a record separator."""
END_S: Final = 6.0
"""From asking a child to end to killing it: the board gives its screens 3 s, Valkey writes its file in less."""
CLEAR_S: Final = 2.0
"""For what a dead child left behind. In a container whose first process reaps nobody, the dead seem to live that long."""
DRAIN_S: Final = 1.0
"""For the last lines of a child that has ended; somebody it started may hold the pipe for ever."""


@dataclass(frozen=True)
class Role:
    """What is to be run. `first`: nothing after it starts before it says that it is ready."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    """All of it: nothing else is inherited."""
    first: bool = False
    end_s: float | None = None
    """Its own patience at the end. Such a role has something to write out: somebody in a hurry does not kill it either."""


class Listener(Protocol):
    def line(self, role: str, text: str) -> None:
        """What a child wrote."""
        ...

    def news(self, role: str, text: str) -> None:
        """What the keeper has to say of a child."""
        ...

    def ready(self, role: str, text: str) -> None:
        """A child serves; `text` is what it said with it."""
        ...


class Keeper:
    """`run()` it in a task; it returns after `end()`, or when the child said that its settings are wrong."""

    def __init__(self, role: Role, listener: Listener, bounds: Bounds, end_s: float = END_S) -> None:
        self.role = role
        self.is_ready = asyncio.Event()
        self.gave_up = False
        self._listener = listener
        self._back_off = BackOff(bounds)
        self._end_s = role.end_s if role.end_s is not None else end_s
        self._ending = asyncio.Event()
        self._child: _Child | None = None

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._ending.is_set():
            began = loop.time()
            how = await self._live()
            if self._ending.is_set():
                return
            if how == Exit.WRONG:
                self.gave_up = True
                return
            # Chance spreads waits; it keeps no secret.
            wait_s = self._back_off.after(loop.time() - began, random.random())  # noqa: S311
            self._listener.news(self.role.name, f"{ended_how(how)}; it is started again in {wait_s:.1f} s.")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._ending.wait()

    async def end(self) -> None:
        """Asks, waits `end_s`, kills. Returns when nothing of it is left."""
        self._ending.set()
        child = self._child
        if child is None:
            return
        _signal_one(child.pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(self._end_s):
                await asyncio.shield(child.exited)
        except TimeoutError:
            self._listener.news(self.role.name, f"it did not end within {self._end_s:g} s and is killed.")
            self.kill()
            await asyncio.shield(child.exited)

    def kill(self) -> None:
        """At once, with whatever it started."""
        self._ending.set()
        if self._child is not None:
            _signal_group(self._child.pid, signal.SIGKILL)

    async def _live(self) -> int:
        """One life, and its exit code; NEVER_BEGAN when there was none."""
        try:
            transport, child = await self._spawn()
        except OSError as error:
            self._listener.news(self.role.name, f"it cannot be started ({error.strerror}).")
            return NEVER_BEGAN
        self._child = child
        if self._ending.is_set():  # it was born while everything was being ended
            self.kill()
        try:
            await child.exited
            await asyncio.wait([child.silent], timeout=DRAIN_S)
            await self._clear(child.pid)
            code = transport.get_returncode()
            assert code is not None, "it has exited"
            return code
        finally:
            self.is_ready.clear()
            self._child = None
            transport.close()

    async def _spawn(self) -> tuple[asyncio.SubprocessTransport, _Child]:
        loop, pipe = asyncio.get_running_loop(), asyncio.subprocess.PIPE
        return await loop.subprocess_exec(
            lambda: _Child(self._tell),
            *self.role.command,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env={**self.role.environment, "ANDON_LIFELINE": "stdin"},
            process_group=0,  # Ctrl-C in a terminal goes to the whole group in front; children end in our order instead
        )

    def _tell(self, lines: list[str]) -> None:
        for line in lines:
            if line.startswith(READY):
                self.is_ready.set()
                self._listener.ready(self.role.name, line.removeprefix(READY))
            elif line:
                self._listener.line(self.role.name, line)

    async def _clear(self, group: int) -> None:
        """A child that was killed may have left a process of its own, as a database server: it must end before the next."""
        step_s = 0.05
        for attempt in range(int(CLEAR_S / step_s)):
            if not _signal_group(group, signal.SIGTERM if attempt == 0 else 0):
                return
            await asyncio.sleep(step_s)
        _signal_group(group, signal.SIGKILL)


class _Child(asyncio.SubprocessProtocol):
    """One life: `exited` when the process has, `silent` when nobody holds its output any more. asyncio's Process.wait() waits
    for both, and so for ever when the child started something that outlives it."""

    def __init__(self, tell: Callable[[list[str]], None]) -> None:
        loop = asyncio.get_running_loop()
        self.exited: asyncio.Future[None] = loop.create_future()
        self.silent: asyncio.Future[None] = loop.create_future()
        self.pid = 0
        self._tell = tell
        self._lines = {1: Lines(), 2: Lines()}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self.pid = transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._tell(self._lines[fd].feed(data))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        lines = self._lines.pop(fd, None)
        if lines is not None:
            self._tell(lines.end())
        if not self._lines and not self.silent.done():
            self.silent.set_result(None)

    def process_exited(self) -> None:
        if not self.exited.done():
            self.exited.set_result(None)


NEVER_BEGAN: Final = -1000


def ended_how(code: int) -> str:
    if code == NEVER_BEGAN:
        return "it never began"
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"it was ended by {signal.Signals(-code).name}"
    return f"it ended with exit code {code}"


def _signal_one(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _signal_group(group: int, number: int) -> bool:
    """False when there is nobody left in it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS answers so for a group of only dead ones
        return False
    return True
