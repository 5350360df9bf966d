"""How fast one visitor may ask: a bucket of tokens for each visitor and class of cost. Pure: `now` is an argument.

Not failed sign-ins (`throttle.py`, `signing.py`). A visitor is known by its credential, so the screens behind one router do not
share a bucket; only those without one share that of their address, and these ask for pages, which cost nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from enum import StrEnum
from math import ceil
from typing import Final, NamedTuple

from realtime.words import SECOND, Micros


class Cost(StrEnum):
    """What one answer costs the board. It stands in the route's row."""

    PAGE = "page"  # bytes that lie ready
    USUAL = "usual"
    HEAVY = "heavy"  # reads history, makes a file
    PRESS = "press"  # an agent's own: the engine answers it in its one line, and it is in the log and in the trail for ever


class Bucket(NamedTuple):
    burst: int
    per_s: float


BUCKETS: Final[Mapping[Cost, Bucket]] = {
    Cost.PAGE: Bucket(12_000, 500),  # 250 screens behind one router that reload at once, 43 files each, within seconds
    Cost.USUAL: Bucket(200, 20),  # a page that opens asks a dozen times, a person never 20 times a second
    Cost.HEAVY: Bucket(30, 1),  # clicking through a report; more is a program that should take the file
    Cost.PRESS: Bucket(20, 0.5),  # a person reads ten messages at once, and says every ten seconds that somebody is there
}
VISITORS_KEPT = 20_000
"""All tokens, people and some addresses; the one that asked longest ago is forgotten, which fills its bucket."""


class Rates:
    def __init__(self, buckets: Mapping[Cost, Bucket] = BUCKETS) -> None:
        self._buckets = buckets
        self._levels: OrderedDict[tuple[str, Cost], tuple[float, Micros]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    def wait_s(self, visitor: str, cost: Cost, now: Micros) -> int:
        """Takes one; when there is none left, the whole seconds until there is."""
        bucket = self._buckets[cost]
        level, at = self._levels.pop((visitor, cost), (float(bucket.burst), now))
        level = min(bucket.burst, level + bucket.per_s * max(0, now - at) / SECOND)
        enough = level >= 1
        self._levels[visitor, cost] = (level - 1 if enough else level, now)
        if len(self._levels) > VISITORS_KEPT:
            self._levels.popitem(last=False)
        return 0 if enough else max(1, ceil((1 - level) / bucket.per_s))
