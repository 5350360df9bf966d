"""The archive of these settings: where its database, vaults and keys are. For the roles and for `andon recordings`."""

from __future__ import annotations

from pathlib import Path

from andon.settings import Settings
from recordings.catalogue.catalogue import Catalogue, catalogue_url
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
