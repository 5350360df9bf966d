"""`andon plan try` on a day of dials: made by the real gate under one plan, in a real database, tried under another by the command."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import date
from pathlib import Path

import msgspec
import pytest

from andon import command
from andon.plan.folder import load
from andon.say import Exit
from realtime.decision import Decision, Finding
from realtime.facts import Fact
from realtime.history.database import sqlite_url
from realtime.keys import Keys
from realtime.ledger.changes import changes_of
from realtime.ledger.ledger_memory import MemoryLedger
from realtime.outbound import CampaignMoved, DialDecided, DialEnded, NumberBlocked
from realtime.plan.difference import version_of
from realtime.plan.model import Plan
from realtime.rulings import PlanAdopted
from realtime.words import SECOND, Micros, Node
from tests.agi.dial import test_gate as gates
from tests.agi.replay import sealer as somebody_elses
from tests.realtime.history.desk import Desk, folded
from tests.realtime.story import START, Story, day_began, linked, works

GOOD = '[floor]\ntimezone = "Asia/Shanghai"\n[[pbx]]\nnode = "pbx"\nusername = "andon"\nsecret = "s3cret"\n'
CAMPAIGN = """
[[campaign]]
id = "sales"
client = "acme"
purpose = "service"
caller_ids = ["+861088880000"]
[[campaign.hours]]
id = "day"
every_day = ["09:00-{closes}"]
[[campaign.cap]]
id = "often"
most = {most}
"""
OFTEN, LATE, WISHES = "13812345670", "13812345671", "13812345672"
MINUTE: Micros = 60 * SECOND
EVENING = 210
"""20:30 in Shanghai, in minutes after the beginning, which is 17:00 there."""
TRY = ("plan", "try", "--plan", "new", "--from", "2026-11-24 16:00", "--to", "2026-11-24 23:00")


def plan_in(folder: Path, name: str, closes: str, most: int) -> None:
    (folder / name).mkdir()
    (folder / name / "people.csv").write_text("id,team\n1001,A\n1002,A\n1003,A\n")
    (folder / name / "teams.toml").write_text('[[team]]\nid = "A"\n')
    (folder / name / "campaigns.toml").write_text(CAMPAIGN.format(closes=closes, most=most))


def plan_of(folder: Path) -> Plan:
    reading = load(folder, "Asia/Shanghai", date(2026, 11, 24))
    assert reading.plan is not None, reading.findings
    return reading.plan


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "andon.toml").write_text(GOOD)
    (tmp_path / "data").mkdir()
    plan_in(tmp_path, "old", "21:00", 9)
    plan_in(tmp_path, "new", "20:00", 2)
    return tmp_path


class Day:
    """What was told, and a gate that decides on the floor of it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        story = Story().after(linked(), day_began(), *(works(number, "sales") for number in ("1001", "1002", "1003")))
        plan = plan_of(folder / "old")
        self.told: list[Fact] = [
            *story.told,
            PlanAdopted(START, START, Node(""), "e", 1, plan=plan, version=version_of(plan)),
            CampaignMoved(START, START, Node(""), "e", 2, campaign="sales", before="draft", to="formal"),
        ]
        self.patch, self.seq, self.ledger = monkeypatch, 2, MemoryLedger()
        self.sealer = Keys(folder / "data" / "keys", make=True).sealer()

    async def dials(self, minute: int, number: str, *, sealed_here: bool = True, **changes: object) -> DialDecided:
        at = START + minute * MINUTE
        self.patch.setattr(gates, "NOW", at)
        self.patch.setattr(gates, "sealer", (lambda: self.sealer) if sealed_here else somebody_elses)
        one = gates.Gate(folded(self.told), self.ledger)
        await one.asks("campaign=sales&method=progressive", number)
        fact = msgspec.structs.replace((one.allowed() or one.refusals())[0], session="gate", seq=self._next(), **changes)
        self.told.append(fact)
        if fact.decision.verdict == "allow":
            over = at + 30 * SECOND
            await self.says(DialEnded(over, over, Node(""), "e", self._next(), dial=fact.dial, campaign="sales", outcome="no_answer"))
        return fact

    async def says(self, fact: Fact) -> None:
        await self.ledger.apply(changes_of(fact))
        self.told.append(fact)

    def _next(self) -> int:
        self.seq += 1
        return self.seq

    async def kept(self, folder: Path) -> None:
        desk = Desk(sqlite_url(folder / "data"))
        try:
            await desk.append(self.told)
            async with desk.writing():
                await desk.written(len(self.told))
        finally:
            await desk.close()


