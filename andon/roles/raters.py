"""The demo's archive: its past, and the people who work with it. One process that no real floor runs, behind everything else.

Not what is done (`andon/demo_past.py`, `andon/demo_archive.py`): here are the parts and the clock. It begins when the demo is on its feet.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from andon.roles.work import Work, keys_of, now_us, opened, until

if TYPE_CHECKING:
    from recordings.catalogue.catalogue import Catalogue

START_S: Final = 3.0
"""The wall comes first."""
LOOK_S: Final = 0.5


async def run(work: Work) -> None:
    work.ready("")
    await until(work.stop, _work(work))


async def _work(work: Work) -> None:
    await asyncio.sleep(START_S)
    # Not before: numbers, sound and databases are loaded while somebody already looks at the wall.
    from andon.archive.opened import archive_of, catalogue_of
    from andon.demo_archive import ArchivePeople
    from andon.demo_past import Past, past_calls
    from andon.plan.folder import load
    from recordings.calls.ledger import Ledger
    from recordings.crypt.stores import stores_of
    from recordings.sealing import Sealing
    from recordings.vault.folder import FolderVault
    from recordings.wanted import wanted_of

    settings, seed = work.settings, int(work.options["seed"])
    archive, zone, node = archive_of(settings), settings.floor.timezone, settings.pbx[0].node
    plan = load(Path(settings.floor.plan), zone).plan
    assert plan is not None, "a demo writes a plan without errors"
    sealer, catalogue = keys_of(settings, make=True).sealer(), catalogue_of(settings, writes=True)
    try:
        made = await _made(catalogue)
        people = ArchivePeople(settings, plan, catalogue, seed)
        if not made:
            async with opened(settings) as store:
                vaults = [FolderVault(folder, number) for number, folder in enumerate(archive.vaults)]
                ledger = Ledger(catalogue, store.log, archive.floor, lambda: plan.archive, sealer.digest, now_us)
                past = Past(
                    lambda clock: Sealing(
                        catalogue, vaults, stores_of(archive), lambda: wanted_of(plan), sealer.digest, zone, archive.folder, clock
                    ),
                    ledger,
                    archive.data_dir / "past",
                    node,
                    seed,
                )
                await past.make(past_calls(seed, int(work.options["agents"]), node, now_us(), zone, sealer.seal))
            await people.work()
        await people.go_on()
    finally:
        await catalogue.close()


async def _made(catalogue: Catalogue) -> bool:
    """Waits for the archivist's tables. Whether a life before this one has made the past."""
    from sqlalchemy import func, select

    from realtime.history.port import HistoryAway
    from recordings.catalogue.schema import recordings

    while True:
        try:
            async with catalogue.reading() as connection:
                oldest = (await connection.execute(select(func.min(recordings.c.began)))).scalar_one()
        except HistoryAway:
            await asyncio.sleep(LOOK_S)
            continue
        return oldest is not None and oldest < now_us() - 2 * 86_400 * 1_000_000
