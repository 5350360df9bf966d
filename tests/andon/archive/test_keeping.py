"""`andon recordings due`, `hold`, `release`, `dispose`, `erase`, `clock`, from outside: a plan in a folder, a catalogue on the disk."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from andon import command
from andon.archive import disposing, keeping, losing
from andon.plan.folder import load
from andon.say import Exit
from realtime.words import SECOND
from recordings.catalogue import lines
from recordings.catalogue.catalogue import Catalogue, sqlite_url
from recordings.catalogue.schema import recordings
from recordings.crypt import keeping as keyring
from recordings.crypt.ring import new_key, wrap
from recordings.crypt.stores import FolderStore, KeyStores
from recordings.proof.signer import Signer
from recordings.retention import certificate
from recordings.retention.judging import policy_of
from recordings.retention.recompute import recompute
from recordings.vault.folder import FolderVault, name_of

Said = pytest.CaptureFixture[str]
GOOD = '[floor]\ntimezone = "Asia/Shanghai"\nplan = "plan"\n[[pbx]]\nnode = "hall7"\nusername = "andon"\nsecret = "s3cret"\n'
PLAN = """[retention]
default = "year"
[[class]]
id = "year"
[[class.rule]]
id = "law"
least = "1 year"
[[class]]
id = "policy"
[[class.rule]]
id = "sold"
clock = "product_end"
least = "1 year"
"""
OLD, YOUNG = "o" * 20, "y" * 20
DAY = 86_400 * SECOND


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in os.environ:
        if name.startswith("ANDON_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "andon.toml").write_text(GOOD)
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "retention.toml").write_text(PLAN)
    return tmp_path


def run(*words: str) -> int:
    return command.main(["recordings", *words])


@pytest.fixture
def kept(folder: Path) -> Path:
    """One of 2020, one of now, each with its key."""
    asyncio.run(_fill(folder))
    return folder


async def _fill(folder: Path) -> None:
    catalogue = Catalogue(sqlite_url(folder / "data" / "archive"), writes=True)
    stores = KeyStores([FolderStore(folder / "data" / "keys" / "archive")])
    vault = FolderVault(folder / "data" / "archive" / "vault", 0)
    Signer(folder / "data" / "keys", "main").make()
    await catalogue.open()
    for id_, began in ((OLD, 1_600_000_000 * SECOND), (YOUNG, keeping.now_us() - DAY)):
        line = {
            "id": id_,
            "state": "kept",
            "node": "hall7",
            "call": f"c{id_[0]}",
            "began": began,
            "bytes": 44,
            "length_ms": 1,
            "sha256": b"h" * 32,
        }
        async with catalogue.change() as change:
            place = await lines.keep(change.connection, line | {"class_": "year", "agent": "1001", "agents": "1001"})
        kek = await keyring.current(catalogue, stores, "year", "open")
        async with catalogue.change() as change:
            await keyring.keep_key(change, place, kek.name, wrap(kek.key, new_key()))
        vault.store(name_of(id_, began, "sound"), [b""], hashlib.sha256(b"").digest())
    plan = load(folder / "plan", "Asia/Shanghai").plan
    assert plan is not None
    await recompute(catalogue, policy_of(plan, "Asia/Shanghai"), keeping.now_us())
    await catalogue.close()


def state(folder: Path, id_: str) -> Any:
    async def ask() -> Any:
        catalogue = Catalogue(sqlite_url(folder / "data" / "archive"))
        async with catalogue.reading() as connection:
            row = (await connection.execute(select(recordings).where(recordings.c.id == id_))).mappings().one()
        await catalogue.close()
        return row

    return asyncio.run(ask())


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Who types."""

    def is_(name: str) -> None:
        for module in (keeping, disposing, losing):
            monkeypatch.setattr(module, "this_person", lambda: f"local:{name}")

    return is_


