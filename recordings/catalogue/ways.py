"""Ways through ten million recordings to those that a query asks for: which index is walked, and how far.

Not the query (`asked.py`) and not the pages (`search.py`). A database's planner guesses how rare a combination is, and a wrong guess
reads the whole table. So the way is chosen here: along an index that gives newest first, at most SWEEP lines of it, the rest of the
query being looked at line by line; or, where one condition alone has few lines in all (FEW, counted), those. Either is bounded,
whatever is asked, on SQLite as on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from recordings.catalogue.asked import Key, Query, Reach
from recordings.catalogue.schema import HELD, MINUTES, NOTHING, SCORED, TROUBLED, UNUSUAL, further_agents, recordings, tags
from recordings.words import STATES_GONE, State

SWEEP = 10_000
"""Lines looked at for one page: a tenth of a second where they lie scattered, and an agent's half-year."""
FEW = 3_000
"""Lines that are fetched and put in order at once."""
MINUTE_MS = 60_000
SCORE_MOST = 10_000

line = recordings.c
Columns = ReadOnlyColumnCollection[str, Any]
"""Of the table, or of what was swept of it."""


class Way(NamedTuple):
    """`source` has the lines; `where` chooses the index; newest is `began`, then `place`. `few`: all of them are looked at."""

    where: tuple[ColumnElement[bool], ...] = ()
    source: FromClause = recordings
    began: ColumnElement[Any] = line.began
    few: bool = False


async def ways(connection: AsyncConnection, query: Query, reach: Reach) -> list[Way]:
    """Several: each is walked, and what they find is merged. None for who reaches nobody."""
    if reach.agents is not None and not reach.agents:
        return []
    if query.numbers:
        return [Way((line.number == digest, line.number != NOTHING)) for digest in query.numbers]
    if query.call:
        return [Way((line.call == query.call,), few=True)]
    for rare in _perhaps_rare(query):
        if await _has_few(connection, rare):
            return [Way((line.place.in_(rare.subquery().select()),), few=True)]
    agent = query.agent or (next(iter(reach.agents)) if reach.agents is not None and len(reach.agents) == 1 else "")
    if agent:
        joined = further_agents.join(recordings, line.place == further_agents.c.recording)
        return [Way((line.agent == agent, line.agent != NOTHING)), Way((further_agents.c.agent == agent,), joined, further_agents.c.began)]
    return [Way(await _along(connection, query))]


def _perhaps_rare(query: Query) -> Iterator[Select[Any]]:
    if query.tag:
        yield select(tags.c.recording).where(tags.c.tag == query.tag).limit(FEW + 1)
    if query.outcome:
        yield select(line.place).where(line.outcome == query.outcome, line.outcome != NOTHING).limit(FEW + 1)
    if query.class_:
        yield select(line.place).where(line.class_ == query.class_).limit(FEW + 1)
    if query.score_from is not None or query.score_to is not None:
        least, most = query.score_from or 0, SCORE_MOST if query.score_to is None else query.score_to
        yield select(line.place).where(SCORED, line.score.between(least, most)).limit(FEW + 1)
    if query.shortest_ms >= MINUTE_MS:
        yield select(line.place).where(query.shortest_ms // MINUTE_MS <= MINUTES).limit(FEW + 1)


async def _has_few(connection: AsyncConnection, rare: Select[Any], most: int | None = None) -> bool:
    """At most so many, else FEW. Nothing but their number is read, which an index alone can say."""
    most = FEW if most is None else most
    counted = rare.with_only_columns(literal(1).label("one")).limit(most + 1).subquery()
    return bool((await connection.execute(select(func.count()).select_from(counted))).scalar_one() <= most)


async def _along(connection: AsyncConnection, query: Query) -> tuple[ColumnElement[bool], ...]:
    """Indexes with `began` behind, or of a part of the lines."""
    outcome = (line.outcome == query.outcome, line.outcome != NOTHING)
    if query.outcome and await _has_few(connection, select(line.place).where(*outcome), SWEEP):
        return outcome
    if query.score_from is not None or query.score_to is not None:
        return (SCORED,)
    if query.held:
        return (HELD,)
    if query.trouble:
        return (TROUBLED,)
    if query.state and query.state not in (State.KEPT, State.DISPOSED):
        return (UNUSUAL,)
    if query.queue:
        return (line.queue == query.queue, line.queue != NOTHING)
    if query.campaign:
        return (line.campaign == query.campaign, line.campaign != NOTHING)
    return outcome if query.outcome else ()


# ------------------------------------------------------------------ what each line must be


def conditions(query: Query, reach: Reach, line: Columns) -> list[ColumnElement[bool]]:
    """All of the query but its time, and the reach of who asks."""
    equal = ("campaign", "client", "queue", "call", "outcome", "direction", "class_", "state")
    found: list[ColumnElement[bool]] = [line[name] == getattr(query, name) for name in equal if getattr(query, name)]
    if query.numbers:
        found.append(line.number.in_(query.numbers))
    if query.agent:
        found.append(talked(line, (query.agent,)))
    if not query.state:
        found.append(line.state.not_in([state.value for state in STATES_GONE]))
    return found + reached(reach, line) + list(_ranges(query, line)) + list(_words(query, line))


def reached(reach: Reach, line: Columns) -> list[ColumnElement[bool]]:
    """Of a line of the table of recordings: whether somebody with this reach may find it."""
    found = [] if reach.agents is None else [talked(line, tuple(sorted(reach.agents)))]
    return found if reach.restricted else [*found, line.restricted.is_(False)]


def talked(line: Columns, agents: tuple[str, ...]) -> ColumnElement[bool]:
    """One of them is among the agents of the call; most calls have one."""
    among = [has_word(line.agents, agent) for agent in agents]
    return or_(line.agent.in_(agents), and_(line.agents.contains(","), or_(false(), *among)))


def has_word(words: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Of a column of words with commas between. Not LIKE, which takes A for a in SQLite and not in PostgreSQL."""
    within = literal(",") + words + literal(",")
    return func.replace(within, f",{word},", "") != within


def _ranges(query: Query, line: Columns) -> Iterator[ColumnElement[bool]]:
    if query.shortest_ms:
        yield line.length_ms >= query.shortest_ms
    if query.longest_ms:
        yield line.length_ms <= query.longest_ms
    if query.score_from is not None:
        yield line.score >= query.score_from
    if query.score_to is not None:
        yield line.score <= query.score_to
    if query.blind and (query.score_from is not None or query.score_to is not None):
        yield line.place.not_in(query.blind)


def _words(query: Query, line: Columns) -> Iterator[ColumnElement[bool]]:
    if query.trouble:
        yield line.trouble != ""
        if query.trouble != "any":
            yield has_word(line.trouble, query.trouble)
    if query.tag:
        yield exists().where(tags.c.tag == query.tag, tags.c.recording == line.place)
    if query.held:
        yield line.holds > 0


def span(began: ColumnElement[Any], query: Query, before: Key | None) -> list[ColumnElement[bool]]:
    """The query's time, and where the page before ended."""
    found: list[ColumnElement[bool]] = []
    if query.since:
        found.append(began >= query.since)
    if query.until:
        found.append(began < query.until)
    if before is not None:
        found += [began <= before.began, or_(began < before.began, line.place < before.place)]
    return found
