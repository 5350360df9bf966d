"""`andon recordings find`, from outside: settings in a folder, a catalogue on the disk."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from andon import command
from andon.say import Exit
from realtime.words import SECOND
from recordings.catalogue import lines
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.catalogue.schema import log, tags
from tests.postgres import Cluster, postgres

__all__ = ["postgres"]

Said = pytest.CaptureFixture[str]
GOOD = '[floor]\ntimezone = "Asia/Shanghai"\n[[pbx]]\nnode = "hall7"\nusername = "andon"\nsecret = "s3cret"\n'
BEGAN = 1_795_833_000 * SECOND
"""2026-11-28 02:30 UTC: 10:30 in Shanghai."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "andon.toml").write_text(GOOD)
    return tmp_path


def run(*words: str) -> int:
    return command.main(["recordings", *words])


@pytest.fixture
def kept(folder: Path) -> Catalogue:
    catalogue = Catalogue(sqlite_url(folder / "data" / "archive"), writes=True)

    async def fill() -> None:
        await catalogue.open()
        async with catalogue.change() as change:
            for number, agent in enumerate(("1001", "1002", "1002")):
                line = {"id": f"{number:020}", "state": "kept", "node": "hall7", "began": BEGAN + number * 86_400 * SECOND, "bytes": 44}
                more = {"length_ms": 61_000, "sha256": b"h" * 32, "agent": agent, "agents": agent, "queue": "hall7/\x1b[31msales"}
                await lines.keep(change.connection, line | more)
        await catalogue.close()

    asyncio.run(fill())
    return catalogue


def test_what_fits_is_shown_newest_first(kept: Catalogue, capsys: Said) -> None:
    assert run("find") == Exit.DONE
    out = capsys.readouterr().out
    assert [line.split()[0].lstrip("0") or "0" for line in out.splitlines()[1:]] == ["2", "1", "0"]
    assert "2026-11-28 10:30:00" in out
    assert "1:01" in out
    assert "\x1b" not in out


def test_days_are_the_floors_and_include_their_ends(kept: Catalogue, capsys: Said) -> None:
    assert run("find", "--since", "2026-11-28", "--until", "2026-11-29", "--json") == Exit.DONE
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["began"] for each in told] == ["2026-11-29 10:30:00", "2026-11-28 10:30:00"]
    assert run("find", "--since", "2026-11-29 10:30", "--limit", "1") == Exit.DONE
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 2
    assert "--limit" in said.err


def test_what_is_asked_about_an_agent_is_in_the_log(kept: Catalogue, capsys: Said) -> None:
    assert run("find", "--queue", "nowhere") == Exit.DONE
    assert "No recording fits" in capsys.readouterr().err
    assert run("find", "--agent", "1002", "--json") == Exit.DONE
    assert len(capsys.readouterr().out.splitlines()) == 2

    async def entries() -> list[str]:
        async with kept.reading() as connection:
            found = list((await connection.execute(select(log.c.private))).scalars())
        await kept.close()
        return found

    (private,) = asyncio.run(entries())
    assert json.loads(private)["agent"] == "1002"
    assert json.loads(private)["who"].startswith("local:")


def test_no_moment_and_no_archive_are_said(folder: Path, capsys: Said) -> None:
    assert run("find", "--since", "yesterday") == Exit.WRONG
    assert "--since 2026-11-28" in capsys.readouterr().err
    assert run("find") == Exit.FAILED
    assert "andon archivist makes it" in capsys.readouterr().err
    assert not (folder / "data" / "archive" / "catalogue.db").exists()


# ------------------------------------------------------------------ what came of it, how long


@pytest.fixture(params=["sqlite", "postgres"])
def various(request: pytest.FixtureRequest, folder: Path) -> None:
    """One recording that everything below is said of, `x`, and some beside it that differ in one thing each."""
    if request.param == "sqlite":
        url = sqlite_url(folder / "data" / "archive")
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.database()
        (folder / "andon.toml").write_text(f'{GOOD}[data]\ndatabase = "{url}"\n')

    async def fill() -> None:
        catalogue = Catalogue(url, writes=True)
        await catalogue.open()
        async with catalogue.change() as change:
            for number, (name, own) in enumerate(OTHERS.items()):
                fixed = {"id": name.ljust(20, "0"), "node": "hall7", "began": BEGAN + number, "bytes": 44, "sha256": b"h" * 32}
                place = await lines.keep(change.connection, fixed | X | own)
                tag = {"tag": TAGGED.get(name, "coaching"), "recording": place, "by": "user:chen", "at": BEGAN}
                await change.connection.execute(insert(tags).values(**tag))
        await catalogue.close()

    asyncio.run(fill())


