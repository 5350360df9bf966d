"""History's port: what is kept and what may be asked, whoever keeps it. Pure.

Not the database (`store.py`) and not the writing (`historian.py`). The facts are the truth; turns, halves and floors
follow from them by the one fold, and are kept beside them only so that nobody folds a year to answer a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from realtime.facts import Fact
from realtime.floor import AgentTally, Floor, Tally, Turn
from realtime.words import AgentId, Micros

__all__ = ["AgentHalf", "Asked", "History", "HistoryAway", "Kept", "QueueHalf", "Reach", "Turn"]


class HistoryAway(Exception):
    """The database cannot be reached or refuses to serve: an outside fault, one sentence."""


class Kept(msgspec.Struct, frozen=True):
    """A fact with its place in the order of the log: facts fold in the order of their places."""

    place: int
    fact: Fact


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which facts: `since` <= at < `until`, of these types, about this queue (key), agent or call (key). Newest last."""

    since: Micros
    until: Micros
    kinds: Sequence[type[Fact]] = ()
    queue: str | None = None
    agent: AgentId | None = None
    call: str | None = None
    limit: int = 1000
    """The newest so many."""
    dial: str | None = None
    """That speak of this dial; not found by an index, so it wants a short span."""


class QueueHalf(msgspec.Struct, frozen=True, kw_only=True):
    """One queue in one half-hour of one business day. `half` is its first second (UTC)."""

    day: str
    half: int
    queue: str  # key
    tally: Tally


class AgentHalf(msgspec.Struct, frozen=True, kw_only=True):
    """One agent in one half-hour of one business day."""

    day: str
    half: int
    agent: AgentId
    name: str
    tally: AgentTally


class Reach(msgspec.Struct, frozen=True):
    """How far history reaches: when its first and its last fact were read."""

    first: Micros
    last: Micros


class History(Protocol):
    """For readers. Every call may raise HistoryAway."""

    async def reach(self) -> Reach | None:
        """None while there is not one fact."""
        ...

    async def facts(self, asked: Asked) -> list[Kept]: ...

    async def turns(self, agent: AgentId, since: Micros, until: Micros) -> list[Turn]:
        """Those that overlap the span, oldest first."""
        ...

    async def queue_halves(self, first_day: str, last_day: str) -> list[QueueHalf]:
        """ISO dates, both included; by day, half, queue."""
        ...

    async def agent_halves(self, first_day: str, last_day: str) -> list[AgentHalf]: ...

    async def floor_at(self, at: Micros) -> Floor | None:
        """As it was shown then: with every fact that had been read by `at`; None when history does not reach that far back."""
        ...
