"""What the doctor says of the archive: folders, keys and vaults in two places, the catalogue, and what a PBX does with recordings."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import insert

from andon.archive.opened import catalogue_of
from andon.doctor import look_archive
from andon.doctor.judge_pbx import judge
from andon.doctor.verdict import Level, Verdict
from andon.settings import ArchiveTable, DataTable, PbxTable, Secret, Settings
from realtime.words import SECOND
from recordings.catalogue.schema import health
from tests.andon.test_doctor import healthy

NOW = 1_795_510_800 * SECOND


def settings(folder: Path, *, spool: str = "", **archive: object) -> Settings:
    pbxs = (PbxTable(node="hall7", ami="127.0.0.1:5038", spool=spool or str(folder)),)
    return Settings(pbx=pbxs, data=DataTable(dir=str(folder / "data")), archive=ArchiveTable(**archive))  # type: ignore[arg-type]


def level(verdict: Verdict | None) -> str:
    return verdict.level.value if verdict is not None else ""


def test_a_spool_is_read_and_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert level(look_archive.spools(settings(tmp_path))) == "ok"
    assert level(look_archive.spools(settings(tmp_path, spool=str(tmp_path / "gone")))) == "warn"
    assert look_archive.spools(settings(tmp_path, run=False)) is None
    monkeypatch.setattr("os.access", lambda path, mode: mode == look_archive.os.R_OK)
    found = look_archive.spools(settings(tmp_path))
    assert level(found) == "bad"
    assert found is not None
    assert str(tmp_path) in found.text
    assert found.todo


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(("free_gb", "share", "found"), [(500, 0.5, "ok"), (5, 0.01, "warn"), (30, 0.01, "warn"), (5, 0.5, "warn")])
def test_room_is_told_while_there_is_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_gb: float, share: float, found: str
) -> None:
    """As the archivist alarms: little in bytes, or little of the disk."""
    free = int(free_gb * 1e9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(int(free / share), 0, free))
    assert level(look_archive.room(settings(tmp_path))) == found


def test_keys_and_vaults_in_one_place_or_on_one_disk_are_lost_together(tmp_path: Path) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    assert level(look_archive.keys(settings(tmp_path))) == "warn"
    assert level(look_archive.vaults(settings(tmp_path))) == "warn"
    same = look_archive.keys(settings(tmp_path, keys=one, second_keys=two))
    assert same is not None
    assert "on one disk" in same.text
    assert "on one disk" in str(look_archive.vaults(settings(tmp_path, second=two)))
    other = "/dev/shm" if Path("/dev/shm").stat().st_dev != tmp_path.stat().st_dev else "/proc"
    assert level(look_archive.keys(settings(tmp_path, keys=one, second_keys=other))) == "ok"
    assert level(look_archive.keys(settings(tmp_path, key_command="/usr/bin/kms"))) == "ok"
    assert look_archive.keys(settings(tmp_path, run=False)) is None


async def test_the_catalogue_and_when_the_archivist_was_heard(tmp_path: Path) -> None:
    made = settings(tmp_path)
    assert level(await look_archive.catalogue(made, NOW)) == "ok", "made at the first start"
    catalogue = catalogue_of(made, writes=True)
    await catalogue.open()
    assert level(await look_archive.catalogue(made, NOW)) == "unknown"
    async with catalogue.change() as change:
        await change.connection.execute(insert(health).values(name="backlog", value=0.0, text="", at=NOW - 30 * SECOND))
    await catalogue.close()
    assert level(await look_archive.catalogue(made, NOW)) == "ok"
    late = await look_archive.catalogue(made, NOW + 600 * SECOND)
    assert late is not None
    assert (late.level, "10 minutes" in late.text) == (Level.WARN, True)


async def test_a_catalogue_that_is_none_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "archive"
    folder.mkdir(parents=True)
    (folder / "catalogue.db").write_text("not a database, but long enough to be taken for one at first sight " * 20)
    assert level(await look_archive.catalogue(settings(tmp_path), NOW)) == "bad"


# ------------------------------------------------------------------ of a PBX

TABLE = PbxTable(node="hall7", username="andon", secret=Secret("x"), control_username="andon-control", control_secret=Secret("y"))


def said(check: str, version: str = "22.10.1", *, recorded: bool | None = True, table: PbxTable = TABLE) -> tuple[str, str] | None:
    seen = healthy()
    seen.core["AsteriskVersion"] = version
    if recorded is not None:
        seen.contexts["andon-record"] = recorded
    found = [verdict for verdict in judge(table, seen) if verdict.check == check]
    return (found[0].level.value, found[0].text) if found else None


@pytest.mark.parametrize(
    ("version", "level", "word"),
    [
        ("22.10.1", "ok", "can be silenced"),
        ("16.28.0", "ok", "first recording"),
        ("18.17.0", "ok", "first recording"),
        ("18.18.1", "warn", "hang"),
        ("20.4.0", "warn", "hang"),
        ("20.5.0", "ok", "can be silenced"),
    ],
)
def test_what_silencing_can_do_there(version: str, level: str, word: str) -> None:
    found = said("card data", version)
    assert found is not None
    assert (found[0], word in found[1]) == (level, True)


def test_without_a_control_account_nothing_is_silenced() -> None:
    assert said("card data", table=PbxTable(node="hall7", username="andon", secret=Secret("x"))) is None


@pytest.mark.parametrize(("recorded", "word"), [(True, "as soon as"), (False, "settle_s"), (None, "")])
def test_whether_the_dialplan_says_when_a_file_is_complete(recorded: bool | None, word: str) -> None:
    found = said("recordings", recorded=recorded)
    assert (found is not None and word in found[1]) == bool(word)
