"""Keys of keys: made once, mirrored, destroyed everywhere, never brought back; killed at any step, it can be done again."""

from __future__ import annotations

import errno
import itertools
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from recordings.crypt import folder_store
from recordings.crypt.command_store import CommandStore
from recordings.crypt.stores import FolderStore, KeyDestroyed, KeysDisagree, KeyStore, KeyStores, StoreAway, all_gone, stores_of
from recordings.refusals.stored import english
from recordings.settings import ArchiveSettings

NAME, OTHER = "insurance.2031-11.1", "insurance.2031-11.2"
PROGRAM = Path(__file__).with_name("keyprogram.py")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "one", tmp_path / "two"


@pytest.fixture
def stores(folders: tuple[Path, Path]) -> KeyStores:
    return KeyStores([FolderStore(each) for each in folders])


@pytest.fixture(params=["folder", "program"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> KeyStore:
    if request.param == "folder":
        made: KeyStore = FolderStore(tmp_path / "keys")
    else:
        (tmp_path / "keys").mkdir()
        made = CommandStore(f"{sys.executable} -S -E {PROGRAM} '{tmp_path / 'keys'}'")
    made.prepare()
    return made


# ------------------------------------------------------------------ each kind of store


def test_a_store_makes_gives_and_destroys(store: KeyStore) -> None:
    assert store.get(NAME) is None
    assert not store.destroyed(NAME)
    key = store.make(NAME, bytes(range(32)))
    assert len(key) == 32
    assert store.make(NAME, bytes(32)) == store.get(NAME) == key
    assert (store.names(), store.tombstones()) == ({NAME}, set())
    store.destroy(NAME)
    store.destroy(NAME)
    assert store.get(NAME) is None
    assert store.destroyed(NAME)
    assert (store.names(), store.tombstones()) == (set(), {NAME})
    with pytest.raises(KeyDestroyed):
        store.make(NAME, bytes(32))


def test_what_was_never_made_can_be_destroyed(store: KeyStore) -> None:
    store.destroy(NAME)
    assert store.destroyed(NAME)


# ------------------------------------------------------------------ a folder


def test_files_are_ours_alone_and_nothing_else_lies_about(folders: tuple[Path, Path], stores: KeyStores) -> None:
    stores.make(NAME)
    for folder in folders:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert [each.name for each in folder.iterdir()] == [f"{NAME}.key"]
        assert stat.S_IMODE((folder / f"{NAME}.key").stat().st_mode) == 0o600


def test_the_bytes_are_overwritten_where_they_lay(folders: tuple[Path, Path], stores: KeyStores, tmp_path: Path) -> None:
    key = stores.make(NAME)
    os.link(folders[0] / f"{NAME}.key", tmp_path / "linked")  # as a backup by hard links has it
    assert key in (tmp_path / "linked").read_bytes()
    assert all_gone(stores.destroy(NAME))
    assert key not in (tmp_path / "linked").read_bytes()


def test_many_that_make_at_once_agree(folders: tuple[Path, Path]) -> None:
    for each in folders:
        FolderStore(each).prepare()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: KeyStores([FolderStore(each) for each in folders]).make(NAME), range(40)))
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    "damage", [lambda content: content[:40], lambda content: b"\xff" + content[1:], lambda content: b"", lambda content: content * 2]
)
def test_a_damaged_key_is_none_and_is_mended_from_the_other(
    folders: tuple[Path, Path], stores: KeyStores, damage: Callable[[bytes], bytes]
) -> None:
    key, file = stores.make(NAME), folders[0] / f"{NAME}.key"
    content = file.read_bytes()
    file.write_bytes(damage(content).replace(b"\xff" + content[1:], bytes([content[0] ^ 1]) + content[1:]))
    assert FolderStore(folders[0]).get(NAME) is None
    assert stores.get(NAME) == key
    assert FolderStore(folders[0]).get(NAME) == key
    stores.destroy(NAME)
    assert [each.name for each in folders[0].iterdir()] == [f"{NAME}.destroyed"], "what was put aside is gone, too"


def test_a_key_under_another_name_is_none(folders: tuple[Path, Path], stores: KeyStores) -> None:
    stores.make(NAME)
    (folders[0] / f"{NAME}.key").rename(folders[0] / f"{OTHER}.key")
    assert FolderStore(folders[0]).get(OTHER) is None


