"""For whom a call's scores are blind, and who has read which score.

Not what is shown (`asked.py`, `web/rows.py`): they ask here. Blind is who has to score a call beside others, or still could: each rater of
an open calibration, who has taken an appeal, and, before somebody has, whoever neither gave nor read the score that is contested. It is
blind everywhere: the number beside a call, the search by it, lists and results would say as much as the form.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.quality.calibration import places_of, raters_of
from recordings.quality.tables import appeals, calibrations, reads, scores

Places = frozenset[int]


async def places(connection: AsyncConnection, who: str) -> Places:
    """Recordings whose scores by others this rater must not know now: as many as appeals and calibrations are open, some dozens."""
    could = (appeals.c.standing == "open") & (scores.c.rater != who) & scores.c.id.not_in(_read_by(who))
    takes = (appeals.c.standing == "taken") & (appeals.c.rater == who)
    contested = select(scores.c.recording).join_from(appeals, scores, appeals.c.score == scores.c.id).where(or_(could, takes))
    found = set((await connection.execute(contested)).scalars())
    for row in (await connection.execute(select(calibrations).where(calibrations.c.closed_at == 0))).mappings():
        if who in raters_of(row):
            found.update(places_of(row))
    return frozenset(found)


async def has_read(connection: AsyncConnection, score: int, who: str) -> bool:
    return (await connection.execute(_read_by(who).where(reads.c.score == score))).first() is not None


async def keep_read(catalogue: Catalogue, numbers: Iterable[int], who: str, now: Micros) -> None:
    """These scores were told to somebody who did not give them. The first time is kept, so most readings change nothing."""
    told = sorted(set(numbers))
    if not told:
        return
    async with catalogue.reading() as connection:
        if len(await _known(connection, told, who)) == len(told):
            return
    async with catalogue.change() as change:
        there = await _known(change.connection, told, who)
        new = [{"score": each, "who": who, "at": now} for each in told if each not in there]
        if new:
            await change.connection.execute(insert(reads), new)


async def _known(connection: AsyncConnection, told: list[int], who: str) -> set[int]:
    return set((await connection.execute(_read_by(who).where(reads.c.score.in_(told)))).scalars())


def _read_by(who: str) -> Select[int]:
    return select(reads.c.score).where(reads.c.who == who)
