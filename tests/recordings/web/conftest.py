"""Fixtures of the archive's addresses: `house` with raters, on an empty database of either kind. A file with other rules has its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from realtime.plan.archive import ArchiveRules
from tests.recordings.catalogue.conftest import url
from tests.recordings.web.archive_house import ArchiveHouse, archive_house, planned
from tests.recordings.web.raters import RULES

__all__ = ["url"]


@pytest.fixture
async def house(tmp_path: Path, url: str) -> AsyncIterator[ArchiveHouse]:
    """With a call of agent 1001, `first`."""
    rules = ArchiveRules(quality=RULES, hear_own=True)
    async with archive_house(tmp_path, plan=planned(rules), url=url) as running:
        await running.put("first", agent="1001")
        yield running
