"""The first tables: discs."""

from __future__ import annotations

from alembic import op

from recordings.catalogue.migrations.columns import blob, counted, flag, key, number, place, real, small, text, whole, word


def upgrade() -> None:
    _disc_sets()
    _disc_images()
    _disc_items()
    _discs()
    _disc_signatures()
    _disc_checks()
    _disc_wishes()


def _disc_sets() -> None:
    op.create_table(
        "disc_sets", word("id", 8), word("client"), word("class"), word("month", 7), word("medium"), small("of"), number("at"),
        word("by"), key("id"),
    )  # fmt: skip
    op.create_index("ix_disc_sets_at", "disc_sets", ["at"])


def _disc_images() -> None:
    op.create_table(
        "disc_images", word("set", 8), small("number"), word("volume", 32), whole("recordings"), number("bytes"), number("first"),
        number("last"), word("list", 64), word("tool"), number("checkpoint"), blob("sha256", 32, null=True), number("size"),
        number("made_at"), key("set", "number"),
    )  # fmt: skip


def _disc_items() -> None:
    op.create_table(
        "disc_items", word("set", 8), small("number"), word("path"), place("recording"), number("offset"), number("size"),
        blob("sha256", 32), key("set", "number", "path"),
    )  # fmt: skip
    op.create_index("ix_disc_items_recording", "disc_items", ["recording"])


def _discs() -> None:
    op.create_table(
        "discs", word("id", 16), word("set", 8), small("number"), word("copy", 2), small("turn"), word("state", 10), small("failures"),
        word("drive"), word("media"), number("burning_at"), number("burned_at"), number("verified_at"), number("checked_at"),
        number("signed_at"), number("destroyed_at"), text("said"), key("id"),
    )  # fmt: skip
    op.create_index("discs_set", "discs", ["set", "number"])
    op.create_index("ix_discs_state", "discs", ["state"])


def _disc_signatures() -> None:
    op.create_table(
        "disc_signatures", word("disc", 16), word("what", 10), word("who"), number("at"), key("disc", "what", "who"),
    )  # fmt: skip


def _disc_checks() -> None:
    op.create_table(
        "disc_checks", counted("id"), word("disc", 16), word("kind", 10), number("at"), word("by"), flag("good"), real("seconds"),
        text("told"), key("id"),
    )  # fmt: skip
    op.create_index("ix_disc_checks_disc", "disc_checks", ["disc"])


def _disc_wishes() -> None:
    op.create_table(
        "disc_wishes", counted("id"), word("step", 12), word("subject", 16), word("who"), number("at"), word("state", 8), text("said"),
        number("ended_at"), key("id"),
    )  # fmt: skip
    op.create_index("ix_disc_wishes_state", "disc_wishes", ["state"])
