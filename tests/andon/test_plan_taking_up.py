"""The files of a plan and a running engine: a saved change is on the floor within moments, a bad one is told, none is said twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from andon.plan.folder import load
from andon.roles import plan as roles
from andon.roles.plan import taking_up
from realtime import engine as module
from realtime.control.adopting import BAD
from realtime.deadlines import FloorSettings
from realtime.engine import Engine
from realtime.factcodec import decode
from realtime.floor import Floor
from realtime.folding import FloorFolding
from realtime.follower import Follower
from realtime.rulings import PlanAdopted
from realtime.store import MEMORY, open_store
from tests.realtime.backends import until
from tests.realtime.story import START

PEOPLE = '[[person]]\nid = "1001"\n'


class Hall:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.today = date(2026, 11, 29)
        self.store = open_store(MEMORY, "floor")
        self.follower = Follower(self.store.log, self.store.checkpoints, FloorFolding(), wait_ms=20)

    @property
    def floor(self) -> Floor:
        return self.follower.floor

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    async def adopted(self) -> list[PlanAdopted]:
        told = [fact for record in await self.store.log.read(None, 10_000) for fact in decode(record.batch)]
        return [fact for fact in told if isinstance(fact, PlanAdopted)]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        taken = await self.store.leases.take("engine", "engine 1", 0.0)
        assert taken.fence is not None
        engine = Engine(self.store, self.follower, taken.fence, FloorSettings(), "engine 1", lambda: START)
        looking = taking_up(self.folder, "UTC", engine.want, 0.02, lambda _: self.today)
        tasks = [asyncio.create_task(engine.run()), asyncio.create_task(looking)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.005)
    return Hall(tmp_path)


async def test_what_is_there_is_taken_up_and_what_is_saved_later_too(hall: Hall) -> None:
    hall.write("people.toml", PEOPLE)
    async with hall.running():
        await until(lambda: "1001" in hall.floor.owned.people)
        hall.write("breaks.toml", 'extends = ["cn-bpo-standard"]\n')
        await until(lambda: "short" in hall.floor.owned.plan.breaks.kinds)
    first, second = await hall.adopted()
    assert first.who.startswith("local:")
    assert first.difference == ("+ person 1001",)
    assert second.difference[0] == "extends: none → cn-bpo-standard (as of 2026-11-24)"
    assert hall.floor.owned.version == second.version


async def test_a_bad_plan_is_told_and_the_good_one_stays_until_it_is_mended(hall: Hall) -> None:
    hall.write("people.toml", PEOPLE)
    async with hall.running():
        await until(lambda: "1001" in hall.floor.owned.people)
        hall.write("people.toml", PEOPLE + 'team = "A"\n')
        await until(lambda: BAD in hall.floor.owned.alerts)
        assert 'people.toml:3: person.1001.team: there is no team "A"' in hall.floor.owned.alerts[BAD].text["en"]
        assert "1001" in hall.floor.owned.people
        hall.write("people.toml", PEOPLE + 'name = "Ann"\n')
        await until(lambda: hall.floor.owned.people["1001"].name == "Ann")
        assert hall.floor.owned.alerts[BAD].cleared
        for file in hall.folder.iterdir():
            file.unlink()
        await until(lambda: not hall.floor.owned.alerts[BAD].cleared)
        assert hall.floor.owned.people["1001"].name == "Ann"
    assert len(await hall.adopted()) == 2


async def test_a_file_that_says_the_same_is_not_adopted_again(hall: Hall) -> None:
    hall.write("people.toml", PEOPLE)
    async with hall.running():
        await until(lambda: "1001" in hall.floor.owned.people)
        hall.write("people.toml", f"# a comment\n{PEOPLE}")
        hall.write("teams.toml", '[[team]]\nid = "A"\n')
        await until(lambda: bool(hall.floor.owned.plan.teams))
    assert [each.difference for each in await hall.adopted()] == [("+ person 1001",), ("+ team A",)]


CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
SUMMARY:1001 early
DTSTART:20260101T080000
DTEND:20260101T170000
RRULE:FREQ=DAILY
END:VEVENT
END:VCALENDAR
"""


async def test_a_calendar_that_repeats_is_taken_up_again_on_the_first_of_a_month_and_on_no_other_day(hall: Hall) -> None:
    hall.write("people.toml", PEOPLE)
    hall.write("roster.ics", CALENDAR)
    async with hall.running():
        await until(lambda: len(hall.floor.owned.plan.shifts.spans) == 31 + 30 + 31 + 31)
        hall.today = date(2026, 11, 30)
        hall.write("people.toml", PEOPLE + 'name = "Ann"\n')
        await until(lambda: hall.floor.owned.people["1001"].name == "Ann")
        hall.today = date(2026, 12, 1)
        await until(lambda: len(hall.floor.owned.plan.shifts.spans) == 30 + 31 + 31 + 28)
    first, second, third = await hall.adopted()
    assert first.difference == ("+ person 1001", "roster 1001: +123 −0 shifts")
    assert second.difference == ("person 1001.name: none → Ann",), "of another day, and the same shifts"
    assert third.difference == (
        "roster.ics: shifts of 2026-12; what repeats is in from 2026-11-01 to 2027-02-28",
        "roster 1001: +28 −31 shifts",
    )
    assert (second.who[:6], third.who) == ("local:", "andon")


async def test_a_month_that_turns_takes_up_nothing_where_nothing_repeats(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[date] = []
    monkeypatch.setattr(roles, "load", lambda folder, zone, today: read.append(today) or load(folder, zone, today))
    hall.write("people.toml", PEOPLE)
    async with hall.running():
        await until(lambda: "1001" in hall.floor.owned.people)
        hall.today = date(2027, 1, 1)
        hall.write("roster.ics", CALENDAR.replace("RRULE:FREQ=DAILY\n", ""))
        await until(lambda: bool(hall.floor.owned.plan.shifts.spans))
        hall.today = date(2027, 2, 1)
        await until(lambda: read[-1] == hall.today)
        hall.write("people.toml", PEOPLE + 'name = "Ann"\n')
        await until(lambda: hall.floor.owned.people["1001"].name == "Ann")
    assert [each.difference[0] for each in await hall.adopted()] == [
        "+ person 1001",
        "roster 1001: +1 −0 shifts",
        "person 1001.name: none → Ann",
    ]


async def test_without_a_plan_nothing_is_adopted(hall: Hall) -> None:
    async with hall.running():
        await until(lambda: hall.floor.day != "")
        hall.write("notes.txt", "")
        hall.write("people.toml", PEOPLE)
        await until(lambda: "1001" in hall.floor.owned.people)
    assert len(await hall.adopted()) == 1
