"""The first tables: quality."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recordings.catalogue.migrations.columns import blob, counted, flag, key, number, part, place, small, text, whole, word


def upgrade() -> None:
    _quality_forms()
    _quality_scores()
    _quality_reads()
    _quality_samples()
    _quality_sample_items()
    _quality_calibrations()
    _quality_appeals()
    _quality_trained()
    _quality_training()


def _quality_forms() -> None:
    op.create_table(
        "quality_forms", word("digest", 32), word("id"), whole("version"), text("body"), number("at"), key("digest"),
        sa.UniqueConstraint("id", "version"),
    )  # fmt: skip


def _quality_scores() -> None:
    op.create_table(
        "quality_scores", counted("id"), place("recording"), word("form", 32), word("rater"), word("kind", 12), place("part_of"),
        word("agent"), word("campaign"), word("month", 7), word("standing", 8), flag("counts"), text("answers"),
        whole("points", null=True), flag("passed", null=True), word("failed"), text("comment"), whole("heard_ms"), text("unheard"),
        number("began_at"), number("done_at"), number("seen_at"), key("id"), sa.UniqueConstraint("recording", "rater", "kind", "part_of"),
    )  # fmt: skip
    op.create_index("quality_scores_agent", "quality_scores", ["agent", "month"])
    op.create_index("quality_scores_rater", "quality_scores", ["rater", "done_at"])
    part("quality_scores_counting", "quality_scores", ["recording"], "counts", unique=True)


def _quality_reads() -> None:
    op.create_table("quality_reads", place("score"), word("who"), number("at"), key("score", "who"))


def _quality_samples() -> None:
    op.create_table(
        "quality_samples", counted("id"), word("kind", 10), word("period", 7), word("campaign"), whole("size"), whole("candidates"),
        place("checkpoint"), blob("root", 32), text("rules"), word("by"), number("at"), key("id"),
        sa.UniqueConstraint("kind", "period", "campaign"),
    )  # fmt: skip


def _quality_sample_items() -> None:
    op.create_table(
        "quality_sample_items", place("sample"), place("recording"), word("stratum"), whole("whole"), word("left_out"),
        word("left_out_by"), key("sample", "recording"),
    )  # fmt: skip


def _quality_calibrations() -> None:
    op.create_table(
        "quality_calibrations", counted("id"), word("name"), word("form", 32), text("recordings"), text("raters"), word("by"),
        number("at"), number("closed_at"), key("id"),
    )  # fmt: skip


def _quality_appeals() -> None:
    op.create_table(
        "quality_appeals", counted("id"), place("score"), word("agent"), word("item"), text("reason"), number("at"),
        word("standing", 10), word("rater"), place("second"), number("decided_at"), small("spread"), key("id"),
        sa.UniqueConstraint("score"),
    )  # fmt: skip
    op.create_index("ix_quality_appeals_agent", "quality_appeals", ["agent"])


def _quality_trained() -> None:
    op.create_table(
        "quality_trained", counted("id"), word("agent"), word("kpi"), word("months"), word("day", 10), word("trainer"), text("note"),
        word("by"), number("at"), number("withdrawn_at"), word("withdrawn_by"), text("withdrawn_why"), key("id"),
    )  # fmt: skip
    op.create_index("quality_trained_agent", "quality_trained", ["agent", "kpi"])


def _quality_training() -> None:
    op.create_table(
        "quality_training", word("agent"), word("kpi"), word("months"), number("at"), key("agent", "kpi"),
    )  # fmt: skip
