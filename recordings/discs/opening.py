"""The workroom of these settings: which vaults, keys, folders and drive. For the archivist and for the command line."""

from __future__ import annotations

from collections.abc import Callable

from realtime.plan.archive import ArchiveRules
from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt.stores import stores_of
from recordings.discs.burner import Burner, FileBurner
from recordings.discs.drive import DriveBurner
from recordings.discs.proving import proving
from recordings.discs.workroom import Works
from recordings.proof.published import folder_of
from recordings.proof.signer import Signer
from recordings.settings import ArchiveSettings
from recordings.vault.folder import FolderVault


def works_of(settings: ArchiveSettings, catalogue: Catalogue, rules: Callable[[], ArchiveRules], clock: Callable[[], Micros]) -> Works:
    """Opens nothing. Raises ValueError where there is no store for keys."""
    folder = settings.discs or settings.folder / "discs"
    burner: Burner = DriveBurner(settings.burner) if settings.burner else FileBurner(folder / "burned")
    return Works(
        catalogue=catalogue,
        vaults=tuple(FolderVault(path, number, fresh=False) for number, path in enumerate(settings.vaults)),
        keys=stores_of(settings),
        proving=proving(catalogue, Signer(settings.data_dir / "keys", settings.floor), folder_of(settings.folder), clock),
        folder=folder,
        burner=burner,
        rules=rules,
        floor=settings.floor,
        timezone=settings.timezone,
        clock=clock,
    )
