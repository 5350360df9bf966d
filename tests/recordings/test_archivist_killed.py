"""Killed at random moments under load, again and again: every file is in the archive once, whole, and the log proves it; every call
that a floor's log tells of meanwhile stands in the ledger as it must, with its recording or its reason.

Many more: `make soak`. The seed is said where it fails.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import sqlite_url
from tests.recordings.killed import kill_and_look

SEED = random.SystemRandom()


async def test_nothing_is_lost_or_doubled_on_sqlite(tmp_path: Path) -> None:
    await kill_and_look(tmp_path, sqlite_url(tmp_path), 15, SEED.randrange(2**31))


async def test_nothing_is_lost_or_doubled_on_postgresql(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """There a transaction of a life that was killed may be committed after the next one began."""
    await kill_and_look(tmp_path, request.getfixturevalue("postgres").database(), 5, SEED.randrange(2**31))
