"""Fixtures of keeping: `hall` is a small archive over an empty database, of either kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from recordings.catalogue.catalogue import Catalogue
from tests.recordings.catalogue.conftest import catalogue, url
from tests.recordings.retention.hall import Hall

__all__ = ["catalogue", "url"]


@pytest.fixture
def hall(catalogue: Catalogue, tmp_path: Path) -> Hall:
    return Hall(catalogue, tmp_path)
