"""The fixtures of the catalogue, and two folders of keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from recordings.crypt.stores import FolderStore, KeyStores
from tests.recordings.catalogue.conftest import catalogue, url

__all__ = ["catalogue", "url"]


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "one", tmp_path / "two"


@pytest.fixture
def stores(folders: tuple[Path, Path]) -> KeyStores:
    return KeyStores([FolderStore(each) for each in folders])
