"""The first tables: keeping and letting go."""

from __future__ import annotations

from alembic import op

from recordings.catalogue.migrations.columns import blob, counted, flag, key, number, place, text, whole, word


def upgrade() -> None:
    _clock_events()
    _holds()
    _hold_items()
    _disposals()
    _disposal_approvals()
    _disposal_items()
    _disposal_keys()
    _redactions()


def _clock_events() -> None:
    op.create_table(
        "clock_events", counted("id"), word("clock", 14), word("scope", 10), word("subject"), word("reference"), number("moment"),
        flag("over"), number("said_at"), word("said_by"), text("why"), number("entry"), key("id"),
    )  # fmt: skip
    op.create_index("clock_events_subject", "clock_events", ["scope", "subject"])


def _holds() -> None:
    op.create_table(
        "holds", word("id", 20), word("standing", 10), word("matter"), word("custodian"), text("choice"), number("items"),
        blob("sha256", 32), number("placed_at"), word("placed_by"), number("review_at"), word("release_by"), text("release_why"),
        number("released_at"), word("released_by"), key("id"),
    )  # fmt: skip
    op.create_index("ix_holds_standing", "holds", ["standing"])


def _hold_items() -> None:
    op.create_table(
        "hold_items", word("hold", 20), place("recording"), key("hold", "recording"),
    )  # fmt: skip
    op.create_index("hold_items_recording", "hold_items", ["recording"])


def _disposals() -> None:
    op.create_table(
        "disposals", word("id", 20), word("kind", 10), word("standing", 10), word("class"), word("month", 7), text("numbers"),
        text("reason"), number("items"), blob("sha256", 32), word("by"), number("at"), number("decide_by"), number("decided_at"),
        whole("holds"), blob("holds_sha256", 32, null=True), number("gone"), text("trouble"), number("done_at"),
        blob("certificate", null=True), key("id"),
    )  # fmt: skip
    op.create_index("ix_disposals_standing", "disposals", ["standing"])


def _disposal_approvals() -> None:
    op.create_table(
        "disposal_approvals", word("disposal", 20), word("person"), word("who"), flag("good"), number("at"), text("why"),
        key("disposal", "person"),
    )  # fmt: skip


def _disposal_items() -> None:
    op.create_table(
        "disposal_items", word("disposal", 20), place("recording"), word("id", 20), word("standing", 8), text("why"), number("until"),
        word("kek"), whole("files"), key("disposal", "recording"),
    )  # fmt: skip
    op.create_index("disposal_items_recording", "disposal_items", ["recording"])
    op.create_index("disposal_items_standing", "disposal_items", ["disposal", "standing"])


def _disposal_keys() -> None:
    op.create_table(
        "disposal_keys", word("disposal", 20), word("kek"), text("stores"), number("exchanged"), number("at"), key("disposal", "kek"),
    )  # fmt: skip


def _redactions() -> None:
    op.create_table(
        "redactions", word("disposal", 20), place("original"), text("spans"), place("made"), word("id", 20), key("disposal"),
    )  # fmt: skip
    op.create_index("ix_redactions_original", "redactions", ["original"])
    op.create_index("ix_redactions_made", "redactions", ["made"])