def test_due_says_for_each_until_when_by_which_rule_and_why(kept: Path, capsys: Said) -> None:
    assert run("due") == Exit.DONE
    out = capsys.readouterr().out
    assert f"{OLD}  2020-09-13  year  may go" in out
    assert "law keeps it until the end of 2021-09-13, counted from the call on 2020-09-13." in out
    assert "1 may go, 0 held, 0 a person decides, 1 kept, 0 not at rest" in out
    assert run("due", "may_go", "--until", "2099-01-01", "--json") == Exit.DONE
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == [OLD, YOUNG]
    assert run("due", "--language", "zh") == Exit.DONE
    assert "自通话（2020-09-13）起，保存至2021-09-13" in capsys.readouterr().out
    assert run("due", "soon") == Exit.WRONG


def test_a_plan_that_is_wrong_lets_nothing_go(kept: Path, capsys: Said) -> None:
    (kept / "plan" / "retention.toml").write_text(PLAN.replace('least = "1 year"', 'least = "0 years"'))
    assert run("dispose") == Exit.FAILED
    assert "The plan has errors" in capsys.readouterr().err
    (kept / "plan" / "retention.toml").unlink()
    assert run("dispose") == Exit.DONE
    assert "Nothing may go" in capsys.readouterr().err


def test_two_people_and_then_a_certificate(kept: Path, capsys: Said, person: Callable[[str], None]) -> None:
    assert run("dispose") == Exit.DONE
    list_ = capsys.readouterr().out.splitlines()[0].split()[-1]
    assert run("dispose", "propose", list_) == Exit.DONE
    assert "Nothing was changed" in capsys.readouterr().out
    person("li")
    assert run("dispose", "propose", "0" * 12, "--yes") == Exit.FAILED
    assert run("dispose", "propose", list_[:12], "--yes", "--reason", "monthly") == Exit.DONE
    id_ = capsys.readouterr().out.split()[0]
    assert run("dispose", "run", "--yes") == Exit.DONE
    assert run("dispose", "approve", id_, "--yes") == Exit.DONE
    assert run("dispose", "approve", id_, "--yes") == Exit.FAILED
    assert "another person" in capsys.readouterr().err
    person("wang (root)")
    assert run("dispose", "approve", id_, "--yes") == Exit.DONE
    assert state(kept, OLD)["state"] == "due"
    capsys.readouterr()
    assert run("dispose", "run", "--yes") == Exit.DONE
    assert capsys.readouterr().out == f"{id_}: 1 recordings are gone, 0 stay.\n"
    assert (state(kept, OLD)["state"], state(kept, YOUNG)["state"]) == ("disposed", "kept")
    assert run("dispose", "certificate", id_, "--out", "c.json") == Exit.DONE
    keys = [Signer(kept / "data" / "keys", "main").key().verifier]
    case = certificate.read((kept / "c.json").read_bytes(), keys)
    assert (case.complete, case.case.items, case.case.approvers) == (True, (OLD,), ("local:li", "local:wang (root)"))
    assert run("dispose", "certificate", id_, "--out", "c.json") == Exit.FAILED
    assert run("dispose", "list") == Exit.DONE
    assert "1 recordings, 1 gone; by local:li" in capsys.readouterr().out
    trail = b"".join(path.read_bytes() for path in (kept / "data" / "audit").iterdir())
    assert b"approve a disposal" in trail


def test_a_hold_beats_it_and_takes_two_to_release(kept: Path, capsys: Said, person: Callable[[str], None]) -> None:
    person("li")
    assert run("hold", "--agent", "1001") == Exit.DONE
    assert "It would hold 2 recordings" in capsys.readouterr().out
    assert run("hold", "--agent", "1001", "--yes") == Exit.WRONG
    assert run("hold", "--agent", "1001", "--matter", "Li v. X", "--custodian", "Legal", "--yes") == Exit.DONE
    id_ = capsys.readouterr().out.split()[0]
    assert run("dispose") == Exit.DONE
    assert "Nothing may go" in capsys.readouterr().err
    assert run("release", id_, "--reason", "settled", "--yes") == Exit.DONE
    assert run("release", id_, "--reason", "settled", "--yes") == Exit.FAILED
    assert state(kept, OLD)["holds"] == 1
    person("wang")
    assert run("release", id_, "--reason", "settled", "--yes") == Exit.DONE
    assert state(kept, OLD)["holds"] == 0
    assert run("hold", "list") == Exit.DONE
    assert "released  2 recordings  Li v. X" in capsys.readouterr().out
    assert run("hold") == Exit.FAILED
    assert "everything there is" in capsys.readouterr().err


