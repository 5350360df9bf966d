"""A catalogue filled at once: COPY into PostgreSQL, `executemany` into SQLite; indexes are made afterwards.

Not the way of a recording: what is proven about transactions is proven in the tests.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Final

import asyncpg
import msgspec
from sqlalchemy import make_url

from bench.catalogue_lines import COLUMNS, YEAR, drawn, further, tagged
from recordings.catalogue.all_tables import metadata
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import recordings
from recordings.proof import merkle
from recordings.proof.entries import Entry, leaf_of, private_text
from recordings.recording import CallCard
from recordings.words import Kind

DRAWN: Final = 1_000_000
"""What is drawn line by line; more is that many times over."""
TABLES: Final = {
    "recordings": COLUMNS,
    "recording_agents": ["agent", "began", "recording"],
    "recording_tags": ["tag", "recording", "by", "at"],
}
WHOLE: Final = {
    name: [column.name for column in metadata.tables[name].columns]
    for name in ("recording_keys", "copies", "archive_calls", "log", "log_nodes")
}


def parts(count: int, *, whole: bool) -> Iterator[tuple[str, list[str], Iterable[tuple[Any, ...]]]]:
    rows = {"recordings": drawn(count), "recording_agents": further(count), "recording_tags": tagged(count)}
    for name, columns in TABLES.items():
        yield name, columns, rows[name]
    if whole:
        yield "recording_keys", WHOLE["recording_keys"], ((place, KEK, b"w" * 40) for place in range(1, count + 1))
        yield "copies", WHOLE["copies"], ((place, vault, place, True) for place in range(1, count + 1) for vault in (0, 1))
        yield "archive_calls", WHOLE["archive_calls"], map(_call, drawn(count))
        yield "log", WHOLE["log"], _log(count)
        yield "log_nodes", WHOLE["log_nodes"], _nodes(count)


KEK: Final = "sales/2031-03/1"


def _call(line: tuple[Any, ...]) -> tuple[Any, ...]:
    told = dict(zip(COLUMNS, line, strict=True))
    card = CallCard(
        node="hall7",
        call=told["call"],
        began=told["began"],
        answered=told["began"],
        ended=told["sealed_at"],
        direction=told["direction"],
        agent=told["agent"],
        agents=(told["agent"],),
        queue=told["queue"],
        campaign=told["campaign"],
        client=told["client"],
        outcome=told["outcome"],
        legs=(told["leg"],),
        recorded=(told["leg"],),
    )
    text = msgspec.json.encode(card).decode()
    values = {"reason": "", "recordings": 1, "expected": "all", "standing": "matched", "card": text, "answered": card.answered}
    whole = told | values | {"ended": card.ended}
    return tuple(whole.get(name, "") for name in WHOLE["archive_calls"])


def _entries(count: int) -> Iterator[Entry]:
    for line in drawn(count):
        told = dict(zip(COLUMNS, line, strict=True))
        hash_ = told["sha256"].hex()
        seal = {"sha256": hash_, "bytes": told["bytes"], "length_ms": told["length_ms"], "class": told["class"], "format": "wav"}
        private = {name: told[name] for name in ("node", "call", "leg", "agent", "campaign", "number")}
        yield Entry(kind=Kind.SEAL, at=told["sealed_at"], subject=told["id"], public=seal, private=private)
        yield Entry(kind=Kind.STORE, at=told["stored_at"], subject=told["id"], public={"container": hash_, "kek": KEK, "vaults": 2})


def _log(count: int) -> Iterator[tuple[Any, ...]]:
    for index, entry in enumerate(_entries(count)):
        salt = secrets.token_bytes(16)
        leaf = leaf_of(entry, salt)
        hash_ = merkle.leaf_hash(leaf.encode())
        yield index, entry.at, entry.kind.value, entry.subject, leaf, hash_, private_text(entry), salt


def _nodes(count: int) -> Iterator[tuple[int, int, bytes]]:
    """As many as the log has; of what hashes makes no difference."""
    level, size = 1, count
    while size:
        for index in range(size):
            yield level, index, b"n" * 32
        level, size = level + 1, size // 2


# ------------------------------------------------------------------ into a database


async def fill_postgres(url: str, count: int, *, whole: bool) -> None:
    await _without_indexes(url)
    read = make_url(url)
    raw = await asyncpg.connect(user=read.username, database=read.database, host=read.query["host"], server_settings=SETTINGS)
    for name, columns, rows in parts(min(count, DRAWN), whole=whole):
        await raw.copy_records_to_table(name, records=rows, columns=columns, schema_name="archive")
    if count > DRAWN:
        await _multiplied(raw, count // DRAWN)
    for index in _indexes():
        await raw.execute(index)
    await raw.execute("VACUUM ANALYZE")
    await raw.close()


async def _multiplied(raw: Any, times: int) -> None:
    """The year so many times over, in the order of time: each a moment later, with ids, calls and numbers of its own."""
    between = YEAR // DRAWN // times
    agent = "((agent::int - 1000 + k * 53) % 500 + 1000)::text"  # or ten calls of one agent would lie together
    own = {
        "agent": agent,
        "agents": f"CASE WHEN agents LIKE '%,%' THEN {agent} || ',' || split_part(agents, ',', 2) ELSE {agent} END",
        "queue": "CASE WHEN queue = '' THEN '' ELSE 'hall7/q' || (substr(queue, 8)::int + k * 7) % 40 END",
        "place": f"row_number() OVER (ORDER BY began + k * {between})",
        "began": f"began + k * {between}",
        "id": "left(md5(id || k), 20)",
        "call": "call || k",
        "number": "CASE WHEN k = 0 THEN number ELSE md5(number || k) END",
    }
    words = ", ".join(f"{own.get(name, _quoted(name))} AS {_quoted(name)}" for name in COLUMNS)
    await raw.execute("ALTER TABLE recordings RENAME TO drawn")
    await raw.execute("CREATE TABLE recordings (LIKE drawn INCLUDING DEFAULTS)")
    await raw.execute(f"INSERT INTO recordings SELECT {words} FROM drawn, generate_series(0::bigint, {times - 1}) AS k ORDER BY began")
    await raw.execute("DROP TABLE drawn CASCADE")
    await raw.execute("ALTER TABLE recordings ADD PRIMARY KEY (place)")
    await raw.execute("CREATE UNIQUE INDEX recordings_id_key ON recordings (id)")
    agents = "INSERT INTO recording_agents SELECT split_part(agents, ',', 2), began, place FROM recordings WHERE agents LIKE '%,%'"
    await raw.execute(f"TRUNCATE recording_agents; {agents} AND split_part(agents, ',', 2) <> agent")
    marked = "INSERT INTO recording_tags SELECT 'coaching', place, 'user:chen', began FROM recordings WHERE place % 200 = 0"
    rare = "INSERT INTO recording_tags SELECT 'training-2026', place, 'user:chen', began FROM recordings WHERE place % 20000 = 0"
    await raw.execute(f"TRUNCATE recording_tags; {marked}; {rare}")


def _quoted(name: str) -> str:
    return f'"{name}"'


SETTINGS: Final = {"search_path": "archive", "maintenance_work_mem": "1GB", "work_mem": "256MB"}


async def fill_sqlite(url: str, count: int) -> None:
    await _without_indexes(url)
    raw = sqlite3.connect(str(make_url(url).database))
    for name, columns, rows in parts(count, whole=True):
        words = ", ".join(map(_quoted, columns))
        raw.executemany(f'INSERT INTO "{name}" ({words}) VALUES ({", ".join("?" * len(columns))})', rows)
        raw.commit()
    for index in _indexes(sqlite=True):
        raw.execute(index)
    raw.execute("ANALYZE")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()


async def _without_indexes(url: str) -> None:
    catalogue = Catalogue(url, writes=True)
    await catalogue.open()
    async with catalogue.change() as change:
        await change.connection.run_sync(lambda connection: [index.drop(connection) for index in recordings.indexes])
    await catalogue.close()


def _indexes(sqlite: bool = False) -> list[str]:
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.dialects import sqlite as lite
    from sqlalchemy.schema import CreateIndex

    dialect = lite.dialect() if sqlite else postgresql.dialect()
    return [str(CreateIndex(index).compile(dialect=dialect)) for index in recordings.indexes]
