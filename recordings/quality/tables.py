"""The tables of quality: forms as they were used, scores, samples, calibrations, appeals. Not their rules (`scores.py` ...)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, SmallInteger, String, Table, Text, UniqueConstraint, text

from recordings.catalogue.schema import Big, metadata

forms = Table(
    "quality_forms",
    metadata,
    Column("digest", String(32), primary_key=True),
    Column("id", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),  # realtime.plan.quality.ScoreForm as JSON
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("id", "version"),
)
"""As they were used: a changed form is another line, and must have another version."""

scores = Table(
    "quality_scores",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("recording", Big, nullable=False),
    Column("form", String(32), nullable=False),
    Column("rater", String, nullable=False),
    Column("kind", String(12), nullable=False),  # usual, calibration, appeal, target
    Column("part_of", Big, nullable=False, default=0),  # sample, calibration or appeal; 0: none
    Column("agent", String, nullable=False, default=""),
    Column("campaign", String, nullable=False, default=""),
    Column("month", String(7), nullable=False, default=""),  # of the call, by the floor's clock
    Column("standing", String(8), nullable=False),  # open, done; left: its appeal was given back
    Column("counts", Boolean, nullable=False, default=False),
    Column("answers", Text, nullable=False, default="{}"),
    Column("points", Integer),  # hundredths
    Column("passed", Boolean),
    Column("failed", String, nullable=False, default=""),  # families, comma between
    Column("comment", Text, nullable=False, default=""),
    Column("heard_ms", Integer, nullable=False, default=0),  # of the recording, by its rater: `heard.py`
    Column("unheard", Text, nullable=False, default=""),  # why it was scored without: nothing of it can be heard
    Column("began_at", BigInteger, nullable=False),
    Column("done_at", BigInteger, nullable=False, default=0),
    Column("seen_at", BigInteger, nullable=False, default=0),  # by the agent
    UniqueConstraint("recording", "rater", "kind", "part_of"),
)
SAID = text("counts")
Index("quality_scores_agent", scores.c.agent, scores.c.month)
Index("quality_scores_rater", scores.c.rater, scores.c.done_at)
Index("quality_scores_counting", scores.c.recording, unique=True, sqlite_where=SAID, postgresql_where=SAID)
"""One contact counts once, however many scored it."""

reads = Table(
    "quality_reads",
    metadata,
    Column("score", Big, primary_key=True, autoincrement=False),
    Column("who", String, primary_key=True),  # a rater: not who gave it, and not its agent (`seen_at`)
    Column("at", BigInteger, nullable=False),
)
"""Who was told which score: they are not blind to it any more."""

samples = Table(
    "quality_samples",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("kind", String(10), nullable=False),  # estimate, coaching
    Column("period", String(7), nullable=False),  # YYYY-MM
    Column("campaign", String, nullable=False, default=""),
    Column("size", Integer, nullable=False),
    Column("candidates", Integer, nullable=False),
    Column("checkpoint", Big, nullable=False),  # size of the log that its seed is of
    Column("root", LargeBinary(32), nullable=False),
    Column("rules", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("kind", "period", "campaign"),
)
"""One of a kind, period and campaign: who does not like a draw cannot draw again."""

sample_items = Table(
    "quality_sample_items",
    metadata,
    Column("sample", Big, primary_key=True, autoincrement=False),
    Column("recording", Big, primary_key=True, autoincrement=False),
    Column("stratum", String, nullable=False),
    Column("whole", Integer, nullable=False),
    Column("left_out", String, nullable=False, default=""),  # why: declared, and told
    Column("left_out_by", String, nullable=False, default=""),
)

calibrations = Table(
    "quality_calibrations",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("name", String, nullable=False),
    Column("form", String(32), nullable=False),
    Column("recordings", Text, nullable=False),  # JSON list of places
    Column("raters", Text, nullable=False),  # JSON list of names
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("closed_at", BigInteger, nullable=False, default=0),
)

appeals = Table(
    "quality_appeals",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("score", Big, nullable=False, unique=True),  # contested; once
    Column("agent", String, nullable=False, index=True),
    Column("item", String, nullable=False, default=""),
    Column("reason", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("standing", String(10), nullable=False),  # open, taken, upheld, overturned, lapsed
    Column("rater", String, nullable=False, default=""),  # the second
    Column("second", Big, nullable=False, default=0),  # its score
    Column("decided_at", BigInteger, nullable=False, default=0),
    Column("spread", SmallInteger, nullable=False, default=0),  # points between the two
)

trained = Table(
    "quality_trained",
    metadata,
    Column("id", Big, primary_key=True, autoincrement=True),
    Column("agent", String, nullable=False),
    Column("kpi", String, nullable=False),
    Column("months", String, nullable=False),  # comma between
    Column("day", String(10), nullable=False),  # on which it was held, by the floor's clock
    Column("trainer", String, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger, nullable=False, default=0),
    Column("withdrawn_by", String, nullable=False, default=""),
    Column("withdrawn_why", Text, nullable=False, default=""),
)
Index("quality_trained_agent", trained.c.agent, trained.c.kpi)
"""Training that was given for missed months: those send nobody to training again."""

training = Table(
    "quality_training",
    metadata,
    Column("agent", String, primary_key=True),
    Column("kpi", String, primary_key=True),
    Column("months", String, nullable=False),  # comma between
    Column("at", BigInteger, nullable=False),
)
"""What the floor was told last of whom KPIs send to training."""
