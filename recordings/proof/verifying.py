"""The whole log looked through once: every leaf, hash, node, private part and checkpoint, in the tables and in the published files.

Not one recording's copies (`vault/fixity.py`) and not a bundle (`verify_bundle.py`). Nothing that is stored is believed: the tree is grown
anew from the leaves, and each checkpoint is compared with the tree of its size. In constant memory, page by page, while others append. Who
may write the database may also write what is none of its types (SQLite takes it): that is a finding, and the rest is looked at.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue import tree
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import log, nodes
from recordings.proof import merkle, note
from recordings.proof.entries import SALT, digest_of
from recordings.proof.forgotten import lawful
from recordings.proof.note import BadNote, Checkpoint, VerifierKey
from recordings.proof.published import Published, read
from recordings.proof.publishing import stored_notes, told_restored

PAGE: Final = 2_000
"""Entries that are read at once: some megabytes."""
PARTS: Final = {"kind", "subject", "at", "public", "private"}
"""Of each leaf (`entries.leaf_of`)."""
FINDINGS_MOST: Final = 100
"""Findings that are kept: who has so many needs no more of them. `bad` counts all."""

Found = Row[*tuple[Any, ...]]


@dataclass
class Looked:
    """What was found. `findings`: sentences; none: all is well up to `size`."""

    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    forgotten: int = 0  # private parts
    stored: int = 0  # checkpoints that fit
    files: int = 0
    bad: int = 0
    findings: list[str] = field(default_factory=list)

    def bad_is(self, sentence: str) -> None:
        self.bad += 1
        if len(self.findings) < FINDINGS_MOST:
            self.findings.append(sentence)


async def look(catalogue: Catalogue, published: Published, keys: Sequence[VerifierKey], tell: Callable[[int, int], None]) -> Looked:
    """`tell(looked at, of)` after each page. Raises HistoryAway, OSError."""
    looked = Looked()
    async with catalogue.reading() as connection:
        size, stored = await tree.size(connection), await stored_notes(connection)
    wanted = _wanted(looked, published, stored, keys, size)
    if (restored := published.restored()) is not None:
        looked.bad_is(str(told_restored(restored)))
    grown = Grown(looked, wanted)
    async for page in _pages(catalogue, size):
        async with catalogue.reading() as connection:
            grown.inner = await _nodes(connection, grown.size, grown.size + len(page))
            said = await lawful(connection, {row.place: row.subject for row in page if row.private is None})
        for row in page:
            grown.entry(row)
            if row.private is None and row.place not in said:
                looked.bad_is(f"Entry {row.place}: its private part is gone, and no later entry says that it was forgotten.")
        tell(grown.size, size)
    if grown.size != size:
        looked.bad_is(f"The log ends at entry {grown.size}, which is not there; its last one is {size - 1}.")
    async with catalogue.reading() as connection:
        await _no_more_nodes(connection, looked, size)
    looked.size, looked.root = grown.size, grown.root()
    return looked


class Grown:
    """The tree as its leaves make it. `inner`: the nodes that are stored, of the page that is looked at."""

    def __init__(self, looked: Looked, wanted: dict[int, list[tuple[str, Checkpoint]]]) -> None:
        self.size = 0
        self.inner: dict[tuple[int, int], bytes] = {}
        self._looked, self._wanted = looked, wanted
        self._edge: dict[tuple[int, int], bytes] = {}

    def root(self) -> bytes:
        return merkle.root(self.size, lambda level, place: self._edge[level, place])

    def entry(self, row: Found) -> None:
        for wrong in wrongs(row):
            self._looked.bad_is(f"Entry {row.place}: {wrong}.")
        self._looked.forgotten += row.private is None
        hash_ = hash_of(row)
        made = list(merkle.completed(self.size, hash_, lambda level, place: self._edge[level, place]))
        for level, place, node in made:
            if self.inner.get((level, place)) != node:
                self._looked.bad_is(f"Node {level}/{place} of the tree is not what the entries under it make.")
        self._edge |= {(0, self.size): hash_, **{(level, place): node for level, place, node in made}}
        self.size += 1
        self._edge = {(level, place): self._edge[level, place] for level, place in merkle.edge(self.size)}
        for where, checkpoint in self._wanted.get(self.size, ()):
            if checkpoint.root != self.root():
                self._looked.bad_is(f"{where} is of other entries than the first {self.size} of the log: they were changed since.")


def hash_of(row: Found) -> bytes:
    """Of its leaf, whatever somebody has put there."""
    return merkle.leaf_hash(row.leaf.encode() if isinstance(row.leaf, str) else octets(row.leaf))


def octets(value: object) -> bytes:
    """Of a column of bytes; what is none is no bytes at all."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def leaf_of(row: Found) -> dict[str, Any] | None:
    """What it says, where it is whole."""
    try:
        leaf = json.loads(row.leaf)
    except (ValueError, TypeError, RecursionError):
        return None
    whole = isinstance(row.leaf, str) and isinstance(leaf, dict) and leaf.keys() >= PARTS and isinstance(leaf["public"], dict)
    return leaf if whole else None


