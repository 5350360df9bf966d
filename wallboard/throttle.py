"""Counts attempts by a key, in a bounded table and a window that begins with the first. Pure: `now` is an argument.

Not the policy: what is counted by address and what by name, and who passes all the same, is said in `door.py` (tokens) and
`signing.py` (passwords).
"""

from __future__ import annotations

from collections import OrderedDict

from realtime.words import SECOND, Micros

KEYS_KEPT = 1024
"""Addresses remembered: more than a site has, small enough to forget an attack from everywhere."""
FAILURES_ALLOWED = 10
"""A person mistypes a few times; a kiosk with an old token asks again every 15 s at most."""
WINDOW: Micros = 60 * SECOND


class Throttle:
    def __init__(self, allowed: int = FAILURES_ALLOWED, window: Micros = WINDOW, kept: int = KEYS_KEPT) -> None:
        self._allowed = allowed
        self._window = window
        self._kept = kept
        self._counted: OrderedDict[str, tuple[Micros, int]] = OrderedDict()  # began, count

    def __len__(self) -> int:
        return len(self._counted)

    def failed(self, key: str, now: Micros) -> int:
        """Notes one; the whole seconds to wait when there were too many in the window before it, else 0."""
        wait_s = self.waits(key, now)
        began, count = self._counted.pop(key, (now, 0))
        if now - began >= self._window:
            began, count = now, 0
        self._counted[key] = (began, count + 1)
        if len(self._counted) > self._kept:
            self._counted.popitem(last=False)
        return wait_s

    def waits(self, key: str, now: Micros) -> int:
        """The whole seconds until the next one may be tried; 0: now."""
        began, count = self._counted.get(key, (now, 0))
        if count < self._allowed or now - began >= self._window:
            return 0
        return max(1, (began + self._window - now) // SECOND)

    def forgive(self, key: str) -> None:
        """One that was noted did not fail."""
        began, count = self._counted.get(key, (0, 0))
        if count > 1:
            self._counted[key] = (began, count - 1)
        else:
            self._counted.pop(key, None)
