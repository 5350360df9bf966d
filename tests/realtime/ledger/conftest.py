"""`desk`: a floor with its ledgers, on either backend."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.realtime.ledger.desk import Desk, MemoryDesk, RedisDesk


@pytest.fixture(params=["memory", "valkey"])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    desk: Desk = MemoryDesk() if request.param == "memory" else RedisDesk(request.getfixturevalue("valkey"))
    yield desk
    await desk.close()
