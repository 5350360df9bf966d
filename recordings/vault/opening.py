"""Vaults recognised, and a container from whichever of them has it whole, or has that stretch of it.

Not a container's format (`crypt/container.py`) and not repair (`fixity.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import count

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


class AnyCopy:
    """A container in several vaults as one: a stretch that one copy does not give whole is read from the next, so that who listens does
    not wait for fixity. Blocks. Raises VaultAway, ContainerBad: the last vault's word, when none has it."""

    def __init__(self, vaults: Sequence[Vault], name: str, key: bytes) -> None:
        self._vaults, self._name, self._key = list(vaults), name, key
        self._fault: Exception = VaultAway("vault.none")
        self._copies: list[Opened] = []
        self._open_one_more()
        self.size = self._copies[0].size

    def read(self, offset: int, length: int) -> bytes:
        for number in count():
            if number == len(self._copies):
                self._open_one_more()
            try:
                return self._copies[number].read(offset, length)
            except (VaultAway, ContainerBad) as said:
                self._fault = said
        raise AssertionError("no copy is left, which was raised before")

    def _open_one_more(self) -> None:
        while self._vaults:
            vault = self._vaults.pop(0)
            try:
                found = opened([vault], self._name, self._key)
            except (VaultAway, ContainerBad) as said:
                self._fault = said
                continue
            if not self._copies or found.size == self._copies[0].size:
                return self._copies.append(found)
        raise self._fault
