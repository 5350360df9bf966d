"""`andon user` and `andon audit` from outside: passwords are asked for or piped, acts are in the trail, forgery is found."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from andon import acts, audit, command
from realtime.words import SECOND
from recordings.retention.people import person
from wallboard.audit import Entry
from wallboard.audit_log import AuditLog
from wallboard.authorise import Role
from wallboard.passwords import matches
from wallboard.people import People

PASSWORD = "correct horse battery"
Run = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    (tmp_path / "andon.toml").write_text('[[pbx]]\nnode = "hall7"\nusername = "andon"\nsecret = "s3cret"\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*words: str, typed: str = "") -> int:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        try:
            return command.main(words)
        except SystemExit as end:  # argparse leaves by itself
            return int(end.code or 0)

    return run


def add(run: Run, name: str = "li.wei", role: str = "supervisor") -> int:
    return run("user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD + "\n")


def trail(folder: Path) -> list[tuple[str, str, str]]:
    return [(entry.action, entry.target, entry.outcome) for entry in AuditLog(folder / "data").entries() if isinstance(entry, Entry)]


def test_a_person_is_added_listed_changed_and_removed(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("user", "list") == 0
    assert "nobody yet" in capsys.readouterr().out
    assert add(run) == 0
    people = People(folder / "data")
    (person,) = people.all()
    assert (person.name, person.role) == ("li.wei", Role.SUPERVISOR)
    assert matches(person.password, PASSWORD)
    assert run("user", "password", "LI.WEI", "--password-stdin", typed="another good one\n") == 0
    assert matches(people.all()[0].password, "another good one")
    assert run("user", "role", "li.wei", "--role", "qa") == 0
    assert run("user", "disable", "li.wei") == 0
    assert people.all()[0].disabled
    assert run("user", "enable", "li.wei") == 0
    assert run("user", "list") == 0
    said = capsys.readouterr().out
    assert re.search(r"li\.wei +qa +may sign in +never signed in", said)
    assert PASSWORD not in said
    assert run("user", "remove", "li.wei") == 0
    assert people.all() == []
    assert trail(folder) == [
        ("user add", "user:li.wei role=supervisor", "allowed"),
        ("user password", "user:li.wei", "allowed"),
        ("user role", "user:li.wei role=qa", "allowed"),
        ("user disable", "user:li.wei", "allowed"),
        ("user enable", "user:li.wei", "allowed"),
        ("user remove", "user:li.wei", "allowed"),
    ]


@pytest.mark.parametrize(
    ("words", "typed", "code", "said"),
    [
        (["add", "li", "--role", "qa", "--password-stdin"], "short\n", 1, "at least 10 characters"),
        (["add", "li.wei.zhang", "--role", "qa", "--password-stdin"], "Li.Wei.Zhang\n", 1, "is the name"),
        (["add", "li", "--role", "qa", "--password-stdin"], "", 1, "at least 10 characters"),
        (["add", "li", "--role", "qa"], "", 1, "--password-stdin"),
        (["add", "li wei", "--role", "qa", "--password-stdin"], PASSWORD, 2, "no space"),
        (["add", "li"], "", 2, "--role"),
        (["add"], "", 2, "andon user add NAME"),
        (["role", "li"], "", 2, "--role"),
        (["disable", "li"], "", 1, "andon user list"),
        (["password", "li", "--password-stdin"], PASSWORD, 1, "andon user list"),
        (["add", "li", "--role", "qa", PASSWORD], "", 2, "unrecognized"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    run: Run, folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], typed: str, code: int, said: str
) -> None:
    assert run("user", *words, typed=typed) == code
    assert said in capsys.readouterr().err
    assert People(folder / "data").all() == []
    assert trail(folder) == []


def test_one_name_is_one_person(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert add(run) == 0
    assert add(run, "Li.Wei") == 1
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize(("second", "code"), [(PASSWORD, 0), ("another one here", 1)])
def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(folder: Path, second: str, code: int) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "andon", "user", "add", "li.wei", "--role", "qa"]
    started = subprocess.Popen(words, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    shown = b""
    for prompt, answer in ((b"Password for li.wei: ", PASSWORD), (b"Again: ", second)):
        while prompt not in shown:
            shown += os.read(ours, 1000)
        os.write(ours, answer.encode() + b"\n")
    try:
        while more := os.read(ours, 1000):
            shown += more
    except OSError:  # it has ended
        pass
    os.close(ours)
    assert started.wait(30) == code
    assert PASSWORD.encode() not in shown
    assert len(People(folder / "data").all()) == (1 if code == 0 else 0)


def test_a_broken_file_of_people_is_one_sentence(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "users.json").write_text("[{")
    assert run("user", "list") == 1
    assert "users.json cannot be read" in capsys.readouterr().err


def test_the_trail_is_shown_and_whole_until_somebody_changes_it(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("audit", "verify") == 0
    assert "no entry yet" in capsys.readouterr().out
    add(run)
    run("token", "--role", "screen", "--label", "hall 7")
    run("token", "revoke", "nobody")
    capsys.readouterr()
    assert run("audit", "show", "--since", "1h") == 0
    lines = capsys.readouterr().out.splitlines()
    who = acts.this_person()
    assert [line.split("  ", 1)[1] for line in lines] == [
        f"allowed  {who}  user add  user:li.wei role=supervisor",
        f"allowed  {who}  token make  role=screen hall 7",
        f"allowed  {who}  token revoke  token:nobody",
        f"failed   {who}  token revoke  token:nobody",
    ]
    assert run("audit", "show", "--who", "user:nobody") == 0
    assert capsys.readouterr().out == ""
    assert run("audit", "verify") == 0
    head = capsys.readouterr().out.splitlines()[-1]
    assert head.startswith("4:")
    assert run("audit", "verify", "--head", head) == 0
    (file,) = AuditLog(folder / "data").months()
    kept = file.read_text()
    file.write_text("".join(line + "\n" for line in kept.splitlines()[:-1]))
    assert run("audit", "verify") == 0, "a chain that was cut off is a chain"
    assert run("audit", "verify", "--head", head) == 1, "but not the one that was noted"
    file.write_text(kept.replace("role=supervisor", "role=screen"))
    assert run("audit", "verify") == 1
    assert f"{file}:1: entry 1 was changed" in capsys.readouterr().err


def test_what_cannot_be_recorded_is_not_done(run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "audit").write_text("a file where a folder should be")
    assert add(run) == 1
    assert "Nothing was done" in capsys.readouterr().err
    assert People(folder / "data").all() == []
    assert run("token", "--role", "screen") == 1


def test_who_it_was_is_known_behind_sudo_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(acts, "LOGIN", tmp_path / "a kernel that does not say")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert acts.this_person({}) == "local:root"
    assert acts.this_person({"SUDO_USER": "li"}) == "local:li (root)"
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    assert acts.this_person({"SUDO_USER": "li"}) == "local:54321", "only root can have been called by sudo"


@pytest.mark.parametrize("euid", [0, 54321])
def test_who_becomes_another_account_is_still_who_logged_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, euid: int) -> None:
    """sudo -u andon, or su: else one person who is signed in at the board, too, would be two of the two that a disposal takes."""
    monkeypatch.setattr(acts, "LOGIN", tmp_path / "loginuid")
    monkeypatch.setattr(os, "geteuid", lambda: euid)
    account = "root" if euid == 0 else "54321"
    for login, who in (("54320", f"local:54320 ({account})"), (str(euid), f"local:{account}"), (str(2**32 - 1), f"local:{account}")):
        (tmp_path / "loginuid").write_text(login)
        assert acts.this_person({}) == who
    (tmp_path / "loginuid").write_text("54320")
    assert person(acts.this_person({"SUDO_USER": "wang"})) == "54320", "an environment can say anything"


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2026-11-24", "2026-11-24T00:00"), ("2026-11-24 14:00", "2026-11-24T14:00"), ("90m", "2026-11-24T10:30"), ("7d", "2026-11-17T12:00")],
)
def test_since_is_a_day_a_time_or_how_long_ago(text: str, moment: str) -> None:
    now = datetime.fromisoformat("2026-11-24T12:00").astimezone()
    assert audit.since(text, now) == datetime.fromisoformat(moment).astimezone().timestamp() * SECOND
    for wrong in ("", "yesterday", "0d", "d", "-1h", "99999999d"):
        assert audit.since(wrong, now) is None
