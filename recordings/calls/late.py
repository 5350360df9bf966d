"""A result that is coded when the book of calls has forgotten its call: which call it is of, by the ledger, and that call's card with it.

Not the book, which knows the calls of the last hours, and not what a recording takes from a card (`followed.py`). A dial's id says when it
was decided, so few lines are looked at, whatever the archive holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.outbound import moment_of
from realtime.words import SECOND, Micros
from recordings.catalogue.schema import calls
from recordings.recording import CallCard

LATEST: Final[Micros] = 62 * 86_400 * SECOND
"""Two months: results of one are put right until its statement is confirmed, in the month after; of later ones none speaks."""
NEAR: Final[Micros] = 600 * SECOND
"""A call begins moments before its dial is decided; the clocks of a PBX and of the gate may differ by some minutes."""
LONGEST: Final[Micros] = 12 * 3600 * SECOND
"""Who dials again in one call: no shift is longer."""
LOOKED_MOST: Final = 50_000
"""Calls of such a stretch: the largest floor's half day."""


async def cards_of(connection: AsyncConnection, coded: Mapping[str, str], now: Micros) -> list[CallCard]:
    """`coded`: code by dial. Cards of calls that say otherwise, as they are now; a dial that is no call's last one changes none."""
    found = []
    for dial, code in coded.items():
        decided = moment_of(dial)
        if decided is None or not 0 <= now - decided <= LATEST:
            continue
        card = await _card(connection, dial, decided - NEAR, decided + NEAR)
        card = card or await _card(connection, dial, decided - LONGEST, decided - NEAR)
        if card is not None and card.outcome != code:
            found.append(msgspec.structs.replace(card, outcome=code))
    return found


async def _card(connection: AsyncConnection, dial: str, since: Micros, until: Micros) -> CallCard | None:
    span = select(calls.c.card).where(calls.c.began >= since, calls.c.began <= until).order_by(calls.c.began).limit(LOOKED_MOST).subquery()
    said = f'"dial":{msgspec.json.encode(dial).decode()}'
    row = (await connection.execute(select(span.c.card).where(span.c.card.contains(said, autoescape=True)).limit(1))).first()
    card = None if row is None else msgspec.json.decode(row.card, type=CallCard)
    return card if card is not None and card.dial == dial else None
