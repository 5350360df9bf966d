"""The line against Asterisk 22, in a file of its own so that the two releases run side by side."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.line.line import whole_line


@pytest.mark.asterisk
async def test_the_floor_agrees_with_asterisk_22(tmp_path: Path) -> None:
    await whole_line("sid", tmp_path)
