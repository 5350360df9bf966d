"""Vaults recognised, and a container from whichever of them has it whole.

Not a container's format (`crypt/container.py`) and not repair (`fixity.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import select

from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import copies
from recordings.crypt.container import ContainerBad, Opened
from recordings.vault.folder import FolderVault
from recordings.vault.port import Vault, VaultAway


async def recognise(catalogue: Catalogue, vaults: Sequence[FolderVault]) -> None:
    """One that the catalogue knows copies in is not made anew where it is missing: its disk is not mounted."""
    async with catalogue.reading() as connection:
        for vault in vaults:
            known = select(copies.c.vault).where(copies.c.vault == vault.number).limit(1)
            vault.fresh = (await connection.execute(known)).first() is None


def opened(vaults: Sequence[Vault], name: str, key: bytes) -> Opened:
    """From the first where header and end are good; a bad chunk within is found when it is read. Raises VaultAway, ContainerBad: the last
    vault's word, when none has it."""
    fault: Exception = VaultAway("vault.none")
    for vault in vaults:
        try:
            return Opened(partial(vault.read_at, name), key, vault.size(name))
        except (VaultAway, ContainerBad) as said:
            fault = said
    raise fault
