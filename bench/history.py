"""History: facts a second from the log's batches to committed rows in SQLite, beside a bare `executemany` of the same rows.

Ours reads batches, folds them, finds what each fact is about, and writes facts, turns, half-hours and the cursor in one
transaction for each 200 batches. The other side inserts the same finished lines of the table of facts into the same table with
the same indexes, in transactions of the same size, by `sqlite3` of the standard library.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.fold import Maker, side_by_side, staff
from bench.results import Row
from realtime.factcodec import decode, encode, join
from realtime.floor import Floor
from realtime.history.database import Database, sqlite_url
from realtime.history.historian import RECORDS
from realtime.history.record import Batch, Line
from realtime.history.writer import Writer

AGENTS = 100
FACTS = 40_000
A_BATCH = 10
"""Facts in one batch of the log: what a busy PBX says in a few milliseconds."""
RUNS = 3


def batches(facts: int) -> list[bytes]:
    make = Maker()
    told = [encode(fact) for fact in [*staff(make, AGENTS), *side_by_side(make, AGENTS)]][:facts]
    return [join(told[at : at + A_BATCH]) for at in range(0, len(told), A_BATCH)]


async def ours(folder: Path, told: Sequence[bytes]) -> tuple[float, list[list[Line]]]:
    """Seconds, and the lines that were written in each transaction."""
    database = Database(sqlite_url(folder), writes=True)
    writer = Writer(database, "bench", 1)
    cursor, sessions, floor, lines = await writer.open(), await writer.sessions(), Floor(), []
    began = time.perf_counter()
    for at in range(0, len(told), RECORDS):
        batch = Batch(floor, cursor.place, 0, sessions)
        for each in told[at : at + RECORDS]:
            for fact in decode(each):
                batch.take(fact)
        cursor = await writer.write(batch, cursor, None)
        lines.append(batch.facts)
    taken = time.perf_counter() - began
    await database.close()
    return taken, lines


def bare(folder: Path, lines: Sequence[Sequence[Line]]) -> float:
    asyncio.run(_emptied(folder))
    connection = sqlite3.connect(folder / "history.db", isolation_level=None)
    connection.execute("PRAGMA synchronous = NORMAL")
    began = time.perf_counter()
    for some in lines:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", some)
        connection.execute("COMMIT")
    taken = time.perf_counter() - began
    connection.close()
    return taken


async def _emptied(folder: Path) -> None:
    """The same tables, with nothing in them."""
    database = Database(sqlite_url(folder), writes=True)
    await Writer(database, "bench", 1).open()
    await database.close()


def run() -> list[Row]:
    told, taken, against = batches(FACTS), [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            seconds, lines = asyncio.run(ours(Path(one), told))
            taken.append(seconds)
            against.append(bare(Path(other), lines))
    facts = sum(map(len, lines))
    return [Row("history_facts_per_s", facts / statistics.median(taken), "facts a second", facts / statistics.median(against))]