def test_a_number_stands_in_no_command_line(kept: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("erase", "13900000148") == Exit.WRONG
    monkeypatch.setattr("sys.stdin", io.StringIO("13900000148\n"))
    assert run("erase", "-") == Exit.DONE
    assert capsys.readouterr().out == "No recording of this number is kept.\nNothing was changed; say --yes to do it.\n"


def test_a_clock_is_said(kept: Path, capsys: Said) -> None:
    assert run("clock", "dispute", "recording", OLD, "--since", "2026-13-01", "--matter", "court 7") == Exit.FAILED
    assert "'2026-13-01' is no moment" in capsys.readouterr().err
    assert run("clock", "dispute", "recording", OLD, "--since", "2026-01-01", "--matter", "court 7") == Exit.DONE
    assert "Nothing was changed" in capsys.readouterr().out
    assert run("clock", "dispute", "recording", OLD, "--since", "2026-01-01", "--matter", "court 7", "--yes") == Exit.DONE
    assert state(kept, OLD)["keep_until"] == 0
    assert run("clock", "dispute", "recording", OLD, "closed", "--since", "2026-02-01", "--matter", "court 7", "--yes") == Exit.DONE
    assert state(kept, OLD)["keep_until"] > 0
    assert run("clock", "moon", "recording", OLD, "--since", "2026-01-01") == Exit.WRONG


def test_two_people_give_up_what_has_no_good_copy(kept: Path, capsys: Said, person: Callable[[str], None]) -> None:
    asyncio.run(_quarantine(kept))
    assert run("lost") == Exit.DONE
    said = capsys.readouterr()
    assert f"{OLD}  2020-09-13  2020/09/13/{OLD}.sound" in said.out
    assert "Put a good copy into a vault" in said.err
    assert run("hold", "--agent", "1001", "--matter", "Li v. X", "--custodian", "Legal", "--yes") == Exit.DONE
    hold = capsys.readouterr().out.split()[0]
    assert run("lost", "propose", OLD) == Exit.DONE
    out = capsys.readouterr().out
    assert f"Hold {hold} is on 1 of them (Li v. X; Legal)" in out
    assert "Nothing was changed" in out
    person("li")
    assert run("lost", "propose", OLD, "--yes") == Exit.WRONG
    assert run("lost", "propose", YOUNG, "--reason", "x", "--yes") == Exit.FAILED
    assert "not in quarantine: it is kept" in capsys.readouterr().err
    assert run("lost", "propose", "all", "--reason", "the disk died", "--yes") == Exit.DONE
    id_ = capsys.readouterr().out.splitlines()[-1].split()[0]
    assert run("lost", "confirm", id_, "--yes") == Exit.FAILED
    assert "another person" in capsys.readouterr().err
    person("wang (root)")
    assert run("lost", "confirm", id_) == Exit.DONE
    out = capsys.readouterr().out
    assert OLD in out
    assert "proposed by local:li: the disk died" in out
    assert state(kept, OLD)["state"] == "quarantined"
    assert run("lost", "confirm", id_, "--yes") == Exit.DONE
    assert "1 recordings are lost" in capsys.readouterr().out
    assert (state(kept, OLD)["state"], state(kept, YOUNG)["state"]) == ("lost", "kept")
    assert run("lost") == Exit.DONE
    assert "No recording is in quarantine." in capsys.readouterr().err
    assert run("lost", "show", id_) == Exit.DONE
    assert f"{id_} is done" in capsys.readouterr().out
    assert run("lost", "refuse", id_, "--reason", "no", "--yes") == Exit.FAILED
    assert run("lost", "find") == Exit.WRONG
    trail = b"".join(path.read_bytes() for path in (kept / "data" / "audit").iterdir())
    assert b"confirm a loss" in trail


async def _quarantine(folder: Path) -> None:
    catalogue = Catalogue(sqlite_url(folder / "data" / "archive"), writes=True)
    async with catalogue.change() as change:
        await change.connection.execute(recordings.update().where(recordings.c.id == OLD).values(state="quarantined"))
    await catalogue.close()
