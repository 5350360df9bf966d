"""`andon screen` and boards that change while the board runs: the command line and the board share files, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from andon.command import main
from andon.roles.boards import hanging
from andon.say import Exit
from realtime.words import SECOND
from tests.wallboard.house import House, running, until
from wallboard.authorise import Role
from wallboard.screens import Screens, spaced
from wallboard.tokens import TokenStore

NOW = 4_000_000_000 * SECOND  # the codes of these tests expire after those who test


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "andon.toml").write_text('[[pbx]]\nnode = "n"\nusername = "u"\nsecret = "s"\n')
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "boards.toml").write_text('[[board]]\nid = "sales"\nqueues = ["sales"]\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_code_is_approved_by_hand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    screens = Screens(folder / "data")
    secret, waiting = screens.ask("10.0.0.7", NOW)
    assert main(["screen", "list"]) == Exit.DONE
    assert f"waits    {spaced(waiting.code)}   from 10.0.0.7" in capsys.readouterr().out
    assert main(["screen", "approve", spaced(waiting.code).lower(), "--board", "sales", "--label", "door"]) == Exit.DONE
    assert "on board sales within some seconds" in capsys.readouterr().out
    taken = screens.take(secret, NOW)
    assert taken is not None
    assert (taken.board, taken.label, taken.by[:6]) == ("sales", "door", "local:")


def test_who_is_in_is_listed_and_sent_away(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tokens = TokenStore(folder / "data")
    _, token = tokens.create(Role.SCREEN, "by the door", NOW, board="sales", user="li")
    _, by_hand = tokens.create(Role.SCREEN, "by hand", NOW)
    assert main(["screen", "list"]) == Exit.DONE
    out = capsys.readouterr().out
    assert f"is in    {token.id}  board sales, not seen yet, let in by li  by the door" in out
    assert by_hand.id not in out
    assert main(["screen", "revoke", by_hand.id]) == Exit.FAILED
    assert main(["screen", "revoke", token.id]) == Exit.DONE
    assert [each.id for each in tokens.list()] == [by_hand.id]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["approve"], Exit.WRONG, "andon screen approve CODE --board ID"),
        (["approve", "ACD347", "--board", "sale"], Exit.WRONG, 'There is no board "sale"; did you mean "sales"?'),
        (["approve", "ACD347"], Exit.FAILED, 'No screen shows "ACD347" now'),
        (["approve", "ACD347", "--label", "x" * 101], Exit.WRONG, "longer than 100 characters"),
        (["revoke", "nothing"], Exit.FAILED, "There is no screen with this id"),
    ],
)
def test_what_cannot_be_done_is_said(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str) -> None:
    assert main(["screen", *words]) == code
    assert said in capsys.readouterr().err


def test_with_bad_boards_nothing_is_approved(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan" / "boards.toml").write_text('[[board]]\nid = "A"\n')
    assert main(["screen", "approve", "ACD347"]) == Exit.WRONG
    assert "boards.toml:2: board.A.id" in capsys.readouterr().err
    assert main(["check"]) == Exit.FAILED
    assert "boards.toml:2: board.A.id" in capsys.readouterr().err


def test_check_names_the_walls(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == Exit.DONE
    assert "shows /wall, /b/sales" in capsys.readouterr().out


async def test_a_changed_file_is_taken_up_and_a_bad_one_is_not(tmp_path: Path) -> None:
    plan, file = tmp_path / "plan", tmp_path / "plan" / "boards.toml"
    plan.mkdir()
    async with running(tmp_path) as house, hanging(house.board, plan, every_s=0.01):
        assert names(house) == ["floor"]
        file.write_text('[[board]]\nid = "hall"\n')
        await until(lambda: names(house) == ["floor", "hall"])
        file.write_text('[[board]]\nid = "Hall 7"\n')
        await until(lambda: bool(house.board.boards.fault))
        assert names(house) == ["floor", "hall"]
        told = (await house.http.get("/api/boards", headers=house.bearer())).json()
        assert told["fault"].startswith("boards.toml:2: board.Hall 7.id:")
        file.unlink()
        await until(lambda: names(house) == ["floor"])
        assert house.board.boards.fault == ""


def names(house: House) -> list[str]:
    return [plan.id for plan in house.board.boards.all()]
