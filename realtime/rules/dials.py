"""What became of dials: abandoned, ended, hung up because they were stopped. Asked with every look of the engine."""

from __future__ import annotations

from realtime.floor import Floor
from realtime.saying import Ids, Saying
from realtime.words import Micros


def due(floor: Floor, now: Micros, ids: Ids) -> list[Saying]:
    return []
