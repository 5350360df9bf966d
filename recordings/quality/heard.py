"""Whether a rater has heard the call that is scored, by the listens of the log; of one that cannot be heard, why it is scored.

Not the reckoning (`hearing.py`) and not how much the plan asks for (`realtime/plan/quality.py`).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.schema import accesses, log
from recordings.quality.hearing import Spans, Told, heard_ms, needed_ms
from recordings.quality.refusal import NotDone
from recordings.recording import Span
from recordings.words import Trouble

NOTHING_TO_HEAR: Final = frozenset({Trouble.EMPTY, Trouble.UNREADABLE, Trouble.SILENT})
UNHEARD_MAX: Final = 500
TOLD_MOST: Final = 2_000
"""Reports of one rater about one recording: at one each 20 seconds, eleven hours of hearing."""


class Asked(NamedTuple):
    """`share` of what there is to hear; `unheard`: why the rater has heard none of it."""

    share: float = 0.0
    unheard: str = ""


class Hearing(NamedTuple):
    """`needed_ms` 0: nothing is asked for. `why`: the rater's reason, where there is nothing to be heard."""

    heard_ms: int
    needed_ms: int
    why: str = ""


async def enough(connection: AsyncConnection, line: RowMapping, rater: str, asked: Asked) -> Hearing:
    """What this rater has heard of it. Raises NotDone where that is less than is asked for, or a reason is given without need."""
    needed = needed_of(line, asked.share)
    unheard = asked.unheard.strip()[:UNHEARD_MAX]
    if needed and cannot_be_heard(line):
        if not unheard:
            raise NotDone("quality.unheard_why")
        return Hearing(0, 0, unheard)
    if unheard:
        raise NotDone("quality.can_be_heard")
    heard = await heard_by(connection, line["place"], rater) if needed else 0
    if heard < needed:
        whole = clock(-(-line["length_ms"] // 1_000))
        raise NotDone("quality.not_heard", heard=clock(heard // 1_000), needed=clock(-(-needed // 1_000)), whole=whole)
    return Hearing(heard, needed)


def needed_of(line: RowMapping, share: float) -> int:
    """Of a line of the table of recordings."""
    spans = msgspec.json.decode(line["spans"], type=list[Span]) if line["spans"] else []
    return needed_ms(line["length_ms"], spans, share)


def cannot_be_heard(line: RowMapping) -> bool:
    """Nothing that sounds was made of it, or what was captured is no speech at all."""
    troubles = {Trouble(word) for word in line["trouble"].split(",") if word}
    return "opus" not in line["derived"].split(",") or bool(troubles & NOTHING_TO_HEAR)


async def heard_by(connection: AsyncConnection, place: int, rater: str) -> int:
    """By the private parts of the log, which have every span; a part that was forgotten tells nothing any more."""
    mine = (accesses.c.recording == place, accesses.c.who == rater)
    begun = await connection.execute(select(accesses.c.entry, accesses.c.at).where(*mine, accesses.c.what == "listen"))
    listens: dict[int, Micros] = {row.entry: row.at for row in begun}
    wanted = select(accesses.c.at, accesses.c.why, log.c.private).join(log, log.c.index == accesses.c.entry)
    wanted = wanted.where(*mine, accesses.c.what == "heard").order_by(accesses.c.entry).limit(TOLD_MOST)
    rows = (await connection.execute(wanted)).all()
    return heard_ms(listens, [Told(int(row.why), row.at, _spans(row.private)) for row in rows if row.private])


def _spans(private: str) -> Spans:
    said: dict[str, Any] = msgspec.json.decode(private)
    return [(int(since), int(until)) for since, until in said.get("spans", ())]


def clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"
