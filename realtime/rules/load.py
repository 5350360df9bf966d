"""How many agents a queue can spare now: Erlang A or C and the state of the queue, with hysteresis."""

from __future__ import annotations

from realtime.floor import Floor
from realtime.saying import Saying
from realtime.words import Micros


def due(floor: Floor, now: Micros) -> list[Saying]:
    """`LoadJudged` for each queue whose judgement is another one."""
    return []
