"""What the archive's handlers share: the catalogue, vaults, keys, clock, how numbers are masked.

Put together once, by `andon/roles/board.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.plan.archive import ArchiveRules
from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt.stores import KeyStores
from recordings.settings import ArchiveSettings
from recordings.vault.port import Vault
from recordings.web.searches import Searches


@dataclass
class Desk:
    """`digest` gives the keyed digest of a number in E.164; `mask` a masked number, or None when its key is gone. `rules` are those in
    force; `floor` the one that the board follows."""

    settings: ArchiveSettings
    catalogue: Catalogue
    clock: Callable[[], Micros]
    digest: Callable[[str], str]
    mask: Callable[[Sealed], str | None]
    rules: Callable[[], ArchiveRules]
    floor: Callable[[], Floor]
    stores: KeyStores
    vaults: Sequence[Vault]
    searches: Searches = field(default_factory=Searches)
