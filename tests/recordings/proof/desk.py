"""What the tests of the proof share: a log that entries are written to as the archive writes them, and checkpoints of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from realtime.words import SECOND
from recordings.catalogue.catalogue import Catalogue
from recordings.proof import publishing
from recordings.proof.entries import Entry
from recordings.proof.publishing import Published, Withheld
from recordings.proof.signer import Signer
from recordings.words import Kind

NOON = 1_795_867_200 * SECOND  # 2026-11-28 12:00 UTC
SOUND = b"RIFF of a talk"
ONE, OTHER = "aaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbb"


@dataclass
class Desk:
    catalogue: Catalogue
    signer: Signer
    folder: Path

    async def seal(self, recording: str = ONE, sound: bytes = SOUND) -> int:
        public = {"sha256": hashlib.sha256(sound).hexdigest(), "bytes": len(sound)}
        return await self.append(
            Entry(kind=Kind.SEAL, at=NOON, subject=recording, public=public, private={"call": "n1:1", "agent": "zhao.min"})
        )

    async def hear(self, recording: str = ONE, who: str = "user:li") -> int:
        private = {"who": who, "why": "投诉 复核", "since_ms": 0, "until_ms": 2500}
        return await self.append(Entry(kind=Kind.ACCESS, at=NOON + SECOND, subject=recording, private=private))

    async def append(self, entry: Entry) -> int:
        async with self.catalogue.change() as change:
            return await change.append(entry)

    async def publish(self, day: int = 0) -> Published:
        made = await self.try_publish(day)
        assert isinstance(made, Published), made
        return made

    async def try_publish(self, day: int = 0) -> Published | Withheld:
        return await publishing.publish(self.catalogue, self.signer, self.folder, NOON + day * 86_400 * SECOND)

    async def withheld(self, day: int = 0) -> Withheld:
        made = await self.try_publish(day)
        assert isinstance(made, Withheld), made
        return made
