"""What hangs on walls: each board's queues, looks and pages, as frozen structs, and which boards there are now. Pure.

Not the file they are written in (`andon/boards.py` reads plan/boards.toml) and not who looks at one (`door.py`). Pages of the
browser get a board as JSON beside their first snapshot, so that layout and figures always belong together.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Final, Literal, get_args

import msgspec

from realtime.scope import Scope

WHOLE: Final = "floor"
"""The board at /wall. It shows everything unless the plan says something else of it."""

Layout = Literal["wall", "number", "breaks"]
Number = Literal["waiting", "longest", "service", "abandoned", "breaks", "ready", "talking", "offered"]
Order = Literal["urgency", "name"]
LAYOUTS: Final = get_args(Layout)
NUMBERS: Final = get_args(Number)
ORDERS: Final = get_args(Order)
SECONDS_USUAL: Final = 30


class Dim(msgspec.Struct, frozen=True, kw_only=True):
    """When it is night, in minutes since midnight; `to` 0 is a black screen."""

    since: int
    until: int
    to: float


class BoardPage(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a board. Empty `queues`: those of the board. `number` is what the layout *number* shows."""

    layout: Layout = "wall"
    seconds: int = SECONDS_USUAL
    queues: tuple[str, ...] = ()
    number: Number = "waiting"
    order: Order = "urgency"


class BoardPlan(msgspec.Struct, frozen=True, kw_only=True):
    """One board. Empty `queues`: all of them; empty looks: as the screen itself chooses."""

    id: str
    name: str = ""
    name_zh: str = ""
    queues: tuple[str, ...] = ()
    language: str = ""
    theme: str = ""
    distance: float | None = None  # metres from which it is read
    zone: str = ""
    dim: Dim | None = None
    sound: bool = False
    networks: tuple[str, ...] = ()
    """Addresses that screens of this board may have; empty: any."""
    pages: tuple[BoardPage, ...] = (BoardPage(),)

    def scope(self) -> Scope | None:
        """What it may see; None for everything, which costs nothing and is encoded once for all such boards."""
        parts = {str(number): page.queues for number, page in enumerate(self.pages) if page.queues}
        return Scope(self.queues or None, parts) if self.queues or parts else None

    def takes(self, address: str) -> bool:
        """Whether a screen of this address may show it."""
        return not self.networks or any(_within(address, network) for network in self.networks)


class Boards:
    """The boards as they are now. Replaced as a whole; whoever asked before keeps what it got."""

    def __init__(self, plans: Iterable[BoardPlan] = ()) -> None:
        self.fault = ""
        """What is wrong with a newer plan than this one, in a sentence; empty when there is none."""
        self._plans: dict[str, BoardPlan] = {}
        self.take(plans)

    def take(self, plans: Iterable[BoardPlan]) -> None:
        self.fault = ""
        self._plans = {WHOLE: BoardPlan(id=WHOLE)} | {plan.id: plan for plan in plans}

    def get(self, board: str) -> BoardPlan | None:
        return self._plans.get(board)

    def all(self) -> list[BoardPlan]:
        return list(self._plans.values())


def _within(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network)
    except ValueError:  # a name, or nothing: it is not known to be there
        return False
