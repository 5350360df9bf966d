"""Tables of keys beside `recording_keys`: keys of keys that go, and whose key was forgotten. Not who changes them (`keeping.py`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from recordings.catalogue.schema import Big, metadata

retired = Table(
    "retired_keks",
    metadata,
    Column("kek", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("successor", String, nullable=False, default=""),  # what the others are wrapped with now; empty: there were none
    Column("kept", Integer, nullable=False, default=0),  # others that were wrapped anew
    Column("destroyed_at", BigInteger, nullable=False, default=0, index=True),  # 0: not yet in every store
    Column("stores", Text, nullable=False, default=""),  # JSON list of stores.Gone
    Column("entry", BigInteger, nullable=False, default=-1),  # index in the log
)
"""Nothing is wrapped with these any more. A line is an intention that outlives its process: whoever comes next finishes it."""

forgotten = Table(
    "forgotten_keys",
    metadata,
    Column("recording", Big, primary_key=True, autoincrement=False),
    Column("kek", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""Recordings whose wrapped key was deleted, and each key of keys that ever wrapped it."""

former = Table(
    "former_keks",
    metadata,
    Column("recording", Big, primary_key=True, autoincrement=False),
    Column("kek", String, primary_key=True),
)
"""What else wraps a key, or did: of another class or month before, which an old backup of the catalogue may still have; or what it was
going to be wrapped with when a process died, which the notes beside the keys may have."""