def test_a_link_is_not_followed(folders: tuple[Path, Path], stores: KeyStores, tmp_path: Path) -> None:
    stores.make(NAME)
    file = folders[0] / f"{NAME}.key"
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreAway):
        FolderStore(folders[0]).get(NAME)


# ------------------------------------------------------------------ two of them


def test_a_lost_copy_comes_back(folders: tuple[Path, Path], stores: KeyStores) -> None:
    key = stores.make(NAME)
    for folder in folders:
        (folder / f"{NAME}.key").unlink()
        assert stores.get(NAME) == key
        assert FolderStore(folder).get(NAME) == key


def test_a_destroyed_one_does_not_come_back_from_a_backup(folders: tuple[Path, Path], stores: KeyStores, tmp_path: Path) -> None:
    stores.make(NAME)
    stores.make(OTHER)
    shutil.copytree(folders[1], tmp_path / "backup")
    assert all_gone(stores.destroy(NAME))
    shutil.rmtree(folders[1])
    shutil.copytree(tmp_path / "backup", folders[1])
    assert stores.get(NAME) is None
    assert stores.names() == {OTHER}
    with pytest.raises(KeyDestroyed):
        stores.make(NAME)
    assert stores.sweep() == [NAME]
    assert not (folders[1] / f"{NAME}.key").exists()
    assert stores.sweep() == []
    assert stores.get(OTHER) is not None


def test_one_that_is_away_is_named_and_the_other_reads(folders: tuple[Path, Path], stores: KeyStores, tmp_path: Path) -> None:
    key = stores.make(NAME)
    folders[1].rename(tmp_path / "unmounted")
    assert stores.get(NAME) == key
    with pytest.raises(StoreAway):
        stores.make(OTHER)
    results = stores.destroy(NAME)
    assert [each.gone for each in results] == [True, False]
    assert "mount its disk" in english(results[1].reason)
    assert not folders[1].exists(), "nothing is made where a disk should be"
    (tmp_path / "unmounted").rename(folders[1])
    assert stores.get(NAME) is None
    assert all_gone(stores.destroy(NAME))
    assert FolderStore(folders[1]).destroyed(NAME)


def test_one_that_is_full_says_so(folders: tuple[Path, Path], stores: KeyStores, monkeypatch: pytest.MonkeyPatch) -> None:
    stores.make(NAME)

    def full(*_what: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folder_store.os, "link", full)
    with pytest.raises(StoreAway, match="make room on its disk"):
        stores.make(OTHER)
    assert not [path for folder in folders for path in folder.iterdir() if path.name.startswith(".")]


def test_all_away_is_not_the_same_as_none(folders: tuple[Path, Path], stores: KeyStores) -> None:
    stores.make(NAME)
    for folder in folders:
        shutil.rmtree(folder)
    with pytest.raises(StoreAway):
        stores.get(NAME)


def test_two_keys_of_one_name_stop_it(folders: tuple[Path, Path], stores: KeyStores) -> None:
    for each in folders:
        store = FolderStore(each)
        store.prepare()
        store.make(NAME, os.urandom(32))
    for do in (stores.get, stores.make):
        with pytest.raises(KeysDisagree):
            do(NAME)
    assert all_gone(stores.destroy(NAME))


def test_settings_say_which(tmp_path: Path) -> None:
    given = ArchiveSettings(floor="main", timezone="UTC", data_dir=tmp_path, keys=(tmp_path / "a", tmp_path / "b"))
    assert stores_of(given).names_of_stores == (str(tmp_path / "a"), str(tmp_path / "b"))
    with pytest.raises(ValueError, match="no store for keys"):
        stores_of(ArchiveSettings(floor="main", timezone="UTC", data_dir=tmp_path))


# ------------------------------------------------------------------ killed at any step


class Killed(BaseException):
    """As kill -9: nothing that is not on the disk is there afterwards."""


CALLS = ("open", "link", "unlink", "fsync", "pwrite", "rename")


