"""What hangs on a recording and goes on with the one that takes its place: comments, tags, scores, samples, clocks, wishes to be erased.

Not the exchange itself (`redacting.py`), and not what is of the old one alone: its copies, its keys, who heard it, the discs that bear it.
"""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import Select, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.schema import comments, tags
from recordings.quality.tables import calibrations, sample_items, scores
from recordings.retention.clocks import said
from recordings.retention.disposal import LISTED, WAITING, why_text
from recordings.retention.tables import clock_events, disposal_items, disposals

MOVED: Final = "moved"
"""As what waited and is let go by a later run (`erasure.py`)."""
PLAIN: Final = (comments, tags, scores, sample_items)


async def move_on(connection: AsyncConnection, old: int, old_id: str, new: int, new_id: str) -> None:
    for table in PLAIN:
        await connection.execute(update(table).where(table.c.recording == old).values(recording=new))
    await _calibrations(connection, old, new)
    await _clocks(connection, old_id, new_id)
    await _wishes(connection, old, new, new_id)


async def _calibrations(connection: AsyncConnection, old: int, new: int) -> None:
    """Those that are open or closed; of a list of places in their line."""
    near = select(calibrations.c.id, calibrations.c.recordings).where(calibrations.c.recordings.like(f"%{old}%"))
    for row in (await connection.execute(near)).all():
        places = json.loads(row.recordings)
        if old in places:
            told = json.dumps([new if each == old else each for each in places])
            await connection.execute(update(calibrations).where(calibrations.c.id == row.id).values(recordings=told))


async def _clocks(connection: AsyncConnection, old_id: str, new_id: str) -> None:
    """Said of this recording, as a dispute: said of the new one, too, in the same order."""
    names = [column.name for column in clock_events.c if column.name not in ("id", "subject")]
    of = select(literal(new_id).label("subject"), *(clock_events.c[name] for name in names))
    of = of.where(clock_events.c.scope == "recording", clock_events.c.subject == old_id).order_by(clock_events.c.id)
    await connection.execute(insert(clock_events).from_select(["subject", *names], of))


async def wished_for(connection: AsyncConnection, place: int) -> bool:
    """Whether a wish to be erased waits on it: then what takes its place is restricted, too."""
    return (await connection.execute(_erasures(place).where(disposal_items.c.standing == WAITING).limit(1))).first() is not None


async def _wishes(connection: AsyncConnection, old: int, new: int, new_id: str) -> None:
    """A wish that waits, or is not decided yet, is one about the new recording."""
    for row in (await connection.execute(_erasures(old))).mappings().all():
        item = (disposal_items.c.disposal == row["disposal"]) & (disposal_items.c.recording == old)
        line = {"disposal": row["disposal"], "recording": new, "id": new_id, "standing": row["standing"]}
        await connection.execute(
            update(disposal_items).where(item).values(standing=MOVED, why=why_text([said("redact.into", into=new_id)]))
        )
        await connection.execute(insert(disposal_items).values(**line, why=row["why"], until=row["until"]))


def _erasures(place: int) -> Select[Any]:
    item, wanted = disposal_items.c, select(disposal_items).join(disposals, disposals.c.id == disposal_items.c.disposal)
    return wanted.where(item.recording == place, disposals.c.kind == "erasure", item.standing.in_([LISTED, WAITING]))
