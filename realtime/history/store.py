"""History for readers: what `port.History` promises, from SQLite or PostgreSQL.

Not the writing (`writer.py`, `historian.py`): what is opened here cannot change anything.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from realtime.changes import Changes
from realtime.factcodec import decode, join
from realtime.facts import Fact, FloorConfigured
from realtime.floor import AgentTally, Floor, Tally, Turn
from realtime.fold import FOLD_VERSION, apply
from realtime.folding import FloorFolding
from realtime.history.database import Database, whole
from realtime.history.port import AgentHalf, Asked, Kept, QueueHalf, Reach
from realtime.history.schema import FIRST, agent_halves, days, facts, floors, queue_halves, turns
from realtime.words import AgentId, AgentState, Micros

PAGE = 500
"""Facts that are read and folded at once: a few milliseconds, so that a board goes on serving its screens in between."""
SWEEP = 5_000
"""Facts that are looked through at once for those of a few kinds."""
TALLY = Tally.__struct_fields__
FOOTINGS = 2
"""Where no floor is kept that this version can read: the day before is folded, too, for who is there is told within minutes of it."""

WHOLE = 100_000
"""Facts before that day which are folded all the same: a second."""

_folding = FloorFolding()
_spent = msgspec.json.Decoder(dict[str, int])


Found = Row[*tuple[Any, ...]]


class _Seen(msgspec.Struct):
    seen: Micros


_read = msgspec.json.Decoder(_Seen)


class Base(NamedTuple):
    """Where folding begins: a floor, and the place up to which its facts are in it."""

    floor: Floor
    place: int
    seen: Micros


def open_history(url: str) -> StoredHistory:
    """For readers: of a file that is there, or of a server. Raises BadDatabase."""
    return StoredHistory(Database(url))


class StoredHistory:
    """`port.History`. Every call may raise HistoryAway."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def close(self) -> None:
        await self._database.close()

    async def reach(self) -> Reach | None:
        first, last = await self._first(), (await self._rows(select(func.max(facts.c.place))))[0][0]
        if first is None:
            return None
        ends = await self._rows(select(facts.c.place, facts.c.body).where(facts.c.place.in_((first, last))).order_by(facts.c.place))
        seen = [_read.decode(row.body).seen for row in ends]
        return Reach(seen[0], seen[-1])

    async def facts(self, asked: Asked) -> list[Kept]:
        found = select(facts.c.place, facts.c.body).where(*_conditions(asked))
        newest = found.order_by(facts.c.at.desc(), facts.c.place.desc()).limit(asked.limit)
        return kept(sorted((row.place, row.body) for row in await self._rows(newest)))

    async def turns(self, agent: AgentId, since: Micros, until: Micros) -> list[Turn]:
        overlapping = select(turns).where(turns.c.agent == agent, turns.c.since < until, turns.c.until > since)
        return [_turn(row) for row in await self._rows(overlapping.order_by(turns.c.since))]

    async def queue_halves(self, first_day: str, last_day: str) -> list[QueueHalf]:
        of_days = select(queue_halves).where(queue_halves.c.day.between(first_day, last_day))
        found = await self._rows(of_days.order_by(queue_halves.c.day, queue_halves.c.half, queue_halves.c.queue))
        return [
            QueueHalf(day=row.day, half=row.half, queue=row.queue, tally=Tally(**{name: row._mapping[name] for name in TALLY}))
            for row in found
        ]

    async def agent_halves(self, first_day: str, last_day: str) -> list[AgentHalf]:
        of_days = select(agent_halves).where(agent_halves.c.day.between(first_day, last_day))
        found = await self._rows(of_days.order_by(agent_halves.c.day, agent_halves.c.half, agent_halves.c.agent))
        return [_agent_half(row) for row in found]

    async def floor_at(self, at: Micros) -> Floor | None:
        """As it was shown then: with every fact that was read by that moment, in the order of the log."""
        base = await self.base(at)
        if base is None:
            return None
        floor, changes = base.floor, Changes()
        async for each in self.after(base.place):
            if each.fact.seen > at:
                break
            apply(floor, each.fact, changes)
        return floor

    async def base(self, at: Micros | None = None) -> Base | None:
        """The newest floor to begin at, of that moment or before; None when history does not reach that far back."""
        newest = select(floors).where(floors.c.version == FOLD_VERSION).order_by(floors.c.place.desc()).limit(1)
        for row in await self._rows(newest if at is None else newest.where(floors.c.seen <= at)):
            return Base(_folding.load(await asyncio.to_thread(zlib.decompress, row.blob)), row.place, row.seen)
        begun = select(days.c.place, days.c.rules).order_by(days.c.place.desc()).limit(FOOTINGS)
        footings = await self._rows(begun if at is None else begun.where(days.c.seen <= at))
        first = await self._first()
        if first == 1 and (len(footings) < FOOTINGS or footings[-1].place <= WHOLE):
            return Base(Floor(), 0, 0) if at is None or await self._seen(1) <= at else None
        kept = [footing for footing in footings if first is not None and footing.place >= first]
        return Base(_founded(kept[-1].rules), kept[-1].place - 1, 0) if kept else None

    async def after(self, place: int) -> AsyncIterator[Kept]:
        """Every fact behind this place, page by page, so that others are served in between."""
        while True:
            page = select(facts.c.place, facts.c.body).where(facts.c.place > place).order_by(facts.c.place).limit(PAGE)
            found = [(row.place, row.body) for row in await self._rows(page)]
            for each in kept(found):
                yield each
            if len(found) < PAGE:
                return
            place = found[-1][0]

    async def since(self, at: Micros) -> AsyncIterator[Kept]:
        """Every fact from the first place on whose fact is of that moment or later, in the order of the log."""
        place = (await self._rows(select(func.min(facts.c.place)).where(facts.c.at >= at)))[0][0]
        if place is not None:
            async for each in self.after(place - 1):
                yield each

    async def told(self, counted: Sequence[type[Fact]], lasting: Sequence[type[Fact]], since: Micros) -> AsyncIterator[Kept]:
        """Every fact of these kinds since then, and of `lasting` whatever its age, in the order of the log, page by page."""
        young = and_(facts.c.kind.in_([kind.__name__ for kind in counted]), facts.c.at >= since)
        wanted = or_(young, facts.c.kind.in_([kind.__name__ for kind in lasting]))
        first, last = (await self._rows(select(func.min(facts.c.place), func.max(facts.c.place))))[0]
        place = (first or 1) - 1
        while place < (last or 0):
            upto = place + SWEEP
            page = select(facts.c.place, facts.c.body).where(facts.c.place > place, facts.c.place <= upto, wanted)
            for each in kept([(row.place, row.body) for row in await self._rows(page.order_by(facts.c.place))]):
                yield each
            place = upto

    async def _first(self) -> int | None:
        return next((int(row.place) for row in await self._rows(FIRST)), None)

    async def _seen(self, place: int) -> Micros:
        return _read.decode((await self._rows(select(facts.c.body).where(facts.c.place == place)))[0].body).seen

    @whole
    async def _rows(self, asked: Select[*tuple[Any, ...]]) -> Sequence[Found]:
        async with self._database.connection() as connection:
            return (await connection.execute(asked)).all()


