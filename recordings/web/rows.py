"""Lines of the catalogue as the archive's addresses say them. Not the finding (`finding.py`)."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.facts import Sealed
from realtime.words import SECOND, Micros
from recordings.catalogue import search
from recordings.quality.blind import Places
from recordings.refusals.stored import both, read
from recordings.web import finding_shapes as shapes
from recordings.web.desk import Desk


def micros(seconds: float) -> Micros:
    return round(seconds * SECOND)


def moment(at: Micros) -> float | None:
    return at / SECOND if at else None


def said_of(stored: str) -> shapes.Said | None:
    """A sentence as the archivist stored it."""
    if not stored:
        return None
    remark = read(stored)
    return shapes.Said(rule="" if remark is None else remark.rule, **both(stored))


class Eyes(NamedTuple):
    """Who is told a line. `blind`: places whose score they must not know. `own`: an agent among the own calls, who is told no number,
    and nothing of what was judged or heard where the call is counted as a colleague's."""

    blind: Places = frozenset()
    own: str | None = None

    def judged(self, row: Any) -> bool:
        return self.own is None or row.agent == self.own


async def rows_of(desk: Desk, connection: AsyncConnection, rows: list[Any], eyes: Eyes) -> list[shapes.RecordingRow]:
    tags = await search.tags_of(connection, [row.place for row in rows])
    return [row_of(desk, row, tags.get(row.place, []), eyes) for row in rows]


def row_of(desk: Desk, row: Any, tags: list[str], eyes: Eyes) -> shapes.RecordingRow:
    line, judged = row._mapping, eyes.judged(row)
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
        number=_masked(desk, row) if eyes.own is None else "",
        class_=line["class_"],
        keep_until=moment(row.keep_until),
        delete_by=moment(row.delete_by),
        kept_by=row.kept_by,
        conflict=row.conflict,
        holds=row.holds,
        restricted=row.restricted,
        listens=row.listens if judged else 0,
        score=None if row.score is None or row.place in eyes.blind or not judged else row.score / 100,
        sides=row.sides,
        trouble=words(row.trouble) if judged else [],
        tags=tags if judged else [],
    )


def words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def _masked(desk: Desk, row: Any) -> str:
    if not row.number_cipher:
        return ""
    return desk.mask(Sealed(row.number, bytes(row.number_cipher), row.number_month)) or ""
