"""The Merkle log as it lies in the tables: leaves appended, roots and proofs read. One select for each of them, of some thirty rows.

Not the tree's mathematics (`proof/merkle.py`) and not what a leaf says (`proof/entries.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from recordings.catalogue.schema import log, nodes
from recordings.proof import merkle
from recordings.proof.entries import SALT, Entry, leaf_of, private_text
from recordings.refusals import Worded

NEEDS_MOST = 200
"""Hashes for one answer: a proof in a tree of 2^62 leaves needs fewer."""


async def size(connection: AsyncConnection) -> int:
    """Leaves in the log."""
    last = (await connection.execute(select(func.max(log.c.index)))).scalar()
    return 0 if last is None else int(last) + 1


async def root(connection: AsyncConnection, leaves: int | None = None) -> tuple[int, bytes]:
    """The size and its root: of now, or of when the log had so many leaves."""
    leaves = await size(connection) if leaves is None else leaves
    get = await _hashes(connection, merkle.edge(leaves))
    return leaves, merkle.root(leaves, get)


async def inclusion(connection: AsyncConnection, index: int, leaves: int) -> list[bytes]:
    """Raises ValueError when a tree of this size has no such leaf."""
    return merkle.inclusion(index, leaves, await _hashes(connection, merkle.inclusion_needs(index, leaves)))


async def inclusions(connection: AsyncConnection, indexes: Sequence[int], leaves: int) -> list[list[bytes]]:
    """Of many leaves at once: most of their proofs have hashes in common. Raises ValueError."""
    needs = sorted({need for index in indexes for need in merkle.inclusion_needs(index, leaves)})
    found: dict[tuple[int, int], bytes] = {}
    for begin in range(0, len(needs), NEEDS_MOST):
        some = needs[begin : begin + NEEDS_MOST]
        get = await _hashes(connection, some)
        found |= {(level, place): get(level, place) for level, place in some}
    return [merkle.inclusion(index, leaves, lambda level, place: found[level, place]) for index in indexes]


async def consistency(connection: AsyncConnection, first: int, second: int) -> list[bytes]:
    """Raises ValueError for sizes that nothing can be proven of."""
    return merkle.consistency(first, second, await _hashes(connection, merkle.consistency_needs(first, second)))


class End:
    """The end of the log within one transaction that nobody else appends in: `Catalogue.change` sees to that."""

    def __init__(self, connection: AsyncConnection, salt: Callable[[int], bytes]) -> None:
        self._connection = connection
        self._salt = salt
        self._size = -1  # not read yet
        self._edge: dict[tuple[int, int], bytes] = {}

    async def append(self, entry: Entry) -> int:
        await self._read()
        index, salt = self._size, self._salt(SALT)
        leaf = leaf_of(entry, salt)
        hash_ = merkle.leaf_hash(leaf.encode())
        row = {"index": index, "at": entry.at, "kind": entry.kind.value, "subject": entry.subject, "leaf": leaf, "hash": hash_}
        await self._connection.execute(insert(log).values(**row, private=private_text(entry), salt=salt))
        made = list(merkle.completed(index, hash_, lambda level, place: self._edge[level, place]))
        if made:
            rows = [{"level": level, "index": place, "hash": node} for level, place, node in made]
            await self._connection.execute(insert(nodes), rows)
        self._edge[0, index] = hash_
        self._edge |= {(level, place): node for level, place, node in made}
        self._size += 1
        self._edge = {(level, place): self._edge[level, place] for level, place in merkle.edge(self._size)}
        return index

    async def _read(self) -> None:
        if self._size < 0:
            leaves = await size(self._connection)
            needs = merkle.edge(leaves)
            get = await _hashes(self._connection, needs)
            self._edge = {(level, place): get(level, place) for level, place in needs}
            self._size = leaves


async def _hashes(connection: AsyncConnection, needs: Iterable[tuple[int, int]]) -> Callable[[int, int], bytes]:
    wanted = set(needs)
    assert len(wanted) <= NEEDS_MOST, "no proof needs so many"
    leaves, inner = [place for level, place in wanted if level == 0], [each for each in wanted if each[0]]
    found: dict[tuple[int, int], bytes] = {}
    if leaves:
        rows = await connection.execute(select(log.c.index.label("place"), log.c.hash).where(log.c.index.in_(leaves)))
        found |= {(0, row.place): row.hash for row in rows if isinstance(row.hash, bytes)}
    if inner:
        rows = await connection.execute(
            select(nodes.c.level, nodes.c.index.label("place"), nodes.c.hash).where(tuple_(nodes.c.level, nodes.c.index).in_(inner))
        )
        found |= {(row.level, row.place): row.hash for row in rows if isinstance(row.hash, bytes)}
    if missing := wanted - found.keys():
        raise LogDamaged("log.damaged", subtree=str(min(missing)))
    return lambda level, place: found[level, place]


class LogDamaged(Worded):
    """Leaves or nodes are not there that must be."""
