"""One recording checked for a terminal: its entries in the log, and its copies in the vaults byte for byte.

Not the whole log (`recordings/proof/verifying.py`) and not the rounds through the vaults (`recordings/vault/fixity.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue import tree
from recordings.catalogue.schema import log, recordings
from recordings.proof import merkle
from recordings.proof.bundle import NotInLog
from recordings.proof.forgotten import lawful
from recordings.proof.verifying import hash_of, leaf_of, octets, wrongs
from recordings.settings import ArchiveSettings
from recordings.vault.folder import FolderVault
from recordings.vault.port import NotInVault, VaultTrouble, name_of
from recordings.words import Kind, State

Line = tuple[bool, str]


class Copies(NamedTuple):
    """What is to be in each vault: `container` empty where nothing is."""

    id: str
    state: str
    name: str
    container: bytes


async def sealed(connection: AsyncConnection, ids: Sequence[str]) -> None:
    """Raises NotInLog."""
    found = select(log.c.subject).where(log.c.subject.in_(ids), log.c.kind == Kind.SEAL.value)
    missing = set(ids) - set((await connection.execute(found)).scalars())
    if missing:
        raise NotInLog("proof.no_seal.find", recording=min(missing))


async def looked_at(connection: AsyncConnection, id_: str) -> list[Line]:
    """Its entries, each by itself and in the tree as it is now; and that the table says what was sealed. Raises NotInLog."""
    await sealed(connection, [id_])
    size, root = await tree.root(connection)
    columns = (log.c.index.label("place"), log.c.at, log.c.kind, log.c.subject, log.c.leaf, log.c.hash, log.c.private, log.c.salt)
    rows = (await connection.execute(select(*columns).where(log.c.subject == id_).order_by(log.c.index))).all()
    gone: dict[int, object] = {row.place: row.subject for row in rows if row.private is None}
    unsaid = gone.keys() - await lawful(connection, gone)
    lines: list[Line] = []
    for row in rows:
        if row.place >= size:
            continue  # came just now
        found = list(wrongs(row))
        path = await tree.inclusion(connection, row.place, size)
        if not merkle.verify_inclusion(hash_of(row), row.place, size, path, root):
            found.append("it is not in the tree")
        if row.place in unsaid:
            found.append("its private part is gone, and no later entry says that it was forgotten")
        lines.append((not found, f"entry {row.place} of {size}, {row.kind}" + (f": {'; '.join(found)}" if found else " is in the log")))
    of_table = (await connection.execute(select(recordings.c.sha256, recordings.c.bytes).where(recordings.c.id == id_))).one_or_none()
    seal = next((leaf for row in rows if row.kind == Kind.SEAL.value and (leaf := leaf_of(row)) is not None), None)
    if of_table is None:
        return [*lines, (False, f"{id_} was sealed and is not in the table of recordings")]
    if seal is None:
        return [*lines, (False, f"nothing can say which SHA-256 of {id_} was sealed: the entry of its seal cannot be read")]
    sealed_as = seal["public"].get("sha256")
    same = octets(of_table.sha256).hex() == sealed_as
    return [*lines, (same, f"the table says {'what' if same else 'another SHA-256 than'} was sealed: {sealed_as}")]


async def copies_of(connection: AsyncConnection, id_: str) -> Copies:
    columns = (recordings.c.state, recordings.c.began, recordings.c.container)
    row = (await connection.execute(select(*columns).where(recordings.c.id == id_))).one_or_none()
    if row is None:
        return Copies(id_, "", "", b"")
    return Copies(id_, row.state, name_of(id_, row.began, "sound"), octets(row.container))


def compared(archive: ArchiveSettings, copies: Copies) -> list[Line]:
    """Blocks: reads them whole."""
    gone = copies.state == State.DISPOSED.value
    if not copies.container or copies.state == State.CAPTURED.value:
        return [(True, f"it is {copies.state or 'unknown'}: no copy is in a vault yet")]
    return [_compared(FolderVault(path, number, fresh=False), copies, gone) for number, path in enumerate(archive.vaults)]


def _compared(vault: FolderVault, copies: Copies, gone: bool) -> Line:
    where = f"copy in vault {vault.number}"
    try:
        digest = vault.digest(copies.name)
    except NotInVault:
        lawful = gone or copies.state == State.LOST.value
        return lawful, f"{where}: it is not there" + (f", as it is {copies.state}" if lawful else "")
    except VaultTrouble as error:
        return False, f"{where}: {error}"
    if copies.state == State.LOST.value:
        return True, f"{where}: what is left of it is there; it goes by a disposal, since the recording is lost"
    if gone:
        return False, f"{where}: it is still there, and the recording is {copies.state}"
    return digest == copies.container, f"{where}: {'byte for byte what was stored' if digest == copies.container else 'it was changed'}"
