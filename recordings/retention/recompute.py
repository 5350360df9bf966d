"""Until when each recording is kept, written back into its line: each night, and whenever a clock was said.

Not the reckoning (`clocks.py`) and nothing goes by it: whoever lets go judges anew. It is what lists and pages show and sort by. Only what
has changed is written, each with an entry of the log. The key of a recording is not exchanged here: its month is the one it was sealed
under, and whoever destroys it exchanges what else was wrapped with it (`crypt/keeping.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, select, update

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import recordings
from recordings.proof.entries import Entry, Json
from recordings.retention.choosing import NOT_GONE
from recordings.retention.judging import Judged, Policy, judged
from recordings.words import Kind

BATCH: Final = 200
"""Lines in one transaction: a tenth of a second, in which nobody else changes anything."""


class Recomputed(NamedTuple):
    seen: int = 0
    changed: int = 0
    conflicts: int = 0


async def recompute(
    catalogue: Catalogue, policy: Policy, now: Micros, wanted: Sequence[ColumnElement[bool]] = (), batch: int = BATCH
) -> Recomputed:
    """All that is not gone, or those for which `wanted` holds. Without classes nothing is written: a plan without its file would
    rewrite each line, and nobody lets go by the lines alone."""
    done, last = Recomputed(), 0
    if not policy.rules.classes:
        return done
    while True:
        page = select(recordings).where(NOT_GONE, *wanted, recordings.c.place > last).order_by(recordings.c.place).limit(batch)
        async with catalogue.reading() as connection:
            rows = (await connection.execute(page)).mappings().all()
            found = await judged(connection, rows, policy, now)
        if stale := [each.row["place"] for each in found if _differs(each)]:
            async with catalogue.change() as change:
                await _written(change, stale, policy, now)
        conflicts = sum(each.keeping.conflict for each in found)
        done = Recomputed(done.seen + len(rows), done.changed + len(stale), done.conflicts + conflicts)
        if len(rows) < batch:
            return done
        last = rows[-1]["place"]


async def _written(change: Change, places: Sequence[int], policy: Policy, now: Micros) -> None:
    """Judged again within the change: something may have been said since."""
    rows: Sequence[RowMapping] = (
        (await change.connection.execute(select(recordings).where(recordings.c.place.in_(places), NOT_GONE))).mappings().all()
    )
    for each in await judged(change.connection, rows, policy, now):
        if not _differs(each):
            continue
        kept = each.keeping
        values: dict[str, str | int] = {
            "class_": each.class_,
            "keep_until": kept.keep_until,
            "delete_by": kept.delete_by,
            "kept_by": kept.kept_by,
            "conflict": kept.conflict,
        }
        await change.connection.execute(update(recordings).where(recordings.c.place == each.row["place"]).values(**values))
        public: dict[str, Json] = {**values, "class": values["class_"]}
        del public["class_"]
        await change.append(Entry(kind=Kind.RECLASS, at=now, subject=each.row["id"], public=public))


def _differs(each: Judged) -> bool:
    row, kept = each.row, each.keeping
    before = (row["class_"], row["keep_until"], row["delete_by"], row["kept_by"], bool(row["conflict"]))
    return before != (each.class_, kept.keep_until, kept.delete_by, kept.kept_by, kept.conflict)
