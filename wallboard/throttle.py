"""Counts failed attempts per address, in a bounded table. Pure: `now` (microseconds) is an argument.

Not a lock-out: `door.py` lets a valid token pass however often its address failed, because many screens share the address
of one router and a neighbour's old token must not darken them. What is slowed is the failing itself.
"""

from __future__ import annotations

from collections import OrderedDict

from realtime.words import SECOND, Micros

FAILURES_KEPT = 1024
"""Addresses remembered: more than a site has, small enough to forget an attack from everywhere."""
FAILURES_ALLOWED = 10
"""A person mistypes a few times; a kiosk with an old token asks again every 15 s at most."""
WINDOW: Micros = 60 * SECOND


class Throttle:
    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[Micros, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._failures)

    def failed(self, address: str, now: Micros) -> int:
        """Notes a failure; the whole seconds to wait when there were too many in the window, else 0."""
        began, count = self._failures.pop(address, (now, 0))
        if now - began >= WINDOW:
            began, count = now, 0
        self._failures[address] = (began, count + 1)
        if len(self._failures) > FAILURES_KEPT:
            self._failures.popitem(last=False)
        if count < FAILURES_ALLOWED:
            return 0
        return max(1, (began + WINDOW - now) // SECOND)
