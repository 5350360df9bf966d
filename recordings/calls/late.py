"""Results that are coded when the book of calls has forgotten their calls: those calls' cards with them, by the ledger's index of dials.

Not the book, which knows the calls of the last hours, and not what a recording takes from a card (`followed.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.outbound import moment_of
from realtime.words import SECOND, Micros
from recordings.calls.ledger_rows import AT_ONCE
from recordings.catalogue.batches import by
from recordings.catalogue.schema import DIALLED, calls
from recordings.recording import CallCard

LATEST: Final[Micros] = 62 * 86_400 * SECOND
"""Two months: results of one are put right until its statement is confirmed, in the month after; of later ones none speaks."""


async def cards_of(connection: AsyncConnection, coded: Mapping[str, str], now: Micros) -> list[CallCard]:
    """`coded`: code by dial, whose id says when it was decided. Cards of calls that say otherwise, as they are now; a dial that is no
    call's last one changes none."""
    young = [dial for dial in coded if (decided := moment_of(dial)) is not None and 0 <= now - decided <= LATEST]
    found = []
    for some in by(AT_ONCE, young):
        cards = await connection.execute(select(calls.c.card).where(calls.c.dial.in_(some), DIALLED))
        found += [msgspec.json.decode(card, type=CallCard) for card in cards.scalars()]
    return [msgspec.structs.replace(card, outcome=coded[card.dial]) for card in found if card.outcome != coded[card.dial]]
