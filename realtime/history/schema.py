"""The tables of history, once for SQLite and PostgreSQL.

Not how they come about in a database (`migrations/`; a test holds them against this) and not what writes them (`writer.py`).
Times are microseconds, except a half-hour, which is named by its first second. Names are keys as on the floor: `node/name`.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, select

from realtime.floor import Tally
from realtime.ledger.changes import LASTING

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("place", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("session", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("queue", String),
    Column("agent", String),
    Column("call", String),
    Column("body", Text, nullable=False),
)
"""Every fact, in the order of the log: `body` is the fact as the log had it, the rest is what it is found by."""

Index("facts_told_once", facts.c.session, facts.c.seq, unique=True)
Index("facts_at", facts.c.at)
for _name in ("queue", "agent", "call"):
    _found = facts.c[_name].is_not(None)
    Index(f"facts_{_name}", facts.c[_name], facts.c.at, sqlite_where=_found, postgresql_where=_found)

PASSING = facts.c.kind.not_in([kind.__name__ for kind in LASTING])
"""What is forgotten after its days. Whoever asked not to be called is not called, however long ago that was."""
FIRST = select(facts.c.place).where(PASSING).order_by(facts.c.place).limit(1)
"""From here on history knows everything."""

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False, unique=True),
    Column("last", BigInteger, nullable=False),
)
"""Every producer of facts by the name of its life, with its last number: what is not above it has been told before."""

turns = Table(
    "turns",
    metadata,
    Column("agent", String, primary_key=True),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("call", String),
    Column("queue", String),
)

queue_halves = Table(
    "queue_halves",
    metadata,
    Column("half", BigInteger, primary_key=True, autoincrement=False),
    Column("queue", String, primary_key=True),
    Column("day", String, nullable=False, index=True),
    *(Column(field.name, BigInteger, nullable=False) for field in msgspec.structs.fields(Tally)),
)

agent_halves = Table(
    "agent_halves",
    metadata,
    Column("half", BigInteger, primary_key=True, autoincrement=False),
    Column("agent", String, primary_key=True),
    Column("day", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("answered", BigInteger, nullable=False),
    Column("rings_missed", BigInteger, nullable=False),
    Column("talk", BigInteger, nullable=False),
    Column("spent", Text, nullable=False),
)
"""`spent` is a JSON object: microseconds by state."""

days = Table(
    "days",
    metadata,
    Column("day", String, primary_key=True),
    Column("place", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("rules", Text, nullable=False),
)
"""Where each business day begins, with the settings that the fold had then: from here it can be folded without what was before."""

floors = Table(
    "floors",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("seen", BigInteger, nullable=False),
    Column("version", String, nullable=False),
    Column("blob", LargeBinary, nullable=False),
)
"""The floor as the facts up to `place` make it, by this version of the fold, as MessagePack within zlib."""

cursor = Table(
    "cursor",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("floor", String, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("position", String),
    Column("thinned", BigInteger, nullable=False),
)
"""One row: whose history this is, who wrote last, up to which place and where in the log; up to where heartbeats are thinned."""
