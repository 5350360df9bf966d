"""The ledger follows the floor's log: calls that ended and how they stand, files linked to them before and after, restarts, a log that was
trimmed; on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from realtime import outbound
from realtime.decision import Decision
from realtime.factcodec import encode, join
from realtime.facts import Fact, RecordingBegan
from realtime.history import port
from realtime.history.port import HistoryAway, Kept
from realtime.log import LogAway, Record
from realtime.log_faults import LogRestarted
from realtime.log_memory import MemoryLog
from realtime.plan.archive import ArchiveRules
from realtime.recording_facts import RecordingNamed
from realtime.words import SECOND, Micros
from recordings.calls.book import Book
from recordings.calls.kept import VERSION
from recordings.calls.ledger import Ledger
from recordings.calls.ledger_rows import cards_of, put
from recordings.calls.orphans import Orphans
from recordings.calls.refilled import Past
from recordings.catalogue.asked import Query, Reach
from recordings.catalogue.schema import call_files, calls, cursor, further_agents, health, log, recordings
from recordings.catalogue.search import find
from recordings.recording import CallCard
from recordings.retention import losing
from recordings.wanted import Wanted
from tests.realtime.story import START, Happening, Telling, about, call_began, call_ended, connected, joined, leg, leg_ended, leg_is, seated
from tests.recordings.archives import RULES, Archive
from tests.recordings.calls.test_book import CUSTOMER, Tale
from tests.recordings.migrated import Migrated
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

    def make(self, past: Past | None = None) -> None:
        """A life."""
        self.ledger = Ledger(
            self.archive.catalogue, self.log, "main", lambda: ArchiveRules(), self.archive.digest, lambda: self.now, past=past
        )
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
        return max(await self.archive.rows(recordings), key=lambda row: int(row["place"]))


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, migrated: Migrated, tmp_path: Path) -> str:
    return migrated.sqlite(tmp_path) if request.param == "sqlite" else migrated.postgresql(request.getfixturevalue("postgres"))


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


async def test_what_is_linked_later_to_a_leg_that_has_a_recording_is_doubled(desk: Desk) -> None:
    name = "spring-13912345678.wav"
    await desk.tell(a_call(desk.archive.digest(name), Story()))
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        first = await desk.sealed(name, link=True)
        second = await desk.sealed(f"{RECORDED}-again.wav", link=False)
        assert (first["trouble"], second["trouble"], second["call"]) == ("", "orphan", "")
        desk.now = second["sealed_at"]
        assert await desk.orphans.adopt() == 1
    rows = await desk.archive.rows(recordings)
    assert [(row["leg"], row["trouble"]) for row in rows] == [(RECORDED, ""), (RECORDED, "doubled")]


async def test_orphans_that_stay_hide_none_whose_call_came(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recordings.calls.orphans.MOST", 1)
    first = await desk.sealed(f"{RECORDED}.wav", link=False)
    for number in range(3):
        await desk.sealed(f"of-nobody-{number}.wav", link=False)
    await desk.tell(a_call("f" * 32, Story()))
    desk.now = first["sealed_at"] + 60 * SECOND
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        assert [await desk.orphans.adopt() for _ in range(4)] == [0, 0, 1, 0]
        await desk.sealed(f"{RECORDED}-again.wav", link=False)
        assert await desk.orphans.adopt() == 1, "the newest at once"
    rows = sorted(await desk.archive.rows(recordings), key=lambda row: int(row["place"]))
    assert [row["call"] for row in rows] == [CALLED, "", "", "", CALLED]


async def test_a_file_whose_name_is_used_for_all_calls_is_of_the_last_one(desk: Desk) -> None:
    """Which the book has forgotten, as after a night."""
    name = desk.archive.digest("last.wav")
    cards = [
        CallCard(node=NODE, call=f"{1_795_000_000 + 60 * each}.1", began=at, answered=at, ended=at + 50 * SECOND, files={name: "x"})
        for each, at in enumerate(range(START, START + 150 * 60 * SECOND, 60 * SECOND))
    ]
    await desk.ledger.write(cards)
    link = await desk.ledger.link(NODE, "last.wav", cards[-1].ended)
    assert link is not None
    assert link.card.call == cards[-1].call


async def test_a_call_whose_recording_was_given_up_has_that_for_a_reason(desk: Desk) -> None:
    name = desk.archive.digest("spring-13912345678.wav")
    await desk.tell(a_call(name, Story()))
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        row = await desk.sealed("2026/11/spring-13912345678.wav", link=True)
        desk.now += 400 * SECOND
        await desk.ledger.reconcile()
        assert await desk.standing() == [("matched", "", 1)]
        catalogue = desk.archive.catalogue
        async with catalogue.change() as change:
            await change.connection.execute(update(recordings).values(state="quarantined"))
        listed = await losing.propose(catalogue, "l-1", [row["id"]], "the disk died", "user:li", desk.now)
        await losing.confirm(catalogue, "l-1", listed.sha256, "user:wang", desk.now)
        await desk.ledger.reconcile()
        assert await desk.standing() == [("excused", "given_up", 1)]
        async with catalogue.change() as change:  # what was left of it has gone, and something is said of the call once more
            await change.connection.execute(update(recordings).values(state="disposed"))
            await put(change, await cards_of(change.connection, [(NODE, CALLED)]), RULES, desk.now)
    assert await desk.standing() == [("excused", "given_up", 1)]


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


DIALLED, DIALLER = f"{START // SECOND}.7", f"{START // SECOND}.8"
"""A call that was seen from its beginning: its id says so."""
DIAL = {"dial": "d1", "call": DIALLED, "leg": DIALLER, "agent": "1001", "campaign": "care", "client": "acme"}
FILES = [f"{DIALLER}.wav", f"{DIALLER}-second.wav", f"{DIALLER}-third.wav"]


def a_dialled_call() -> Story:
    """Two talk, and whose phone that is nobody knows but the gate; over before anybody says who talked, and what came of it."""
    story = Story().after(call_began(DIALLED, "outbound"), Telling(outbound.DialDecided, {"decision": Decision("allow"), **DIAL}))
    story.after(leg(DIALLED, "1001", "dialling"), about(RecordingBegan, DIALLED, leg=DIALLER), 10)
    story.after(leg_is(DIALLED, "1001", "talking"), leg(DIALLED, "line", "talking"), 6)
    return story.after(leg_ended(DIALLED, "1001"), leg_ended(DIALLED, "line"), call_ended(DIALLED))


def coded(code: str, dial: str = "d1") -> Telling:
    return Telling(outbound.ResultCoded, {"dial": dial, "campaign": "care", "code": code}, node="")


def ended_by(agent: str) -> Telling:
    return Telling(outbound.DialEnded, {"dial": "d1", "campaign": "care", "agent": agent, "outcome": "connected"}, node="")


async def found(desk: Desk, **query: str) -> list[str]:
    async with desk.archive.catalogue.reading() as connection:
        return sorted(row.id for row in (await find(connection, Query(**query), Reach())).rows)  # type: ignore[arg-type]


async def test_a_result_that_is_coded_after_the_seal_is_found_and_so_is_one_that_is_put_right(desk: Desk) -> None:
    """By all recordings of the call; what they were sealed as, and of which class they are, stays."""
    story = a_dialled_call()
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        before = [await desk.sealed(file, link=True) for file in FILES]
        assert {(row["call"], row["campaign"], row["outcome"], row["class"]) for row in before} == {(DIALLED, "care", "", "")}
        entries = await desk.archive.rows(log)
        ids = sorted(row["id"] for row in before)
        for code, old in (("sold", ""), ("complaint", "sold")):
            await desk.tell(_more(story, 40, coded(code)))
            await until(lambda code=code: _finds(desk, ids, outcome=code))  # type: ignore[misc]
            assert not old or await found(desk, outcome=old) == []
    assert await desk.archive.rows(log) == entries
    after = sorted(await desk.archive.rows(recordings), key=lambda row: int(row["place"]))
    assert [_without(row) for row in after] == [_without(row) for row in before]


async def test_who_talked_is_found_when_it_is_said_after_the_seal(desk: Desk) -> None:
    story = a_dialled_call()
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        row = await desk.sealed(FILES[0], link=True)
        assert row["agent"] == "1001", "whose dial it was"
        await desk.tell(_more(story, 5, ended_by("1002")))
        await until(lambda: _finds(desk, [row["id"]], agent="1002"))
    assert await found(desk, agent="1001") == []
    assert await desk.archive.rows(further_agents) == []


async def test_a_result_that_came_while_the_call_was_being_sealed_is_taken_when_calls_are_looked_at(desk: Desk) -> None:
    story = a_dialled_call()
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        link = await desk.ledger.link(NODE, FILES[0], START + 16 * SECOND)
        await desk.tell(_more(story, 40, coded("sold")))
        await until(lambda: _says(desk, "sold"))
        leave(desk.archive.spool / FILES[0], wav(tone(5.5)))
        await desk.archive.take(link, NODE)
        assert await found(desk, outcome="sold") == []
        await desk.ledger.reconcile()
        assert len(await found(desk, outcome="sold")) == 1


async def test_what_was_disposed_of_follows_nothing_and_its_number_does_not_come_back(desk: Desk) -> None:
    """The book still knows the number of a call that ended a moment ago."""
    story = a_dialled_call()
    story.facts = [
        msgspec.structs.replace(fact, number=CUSTOMER) if isinstance(fact, outbound.DialDecided) else fact for fact in story.facts
    ]
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        await desk.sealed(FILES[0], link=True)
        async with desk.archive.catalogue.change() as change:
            gone = {"state": "disposed", "number": "", "number_cipher": None}
            await change.connection.execute(update(recordings).values(**gone))
        await desk.tell(_more(story, 40, coded("sold")))
        await until(lambda: _says(desk, "sold"))
    [row], [call] = await desk.archive.rows(recordings), await desk.archive.rows(calls)
    assert (row["outcome"], row["number"]) == ("", "")
    assert CUSTOMER.digest not in call["card"]


async def test_a_restart_that_tells_everything_again_changes_nothing(desk: Desk) -> None:
    story = a_dialled_call()
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        await desk.sealed(FILES[0], link=True)
        await desk.tell(_more(story, 40, ended_by("1002"), coded("sold")))
        await desk.tell(_more(story, 40, coded("complaint")))
        await until(lambda: _says(desk, "complaint"))
    before = await desk.archive.rows(recordings), await desk.archive.rows(further_agents)
    desk.make()
    async with desk.following():
        await until(lambda: _true(desk.ledger.book.state.at == story.now))
        await until(lambda: _says(desk, "complaint"))
    assert (await desk.archive.rows(recordings), await desk.archive.rows(further_agents)) == before


async def test_more_recordings_than_one_look_takes_are_all_looked_at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an outage many are sealed in one minute, of calls that were given up as missing."""
    monkeypatch.setattr("recordings.calls.ledger.OPEN_MOST", 1)
    for number in range(2):
        await desk.tell(a_call(desk.archive.digest(f"{number}.wav"), _later(number), call=f"b{number}"))
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)] * 2))
        desk.now += 5000 * SECOND
        for _ in range(2):
            await desk.ledger.reconcile()
        assert await desk.standing() == [("missing", "never_came", 0)] * 2
        for number in range(2):
            await desk.sealed(f"{number}.wav", link=True)
        for _ in range(2):
            await desk.ledger.reconcile()
    assert [word for word, _, _ in await desk.standing()] == ["matched"] * 2


