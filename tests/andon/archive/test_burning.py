"""`andon recordings burn` from outside: a plan in a folder, an archive on the disk, every step of a disc by the command line."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from pathlib import Path

import pytest

from andon import command
from andon.archive import burning
from andon.say import Exit
from realtime.words import SECOND
from recordings.catalogue import lines
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.crypt import container, ring
from recordings.crypt.stores import FolderStore, KeyStores
from recordings.proof.entries import Entry
from recordings.vault.folder import FolderVault, name_of
from recordings.words import Kind

Said = pytest.CaptureFixture[str]
GOOD = '[floor]\ntimezone = "Asia/Shanghai"\nplan = "plan"\n[[pbx]]\nnode = "hall7"\nusername = "andon"\nsecret = "s3cret"\n'
PLAN = """[retention]
[discs]
media = "cd"
[[class]]
id = "half"
name = "Half a year"
burn = true
[[class.rule]]
id = "contract"
least = "6 months"
"""
BEGAN = 1_795_000_000 * SECOND


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "andon.toml").write_text(GOOD)
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "retention.toml").write_text(PLAN)
    asyncio.run(_fill(tmp_path / "data" / "archive"))
    keys = KeyStores([FolderStore(tmp_path / "data" / "keys" / "archive")])
    keys.make(ring.kek_name("half", "2027-05", 1))
    return tmp_path


async def _fill(archive: Path) -> None:
    """One recording that may be burned."""
    parts: list[bytes] = []
    sound = iter([b"sound " * 3000, b""])
    sealed = container.seal(lambda _size: next(sound), parts.append, ring.new_key(), b"")
    id = "a" * 20
    FolderVault(archive / "vault", 0).store(name_of(id, BEGAN, "sound"), parts, sealed.sha256_container)
    catalogue = Catalogue(sqlite_url(archive), writes=True)
    await catalogue.open()
    async with catalogue.change() as change:
        sha256 = hashlib.sha256(b"sound").digest()
        entry = await change.append(Entry(kind=Kind.SEAL, at=BEGAN, subject=id, public={"sha256": sha256.hex()}))
        values = {
            "id": id, "state": "kept", "node": "hall7", "began": BEGAN, "length_ms": 1000, "bytes": 5, "sha256": sha256, "class_": "half",
            "container": sealed.sha256_container, "container_bytes": sealed.container_size, "sealed_entry": entry,
            "keep_until": BEGAN + 180 * 86_400 * SECOND, "client": "林氏\x1b[31m",
        }  # fmt: skip
        await lines.keep(change.connection, values)
    await catalogue.close()


def run(*words: str) -> int:
    return command.main(["recordings", "burn", *words])


def test_every_step_of_a_disc(folder: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("gather") == Exit.DONE
    assert "1 recordings on 1 discs, class half, to go in 2027-05" in (said := capsys.readouterr().out)
    assert "Nothing was changed" in said
    assert run("gather", "--yes", "--json") == Exit.DONE
    (told,) = json.loads(capsys.readouterr().out)
    set_id = told["set"]
    assert run("image", set_id) == Exit.DONE
    assert run("burn", f"{set_id}-1A") == Exit.DONE
    assert f"burn {set_id}-1A, which is imaged: Nothing was changed" in capsys.readouterr().out
    assert run("burn", f"{set_id}-9A") == Exit.FAILED
    assert f"There is no disc {set_id}-9A" in capsys.readouterr().err
    assert run("verify", f"{set_id}-1A") == Exit.FAILED
    assert "must be burned" in capsys.readouterr().err
    assert run("burn", f"{set_id}-1A", "--yes") == Exit.DONE
    assert run("verify", f"{set_id}-1A".lower()) == Exit.DONE
    assert run("sign", f"{set_id}-1A", "--yes") == Exit.DONE
    assert "when a second person has said so" in capsys.readouterr().out
    assert run("sign", f"{set_id}-1A", "--yes") == Exit.FAILED
    assert "somebody else" in capsys.readouterr().err
    monkeypatch.setattr(burning, "this_person", lambda: "local:wang")
    assert run("sign", f"{set_id}-1A", "--yes") == Exit.DONE
    assert run("check", f"{set_id}-1A") == Exit.DONE
    assert run("prove", f"{set_id}-1A") == Exit.DONE
    assert "can still be read" in capsys.readouterr().out
    assert run("destroy", f"{set_id}-1A", "--yes") == Exit.FAILED
    assert run("label", f"{set_id}-1A", "--language", "zh") == Exit.DONE
    assert "机密" in (folder / f"{set_id}-1A.html").read_text()
    assert run("register", "--out", "all.html") == Exit.DONE
    assert f"{set_id}-1B" in (folder / "all.html").read_text()
    capsys.readouterr()
    assert run() == Exit.DONE
    listed = capsys.readouterr().out
    assert f"{set_id}-1A  signed" in listed
    assert "\x1b" not in listed
    assert run("list", "--json") == Exit.DONE
    assert [disc["state"] for disc in json.loads(capsys.readouterr().out)["discs"]] == ["signed", "imaged"]


def test_what_is_wrong_is_told(folder: Path, capsys: Said) -> None:
    assert run("fry") == Exit.WRONG
    assert run("image") == Exit.WRONG
    assert run("gather", "X") == Exit.WRONG
    assert run("verify", "NONE-1A") == Exit.FAILED
    assert "There is no disc NONE-1A" in capsys.readouterr().err
    assert run("image", "NONE") == Exit.FAILED
    assert run("gather", "--until", "soon") == Exit.FAILED
    (folder / "plan" / "retention.toml").write_text("[retention\n")
    assert run("gather", "--yes") == Exit.FAILED
    assert "plan has errors" in capsys.readouterr().err


def test_a_plan_that_burns_nothing_gathers_nothing(folder: Path, capsys: Said) -> None:
    (folder / "plan" / "retention.toml").write_text(PLAN.replace("burn = true", "burn = false"))
    assert run("gather", "--yes") == Exit.DONE
    assert "Nothing may be burned" in capsys.readouterr().out
