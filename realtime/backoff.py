"""How long to wait before the next try: doubling, bounded, and scattered so that many do not come back at once.

Pure: chance is an argument. Not the waiting itself.
"""

from __future__ import annotations

from collections.abc import Callable


class Backoff:
    """Delays in seconds. `chance` gives numbers in [0, 1); a delay is between half of its step and the whole."""

    def __init__(self, chance: Callable[[], float], first_s: float = 0.05, most_s: float = 2.0) -> None:
        self._chance = chance
        self._first_s = first_s
        self._most_s = most_s
        self._step_s = first_s

    def next(self) -> float:
        step, self._step_s = self._step_s, min(self._step_s * 2, self._most_s)
        return step * (0.5 + 0.5 * self._chance())

    def reset(self) -> None:
        """It works again: the next trouble begins with the shortest delay."""
        self._step_s = self._first_s
