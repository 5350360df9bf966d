"""Fixtures of the catalogue: `url` is the address of a database of either kind, with its tables and nothing in them.

`empty`: of one without tables. `catalogue`: one at `url` that is open and may be changed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import Catalogue, sqlite_url
from tests.recordings.migrated import Migrated


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, migrated: Migrated, tmp_path: Path) -> str:
    return migrated.sqlite(tmp_path / "archive") if request.param == "sqlite" else migrated.postgresql(request.getfixturevalue("postgres"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "archive") if request.param == "sqlite" else str(request.getfixturevalue("postgres").database())


@pytest.fixture
async def catalogue(url: str) -> AsyncIterator[Catalogue]:
    catalogue = Catalogue(url, writes=True)
    await catalogue.open()
    yield catalogue
    await catalogue.close()
