"""One engine a floor: business days, deadlines, checkpoints. PLACE FOR THE ENGINE: `realtime.engine` is wired here."""

from __future__ import annotations

from pathlib import Path

from andon.roles.work import Work, only_one


async def run(work: Work) -> None:
    with only_one(Path(work.settings.data.dir), "engine"):
        work.ready("")
        await work.stop.wait()
