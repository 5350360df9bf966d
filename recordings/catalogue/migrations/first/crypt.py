"""The first tables: keys of keys."""

from __future__ import annotations

from alembic import op

from recordings.catalogue.migrations.columns import key, number, place, text, whole, word


def upgrade() -> None:
    _retired_keks()
    _forgotten_keys()
    _former_keks()


def _retired_keks() -> None:
    op.create_table(
        "retired_keks", word("kek"), number("at"), word("successor"), whole("kept"), number("destroyed_at"), text("stores"),
        number("entry"), key("kek"),
    )  # fmt: skip
    op.create_index("ix_retired_keks_destroyed_at", "retired_keks", ["destroyed_at"])


def _forgotten_keys() -> None:
    op.create_table(
        "forgotten_keys", place("recording"), word("kek"), number("at"), key("recording", "kek"),
    )  # fmt: skip


def _former_keks() -> None:
    op.create_table(
        "former_keks", place("recording"), word("kek"), key("recording", "kek"),
    )  # fmt: skip
