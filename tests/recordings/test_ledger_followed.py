"""The ledger follows the floor's log: calls that ended and how they stand, files linked to them before and after, restarts, a log that was
trimmed; on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from realtime.factcodec import encode, join
from realtime.facts import Fact, RecordingBegan
from realtime.log_memory import MemoryLog
from realtime.plan.archive import ArchiveRules
from realtime.recording_facts import RecordingNamed
from realtime.words import SECOND
from recordings.calls.ledger import Ledger
from recordings.calls.orphans import Orphans
from recordings.catalogue.catalogue import sqlite_url
from recordings.catalogue.schema import call_files, calls, log, recordings
from recordings.wanted import Wanted
from tests.realtime.story import START, about, call_began, call_ended, connected, joined, leg, leg_ended, leg_is, seated
from tests.recordings.archives import RULES, Archive
from tests.recordings.calls.test_book import CUSTOMER, Tale
from tests.recordings.sounds import leave, tone, wav

NODE = "pbx"
CALLED, RECORDED = "1795000000.7", "1795000000.8"


class Story(Tale):
    """As told to a log."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[Fact] = []

    def hear(self, fact: Fact) -> None:
        self.facts.append(fact)


def a_call(name: str, story: Story, call: str = CALLED, recorded: str = RECORDED) -> Story:
    """`name`: digest of the file that Asterisk said. Answered by 1001, for some seconds."""
    story.after(seated("1001"), call_began(call, caller=CUSTOMER), leg(call, "line", "waiting"), joined(call))
    story.after(about(RecordingBegan, call, leg=recorded), about(RecordingNamed, call, leg=recorded, name=name), 10)
    story.after(leg(call, "1001", "ringing"), 2, connected(call, "1001", leg=f"{call}-1001"))
    story.after(leg_is(call, "1001", "talking"), leg_is(call, "line", "talking"), 6)
    return story.after(leg_ended(call, "1001"), leg_ended(call, "line"), call_ended(call))


class Desk:
    def __init__(self, folder: Path, url: str) -> None:
        self.archive = Archive(folder, url)
        self.log = MemoryLog()
        self.now = START + 100 * SECOND
        self.make()

    def make(self) -> None:
        """A life."""
        self.ledger = Ledger(self.archive.catalogue, self.log, "main", lambda: ArchiveRules(), self.archive.digest, lambda: self.now)
        wanted = Wanted(RULES, lambda _name: None)
        self.orphans = Orphans(self.archive.catalogue, self.ledger, self.archive.stores, lambda: wanted, "UTC", lambda: self.now)

    async def tell(self, story: Story) -> None:
        await self.log.append([join([encode(fact) for fact in story.facts])])

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        task = asyncio.ensure_future(self.ledger.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def standing(self) -> list[tuple[str, str, int]]:
        return [(row["standing"], row["reason"], row["recordings"]) for row in await self.archive.rows(calls)]

    async def sealed(self, name: str, *, link: bool) -> dict[str, Any]:
        path = leave(self.archive.spool / name, wav(tone(5.5)))
        os.utime(path, ((START + 16 * SECOND) / SECOND,) * 2)
        found = await self.ledger.link(NODE, name, START + 16 * SECOND) if link else None
        await self.archive.take(found, NODE)
        assert not path.exists()
        return (await self.archive.rows(recordings))[-1]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return sqlite_url(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres").database()


@pytest.fixture
async def desk(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path, url)
    await made.archive.catalogue.open()
    yield made
    await made.archive.catalogue.close()


async def test_a_call_that_ended_is_waited_for_missing_and_then_matched(desk: Desk) -> None:
    name = desk.archive.digest("spring-13912345678.wav")
    await desk.tell(a_call(name, Story()))
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        desk.now += 400 * SECOND
        await desk.ledger.reconcile()
        assert await desk.standing() == [("missing", "never_came", 0)]
        row = await desk.sealed("2026/11/spring-13912345678.wav", link=True)
        await desk.ledger.reconcile()
    assert await desk.standing() == [("matched", "", 1)]
    assert (row["call"], row["leg"], row["agent"], row["queue"], row["number"]) == (CALLED, RECORDED, "1001", "sales", CUSTOMER.digest)
    assert (row["class"], row["trouble"]) == ("five", "")
    assert [each["name"] for each in await desk.archive.rows(call_files)] == [name]


@pytest.mark.parametrize("file", [f"{RECORDED}-in.wav", "spring-13912345678.wav"])
async def test_what_was_sealed_before_its_call_was_known_is_linked_later(desk: Desk, file: str) -> None:
    row = await desk.sealed(file, link=True)
    assert (row["call"], "orphan" in row["trouble"], row["class"]) == ("", True, "")
    assert await desk.orphans.adopt() == 0
    await desk.tell(a_call(desk.archive.digest("spring-13912345678.wav"), Story()))
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        desk.now = row["sealed_at"]
        assert await desk.orphans.adopt() == 1
    [row] = await desk.archive.rows(recordings)
    assert (row["call"], row["agent"], "orphan" in row["trouble"], row["class"]) == (CALLED, "1001", False, "five")
    assert (await desk.standing())[0][0] == "matched"
    assert [each["kind"] for each in await desk.archive.rows(log)] == ["seal", "store", "reclass"]


async def test_a_restart_goes_on_where_it_was_and_knows_the_calls_that_went_on(desk: Desk) -> None:
    story = a_call("f" * 32, Story())
    half = Story()
    half.facts, story.facts = story.facts[:8], story.facts[8:]
    await desk.tell(half)
    async with desk.following():
        await until(lambda: _true(bool(desk.ledger.book.state.calls)))
        await desk.ledger.save()
    desk.make()
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
    [row] = await desk.archive.rows(calls)
    assert (row["began"], row["agent"]) == (START, "1001")


async def test_a_log_that_does_not_go_back_so_far_is_a_gap_in_the_log(desk: Desk) -> None:
    await desk.tell(a_call("f" * 32, Story()))
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        await desk.ledger.save()
    desk.log = MemoryLog(keep=1)
    desk.make()
    for number in range(3):
        await desk.tell(a_call("e" * 32, _later(number), call=f"b{number}"))
    async with desk.following():
        await until(lambda: _gap(desk))


def _later(number: int) -> Story:
    story = Story()
    story.told = 1000 * (number + 1)
    return story


async def _gap(desk: Desk) -> bool:
    return [row["kind"] for row in await desk.archive.rows(log)] == ["gap"] and len(await desk.archive.rows(calls)) == 2


async def _is(desk: Desk, wanted: list[tuple[str, str, int]]) -> bool:
    return await desk.standing() == wanted


async def _true(said: bool) -> bool:
    return said
