"""The command line from outside: helps that teach, exit codes, check, token, floor; no traceback for a person's mistake."""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from andon import ask, command
from andon.command import COMMANDS
from andon.load import load
from andon.say import Exit
from andon.table import clean, cut, duration, floor_lines, width
from realtime.words import SECOND
from wallboard.authorise import Role
from wallboard.tokens import Refused, TokenStore

GOOD = '[[pbx]]\nnode = "hall7"\nusername = "andon"\nsecret = "s3cret"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def settings(folder: Path) -> Path:
    (folder / "andon.toml").write_text(GOOD)
    return folder / "andon.toml"


def run(*words: str) -> int:
    try:
        return command.main(words)
    except SystemExit as end:  # argparse leaves by itself
        return int(end.code or 0)


# ---------------------------------------------------------------- help


def test_help_names_every_command_and_how_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    said = capsys.readouterr().out
    assert all(f"\n    {name} " in said for name in COMMANDS)
    assert "exit codes" in said
    assert "andon demo" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_each_help_has_a_sentence_and_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(name, "--help") == 0
    said = " ".join(capsys.readouterr().out.split())
    what = COMMANDS[name].what
    assert f"{what[0].upper()}{what[1:]}." in said
    assert f"example: {COMMANDS[name].example}" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_each_example_is_a_command_line_that_parses(name: str) -> None:
    import shlex

    assert command.parser().parse_args(shlex.split(COMMANDS[name].example)[1:]).command == name


@pytest.mark.parametrize(
    "words",
    [
        [], ["chek"], ["demo", "--agents", "0"], ["demo", "--agents", "x"], ["demo", "--for", "-1"], ["demo", "--for", "soon"],
        ["token", "--role", "boss"], ["token", "--role", "screen", "--days", "0"], ["demo", "--agent", "5"],
    ],
)  # fmt: skip
def test_a_wrong_command_line_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == Exit.WRONG
    said = capsys.readouterr().err
    assert "usage: andon" in said
    assert "Traceback" not in said


def test_config_may_stand_on_either_side(settings: Path, folder: Path) -> None:
    other = settings.rename(folder / "other.toml")
    assert run("--config", str(other), "check") == Exit.DONE
    assert run("check", "--config", str(other)) == Exit.DONE
    assert run("check") == Exit.FAILED


# ---------------------------------------------------------------- check


