"""The first tables: vaults."""

from __future__ import annotations

from alembic import op

from recordings.catalogue.migrations.columns import key, number, whole


def upgrade() -> None:
    _fixity_rounds()


def _fixity_rounds() -> None:
    op.create_table(
        "fixity_rounds", whole("number"), number("began"), number("ended"), number("checked"), number("bytes"), number("bad"),
        number("repaired"), number("strays"), number("entry"), key("number"),
    )  # fmt: skip
