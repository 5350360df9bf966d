"""Recordings with two audible voices, really sealed into the archive of a running board: what a player can play.

async with heard_house(tmp_path, plan) as heard:
    one = await heard.call(seed=1, seconds=40, agent="1001")
"""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from andon.voices import Samples, conversation, write_wav
from realtime.plan.archive import ArchiveRules, KeepRule, RetentionClass, Term
from realtime.words import SECOND, Micros
from recordings.calls.linking import Link
from recordings.recording import CallCard
from recordings.sealing import Sealing, Wanted
from recordings.sealing_files import as_captured
from recordings.spool.pairing import groups
from recordings.spool.sweep import sweep
from recordings.vault.folder import FolderVault
from tests.recordings.web.archive_house import NODE, ArchiveHouse, archive_house, planned

CLASS = RetentionClass(id="half-year", name="Half a year", rules=(KeepRule(id="own", least=Term(months=6)),))


@dataclass
class Heard:
    house: ArchiveHouse
    sealing: Sealing
    spool: Path

    async def call(
        self,
        seed: int,
        seconds: float,
        *,
        agent: str = "1001",
        queue: str = f"{NODE}/sales",
        number: str = "+8613812340148",
        ago_s: float = 600,
        holds: tuple[tuple[float, float], ...] = (),
        paused: tuple[tuple[float, float], ...] = (),
        transfers: tuple[float, ...] = (),
        legs: tuple[Samples, ...] = (),
    ) -> str:
        """Its id. Spans in seconds of the call; `legs`: a sound of the test's own in place of two voices; of one, a mixed file."""
        began = self.house.now - int(ago_s * SECOND)
        name = f"{began // SECOND}.{seed}"
        legs = legs or conversation(seed, seconds)
        for side, leg in zip(("-rx", "-tx") if len(legs) > 1 else ("",), legs, strict=True):
            path = write_wav(self.spool / f"{name}{side}.wav", leg)
            os.utime(path, (began / SECOND + seconds,) * 2)  # its last byte came when the call ended

        def span(pair: tuple[float, float]) -> tuple[Micros, Micros]:
            return (began + int(pair[0] * SECOND), began + int(pair[1] * SECOND))

        card = CallCard(
            node=NODE,
            call=name,
            began=began,
            answered=began,
            ended=began + int(seconds * SECOND),
            direction="inbound",
            agent=agent,
            agents=(agent,) if agent else (),
            queue=queue,
            number=self.house.sealer.seal(number, began),
            legs=(name,),
            recorded=(name,),
            holds=tuple(map(span, holds)),
            paused={name: tuple(map(span, paused))},
            transfers=tuple(began + int(at * SECOND) for at in transfers),
        )
        seen = {found.name: found for found in sweep(self.spool).files}
        (group,) = groups(seen)
        with as_captured(self.spool, group, seen, threading.Event()) as files:
            return str((await self.sealing.whole(NODE, files, Link(card, name, "uniqueid"))).id)


@asynccontextmanager
async def heard_house(path: Path, rules: ArchiveRules | None = None) -> AsyncIterator[Heard]:
    rules = rules or ArchiveRules(classes=(CLASS,), default=CLASS.id)
    async with archive_house(path, plan=planned(rules)) as house:
        settings, desk = house.desk.settings, house.desk
        for folder in (*settings.vaults, *settings.keys, path / "spool", path / "work"):
            folder.mkdir(parents=True, exist_ok=True)
        vaults = [FolderVault(folder, number) for number, folder in enumerate(settings.vaults)]
        sealing = Sealing(
            house.catalogue,
            vaults,
            desk.stores,
            lambda: Wanted(rules, lambda _name: None),
            house.sealer.digest,
            "Asia/Shanghai",
            path / "work",
            lambda: house.now,
        )
        yield Heard(house, sealing, path / "spool")
