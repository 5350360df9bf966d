"""How long to wait before a process that died is started again: pure, chance is an argument.

Not the process (`keeper.py`). The bounds: the first wait is short, because most deaths are one bad moment; the longest is
half a minute, so that a floor whose Redis came back is seen again soon; a stable minute forgets what was before.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    first_s: float = 0.5
    most_s: float = 30.0
    stable_s: float = 60.0
    """Whoever lived this long died of something new."""


class BackOff:
    """Of one process: counts its deaths in a row."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.deaths = 0

    def after(self, lived_s: float, chance: float) -> float:
        """Seconds to wait. `chance` in 0..1 spreads it over the upper half, so that many do not come back in step."""
        if lived_s >= self._bounds.stable_s:
            self.deaths = 0
        whole = min(self._bounds.first_s * 2.0 ** min(self.deaths, 30), self._bounds.most_s)
        self.deaths += 1
        return whole * (0.5 + 0.5 * chance)
