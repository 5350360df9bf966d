"""The one writer of history: a batch is one transaction, with the cursor that says up to where in the log it reaches.

Not the reading of the log (`historian.py`). That nothing is written twice and nothing is left out rests on the cursor alone:
it moves in the same transaction, and only from where this writer left it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.history.database import BadDatabase, Database, whole
from realtime.history.migrate import migrate
from realtime.history.record import Batch, Line, Session, Sessions
from realtime.history.schema import agent_halves, cursor, days, facts, floors, queue_halves, sessions, turns
from realtime.log import Position
from realtime.words import Micros


class HistoryTaken(Exception):
    """Somebody else writes this history now: stop. Two of them would each think that the other's facts are missing."""


class Cursor(NamedTuple):
    """Up to where history reaches: its last place, and what follows in the log. None: from the oldest record."""

    place: int
    position: Position | None


class Writer:
    """`token`: of the engine's lease; a newer one takes the writing over. Every call may raise HistoryAway."""

    def __init__(self, database: Database, floor: str, token: int) -> None:
        self._database = database
        self._floor = floor
        self._token = token
        self._statements: dict[str, str] = {}

    @whole
    async def open(self) -> Cursor:
        """Tables as this version needs them, and from here on nobody with an older token writes. Raises BadDatabase, HistoryTaken."""
        await migrate(self._database)
        async with self._database.connection() as connection:
            row = (await connection.execute(select(cursor))).one_or_none()
            if row is None:
                first = {"id": 1, "floor": self._floor, "token": self._token, "place": 0, "position": None, "thinned": 0}
                await connection.execute(insert(cursor), first)
                return Cursor(0, None)
            if row.floor != self._floor:
                said = f"holds the history of the floor {row.floor!r}: give {self._floor!r} a database of its own in data.database."
                raise BadDatabase(f"The history's database {self._database.where} {said}")
            ours = cursor.c.token <= self._token
            if (await connection.execute(update(cursor).where(ours).values(token=self._token))).rowcount != 1:
                raise self._taken()
            return Cursor(row.place, Position.parse(row.position) if row.position else None)

    @whole
    async def sessions(self) -> Sessions:
        async with self._database.connection() as connection:
            rows = await connection.execute(select(sessions))
            return Sessions({row.name: Session(row.id, row.last) for row in rows})

    @whole
    async def write(self, batch: Batch, before: Cursor, position: Position | None) -> Cursor:
        """All of it or nothing. Raises HistoryTaken."""
        after = Cursor(batch.place, position)
        async with self._database.connection() as connection:
            await self._advance(connection, before, after)
            await self._put(connection, sessions, batch.sessions(), ("last",))
            await self._put(connection, facts, batch.facts)
            await self._put(connection, days, batch.days, ())
            await self._put(connection, turns, batch.turns(), ("until", "state", "reason", "call", "queue"))
            await self._put(connection, queue_halves, batch.queue_halves(), _values(queue_halves))
            await self._put(connection, agent_halves, batch.agent_halves(), _values(agent_halves))
        return after

    @whole
    async def keep_floor(self, place: int, seen: Micros, version: str, blob: bytes) -> None:
        async with self._database.connection() as connection:
            await self._put(connection, floors, [(place, seen, version, blob)], ("seen", "version", "blob"))

    async def _advance(self, connection: AsyncConnection, before: Cursor, after: Cursor) -> None:
        position = str(after.position) if after.position is not None else None
        here = (cursor.c.token == self._token, cursor.c.place == before.place)
        moved = await connection.execute(update(cursor).where(*here).values(place=after.place, position=position))
        if moved.rowcount != 1:
            raise self._taken()

    async def _put(
        self, connection: AsyncConnection, table: Table, lines: Sequence[Line | tuple[object, ...]], renewed: Sequence[str] | None = None
    ) -> None:
        """`renewed`: the columns that a row of the same key gets anew, none to leave it as it is; None: there is no such row.

        As text with tuples: SQLAlchemy needs four times as long to send each row as a mapping.
        """
        if not lines:
            return
        statement = self._statements.get(table.name)
        if statement is None:
            statement = self._statements[table.name] = self._compiled(table, renewed)
        await connection.exec_driver_sql(statement, list(lines))

    def _compiled(self, table: Table, renewed: Sequence[str] | None) -> str:
        dialect = self._database.engine.dialect
        made = sqlite.insert(table) if self._database.sqlite else postgresql.insert(table)
        made = made.values({column.name: None for column in table.columns})
        if renewed is not None:
            keys = list(table.primary_key.columns)
            made = (
                made.on_conflict_do_update(index_elements=keys, set_={name: made.excluded[name] for name in renewed})
                if renewed
                else made.on_conflict_do_nothing(index_elements=keys)
            )
        compiled = made.compile(dialect=dialect)
        assert list(compiled.positiontup or ()) == [column.name for column in table.columns]
        return str(compiled)

    def _taken(self) -> HistoryTaken:
        return HistoryTaken(f"Somebody else writes the history in {self._database.where} now: this process stops writing.")


def _values(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if not column.primary_key)
