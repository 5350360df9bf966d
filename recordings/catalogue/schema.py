"""The tables of the archive, once for SQLite and PostgreSQL: the core ones here, each subject's own beside it (`*/tables.py`).

Not how they come about (`migrations/`). Times are microseconds, lengths milliseconds, hashes 32 bytes. No number is in clear; a file's
name may hold one, so names are sealed, too.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, MetaData, SmallInteger, String, Table, Text, literal

metadata = MetaData()
Big = BigInteger().with_variant(Integer, "sqlite")
NOTHING = literal("", literal_execute=True)
"""Said in the query itself and not as a parameter: an index of a part of the lines is used by a query that names the same part."""

recordings = Table(
    "recordings",
    metadata,
    Column("place", Big, primary_key=True, autoincrement=True),
    # wide numbers first: PostgreSQL fills up what lies between narrow ones and them
    Column("began", BigInteger, nullable=False),  # of the recording
    Column("length_ms", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("container_bytes", BigInteger, nullable=False, default=0),
    Column("keep_until", BigInteger, nullable=False, default=0),  # 0: no end is known
    Column("delete_by", BigInteger, nullable=False, default=0),  # 0: none
    Column("sealed_at", BigInteger, nullable=False, default=0),
    Column("sealed_entry", BigInteger, nullable=False, default=-1),  # index in the log
    Column("stored_at", BigInteger, nullable=False, default=0),
    Column("disposed_at", BigInteger, nullable=False, default=0),
    Column("rate", Integer, nullable=False, default=8000),
    Column("holds", Integer, nullable=False, default=0),
    Column("listens", Integer, nullable=False, default=0),
    Column("score", Integer),  # hundredths of a point, of the last one that counts
    Column("sides", SmallInteger, nullable=False, default=1),
    Column("silent", SmallInteger, nullable=False, default=0),  # thousandths
    Column("peak_db", SmallInteger, nullable=False, default=-96),
    Column("conflict", Boolean, nullable=False, default=False),
    Column("restricted", Boolean, nullable=False, default=False),  # an erasure was refused: nobody but who must
    Column("id", String(20), nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("trouble", String, nullable=False, default=""),  # words, comma between
    # whose call
    Column("node", String, nullable=False),
    Column("call", String, nullable=False, default=""),  # linkedid; empty: an orphan
    Column("leg", String, nullable=False, default=""),
    Column("direction", String, nullable=False, default=""),
    Column("agent", String, nullable=False, default=""),
    Column("agents", String, nullable=False, default=""),  # all of them, comma between; `lines.keep` writes `further_agents`
    Column("queue", String, nullable=False, default=""),
    Column("campaign", String, nullable=False, default=""),
    Column("client", String, nullable=False, default=""),
    Column("outcome", String, nullable=False, default=""),
    Column("dial", String, nullable=False, default=""),
    Column("number", String(32), nullable=False, default=""),  # keyed digest, to find by
    Column("number_cipher", LargeBinary),  # to show masked
    Column("number_month", String(7), nullable=False, default=""),
    Column("spans", Text, nullable=False, default=""),  # JSON list of recording.Span
    # what it is
    Column("format", String, nullable=False, default=""),
    Column("sha256", LargeBinary(32), nullable=False),  # as captured
    Column("container", LargeBinary(32)),  # SHA-256 of the container's bytes, so that fixity needs no key
    Column("derived", String, nullable=False, default=""),  # opus, peaks: comma between
    # how long
    Column("class", String, nullable=False, default="", key="class_"),
    Column("kept_by", String, nullable=False, default=""),  # rule that keeps it longest
    Column("scored_by", String, nullable=False, default=""),
)
Index("recordings_began", recordings.c.began)
Index("recordings_call", recordings.c.call)
Index("recordings_class", recordings.c.class_)
for _name in ("agent", "campaign", "queue", "number", "outcome"):
    _said = recordings.c[_name] != NOTHING
    Index(f"recordings_{_name}", recordings.c[_name], recordings.c.began, sqlite_where=_said, postgresql_where=_said)

SCORED = recordings.c.score.is_not(None)
TROUBLED = recordings.c.trouble != NOTHING
HELD = recordings.c.holds > literal(0, literal_execute=True)
UNUSUAL = recordings.c.state.not_in([literal(word, literal_execute=True) for word in ("kept", "disposed")])
CONFLICT = recordings.c.conflict
for _name, _where in {"scored": SCORED, "troubled": TROUBLED, "held": HELD, "unusual": UNUSUAL, "conflict": CONFLICT}.items():
    Index(f"recordings_{_name}", recordings.c.began, sqlite_where=_where, postgresql_where=_where)
Index("recordings_score", recordings.c.score, sqlite_where=SCORED, postgresql_where=SCORED)
MINUTES = recordings.c.length_ms // literal(60_000, BigInteger, literal_execute=True)
Index("recordings_minutes", MINUTES)
"""Which of them a search walks is chosen in `ways.py`. A condition of a part must stand in the query as it stands here."""

further_agents = Table(
    "recording_agents",
    metadata,
    Column("agent", String, primary_key=True),
    Column("began", BigInteger, primary_key=True, autoincrement=False),
    Column("recording", Big, primary_key=True, autoincrement=False),
)
Index("recording_agents_recording", further_agents.c.recording)
"""Who talked in it, too, after the one in `recordings.agent`."""

tags = Table(
    "recording_tags",
    metadata,
    Column("tag", String, primary_key=True),
    Column("recording", Big, primary_key=True, autoincrement=False),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("recording_tags_recording", tags.c.recording)

copies = Table(
    "copies",
    metadata,
    Column("recording", Big, primary_key=True, autoincrement=False),
    Column("vault", SmallInteger, primary_key=True, autoincrement=False),  # 0, 1
    Column("checked_at", BigInteger, nullable=False),
    Column("good", Boolean, nullable=False),
)
Index("copies_checked", copies.c.vault, copies.c.checked_at)
BAD = ~copies.c.good
Index("copies_bad", copies.c.checked_at, sqlite_where=BAD, postgresql_where=BAD)

keys = Table(
    "recording_keys",
    metadata,
    Column("recording", Big, primary_key=True, autoincrement=False),
    Column("kek", String, nullable=False, index=True),  # name of the key of keys
    Column("wrapped", LargeBinary, nullable=False),  # RFC 3394
)
"""The key of a recording, wrapped. Disposed of: no line, and its key of keys is destroyed or has been exchanged."""

calls = Table(
    "archive_calls",
    metadata,
    Column("node", String, primary_key=True),
    Column("call", String, primary_key=True),
    Column("began", BigInteger, nullable=False, index=True),
    Column("answered", BigInteger, nullable=False, default=0),
    Column("ended", BigInteger, nullable=False, default=0),
    Column("agent", String, nullable=False, default=""),
    Column("queue", String, nullable=False, default=""),
    Column("campaign", String, nullable=False, default=""),
    Column("expected", String, nullable=False, default=""),  # by which rule; empty: not
    Column("standing", String(10), nullable=False),  # open, matched, missing, excused, unknown
    Column("reason", String, nullable=False, default=""),
    Column("recordings", Integer, nullable=False, default=0),
    Column("dial", String, nullable=False, default=""),  # its last one: results are said of dials
    Column("card", Text, nullable=False),  # recording.CallCard as JSON
)
Index("archive_calls_standing", calls.c.standing, calls.c.began)
DIALLED = calls.c.dial != NOTHING
Index("archive_calls_dial", calls.c.dial, sqlite_where=DIALLED, postgresql_where=DIALLED)
"""The ledger of expected recordings: one line a call that was answered or recorded."""

call_files = Table(
    "archive_call_files",
    metadata,
    Column("node", String, primary_key=True),
    Column("name", String(32), primary_key=True),  # keyed digest of the file's base name
    Column("call", String, primary_key=True),
    Column("leg", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Which call a file belongs to, as VarSet MIXMONITOR_FILENAME said."""

