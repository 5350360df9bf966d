"""What waits for another person's word: proposed disposals, erasures, redactions and losses, and releases of holds, counted by kind.

Not who may give it (the board's door), and not the deciding.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.retention.disposal import PROPOSED
from recordings.retention.holds import RELEASING
from recordings.retention.tables import disposals, holds

RELEASE = "release"


async def awaited(connection: AsyncConnection) -> Mapping[str, int]:
    """By kind; what there is none of is not named. People decide these, so there are never many."""
    asked = select(disposals.c.kind, func.count()).where(disposals.c.standing == PROPOSED).group_by(disposals.c.kind)
    found = {str(kind): int(number) for kind, number in await connection.execute(asked)}
    releases = int((await connection.execute(select(func.count()).where(holds.c.standing == RELEASING))).scalar_one())
    return found | ({RELEASE: releases} if releases else {})
