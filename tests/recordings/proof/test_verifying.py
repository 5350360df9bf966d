"""The whole log looked through: whole, and with each of its parts changed by somebody who has the right to the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import TextClause, Update, delete, insert, select, text, update
from sqlalchemy.sql import Executable

from recordings.catalogue.schema import checkpoints, log, nodes
from recordings.proof import forgotten, verifying
from recordings.proof.entries import Entry
from recordings.proof.published import Published
from recordings.proof.verifying import Looked
from recordings.words import Kind
from tests.recordings.proof.desk import NOON, Desk

SIZE = 11
GONE: dict[str, Any] = {"private": None, "salt": None}


@pytest.fixture
async def full(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(verifying, "PAGE", 4)
    for number in range(SIZE):
        await desk.seal(f"{number:020}")
        if number in (2, 6):
            await desk.publish(day=number)
    await desk.publish(day=20)
    return desk


async def look(desk: Desk) -> Looked:
    told: list[tuple[int, int]] = []
    looked = await verifying.look(desk.catalogue, Published(desk.folder), Published(desk.folder).keys(), lambda *at: told.append(at))
    assert told == sorted(told)
    return looked


async def test_a_whole_log_is_whole(full: Desk) -> None:
    looked = await look(full)
    assert looked.findings == []
    assert (looked.size, looked.stored, looked.files, looked.forgotten) == (SIZE, 3, 3, 0)
    assert looked.root == (await full.publish()).checkpoint.root


async def test_an_empty_log_is_whole(desk: Desk) -> None:
    assert await look(desk) == Looked()


async def test_what_was_forgotten_is_counted_and_breaks_nothing(full: Desk) -> None:
    """As letting go does it: what was said of a recording before, and an entry that says so."""
    await change(full, of_entry(2, **GONE))
    await full.append(Entry(kind=Kind.DISPOSAL, at=NOON, subject=f"{2:020}"))
    searches = [await full.append(Entry(kind=Kind.ACCESS, at=NOON, subject="search", private={"numbers": ["x"]})) for _ in range(2)]
    await change(full, update(log).where(log.c.index.in_(searches)).values(**GONE))
    for entry in forgotten.said("search", "e1", searches, NOON):
        await full.append(entry)
    looked = await look(full)
    assert (looked.findings, looked.forgotten) == ([], 3)


async def test_who_listened_cannot_be_wiped_without_a_word(full: Desk) -> None:
    heard = [await full.hear(f"{number:020}") for number in range(3)]
    await full.append(Entry(kind=Kind.DISPOSAL, at=NOON, subject=f"{0:020}"))
    late = await full.hear(f"{0:020}")
    searches = [await full.append(Entry(kind=Kind.ACCESS, at=NOON, subject="search", private={"who": "x"})) for _ in range(3)]
    await full.append(Entry(kind=Kind.ERASURE, at=NOON, subject=f"{1:020}", public={"run": "e1", "answer": "restricted"}))
    for entry in (*forgotten.said("search", "e1", searches[:1], NOON), *forgotten.said("clock.number", "e1", searches[1:2], NOON)):
        await full.append(entry)
    await change(full, update(log).where(log.c.index.in_([*heard, late, *searches])).values(**GONE))
    wiped = sorted([*heard[1:], late, *searches[1:]])
    assert (await look(full)).findings == [
        f"Entry {place}: its private part is gone, and no later entry says that it was forgotten." for place in wiped
    ]


async def test_an_archive_that_was_put_back_says_so(full: Desk) -> None:
    Published(full.folder).mark_restored("2026-11-28T12:00:00Z")
    (finding,) = (await look(full)).findings
    assert "was put back from a backup of 2026-11-28T12:00:00Z" in finding


async def change(desk: Desk, *statements: Executable) -> None:
    async with desk.catalogue.change() as changing:
        for statement in statements:
            await changing.connection.execute(statement)


def of_entry(number: int, **values: Any) -> Update:
    return update(log).where(log.c.index == number).values(**values)


def raw(statement: str) -> TextClause:
    """SQLite keeps what somebody puts into a column, of whatever type."""
    return text(statement)


CHANGED: dict[str, tuple[Callable[[], list[Executable]], str]] = {
    "a leaf": (lambda: [of_entry(5, leaf=log.c.leaf + " ")], "Entry 5: its hash is not that of its leaf"),
    "a hash": (lambda: [of_entry(5, hash=bytes(32))], "Entry 5: its hash is not that of its leaf"),
    "a leaf that is none": (lambda: [of_entry(5, leaf="x")], "Entry 5: its leaf cannot be read"),
    "a kind": (lambda: [of_entry(5, kind="gap")], "Entry 5: the table says another kind"),
    "a subject": (lambda: [of_entry(5, subject="x")], "Entry 5: the table says another kind, subject"),
    "a time": (lambda: [of_entry(5, at=1)], "Entry 5: the table says another kind, subject or time"),
    "a private part": (lambda: [of_entry(5, private="{}")], "Entry 5: its private part is not the one"),
    "a salt": (lambda: [of_entry(5, salt=bytes(16))], "Entry 5: its private part is not the one"),
    "a private part gone": (lambda: [of_entry(5, **GONE)], "Entry 5: its private part is gone, and no later entry says"),
    "a leaf of other JSON": (lambda: [of_entry(5, leaf="[1]")], "Entry 5: its leaf cannot be read"),
    "a leaf without a part": (lambda: [of_entry(5, leaf='{"kind":"seal"}')], "Entry 5: its leaf cannot be read"),
    "a leaf that is too deep": (lambda: [of_entry(5, leaf="[" * 100_000)], "Entry 5: its leaf cannot be read"),
    "a leaf of bytes": (lambda: [raw("UPDATE log SET leaf = x'00' WHERE \"index\" = 5")], "Entry 5: its leaf cannot be read"),
    "a hash of text": (lambda: [raw("UPDATE log SET hash = 'x' WHERE \"index\" = 5")], "Entry 5: its hash is not that of its leaf"),
    "a private part of bytes": (lambda: [raw("UPDATE log SET private = x'00' WHERE \"index\" = 5")], "Entry 5: its private part is not"),
    "a salt of text": (lambda: [raw("UPDATE log SET salt = 'x' WHERE \"index\" = 5")], "Entry 5: its private part is not the one"),
    "a subject of bytes": (lambda: [raw("UPDATE log SET subject = x'00', private = NULL WHERE \"index\" = 5")], "another kind, subject"),
    "a node of text": (lambda: [raw("UPDATE log_nodes SET hash = 'x' WHERE level = 2 AND \"index\" = 1")], "Node 2/1 of the tree is not"),
    "a checkpoint of bytes": (
        lambda: [raw("UPDATE log_checkpoints SET note = x'00' WHERE size = 7")],
        "Checkpoint 1 of the database is not",
    ),
    "half of a private part": (lambda: [of_entry(5, private=None)], "one is gone and the other not"),
    "a node": (lambda: [update(nodes).where(nodes.c.level == 1, nodes.c.index == 2).values(hash=bytes(32))], "Node 1/2 of the tree"),
    "a high node": (lambda: [update(nodes).where(nodes.c.level == 3).values(hash=bytes(32))], "Node 3/0 of the tree"),
    "no node": (lambda: [delete(nodes).where(nodes.c.level == 2, nodes.c.index == 1)], "Node 2/1 of the tree"),
    "a node more": (lambda: [insert(nodes).values(level=1, index=5, hash=bytes(32))], "Node 1/5 of the tree is of entries that are not"),
    "no entry": (lambda: [delete(log).where(log.c.index == 5)], "The log ends at entry 5, which is not there"),
    "no last entry": (lambda: [delete(log).where(log.c.index == 10)], "speaks of 11 entries and the log has 10"),
    "a checkpoint": (
        lambda: [update(checkpoints).where(checkpoints.c.size == 7).values(note="x\n")],
        "Checkpoint 1 of the database is not",
    ),
}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("part", CHANGED)
async def test_what_was_changed_is_found_and_named(full: Desk, part: str) -> None:
    statements, said = CHANGED[part]
    await change(full, *statements())
    looked = await look(full)
    assert looked.bad
    assert any(said in finding for finding in looked.findings), looked.findings


async def test_a_log_that_was_rewritten_through_and_through_is_found_by_its_checkpoints(full: Desk) -> None:
    """Whoever may write the database grows another tree, in which everything fits but what was signed."""
    async with full.catalogue.reading() as connection:
        rows = (await connection.execute(select(checkpoints))).all()
    await change(full, delete(log), delete(nodes), delete(checkpoints))
    for number in range(SIZE):
        await full.seal(f"{number:020}" if number != 4 else "x")
    await change(full, insert(checkpoints).values([dict(row._mapping) for row in rows]))
    looked = await look(full)
    assert looked.bad == 2 * 3
    assert "The published file 2026-11-30.note is of other entries than the first 3 of the log" in "".join(looked.findings)


async def test_a_published_file_that_was_changed_is_found(full: Desk) -> None:
    file = full.folder / "2026-11-30.note"
    file.write_text(file.read_text().replace("\n3\n", "\n4\n"))
    (full.folder / "2026-12-01.note").write_bytes(b"\xff")
    findings = (await look(full)).findings
    assert len(findings) == 2
    assert all("is not as it was signed" in finding for finding in findings)


async def test_not_more_is_kept_than_anybody_reads(full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "FINDINGS_MOST", 3)
    await change(full, update(log).values(hash=bytes(32)))
    looked = await look(full)
    assert (len(looked.findings), looked.bad) == (3, SIZE)