captures = Table(
    "captures",
    metadata,
    Column("node", String, primary_key=True),
    Column("name", String(32), primary_key=True),  # keyed digest of the path under the spool
    Column("shown", String, nullable=False),  # the path with long runs of digits hidden
    Column("size", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),  # of the file
    Column("first_seen", BigInteger, nullable=False),
    Column("standing", String(10), nullable=False, index=True),  # waiting, taken, refused, gone
    Column("trouble", String, nullable=False, default=""),
    Column("recording", String(20), nullable=False, default=""),
)
"""Files of the spools that are not (yet) recordings, or were odd."""

accesses = Table(
    "accesses",
    metadata,
    Column("entry", Big, primary_key=True, autoincrement=False),  # index in the log
    Column("recording", Big, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("who", String, nullable=False),
    Column("role", String, nullable=False),
    Column("what", String, nullable=False),  # listen, export, look
    Column("why", String, nullable=False),
    Column("since_ms", BigInteger, nullable=False, default=0),
    Column("until_ms", BigInteger, nullable=False, default=0),
)
Index("accesses_recording", accesses.c.recording)
Index("accesses_who", accesses.c.who, accesses.c.at)

log = Table(
    "log",
    metadata,
    Column("index", Big, primary_key=True, autoincrement=False),  # from 0
    Column("at", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("leaf", Text, nullable=False),  # what is hashed: proof/entries.py
    Column("hash", LargeBinary(32), nullable=False),
    Column("private", Text),  # what the leaf's digest is of; null: forgotten
    Column("salt", LargeBinary(16)),
)
"""The Merkle log: only ever inserted into; `private` and `salt` may be forgotten, the leaf never."""

nodes = Table(
    "log_nodes",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),  # from 1
    Column("index", Big, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)
"""Hashes of complete subtrees of 2^level leaves, so that a proof reads some twenty of them."""

checkpoints = Table(
    "log_checkpoints",
    metadata,
    Column("size", Big, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("note", Text, nullable=False),  # signed
)

cursor = Table(
    "archive_cursor",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1
    Column("floor", String, nullable=False),
    Column("position", String),  # in the floor's log, of the book of calls
    Column("book", LargeBinary),  # the calls that are open, as calls/book.py dumps them
    Column("rules", Text),  # realtime.plan.archive.ArchiveRules, as JSON, in force
    Column("seen", BigInteger, nullable=False, default=0),
)

comments = Table(
    "recording_comments",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("recording", Big, nullable=False, index=True),
    Column("since_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),  # the same: a moment
    Column("side", SmallInteger, nullable=False, default=0),  # 0: both
    Column("text", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("removed", Boolean, nullable=False, default=False),
)

health = Table(
    "archive_health",
    metadata,
    Column("name", String, primary_key=True),  # free:/path, backlog, missing, ...
    Column("value", Float, nullable=False),
    Column("text", String, nullable=False, default=""),
    Column("at", BigInteger, nullable=False),
)
"""What the archivist says of itself, for pages and alerts."""
