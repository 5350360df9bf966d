"""One transaction a step: the tables and the log change together or not at all, whoever changes, and however it is cut off."""

from __future__ import annotations

import asyncio
import random
import time

import pytest
from sqlalchemy import func, insert, select, text

from realtime.history import database
from realtime.history.port import HistoryAway
from recordings.catalogue import catalogue as module
from recordings.catalogue import tree
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import health, log, nodes
from recordings.proof import merkle
from recordings.proof.entries import Entry, leaf_of
from recordings.words import Kind


def entry(number: int) -> Entry:
    return Entry(kind=Kind.SEAL, at=1_000 + number, subject=f"r{number}", public={"sha256": "ab" * 32}, private={"agent": "zhao.min"})


async def append(catalogue: Catalogue, numbers: range) -> list[int]:
    async with catalogue.change() as change:
        return [await change.append(entry(number)) for number in numbers]


async def count(catalogue: Catalogue, table: object) -> int:
    async with catalogue.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(table))).scalar())  # type: ignore[arg-type]


async def test_the_log_is_the_tree_of_its_leaves(catalogue: Catalogue) -> None:
    random.seed(6)
    at = 0
    while at < 70:
        together = random.randint(1, 9)
        assert await append(catalogue, range(at, at + together)) == list(range(at, at + together))
        at += together
    async with catalogue.reading() as connection:
        rows = (await connection.execute(select(log).order_by(log.c.index))).all()
        leaves = [row.leaf.encode() for row in rows]
        for size in (1, 2, 3, 31, 32, 33, at):
            assert await tree.root(connection, size) == (size, merkle.root_of(leaves[:size]))
        assert await tree.root(connection) == (at, merkle.root_of(leaves))
        top = merkle.root_of(leaves)
        for index in (0, 5, 31, 32, at - 1):
            path = await tree.inclusion(connection, index, at)
            assert merkle.verify_inclusion(merkle.leaf_hash(leaves[index]), index, at, path, top)
        for first in (1, 8, 33, at):
            path = await tree.consistency(connection, first, at)
            assert merkle.verify_consistency(first, at, path, merkle.root_of(leaves[:first]), top)
    assert rows[7].leaf == leaf_of(entry(7), rows[7].salt)
    assert "zhao.min" not in rows[7].leaf
    assert "zhao.min" in rows[7].private


async def test_an_empty_log(catalogue: Catalogue) -> None:
    async with catalogue.reading() as connection:
        assert await tree.root(connection) == (0, merkle.EMPTY_ROOT)


async def test_what_is_raised_inside_takes_tables_and_log_back(catalogue: Catalogue) -> None:
    await append(catalogue, range(3))

    async def fails() -> None:
        async with catalogue.change() as change:
            await change.connection.execute(insert(health).values(name="backlog", value=1, text="", at=1))
            await change.append(entry(3))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert await count(catalogue, health) == 0
    assert await count(catalogue, log) == 3
    assert await append(catalogue, range(3, 4)) == [3]
    assert await count(catalogue, nodes) == 3


async def test_two_processes_append_to_one_log(catalogue: Catalogue, url: str) -> None:
    other = Catalogue(url, writes=True)

    async def writes(one: Catalogue) -> list[int]:
        return [index for number in range(15) for index in await append(one, range(number, number + 1))]

    got = await asyncio.gather(writes(catalogue), writes(other), writes(catalogue))
    assert sorted(index for part in got for index in part) == list(range(45))
    await other.close()
    async with catalogue.reading() as connection:
        leaves = [leaf.encode() for leaf in (await connection.execute(select(log.c.leaf).order_by(log.c.index))).scalars()]
        assert await tree.root(connection) == (45, merkle.root_of(leaves))


async def test_a_change_that_is_cancelled_anywhere_leaves_the_database_free(catalogue: Catalogue, url: str) -> None:
    random.seed(9)
    other = Catalogue(url, writes=True)
    began = time.perf_counter()
    await append(catalogue, range(4))
    takes = time.perf_counter() - began
    for _ in range(15):
        before = await count(catalogue, log)
        task = asyncio.create_task(append(catalogue, range(4)))
        await asyncio.sleep(random.uniform(0, takes))  # anywhere in it
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await append(other, range(1))  # raises when SQLite's patience is over
        assert await count(catalogue, log) - before in (1, 5)
    await other.close()


async def test_a_change_within_a_change_is_a_bug_and_does_not_wait(catalogue: Catalogue) -> None:
    with pytest.raises(AssertionError, match="wait for itself"):
        async with catalogue.change(), catalogue.change():
            pass
    await append(catalogue, range(1))


async def test_a_fault_of_the_caller_is_not_the_databases(catalogue: Catalogue) -> None:
    with pytest.raises(FileNotFoundError):
        async with catalogue.change():
            raise FileNotFoundError("/nowhere")


async def test_there_is_nothing_yet(empty: str) -> None:
    reader, writer = Catalogue(empty), Catalogue(empty, writes=True)
    with pytest.raises(HistoryAway, match=r"archive's database .*andon archivist makes"):
        async with reader.reading() as connection:
            await connection.execute(select(log))
    with pytest.raises(HistoryAway, match="andon archivist makes"):
        await append(writer, range(1))
    await reader.close()
    await writer.close()


async def test_a_long_change_has_long_statements(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hold on millions is one statement. Others wait no longer for it than they have patience, and then try again."""
    for each in (module, database):
        monkeypatch.setattr(each, "PATIENCE_S", 1.0)
    if catalogue.sqlite:
        async with catalogue.change(60) as change:
            assert await change.append(entry(0)) == 0
        return
    async with catalogue.change(60) as change:
        await change.connection.execute(text("SELECT pg_sleep(2.5)"))
        await change.append(entry(0))
    with pytest.raises(HistoryAway):
        async with catalogue.change(1.0) as change:
            await change.connection.execute(text("SELECT pg_sleep(2.5)"))
    assert await append(catalogue, range(1, 2)) == [1]