def _more(story: Story, *happenings: Happening) -> Story:
    """What follows, alone."""
    more = Story()
    more.now, more.told = story.now, story.told
    more.after(*happenings)
    story.now, story.told = more.now, more.told
    return more


def _without(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "outcome"}


async def _finds(desk: Desk, ids: list[str], **query: str) -> bool:
    return await found(desk, **query) == ids


async def _says(desk: Desk, outcome: str) -> bool:
    return [msgspec.json.decode(row["card"]).get("outcome", "") for row in await desk.archive.rows(calls)] == [outcome]


async def test_a_log_that_is_away_for_an_hour_is_not_read_anew_each_moment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The book of a large floor takes half a second to read, in which nothing else is done."""
    monkeypatch.setattr("recordings.calls.ledger.AGAIN_S", 0.01)
    story = a_call("f" * 32, Story())
    await desk.tell(story)
    real, tries, loads = desk.log.read, [0], [0]

    async def away(*_of: object) -> list[Record]:
        tries[0] += 1
        raise LogAway("the log is away")

    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        await desk.ledger.save()
        monkeypatch.setattr(Book, "load", lambda *_of: loads.__setitem__(0, loads[0] + 1))
        monkeypatch.setattr(desk.log, "read", away)
        await until(lambda: _true(tries[0] > 5))
        monkeypatch.setattr(desk.log, "read", real)
        await desk.tell(a_call("e" * 32, _more(story, 60), call="b"))
        await until(lambda: _is(desk, [("open", "waiting", 0)] * 2))
    assert loads == [0]


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


async def test_a_log_that_does_not_go_back_so_far_is_a_gap_that_is_named_once(desk: Desk) -> None:
    """And a call that went on meanwhile was not seen whole."""
    story, going = a_call("f" * 32, Story()), Story()
    await desk.tell(story)
    going.now, going.told = story.now, story.told
    await desk.tell(going.after(call_began("going"), leg("going", "line", "waiting")))
    async with desk.following():
        await until(lambda: _true(desk.ledger.book.state.at == going.now and len(desk.ledger.book.state.calls) == 1))
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        await desk.ledger.save()
    desk.log = MemoryLog(keep=1)
    desk.make()
    for number in range(3):
        later = _later(number)
        later.now += 3600 * SECOND
        await desk.tell(a_call("e" * 32, later, call=f"b{number}"))
    for _ in range(2):
        async with desk.following():
            await until(lambda: _gap(desk))
            assert [call.gap for call in desk.ledger.book.state.calls.values()] == [True]
        desk.make()
    [entry], [said] = await desk.archive.rows(log), await desk.archive.rows(health)
    assert msgspec.json.decode(entry["leaf"])["public"] == {"since": going.now, "until": START + 3600 * SECOND}
    assert (said["name"], said["text"]) == ("unfollowed", "2026-11-24 09:00:18 - 2026-11-24 10:00:00 UTC")


async def test_a_book_of_another_version_begins_anew_and_what_the_log_no_longer_has_is_a_gap(desk: Desk) -> None:
    story = a_call("f" * 32, Story())
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        await desk.ledger.save()
    async with desk.archive.catalogue.change() as change:
        await change.connection.execute(update(cursor).values(book=msgspec.msgpack.encode({"version": VERSION - 1})))
    desk.log = MemoryLog()
    later = _later(1)
    later.now += 3600 * SECOND
    await desk.tell(a_call("e" * 32, later, call="b"))
    desk.make()
    async with desk.following():
        await until(lambda: _gap(desk))
    [entry] = await desk.archive.rows(log)
    assert msgspec.json.decode(entry["leaf"])["public"] == {"since": story.now, "until": START + 3600 * SECOND}


class Kepts:
    """History, as the ledger asks it."""

    def __init__(self, facts: list[Fact], away: int = 0) -> None:
        self.facts, self.away = facts, away

    async def reach(self) -> port.Reach | None:
        if self.away:
            self.away -= 1
            raise HistoryAway("the database is away")
        return port.Reach(self.facts[0].seen, self.facts[-1].seen) if self.facts else None

    async def since(self, at: Micros) -> AsyncIterator[Kept]:
        first = next((place for place, fact in enumerate(self.facts) if fact.at >= at), len(self.facts))
        for place, fact in list(enumerate(self.facts))[first:]:
            yield Kept(place, fact)


async def outage(desk: Desk) -> list[Fact]:
    """Four calls, one of which went on while the archivist went away; the log has but the last one when it is back."""
    story, going = a_call("f" * 32, Story()), Story()
    await desk.tell(story)
    going.now, going.told = story.now, story.told
    await desk.tell(going.after(call_began("1795000100.1"), leg("1795000100.1", "line", "waiting")))
    async with desk.following():
        await until(lambda: _true(desk.ledger.book.state.at == going.now))
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        await desk.ledger.save()
    whole = [*story.facts, *going.facts]
    desk.log = MemoryLog(keep=1)
    for number in range(3):
        later = _later(number)
        later.now += 3600 * (number + 1) * SECOND
        await desk.tell(a_call("e" * 32, later, call=f"b{number}"))
        whole += later.facts
    return whole


async def test_what_the_log_no_longer_has_is_taken_from_history(desk: Desk) -> None:
    """All of its calls, also the one that went on, and nothing is a gap."""
    whole = await outage(desk)
    ended = call_ended("1795000100.1")
    middle = Story()
    middle.now, middle.told = START + 1800 * SECOND, 500
    middle.after(ended)
    cut = next(place for place, fact in enumerate(whole) if fact.at >= START + 3600 * SECOND)
    whole[cut:cut] = middle.facts
    desk.make(Kepts(whole, away=2))
    async with desk.following():
        await until(lambda: _count(desk, 4))
        await until(lambda: _true(not desk.ledger.behind))
        assert desk.ledger.book.state.calls == {}
        await desk.ledger.save()
    assert await desk.archive.rows(log) == []
    assert {row["call"] for row in await desk.archive.rows(calls)} == {CALLED, "b0", "b1", "b2"}
    assert all(not msgspec.json.decode(row["card"]).get("gap") for row in await desk.archive.rows(calls) if row["call"] != CALLED)


async def test_what_neither_has_is_a_gap_and_no_more_than_that(desk: Desk) -> None:
    whole = await outage(desk)
    begins = next(place for place, fact in enumerate(whole) if fact.at >= START + 7200 * SECOND)
    desk.make(Kepts(whole[begins:]))
    async with desk.following():
        await until(lambda: _count(desk, 3))
        await until(lambda: _kinds(desk, ["gap"]))
    [entry] = await desk.archive.rows(log)
    assert msgspec.json.decode(entry["leaf"])["public"]["until"] == whole[begins].seen
    assert {row["call"] for row in await desk.archive.rows(calls)} == {CALLED, "b1", "b2"}


async def test_a_history_that_stays_away_keeps_nobody_from_the_calls_of_now(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recordings.calls.ledger.AGAIN_S", 0.01)
    whole = await outage(desk)
    desk.make(Kepts(whole, away=10_000))
    async with desk.following():
        await until(lambda: _kinds(desk, ["gap"]))
        await until(lambda: _count(desk, 2))


async def _count(desk: Desk, many: int) -> bool:
    return len(await desk.archive.rows(calls)) == many


async def _kinds(desk: Desk, wanted: list[str]) -> bool:
    return [row["kind"] for row in await desk.archive.rows(log)] == wanted


LATE = f"{START:016x}-00"
"""A dial's id as the gate makes it: it says when it was decided."""


