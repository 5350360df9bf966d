"""Where discs are made in a test: a catalogue, a vault and a key store of real files, recordings put in by hand, faults on order."""

from __future__ import annotations

import hashlib
import io
import os
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from realtime.plan.archive import ArchiveRules, DiscRules, RetentionClass
from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import keys, log, recordings
from recordings.crypt import container, ring
from recordings.crypt.stores import FolderStore, KeyStores
from recordings.discs import register, store, works
from recordings.discs.burner import Burned, BurnFailed, DriveAway, FileBurner
from recordings.discs.proving import proving
from recordings.discs.rows import DiscRow
from recordings.discs.workroom import Works
from recordings.proof.entries import Entry
from recordings.proof.signer import Signer
from recordings.refusals import Worded
from recordings.vault.folder import FolderVault
from recordings.vault.port import name_of
from recordings.words import Kind, RecordingId, State

NOON = 1_795_867_200 * SECOND  # 2026-11-28 12:00 UTC
DAY = 86_400 * SECOND
MONTH = "2027-05"
IN_MAY = 1_810_000_000 * SECOND  # 2027-05-11
WORN = Worded("image.tool_failed", tool="xorriso", why="the medium is worn")
"""As a drive says it."""
RULES = ArchiveRules(
    classes=(RetentionClass(id="half", name="Half a year", burn=True), RetentionClass(id="own")),
    discs=DiscRules(media="cd"),
)


class Faulty(FileBurner):
    """Does to a disc what `faults` says, one fault for each burning: flip (a byte at a place), cut (to a length), refuse."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.faults: list[tuple[str, int]] = []
        self.burned = 0

    def burn(self, image: Path, disc: str, medium: str) -> Burned:
        fault, where = self.faults.pop(0) if self.faults else ("", 0)
        if fault == "refuse":
            raise BurnFailed("burn.not_burned", disc=disc, why=WORN)
        told = super().burn(image, disc, medium)
        self.burned += 1
        if fault == "flip":
            flip(self.path(disc), where)
        if fault == "cut":
            os.truncate(self.path(disc), where)
        return told


class OneDrive(Faulty):
    """A drive: whatever is asked for, there is one medium in it, `inside`; none: an empty one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.inside = ""

    def path(self, disc: str) -> Path:
        return self.folder / f"{self.inside}.iso"

    def ready(self, disc: str) -> None:
        if self.inside:
            raise DriveAway("drive.not_empty", disc=disc)

    def burn(self, image: Path, disc: str, medium: str) -> Burned:
        self.inside = disc
        return super().burn(image, disc, medium)


def flip(path: Path, where: int) -> None:
    with path.open("r+b") as file:
        file.seek(where)
        byte = file.read(1)
        file.seek(where)
        file.write(bytes([byte[0] ^ 0xFF]))