X: dict[str, Any] = {
    "state": "kept",
    "client": "bank",
    "direction": "outbound",
    "outcome": "sold",
    "length_ms": 60_000,
    "score": 8_050,
    "trouble": "silent,short",
    "holds": 1,
}
OTHERS: dict[str, dict[str, Any]] = {
    "x": {},
    "client": {"client": "other"},
    "direction": {"direction": "inbound"},
    "outcome": {"outcome": "refused"},
    "longer": {"length_ms": 60_001},
    "shorter": {"length_ms": 59_999},
    "worse": {"score": 8_049},
    "better": {"score": 8_051},
    "unscored": {"score": None},
    "fine": {"trouble": ""},
    "stored": {"state": "stored"},
    "free": {"holds": 0},
    "tagged": {},
    "disposed": {"state": "disposed"},
}
TAGGED = {"tagged": "training"}


@pytest.mark.parametrize(
    ("words", "without"),
    [
        (("--client", "bank"), {"client"}),
        (("--direction", "outbound"), {"direction"}),
        (("--outcome", "sold"), {"outcome"}),
        (("--shortest", "60"), {"shorter"}),
        (("--longest", "60"), {"longer"}),
        (("--shortest", "59.9995", "--longest", "60"), {"shorter", "longer"}),
        (("--tag", "coaching"), {"tagged"}),
        (("--score-from", "80.5"), {"worse", "unscored"}),
        (("--score-to", "80.5"), {"better", "unscored"}),
        (("--score-from", "0"), {"unscored"}),
        (("--trouble", "short"), {"fine"}),
        (("--trouble", "any"), {"fine"}),
        (("--held",), {"free"}),
        ((), set()),
    ],
)
def test_each_condition_leaves_out_what_differs_in_it_alone(various: None, capsys: Said, words: tuple[str, ...], without: set[str]) -> None:
    assert run("find", *words, "--json") == Exit.DONE
    told = {each["id"].rstrip("0"): each for each in map(json.loads, capsys.readouterr().out.splitlines())}
    assert set(told) == OTHERS.keys() - without - {"disposed"}
    assert told["x"]["score"] == 80.5
    if "unscored" in told:
        assert told["unscored"]["score"] is None


def test_conditions_are_asked_together_and_a_state_finds_what_is_gone(various: None, capsys: Said) -> None:
    every = ("--client", "bank", "--direction", "outbound", "--outcome", "sold", "--tag", "coaching", "--trouble", "silent", "--held")
    assert run("find", *every, "--shortest", "60", "--longest", "60", "--score-from", "80.5", "--score-to", "80.5", "--json") == Exit.DONE
    assert {json.loads(line)["id"].rstrip("0") for line in capsys.readouterr().out.splitlines()} == {"x", "stored"}
    assert run("find", "--state", "disposed", "--json") == Exit.DONE
    assert [json.loads(line)["state"] for line in capsys.readouterr().out.splitlines()] == ["disposed"]


@pytest.mark.parametrize(
    "words",
    [
        ("--shortest", "-1"),
        ("--longest", "long"),
        ("--longest", "1e7"),
        ("--score-from", "101"),
        ("--score-to", "nan"),
        ("--direction", "out"),
        ("--trouble", "loud"),
        ("--state", "gone"),
    ],
)
def test_what_no_recording_can_be_is_refused(folder: Path, capsys: Said, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("find", *words)
    assert ended.value.code == Exit.WRONG
    assert words[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("--client", "bank"),
        ("--outcome", "sold"),
        ("--direction", "inbound"),
        ("--shortest", "1"),
        ("--longest", "1"),
        ("--tag", "a"),
        ("--score-from", "0"),
        ("--score-to", "0"),
        ("--trouble", "any"),
        ("--state", "kept"),
        ("--held",),
    ],
)
def test_another_verb_does_not_pass_over_a_condition(folder: Path, capsys: Said, words: tuple[str, ...]) -> None:
    """A hold on more than was asked for, or a list of it, would be worse than none."""
    assert run("hold", "--agent", "1001", *words) == Exit.WRONG
    assert f"{words[0]} is for andon recordings find alone" in capsys.readouterr().err