@pytest.fixture
async def day(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Day:
    """Four dials to one number, one in the evening and one at night to another; one to who wanted none, and two that nobody can try."""
    day = Day(folder, monkeypatch)
    for minute in (10, 20, 30, 40):
        await day.dials(minute, OFTEN)
    at, sealed = START + 45 * MINUTE, day.sealer.seal(f"+86{WISHES}", START)
    await day.says(NumberBlocked(at, at, Node(""), "e", day._next(), number=sealed, scope="global", source="complaint"))
    await day.dials(50, WISHES)
    await day.dials(60, LATE, sealed_here=False)
    slow = Decision("defer", (Finding("gate.slow", "defer", {"seconds": "1"}),))
    await day.dials(70, LATE, decision=slow, entries=())
    await day.dials(EVENING, LATE)
    await day.dials(EVENING + 60, LATE)
    await day.kept(folder)
    return day


def run(*words: str) -> int:
    try:
        return command.main(words)
    except SystemExit as end:  # argparse leaves by itself
        return int(end.code or 0)


def test_a_day_of_dials_is_tried_under_another_plan(day: Day, capsys: pytest.CaptureFixture[str]) -> None:
    decided = [fact for fact in day.told if isinstance(fact, DialDecided)]
    assert [each.decision.verdict for each in decided] == ["allow"] * 4 + ["deny", "allow", "defer", "allow", "defer"]
    assert run(*TRY, "--json") == Exit.DONE
    found = json.loads(capsys.readouterr().out)["dials"]
    assert (found["decisions"], found["alike"], found["sealed"], found["unlike"]) == (9, 4, 1, 1)
    rows = {each["rule"]: each for each in found["otherwise"]}
    assert {rule: (each["was"], each["verdict"], each["count"]) for rule, each in rows.items()} == {
        "dial.cap": ("allow", "defer", 2),
        "dial.hours.closed": ("allow", "defer", 1),
    }
    assert [each["dial"] for each in rows["dial.cap"]["examples"]] == [decided[2].dial, decided[3].dial]
    assert OFTEN not in json.dumps(found)


@pytest.mark.usefixtures("day")
def test_it_is_said_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*TRY) == Exit.DONE
    said = capsys.readouterr().out
    assert "Dials: 9 were decided; 3 of them the plan would decide otherwise, 4 as they were." in said
    assert "  2 of sales: allowed then, deferred under the plan (dial.cap)" in said
    assert "1 cannot be tried: their numbers cannot be read" in said
    assert run(*TRY, "--language", "zh") == Exit.DONE
    assert "外呼：共9次判定；新方案下3次结果不同，4次相同。" in capsys.readouterr().out


@pytest.mark.usefixtures("day")
def test_under_the_plan_of_then_nothing_is_decided_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*TRY[:3], "old", *TRY[4:], "--json") == Exit.DONE
    found = json.loads(capsys.readouterr().out)["dials"]
    assert (found["alike"], found["otherwise"]) == (7, [])


@pytest.mark.usefixtures("day")
def test_what_was_dialled_before_the_span_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """The third and the fourth dial alone: the first two were before, and fill the cap."""
    assert run(*TRY[:4], "--from", "2026-11-24 17:25", "--to", "2026-11-24 17:45", "--json") == Exit.DONE
    found = json.loads(capsys.readouterr().out)["dials"]
    assert [(each["rule"], each["count"]) for each in found["otherwise"]] == [("dial.cap", 2)]


def test_without_keys_no_number_can_be_tried(day: Day, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data" / "keys").rename(folder / "elsewhere")
    assert run(*TRY, "--json") == Exit.DONE
    found = json.loads(capsys.readouterr().out)["dials"]
    assert (found["decisions"], found["sealed"], found["otherwise"]) == (9, 9, [])
    assert not (folder / "data" / "keys").exists()
    assert len(day.told) > found["decisions"]


def test_a_day_without_dials_says_nothing_of_them(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(Day(folder, monkeypatch).kept(folder))
    assert run("plan", "try", "--plan", "new", "--from", "2026-11-24 16:00", "--to", "2026-11-24 17:30") == Exit.DONE
    assert "Dials" not in capsys.readouterr().out
