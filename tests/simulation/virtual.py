"""Virtual time for real asyncio code: a loop that never waits, but lets its clock jump to the next thing that is due.

So the engine, the follower and their back-offs run as they are, hours of them in seconds. No sockets, threads or processes here:
what a loop would wait for from outside does not exist.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import time
from collections.abc import Coroutine, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeVar
from unittest.mock import patch

from realtime.appender import Appender

T = TypeVar("T")
RESOLUTION = 1e-9
"""Coarser than a float's of some hours, finer than anything that is timed here."""


class _Clock(selectors.SelectSelector):
    """Instead of waiting for a file, time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits for somebody: nothing will ever happen again"
        if timeout > 0:
            self.now += timeout + RESOLUTION  # a little past it: who finds a rest of its time left would wait for that again and again
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Clock()
        super().__init__(self._clock)
        self._clock_resolution = RESOLUTION / 2

    def time(self) -> float:
        return self._clock.now


def run(work: Coroutine[Any, Any, T]) -> T:
    """As asyncio.run, in no time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


@contextlib.contextmanager
def clocks(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """The engine's own clock that nobody sets, and its appender's, are the loop's; how long a computation takes stays real."""
    seen = SimpleNamespace(monotonic=loop.time, perf_counter=time.perf_counter)
    with patch("realtime.engine.time", seen), patch("realtime.engine.Appender", partial(Appender, clock=loop.time)):
        yield
