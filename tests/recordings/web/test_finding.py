"""Recordings found over HTTP, on a running board."""

from __future__ import annotations

from pathlib import Path

from tests.recordings.web.archive_house import archive_house
from wallboard.authorise import Role


async def test_a_board_without_an_archive_serves_its_floor_and_says_so(tmp_path: Path) -> None:
    async with archive_house(tmp_path, made=False) as house:
        chen = await house.signed_in("chen", Role.LEADER)
        assert (await house.get("/api/floor", chen))["agents"]
        refused = await house.get("/api/quality/scores", chen, 503)
        assert refused["error"] == "archive_away"
