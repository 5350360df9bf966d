"""Fixtures of keeping, over an empty database of either kind: `hall` is a small archive, `house` one of real parts all the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import Catalogue
from tests.recordings.catalogue.conftest import catalogue, url
from tests.recordings.retention.hall import Hall
from tests.recordings.retention.house import House

__all__ = ["catalogue", "url"]


@pytest.fixture
def hall(catalogue: Catalogue, tmp_path: Path) -> Hall:
    return Hall(catalogue, tmp_path)


@pytest.fixture
async def house(url: str, tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path, url)
    await made.catalogue.open()
    yield made
    await made.catalogue.close()
