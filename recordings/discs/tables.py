"""The tables of discs, on the archive's metadata. Not who reads (`store.py`) or changes them (`register.py`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, SmallInteger, String, Table, Text

from recordings.catalogue.schema import Big, metadata

sets = Table(
    "disc_sets",
    metadata,
    Column("id", String(8), primary_key=True),
    Column("client", String, nullable=False),
    Column("class", String, nullable=False, key="class_"),
    Column("month", String(7), nullable=False),  # of disposal, or open
    Column("medium", String, nullable=False),
    Column("of", SmallInteger, nullable=False),  # images
    Column("at", BigInteger, nullable=False, index=True),
    Column("by", String, nullable=False),
)

images = Table(
    "disc_images",
    metadata,
    Column("set", String(8), primary_key=True),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),  # from 1
    Column("volume", String(32), nullable=False),
    Column("recordings", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),  # of their containers
    Column("first", BigInteger, nullable=False),  # call, and last
    Column("last", BigInteger, nullable=False),
    Column("list", String(64), nullable=False),  # SHA-256 of the ids
    Column("tool", String, nullable=False, default=""),
    Column("checkpoint", BigInteger, nullable=False, default=0),  # size of the log that its proofs are of
    Column("sha256", LargeBinary(32)),
    Column("size", BigInteger, nullable=False, default=0),
    Column("made_at", BigInteger, nullable=False, default=0),
)
"""One image of a set: the same bytes on all of its copies."""

items = Table(
    "disc_items",
    metadata,
    Column("set", String(8), primary_key=True),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("path", String, primary_key=True),
    Column("recording", Big, nullable=False, index=True),  # place; 0: a file of ours
    Column("offset", BigInteger, nullable=False, default=-1),
    Column("size", BigInteger, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
)
"""Each file of an image, and where in it it lies: what is left to tell by when its directories are damaged."""

discs = Table(
    "discs",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("set", String(8), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("copy", String(2), nullable=False),
    Column("turn", SmallInteger, nullable=False),  # 1; 2 replaces it
    Column("state", String(10), nullable=False, index=True),
    Column("failures", SmallInteger, nullable=False, default=0),  # of the step it stands before
    Column("drive", String, nullable=False, default=""),
    Column("media", String, nullable=False, default=""),
    Column("burning_at", BigInteger, nullable=False, default=0),  # begun, and not known how it ended
    Column("burned_at", BigInteger, nullable=False, default=0),
    Column("verified_at", BigInteger, nullable=False, default=0),
    Column("checked_at", BigInteger, nullable=False, default=0),  # read in full and good
    Column("signed_at", BigInteger, nullable=False, default=0),
    Column("destroyed_at", BigInteger, nullable=False, default=0),
    Column("said", Text, nullable=False, default=""),  # about the last step that failed
)
Index("discs_set", discs.c.set, discs.c.number)

signatures = Table(
    "disc_signatures",
    metadata,
    Column("disc", String(16), primary_key=True),
    Column("what", String(10), primary_key=True),  # made, destroyed
    Column("who", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
)

checks = Table(
    "disc_checks",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("disc", String(16), nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # new, again, unreadable
    Column("at", BigInteger, nullable=False),
    Column("by", String, nullable=False),
    Column("good", Boolean, nullable=False),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("told", Text, nullable=False),  # JSON: comparing.Compared or forgetting.Unreadable
)

wishes = Table(
    "disc_wishes",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("step", String(12), nullable=False),  # image, burn, verify, check, prove
    Column("subject", String(16), nullable=False),  # set or disc
    Column("who", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", String(8), nullable=False, index=True),  # wanted, done, failed
    Column("said", Text, nullable=False, default=""),
    Column("ended_at", BigInteger, nullable=False, default=0),
)
"""Steps that take long, as somebody asked for them: the archivist carries them out."""
