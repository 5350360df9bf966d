"""Who is there to take calls, by queue and half-hour, and who of them in which other queues: looked at every so often, on the record
and on the shadow alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from realtime.floor import Floor
from realtime.fold.buckets import HALF_HOUR
from realtime.rules.load import leaving, overlaps, state
from realtime.words import SECOND, Micros

LOOK_EVERY: Micros = 30 * SECOND
"""Sixty looks a half-hour: a break of a quarter of an hour is off by a thirtieth at most."""

Key = tuple[str, Micros]
"""Queue, and the first moment of a half-hour."""


class Presence:
    def __init__(self) -> None:
        self._agents: dict[Key, int] = defaultdict(int)
        self._looks: dict[Key, int] = defaultdict(int)
        self.shared: dict[Micros, dict[str, Counter[str]]] = defaultdict(dict)
        """By half-hour, queue and queue: how many were seen at work in both, all looks together."""

    def look(self, floor: Floor, now: Micros) -> None:
        going, half = leaving(floor), now // HALF_HOUR * HALF_HOUR
        for name, others in overlaps(floor).items():
            self.shared[half].setdefault(name, Counter()).update(others)
        for name, queue in floor.queues.items():
            if queue.members:
                spot = name, half
                self._agents[spot] += state(floor, queue, going.get(name), now).agents
                self._looks[spot] += 1

    def average(self) -> dict[Key, float]:
        return {spot: self._agents[spot] / looks for spot, looks in self._looks.items()}
