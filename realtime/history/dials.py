"""Decisions about dials, out of history: one by its id with what followed, or all of a span, in bounded memory. Pure.

Not what they say (`realtime/view_dial.py`). Whatever implements the port is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import msgspec

from realtime.facts import Fact
from realtime.history.port import Asked, History, Kept
from realtime.ledger.names import FLIGHT_S
from realtime.outbound import DialAbandoned, DialDecided, DialEnded, NumberBlocked, ResultCoded, moment_of
from realtime.words import SECOND, Micros

FOLLOWS: Final = (DialAbandoned, DialEnded, ResultCoded, NumberBlocked)
SOON: Final[Micros] = 3600 * SECOND
"""Nearly all that comes of a dial comes within an hour: the call, the wrap-up, the code."""
LATER: Final[Micros] = FLIGHT_S * SECOND + SOON
"""No call is longer, and its code comes behind it."""
PAGE: Final = 2_000
"""Decisions in memory at once, with all their findings: some ten megabytes."""
SLICE: Final[Micros] = 86_400 * SECOND
"""Of an empty night and a quiet week, the most that is looked through at once."""
BEHIND: Final[Micros] = 600 * SECOND
"""A PBX's clock may be: the end of a short call then comes before its decision."""
LATEST: Final[Micros] = 2**62
"""As history keeps moments (`record.py`)."""


async def decision(history: History, dial: str) -> DialDecided | None:
    """By its id alone: it says when that was. May raise HistoryAway."""
    decided = moment_of(dial)
    if decided is None or not 0 <= decided < LATEST:
        return None
    asked = Asked(since=decided, until=decided + 1, kinds=(DialDecided,), dial=dial)
    found = (each.fact for each in await history.facts(asked))
    return next((fact for fact in found if isinstance(fact, DialDecided) and fact.dial == dial), None)


async def followed(history: History, decided: DialDecided) -> list[Fact]:
    """What came of it, oldest first: of an allowed one. An hour is looked through, and more only where its call was not over by then."""
    if decided.decision.verdict != "allow":
        return []
    asked = Asked(since=decided.at - BEHIND, until=decided.at + SOON, kinds=FOLLOWS, dial=decided.dial)
    found = await history.facts(asked)
    if not any(isinstance(each.fact, DialEnded) for each in found):
        asked = msgspec.structs.replace(asked, since=asked.until, until=decided.at + LATER)
        found += await history.facts(asked)
    ordered = (each.fact for each in sorted(found, key=lambda each: each.place))
    return [fact for fact in ordered if getattr(fact, "dial", "") == decided.dial]


async def each(history: History, asked: Asked) -> AsyncIterator[Kept]:
    """All of them, oldest first, a page at a time: by the hour, and by less or more as there is more or less in it."""
    since, length = asked.since, SOON
    while since < asked.until:
        until = min(asked.until, since + length)
        page = await history.facts(msgspec.structs.replace(asked, since=since, until=until, limit=PAGE))
        if len(page) >= PAGE and until - since > 1:
            length = max(1, (until - since) // 4)
            continue
        for kept in page:
            yield kept
        since = until
        if len(page) < PAGE // 8:
            length = min(length * 2, SLICE)
