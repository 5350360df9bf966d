"""The first tables: facts and producers, turns, half-hours, days, floors, cursor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "first_tables"
down_revision = None

PLACE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TALLY = (
    "offered", "answered", "abandoned", "left_otherwise", "unknown", "answered_in_target", "abandoned_in_target",
    "wait", "handled", "talk", "wrapup",
)  # fmt: skip


def number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False)


def upgrade() -> None:
    _facts()
    _derived()
    op.create_table("days", word("day"), number("place"), number("seen"), sa.Column("rules", sa.Text, nullable=False), key("day"))
    blob = sa.Column("blob", sa.LargeBinary, nullable=False)
    op.create_table("floors", number("place"), number("seen"), word("version"), blob, key("place"))
    identity = sa.Column("id", sa.Integer, nullable=False)
    position = sa.Column("position", sa.String)
    op.create_table("cursor", identity, word("floor"), number("token"), number("place"), position, number("thinned"), key("id"))


def key(*names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names)


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("place", PLACE, nullable=False),
        sa.Column("session", sa.Integer, nullable=False),
        number("seq"),
        number("at"),
        word("kind"),
        *(sa.Column(name, sa.String) for name in ("queue", "agent", "call")),
        sa.Column("body", sa.Text, nullable=False),
        key("place"),
    )
    op.create_index("facts_told_once", "facts", ["session", "seq"], unique=True)
    op.create_index("facts_at", "facts", ["at"])
    for name in ("queue", "agent", "call"):
        found = sa.column(name).is_not(None)
        op.create_index(f"facts_{name}", "facts", [name, "at"], sqlite_where=found, postgresql_where=found)
    identity = sa.Column("id", sa.Integer, nullable=False)
    op.create_table("sessions", identity, word("name"), number("last"), key("id"), sa.UniqueConstraint("name"))


def _derived() -> None:
    nullable = (sa.Column("call", sa.String), sa.Column("queue", sa.String))
    op.create_table(
        "turns", word("agent"), number("since"), number("until"), word("state"), word("reason"), *nullable, key("agent", "since")
    )
    op.create_index("ix_turns_until", "turns", ["until"])
    op.create_table("queue_halves", number("half"), word("queue"), word("day"), *map(number, TALLY), key("half", "queue"))
    op.create_index("ix_queue_halves_day", "queue_halves", ["day"])
    counts = map(number, ("answered", "rings_missed", "talk"))
    spent = sa.Column("spent", sa.Text, nullable=False)
    op.create_table("agent_halves", number("half"), word("agent"), word("day"), word("name"), *counts, spent, key("half", "agent"))
    op.create_index("ix_agent_halves_day", "agent_halves", ["day"])
