"""`andon recordings prove`, `verify` and `keys`, from outside: what was really sealed, and a stranger who verifies the bundle."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from andon import command
from andon.archive import proving
from andon.doctor import look_archive
from andon.say import Exit
from andon.settings import DataTable, Settings
from recordings.catalogue.catalogue import sqlite_url
from recordings.proof import verify_bundle
from tests.recordings.archives import Archive
from tests.recordings.sounds import leave, tone, wav

Said = pytest.CaptureFixture[str]
SETTINGS = """
[floor]
timezone = "Asia/Shanghai"
[[pbx]]
node = "hall7"
username = "andon"
secret = "s3cret"
[data]
archive = "file://{folder}/vault0"
[archive]
second = "{folder}/vault1"
keys = "{folder}/keys"
"""
SOUND = wav(tone(1.0, seed=7))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "andon.toml").write_text(SETTINGS.format(folder=tmp_path))
    return tmp_path


@pytest.fixture
def sealed(folder: Path) -> list[str]:
    """The ids of two recordings."""

    async def seal() -> list[str]:
        archive = Archive(folder, sqlite_url(folder / "data" / "archive"), vaults=2)
        await archive.catalogue.open()
        leave(archive.spool / "1795000000.1.wav", SOUND)
        leave(archive.spool / "1795000000.2.wav", wav(tone(1.0, seed=8)))
        lines = sorted(await archive.take(), key=lambda line: line.place)
        await archive.catalogue.close()
        return [line.id for line in lines]

    (folder / "data").mkdir()
    return asyncio.run(seal())


def run(*words: str) -> int:
    return command.main(["recordings", *words])


def stranger(folder: Path, *arguments: str, expect: int = 0) -> str:
    """On plain Python, in a folder that has nothing but what was handed over."""
    command = [sys.executable, "-I", "-S", "verify_bundle.py", *arguments]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, timeout=60, encoding="utf-8")
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout


def test_a_bundle_goes_to_a_stranger_who_has_the_recording(folder: Path, sealed: list[str], capsys: Said) -> None:
    assert run("prove", sealed[0]) == Exit.DONE
    out = capsys.readouterr().out
    bundle = folder / f"{sealed[0]}-proof.zip"
    assert f"proves 2 entries of the log about {sealed[0]}" in out
    assert stat.S_IMODE(bundle.stat().st_mode) == 0o600
    away = folder / "away"
    away.mkdir()
    shutil.copy(verify_bundle.__file__, away)
    shutil.copy(bundle, away / "proof.zip")
    (away / "sound.wav").write_bytes(SOUND)
    key = out.rstrip().rpartition(" ")[2]
    said = stranger(away, "proof.zip", "--vkey", key, "--file", "sound.wav")
    assert f"ok file sound.wav: byte for byte what was sealed as {sealed[0]}" in said
    assert "private part not shown" in said
    (container,) = (folder / "vault0").rglob(f"{sealed[0]}.sound")
    assert f"byte for byte the container of {sealed[0]}" in stranger(away, "proof.zip", "--file", str(container))
    (away / "sound.wav").write_bytes(SOUND[:-1])
    stranger(away, "proof.zip", "--file", "sound.wav", expect=1)


def test_it_goes_on_from_a_checkpoint_that_was_kept(folder: Path, sealed: list[str], capsys: Said) -> None:
    assert run("prove", sealed[0], "--out", "first.zip") == Exit.DONE
    (note,) = (folder / "data/archive/checkpoints").glob("*.note")
    shutil.copy(note, folder / "kept.note")
    assert run("prove", *sealed, "--out", "second.zip", "--older", "kept.note", "--private", "--reason", "asked by the client") == Exit.DONE
    body = json.loads(zipfile.ZipFile(folder / "second.zip").read("bundle.json"))
    assert body["consistency"]
    assert [json.loads(entry["leaf"])["kind"] for entry in body["entries"]] == ["seal", "store", "seal", "store", "export", "export"]
    assert "asked by the client" in body["entries"][-1]["private"]
    shutil.copy(verify_bundle.__file__, folder)
    assert "ok older checkpoint" in stranger(folder, "second.zip", "--older", "kept.note")


def test_what_cannot_be_proven_is_a_sentence(folder: Path, sealed: list[str], capsys: Said) -> None:
    assert run("prove") == Exit.WRONG
    assert run("prove", sealed[0], "--private") == Exit.WRONG
    assert "--reason" in capsys.readouterr().err
    assert run("prove", "nobody") == Exit.FAILED
    assert "has no seal of 'nobody'" in capsys.readouterr().err
    (folder / "there.zip").touch()
    assert run("prove", sealed[0], "--out", "there.zip") == Exit.FAILED
    assert run("prove", sealed[0], "--older", "nowhere.note") == Exit.FAILED
    assert "nowhere.note: No such file or directory." in capsys.readouterr().err
    assert not list(folder.glob("*-proof.zip"))


def test_without_an_archive_it_says_so(folder: Path, capsys: Said) -> None:
    for words in (("prove", "x"), ("verify",), ("verify", "x"), ("keys",)):
        assert run(*words) == Exit.FAILED
        assert "There is no archive" in capsys.readouterr().err


def test_the_whole_log_is_looked_through(folder: Path, sealed: list[str], capsys: Said) -> None:
    assert run("prove", sealed[0]) == Exit.DONE
    capsys.readouterr()
    assert run("verify") == Exit.DONE
    assert "4 entries, 1 checkpoints and 1 published files fit" in capsys.readouterr().out
    assert run("verify", "--json") == Exit.DONE
    assert json.loads(capsys.readouterr().out)["size"] == 4
    change(folder, "UPDATE log SET leaf = replace(leaf, 'wav', 'wax') WHERE \"index\" = 0")
    assert run("verify") == Exit.FAILED
    said = capsys.readouterr()
    assert "NO Entry 0: its hash is not that of its leaf." in said.out
    assert "Keep this database as it is" in said.err
    assert run("verify", sealed[0]) == Exit.FAILED
    assert "NO entry 0 of 4, seal: its hash is not that of its leaf; it is not in the tree" in capsys.readouterr().out


def change(folder: Path, statement: str) -> None:
    database = sqlite3.connect(folder / "data/archive/catalogue.db")
    with database:
        database.execute(statement)
    database.close()


def test_one_recording_is_compared_with_its_copies(folder: Path, sealed: list[str], capsys: Said) -> None:
    assert run("verify", *sealed) == Exit.DONE
    assert capsys.readouterr().out.count("ok copy in vault 1: byte for byte what was stored") == 2
    (copy,) = (folder / "vault1").rglob(f"{sealed[0]}.sound")
    data = bytearray(copy.read_bytes())
    data[100] ^= 1
    copy.write_bytes(data)
    assert run("verify", sealed[0]) == Exit.FAILED
    assert "NO copy in vault 1: it was changed" in capsys.readouterr().out
    copy.unlink()
    assert run("verify", sealed[0]) == Exit.FAILED
    assert "NO copy in vault 1: it is not there" in capsys.readouterr().out
    change(folder, "UPDATE recordings SET sha256 = zeroblob(32) WHERE place = 1")
    assert run("verify", sealed[0]) == Exit.FAILED
    assert "NO the table says another SHA-256 than was sealed" in capsys.readouterr().out


def test_each_that_was_named_is_looked_at(folder: Path, sealed: list[str], capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names a thousand must not be told that all is well when five hundred were looked at, as many as one bundle may have."""
    monkeypatch.setattr(proving, "BATCH", 1)
    (copy,) = (folder / "vault1").rglob(f"{sealed[1]}.sound")
    copy.write_bytes(b"changed")
    assert run("verify", *sealed) == Exit.FAILED
    assert "was changed" in capsys.readouterr().out


