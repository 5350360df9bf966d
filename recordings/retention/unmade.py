"""What a redaction wrote and needs no more: it was refused, or its original went another way, between its first step and its second.

Not the redacting (`redacting.py`). The id under which files are written is in the catalogue before the first of them (`announced`), so
whoever comes after a process that was killed knows what to remove; done again it finds nothing. The id is forgotten only when whoever was
writing at that moment has long finished. Of a catalogue that was put back nothing is removed before that is accepted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from sqlalchemy import RowMapping, Select, select, update

from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import recordings
from recordings.crypt.ring import PARTS
from recordings.retention.disposal import DONE, REFUSED
from recordings.retention.tables import disposals, redactions
from recordings.retention.tools import Tools
from recordings.vault.port import Vault, VaultTrouble, name_of
from recordings.words import RecordingId

WRITING: Final[Micros] = 3600 * SECOND
"""Longer than anybody writes one: a day of sound takes minutes."""
ONCE_MOST: Final = 100
"""In one round, the oldest first; the next has its own."""


async def announced(change: Change, run: str, id_: RecordingId) -> None:
    """In the change that still finds it waiting, before a file of it is written."""
    here = (redactions.c.disposal == run) & (redactions.c.made == 0)
    await change.connection.execute(update(redactions).where(here).values(id=id_))


async def clear(tools: Tools) -> int:
    """How many files were removed. A vault that is away has its turn when it is there again."""
    async with tools.catalogue.reading() as connection:
        rows = (await connection.execute(_left())).mappings().all()
    if not rows or await tools.cut():
        return 0
    try:
        removed = await asyncio.to_thread(_removed, tools.vaults, rows)
    except VaultTrouble:
        return 0
    over = [row["disposal"] for row in rows if row["decided_at"] + WRITING <= tools.clock()]
    if over:
        async with tools.catalogue.change() as change:
            here = redactions.c.disposal.in_(over) & (redactions.c.made == 0)
            await change.connection.execute(update(redactions).where(here).values(id=""))
    return removed


def _left() -> Select[tuple[str, str, Micros, Micros]]:
    wanted = select(redactions.c.disposal, redactions.c.id, recordings.c.began, disposals.c.decided_at)
    wanted = wanted.join_from(redactions, disposals, disposals.c.id == redactions.c.disposal)
    wanted = wanted.join(recordings, recordings.c.place == redactions.c.original)
    wanted = wanted.where(redactions.c.made == 0, redactions.c.id != "", disposals.c.standing.in_([REFUSED, DONE]))
    return wanted.order_by(disposals.c.decided_at, disposals.c.id).limit(ONCE_MOST)


def _removed(vaults: Sequence[Vault], rows: Sequence[RowMapping]) -> int:
    """Blocks. Raises VaultTrouble."""
    found = 0
    for vault in vaults:
        vault.check()
        for row in rows:
            found += sum(vault.remove(name_of(row["id"], row["began"], part)) for part in PARTS)
    return found