def wrongs(row: Found) -> Iterator[str]:
    """Of one entry by itself."""
    if octets(row.hash) != hash_of(row):
        yield "its hash is not that of its leaf"
    leaf = leaf_of(row)
    if leaf is None:
        yield "its leaf cannot be read"
        return
    if (leaf["kind"], leaf["subject"], leaf["at"]) != (row.kind, row.subject, row.at):
        yield "the table says another kind, subject or time than its leaf"
    if (row.private is None) != (row.salt is None):
        yield "of its private part and its salt one is gone and the other not"
    elif row.private is not None and not _sealed(row.private, octets(row.salt), leaf["private"]):
        yield "its private part is not the one that was sealed"


def _sealed(private: object, salt: bytes, digest: object) -> bool:
    return isinstance(private, str) and len(salt) == SALT and digest_of(salt, private) == digest


def _wanted(
    looked: Looked, published: Published, stored: Sequence[str], keys: Sequence[VerifierKey], size: int
) -> dict[int, list[tuple[str, Checkpoint]]]:
    """Checkpoints by size, each with its name; what cannot be one, or speaks of more than there is, is a finding."""
    wanted: dict[int, list[tuple[str, Checkpoint]]] = defaultdict(list)
    named = [(f"Checkpoint {number} of the database", text) for number, text in enumerate(stored)]
    for path in published.notes():
        try:
            named.append((f"The published file {path.name}", read(path)))
        except BadNote:
            named.append((f"The published file {path.name}", ""))
    for where, text in named:
        try:
            checkpoint = note.verify(text, keys)
        except BadNote as error:
            looked.bad_is(f"{where} is not as it was signed ({str(error).rstrip('.')}).")
            continue
        if not 0 < checkpoint.size <= size:
            looked.bad_is(f"{where} speaks of {checkpoint.size} entries and the log has {size}: was an old backup put back?")
            continue
        wanted[checkpoint.size].append((where, checkpoint))
    looked.stored, looked.files = len(stored), len(named) - len(stored)
    return wanted


async def _pages(catalogue: Catalogue, size: int) -> AsyncIterator[Sequence[Found]]:
    """Up to the first entry that is not there."""
    place = 0
    columns = (log.c.index.label("place"), log.c.at, log.c.kind, log.c.subject, log.c.leaf, log.c.hash, log.c.private, log.c.salt)
    while place < size:
        page = select(*columns).where(log.c.index >= place, log.c.index < min(size, place + PAGE)).order_by(log.c.index)
        async with catalogue.reading() as connection:
            rows = (await connection.execute(page)).all()
        whole = [row for number, row in enumerate(rows, place) if row.place == number]
        yield whole
        if len(whole) < min(PAGE, size - place):
            return
        place += PAGE


async def _nodes(connection: AsyncConnection, first: int, end: int) -> dict[tuple[int, int], bytes]:
    """Those that leaves `first` to `end` complete."""
    found: dict[tuple[int, int], bytes] = {}
    for level in range(1, end.bit_length()):
        of_level = select(nodes.c.index.label("place"), nodes.c.hash).where(nodes.c.level == level)
        rows = await connection.execute(of_level.where(nodes.c.index >= first >> level, nodes.c.index < end >> level))
        found |= {(level, row.place): octets(row.hash) for row in rows}
    return found


async def _no_more_nodes(connection: AsyncConnection, looked: Looked, size: int) -> None:
    """Each that should be there was compared; one more would be of leaves that are not there. Leaves that came since count."""
    for level in range(1, size.bit_length() + 1):
        last = (await connection.execute(select(func.max(nodes.c.index)).where(nodes.c.level == level))).scalar()
        leaves = await tree.size(connection)
        if last is not None and last >= leaves >> level:
            looked.bad_is(f"Node {level}/{last} of the tree is of entries that are not there.")
