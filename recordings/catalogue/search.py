"""Recordings found: a page of them, newest first, and how many there are of each kind among the newest.

Not which index is walked (`ways.py`). A page says how far back it was looked: where nothing more is found within what one page looks
at, the next page goes on from there, so that no question takes longer than another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, Subquery, and_, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.asked import LIMIT_MOST, Key, Query, Reach
from recordings.catalogue.schema import recordings, tags
from recordings.catalogue.ways import SWEEP, Columns, Way, conditions, span, ways

FACETS: Final = ("agent", "queue", "campaign", "outcome", "direction", "class_", "trouble", "state")
LOOKED_AT: Final = (
    *("place", "began", "length_ms", "holds", "score", "restricted", "state", "trouble", "call", "direction", "agent", "agents", "queue"),
    *("campaign", "client", "outcome", "number", "class_"),
)
"""What conditions speak of: whole lines are too wide to be put in order in memory."""
COUNTED = 2_000
"""Of the newest so many: their shares are those of more, and counting them takes some milliseconds."""


class Found(NamedTuple):
    """`next`: where the next page begins; None: there is nothing further back."""

    rows: list[Row[Any]]
    next: Key | None


class Counts(NamedTuple):
    """`facets`: by column, how many have each value, the most frequent first. `counted` of them; `all_`: there are no more."""

    counted: int
    all_: bool
    facets: dict[str, list[tuple[str, int]]]


async def find(connection: AsyncConnection, query: Query, reach: Reach, before: Key | None = None, limit: int = 50) -> Found:
    """Whole lines, in the order of `Key` from the newest."""
    limit = min(limit, LIMIT_MOST)
    keys, after = await _keys(connection, query, reach, before, limit)
    if not keys:
        return Found([], after)
    rows = (await connection.execute(select(recordings).where(recordings.c.place.in_([key.place for key in keys])))).all()
    return Found(sorted(rows, key=lambda row: (row.began, row.place), reverse=True), after)


async def count(connection: AsyncConnection, query: Query, reach: Reach) -> Counts:
    """Among the newest `COUNTED` that one page's look finds."""
    found: dict[int, Row[Any]] = {}
    ended = True
    for way in await ways(connection, query, reach):
        rows, end = await _walk(connection, way, query, reach, None, COUNTED + 1, FACETS)
        ended = ended and end is None and len(rows) <= COUNTED
        found |= {row.place: row for row in rows}
    newest = sorted(found.values(), key=lambda row: (row.began, row.place), reverse=True)[:COUNTED]
    facets = {}
    for at, name in enumerate(FACETS, SHOWN):
        words = Counter(word for row in newest for word in _words(name, row[at]))
        facets[name] = words.most_common(20)
    return Counts(len(newest), ended and len(found) <= COUNTED, facets)


async def tags_of(connection: AsyncConnection, places: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in await connection.execute(select(tags.c.recording, tags.c.tag).where(tags.c.recording.in_(places)).order_by(tags.c.tag)):
        found.setdefault(row.recording, []).append(row.tag)
    return found


# ------------------------------------------------------------------ its parts


async def _keys(connection: AsyncConnection, query: Query, reach: Reach, before: Key | None, limit: int) -> tuple[list[Key], Key | None]:
    """The keys of a page, and where it ends. Where several ways are walked, the page reaches no further back than each of them was."""
    found: set[Key] = set()
    looked: Key | None = None  # down to here by every way
    for way in await ways(connection, query, reach):
        rows, end = await _walk(connection, way, query, reach, before, limit + 1)
        found |= {Key(row.began, row.place) for row in rows}
        if end is not None:
            looked = end if looked is None else max(looked, end)
    keys = sorted((key for key in found if looked is None or key >= looked), reverse=True)
    return (keys[:limit], keys[limit - 1]) if len(keys) > limit else (keys, looked)


async def _walk(
    connection: AsyncConnection, way: Way, query: Query, reach: Reach, before: Key | None, limit: int, more: Sequence[str] = ()
) -> tuple[list[Row[Any]], Key | None]:
    """The first `limit` that the way finds, with these columns, too; and where its sweep ended, unless these are all or it was over before.

    That line is asked for with those that fit, so that the sweep is done once."""
    if way.few:
        line: Columns = recordings.c
        lines = select(*_shown(line, true(), more)).select_from(way.source).where(*way.where, *span(way.began, query, before))
        lines = lines.where(*conditions(query, reach, line))
    else:
        line = _swept(way, query, before).c
        fits = and_(true(), *conditions(query, reach, line))
        lines = select(*_shown(line, fits, more)).where(or_(fits, line.nth == SWEEP))
    rows = (await connection.execute(lines.order_by(line.began.desc(), line.place.desc()).limit(limit))).all()
    fitting = [row for row in rows if row.fits]
    last = rows[-1] if rows and len(fitting) < limit and not way.few else None
    return fitting, Key(last.began, last.place) if last is not None and last.nth == SWEEP else None


SHOWN: Final = 4
"""Columns in front of those that are asked for."""


def _shown(line: Columns, fits: ColumnElement[bool], more: Sequence[str]) -> list[ColumnElement[Any]]:
    nth = line.nth if "nth" in line else literal(0).label("nth")
    return [line.began, line.place, fits.label("fits"), nth, *(line[name] for name in more)]


def _swept(way: Way, query: Query, before: Key | None) -> Subquery:
    """The next lines of a way, at most SWEEP, numbered."""
    columns = [recordings.c[name] for name in LOOKED_AT]
    lines = select(*columns).select_from(way.source).where(*way.where, *span(way.began, query, before))
    swept = lines.order_by(way.began.desc(), recordings.c.place.desc()).limit(SWEEP).subquery("swept")
    order = (swept.c.began.desc(), swept.c.place.desc())
    return select(swept, func.row_number().over(order_by=order).label("nth")).subquery("numbered")


def _words(name: str, value: str) -> list[str]:
    return value.split(",") if name == "trouble" else [value]
