"""What people wrote about scores, forgotten with the recording: comments and reasons of raters, agents' appeals, why a call was left out.

Not the letting go (`retention/letting.py`), in whose change it happens. Who scores a call writes down what the customer said, so free text
goes with the sound. Points, answers, the moments that show them and what came of an appeal stay: they are about who worked, and KPI months
are reckoned by them. An appeal that nobody can decide any more lapses, or its call would be blind to raters for ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import log
from recordings.proof import forgotten
from recordings.quality.samples import GONE
from recordings.quality.scores import answers_of
from recordings.quality.tables import appeals, sample_items, scores
from recordings.words import Kind

LEFT_OUT: Final = "-"
"""In place of why: that it was left out stays."""
LAPSED: Final = "lapsed"
COMMENTED: Final = scores.c.answers.contains('"comment":"')
"""Of an answer only where there is a comment (`scoring.Answer` leaves out what is empty); an item of that name has no text behind it."""


async def forget_said(change: Change, places: Sequence[int], run: str, now: Micros) -> None:
    """Places at most as many as one statement takes."""
    connection = change.connection
    await _forget_left_out(change, places, run, now)
    for row in (await connection.execute(select(scores.c.id, scores.c.answers).where(_of(places), COMMENTED))).mappings().all():
        bare = {item: msgspec.structs.replace(answer, comment="") for item, answer in answers_of(row).items()}
        await connection.execute(update(scores).where(scores.c.id == row["id"]).values(answers=msgspec.json.encode(bare).decode()))
    await connection.execute(update(scores).where(_of(places)).values(comment="", unheard=""))
    contested = appeals.c.score.in_(select(scores.c.id).where(_of(places)))
    await connection.execute(update(appeals).where(contested).values(reason=""))
    await connection.execute(update(appeals).where(contested, appeals.c.standing.in_(("open", "taken"))).values(standing=LAPSED))


async def left(connection: AsyncConnection, places: Sequence[int]) -> int:
    """Scores and appeals of these that still have a text: looked at afterwards."""
    written = select(func.count()).where(_of(places), or_(scores.c.comment != "", scores.c.unheard != "", COMMENTED))
    contested = select(func.count()).where(appeals.c.score.in_(select(scores.c.id).where(_of(places))), appeals.c.reason != "")
    items = select(func.count()).where(sample_items.c.recording.in_(places), sample_items.c.left_out.not_in(("", LEFT_OUT, GONE)))
    return sum([int((await connection.execute(each)).scalar_one()) for each in (written, contested, items)])


async def _forget_left_out(change: Change, places: Sequence[int], run: str, now: Micros) -> None:
    """The reason stands in the private part of an entry of the sample, too: an entry that follows says that it is forgotten."""
    here = sample_items.c.recording.in_(places), sample_items.c.left_out.not_in(("", LEFT_OUT, GONE))
    drawn = (await change.connection.execute(select(sample_items.c.sample).where(*here).distinct())).scalars()
    subjects = [f"sample-{sample}" for sample in drawn]
    await change.connection.execute(update(sample_items).where(*here).values(left_out=LEFT_OUT))
    said = select(log.c.index.label("entry"), log.c.subject, log.c.private).where(
        log.c.subject.in_(subjects), log.c.kind == Kind.SAMPLE.value
    )
    of: dict[str, list[int]] = defaultdict(list)
    for row in await change.connection.execute(said.where(log.c.private.contains('"why"')).order_by(log.c.index)):
        if msgspec.json.decode(row.private).get("place") in places:
            of[row.subject].append(row.entry)
    for subject, entries in of.items():
        await change.connection.execute(update(log).where(log.c.index.in_(entries)).values(private=None, salt=None))
        for entry in forgotten.said(subject, run, entries, now):
            await change.append(entry)


def _of(places: Sequence[int]) -> ColumnElement[bool]:
    return scores.c.recording.in_(places)
