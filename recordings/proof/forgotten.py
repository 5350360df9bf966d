"""Private parts that are gone from the log, and whether an entry that came later says so.

Who heard a recording, and why, is forgotten when the recording is let go, and not by anybody who may write the database: the change that
forgets appends an entry of the same subject. A disposal's forgets what was said of its recording before (`retention/letting.py`); an
erasure's names the entries that it made forget: of searches, clocks and wishes (`retention/forgetting.py`), and why a call was left out of
a sample, by whatever run its recording went (`quality/forgetting.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.schema import log
from recordings.proof.entries import Entry
from recordings.words import Kind

FORGOTTEN: Final = "forgotten"
NAMED_MOST: Final = 500
"""Entries that one entry names: 4 KB of it."""
TOGETHER: Final = 500
"""Subjects in one question."""


def said(subject: str, run: str, entries: Sequence[int], at: int) -> list[Entry]:
    """What says that the private parts of these entries of a subject are forgotten, with an erasure."""
    parts = [entries[begin : begin + NAMED_MOST] for begin in range(0, len(entries), NAMED_MOST)]
    return [Entry(kind=Kind.ERASURE, at=at, subject=subject, public={"run": run, FORGOTTEN: [*part]}) for part in parts]


async def lawful(connection: AsyncConnection, gone: Mapping[int, object]) -> set[int]:
    """`gone`: entries without a private part, each with its subject. Those of which a later entry says so."""
    subjects = sorted({subject for subject in gone.values() if isinstance(subject, str)})
    last: dict[object, int] = {}
    named: dict[int, int] = {}
    for begin in range(0, len(subjects), TOGETHER):
        of = select(log.c.index.label("place"), log.c.kind, log.c.subject, log.c.leaf)
        of = of.where(log.c.subject.in_(subjects[begin : begin + TOGETHER]), log.c.index > min(gone))
        for row in await connection.execute(of.where(log.c.kind.in_([Kind.DISPOSAL.value, Kind.ERASURE.value]))):
            if row.kind == Kind.DISPOSAL.value:
                last[row.subject] = max(row.place, last.get(row.subject, -1))
            else:
                named |= {entry: row.place for entry in _named(row.leaf) if gone.get(entry) == row.subject}
    return {place for place, subject in gone.items() if place < max(last.get(subject, -1), named.get(place, -1))}


def _named(leaf: object) -> list[int]:
    """Nothing of a leaf that somebody changed: it is a finding by itself."""
    try:
        found = json.loads(leaf)["public"].get(FORGOTTEN, []) if isinstance(leaf, str) else []
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []
    return [entry for entry in found if type(entry) is int] if isinstance(found, list) else []
