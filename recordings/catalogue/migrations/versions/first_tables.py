"""The first tables, of every subject."""

from __future__ import annotations

from recordings.catalogue.migrations.first import catalogue, crypt, discs, quality, retention, vault

revision = "first_tables"
down_revision = None


def upgrade() -> None:
    for subject in (catalogue, crypt, discs, quality, retention, vault):
        subject.upgrade()