def kept(found: Sequence[tuple[int, str]]) -> list[Kept]:
    """Facts with their places; what only a newer Andon knows is left out."""
    bodies = [body.encode() for _, body in found]
    read = decode(join(bodies))
    if len(read) == len(found):
        return [Kept(place, fact) for (place, _), fact in zip(found, read, strict=True)]
    return [Kept(place, fact) for (place, _), body in zip(found, bodies, strict=True) for fact in decode(join([body]))]


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    conditions = [facts.c.at >= asked.since, facts.c.at < asked.until]
    if asked.kinds:
        conditions.append(facts.c.kind.in_([kind.__name__ for kind in asked.kinds]))
    if asked.dial is not None:
        said = msgspec.json.encode(asked.dial).decode()
        conditions.append(facts.c.body.contains(f'"dial":{said}', autoescape=True))
    named = {"queue": asked.queue, "agent": asked.agent, "call": asked.call}
    return conditions + [facts.c[name] == value for name, value in named.items() if value is not None]


def _turn(row: Found) -> Turn:
    state, where = AgentState(row.state), {"call": row.call, "queue": row.queue}
    return Turn(agent=AgentId(row.agent), state=state, reason=row.reason, since=row.since, until=row.until, **where)


def _agent_half(row: Found) -> AgentHalf:
    tally = AgentTally(row.answered, row.rings_missed, row.talk, _spent.decode(row.spent))
    return AgentHalf(day=row.day, half=row.half, agent=AgentId(row.agent), name=row.name, tally=tally)


def _founded(rules: str) -> Floor:
    """A floor that knows only what the centre's settings say."""
    (configured,) = decode(join([rules.encode()])) if rules else (None,)
    assert configured is None or isinstance(configured, FloorConfigured)
    return Floor(rules=configured)
