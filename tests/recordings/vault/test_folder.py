"""A vault in a folder: whole containers or none, nothing followed, and a disk that is not there is not an empty one."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.vault import folder as folder_module
from recordings.vault.folder import MARKER, PIECE, FolderVault
from recordings.vault.port import NAME, CopyUnreadable, NotInVault, ReadBackBad, VaultAway, VaultFull, name_of, recording_of

ID = "abcdefghij234567abcd"
NOVEMBER = 1_795_000_000_000_000
NAME_1 = name_of(ID, NOVEMBER, "sound")
CONTENT = bytes(range(256)) * 300


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "vault", 0)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(CONTENT)
    return path


def files(vault: FolderVault) -> list[str]:
    return sorted(str(each.relative_to(vault.path)) for each in vault.path.rglob("*") if each.is_file())


def test_put_read_and_removed(vault: FolderVault, source: Path) -> None:
    assert vault.put(NAME_1, source) == hashlib.sha256(CONTENT).digest() == vault.digest(NAME_1)
    assert f"2026/11/18/{ID}.sound" == NAME_1
    assert vault.size(NAME_1) == len(CONTENT)
    assert vault.read_at(NAME_1, 255, 3) == b"\xff\x00\x01"
    assert vault.read_at(NAME_1, len(CONTENT) - 1, 10) == b"\xff"
    assert vault.read_at(NAME_1, len(CONTENT), 10) == b""
    assert b"".join(vault.pieces(NAME_1)) == CONTENT
    assert list(vault.names()) == [NAME_1]
    assert files(vault) == [NAME_1, MARKER]
    assert stat.S_IMODE((vault.path / NAME_1).stat().st_mode) == 0o600
    assert stat.S_IMODE((vault.path / NAME_1).parent.stat().st_mode) == 0o700
    assert vault.remove(NAME_1)
    assert not vault.remove(NAME_1)
    assert list(vault.names()) == []
    for do in (vault.size, vault.digest, lambda name: list(vault.pieces(name)), lambda name: vault.read_at(name, 0, 1)):
        with pytest.raises(NotInVault):
            do(NAME_1)


def test_put_again_replaces(vault: FolderVault, source: Path) -> None:
    vault.put(NAME_1, source)
    source.write_bytes(b"other")
    vault.put(NAME_1, source)
    assert vault.read_at(NAME_1, 0, 9) == b"other"
    assert files(vault) == [NAME_1, MARKER]


def test_names_in_order(vault: FolderVault, source: Path) -> None:
    day = 86_400_000_000
    names = [name_of(f"{number:020d}", NOVEMBER + number * 9 * day, part) for number in range(9) for part in ("opus", "sound")]
    for name in reversed(names):
        vault.put(name, source)
    (vault.path / "2026/11/18/not ours").touch()
    (vault.path / "lost+found").mkdir()
    assert list(vault.names()) == sorted(names)
    assert recording_of(names[3]) == (f"{1:020d}", "sound")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../../etc/passwd",
        f"/{NAME_1}",
        f"{NAME_1}/x",
        NAME_1 + "\n",
        "2026/11/18/.new.x",
        "2026/13/01/a.sound",
        "2026/11/18/a",
        "a.sound",
    ],
)
def test_no_other_name_is_used(vault: FolderVault, source: Path, name: str) -> None:
    for do in (vault.size, vault.remove, lambda each: vault.put(each, source), vault.take):
        with pytest.raises(ValueError, match="no container's name"):
            do(name)


@settings(deadline=None)
@given(st.text(max_size=30), st.integers(0, 10**17), st.text(max_size=10))
def test_names_that_are_made_are_names(id_: str, began: int, part: str) -> None:
    try:
        name = name_of(id_, began, part)
    except ValueError:
        return
    assert NAME.fullmatch(name)
    assert recording_of(name) == (id_, part)


# ------------------------------------------------------------------ only whole ones


def test_nothing_is_there_before_it_is_finished(vault: FolderVault) -> None:
    taking = vault.take(NAME_1)
    taking.write(b"half")
    assert list(vault.names()) == []
    taking.give_up()
    taking.give_up()
    assert files(vault) == [MARKER]


def test_what_does_not_have_its_hash_does_not_replace_a_good_copy(vault: FolderVault, source: Path) -> None:
    vault.put(NAME_1, source)
    with pytest.raises(ReadBackBad, match="does not have the hash"):
        vault.store(NAME_1, [b"bad"], hashlib.sha256(CONTENT).digest())
    assert vault.digest(NAME_1) == hashlib.sha256(CONTENT).digest()
    assert files(vault) == [NAME_1, MARKER]


def test_a_disk_that_gives_back_something_else_is_found_out(vault: FolderVault, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.put(NAME_1, source)
    monkeypatch.setattr(folder_module, "_digest", lambda _handle: bytes(32))
    with pytest.raises(ReadBackBad, match="not to be trusted"):
        vault.put(NAME_1, source)
    monkeypatch.undo()
    assert vault.digest(NAME_1) == hashlib.sha256(CONTENT).digest()


class Failing:
    """Stands for `os` in the vault's module: one call of it fails as a disk does."""

    def __init__(self, call: str, number: int, when: int = 1) -> None:
        self._call, self._number, self._left = call, number, when

    def __getattr__(self, name: str) -> object:
        return self._fail if name == self._call else getattr(os, name)

    def _fail(self, *arguments: object, **named: object) -> object:
        self._left -= 1
        if self._left:
            return getattr(os, self._call)(*arguments, **named)
        raise OSError(self._number, os.strerror(self._number))


