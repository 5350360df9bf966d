"""What destroying needs, in one value: where things lie, by which rules, who signs. Not the destroying (`carrying.py`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt.stores import KeyStores
from recordings.proof.note import SigningKey
from recordings.refusals import Remark
from recordings.retention.judging import Policy
from recordings.vault.port import Vault


class Tools(NamedTuple):
    """`policy`: of the plan as it is then, asked for each batch, for many runs take long; `signer` gives the log's key; `tool` is named in
    certificates, with its version; `work`: for what is too large for memory; `cut`: why the log does not go on from what was signed
    before, as after a restore (`proof/publishing.cut`)."""

    catalogue: Catalogue
    stores: KeyStores
    vaults: Sequence[Vault]
    policy: Callable[[], Policy]
    signer: Callable[[], SigningKey]
    clock: Callable[[], Micros]
    floor: str
    tool: str
    work: Path
    cut: Callable[[], Awaitable[Remark | None]]
