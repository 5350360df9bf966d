"""Virtual time: a heap of things that will happen, and the only clock of the simulated PBX.

Not a scheduler of the operating system: nobody sleeps here, time moves when `run` is told how far. Its counterpart is
`server.py`, which moves it along the wall clock. Two happenings of one instant keep the order in which they were
planned, so the same seed gives the same story however finely time is sliced.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

SECOND = 1_000_000
HOUR = 3600 * SECOND


class Happening:
    """One planned thing; `cancel` it and it never happens."""

    __slots__ = ("at", "order", "what")

    def __init__(self, at: int, order: int, what: Callable[[], None]) -> None:
        self.at = at
        self.order = order
        self.what: Callable[[], None] | None = what

    def cancel(self) -> None:
        """A cancelled happening stays in the heap, empty, until its time comes."""
        self.what = None

    def __lt__(self, other: Happening) -> bool:
        return (self.at, self.order) < (other.at, other.order)


class Agenda:
    """What will happen, and when it is now (microseconds UTC)."""

    def __init__(self, now: int) -> None:
        self.now = now
        self._heap: list[Happening] = []
        self._planned = 0

    def after(self, seconds: float, what: Callable[[], None]) -> Happening:
        """Plan `what` so many seconds from now."""
        return self.at(self.now + int(seconds * SECOND), what)

    def at(self, when: int, what: Callable[[], None]) -> Happening:
        """Plan `what` for a time; a time that is past means at once."""
        self._planned += 1
        happening = Happening(max(when, self.now), self._planned, what)
        heapq.heappush(self._heap, happening)
        return happening

    def run(self, until: int) -> None:
        """Let everything happen that is due until then, in order, and be there."""
        heap = self._heap
        while heap and heap[0].at <= until:
            happening = heapq.heappop(heap)
            if happening.what is None:
                continue
            self.now = happening.at
            happening.what()
        self.now = max(self.now, until)

    def clear(self) -> None:
        """Forget everything that was planned (a restart of the PBX)."""
        self._heap.clear()
