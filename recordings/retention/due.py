"""What is due: for each recording until when it is kept and by which rule, or that it may go, and why; counted, and by pages.

Not the letting go (`disposal.py`). Lines are found by their columns, which are as old as the last night, and each is judged by what holds
now, or would hold on a day to come: so "what would go tonight, and why not" is the same question with another moment.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.schema import recordings
from recordings.retention.choosing import NOT_GONE, Choice, conditions
from recordings.retention.judging import AT_REST, Judged, Policy, Verdict, judged

LIMIT_MOST: Final = 1_000
VERDICTS: Final[tuple[Verdict, ...]] = ("may_go", "held", "conflict", "kept", "busy")
_TABLE: Final = recordings.c


class Due(NamedTuple):
    """`counts`: by verdict, of all that is meant. `after`: the place to go on behind; 0: there is no more."""

    counts: dict[str, int]
    lines: tuple[Judged, ...]
    after: int


async def due(
    connection: AsyncConnection, policy: Policy, at: Micros, choice: Choice, only: str = "", limit: int = 100, after: int = 0
) -> Due:
    wanted = [NOT_GONE, *conditions(choice)]
    counts = await _counts(connection, wanted, at)
    page = select(recordings).where(*wanted, _TABLE.place > after)
    if only:
        page = page.where(_columns(at).get(only, false()))
    rows = (await connection.execute(page.order_by(_TABLE.place).limit(limit))).mappings().all()
    found = await judged(connection, rows, policy, at)
    return Due(counts, tuple(found), rows[-1]["place"] if len(rows) == limit else 0)


def _columns(at: Micros) -> dict[str, ColumnElement[bool]]:
    """Each verdict as the columns say it; the same order as `judging.verdict_of`."""
    ended = and_(_TABLE.keep_until > 0, _TABLE.keep_until <= at)
    rests = _TABLE.state.in_(sorted(state.value for state in AT_REST))
    free = and_(_TABLE.holds == 0, ~_TABLE.conflict)
    return {
        "held": _TABLE.holds > 0,
        "conflict": and_(_TABLE.holds == 0, _TABLE.conflict),
        "may_go": and_(free, ended, rests),
        "busy": and_(free, ended, ~rests),
        "kept": and_(free, or_(_TABLE.keep_until <= 0, _TABLE.keep_until > at)),
    }


async def _counts(connection: AsyncConnection, wanted: list[ColumnElement[bool]], at: Micros) -> dict[str, int]:
    columns = _columns(at)
    sums = [func.coalesce(func.sum(case((columns[verdict], 1), else_=0)), 0).label(verdict) for verdict in VERDICTS]
    row = (await connection.execute(select(*sums).where(*wanted))).mappings().one()
    return {verdict: int(row[verdict]) for verdict in VERDICTS}
