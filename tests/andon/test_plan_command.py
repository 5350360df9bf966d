"""`andon check` and `andon plan show` from outside: findings, a summary, sentences in both languages, what was adopted."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from andon import command
from andon.plan.show import live_lines
from andon.say import Exit
from realtime.plan.archive import ArchiveRules, KeepRule, RetentionClass, Term
from realtime.plan.difference import difference, version_of
from realtime.plan.model import Person, Plan
from realtime.rulings import PlanAdopted
from realtime.words import SECOND, AgentId, Node
from tests.house.sources import ROOT

GOOD = '[floor]\ntimezone = "Asia/Shanghai"\n[[pbx]]\nnode = "hall7"\nusername = "andon"\nsecret = "s3cret"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "andon.toml").write_text(GOOD)
    shutil.copytree(ROOT / "examples" / "plan", tmp_path / "plan")
    return tmp_path


def run(*words: str) -> int:
    try:
        return command.main(words)
    except SystemExit as end:  # argparse leaves by itself
        return int(end.code or 0)


def test_check_sums_up_a_plan_that_is_right(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == Exit.DONE
    said = capsys.readouterr()
    assert "62 people, 4 teams, 5 skills, 2 patterns, 3 rostered shifts, 4 meetings, 5 kinds of break, 14 alerts" in said.out
    assert said.err == ""


def test_check_tells_boards_and_plan_at_once_and_ends_with_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan" / "teams.toml").write_text('[[team]]\nid = "A"\nleaders = ["1999"]\n')
    (folder / "plan" / "boards.toml").write_text("[[boards]]\n")
    assert run("check") == Exit.FAILED
    said = capsys.readouterr()
    assert "boards.toml:1: boards: there is no table" in said.err
    assert 'teams.toml:3: team.A.leaders: there is no person "1999"' in said.err
    assert "the one of before stays in force" in said.err
    assert said.out == ""


def test_check_without_a_plan_says_that_nothing_is_controlled(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(folder / "plan")
    assert run("check") == Exit.DONE
    assert "the floor is watched, not controlled" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "line"), [("en", "  - Comfort break: 6 minutes, never refused"), ("zh", "  - 如厕：6分钟，不拒绝、不排队。")]
)
def test_show_says_the_rules_in_the_language_asked_for(folder: Path, capsys: pytest.CaptureFixture[str], language: str, line: str) -> None:
    assert run("plan", "show", "--language", language) == Exit.DONE
    assert line in capsys.readouterr().out


def test_show_of_another_folder_and_of_a_plan_that_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "new").mkdir()
    assert run("plan", "show", "--plan", "new") == Exit.DONE
    assert "The plan is empty" in capsys.readouterr().out
    (folder / "new" / "breaks.toml").write_text("[kind.snack]\n")
    assert run("plan", "show", "--plan", "new") == Exit.FAILED
    assert "breaks.toml:1: kind.snack" in capsys.readouterr().err


def test_presets_are_listed_with_their_sources(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "presets") == Exit.DONE
    said = capsys.readouterr().out
    assert 'breaks.toml: extends = ["uk"]   United Kingdom, rest break' in said
    assert "grade none, as of 2026-11-24; to be signed by who answers for it. No page was read for it." in said
    assert "https://" in said
    assert 'campaigns.toml: presets = ["us-tsr"]   United States, telemarketing (TSR)\n  grade L, as of 2026-11-24. Records' in said
    assert 'campaigns.toml: presets = ["uk"]   United Kingdom, telemarketing\n  grade V, as of 2026-11-24; to be signed' in said


def test_show_live_without_a_history_says_what_makes_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "show", "--live") == Exit.FAILED
    assert "andon engine makes it" in capsys.readouterr().err


def test_what_was_adopted_is_told_newest_first_with_when_who_and_what_changed() -> None:
    first, second = Plan(people=(Person(id=AgentId("1")),)), Plan(people=(Person(id=AgentId("2")),))
    adopted = [
        PlanAdopted(at, at, Node(""), "e", 1, plan, version_of(plan), who, difference(before, plan))
        for at, plan, before, who in ((0, first, Plan(), "local:root"), (60 * SECOND, second, first, "local:li"))
    ]
    lines = live_lines(adopted, second, "Asia/Shanghai")
    assert lines == [
        f"{version_of(second)} holds since 1970-01-01 08:01:00+08:00, by local:li:",
        "  - person 1",
        "  + person 2",
        f"{version_of(first)} before it, from 1970-01-01 08:00:00+08:00, by local:root:",
        "  + person 1",
    ]
    assert "The files say another plan" in live_lines(adopted, first, "UTC")[-1]
    assert "The files are wrong now" in live_lines(adopted, None, "UTC")[-1]


def test_files_that_would_keep_recordings_for_a_shorter_time_say_so_before_they_are_taken_up() -> None:
    def keeps(least: Term) -> Plan:
        return Plan(archive=ArchiveRules(classes=(RetentionClass(id="sales", rules=(KeepRule(id="own", least=least),)),)))

    holds, files = keeps(Term(years=6)), keeps(Term(months=6))
    adopted = [PlanAdopted(0, 0, Node(""), "e", 1, holds, version_of(holds), "local:root", ())]
    assert live_lines(adopted, files, "UTC")[-1] == "  SHORTER class sales from call: 6 years → 6 months"
    assert not [line for line in live_lines(adopted, keeps(Term(years=7)), "UTC") if "SHORTER" in line]