@pytest.mark.parametrize("days", [1, 61])
async def test_a_result_that_is_coded_when_the_book_has_forgotten_the_call_reaches_it(desk: Desk, days: int) -> None:
    story = dialled_as(LATE)
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        row = await desk.sealed(FILES[0], link=True)
        desk.now += days * 86_400 * SECOND
        await desk.tell(_more(story, days * 86_400, call_began("other"), call_ended("other"), 10, coded("sold", LATE)))
        await until(lambda: _finds(desk, [row["id"]], outcome="sold"))
        assert not desk.ledger.book.knows(LATE)
        await desk.tell(_more(story, 10, coded("complaint", LATE)))
        await until(lambda: _finds(desk, [row["id"]], outcome="complaint"))


async def test_a_result_that_was_coded_while_nobody_followed_reaches_the_call_of_the_day_before(desk: Desk) -> None:
    """The log has it no longer; history has it."""
    story = dialled_as(LATE)
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        row = await desk.sealed(FILES[0], link=True)
        await desk.ledger.save()
    whole = [*story.facts, *_more(story, 86_400, call_began("other"), call_ended("other"), 10, coded("sold", LATE)).facts]
    desk.log = MemoryLog(keep=1)
    for _ in range(2):
        later = _more(story, 3600, call_began("last"), call_ended("last"))
        await desk.tell(later)
        whole += later.facts
    desk.now += 2 * 86_400 * SECOND
    desk.make(Kepts(whole))
    async with desk.following():
        await until(lambda: _true(desk.ledger.book.state.at == story.now and not desk.ledger.behind))
    assert await found(desk, outcome="sold") == [row["id"]]


