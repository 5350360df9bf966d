"""The renderer that the feed uses: the view's rows, with the curves of the last half hour once a minute.

Not the rows themselves (`realtime.view`). A curve changes by the minute, and it is most of a queue's bytes: a delta brings
it only when the minute has turned since this audience got it.
"""

from __future__ import annotations

from realtime import view
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.log import Position
from realtime.rows import Delta, Snapshot
from realtime.words import SECOND, Micros


class FloorRenderer:
    """One for a feed. Remembers for each `reveal` (one an audience) which minute's curves it got last."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._minutes: dict[view.Reveal, int] = {}

    def snapshot(self, floor: Floor, position: Position, now_us: Micros, reveal: view.Reveal) -> Snapshot:
        return view.snapshot(floor, self._name, str(position), now_us, reveal)

    def delta(self, floor: Floor, changes: Changes, now_us: Micros, reveal: view.Reveal) -> Delta:
        minute = now_us // (60 * SECOND)
        turned = self._minutes.get(reveal) != minute
        self._minutes[reveal] = minute
        if turned:
            changes.queues.update(floor.queues)
        return view.delta(floor, changes, now_us, reveal, series=turned)
