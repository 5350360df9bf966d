"""Whether a rater has heard the call that is scored, by the listens of the log; of one that cannot be heard, why it is scored.

Not the reckoning (`hearing.py`) and not how much the plan asks for (`realtime/plan/quality.py`).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import SECOND, Micros
from recordings.catalogue.schema import accesses, log
from recordings.listening import LASTS
from recordings.quality.hearing import Begun, Spans, Told, heard_ms, joined, needed_ms
from recordings.quality.refusal import NotDone
from recordings.recording import Span
from recordings.words import Trouble

NOTHING_TO_HEAR: Final = frozenset({Trouble.EMPTY, Trouble.UNREADABLE, Trouble.SILENT})
UNHEARD_MAX: Final = 500
BEFORE: Final[Micros] = 86_400 * SECOND
"""What else was told in the day before a listen of the call may have taken its time, or what took its time. A listen lasts four hours, so
what began earlier would have to hand its time on through six others to matter."""
TOLD_MOST: Final = 6_000
"""Listens and reports of one stretch, the earliest. A page reports each 20 seconds: 5,040 times in a day and four hours without a pause. So
whoever tells more is no page, and what they tell beyond it counts for nothing."""
STRETCHES_MOST: Final = 10
"""Times, with a day and more between them, at which somebody listened to one call, the newest: each is a question."""
LISTENS_MOST: Final = 200
"""Of one person to one call, the newest."""


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
    """By the private parts of the log, which have every span, also of other recordings: nobody hears two at once. A part that was forgotten
    tells nothing any more, and takes no time."""
    mine = select(accesses.c.at).where(accesses.c.recording == place, accesses.c.who == rater, accesses.c.what == "listen")
    begun = (await connection.execute(mine.order_by(accesses.c.entry.desc()).limit(LISTENS_MOST))).scalars()
    listens: dict[int, Begun] = {}
    told: list[Told] = []
    for since, until in joined((at - BEFORE, at + LASTS) for at in begun)[-STRETCHES_MOST:]:
        columns = [accesses.c[name] for name in ("entry", "recording", "at", "what", "why")]
        wanted = select(*columns, log.c.private).join(log, log.c.index == accesses.c.entry)
        wanted = wanted.where(accesses.c.who == rater, accesses.c.at >= since, accesses.c.at <= until)
        wanted = wanted.where(accesses.c.what.in_(("listen", "heard"))).order_by(accesses.c.entry).limit(TOLD_MOST)
        for row in await connection.execute(wanted):
            if row.what == "listen":
                listens[row.entry] = Begun(row.recording, row.at)
            elif row.private:
                told.append(Told(int(row.why), row.at, _spans(row.private)))
    return heard_ms(place, listens, told)


def _spans(private: str) -> Spans:
    said: dict[str, Any] = msgspec.json.decode(private)
    return [(int(since), int(until)) for since, until in said.get("spans", ())]


def clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"
