"""What somebody may put into the plan's folder, by mistake or not: it is a finding within moments, never a crash, a wait or a secret told.

Not the mistakes of people who keep a plan (`test_plan_mistakes.py`).
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from andon import boards
from andon.plan import folder as files
from andon.plan.folder import load
from andon.plan.reading import read_plan
from andon.reading import DOTS_MAX, tree_of
from andon.roles.plan import taking_up
from realtime.control.adopting import Wanted
from tests.realtime.backends import until

ZONE = "Asia/Shanghai"
TODAY = date(2026, 11, 28)
SECRET = "argon2id-of-somebody"
EVENT = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:1001 x\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
SOON_S = 10.0
"""Of the processor, so that a busy machine is no failure; without the bounds the worst of these took minutes, or for ever."""

BOMBS: dict[str, tuple[str, str]] = {
    "brackets": ("people.toml", "x = " + "[" * 100_000),
    "tables in tables": ("breaks.toml", "x = " + "{a=" * 50_000),
    "digits": ("alerts.toml", "x = " + "9" * 5_000),
    "dots": ("people.toml", ".".join("a" * 20_000) + " = 1"),
    "dots in a header": ("teams.toml", f"[{'.'.join('a' * 20_000)}]"),
    "quoted dots": ("teams.toml", '"a".' * 20_000 + "b = 1"),
    "columns": ("roster.csv", ",".join(f"c{number}" for number in range(1_000_000)) + "\n1"),
    "lines": ("roster.csv", "person,date,begins,ends\n" + "1001,2026-11-28,08:00,17:00\n" * 300_000),
    "a mistake a line": (
        "roster.csv",
        "person,date,begins,ends\n" + "".join(f"{number},2026-13-28,08:00,17:00\n" for number in range(200_000)),
    ),
    "a cell": ("people.csv", 'id,name\n1001,"' + "a" * 1_000_000 + '"'),
    "the year 1": ("roster.ics", EVENT.format("DTSTART:00010101T000000\r\nDTEND:00010101T080000")),
    "all days": ("roster.ics", EVENT.format("DTSTART;VALUE=DATE:00010101\r\nDTEND;VALUE=DATE:99991231")),
    "campaigns": ("campaigns.toml", "[[campaign]]\n" * 50_000),
    "rules": ("campaigns.toml", '[[campaign]]\nid = "c"\n' + "[[campaign.cap]]\n" * 30_000),
    "spans of a day": ("campaigns.toml", "[[campaign]]\n[[campaign.hours]]\nmon = [" + '"08:00-09:00",' * 20_000 + "]"),
    "strangers": ("campaigns.toml", "[[campaign]]\nagents = [" + "".join(f"'{number}'," for number in range(200_000)) + "]"),
    "dates of a calendar": ("dialling.toml", "[[calendar]]\nid = 'CN'\nholidays = [" + '"2026-01-01",' * 200_000 + "]"),
    "years of a calendar": ("dialling.toml", "[[calendar]]\nid = 'CN'\nyears = [" + "2026," * 100_000 + "0]"),
    "outcomes": ("dialling.toml", '[[outcome]]\ncode = "A"\n' * 30_000),
    "prefixes": ("dialling.toml", "[dialling]\nblocked = [" + '"400",' * 50_000 + "]"),
    "a zone that is a path": ("roster.ics", EVENT.format("DTSTART;TZID=../../etc/passwd:20260101T000000\r\nDURATION:PT8H")),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_finding_soon(name: str) -> None:
    file, text = BOMBS[name]
    began = time.process_time()
    reading = read_plan({file: text.encode()}, ZONE, {}, TODAY)
    assert time.process_time() - began < SOON_S
    assert reading.plan is None
    assert str(reading.findings[0]).startswith(file)


@pytest.mark.parametrize("name", ["10\\n01", "\\u001b[31m", "\\u202e1001"])
def test_a_finding_steers_no_terminal_and_no_log(name: str) -> None:
    """`andon check` prints it, the log has it, and the alert about a bad plan."""
    for file, table in (("people.toml", "person"), ("teams.toml", "team"), ("boards.toml", "board")):
        text = f'[[{table}]]\nid = "{name}"\n'
        findings = boards.read(text).findings if table == "board" else read_plan({file: text}, ZONE, {}, TODAY).findings
        assert findings
        assert all(str(each).isprintable() for each in findings), findings


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "9" * 5_000])
def test_the_boards_are_read_as_carefully(text: str) -> None:
    assert boards.read(text).plans is None


def test_many_dots_in_texts_are_no_bomb() -> None:
    people = ", ".join(f'"li.wei.{number}"' for number in range(DOTS_MAX))
    assert len(tree_of(f"people = [{people}]")["people"]) == DOTS_MAX


@pytest.mark.parametrize("file", ["people.toml", "roster.csv", "boards.toml"])
def test_a_link_out_of_the_folder_tells_nothing_of_where_it_leads(tmp_path: Path, file: str) -> None:
    """Who may write into the folder might otherwise read with the rights of Andon's user, by what findings quote."""
    folder, secret = tmp_path / "plan", tmp_path / "pins.json"
    folder.mkdir()
    secret.write_text(f"{SECRET}\n")
    (folder / file).symlink_to(secret)
    assert told(folder, file).startswith("it cannot be read: it is a link that leads out of this folder")


def test_a_link_inside_the_folder_is_a_file(tmp_path: Path) -> None:
    """As volumes of containers are: people.toml -> ..data/people.toml -> ..2026_11_28/people.toml."""
    real = tmp_path / "..2026_11_28"
    real.mkdir()
    (real / "people.toml").write_text('[[person]]\nid = "1001"\n')
    (tmp_path / "..data").symlink_to(real)
    (tmp_path / "people.toml").symlink_to(Path("..data") / "people.toml")
    plan = load(tmp_path, ZONE).plan
    assert plan is not None
    assert [each.id for each in plan.people] == ["1001"]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
@pytest.mark.parametrize("file", ["people.toml", "boards.toml"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, file: str, make: Callable[[Path], None]) -> None:
    make(tmp_path / file)
    assert told(tmp_path, file).startswith("it cannot be read: it is no file")


def told(folder: Path, file: str) -> str:
    findings = boards.load(folder).findings if file == boards.FILE else load(folder, ZONE).findings
    assert SECRET not in " ".join(map(str, findings))
    return findings[0].text


async def test_a_fault_of_our_own_leaves_the_plan_that_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one file that nobody has thought of would end the engine, and the next engine, too."""

    def broken(*_: object) -> None:
        raise RuntimeError("not thought of")

    monkeypatch.setattr("andon.roles.plan.load", broken)
    (tmp_path / "people.toml").write_text("x")
    wanted: list[Wanted] = []
    looking = asyncio.create_task(taking_up(tmp_path, ZONE, wanted.append, 0.02))
    await until(lambda: bool(wanted))
    (tmp_path / "people.toml").write_text("xy")
    await until(lambda: len(wanted) > 1)
    looking.cancel()
    assert {each.plan for each in wanted} == {None}
    assert files.stamp_of(tmp_path)
