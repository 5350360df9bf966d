"""`andon plan try` from outside: a recorded day in a real database, tried by the command, said in both languages and as JSON."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from andon import command
from andon.plan.folder import load
from andon.plan.reading import PlanReading
from andon.say import Exit
from realtime.history.database import sqlite_url
from realtime.plan.difference import difference, version_of
from realtime.plan.model import Person, Plan
from realtime.rulings import PlanAdopted
from realtime.words import AgentId, Node
from tests.realtime.history.desk import Desk
from tests.realtime.story import START, Story, completed, connected, day_began, joined, linked, paused, unpaused, works

GOOD = '[[pbx]]\nnode = "pbx"\nusername = "andon"\nsecret = "s3cret"\n'
PEOPLE = "id,team\n1001,A\n1002,A\n1003,A\n"
BREAKS = "[breaks]\nteam_most = 1\nspacing_s = 0\n[breaks.load]\nenabled = false\n[kind.comfort]\n[kind.short]\nminutes = 10\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "andon.toml").write_text(GOOD)
    (tmp_path / "data").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "people.csv").write_text(PEOPLE)
    (tmp_path / "new" / "teams.toml").write_text('[[team]]\nid = "A"\n')
    (tmp_path / "new" / "breaks.toml").write_text(BREAKS)
    return tmp_path


async def record(folder: Path) -> None:
    """Two pause on their phones, the second five minutes after the first; a caller in between. Then a plan is adopted."""
    story = Story().after(linked(), day_began(), *(works(number, "sales") for number in ("1001", "1002", "1003")))
    story.after(600, paused("1001", "break"), 120, joined("a"), 5, connected("a", "1003"), 60, completed("a", "1003"), 115)
    story.after(paused("1002", "break"), 300, unpaused("1001"), 300, unpaused("1002"), 3600, joined("b"), 1)
    plan = Plan(people=(Person(id=AgentId("1001")),))
    adopted = PlanAdopted(story.now, story.now, Node(""), "engine", 1, plan, version_of(plan), "local:root", difference(Plan(), plan))
    desk = Desk(sqlite_url(folder / "data"))
    told = [*story.told, adopted]
    try:
        await desk.append(told)
        desk.now = story.now
        async with desk.writing():
            await desk.written(len(told))
    finally:
        await desk.history.close()


def run(*words: str) -> int:
    try:
        return command.main(words)
    except SystemExit as end:  # argparse leaves by itself
        return int(end.code or 0)


@pytest.fixture
async def recorded(folder: Path) -> Path:
    await record(folder)
    return folder


def test_a_day_is_tried_and_said(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "try", "--plan", "new", "--from", "2026-11-24 09:00") == Exit.WRONG, "a moment is no whole day"
    capsys.readouterr()
    assert run("plan", "try", "--plan", "new", "--from", "2026-11-24") == Exit.DONE
    lines = capsys.readouterr().out.splitlines()
    assert "2 times somebody wanted to be away." in lines[0]
    assert "  2 of them were pauses on the phone that nobody was asked for; the plan would have been." in lines
    assert "At once: 1." in lines
    assert "After a wait: 1; half of them within 5 minutes, the longest 5." in lines
    assert any("09:15 1002, short break:" in line and line.endswith(" Granted 5 minutes later.") for line in lines), lines
    assert any("Service level by the model" in line for line in lines)
    assert run("plan", "try", "--plan", "new", "--from", "2026-11-24", "--language", "zh") == Exit.DONE
    assert "等待后放行：1次；半数在5分钟内，最长5分钟。" in capsys.readouterr().out


def test_as_json_for_programs(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "try", "--plan", "new", "--from", "2026-11-24 09:00", "--to", "2026-11-24 10:00", "--json") == Exit.DONE
    found = json.loads(capsys.readouterr().out)
    assert [each["fate"] for each in found["wishes"]] == ["at_once", "waited"]
    assert found["since"] == START
    assert {each["queue"] for each in found["halves"]} == {"pbx/sales"}


def test_what_the_floor_has_adopted_is_shown(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "show", "--live") == Exit.DONE
    said = capsys.readouterr().out
    assert "by local:root:" in said
    assert "  + person 1001" in said


def test_a_calendar_that_repeats_is_read_as_of_the_day_that_is_tried(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def remembered(folder: Path, timezone: str, today: date) -> PlanReading:
        asked.append(today)
        return load(folder, timezone, today)

    monkeypatch.setattr("andon.plan.try_.load", remembered)
    assert run("plan", "try", "--plan", "new", "--from", "2026-11-24") == Exit.DONE
    assert asked == [date(2026, 11, 24)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--from is missing"),
        (("--from", "yesterday"), "'yesterday' is no moment"),
        (("--from", "2026-11-24", "--to", "2026-11-20"), "ends before it begins"),
        (("--from", "2026-01-01", "--to", "2026-11-20"), "longer than 31 days"),
    ],
)
def test_a_span_that_makes_no_sense_is_told(folder: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str) -> None:
    assert run("plan", "try", "--plan", "new", *words) == Exit.WRONG
    assert said in capsys.readouterr().err


def test_a_plan_that_is_wrong_is_not_tried(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new" / "breaks.toml").write_text("[kind.snack]\n")
    assert run("plan", "try", "--plan", "new", "--from", "2026-11-24") == Exit.FAILED
    assert "correct them before it is tried" in capsys.readouterr().err


def test_before_history_begins_there_is_nothing_to_try_it_on(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "try", "--plan", "new", "--from", "2026-11-20") == Exit.FAILED
    assert "holds nothing of that span" in capsys.readouterr().err
