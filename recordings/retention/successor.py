"""What stands in the place of a recording that was redacted: who asks for the old one by its id is told the new one's.

Not the exchange (`redacting.py`) and not what moves on with it (`succession.py`). A choice by who, when or whose finds the new one by
itself, since its line has all of that (`redacting.AS_IT_WAS`).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.schema import recordings
from recordings.retention.choosing import NOT_GONE, Ask, within
from recordings.retention.tables import redactions

CHAIN_MOST: Final = 100
"""Redactions of one call, one after the other."""


async def successor_of(connection: AsyncConnection, id_: str) -> str:
    """Its id; empty where it was not redacted, or where that is gone, too."""
    return await successor(within(connection), id_)


async def successor(ask: Ask, id_: str) -> str:
    """The same; a redacted one may have been redacted again."""
    last = id_
    for _ in range(CHAIN_MOST):
        place = select(recordings.c.place).where(recordings.c.id == last).scalar_subquery()
        found = await ask(select(redactions.c.id).where(redactions.c.original == place, redactions.c.made > 0))
        if not found:
            break
        last = found[0]
    return last if last != id_ and await ask(select(recordings.c.id).where(recordings.c.id == last, NOT_GONE)) else ""
