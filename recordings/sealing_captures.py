"""What the catalogue remembers of files in the spools: those that are sealed and still there, those that were odd, those that wait long.

Not the recordings that they become (`sealing.py`) and not what a sweep sees (`spool/`). A file's name is kept as a keyed digest, and beside
it as people may see it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final, NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import SECOND, Micros
from recordings.catalogue.batches import by
from recordings.catalogue.schema import captures, recordings
from recordings.spool.found import Found, shown
from recordings.words import State

WAITING, TAKEN, REFUSED, GONE = "waiting", "taken", "refused", "gone"
GONE_KEPT: Final[Micros] = 30 * 86_400 * SECOND
"""So long a file that was odd and is gone is still listed: until the month's look at what was odd."""
KNOWN_MOST: Final = 100_000
"""Lines read at the start: half of what a sweep sees at most. A file beyond is looked at once more, which does no harm."""
AT_ONCE: Final = 500
"""Names in one statement. A spool that somebody cleared may have had a hundred thousand."""


class Known(NamedTuple):
    """A file that is settled, as long as it stays the same."""

    size: int
    changed: Micros
    standing: str
    recording: str

    def same(self, found: Found) -> bool:
        return (self.size, self.changed) == (found.size, found.changed)


def capture_name(digest: Callable[[str], str], name: str) -> str:
    """Of the whole path, hashed first: the floor's digest looks at 128 characters."""
    return digest(hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest())


async def put_capture(
    connection: AsyncConnection,
    node: str,
    digest: Callable[[str], str],
    found: Found,
    standing: str,
    recording: str,
    now: Micros,
) -> None:
    """In place of what was known of it."""
    key = {"node": node, "name": capture_name(digest, found.name)}
    trouble = found.trouble.value if found.trouble is not None else ""
    row = {"size": found.size, "changed": found.changed, "standing": standing, "trouble": trouble, "recording": recording}
    here = (captures.c.node == key["node"]) & (captures.c.name == key["name"])
    done = await connection.execute(update(captures).where(here).values(**row))
    if done.rowcount == 0:
        await connection.execute(insert(captures).values(**key, **row, shown=shown(found.name), first_seen=now))


async def forget_captures(connection: AsyncConnection, recording: str) -> None:
    await connection.execute(delete(captures).where(captures.c.recording == recording))


async def known_captures(connection: AsyncConnection, node: str) -> dict[str, Known]:
    """By name's digest: what need not be opened again."""
    columns = (captures.c.name, captures.c.size, captures.c.changed, captures.c.standing, captures.c.recording)
    wanted = (captures.c.node == node) & captures.c.standing.in_([TAKEN, REFUSED, WAITING])
    found = await connection.execute(select(*columns).where(wanted).limit(KNOWN_MOST))
    return {row.name: Known(row.size, row.changed, row.standing, row.recording) for row in found}


async def left_captures(connection: AsyncConnection, node: str, names: list[str]) -> None:
    """Of recordings that are kept, and could not be removed from the spool; somebody else has removed them. Of what is not kept yet they
    say where its file was."""
    sealed = recordings.c.state.in_([State.CAPTURED.value, State.STORED.value])
    begun = select(recordings.c.id).where(recordings.c.id == captures.c.recording, sealed).exists()
    for some in by(AT_ONCE, names):
        here = (captures.c.node == node) & captures.c.name.in_(some) & (captures.c.standing == TAKEN) & ~begun
        await connection.execute(delete(captures).where(here))


async def gone_captures(connection: AsyncConnection, node: str, names: list[str], now: Micros) -> None:
    """Refused or waiting before, and not there any more; what has been gone for long is forgotten."""
    for some in by(AT_ONCE, names):
        here = (captures.c.node == node) & captures.c.name.in_(some) & (captures.c.standing != TAKEN)
        await connection.execute(update(captures).where(here).values(standing=GONE, first_seen=now))
    old = (captures.c.standing == GONE) & (captures.c.first_seen < now - GONE_KEPT)
    await connection.execute(delete(captures).where(old))
