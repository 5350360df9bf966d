"""Databases that have the archive's tables already: made once a worker by our own migrations, and copied for each test.

That the tables come about in an empty one, and in two processes at once, is looked at in `catalogue/test_tables.py`. Whoever opens a
copy finds it at this version, as nearly every start does.
"""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import pytest

from recordings.catalogue.catalogue import FILE, Catalogue, sqlite_url
from tests.postgres import Cluster


class Migrated:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clusters: dict[Path, str] = {}

    def sqlite(self, folder: Path) -> str:
        """The address of a copy in that folder, as `sqlite_url` gives it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copy(self._file, folder / FILE)
        return sqlite_url(folder)

    def postgresql(self, cluster: Cluster) -> str:
        if cluster.folder not in self._clusters:
            made = cluster.database()
            _make(made)
            self._clusters[cluster.folder] = made
        return cluster.database(self._clusters[cluster.folder])

    @cached_property
    def _file(self) -> Path:
        _make(sqlite_url(self._folder))
        assert [path.name for path in self._folder.iterdir()] == [FILE], "the write-ahead log is folded in"
        return self._folder / FILE


def _make(url: str) -> None:
    """In a thread, for a loop may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(_opened(url))).result()


async def _opened(url: str) -> None:
    catalogue = Catalogue(url, writes=True)
    await catalogue.open()
    await catalogue.close()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    return Migrated(tmp_path_factory.mktemp("migrated"))
