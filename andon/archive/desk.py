"""The archive's desk, put together for a board: what its routes share. Not the board (`andon/roles/board.py`)."""

from __future__ import annotations

from collections.abc import Callable

from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.plan.archive import ArchiveRules
from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt.stores import stores_of
from recordings.settings import ArchiveSettings
from recordings.vault.folder import FolderVault
from recordings.web.desk import Desk


def desk_of(
    settings: ArchiveSettings,
    catalogue: Catalogue,
    clock: Callable[[], Micros],
    digest: Callable[[str], str],
    mask: Callable[[Sealed], str | None],
    floor: Callable[[], Floor],
) -> Desk:
    """Opens nothing: a board starts without an archive."""

    def rules() -> ArchiveRules:
        return floor().owned.plan.archive

    vaults = tuple(FolderVault(folder, number, fresh=False) for number, folder in enumerate(settings.vaults))
    return Desk(settings, catalogue, clock, digest, mask, rules, floor, stores_of(settings), vaults)
