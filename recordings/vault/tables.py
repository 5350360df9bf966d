"""The table of fixity's rounds. Copies themselves are in `catalogue/schema.py`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table

from recordings.catalogue.schema import metadata

rounds = Table(
    "fixity_rounds",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1
    Column("began", BigInteger, nullable=False),  # copies that were checked before are to be checked
    Column("ended", BigInteger, nullable=False, default=0),  # 0: under way
    Column("checked", BigInteger, nullable=False, default=0),  # copies
    Column("bytes", BigInteger, nullable=False, default=0),
    Column("bad", BigInteger, nullable=False, default=0),  # other bytes, missing, unreadable
    Column("repaired", BigInteger, nullable=False, default=0),
    Column("strays", BigInteger, nullable=False, default=0),  # containers that no line knows
    Column("entry", BigInteger, nullable=False, default=-1),  # index in the log
)
