"""`andon pin` from outside, and the brakes of checking: by phone, by person, and never against the own desk."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agi.phone.script import Proof
from andon import command, pins
from andon.pins import AT_ONE_PERSON, FROM_ONE_PHONE, PinDesk, Pins
from realtime.words import SECOND
from wallboard.audit import Entry
from wallboard.audit_log import AuditLog
from wallboard.passwords import hash_of, matches

Run = Callable[..., int]
PIN = "471199"


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


class Clock:
    now = 1_764_300_000 * SECOND

    def __call__(self) -> int:
        return self.now


class TestCommand:
    def test_given_listed_changed_taken_away(self, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("pin", "list") == 0
        assert "andon pin set" in capsys.readouterr().out
        assert run("pin", "set", "1031", "--pin-stdin", typed=f"{PIN}\n") == 0
        kept = Pins(folder / "data").get("1031")
        assert kept is not None
        assert matches(kept.pin, PIN)
        assert run("pin", "set", "1031", "--pin-stdin", typed="118822\n") == 0
        assert len(Pins(folder / "data").all()) == 1
        capsys.readouterr()
        assert run("pin", "list") == 0
        assert capsys.readouterr().out.startswith("1031")
        assert run("pin", "remove", "1031") == 0
        assert run("pin", "remove", "1031") == 1

    def test_one_by_chance_is_shown_once_and_works(self, run: Run, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("pin", "set", "1031", "--random") == 0
        shown = capsys.readouterr().out.strip()
        kept = Pins(folder / "data").get("1031")
        assert kept is not None
        assert len(shown) == 6
        assert matches(kept.pin, shown)

    def test_nothing_in_clear_is_kept_and_nobody_else_reads_it(self, run: Run, folder: Path) -> None:
        run("pin", "set", "1031", "--pin-stdin", typed=f"{PIN}\n")
        file = folder / "data/pins.json"
        assert file.stat().st_mode & 0o777 == 0o600
        everything = "".join(path.read_text() for path in (folder / "data").rglob("*") if path.is_file())
        assert PIN not in everything

    def test_it_is_in_the_trail(self, run: Run, folder: Path) -> None:
        run("pin", "set", "1031", "--pin-stdin", typed=f"{PIN}\n")
        run("pin", "remove", "1031")
        entries = [(entry.action, entry.target) for entry in AuditLog(folder / "data").entries() if isinstance(entry, Entry)]
        assert entries == [("pin set", "agent:1031"), ("pin remove", "agent:1031")]

    @pytest.mark.parametrize("pin", ["", "123", "1" * 13, "12a4", "1111", "1234", "9876", "²²²²", "10310"])
    def test_a_poor_pin_is_refused(self, run: Run, folder: Path, pin: str) -> None:
        assert run("pin", "set", "10310", "--pin-stdin", typed=f"{pin}\n") == 1
        assert not Pins(folder / "data").all()

    def test_whose_is_said(self, run: Run) -> None:
        assert run("pin", "set") == 2
        assert run("pin", "set", " ") == 2

    def test_no_terminal_no_pin(self, run: Run, folder: Path) -> None:
        assert run("pin", "set", "1031") == 1
        assert not Pins(folder / "data").all()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    pins = Pins(tmp_path)
    for agent in ("1031", "1032"):
        pins.set(agent, hash_of(PIN), 0)
    return tmp_path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answers without the slowness that is meant for guessers: some tests here guess a lot."""

    async def same(self: object, kept: str | None, pin: str) -> bool:
        return kept is not None and pin == PIN

    monkeypatch.setattr(pins.PasswordDesk, "matches", same)


