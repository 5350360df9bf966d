"""An archive of real parts with two vaults, two people and a signer, for tests that walk through several ways of letting go; and what
a stranger verifies of it."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select

from realtime.facts import Sealed
from realtime.plan.archive import ArchiveRules, KeepRule, RetentionClass, Term
from realtime.words import SECOND
from recordings.calls.linking import Link
from recordings.catalogue.asked import Reach
from recordings.catalogue.schema import checkpoints, log, recordings
from recordings.proof import note, publishing, verify_bundle, verifying
from recordings.proof.bundle import Signed, gather, pack
from recordings.proof.published import Published
from recordings.proof.publishing import daily
from recordings.proof.signer import Signer
from recordings.recording import CallCard
from recordings.retention import carrying, disposal, redaction
from recordings.retention.holds import Matter
from recordings.retention.judging import Policy
from recordings.retention.redaction import Wish
from recordings.retention.tools import Tools
from recordings.sealing import Line
from recordings.words import Kind
from tests.recordings.archives import AT, NODE, Archive
from tests.recordings.retention.hall import LI, WANG
from tests.recordings.sounds import leave, tone, wav

CONSENT = RetentionClass(id="consent", rules=(KeepRule(id="practice", least=Term(years=3), duty=False),))
FIVE = RetentionClass(id="five", rules=(KeepRule(id="tsr", least=Term(years=5)),))
POLICY = Policy(ArchiveRules(classes=(FIVE, CONSENT), default="five"), {}, "Asia/Shanghai")
DISPUTED = RetentionClass(id="five", rules=(KeepRule(id="tsr", least=Term(years=5), dispute=True),))
DISPUTES = Policy(ArchiveRules(classes=(DISPUTED,), default="five"), {}, "Asia/Shanghai")
NOW = AT + 3600 * SECOND
SPANS = [(1_000, 1_750), (3_000, 3_200)]
ALL = Reach(None, True)
MATTER = Matter(name="Li v. Bank X", custodian="Legal")


class House(Archive):
    """An archive with two vaults, two people, a signer."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, url, vaults=2)
        self.folder, self.now = folder, NOW
        self.signer = Signer(folder / "signing", "main")
        self.signer.make()
        self.count = 0

    @property
    def tools(self) -> Tools:
        cut = lambda: publishing.cut(self.catalogue, self.signer, self.folder / "published")  # noqa: E731
        clock = lambda: self.now  # noqa: E731
        return Tools(
            self.catalogue, self.stores, self.vaults, lambda: POLICY, self.signer.key, clock, "main", "Andon test", self.folder, cut
        )

    async def call(self, files: dict[str, bytes] | None = None) -> Line:
        """One that was answered by 1023, of a customer whose number's digest is `digest-a`."""
        self.count += 1
        id_ = f"1795000000.{self.count}"
        for end, data in (files or {".wav": wav(tone(5.0, seed=self.count))}).items():
            leave(self.spool / f"{id_}{end}", data)
        number = Sealed("digest-a", b"sealed", "2026-11")
        more: dict[str, Any] = {"agent": "1023", "agents": ("1023", "1024"), "queue": "sales", "number": number}
        card = CallCard(node=NODE, call=id_, began=AT, answered=AT, ended=AT + 5 * SECOND, **more)
        (line,) = await self.take(Link(card, id_, "named"))
        return line

    async def row(self, id_: str) -> Any:
        (found,) = [row for row in await self.rows(recordings) if row["id"] == id_]
        return found

    async def propose(self, line: Line, id_: str = "r-1", who: str = LI) -> redaction.Proposed:
        wish = Wish(line.id, SPANS, "ticket 7")
        return await redaction.propose(self.catalogue, id_, wish, who, "Asia/Shanghai", self.now)

    async def approve(self, id_: str = "r-1", who: str = WANG) -> str:
        return await disposal.approve(self.catalogue, id_, who, self.now)

    async def carry_out(self) -> carrying.Carried:
        (done,) = await carrying.carry_out(self.tools, "archivist")
        return done

    async def run(self, id_: str = "r-1") -> Any:
        async with self.catalogue.reading() as connection:
            return await disposal.one(connection, id_)

    async def into(self, id_: str = "r-1") -> Line:
        """What took its place."""
        async with self.catalogue.reading() as connection:
            made = (await redaction.told_of(connection, [id_]))[id_].into
        line = await self.sealing.line(made)  # type: ignore[arg-type]
        assert line is not None
        return line

    async def entries(self, kind: Kind) -> list[dict[str, Any]]:
        return [json.loads(row["leaf"]) for row in await self.rows(log) if row["kind"] == kind.value]

    def files(self, id_: str) -> int:
        return sum(1 for vault in self.vaults for name in vault.names() if f"/{id_}." in name)

    async def findings(self) -> list[str]:
        """What `andon recordings verify` says is wrong: a checkpoint is signed, then the whole log looked through."""
        await daily(self.catalogue, self.signer, self.folder / "published", self.now)
        keys = [self.signer.key().verifier]
        return (await verifying.look(self.catalogue, Published(self.folder / "published"), keys, lambda at, of: None)).findings

    async def proven(self, id_: str) -> str:
        """What a stranger's plain Python says of its bundle; after `findings`, which signs the checkpoint."""
        key = self.signer.key().verifier
        async with self.catalogue.reading() as connection:
            text = (await connection.execute(select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1))).scalar_one()
            files = await gather(connection, [id_], Signed(note.verify(text, [key]), text, [key]))
        (self.folder / f"{id_}.zip").write_bytes(pack(files, self.now))
        return await asyncio.to_thread(_stranger, self.folder, f"{id_}.zip", str(key))


def _stranger(folder: Path, *arguments: str) -> str:
    shutil.copy(verify_bundle.__file__, folder)
    command = [sys.executable, "-I", "-S", "verify_bundle.py", arguments[0], "--vkey", arguments[1]]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=60, encoding="utf-8")
    return done.stdout if done.returncode == 0 else f"NO: {done.stdout}{done.stderr}"
