"""A file from a spool into the archive: each step, done again, and what a vault gives back; on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from recordings.calls.ledger_rows import put
from recordings.calls.linking import Link
from recordings.catalogue.all_tables import metadata
from recordings.catalogue.schema import calls, captures, copies, keys, log, recordings
from recordings.recording import CallCard
from recordings.sound.peaks import read_peaks
from recordings.vault.folder import FolderTaking, FolderVault
from recordings.vault.port import CopyUnreadable, VaultFull
from recordings.words import State
from tests.recordings.archives import AT, NODE, RULES, Archive
from tests.recordings.migrated import Migrated
from tests.recordings.sounds import leave, tone, wav


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, migrated: Migrated, tmp_path: Path) -> str:
    return migrated.sqlite(tmp_path) if request.param == "sqlite" else migrated.postgresql(request.getfixturevalue("postgres"))


@pytest.fixture
async def archive(url: str, tmp_path: Path) -> AsyncIterator[Archive]:
    made = Archive(tmp_path, url, vaults=2)
    await made.catalogue.open()
    yield made
    await made.catalogue.close()


async def test_one_file_goes_all_the_way_and_leaves_the_spool(archive: Archive) -> None:
    data = wav(tone(2.0))
    leave(archive.spool / "2026/11/28/1795000000.1.wav", data)
    [line] = await archive.take()
    [row] = await archive.rows(recordings)
    assert line.state is State.KEPT
    assert (row["state"], row["sha256"], row["length_ms"], row["trouble"]) == ("kept", hashlib.sha256(data).digest(), 2000, "orphan")
    assert row["derived"] == "opus,peaks"
    assert [await archive.original(line, vault=number) for number in (0, 1)] == [data, data]
    assert (await archive.original(line, "opus"))[:4] == b"OggS"
    assert (await archive.original(line, "peaks"))[:4] == b"APK1"
    assert not [path for path in archive.spool.rglob("*") if path.is_file()]
    assert [entry["kind"] for entry in await archive.rows(log)] == ["seal", "store"]
    assert (len(await archive.rows(keys)), len(await archive.rows(copies)), await archive.rows(captures)) == (1, 2, [])


async def test_a_file_that_is_found_again_is_the_recording_that_it_was(archive: Archive) -> None:
    data = wav(tone(0.5))
    [first] = [leave(archive.spool / "a.wav", data)] and await archive.take()
    leave(archive.spool / "a.wav", data)
    [again] = await archive.take()
    assert (again.id, len(await archive.rows(recordings)), len(await archive.rows(log))) == (first.id, 1, 2)
    assert not (archive.spool / "a.wav").exists()


async def test_what_was_lost_before_a_vault_had_it_is_found_when_its_file_is_back(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A spool that was not mounted for a day and more; its call is looked at again."""
    data, link = wav(tone(0.5)), Link(CallCard(node=NODE, call="1.1", answered=1, ended=AT, recorded=("1.1",)), "1.1", "named")
    leave(archive.spool / "a.wav", data)
    monkeypatch.setattr(FolderTaking, "finish", _full)
    with pytest.raises(VaultFull):
        await archive.take(link)
    monkeypatch.undo()
    [row] = await archive.rows(recordings)
    line = await archive.sealing.line(row["id"])
    assert line is not None
    await archive.sealing.lose(line, "its file is gone")
    async with archive.catalogue.change() as change:
        await put(change, [link.card], RULES, AT + 10**12)
    assert [(call["standing"], call["reason"]) for call in await archive.rows(calls)] == [("missing", "lost")]
    [found] = await archive.take(link)
    assert (found.id, found.state, await archive.original(found)) == (line.id, State.KEPT, data)
    assert [call["standing"] for call in await archive.rows(calls)] == ["open"]
    assert [entry["kind"] for entry in await archive.rows(log)] == ["seal", "gap", "gap", "store"]


def _full(*_of: object) -> None:
    raise VaultFull("vault.full", number=0, path="/away")


async def test_a_number_in_a_name_is_nowhere_in_the_archive(archive: Archive) -> None:
    """Ten digits and a point, as a uniqueid has them: of an orphan those are written down, to find its call by."""
    leave(archive.spool / "2125550148.20261128.wav", wav(tone(0.5)))
    await archive.take()
    said = [await archive.rows(table) for table in metadata.sorted_tables]
    assert "orphan" in str(said)
    assert "2125550148" not in str(said)


@pytest.mark.parametrize(
    ("rx", "tx", "trouble"),
    [(wav(b""), wav(b""), "orphan"), (b"", b"", "orphan"), (b"no sound" * 20, wav(tone(1.0)), "orphan,one_sided")],
    ids=["headers alone", "no bytes", "one is no sound"],
)
async def test_where_a_leg_has_no_sound_the_mixed_file_is_heard(archive: Archive, rx: bytes, tx: bytes, trouble: str) -> None:
    for side, data in (("", wav(tone(2.0))), ("-rx", rx), ("-tx", tx)):
        leave(archive.spool / f"1.2{side}.wav", data)
    [line] = await archive.take()
    [row] = await archive.rows(recordings)
    assert (row["trouble"], row["length_ms"], row["sides"], row["derived"]) == (trouble, 2000, 1, "opus,peaks")
    assert read_peaks(await archive.original(line, "peaks")).length_ms == 2000


@pytest.mark.parametrize("emptied", [(1,), (0, 1)])
async def test_a_file_that_came_back_goes_when_every_vault_has_the_recording(
    archive: Archive, tmp_path: Path, emptied: tuple[int, ...]
) -> None:
    data = wav(tone(0.5))
    leave(archive.spool / "a.wav", data)
    [line] = await archive.take()
    for number in emptied:
        for path in (tmp_path / f"vault{number}").rglob(f"{line.id}.*"):
            path.unlink()
    async with archive.catalogue.change() as change:
        await change.connection.execute(delete(copies).where(copies.c.vault == 1))
    leave(archive.spool / "a.wav", data)
    await archive.take()
    for number in (0, 1):
        assert await archive.original(line, vault=number) == data
        assert (await archive.original(line, "opus", vault=number))[:4] == b"OggS"
    assert not (archive.spool / "a.wav").exists()
    assert [(row["vault"], row["good"]) for row in await archive.rows(copies)] == [(0, True), (1, True)]
    assert await archive.rows(captures) == []


async def test_a_part_that_came_back_stays_while_a_vault_lacks_the_recording(archive: Archive, tmp_path: Path) -> None:
    parts = {archive.spool / f"a-{side}.wav": wav(tone(0.5, hertz)) for side, hertz in (("in", 300.0), ("out", 500.0))}
    for path, data in parts.items():
        leave(path, data)
    [line] = await archive.take()
    [container] = (tmp_path / "vault1").rglob(f"{line.id}.sound")
    whole = container.read_bytes()
    container.unlink()
    part, data = next(iter(parts.items()))
    leave(part, data)
    await archive.take(taken=line.id)
    assert part.read_bytes() == data
    container.write_bytes(whole)
    await archive.take(taken=line.id)
    assert not part.exists()


async def test_what_cannot_be_read_in_a_vault_is_stored_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    data = wav(tone(0.5))
    leave(archive.spool / "a.wav", data)
    [line] = await archive.take()

    def unreadable(_vault: FolderVault, _name: str) -> bytes:
        raise CopyUnreadable("vault.unreadable", number=0, path="/away", name=_name)

    monkeypatch.setattr(FolderVault, "digest", unreadable)
    leave(archive.spool / "a.wav", data)
    await archive.take()
    assert await archive.original(line) == data
    assert not (archive.spool / "a.wav").exists()
