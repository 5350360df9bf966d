"""Fixtures of the proof: a catalogue of either kind, a key, a folder of checkpoints, and entries as the archive makes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import Catalogue
from recordings.proof.published import folder_of
from recordings.proof.signer import Signer
from tests.recordings.migrated import Migrated
from tests.recordings.proof.desk import Desk


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, migrated: Migrated, tmp_path: Path) -> str:
    return migrated.sqlite(tmp_path / "archive") if request.param == "sqlite" else migrated.postgresql(request.getfixturevalue("postgres"))


@pytest.fixture
async def desk(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    catalogue = Catalogue(url, writes=True)
    await catalogue.open()
    yield Desk(catalogue, Signer(tmp_path / "keys", "main"), folder_of(tmp_path / "archive"))
    await catalogue.close()
