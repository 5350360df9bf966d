"""Fixtures of the proof: a catalogue of either kind, a key, a folder of checkpoints, and entries as the archive makes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.proof.published import folder_of
from recordings.proof.signer import Signer
from tests.postgres import postgres
from tests.recordings.proof.desk import Desk

__all__ = ["postgres"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "archive") if request.param == "sqlite" else str(request.getfixturevalue("postgres").database())


@pytest.fixture
async def desk(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    catalogue = Catalogue(url, writes=True)
    await catalogue.open()
    yield Desk(catalogue, Signer(tmp_path / "keys", "main"), folder_of(tmp_path / "archive"))
    await catalogue.close()
