"""The archive of these settings: where its database, vaults and keys are. For the roles and for `andon recordings`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

from andon.settings import Settings
from realtime.history.database import BadDatabase
from realtime.history.port import HistoryAway
from recordings.catalogue.catalogue import FILE, Catalogue, catalogue_url
from recordings.settings import ArchiveSettings, Spool

FILE_URL = "file://"


def archive_of(settings: Settings) -> ArchiveSettings:
    table, data = settings.archive, Path(settings.data.dir)
    said = settings.data.archive.reveal()
    first = Path(said.removeprefix(FILE_URL)) if said else data / "archive" / "vault"
    second = (Path(table.second),) if table.second else ()
    keys = (Path(table.keys) if table.keys else data / "keys" / "archive", *((Path(table.second_keys),) if table.second_keys else ()))
    return ArchiveSettings(
        floor=settings.floor.name,
        timezone=settings.floor.timezone,
        data_dir=data,
        database=settings.data.database.reveal(),
        spools=tuple(Spool(pbx.node, Path(pbx.spool)) for pbx in settings.pbx if pbx.spool),
        vaults=(first, *second),
        keys=() if table.key_command else keys,
        key_command=table.key_command,
        settle_s=table.settle_s,
        free_gb=table.free_gb,
        free_share=table.free_share,
        discs=Path(table.discs) if table.discs else data / "archive" / "discs",
        burner=table.burner,
    )


def catalogue_of(settings: Settings, *, writes: bool = False) -> Catalogue:
    """The connection is made when something is asked; the tables are the archivist's to make (`Catalogue.open`). Raises BadDatabase."""
    return Catalogue(catalogue_url(archive_of(settings)), writes=writes)


def tool() -> str:
    """As certificates name it."""
    try:
        return f"Andon {version('andon-floor')}"
    except PackageNotFoundError:  # run from a source tree that nobody installed
        return "Andon"


T = TypeVar("T")


class NoArchive(Exception):
    """There is no catalogue that could be asked: one sentence."""


def with_catalogue(settings: Settings, ask: Callable[[Catalogue], Awaitable[T]], *, writes: bool = False) -> T:
    """For commands, which end when they have been answered. Raises NoArchive.

    A file that is not there is told before anybody connects: the connection's thread (aiosqlite) would else report its failure to a loop
    that is over, as a traceback on the terminal."""
    file = archive_of(settings).folder / FILE
    if not settings.data.database and not file.exists():
        raise NoArchive(f"There is no archive in {file} yet: andon archivist makes it; check data.dir and its rights.")

    async def asked() -> T:
        catalogue = catalogue_of(settings, writes=writes)
        try:
            return await ask(catalogue)
        finally:
            await catalogue.close()

    try:
        return asyncio.run(asked())
    except (HistoryAway, BadDatabase) as fault:
        raise NoArchive(str(fault)) from fault
