"""How a rule gives an order: its saying, how long it is good, and whether one about the same thing is under way already.

Not which orders there are (`realtime/orders.py`) and not why one is given (`pauses.py`, `membership.py`, `supervise.py`).
"""

from __future__ import annotations

from realtime.floor import Floor
from realtime.orders import AnyAct, Order, target
from realtime.rulings import OrderGiven
from realtime.saying import Ids, Saying, say
from realtime.words import SECOND, AgentId, Micros, Node

ORDER_LIFE: Micros = 10 * SECOND
"""An order that a PBX has not been told by then is not done any more: what was right has changed, and is ordered anew if it has not."""
ENGINE = "engine"
"""Who gives what no person asked for."""


def give(now: Micros, ids: Ids, node: Node, act: AnyAct, *, why: str, agent: str = "", who: str = ENGINE, request: str = "") -> Saying:
    """`why`: the rule's code or the person's reason."""
    order = Order(ids(), node, act, now, now + ORDER_LIFE)
    return say(OrderGiven, now, node, order=order, who=who, request=request, why=why, agent=AgentId(agent))


def under_way(floor: Floor, node: str, act: AnyAct) -> bool:
    """One about the same thing is open: two would race."""
    return target(node, act) in floor.owned.open_orders
