"""Fixtures of history: `url` is the address of an empty database, of either kind; `desk` an engine's place with a log and that database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from realtime.history import historian, trimming
from realtime.history.database import sqlite_url
from tests.realtime.history.desk import Desk


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return sqlite_url(tmp_path) if request.param == "sqlite" else str(request.getfixturevalue("postgres").database())


@pytest.fixture
async def desk(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(historian, "LINGER_S", 0.005)
    monkeypatch.setattr(historian, "WAIT_MS", 20)
    monkeypatch.setattr(historian, "AWAY_MOST_S", 0.05)
    monkeypatch.setattr(trimming, "EVERY", 1)
    desk = Desk(url)
    yield desk
    await desk.close()
