"""`andon recordings trained` from outside: who is due, a training that is recorded, withdrawn, or refused."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from andon.roles.work import now_us
from andon.say import Exit
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.quality.months import before
from recordings.quality.scores import month_of
from recordings.quality.tables import scores
from tests.andon.archive.test_keeping import folder, run

Said = pytest.CaptureFixture[str]
__all__ = ["folder"]
ZONE = "Asia/Shanghai"


@pytest.fixture
def missed(folder: Path) -> str:
    """The month that 1023 missed."""
    (folder / "plan" / "quality.toml").write_text('[[kpi]]\nid = "quality"\nleast = 1\nrunning = 1\n')
    month = before(month_of(now_us(), ZONE), 1)
    asyncio.run(_fill(folder, month))
    return month


async def _fill(folder: Path, month: str) -> None:
    catalogue = Catalogue(sqlite_url(folder / "data" / "archive"), writes=True)
    await catalogue.open()
    row = {"recording": 1, "form": "f" * 32, "rater": "user:mei", "kind": "usual", "agent": "1023", "month": month, "standing": "done"}
    async with catalogue.change() as change:
        await change.connection.execute(insert(scores).values(**row, counts=True, points=0, passed=False, began_at=1, done_at=1))
    await catalogue.close()


def test_who_is_due_is_trained_and_due_again_once_that_is_withdrawn(missed: str, capsys: Said) -> None:
    keep = ("trained", "keep", "1023", "quality", "--on", datetime.now(UTC).date().isoformat(), "--trainer", "Sun Li")
    assert (run("trained"), capsys.readouterr().out) == (Exit.DONE, f"1023  due by quality for {missed}\n")
    assert run(*keep) == Exit.DONE
    assert "Nothing was changed" in capsys.readouterr().err
    assert run(*keep, "--yes") == Exit.DONE
    assert f"Training 1 of 1023 is recorded for {missed}" in capsys.readouterr().out
    assert run("trained") == Exit.DONE
    said = capsys.readouterr()
    assert ("due by" in said.out, "by Sun Li" in said.out, "Nobody is due" in said.err) == (False, True, True)
    assert run(*keep, "--yes", "--language", "zh") == Exit.FAILED
    assert "无需登记" in capsys.readouterr().err
    assert run("trained", "withdraw", "1", "--reason", "another agent", "--yes") == Exit.DONE
    assert run("trained") == Exit.DONE
    said = capsys.readouterr()
    assert ("due by quality" in said.out, "another agent" in said.out) == (True, True)


@pytest.mark.parametrize(
    "words", [("keep", "1023"), ("keep", "1023", "quality"), ("withdraw", "x", "--reason", "y"), ("withdraw", "1"), ("other",)]
)
def test_half_a_sentence_is_refused(folder: Path, capsys: Said, words: tuple[str, ...]) -> None:
    assert run("trained", *words) == Exit.WRONG
    assert "trained keep AGENT KPI" in capsys.readouterr().err
