"""A container opened from whichever vault has it whole. Not its format (`crypt/container.py`) and not repair (`fixity.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from recordings.crypt.container import ContainerBad, Opened
from recordings.vault.port import Vault, VaultAway


def opened(vaults: Sequence[Vault], name: str, key: bytes) -> Opened:
    """From the first where header and end are good; a bad chunk within is found when it is read. Raises VaultAway, ContainerBad: the last
    vault's word, when none has it."""
    fault: Exception = VaultAway("There is no vault.")
    for vault in vaults:
        try:
            return Opened(partial(vault.read_at, name), key, vault.size(name))
        except (VaultAway, ContainerBad) as said:
            fault = said
    raise fault
