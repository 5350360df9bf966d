"""The floor of an earlier moment over the API: as it was then, for who may look back, and a sentence where history does not reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtime.words import SECOND
from tests.realtime.memory_history import MemoryHistory
from tests.wallboard.test_records import a_morning, get, house_of
from wallboard.authorise import Role

PATH = "/api/floor/at"


async def test_the_floor_as_it_was(tmp_path: Path) -> None:
    story = a_morning()
    history = MemoryHistory(story.told)
    async with house_of(tmp_path, story, history) as house:
        at = story.told[-1].at
        told = await get(house, PATH, at=str(at / SECOND))
        assert (told["time"], told["position"]) == (at / SECOND, "")
        (queue,) = told["queues"]
        assert (queue["offered"], queue["answered"], queue["abandoned"]) == (
            story.day().offered,
            story.day().answered,
            story.day().abandoned,
        )
        early = await get(house, PATH, at=str(story.told[0].at / SECOND))
        assert not early["calls"]
        refused = await get(house, PATH, status=404, at="1000")
        assert "History reaches from" in refused["message"]
        history.away = True
        assert (await get(house, PATH, status=503, at=str(at / SECOND)))["error"] == "history_away"
        await get(house, PATH, Role.SCREEN, 403, at="1000")


@pytest.mark.parametrize("at", ["nan", "inf", "-1", "1e300", "yesterday", ""])
async def test_what_is_no_moment_is_refused(tmp_path: Path, at: str) -> None:
    async with house_of(tmp_path, a_morning(), MemoryHistory()) as house:
        assert (await get(house, PATH, status=400, at=at))["error"] == "query_invalid"


async def test_where_no_history_is_kept(tmp_path: Path) -> None:
    async with house_of(tmp_path, a_morning(), None) as house:
        assert (await get(house, PATH, status=404, at="1000"))["error"] == "no_history"
