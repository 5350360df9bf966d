"""Which recordings a hold or a list speaks of: a few criteria that must all hold, to a condition of SQL.

Not the search of a page (`catalogue/search.py`): what is written here is frozen with a hold and read again in years, so it has few words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Final

import msgspec
from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import recordings
from recordings.catalogue.ways import talked
from recordings.words import State

IDS_MOST: Final = 500
"""Ids in one choice: a request of 8 KB has no room for more, and a matter with more of them has a number, an agent or a time."""
PAGE: Final = 5_000

Id = Annotated[str, msgspec.Meta(min_length=20, max_length=20)]
Word = Annotated[str, msgspec.Meta(max_length=100)]


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is empty says nothing. `numbers`: keyed digests, of the ways to write one number; `since`, `until`: of its beginning."""

    ids: Annotated[tuple[Id, ...], msgspec.Meta(max_length=IDS_MOST)] = ()
    agent: Word = ""
    campaign: Word = ""
    client: Word = ""
    queue: Word = ""
    call: Word = ""
    numbers: Annotated[tuple[Word, ...], msgspec.Meta(max_length=20)] = ()
    class_: Word = msgspec.field(default="", name="class")
    since: Micros = 0
    until: Micros = 0

    def __bool__(self) -> bool:
        return self != Choice()


NOT_GONE: Final = recordings.c.state != State.DISPOSED.value
"""What is lost is not gone: there are a key, damaged copies, a number. So a hold pins it, a clock counts for it, a disposal ends it."""


def conditions(choice: Choice) -> list[ColumnElement[bool]]:
    """All of them must hold."""
    table = recordings.c
    found: list[ColumnElement[bool]] = []
    for name, column in (
        ("campaign", table.campaign),
        ("client", table.client),
        ("queue", table.queue),
        ("call", table.call),
        ("class_", table.class_),
    ):
        if said := getattr(choice, name):
            found.append(column == said)
    if choice.numbers:
        found.append(table.number.in_(choice.numbers))
    if choice.ids:
        found.append(table.id.in_(choice.ids))
    if choice.agent:
        found.append(talked(table, (choice.agent,)) if "," not in choice.agent else false())
    if choice.since:
        found.append(table.began >= choice.since)
    if choice.until:
        found.append(table.began < choice.until)
    return found


class ListHash:
    """SHA-256 of a list of ids in the order of bytes, a newline after each: what `sort list | sha256sum` says."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.count = 0

    def take(self, ids: Sequence[str]) -> None:
        self._hash.update("".join(f"{each}\n" for each in ids).encode())
        self.count += len(ids)

    def digest(self) -> bytes:
        return self._hash.digest()


Ask = Callable[[Select[Any]], Awaitable[list[str]]]


def within(connection: AsyncConnection) -> Ask:
    """Asked in a change: all of it is one moment."""

    async def ask(page: Select[Any]) -> list[str]:
        return list((await connection.execute(page)).scalars())

    return ask


def beside(catalogue: Catalogue) -> Ask:
    """Asked a page at a time, so that no question is long: for a dry run."""

    async def ask(page: Select[Any]) -> list[str]:
        async with catalogue.reading() as connection:
            return list((await connection.execute(page)).scalars())

    return ask


async def list_hash(ask: Ask, wanted: Sequence[ColumnElement[bool]]) -> ListHash:
    """Of the ids of recordings for which all of it holds, a page at a time: there may be millions. Ids are lower-case base32, so a
    database's order is that of bytes."""
    hash_, last = ListHash(), ""
    while True:
        page = select(recordings.c.id).where(*wanted, recordings.c.id > last).order_by(recordings.c.id).limit(PAGE)
        ids = await ask(page)
        hash_.take(ids)
        if len(ids) < PAGE:
            return hash_
        last = ids[-1]
