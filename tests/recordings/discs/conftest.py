"""Fixtures of discs: `desk`, on a catalogue of SQLite or, for what asks much of SQL, of either kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import Catalogue, sqlite_url
from tests.postgres import postgres
from tests.recordings.discs.desk import Desk

__all__ = ["postgres"]


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite; PostgreSQL, too, for tests that are `both`."""
    kind = getattr(request, "param", "sqlite")
    return sqlite_url(tmp_path / "archive") if kind == "sqlite" else str(request.getfixturevalue("postgres").database())


@pytest.fixture
async def desk(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    catalogue = Catalogue(url, writes=True)
    await catalogue.open()
    yield Desk(catalogue, tmp_path)
    await catalogue.close()
