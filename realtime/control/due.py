"""What facts and time make necessary, beside the deadlines of the fold: asked a few times a second. Pure.

Not when it is asked (`engine.py`) and not the rules (`rules/`). Whatever is said here changes the floor so that it is not due
any more: a second look at the same floor says the same, and a look at the floor after it says nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from realtime.floor import Floor
from realtime.rules import alerts, breaks, campaigns, cards, dials, duty, load, meetings, membership, pauses
from realtime.rulings import OrderDone
from realtime.saying import Ids, Saying, say
from realtime.words import SECOND, Micros


class Look(NamedTuple):
    """How closely to look. `touched`: the agents that facts came about since the last look; None: all of them."""

    touched: Collection[str] | None = None
    load: bool = True  # judge the queues' load (each 5 s: the model costs a millisecond a queue)
    numbers: bool = True  # hold numbers against thresholds (each second)
    clock: bool = True  # what time decides (each 0.2 s); without it only what cannot wait: the pauses and queues of who was touched


WHOLE = Look()


UNANSWERED: Micros = 2 * SECOND
"""After an order's time: the adapter's own word of it, or that it came too late, is then overdue."""


def due(floor: Floor, now: Micros, look: Look, ids: Ids) -> list[Saying]:
    """In the order in which they must be applied. Nothing but card-data pauses while no plan was ever adopted.

    All rules see the floor before any of this: of whom one has said something the next say nothing until that is on the floor, or a
    meeting would take somebody away to whom a break is granted in the same breath. What was said touches them, so it is no later.
    """
    recorded = cards.due(floor, now, ids)
    if not floor.owned.version:
        return recorded
    said = load.due(floor, now) if look.load else []
    if look.clock:
        called = meetings.due(floor, now, ids)
        gone = [*called, *of_others(called, duty.due(floor, now, look.touched, ids))]
        said += gone
        if not gone:  # who was just called away or logged out still counts as there: places are given out in the next look
            said += breaks.due(floor, now)
        said += unanswered(floor, now)
    said += of_others(said, pauses.due(floor, now, look.touched, ids))
    said += of_others(said, membership.due(floor, now, look.touched, ids))
    said += alerts.due(floor, now) if look.numbers else []
    said += dials.due(floor, now, ids)
    said += campaigns.due(floor, now, ids) if look.clock else []
    return [*recorded, *said]


def of_others(said: list[Saying], more: list[Saying]) -> list[Saying]:
    spoken_of = {agent for each in said if (agent := each.fields.get("agent"))}
    return [each for each in more if each.fields.get("agent") not in spoken_of] if spoken_of else more


def unanswered(floor: Floor, now: Micros) -> list[Saying]:
    """Orders that nobody answered in time: the adapter is gone, or the engine died before it had told it. What is still wanted is
    then ordered anew."""
    states = (floor.owned.orders[name].order for name in floor.owned.open_orders.values() if name in floor.owned.orders)
    return [
        say(OrderDone, order.expires, order.node, order=order.id, outcome="expired") for order in states if order.expires + UNANSWERED < now
    ]