@pytest.mark.parametrize(
    ("call", "number", "when", "kind"),
    [
        ("write", errno.ENOSPC, 2, VaultFull),
        ("write", errno.EDQUOT, 1, VaultFull),
        ("fsync", errno.ENOSPC, 1, VaultFull),
        ("fsync", errno.EIO, 1, VaultAway),
        ("rename", errno.EROFS, 1, VaultAway),
        ("write", errno.EACCES, 1, VaultAway),
    ],
)
def test_a_disk_that_fails_leaves_what_was_there(
    vault: FolderVault, source: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, when: int, kind: type[Exception]
) -> None:
    source.write_bytes(b"x" * (PIECE + 5))
    vault.put(NAME_1, source)
    before = vault.digest(NAME_1)
    source.write_bytes(b"y" * (PIECE + 5))
    monkeypatch.setattr(folder_module, "os", Failing(call, number, when))
    with pytest.raises(kind):
        vault.put(NAME_1, source)
    monkeypatch.undo()
    assert vault.digest(NAME_1) == before
    assert files(vault) == [NAME_1, MARKER]


def test_a_bad_sector_is_of_one_copy_and_not_of_the_vault(vault: FolderVault, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.put(NAME_1, source)
    monkeypatch.setattr(folder_module, "os", Failing("pread", errno.EIO))
    with pytest.raises(CopyUnreadable):
        vault.digest(NAME_1)


def test_many_threads_that_put_the_same(vault: FolderVault, source: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: vault.put(NAME_1, source), range(30)))
    assert vault.digest(NAME_1) == hashlib.sha256(CONTENT).digest()
    assert files(vault) == [NAME_1, MARKER]


def test_what_a_killed_process_left_is_swept_when_it_is_old(vault: FolderVault) -> None:
    vault.take(NAME_1).write(b"half")
    (left,) = vault.path.rglob(".new.*")
    assert vault.sweep() == 0
    os.utime(left, (0, time.time() - 2 * 86_400))
    assert vault.sweep() == 1
    assert files(vault) == [MARKER]


# ------------------------------------------------------------------ which vault


def test_a_disk_that_is_not_mounted_is_away_and_not_empty(vault: FolderVault, source: Path) -> None:
    vault.put(NAME_1, source)
    vault.path.rename(vault.path.with_name("unmounted"))
    known = FolderVault(vault.path, 0, fresh=False)
    for folder_is_there in (False, True):
        if folder_is_there:
            vault.path.mkdir()  # the place where it should be mounted
        for do in (known.digest, known.take, lambda _: list(known.names()), lambda _: known.check(), lambda name: known.put(name, source)):
            with pytest.raises(VaultAway) as caught:
                do(NAME_1)
            assert not isinstance(caught.value, NotInVault)
    assert files(known) == []


def test_two_vaults_that_were_exchanged(vault: FolderVault, source: Path) -> None:
    vault.put(NAME_1, source)
    with pytest.raises(VaultAway, match="another vault than number 1"):
        FolderVault(vault.path, 1).put(NAME_1, source)


def test_links_are_not_followed(vault: FolderVault, source: Path, tmp_path: Path) -> None:
    vault.put(NAME_1, source)
    file = vault.path / NAME_1
    file.unlink()
    file.symlink_to(source)
    with pytest.raises(NotInVault):
        vault.digest(NAME_1)
    vault.put(NAME_1, source)
    assert not file.is_symlink(), "repaired in its place"
    file.parent.rename(tmp_path / "elsewhere")
    file.parent.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotInVault):
        vault.digest(NAME_1)
    with pytest.raises(VaultAway):
        vault.put(NAME_1, source)
    assert list(vault.names()) == []


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_no_container(vault: FolderVault, source: Path, make: Callable[[Path], None]) -> None:
    vault.put(NAME_1, source)
    (vault.path / NAME_1).unlink()
    make(vault.path / NAME_1)
    with pytest.raises(NotInVault):
        vault.digest(NAME_1)


def test_in_a_new_vault_nothing_is_left_over_and_an_old_one_that_is_gone_is_away(tmp_path: Path) -> None:
    assert FolderVault(tmp_path / "new", 0).sweep() == 0
    assert not (tmp_path / "new").exists()
    with pytest.raises(VaultAway):
        FolderVault(tmp_path / "old", 0, fresh=False).sweep()
