"""Who heard what: a listen is begun with a reason, and what was heard of it is told; both are entries of the log.

Not the sound (`web/playing.py`). A listen that was begun stands for the whole recording until spans are told: who takes the sound and
tells nothing has heard all of it. A listen is good for some hours and for the one who began it.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import accesses, recordings
from recordings.proof.entries import Entry
from recordings.words import Kind

LASTS: Micros = 4 * 3600 * SECOND
"""A score form with a long call takes an hour; a page that was left open over lunch goes on."""
SPANS_MOST = 50
"""Of one report; a page reports every half minute and when it is left."""

Span = tuple[int, int]
"""Milliseconds of the recording, from and to."""


class Listener(NamedTuple):
    name: str
    role: str


async def begin(catalogue: Catalogue, place: int, recording: str, who: Listener, what: str, why: str, now: Micros) -> int:
    """The listen's number, which is its entry in the log. `what`: listen, export."""
    async with catalogue.change() as change:
        entry = await _append(change, recording, who, {"what": what, "why": why}, now)
        row = {"entry": entry, "recording": place, "at": now, "who": who.name, "role": who.role, "what": what, "why": why}
        await change.connection.execute(insert(accesses).values(**row))
        await change.connection.execute(update(recordings).where(recordings.c.place == place).values(listens=recordings.c.listens + 1))
    return entry


async def heard(catalogue: Catalogue, listen: int, recording: str, place: int, who: Listener, spans: list[Span], now: Micros) -> None:
    """Which seconds, beside the listen that was begun."""
    async with catalogue.change() as change:
        said = {"what": "heard", "listen": listen, "spans": [list(span) for span in spans]}
        entry = await _append(change, recording, who, said, now)
        since, until = min(span[0] for span in spans), max(span[1] for span in spans)
        row = {"entry": entry, "recording": place, "at": now, "who": who.name, "role": who.role, "what": "heard", "why": str(listen)}
        await change.connection.execute(insert(accesses).values(**row, since_ms=since, until_ms=until))


async def may_go_on(connection: AsyncConnection, listen: int, place: int, who: Listener, now: Micros) -> bool:
    """Whether that listen is of this recording, this listener, and not over."""
    found = await connection.execute(
        select(accesses.c.at).where(
            accesses.c.entry == listen, accesses.c.recording == place, accesses.c.who == who.name, accesses.c.what == "listen"
        )
    )
    at = found.scalar_one_or_none()
    return at is not None and now - at <= LASTS


async def _append(change: Change, recording: str, who: Listener, said: dict[str, object], now: Micros) -> int:
    private = {"who": who.name, "role": who.role, **said}
    return await change.append(Entry(kind=Kind.ACCESS, at=now, subject=recording, private=private))  # type: ignore[arg-type]
