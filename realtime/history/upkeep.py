"""What history forgets: all after its days but requests not to be called and consents, heartbeats that nobody asks for, close floors.

Not what must be forgotten by law: numbers in facts are ciphertext and go with their month's key (`sealing.py`). Deletes a little
at a time, when there is nothing to write, so that no reader and no writer waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.facts import NodeHeard
from realtime.history.database import Database, whole
from realtime.history.schema import FIRST, PASSING, agent_halves, cursor, days, facts, floors, queue_halves, sessions, turns
from realtime.watched import HistoryCounts
from realtime.words import SECOND, Micros

HOUR: Micros = 3600 * SECOND
DAY: Micros = 24 * HOUR
AT_ONCE = 2_000
"""Rows in one transaction, some 20 ms; twice a second that is more than any floor says."""
EVERY: Micros = 600 * SECOND
"""Between two looks whether something has become old."""
ALL_FLOORS: Micros = 2 * HOUR
HOURLY_FLOORS: Micros = 2 * DAY
HEARTBEATS: Micros = 7 * DAY
"""How long every heartbeat is kept; of older ones one a minute: a PBX beats 86,400 times a day, more than a small centre does."""
MINUTE: Micros = 60 * SECOND


class _Heartbeat(msgspec.Struct):
    node: str
    seen: Micros


_heartbeat = msgspec.json.Decoder(_Heartbeat)


class Upkeep:
    """`look` now and then. Every call may raise HistoryAway."""

    def __init__(self, database: Database, keep_days: int, counts: HistoryCounts) -> None:
        self._database = database
        self._keep: Micros = keep_days * DAY
        self._counts = counts
        self._due: Micros = 0

    @whole
    async def look(self, now: Micros) -> None:
        """One bounded step; while there is more to do the next comes at once."""
        if now < self._due:
            return
        async with self._database.connection() as connection:
            if not (await self._forget(connection, now - self._keep) or await _thin_heartbeats(connection, now - HEARTBEATS)):
                self._due = now + EVERY

    @whole
    async def thin_floors(self, now: Micros) -> None:
        async with self._database.connection() as connection:
            rows = await connection.execute(select(floors.c.place, floors.c.seen, floors.c.version).order_by(floors.c.place))
            gone = superfluous([KeptFloor(*row) for row in rows], now)
            if gone:
                await connection.execute(delete(floors).where(floors.c.place.in_(gone)))

    async def _forget(self, connection: AsyncConnection, horizon: Micros) -> bool:
        """False when nothing was old enough. Facts go up to a floor that is kept, so that what is left can be folded."""
        if horizon <= 0:
            return False
        steps = (
            await self._forget_facts(connection, horizon),
            await _forget_turns(connection, horizon),
            await _forget_halves(connection, horizon),
        )
        return any(steps)

    async def _forget_facts(self, connection: AsyncConnection, horizon: Micros) -> int:
        place = await _place_of(connection, horizon)
        first = (await connection.execute(FIRST)).scalar()
        if first is None or place < first:
            return 0
        gone = await connection.execute(delete(facts).where(facts.c.place <= min(place, first + AT_ONCE - 1), PASSING))
        self._counts.forgotten += gone.rowcount
        if place < first + AT_ONCE:
            await connection.execute(delete(floors).where(floors.c.place < place))
            await connection.execute(delete(days).where(days.c.place <= place))
            silent = ~exists().where(facts.c.session == sessions.c.id)
            await connection.execute(delete(sessions).where(silent))
        return gone.rowcount


async def _place_of(connection: AsyncConnection, moment: Micros) -> int:
    """Of the newest floor that is at least as old; 0 for none."""
    return (await connection.execute(select(func.max(floors.c.place)).where(floors.c.seen <= moment))).scalar() or 0


async def _forget_turns(connection: AsyncConnection, horizon: Micros) -> int:
    oldest = select(turns.c.until).where(turns.c.until < horizon).order_by(turns.c.until).limit(1).offset(AT_ONCE)
    upto = (await connection.execute(oldest)).scalar() or horizon
    return (await connection.execute(delete(turns).where(turns.c.until < upto))).rowcount


async def _forget_halves(connection: AsyncConnection, horizon: Micros) -> int:
    gone = 0
    for table in (queue_halves, agent_halves):
        oldest = (await connection.execute(select(func.min(table.c.half)))).scalar()
        if oldest is not None and oldest < horizon // SECOND:
            gone += (await connection.execute(delete(table).where(table.c.half == oldest))).rowcount
    return gone


async def _thin_heartbeats(connection: AsyncConnection, horizon: Micros) -> bool:
    thinned = (await connection.execute(select(cursor.c.thinned))).scalar() or 0
    upto = min(await _place_of(connection, horizon), thinned + AT_ONCE)
    if upto <= thinned:
        return False
    here = (facts.c.kind == NodeHeard.__name__, facts.c.place > thinned, facts.c.place <= upto)
    rows = await connection.execute(select(facts.c.place, facts.c.body).where(*here).order_by(facts.c.place))
    gone = repeated((row.place, row.body) for row in rows)
    if gone:
        await connection.execute(delete(facts).where(facts.c.place.in_(gone)))
    await connection.execute(update(cursor).values(thinned=upto))
    return True


def repeated(heartbeats: Iterable[tuple[int, str]]) -> list[int]:
    """The places of those that are not the first of their node in their minute."""
    first: set[tuple[str, int]] = set()
    gone = []
    for place, body in heartbeats:
        beat = _heartbeat.decode(body)
        minute = (beat.node, beat.seen // MINUTE)
        if minute in first:
            gone.append(place)
        first.add(minute)
    return gone


class KeptFloor(NamedTuple):
    place: int
    seen: Micros
    version: str


def superfluous(kept: Iterable[KeptFloor], now: Micros) -> list[int]:
    """The places of floors to be dropped: each of the last two hours stays, then the first of an hour, then the first of a day."""
    first: set[tuple[str, Micros, Micros]] = set()
    gone = []
    for floor in kept:
        age = now - floor.seen
        if age < ALL_FLOORS:
            continue
        span = HOUR if age < HOURLY_FLOORS else DAY
        slot = (floor.version, span, floor.seen // span)
        if slot in first:
            gone.append(floor.place)
        first.add(slot)
    return gone