class TestChecking:
    async def test_right_wrong_and_nobody(self, kept: Path) -> None:
        desk = PinDesk(kept, Clock())
        assert await desk.prove("1031", PIN, "n1/PJSIP/1001") is Proof.RIGHT
        assert await desk.prove("1031", "000000", "n1/PJSIP/1001") is Proof.WRONG
        assert await desk.prove("9999", PIN, "n1/PJSIP/1001") is Proof.WRONG
        Pins(kept).remove("1031")
        assert await desk.prove("1031", PIN, "n1/PJSIP/1001") is Proof.WRONG, "what is taken away stops counting at once"
        desk.close()

    async def test_a_phone_that_guesses_is_stopped_for_a_while(self, kept: Path, quick: None) -> None:
        clock = Clock()
        desk = PinDesk(kept, clock)
        tries, window = FROM_ONE_PHONE
        for number in range(tries):
            assert await desk.prove(str(number), "0", "n1/PJSIP/1001") is Proof.WRONG
        assert await desk.prove("1031", PIN, "n1/PJSIP/1001") is Proof.STOPPED, "not even a right one is looked at"
        assert await desk.prove("1031", PIN, "n1/PJSIP/1002") is Proof.RIGHT, "other phones go on"
        clock.now += window
        assert await desk.prove("1031", PIN, "n1/PJSIP/1001") is Proof.RIGHT
        desk.close()

    async def test_a_person_who_is_guessed_at_gets_in_at_the_own_desk(self, kept: Path, quick: None) -> None:
        desk = PinDesk(kept, Clock())
        assert await desk.prove("1031", PIN, "n1/PJSIP/1001") is Proof.RIGHT
        tries, _ = AT_ONE_PERSON
        for number in range(tries):
            assert await desk.prove("1031", "0", f"n1/PJSIP/{2000 + number}") is Proof.WRONG
        assert await desk.prove("1031", PIN, "n1/PJSIP/3000") is Proof.STOPPED
        assert await desk.prove("1031", PIN, "n1/PJSIP/1001") is Proof.RIGHT
        assert await desk.prove("1032", PIN, "n1/PJSIP/3000") is Proof.RIGHT
        desk.close()

    async def test_at_a_desk_that_many_share_guessing_is_no_faster_than_elsewhere(self, kept: Path, quick: None) -> None:
        """Who waits between two tries long enough for the phone is held by what is counted of the person."""
        clock = Clock()
        desk = PinDesk(kept, clock)
        assert await desk.prove("1031", PIN, "n1/PJSIP/1001") is Proof.RIGHT
        tries, hour = AT_ONE_PERSON
        pause = FROM_ONE_PHONE[1]
        said = []
        for _ in range(hour // pause * 2):
            said += [await desk.prove("1031", "0", "n1/PJSIP/1001") for _ in range(4)]
            clock.now += pause
        assert said.count(Proof.WRONG) <= 2 * tries
        assert await desk.prove("1032", PIN, "n1/PJSIP/1001") is Proof.RIGHT, "others go on there"
        desk.close()

    async def test_the_own_right_pin_wipes_out_no_wrong_one_of_others(self, kept: Path, quick: None) -> None:
        """An insider who logs in between two guesses is stopped all the same."""
        desk = PinDesk(kept, Clock())
        said = []
        for _ in range(FROM_ONE_PHONE[0] + 1):
            said.append(await desk.prove("1031", "0", "n1/PJSIP/1001"))
            await desk.prove("1032", PIN, "n1/PJSIP/1001")
        assert said[-1] is Proof.STOPPED
        desk.close()

    async def test_right_ones_are_not_counted(self, kept: Path, quick: None) -> None:
        desk = PinDesk(kept, Clock())
        for _ in range(50):
            assert await desk.prove("1031", PIN, "n1/PJSIP/1001") is Proof.RIGHT
        desk.close()

    async def test_a_file_that_cannot_be_read_is_nobodys_fault(self, kept: Path) -> None:
        (kept / "pins.json").write_text("nonsense")
        desk = PinDesk(kept, Clock())
        assert await desk.prove("1031", PIN, "n1/PJSIP/1001") is Proof.AWAY
        desk.close()
