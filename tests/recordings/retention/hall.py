"""A small archive for the tests of keeping: a catalogue of either kind, two vaults, two key stores, a signer, and recordings to let go."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, insert, select

from realtime.plan.archive import ArchiveRules, KeepRule, RetentionClass, Term
from realtime.plan.dialling import Campaign, ContractTerms, Origin
from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import calls, keys, log, recordings
from recordings.crypt import keeping as keyring
from recordings.crypt.ring import PARTS, new_key, wrap
from recordings.crypt.stores import FolderStore, KeyStores
from recordings.proof import publishing
from recordings.proof.entries import Entry
from recordings.proof.signer import Signer
from recordings.recording import recording_id
from recordings.retention.clocks import disposal_month
from recordings.retention.judging import Policy, judged
from recordings.retention.tools import Tools
from recordings.vault.folder import FolderVault, name_of
from recordings.words import Kind, State

ZONE = "Asia/Shanghai"
DAY = 86_400 * SECOND
NOW: Micros = 1_795_823_471 * SECOND  # 2026-11-28
NOISE = hashlib.sha256(b"noise").digest()
LI, WANG, CHEN = "user:li", "user:wang", "local:chen"


def rule(id_: str = "year", **fields: Any) -> KeepRule:
    return KeepRule(id=id_, **{"least": Term(years=1), "origin": Origin(source=("a law",), grade="P"), **fields})


CLASSES = (
    RetentionClass(id="year", rules=(rule(),)),
    RetentionClass(id="consent", rules=(rule("practice", least=Term(years=3), duty=False),)),
    RetentionClass(id="contract", rules=(rule("after", clock="contract_end"),)),
    RetentionClass(id="product", rules=(rule("sold", clock="product_end", dispute=True, dispute_least=Term(years=2)),)),
    RetentionClass(id="debt", rules=(rule("active", clock="last_activity"),)),
    RetentionClass(id="both", rules=(rule("long"), rule("short", least=Term(days=1), most=Term(days=30)))),
)
RULES = ArchiveRules(classes=CLASSES, default="year")
CAMPAIGN = Campaign(id="sales", client="bank", contract=ContractTerms(retention="contract", ends="2024-06-30"))
POLICY = Policy(RULES, {"sales": CAMPAIGN}, ZONE)


class Hall:
    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.catalogue, self.now = catalogue, NOW
        self.vaults = [FolderVault(folder / f"vault{number}", number) for number in (0, 1)]
        self.stores = KeyStores([FolderStore(folder / "keys1"), FolderStore(folder / "keys2")])
        self.signer = Signer(folder / "keys", "main")
        self.signer.make()
        self.policy, self.work = POLICY, folder
        self._count = itertools.count(1)

    @property
    def tools(self) -> Tools:
        clock: Callable[[], Micros] = lambda: self.now  # noqa: E731 - a clock that the tests set
        policy = lambda: self.policy  # noqa: E731
        cut = lambda: publishing.cut(self.catalogue, self.signer, self.work / "checkpoints")  # noqa: E731
        return Tools(self.catalogue, self.stores, self.vaults, policy, self.signer.key, clock, "main", "Andon test", self.work, cut)

    async def add(self, days_ago: int = 400, **fields: Any) -> int:
        """A recording that is kept, with a key, two copies and its entry in the log; as the archivist would have left it."""
        number = next(self._count)
        began = self.now - days_ago * DAY
        id_ = recording_id("hall7", f"{number}.wav", bytes([number % 256]) * 32)
        values = {
            "id": id_,
            "state": State.KEPT.value,
            "node": "hall7",
            "call": f"17958.{number}",
            "began": began,
            "length_ms": 60_000,
            "agent": "1023",
            "agents": "1023,1024",
            "number": "digest-a",
            "number_cipher": b"sealed",
            "number_month": "2025-01",
            "bytes": 10,
            "sha256": bytes([number % 256]) * 32,
            "derived": "opus,peaks",
            "stored_at": began,
            "class_": "year",
            **fields,
        }
        values.setdefault("kept_by", "")
        async with self.catalogue.change() as change:
            made = await change.connection.execute(insert(recordings).values(**values).returning(recordings.c.place))
            place = int(made.scalar_one())
            private = {"agent": "1023", "number": "digest-a"}
            await change.append(Entry(kind=Kind.SEAL, at=began, subject=id_, public={"sha256": "00"}, private=private))
            card = {"node": "hall7", "call": values["call"], "number": ["digest-a", "c2VhbGVk", "2025-01"]}
            line = {
                "node": "hall7",
                "call": values["call"],
                "began": began,
                "standing": "matched",
                "card": msgspec.json.encode(card).decode(),
            }
            await change.connection.execute(insert(calls).values(**line))
        month = await self._stamp(place)
        kek = await keyring.current(self.catalogue, self.stores, values["class_"], month)
        async with self.catalogue.change() as change:
            await keyring.keep_key(change, place, kek.name, wrap(kek.key, new_key()))
        for vault in self.vaults:
            for part in PARTS:
                vault.store(name_of(id_, began, part), [b"noise"], NOISE)
        return place

    async def _stamp(self, place: int) -> str:
        """Its terms, as the archivist reckons them when it seals."""
        async with self.catalogue.change() as change:
            row = await self._row(change, place)
            (found,) = await judged(change.connection, [row], self.policy, self.now)
            kept = found.keeping
            values = {"keep_until": kept.keep_until, "delete_by": kept.delete_by, "kept_by": kept.kept_by, "conflict": kept.conflict}
            await change.connection.execute(recordings.update().where(recordings.c.place == place).values(**values))
        return disposal_month(kept.keep_until, ZONE)

    async def _row(self, change: Change, place: int) -> Any:
        return (await change.connection.execute(select(recordings).where(recordings.c.place == place))).mappings().one()

    async def row(self, place: int) -> Any:
        async with self.catalogue.reading() as connection:
            return (await connection.execute(select(recordings).where(recordings.c.place == place))).mappings().one()

    async def can_be_read(self, place: int) -> bool:
        return await keyring.key_of(self.catalogue, place, self.stores) is not None

    def files(self) -> int:
        return sum(1 for vault in self.vaults for _ in vault.names())

    async def entries(self, kind: Kind) -> list[Any]:
        async with self.catalogue.reading() as connection:
            wanted = select(log.c.subject, log.c.leaf, log.c.private).where(log.c.kind == kind.value).order_by(log.c.index)
            return list((await connection.execute(wanted)).all())

    async def wrapped(self) -> int:
        async with self.catalogue.reading() as connection:
            return int((await connection.execute(select(func.count()).select_from(keys))).scalar_one())
