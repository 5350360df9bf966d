"""An archive of real parts in a folder, for tests: spool, vaults, keys, catalogue, and the sealing over them."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from realtime.plan.archive import ArchiveRules, KeepRule, RetentionClass, Term
from realtime.words import SECOND
from recordings.calls.linking import Link
from recordings.catalogue.catalogue import Catalogue
from recordings.crypt.container import Opened
from recordings.crypt.keeping import key_of
from recordings.crypt.ring import Part, part_key
from recordings.crypt.stores import FolderStore, KeyStores
from recordings.sealing import Line, Sealing
from recordings.sealing_files import as_captured
from recordings.spool.pairing import groups
from recordings.spool.sweep import sweep
from recordings.vault.folder import FolderVault
from recordings.vault.port import Vault, name_of
from recordings.wanted import Wanted

AT = 1_795_000_000 * SECOND
RULES = ArchiveRules(classes=(RetentionClass(id="five", rules=(KeepRule(id="tsr", least=Term(years=5)),)),), default="five")
NODE = "hall7"


def digest(text: str) -> str:
    """As the floor's sealer gives it: 32 characters."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Archive:
    """The parts that sealing stands on, real ones in a folder."""

    def __init__(self, folder: Path, url: str, vaults: int = 1, spool: Path | None = None, stores: KeyStores | None = None) -> None:
        self.spool = spool or folder / "spool"
        self.spool.mkdir(exist_ok=True)
        self.catalogue = Catalogue(url, writes=True)
        self.vaults: list[Vault] = [FolderVault(folder / f"vault{number}", number) for number in range(vaults)]
        if stores is None:
            (folder / "keys").mkdir(exist_ok=True)
        self.stores = stores or KeyStores([FolderStore(folder / "keys")])
        self.sealing = Sealing(
            self.catalogue,
            self.vaults,
            self.stores,
            lambda: Wanted(RULES, lambda _name: None),
            self.digest,
            "Asia/Shanghai",
            folder,
            lambda: AT,
        )

    def digest(self, text: str) -> str:
        return digest(text)

    async def take(self, link: Link | None = None, node: str = NODE, taken: str = "") -> list[Line]:
        """Everything that is in the spool."""
        seen = {found.name: found for found in sweep(self.spool).files}
        done = []
        for group in groups(seen):
            with as_captured(self.spool, group, seen, threading.Event()) as files:
                done.append(await self.sealing.whole(node, files, link, taken))
        return done

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        async with self.catalogue.reading() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]

    async def original(self, line: Line, part: Part = "sound", vault: int = 0) -> bytes:
        key = await key_of(self.catalogue, line.place, self.stores)
        assert key is not None
        name = name_of(line.id, line.began, part)
        opened = Opened(lambda at, length: self.vaults[vault].read_at(name, at, length), part_key(key, part))
        return opened.read(0, opened.size)
