"""`andon recordings find`, from outside: settings in a folder, a catalogue on the disk."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from andon import command
from andon.say import Exit
from realtime.words import SECOND
from recordings.catalogue import lines
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.catalogue.schema import log

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
