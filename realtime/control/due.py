"""What facts and time make necessary, beside the deadlines of the fold: asked a few times a second. Pure.

Not when it is asked (`engine.py`) and not the rules (`rules/`). Whatever is said here changes the floor so that it is not due
any more: a second look at the same floor says the same, and a look at the floor after it says nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from realtime.floor import Floor
from realtime.rules import alerts, breaks, duty, load, meetings, membership, pauses
from realtime.saying import Ids, Saying
from realtime.words import Micros


class Look(NamedTuple):
    """How closely to look. `touched`: the agents that facts came about since the last look; None: all of them."""

    touched: Collection[str] | None = None
    load: bool = True  # judge the queues' load (each 5 s: the model costs a millisecond a queue)
    numbers: bool = True  # hold numbers against thresholds (each second)


WHOLE = Look()


def due(floor: Floor, now: Micros, look: Look, ids: Ids) -> list[Saying]:
    """In the order in which they must be applied. Nothing while no plan was ever adopted."""
    if not floor.owned.version:
        return []
    said = load.due(floor, now) if look.load else []
    said += meetings.due(floor, now, ids)
    said += breaks.due(floor, now)
    said += duty.due(floor, now, ids)
    said += pauses.due(floor, now, look.touched, ids)
    said += membership.due(floor, now, look.touched, ids)
    said += alerts.due(floor, now) if look.numbers else []
    return said