def test_check_says_what_would_run(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == Exit.DONE
    said = capsys.readouterr().out
    assert "andon.toml is right: floor main (UTC, days start at 00:00), PBX hall7 at 127.0.0.1:5038." in said
    assert "no plan yet" in said
    assert "andon up would run: valkey, engine, board, gate, adapter hall7." in said


def test_check_with_a_plan_and_a_redis_of_its_own(settings: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan").mkdir()
    settings.write_text(GOOD + '[data]\nredis = "redis://andon:hunter22@db:6379/0"\n')
    assert run("check") == Exit.DONE
    said = capsys.readouterr().out
    assert f"the plan is in {folder / 'plan'}" in said
    assert "redis://db:6379/0" in said
    assert "hunter22" not in said
    assert "would run: engine, board, gate, adapter hall7." in said


def test_check_prints_every_error_and_ends_with_1(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text(GOOD + 'tls = 1\nzzz = 2\nqueue_log = "none"\n')
    assert run("check") == Exit.FAILED
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[:2] for line in lines[:3]] == [
        ["andon.toml:5", "pbx.hall7.tls"],
        ["andon.toml:6", "pbx.hall7.zzz"],
        ["andon.toml:7", "pbx.hall7.queue_log"],
    ]
    assert lines[3] == "2 errors in the settings; correct them and run andon check again."


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda path: None, "there is no such file in"),
        (lambda path: path.mkdir(), "it is a folder"),
        (lambda path: path.write_bytes(b"[floor]\nname = '\xd6\xd0'\n"), "line 2 is not UTF-8"),
        (lambda path: path.write_text("#" * 1_100_000), "larger than 1,048,576 bytes"),
    ],
)
def test_a_file_that_cannot_be_read(folder: Path, make: object, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(make)
    make(folder / "andon.toml")
    assert run("check") == Exit.FAILED
    said = capsys.readouterr().err
    assert said.startswith("andon.toml: ")
    assert expected in said


@pytest.mark.parametrize("words", [["up"], ["board"], ["engine"], ["adapter"], ["floor"], ["token", "list"]])
def test_commands_refuse_wrong_settings(settings: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text(GOOD + "tls = 1\n")
    assert run(*words) == Exit.WRONG
    assert "andon.toml:5: pbx.hall7.tls: " in capsys.readouterr().err


def test_the_file_with_secrets_is_looked_at_where_it_is(settings: Path, folder: Path) -> None:
    (folder / "hall7.secret").write_text("from the file\n")
    (folder / "hall7.secret").chmod(0o600)
    settings.write_text(GOOD.replace('secret = "s3cret"', 'secret_file = "hall7.secret"'))
    reading = load(settings, {})
    assert reading.findings == ()
    assert reading.settings is not None
    assert reading.settings.pbx[0].secret.reveal() == "from the file"
    (folder / "hall7.secret").chmod(0o644)
    assert [finding.error for finding in load(settings, {}).findings] == [False]


# ---------------------------------------------------------------- token


def test_a_token_is_made_listed_and_revoked(settings: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("token", "--role", "screen", "--label", "wall\x1b[2J", "--days", "3") == Exit.DONE
    secret = capsys.readouterr().out.strip()
    store = TokenStore(folder / "data")
    token = store.list()[0]
    assert not isinstance(store.check(secret, token.created), Refused)
    assert token.expires - token.created == 3 * 86_400 * SECOND
    assert run("token", "list") == Exit.DONE
    listed = capsys.readouterr().out
    assert token.id in listed
    assert "screen" in listed
    assert "\x1b" not in listed
    assert secret not in listed
    assert run("token", "revoke", token.id) == Exit.DONE
    assert run("token", "revoke", token.id) == Exit.FAILED
    assert run("token", "revoke") == Exit.WRONG
    assert run("token") == Exit.WRONG
    capsys.readouterr()
    assert run("token", "list") == Exit.DONE
    assert "There are no tokens yet" in capsys.readouterr().out


def test_tokens_that_cannot_be_read(settings: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "tokens.json").write_text("{")
    assert run("token", "list") == Exit.FAILED
    assert "cannot be read" in capsys.readouterr().err


# ---------------------------------------------------------------- floor

FLOOR = {
    "floor": "main", "time": 1000.0, "day": "2026-11-24", "position": "1-0",
    "totals": {
        "waiting": 1, "longest_wait_since": 900.0, "offered": 4, "answered": 2, "abandoned": 1, "left_otherwise": 0, "unknown": 0,
        "service_level": 0.5, "agents": {"ready": 1, "talking": 0},
    },
    "queues": [{
        "name": "sales", "waiting": 1, "longest_wait_since": 900.0, "offered": 4, "answered": 2, "abandoned": 1,
        "left_otherwise": 0, "unknown": 0, "service_level": None,
    }],
    "agents": [{
        "id": "1001", "name": "王芳\x1b]0;x\x07", "state": "ready", "since": 995.0, "reason": "", "queue": None, "answered": 2,
    }],
    "nodes": [{"node": "hall7", "link": "live", "heard": 999.0}],
}  # fmt: skip


class Board(BaseHTTPRequestHandler):
    """What `/api/floor` may answer; `answers` maps the token that was shown."""

    answers: dict[str, tuple[int, bytes]] = {}  # noqa: RUF012

    def do_GET(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        status, body = self.answers.get(token, (401, b'{"error":"token_refused","message":"No.","reasons":[]}'))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def board(settings: Path) -> Iterator[type[Board]]:
    handler = type("Answering", (Board,), {"answers": {}})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.write_text(GOOD + f'[board]\nlisten = "127.0.0.1:{server.server_port}"\n')
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def test_floor_shows_the_token_that_up_left(board: type[Board], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask.leave_token(folder / "data", 10 * SECOND)
    secret = (folder / "data" / "cli.token").read_text().strip()
    board.answers[secret] = (200, json.dumps(FLOOR).encode())
    assert run("floor") == Exit.DONE
    said = capsys.readouterr().out
    assert "main, business day 2026-11-24" in said
    assert "hall7 live, heard 0:01 ago" in said
    assert "\x1b" not in said
    assert "1:40" in said
    assert run("floor", "--json") == Exit.DONE
    assert json.loads(capsys.readouterr().out) == FLOOR


def test_floor_asks_without_a_token_where_there_is_none(board: type[Board]) -> None:
    board.answers[""] = (200, json.dumps(FLOOR).encode())
    assert run("floor") == Exit.DONE


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, b"{}", "did not accept the token"),
        (503, b'{"error":"x","message":"Not ready.","reasons":["No log."]}', "Not ready. No log."),
        (404, b"<html>", "is no board of Andon (status 404)"),
        (404, b"[]", "is no board of Andon (status 404)"),
    ],
)
def test_floor_says_why_there_is_none(
    board: type[Board], status: int, body: bytes, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    board.answers[""] = (status, body)
    assert run("floor") == Exit.FAILED
    assert expected in capsys.readouterr().err


def test_floor_when_nothing_runs(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.write_text(GOOD + '[board]\nlisten = "127.0.0.1:1"\n')
    assert run("floor") == Exit.FAILED
    assert "No board answers on 127.0.0.1:1; start it with andon up" in capsys.readouterr().err


def test_the_token_for_the_floor_is_private_and_only_one(folder: Path) -> None:
    for moment in (1, 2):
        ask.leave_token(folder / "data", moment * SECOND)
    (token,) = TokenStore(folder / "data").list()
    assert token.role is Role.SUPERVISOR
    assert stat.S_IMODE((folder / "data" / "cli.token").stat().st_mode) == 0o600


def test_the_table_stays_straight_with_chinese_names() -> None:
    lines = floor_lines({**FLOOR, "agents": [{**FLOOR["agents"][0], "name": name} for name in ("王芳", "Anna")]})  # type: ignore[index]
    head, *rows = lines[-3:]
    assert [width(row[: row.index("ready")]) for row in rows] == [head.index("STATE")] * 2


def test_a_pbx_that_was_never_heard() -> None:
    lines = floor_lines({**FLOOR, "nodes": [{"node": "n", "link": "lost", "heard": 0.0}]})
    assert "PBX: n lost, not heard yet" in lines


def test_cells() -> None:
    assert clean("a\x1b[31mb\n\u202e") == "a?[31mb??"
    assert width(cut("王" * 60)) <= 40
    assert [duration(s) for s in (-3, 59, 61, 3600, 36_061)] == ["0:00", "0:59", "1:01", "1:00:00", "10:01:01"]
