"""A number forgotten by the log and the tables of wishes: who searched for it and why, what was said of its clocks, the wish itself.

Not the entries of one recording, which go with it (`letting.py`). In the change that finishes the run which lets a number's last recording
go: as long as a duty or a hold keeps one, what was said of the number still counts for it, and who looked for it is still to be answered
for. The leaves stay; entries of the same subjects name what is forgotten (`proof/forgotten.py`). Clocks of the number go, since nothing is
left that they count for, and where a later call misses one it is kept; an open dispute stays, for it keeps what comes later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Change
from recordings.catalogue.schema import NOTHING, calls, log, recordings
from recordings.proof import forgotten
from recordings.retention.choosing import NOT_GONE
from recordings.retention.disposal import DONE, REFUSED
from recordings.retention.letting import forget_in_cards
from recordings.retention.tables import clock_events, disposal_items, disposals

SUBJECTS: Final = ("search", "clock.number", "clock.call", "clock.campaign")
"""Of entries that may name a number (`web/finding.py`, `events.py`). A clock of a recording has its id for a subject."""
UNRECORDED: Final = ("missing", "excused")
"""Standings of calls in the ledger that have no recording; those of a number are looked for along an index of these."""
TOGETHER: Final = 500
"""Entries in one statement."""
WISHES_MOST: Final = 1_000
"""Of one run: a list of 10,000 recordings has hardly so many people who asked. The next run has those that are more."""


async def forget_numbers(change: Change, run: str, now: Micros) -> None:
    """Of people who wished to be erased, and of whom the last recording went with this run."""
    mine = select(disposal_items.c.recording).where(disposal_items.c.disposal == run)
    asked = select(disposal_items.c.disposal).where(disposal_items.c.recording.in_(mine))
    wishes = select(disposals.c.numbers).where(disposals.c.kind == "erasure", disposals.c.standing == DONE, disposals.c.numbers != NOTHING)
    wishes = wishes.where(disposals.c.id.in_(asked)).order_by(disposals.c.id).limit(WISHES_MOST)
    found = (await change.connection.execute(wishes)).scalars().all()
    for numbers in dict.fromkeys(found):
        digests = numbers.split(",")
        if not await _left(change.connection, digests):
            await _forget(change, digests, run, now)


async def _left(connection: AsyncConnection, digests: Sequence[str]) -> bool:
    left = select(recordings.c.place).where(NOT_GONE, recordings.c.number.in_(digests)).limit(1)
    return (await connection.execute(left)).first() is not None


async def _forget(change: Change, digests: Sequence[str], run: str, now: Micros) -> None:
    connection = change.connection
    theirs = or_(*(disposals.c.numbers.contains(digest, autoescape=True) for digest in digests))
    wishes = list((await connection.execute(select(disposals.c.id).where(disposals.c.kind == "erasure", theirs))).scalars())
    naming = or_(*(log.c.private.contains(digest, autoescape=True) for digest in digests))
    entries = select(log.c.index.label("place"), log.c.subject).where(log.c.subject.in_([*SUBJECTS, *wishes]), naming)
    of: dict[str, list[int]] = defaultdict(list)
    for row in await connection.execute(entries.order_by(log.c.index)):
        of[row.subject].append(row.place)
    for subject, places in of.items():
        for begin in range(0, len(places), TOGETHER):
            some = log.c.index.in_(places[begin : begin + TOGETHER])
            await connection.execute(update(log).where(some).values(private=None, salt=None))
        for entry in forgotten.said(subject, run, places, now):
            await change.append(entry)
    await _forget_clocks(connection, digests)
    unrecorded = calls.c.standing.in_(UNRECORDED), or_(*(calls.c.card.contains(digest, autoescape=True) for digest in digests))
    cards = await connection.execute(select(calls.c.node, calls.c.call, calls.c.card).where(*unrecorded))
    await forget_in_cards(connection, cards.all())  # with each other call it went with its recording
    ended = disposals.c.standing.in_([DONE, REFUSED])  # of one that is asked still somebody has to know whose it is
    await connection.execute(update(disposals).where(disposals.c.id.in_(wishes), ended).values(numbers="", reason=""))


async def _forget_clocks(connection: AsyncConnection, digests: Sequence[str]) -> None:
    of_them = (clock_events.c.scope == "number") & clock_events.c.subject.in_(digests)
    last: dict[tuple[str, str, str], bool] = {}
    said = (await connection.execute(select(clock_events).where(of_them).order_by(clock_events.c.id))).all()
    for row in said:
        last[row.subject, row.clock, row.reference] = row.clock == "dispute" and not row.over
    gone = [row.id for row in said if not last[row.subject, row.clock, row.reference]]
    for begin in range(0, len(gone), TOGETHER):
        await connection.execute(delete(clock_events).where(clock_events.c.id.in_(gone[begin : begin + TOGETHER])))
    await connection.execute(update(clock_events).where(of_them).values(why=""))
