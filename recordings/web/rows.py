"""Lines of the catalogue as the archive's addresses say them. Not the finding (`finding.py`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.facts import Sealed
from realtime.words import SECOND, Micros
from recordings.catalogue import search
from recordings.web import finding_shapes as shapes
from recordings.web.desk import Desk


def micros(seconds: float) -> Micros:
    return round(seconds * SECOND)


def moment(at: Micros) -> float | None:
    return at / SECOND if at else None


async def rows_of(desk: Desk, connection: AsyncConnection, rows: list[Any], *, numbers: bool = True) -> list[shapes.RecordingRow]:
    tags = await search.tags_of(connection, [row.place for row in rows])
    return [row_of(desk, row, tags.get(row.place, []), numbers=numbers) for row in rows]


def row_of(desk: Desk, row: Any, tags: list[str], *, numbers: bool = True) -> shapes.RecordingRow:
    line = row._mapping
    return shapes.RecordingRow(
        id=row.id,
        state=row.state,
        began=row.began / SECOND,
        length_ms=row.length_ms,
        node=row.node,
        call=row.call,
        direction=row.direction,
        agent=row.agent,
        agents=words(row.agents),
        queue=row.queue,
        campaign=row.campaign,
        client=row.client,
        outcome=row.outcome,
        number=_masked(desk, row) if numbers else "",
        class_=line["class_"],
        keep_until=moment(row.keep_until),
        delete_by=moment(row.delete_by),
        kept_by=row.kept_by,
        conflict=row.conflict,
        holds=row.holds,
        restricted=row.restricted,
        listens=row.listens,
        score=None if row.score is None else row.score / 100,
        sides=row.sides,
        trouble=words(row.trouble),
        tags=tags,
    )


def words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def _masked(desk: Desk, row: Any) -> str:
    if not row.number_cipher:
        return ""
    return desk.mask(Sealed(row.number, bytes(row.number_cipher), row.number_month)) or ""
