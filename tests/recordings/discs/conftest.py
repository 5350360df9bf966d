"""Fixtures of discs: `desk`, on a catalogue of either kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import Catalogue, sqlite_url
from tests.postgres import postgres
from tests.recordings.discs.desk import Desk

__all__ = ["postgres"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "archive") if request.param == "sqlite" else str(request.getfixturevalue("postgres").database())


@pytest.fixture
async def desk(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    catalogue = Catalogue(url, writes=True)
    await catalogue.open()
    yield Desk(catalogue, tmp_path)
    await catalogue.close()