async def test_a_result_of_months_ago_or_of_another_dial_reaches_nothing(desk: Desk) -> None:
    story = dialled_as(LATE)
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        await desk.sealed(FILES[0], link=True)
        await desk.tell(_more(story, 86_400, call_began("other"), call_ended("other"), 10, coded("sold", f"{START:016x}-01")))
        desk.now += 63 * 86_400 * SECOND
        await desk.tell(_more(story, 62 * 86_400, coded("sold", LATE), call_began("last")))
        await until(lambda: _true(desk.ledger.book.state.at == story.now and not desk.ledger.behind))
    assert await found(desk, outcome="sold") == []


def dialled_as(dial: str) -> Story:
    story = a_dialled_call()
    story.facts = [msgspec.structs.replace(fact, dial=dial) if isinstance(fact, outbound.DialDecided) else fact for fact in story.facts]
    return story


async def test_a_log_whose_last_seconds_were_lost_and_said_again_is_no_gap(desk: Desk) -> None:
    story = a_call("f" * 32, Story())
    await desk.tell(story)
    async with desk.following():
        await until(lambda: _is(desk, [("open", "waiting", 0)]))
        await desk.ledger.save()
    desk.log.restart(forget=1)
    with pytest.raises(LogRestarted):
        await desk.tell(story)
    desk.make()
    story.told, story.now = len(story.facts), story.now + 60 * SECOND
    await desk.tell(a_call("e" * 32, story, call="b"))
    async with desk.following():
        await until(lambda: _true(desk.ledger.book.state.at == story.now))
        await until(lambda: _is(desk, [("open", "waiting", 0)] * 2))
        await desk.ledger.save()
    assert await desk.archive.rows(log) == []


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