def test_what_is_left_of_one_that_is_lost_is_no_fault(folder: Path, sealed: list[str], capsys: Said) -> None:
    """It lies there until its disposal; what was disposed of may not."""
    one, (copy,) = sealed[0], (folder / "vault1").rglob(f"{sealed[0]}.sound")
    copy.unlink()
    change(folder, f"UPDATE recordings SET state = 'lost' WHERE id = '{one}'")
    assert run("verify", one) == Exit.DONE
    said = capsys.readouterr().out
    assert "copy in vault 0: what is left of it is there" in said
    assert "copy in vault 1: it is not there, as it is lost" in said
    change(folder, f"UPDATE recordings SET state = 'disposed' WHERE id = '{one}'")
    assert run("verify", one) != Exit.DONE
    assert "it is still there, and the recording is disposed" in capsys.readouterr().out


def test_a_backup_that_was_put_back_is_told_and_accepted_by_somebody(folder: Path, sealed: list[str], capsys: Said) -> None:
    database = folder / "data/archive/catalogue.db"
    change(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(database, folder / "backup.db")
    assert run("prove", sealed[0], "--private", "--reason", "x", "--out", "one.zip") == Exit.DONE
    for each in database.parent.glob("catalogue.db*"):
        each.unlink()
    shutil.copy(folder / "backup.db", database)
    assert run("prove", sealed[0], "--out", "two.zip") == Exit.FAILED
    assert "a checkpoint speaks of 5 entries and the log has 4" in capsys.readouterr().err
    assert run("verify") == Exit.FAILED
    assert "was an old backup put back?" in capsys.readouterr().out
    assert run("verify", "accept") == Exit.WRONG
    assert run("verify", "accept", "--reason", "disk died, backup of the night", "--yes") == Exit.DONE
    assert "From now on it is andon/main/recordings/gap-" in capsys.readouterr().out
    assert run("verify") == Exit.DONE
    assert run("prove", sealed[0], "--out", "two.zip") == Exit.DONE
    assert run("verify", "accept", "--reason", "x", "--yes") == Exit.DONE
    assert "Nothing is to be accepted" in capsys.readouterr().out
    assert "recordings.gap.accept" in (folder / "data").joinpath("audit").rglob("*.jsonl").__next__().read_text()


def test_keys_are_shown_and_exchanged(folder: Path, sealed: list[str], capsys: Said) -> None:
    assert run("prove", sealed[0], "--out", "old.zip") == Exit.DONE
    capsys.readouterr()
    assert run("keys", "--json") == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    (key,) = told["keys"]
    assert (key["recordings"], key["there"]) == (2, True)
    assert run("keys", "exchange", key["key"]) == Exit.DONE
    assert "Add --yes" in capsys.readouterr().out
    assert run("keys", "exchange", key["key"], "--yes") == Exit.DONE
    assert "is destroyed in every key store. 2 recordings are wrapped with" in capsys.readouterr().out
    assert run("keys") == Exit.DONE
    said = capsys.readouterr().out
    assert key["key"] + ":" not in said
    assert "Keys that were destroyed: 1." in said
    assert run("keys", "exchange", key["key"], "--yes") == Exit.FAILED
    assert run("keys", "exchange", "no name", "--yes") == Exit.WRONG
    assert run("keys", "exchange") == Exit.WRONG
    assert run("verify", *sealed) == Exit.DONE


def test_the_logs_key_is_exchanged_and_old_bundles_stay_good(folder: Path, sealed: list[str], capsys: Said) -> None:
    assert run("prove", sealed[0], "--out", "old.zip") == Exit.DONE
    old = capsys.readouterr().out.rstrip().rpartition(" ")[2]
    (folder / "data/keys/archive-log.key").unlink()
    assert run("keys", "exchange", "log", "--yes") == Exit.DONE
    new = capsys.readouterr().out.rstrip().rpartition(" ")[2]
    assert old != new
    assert run("verify") == Exit.DONE
    assert run("prove", sealed[0], "--out", "new.zip") == Exit.DONE
    shutil.copy(verify_bundle.__file__, folder)
    stranger(folder, "old.zip", "--vkey", old)
    stranger(folder, "new.zip", "--vkey", new)
    (folder / "my.vkey").write_text(f"{old}\n{new}\n")
    stranger(folder, "new.zip", "--vkey", "my.vkey")
    assert "checkpoint: it is not signed with" in stranger(folder, "new.zip", "--vkey", old, expect=1)


# ---------------------------------------------------------------- put back


async def seal_another(folder: Path, data: Path, number: int) -> str:
    archive = Archive(folder, sqlite_url(data / "archive"), vaults=2)
    await archive.catalogue.open()
    leave(archive.spool / f"17950001{number:02}.1.wav", wav(tone(1.0, seed=20 + number)))
    lines = await archive.take()
    await archive.catalogue.close()
    return lines[0].id


def test_what_was_restored_signs_nothing_under_the_old_name(
    folder: Path, sealed: list[str], capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Database, files and key come back together, and none of them knows what was signed and given away since."""
    assert run("prove", sealed[0], "--out", "before.zip") == Exit.DONE
    assert command.main(["backup", "backup.tar.gz"]) == Exit.DONE
    since = asyncio.run(seal_another(folder, folder / "data", 1))
    assert run("prove", since, "--out", "since.zip") == Exit.DONE
    (given,) = (folder / "data/archive/checkpoints").glob("*.note")
    shutil.copy(given, folder / "given.note")
    capsys.readouterr()

    assert command.main(["restore", "backup.tar.gz", "--into", "new"]) == Exit.DONE
    assert "recordings verify accept --reason WHY --yes" in capsys.readouterr().out
    monkeypatch.chdir(folder / "new")
    verdict = look_archive.log(Settings(data=DataTable(dir=str(folder / "new/data"))))
    assert verdict is not None
    assert verdict.todo == ("andon recordings verify accept --reason ... --yes",)
    again = asyncio.run(seal_another(folder, folder / "new/data", 2))
    assert run("prove", again, "--out", "again.zip") == Exit.FAILED
    assert "was put back from a backup of 20" in capsys.readouterr().err
    assert run("verify") == Exit.FAILED
    assert "was put back from a backup of 20" in capsys.readouterr().out

    columns = "id, kind, standing, class, month, numbers, reason, items, sha256, by"
    columns += ", at, decide_by, decided_at, holds, gone, trouble, done_at"
    approved = f"'d-1', 'disposal', 'approved', 'five', '', '', 'monthly', 1, x'{'00' * 32}', 'user:li', 1, 0, 1, 0, 0, '', 0"
    change(folder / "new", f"INSERT INTO disposals ({columns}) VALUES ({approved})")
    assert run("verify", "accept") == Exit.WRONG
    assert "what stands approved then waits to be approved again" in capsys.readouterr().err
    assert run("verify", "accept", "--reason", "the disk died", "--yes") == Exit.DONE
    said = capsys.readouterr().out
    assert "Approved before, and to be approved again: 1; andon recordings dispose list names them." in said
    assert "The log has an entry that says so. From now on it is andon/main/recordings/gap-" in said
    assert run("dispose", "list") == Exit.DONE
    assert "d-1  proposed" in (listed := capsys.readouterr().out)
    assert "approved before a backup was put back" in listed
    assert look_archive.log(Settings(data=DataTable(dir=str(folder / "new/data")))) is None
    assert run("verify") == Exit.DONE
    assert run("prove", again, "--out", "again.zip", "--older", str(folder / "given.note")) == Exit.FAILED
    assert "The log does not go on from" in capsys.readouterr().err
    assert not Path("again.zip").exists()
    assert run("prove", sealed[0], "--out", "again.zip") == Exit.DONE
    assert "/gap-" in json.loads(zipfile.ZipFile("again.zip").read("bundle.json"))["checkpoint"]


def test_a_floor_whose_log_was_never_signed_comes_back_without_a_question(folder: Path, sealed: list[str], capsys: Said) -> None:
    assert command.main(["backup", "backup.tar.gz"]) == Exit.DONE
    assert command.main(["restore", "backup.tar.gz", "--into", "new"]) == Exit.DONE
    assert "verify accept" not in capsys.readouterr().out


LEAVES = {
    "no JSON": "'x'",
    "no leaf": '\'{"kind":"seal"}\'',
    "bytes": "CAST('x' AS BLOB)",
}


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_leaf_that_somebody_spoiled_is_a_finding(folder: Path, sealed: list[str], capsys: Said, leaf: str) -> None:
    change(folder, f'UPDATE log SET leaf = {LEAVES[leaf]} WHERE "index" = 0')
    for words in ((sealed[0],), ()):
        assert run("verify", *words) == Exit.FAILED
        assert "its leaf cannot be read" in capsys.readouterr().out
    assert run("verify", sealed[0]) == Exit.FAILED
    said = capsys.readouterr().out
    assert "nothing can say which SHA-256" in said
    assert "ok copy in vault 1" in said, "the rest is looked at"


def test_a_private_part_that_somebody_wiped_is_a_finding(folder: Path, sealed: list[str], capsys: Said) -> None:
    change(folder, 'UPDATE log SET private = NULL, salt = NULL WHERE "index" = 0')
    assert run("verify", sealed[0]) == Exit.FAILED
    assert "NO entry 0 of 4, seal: its private part is gone, and no later entry says" in capsys.readouterr().out
    change(folder, "UPDATE log SET hash = 'x' WHERE \"index\" = 0")
    assert run("verify", sealed[0]) == Exit.FAILED
    assert "has no hash of subtree" in capsys.readouterr().err
