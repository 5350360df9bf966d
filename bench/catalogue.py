"""The archive's catalogue with a year in it: how long a search takes, and how many bytes an entry.

`search_10m_ms`, `search_1m_ms` (PostgreSQL) and `search_sqlite_1m_ms`: the slowest of the searches below for its first page of 50, each
the median of some runs with the tables in memory; against the slowest of the same searches written down plainly: one SELECT with all
conditions, ordered, limited, on the same tables with the same indexes. `catalogue_bytes_per_entry`: everything on the disk for one
recording, its line, indexes, key, two copies, its call in the ledger, and two leaves of the log with their nodes, in PostgreSQL;
against SQLite.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select, text

from bench.catalogue_fill import fill_postgres, fill_sqlite
from bench.catalogue_lines import AGENTS, FIRST, YEAR, drawn
from bench.results import Row
from realtime.history.port import HistoryAway
from realtime.words import SECOND
from recordings.catalogue import search
from recordings.catalogue.asked import ALL, Query, Reach
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.catalogue.schema import recordings
from recordings.catalogue.ways import conditions, span
from tests.postgres import Cluster, programs

RUNS = 5
DAY: Final = 86_400 * SECOND
LATER: Final = FIRST + YEAR // 2
TEAM: Final = Reach(frozenset(AGENTS[100:112]), False)

SEARCHES: Final[dict[str, tuple[Query, Reach]]] = {
    "the newest": (Query(), ALL),
    "an agent": (Query(agent=AGENTS[250]), ALL),
    "an agent's rare outcome": (Query(agent=AGENTS[250], outcome="complaint"), ALL),
    "an agent on a day": (Query(agent=AGENTS[250], since=LATER, until=LATER + DAY), ALL),
    "an agent, scored low": (Query(agent=AGENTS[250], score_to=4_200), ALL),
    "a queue, long calls": (Query(queue="hall7/q3", shortest_ms=900_000), ALL),
    "a campaign that is over": (Query(campaign="campaign-3"), ALL),
    "a campaign that is over, a rare outcome": (Query(campaign="campaign-3", outcome="complaint"), ALL),
    "a campaign nobody has": (Query(campaign="campaign-99"), ALL),
    "a campaign and a queue that never meet": (Query(campaign="campaign-3", queue="hall7/q3"), ALL),
    "a month": (Query(since=LATER, until=LATER + 30 * DAY), ALL),
    "a month, an outcome, a length": (
        Query(since=LATER, until=LATER + 30 * DAY, outcome="sold", shortest_ms=120_000, longest_ms=180_000),
        ALL,
    ),
    "a rare outcome": (Query(outcome="lawyer"), ALL),
    "a rare outcome and a class": (Query(outcome="complaint", class_="dispute"), ALL),
    "a rare class": (Query(class_="dispute"), ALL),
    "very long ones": (Query(shortest_ms=1_800_000), ALL),
    "very long ones of the year's first month": (Query(shortest_ms=1_500_000, until=FIRST + 30 * DAY), ALL),
    "silent ones": (Query(trouble="silent"), ALL),
    "scored low": (Query(score_to=4_010), ALL),
    "a tag": (Query(tag="coaching"), ALL),
    "a rare tag": (Query(tag="training-2026"), ALL),
    "held": (Query(held=True), ALL),
    "not yet kept": (Query(state="stored"), ALL),
    "a team": (Query(), TEAM),
    "a team's complaints": (Query(outcome="complaint"), TEAM),
    "of nobody": (Query(agent="9999"), ALL),
}


def number_of(count: int) -> Query:
    line = next(iter(drawn(count)))
    return Query(numbers=(line[[column.key for column in recordings.columns].index("number")],))


def run(year: int = 10_000_000, tenth: int = 1_000_000) -> list[Row]:
    """Nothing where there is no PostgreSQL: the benches after this one run all the same. Fewer lines are for the tests."""
    where = programs()
    if where is None:
        sys.stdout.write("The catalogue is not measured: PostgreSQL is not installed; sh tools/prepare-tests.sh installs it.\n")
        return []
    with tempfile.TemporaryDirectory() as folder, cluster(where) as server:
        ten, plain_ten = asyncio.run(times(_filled_postgres(server, year, whole=False), year))
        one_url = _filled_postgres(server, tenth, whole=True)
        one, plain_one = asyncio.run(times(one_url, tenth))
        lite_url = sqlite_url(Path(folder))
        asyncio.run(fill_sqlite(lite_url, tenth))
        lite, plain_lite = asyncio.run(times(lite_url, tenth))
        bytes_ = asyncio.run(database_size(one_url)) / tenth
        bytes_lite = (Path(folder) / "catalogue.db").stat().st_size / tenth
    unit = "ms, the slowest of many searches, against one plain SELECT each"
    return [
        Row("search_10m_ms", ten, f"{unit} (PostgreSQL, 10 M)", plain_ten),
        Row("search_1m_ms", one, f"{unit} (PostgreSQL, 1 M)", plain_one),
        Row("search_sqlite_1m_ms", lite, f"{unit} (SQLite, 1 M)", plain_lite),
        Row("catalogue_bytes_per_entry", bytes_, "bytes a recording in PostgreSQL, against SQLite", bytes_lite),
    ]


@contextlib.contextmanager
def cluster(where: Path) -> Iterator[Cluster]:
    server = Cluster(where)
    try:
        yield server
    finally:
        server.stop()


def _filled_postgres(server: Cluster, count: int, *, whole: bool) -> str:
    url = server.database()
    asyncio.run(fill_postgres(url, count, whole=whole))
    return url


async def database_size(url: str) -> int:
    catalogue = Catalogue(url)
    async with catalogue.reading() as connection:
        size = (await connection.execute(select(func.pg_database_size(func.current_database())))).scalar_one()
        empty = (await connection.execute(text("SELECT pg_database_size('template0')"))).scalar_one()
    await catalogue.close()
    return int(size - empty)


async def times(url: str, count: int) -> tuple[float, float]:
    """Milliseconds of the slowest: ours, and plain."""
    catalogue, ours, plain = Catalogue(url), [], []
    for name, (query, reach) in {**SEARCHES, "a number": (number_of(count), ALL)}.items():
        mine = await _median(lambda query=query, reach=reach: _find(catalogue, query, reach))
        theirs = await _median(lambda query=query, reach=reach: _plainly(catalogue, query, reach))
        counted = await _median(lambda query=query, reach=reach: _count(catalogue, query, reach))
        sys.stdout.write(f"{name:44} {mine:9.1f} {theirs:9.1f}   counts {counted:9.1f}\n")
        ours.append(mine)
        plain.append(theirs)
    await catalogue.close()
    return max(ours), max(plain)


async def _median(ask: Callable[[], Awaitable[object]]) -> float:
    """Once to bring it into memory; what takes seconds is asked no more often."""
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - began) * 1000)
        if taken[-1] > 3000:
            break
    return statistics.median(taken[1:] or taken)


async def _find(catalogue: Catalogue, query: Query, reach: Reach) -> Any:
    async with catalogue.reading() as connection:
        return await search.find(connection, query, reach)


async def _count(catalogue: Catalogue, query: Query, reach: Reach) -> Any:
    async with catalogue.reading() as connection:
        return await search.count(connection, query, reach)


async def _plainly(catalogue: Catalogue, query: Query, reach: Reach) -> Any:
    line = recordings.c
    asked = select(recordings).where(*conditions(query, reach, line), *span(line.began, query, None))
    with contextlib.suppress(HistoryAway):  # after ten seconds nobody waits any more
        async with catalogue.reading() as connection:
            return (await connection.execute(asked.order_by(line.began.desc(), line.place.desc()).limit(51))).all()
