"""Fixtures of discs: `desk`, on a catalogue of SQLite or, for what asks much of SQL, of either kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import Catalogue
from tests.recordings.discs.desk import Desk
from tests.recordings.migrated import Migrated


@pytest.fixture
def url(request: pytest.FixtureRequest, migrated: Migrated, tmp_path: Path) -> str:
    """SQLite; PostgreSQL, too, for tests that are `both`."""
    kind = getattr(request, "param", "sqlite")
    return migrated.sqlite(tmp_path / "archive") if kind == "sqlite" else migrated.postgresql(request.getfixturevalue("postgres"))


@pytest.fixture
async def desk(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    catalogue = Catalogue(url, writes=True)
    await catalogue.open()
    yield Desk(catalogue, tmp_path)
    await catalogue.close()