class Dying:
    """Stands for `os` in the store's module and dies at the n-th call that changes something, before or after it."""

    def __init__(self, at: int, after: bool) -> None:
        self.left, self.after, self.dead = at, after, False

    def __getattr__(self, name: str) -> object:
        real = getattr(os, name)
        return self._call(real) if name in CALLS else real

    def _call(self, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            if self.dead:
                raise Killed
            self.left -= 1
            if self.left > 0:
                return real(*arguments, **named)
            self.dead = True
            if self.after:
                real(*arguments, **named)
            raise Killed

        return call


def dying(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> Iterator[int]:
    """Does it again and again, killed one step later each time, until it is not killed any more."""
    for step in range(1, 400):
        for after in (False, True):
            with monkeypatch.context() as patch:
                patch.setattr(folder_store, "os", system := Dying(step, after))
                with suppress(Killed):
                    do()
            if not system.dead:
                return
            yield step
    raise AssertionError("it does not end")


def test_making_that_was_killed_anywhere_is_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stores: list[KeyStores] = []

    def make() -> None:
        number = len(stores)
        stores.append(KeyStores([FolderStore(tmp_path / f"{number}a"), FolderStore(tmp_path / f"{number}b")]))
        stores[-1].make(NAME)

    steps = 0
    for steps in dying(monkeypatch, make):  # noqa: B007
        key = stores[-1].make(NAME)
        assert stores[-1].get(NAME) == key
    assert steps > 15


def test_destroying_that_was_killed_anywhere_gives_no_key_or_the_same_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[KeyStores, bytes]] = []

    def destroy() -> None:
        number = len(made)
        stores = KeyStores([FolderStore(tmp_path / f"{number}a"), FolderStore(tmp_path / f"{number}b")])
        with monkeypatch.context() as patch:
            patch.setattr(folder_store, "os", os)
            made.append((stores, stores.make(NAME)))
        stores.destroy(NAME)

    steps = 0
    for steps in dying(monkeypatch, destroy):  # noqa: B007
        stores, key = made[-1]
        assert stores.get(NAME) in (key, None)
        assert all_gone(stores.destroy(NAME))
        assert stores.get(NAME) is None
        for folder in (tmp_path / f"{len(made) - 1}a", tmp_path / f"{len(made) - 1}b"):
            left = [each for each in folder.iterdir() if key in each.read_bytes()]
            assert not left
    assert steps > 15


# ------------------------------------------------------------------ a program


def program(tmp_path: Path, body: str, patience_s: float = 20.0) -> CommandStore:
    path = tmp_path / "keys program.sh"  # a space in it
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return CommandStore(f"'{path}' 'one word'", patience_s)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("echo the server is down >&2; exit 1", "ended with 1: the server is down"),
        ("exit 7", "it said nothing"),
        ("echo not-a-key", "64 hexadecimal digits"),
        ("yes", "more than 4 MB"),
        ("yes >&2", "more than 4 MB"),
        ("kill -9 $$", "ended with -9"),
    ],
)
def test_a_program_that_does_not_do_its_work_is_away(tmp_path: Path, body: str, says: str) -> None:
    with pytest.raises(StoreAway, match=says):
        program(tmp_path, body).get(NAME)


def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(StoreAway, match=r"within 0\.5 s"):
        program(tmp_path, f"(sleep 60; touch '{tmp_path}/late') & echo $! > '{tmp_path}/child'; wait", 0.5).get(NAME)
    assert time.monotonic() - began < 30
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 30
    while Path(f"/proc/{child}").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_no_shell_sees_the_words(tmp_path: Path) -> None:
    store = program(tmp_path, f"printf '%s|' \"$@\" > '{tmp_path}/words'; exit 3")
    assert store.get(NAME) is None
    assert (tmp_path / "words").read_text() == f"one word|get|{NAME}|"
    with pytest.raises(ValueError, match="no name of a key"):
        store.get("$(reboot)")


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(StoreAway, match="is it installed"):
        CommandStore("/nowhere/keys").get(NAME)


def test_a_store_that_lies_about_destroying_is_found_out(tmp_path: Path) -> None:
    stores = KeyStores([program(tmp_path, f"[ \"$2\" = destroy ] || printf '{'ab' * 32}'")])
    (result,) = stores.destroy(NAME)
    assert not result.gone
    assert "still gives" in english(result.reason)


def test_one_that_comes_while_a_key_is_made_does_not_put_it_aside(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """It looked before the key was there; the other's key came just behind its look."""
    FolderStore(folders[0]).prepare()
    first, second = secrets.token_bytes(32), secrets.token_bytes(32)
    real, looks = folder_store._read, itertools.count()

    def late(folder: int, name: str) -> bytes | None:
        if next(looks) == 0:
            folder_store._write(folder, f"{name}.key", first + folder_store._proof(name, first))
            return None
        return real(folder, name)

    monkeypatch.setattr(folder_store, "_read", late)
    assert FolderStore(folders[0]).make(NAME, second) == first
    assert [each.name for each in folders[0].iterdir()] == [f"{NAME}.key"]
