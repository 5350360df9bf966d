"""Fixtures of the log: `backend` is either of the two, `mortal` one that may be killed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.realtime.backends import Backend, Memory, Own, Shared


@pytest.fixture(params=["memory", "valkey"])
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    backend: Backend = Memory() if request.param == "memory" else Shared(request.getfixturevalue("valkey"))
    yield backend
    await backend.close()


@pytest.fixture(params=["memory", "valkey"])
async def mortal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Backend]:
    backend: Backend = Memory() if request.param == "memory" else Own(tmp_path_factory.mktemp("own"))
    yield backend
    await backend.close()


@pytest.fixture
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Own]:
    backend = Own(tmp_path_factory.mktemp("own"))
    yield backend
    await backend.close()
