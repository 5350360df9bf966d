"""The tables of keeping and letting go: what started clocks, holds and what they hold, disposals and erasures with all that came of them.

Not the recordings themselves (`catalogue/schema.py`). Nothing here is ever deleted but what an erasure wishes to be forgotten; a number is
its keyed digest. A disposal's items are frozen when it is proposed; what became of each is written beside it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from recordings.catalogue.schema import Big, metadata

clock_events = Table(
    "clock_events",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("clock", String(14), nullable=False),  # contract_end, product_end, last_activity, dispute
    Column("scope", String(10), nullable=False),  # recording, call, number, campaign
    Column("subject", String, nullable=False),  # its id; of a call node/linkedid; of a number its digest
    Column("reference", String, nullable=False, default=""),  # which dispute, contract, product
    Column("moment", BigInteger, nullable=False),
    Column("over", Boolean, nullable=False, default=False),  # of a dispute: it is closed
    Column("said_at", BigInteger, nullable=False),
    Column("said_by", String, nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("entry", BigInteger, nullable=False),  # index in the log
)
Index("clock_events_subject", clock_events.c.scope, clock_events.c.subject)
"""The last one of a clock, scope, subject and reference holds; of several references the latest moment."""

holds = Table(
    "holds",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("standing", String(10), nullable=False, index=True),  # placed, releasing, released
    Column("matter", String, nullable=False),
    Column("custodian", String, nullable=False),
    Column("choice", Text, nullable=False),  # choosing.Choice as JSON
    Column("items", BigInteger, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),  # of the list of ids
    Column("placed_at", BigInteger, nullable=False),
    Column("placed_by", String, nullable=False),
    Column("review_at", BigInteger, nullable=False),
    Column("release_by", String, nullable=False, default=""),  # the first of two
    Column("release_why", Text, nullable=False, default=""),
    Column("released_at", BigInteger, nullable=False, default=0),
    Column("released_by", String, nullable=False, default=""),  # the second
)

hold_items = Table(
    "hold_items",
    metadata,
    Column("hold", String(20), primary_key=True),
    Column("recording", Big, primary_key=True, autoincrement=False),
)
Index("hold_items_recording", hold_items.c.recording)

disposals = Table(
    "disposals",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("kind", String(10), nullable=False),  # disposal, erasure, redaction; loss, which is none of them (losing.py)
    Column("standing", String(10), nullable=False, index=True),  # proposed, approved, refused, carrying, done
    Column("class", String, nullable=False, default="", key="class_"),
    Column("month", String(7), nullable=False, default=""),  # in which its recordings may go
    Column("numbers", Text, nullable=False, default=""),  # of an erasure: digests of whose, comma between
    Column("reason", Text, nullable=False, default=""),
    Column("items", BigInteger, nullable=False),  # of the list
    Column("sha256", LargeBinary(32), nullable=False),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("decide_by", BigInteger, nullable=False, default=0),  # of an erasure
    Column("decided_at", BigInteger, nullable=False, default=0),
    Column("holds", Integer, nullable=False, default=0),  # looked at when it was carried out
    Column("holds_sha256", LargeBinary(32)),
    Column("gone", BigInteger, nullable=False, default=0),  # recordings that were destroyed
    Column("trouble", Text, nullable=False, default=""),  # why it could not be finished the last time
    Column("done_at", BigInteger, nullable=False, default=0),
    Column("certificate", LargeBinary),
)

approvals = Table(
    "disposal_approvals",
    metadata,
    Column("disposal", String(20), primary_key=True),
    Column("person", String, primary_key=True),  # people.person
    Column("who", String, nullable=False),
    Column("good", Boolean, nullable=False),  # false: refused
    Column("at", BigInteger, nullable=False),
    Column("why", Text, nullable=False, default=""),
)

disposal_items = Table(
    "disposal_items",
    metadata,
    Column("disposal", String(20), primary_key=True),
    Column("recording", Big, primary_key=True, autoincrement=False),
    Column("id", String(20), nullable=False),
    Column("standing", String(8), nullable=False),
    # listed, kept, waiting (for a duty's end, or what takes its place), going (its key is gone), gone; losing, lost
    Column("why", Text, nullable=False, default=""),  # clocks.Reason list as JSON
    Column("until", BigInteger, nullable=False, default=0),  # of who waits: when the duty ends; 0: nobody knows
    Column("kek", String, nullable=False, default=""),  # what its key was wrapped with
    Column("files", Integer, nullable=False, default=0),  # deleted in vaults
)
Index("disposal_items_recording", disposal_items.c.recording)
Index("disposal_items_standing", disposal_items.c.disposal, disposal_items.c.standing)

disposal_keys = Table(
    "disposal_keys",
    metadata,
    Column("disposal", String(20), primary_key=True),
    Column("kek", String, primary_key=True),
    Column("stores", Text, nullable=False),  # certificate.StoreResult list as JSON
    Column("exchanged", BigInteger, nullable=False, default=0),
    Column("at", BigInteger, nullable=False),
)

redactions = Table(
    "redactions",
    metadata,
    Column("disposal", String(20), primary_key=True),
    Column("original", Big, nullable=False, index=True),
    Column("spans", Text, nullable=False),  # JSON list of [since, until], in milliseconds
    Column("made", Big, nullable=False, default=0, index=True),  # what took its place; 0: nothing yet
    Column("id", String(20), nullable=False, default=""),  # of that; as long as `made` is 0, under which files of it may lie in vaults
)
"""Of a disposal of the kind `redaction`, its one item: which stretches are silenced, and what the archive has in its place."""
