"""What the floor's log no longer has, from history: the facts since the archive last read, folded by the same book, so no call is missed.

Not the following (`ledger.py`). History keeps every fact as the log had it and in its order, for the days of `history.keep_days`; what the
book has heard before it leaves aside, there as in the log. So after an outage of the archivist its ledger is what it would have been.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final, Protocol

from realtime.facts import Fact
from realtime.history.port import HistoryAway, Kept, Reach
from realtime.outbound import ResultCoded
from realtime.words import SECOND, Micros
from recordings.calls.book import Book
from recordings.recording import CallCard

BEFORE: Final[Micros] = 600 * SECOND
"""Facts come in another order than they happened: clocks of PBXs differ by seconds, and a gap is told of some minutes later."""
AT_ONCE: Final = 500
"""Facts between two words: some hundred calls of the busiest minute."""


class Past(Protocol):
    """Of history, what is asked here (`realtime/history/store.py`)."""

    async def reach(self) -> Reach | None: ...

    def since(self, at: Micros) -> AsyncIterator[Kept]: ...


class PastAway(HistoryAway):
    """Of the history alone: the catalogue may be another database."""


@dataclass
class Folded:
    """What came of some facts: cards by call, codes by dial of calls that the book has forgotten, and the latest moment of any of them."""

    cards: dict[tuple[str, str], CallCard] = field(default_factory=dict)
    coded: dict[str, str] = field(default_factory=dict)
    at: Micros = 0

    def fold(self, book: Book, fact: Fact) -> None:
        if isinstance(fact, ResultCoded) and fact.code and not book.knows(fact.dial):
            self.coded[fact.dial] = fact.code
        self.cards |= {(card.node, card.call): card for card in book.apply(fact)}
        self.at = max(self.at, fact.at)


async def begins(past: Past) -> Micros:
    """When its first fact was read; 0: it has none. Raises PastAway."""
    try:
        reach = await past.reach()
    except HistoryAway as away:
        raise PastAway(str(away)) from away
    return 0 if reach is None else reach.first


async def refilled(past: Past, book: Book, since: Micros) -> AsyncIterator[Folded]:
    """Folds all that history has from a little before `since` on. Raises PastAway."""
    folded, many = Folded(), 0
    try:
        async for each in past.since(since - BEFORE):
            folded.fold(book, each.fact)
            many += 1
            if many % AT_ONCE == 0:
                yield folded
                folded = Folded()
    except HistoryAway as away:
        raise PastAway(str(away)) from away
    yield folded
