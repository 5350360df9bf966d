"""The first tables: recordings, calls, captures, keys, accesses, the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recordings.catalogue.migrations.columns import (
    blob,
    counted,
    flag,
    is_false,
    is_true,
    key,
    number,
    part,
    place,
    real,
    small,
    text,
    whole,
    word,
)


def upgrade() -> None:
    _recordings()
    _recording_agents()
    _recording_tags()
    _copies()
    _recording_keys()
    _archive_calls()
    _archive_call_files()
    _captures()
    _accesses()
    _log()
    _log_nodes()
    _log_checkpoints()
    _archive_cursor()
    _recording_comments()
    _archive_health()


def _recordings() -> None:
    op.create_table(
        "recordings", counted("place"), number("began"), number("length_ms"), number("bytes"), number("container_bytes"),
        number("keep_until"), number("delete_by"), number("sealed_at"), number("sealed_entry"), number("stored_at"),
        number("disposed_at"), whole("rate"), whole("holds"), whole("listens"), whole("score", null=True), small("sides"),
        small("silent"), small("peak_db"), flag("conflict"), flag("restricted"), word("id", 20), word("state", 12), word("trouble"),
        word("node"), word("call"), word("leg"), word("direction"), word("agent"), word("agents"), word("queue"), word("campaign"),
        word("client"), word("outcome"), word("dial"), word("number", 32), blob("number_cipher", null=True), word("number_month", 7),
        text("spans"), word("format"), blob("sha256", 32), blob("container", 32, null=True), word("derived"), word("class"),
        word("kept_by"), word("scored_by"), key("place"), sa.UniqueConstraint("id"),
    )  # fmt: skip
    part("recordings_agent", "recordings", ["agent", "began"], "agent != ''")
    op.create_index("recordings_began", "recordings", ["began"])
    op.create_index("recordings_call", "recordings", ["call"])
    part("recordings_campaign", "recordings", ["campaign", "began"], "campaign != ''")
    op.create_index("recordings_class", "recordings", ["class"])
    part("recordings_conflict", "recordings", ["began"], is_true("conflict"))
    part("recordings_held", "recordings", ["began"], "holds > 0")
    op.create_index("recordings_minutes", "recordings", [sa.text("(length_ms / 60000)")])
    part("recordings_number", "recordings", ["number", "began"], "number != ''")
    part("recordings_outcome", "recordings", ["outcome", "began"], "outcome != ''")
    part("recordings_queue", "recordings", ["queue", "began"], "queue != ''")
    part("recordings_score", "recordings", ["score"], "score IS NOT NULL")
    part("recordings_scored", "recordings", ["began"], "score IS NOT NULL")
    part("recordings_troubled", "recordings", ["began"], "trouble != ''")
    part("recordings_unusual", "recordings", ["began"], "(state NOT IN ('kept', 'disposed'))")


def _recording_agents() -> None:
    op.create_table(
        "recording_agents", word("agent"), number("began"), place("recording"), key("agent", "began", "recording"),
    )  # fmt: skip
    op.create_index("recording_agents_recording", "recording_agents", ["recording"])


def _recording_tags() -> None:
    op.create_table(
        "recording_tags", word("tag"), place("recording"), word("by"), number("at"), key("tag", "recording"),
    )  # fmt: skip
    op.create_index("recording_tags_recording", "recording_tags", ["recording"])


def _copies() -> None:
    op.create_table(
        "copies", place("recording"), small("vault"), number("checked_at"), flag("good"), key("recording", "vault"),
    )  # fmt: skip
    part("copies_bad", "copies", ["checked_at"], is_false("good"))
    op.create_index("copies_checked", "copies", ["vault", "checked_at"])


def _recording_keys() -> None:
    op.create_table(
        "recording_keys", place("recording"), word("kek"), blob("wrapped"), key("recording"),
    )  # fmt: skip
    op.create_index("ix_recording_keys_kek", "recording_keys", ["kek"])


def _archive_calls() -> None:
    op.create_table(
        "archive_calls", word("node"), word("call"), number("began"), number("answered"), number("ended"), word("agent"), word("queue"),
        word("campaign"), word("expected"), word("standing", 10), word("reason"), whole("recordings"), word("dial"), text("card"),
        key("node", "call"),
    )  # fmt: skip
    part("archive_calls_dial", "archive_calls", ["dial"], "dial != ''")
    op.create_index("archive_calls_standing", "archive_calls", ["standing", "began"])
    op.create_index("ix_archive_calls_began", "archive_calls", ["began"])


def _archive_call_files() -> None:
    op.create_table(
        "archive_call_files", word("node"), word("name", 32), word("call"), word("leg"), number("at"), key("node", "name", "call"),
    )  # fmt: skip


def _captures() -> None:
    op.create_table(
        "captures", word("node"), word("name", 32), word("shown"), number("size"), number("changed"), number("first_seen"),
        word("standing", 10), word("trouble"), word("recording", 20), key("node", "name"),
    )  # fmt: skip
    op.create_index("ix_captures_standing", "captures", ["standing"])


def _accesses() -> None:
    op.create_table(
        "accesses", place("entry"), place("recording"), number("at"), word("who"), word("role"), word("what"), word("why"),
        number("since_ms"), number("until_ms"), key("entry"),
    )  # fmt: skip
    op.create_index("accesses_recording", "accesses", ["recording"])
    op.create_index("accesses_who", "accesses", ["who", "at"])


def _log() -> None:
    op.create_table(
        "log", place("index"), number("at"), word("kind", 12), word("subject"), text("leaf"), blob("hash", 32),
        text("private", null=True), blob("salt", 16, null=True), key("index"),
    )  # fmt: skip
    op.create_index("ix_log_subject", "log", ["subject"])


def _log_nodes() -> None:
    op.create_table(
        "log_nodes", small("level"), place("index"), blob("hash", 32), key("level", "index"),
    )  # fmt: skip


def _log_checkpoints() -> None:
    op.create_table(
        "log_checkpoints", place("size"), number("at"), blob("root", 32), text("note"), key("size"),
    )  # fmt: skip


def _archive_cursor() -> None:
    op.create_table(
        "archive_cursor", whole("id"), word("floor"), word("position", null=True), blob("book", null=True), text("rules", null=True),
        number("seen"), key("id"),
    )  # fmt: skip


def _recording_comments() -> None:
    op.create_table(
        "recording_comments", counted("id"), place("recording"), number("since_ms"), number("until_ms"), small("side"), text("text"),
        word("who"), number("at"), flag("removed"), key("id"),
    )  # fmt: skip
    op.create_index("ix_recording_comments_recording", "recording_comments", ["recording"])


def _archive_health() -> None:
    op.create_table(
        "archive_health", word("name"), real("value"), word("text"), number("at"), key("name"),
    )  # fmt: skip