@dataclass
class Desk:
    catalogue: Catalogue
    folder: Path
    now: Micros = NOON
    rules: ArchiveRules = RULES
    count: int = 0
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.vaults = [FolderVault(self.folder / "vault", 0)]
        self.stores = KeyStores([FolderStore(self.folder / "keys")])
        self.burner = Faulty(self.folder / "burned")
        signer = Signer(self.folder / "signer", "main")
        signer.path.parent.mkdir(exist_ok=True)
        self.works = Works(
            self.catalogue, self.vaults, self.stores, proving(self.catalogue, signer, self.folder / "checkpoints", lambda: self.now),
            self.folder / "discs", self.burner, lambda: self.rules, "main", "Asia/Shanghai", lambda: self.now,
        )  # fmt: skip

    async def put(self, *, size: int = 5_000, keep_until: Micros = IN_MAY, class_: str = "half", **columns: Any) -> str:
        """A recording that is kept: container in the vault, wrapped key, seal in the log. Its id."""
        self.count += 1
        dice = random.Random(self.count)
        sound = dice.randbytes(size)
        id = RecordingId(f"{self.count:020}".translate(str.maketrans("0189", "abcd")))
        began = columns.pop("began", self.now - 10 * DAY + self.count * 60 * SECOND)
        key = ring.new_key()
        out = io.BytesIO()
        sealed = container.seal(io.BytesIO(sound).read, out.write, ring.part_key(key, "sound"), b"about")
        self.vaults[0].store(name_of(id, began, "sound"), [out.getvalue()], sealed.sha256_container)
        kek_name = ring.kek_name(class_, MONTH, 1)
        kek = self.stores.make(kek_name)
        async with self.catalogue.change() as change:
            public = {"sha256": sealed.sha256_plain.hex(), "bytes": size}
            entry = await change.append(Entry(kind=Kind.SEAL, at=self.now, subject=id, public=public, private={"agent": "zhao.min"}))
            values = {
                "id": id, "state": State.KEPT.value, "node": "hall7", "call": f"hall7-{self.count}", "began": began, "length_ms": size,
                "format": "wav", "bytes": size, "sha256": sealed.sha256_plain, "container": sealed.sha256_container,
                "container_bytes": sealed.container_size, "class_": class_, "keep_until": keep_until, "sealed_entry": entry,
                "agent": "zhao.min", "client": "lin", "campaign": "renewals",
            }  # fmt: skip
            made = await change.connection.execute(insert(recordings).values(values | columns).returning(recordings.c.place))
            self.places[id] = made.scalar_one()
            row = {"recording": self.places[id], "kek": kek_name, "wrapped": ring.wrap(kek, key)}
            await change.connection.execute(insert(keys).values(**row))
        return id

    async def gather(self, **more: Any) -> list[str]:
        return [id for id, _ in await register.gather(self.catalogue, self.rules, "Asia/Shanghai", "user:li", self.now, **more)]

    async def do(self, step: str, subject: str, who: str = "user:li") -> str:
        return str(await works.do(self.works, step, subject, who))

    async def burned(self, disc: str) -> None:
        await self.do("burn", disc)
        await self.do("verify", disc)

    async def signed(self, disc: str) -> None:
        await self.burned(disc)
        await register.sign(self.catalogue, disc, "user:li", self.now)
        await register.sign(self.catalogue, disc, "user:wang", self.now)

    async def imaged(self) -> str:
        """One set with its images."""
        (set_id,) = await self.gather()
        await self.do("image", set_id)
        return set_id

    async def disc(self, id: str) -> DiscRow:
        async with self.catalogue.reading() as connection:
            found = await store.disc_of(connection, id)
        assert found is not None
        return found

    async def states(self, set_id: str) -> dict[str, str]:
        async with self.catalogue.reading() as connection:
            return {disc.id.removeprefix(f"{set_id}-"): disc.state for disc in await store.discs_of(connection, set_id)}

    async def change(self, *ids: str, **columns: Any) -> None:
        async with self.catalogue.change() as change:
            await change.connection.execute(update(recordings).where(recordings.c.id.in_(ids)).values(**columns))

    async def dispose(self, *ids: str) -> None:
        """As a disposal does it: no wrapped key, no container, no key of keys."""
        for id in ids:
            async with self.catalogue.change() as change:
                row = (await change.connection.execute(select(recordings).where(recordings.c.id == id))).one()
                await change.connection.execute(delete(keys).where(keys.c.recording == row.place))
            self.vaults[0].remove(name_of(id, row.began, "sound"))
        await self.change(*ids, state=State.DISPOSED.value)
        for name in self.stores.names():
            self.stores.destroy(name)

    async def entries(self, subject: str) -> list[str]:
        async with self.catalogue.reading() as connection:
            rows = await connection.execute(select(log.c.leaf).where(log.c.subject == subject).order_by(log.c.index))
            return [row.leaf.split('"step":"')[1].split('"')[0] for row in rows]

    def image(self, set_id: str, number: int = 1) -> Path:
        return self.works.image_of(set_id, number)

    async def image_on(self, disc: str) -> str:
        """SHA-256 of the image on a disc, without the mark behind it."""
        with self.burner.path(disc).open("rb") as file:
            return hashlib.sha256(file.read((await self.disc(disc)).image_bytes)).hexdigest()


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def has_xorriso() -> bool:
    return shutil.which("xorriso") is not None


both = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
