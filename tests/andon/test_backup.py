"""Backup and restore: a floor at work is written into one file and comes back in an empty folder; a broken file restores nothing."""

from __future__ import annotations

import io
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.line.floor import READY_S, Andon, command, free_port, live
from tests.line.simulated import SECRET, USERNAME, simulated

NODE = "hall7"


def settings(ami: int, board: int) -> str:
    return (
        f'[floor]\nname = "kept"\n[[pbx]]\nnode = "{NODE}"\nami = "127.0.0.1:{ami}"\nusername = "{USERNAME}"\n'
        f'secret_file = "hall7.secret"\n[board]\nlisten = "127.0.0.1:{board}"\n[data]\ndir = "data"\n'
    )


def counted(floor: dict[str, object]) -> dict[str, tuple[int, ...]]:
    queues = floor["queues"]
    assert isinstance(queues, list)
    return {queue["name"]: tuple(queue[key] for key in ("offered", "answered", "abandoned", "left_otherwise")) for queue in queues}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


async def test_a_floor_comes_back_in_an_empty_folder(kept: Path) -> None:
    secret = kept / "hall7.secret"
    secret.touch(0o600)
    secret.write_text(SECRET)
    board = free_port()
    async with simulated(NODE) as pbx:
        async with Andon.started(kept, settings(pbx.port, board), board) as andon:
            await andon.until(lambda floor: live(floor, NODE) and sum(each[0] for each in counted(floor).values()) > 5, READY_S)
            made = await command(kept, "token", "--role", "screen", "--label", "the wall of hall 7")
            before = await andon.floor()
            said = await command(kept, "backup", "one.tar.gz")
            assert said.code == 0, said
        keys = {path.name: path.read_bytes() for path in (kept / "data/keys").iterdir()}
    file, into = kept / "one.tar.gz", kept / "restored"
    assert file.stat().st_mode & 0o777 == 0o600
    assert (await command(kept, "backup", "one.tar.gz")).code == 1, "writes over nothing"
    said = await command(kept, "restore", "one.tar.gz", "--into", "restored")
    assert said.code == 0, said
    assert {path.name: path.read_bytes() for path in (into / "data/keys").iterdir()} == keys
    assert {path.stat().st_mode & 0o077 for path in into.rglob("*")} == {0}, "private to the last file"
    assert "the wall of hall 7" in (await command(into, "token", "list")).out
    assert (await command(into, "audit", "verify")).code == 0
    assert "token make" in (await command(into, "audit", "show")).out
    with closing(sqlite3.connect(into / "data/history.db")) as history:
        assert history.execute("select count(*) from facts").fetchone()[0] > 0
    async with Andon.started(into, (into / "andon.toml").read_text(), board) as again:
        after = await again.until(lambda floor: bool(floor["queues"]), READY_S)  # the PBX is gone: what is known is from the log
        assert (await again.get("/api/floor", made.out.strip())).status_code == 200  # type: ignore[union-attr]
    old, new = counted(before), counted(after)
    assert new.keys() == old.keys()
    assert all(there >= here for name in old for here, there in zip(old[name], new[name], strict=True)), (old, new)


async def test_a_key_that_was_destroyed_since_stays_destroyed(kept: Path) -> None:
    (month,) = (path.stem for path in (kept / "data/keys").glob("20*.key"))
    said = await command(kept, "restore", "one.tar.gz", "--into", "without", "--without-key", month)
    assert said.code == 0, said
    assert {path.name for path in (kept / "without/data/keys").iterdir()} == {"hash.key", "gate.key"}


async def test_neither_recordings_nor_their_keys_of_keys_are_in_it(tmp_path: Path) -> None:
    """What is disposed of must not come back from a backup; the catalogue is in it, as of one moment."""
    (tmp_path / "andon.toml").write_text(settings(1, 2))
    (tmp_path / "hall7.secret").touch(0o600)
    (tmp_path / "hall7.secret").write_text(SECRET)
    for name in (
        "keys/archive/five.2031-11.1.key",
        "archive/vault/2026/11/28/a.sound",
        "archive/discs/a.iso",
        "archive/checkpoints/log.vkey",
    ):
        file = tmp_path / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    with closing(sqlite3.connect(tmp_path / "data/archive/catalogue.db")) as catalogue:
        catalogue.execute("create table recordings (id)")
    said = await command(tmp_path, "backup", "one.tar.gz")
    assert said.code == 0, said
    assert "second key store" in said.out
    with tarfile.open(tmp_path / "one.tar.gz") as packed:
        names = {name for name in packed.getnames() if name.startswith("data/")}
    assert names == {"data/archive/catalogue.db", "data/archive/checkpoints/log.vkey"}


async def test_nothing_is_written_over(kept: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    said = await command(kept, "restore", "one.tar.gz", "--into", str(tmp_path))
    assert (said.code, "is not empty" in said.err) == (1, True)


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "outside"])
async def test_a_broken_file_restores_nothing(kept: Path, tmp_path: Path, damage: str) -> None:
    broken = tmp_path / "broken.tar.gz"
    DAMAGES[damage](kept / "one.tar.gz", broken)
    said = await command(tmp_path, "restore", "broken.tar.gz", "--into", "new")
    assert (said.code, "Nothing was restored" in said.err, "Traceback" in said.err) == (1, True, False), said
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "escaped").exists()


def cut(whole: Path, broken: Path) -> None:
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])


def foreign(whole: Path, broken: Path) -> None:
    broken.write_text("no backup")


def changed(whole: Path, broken: Path) -> None:
    _again(whole, broken, lambda name, content: (name, content[:-1] + b"!" if name.endswith("hash.key") else content))


def outside(whole: Path, broken: Path) -> None:
    """Manifest and member agree on a name that leads out of the folder."""
    bad, good = "settings/../../escaped", "settings/hall7.secret"
    _again(whole, broken, lambda name, content: (bad if name == good else name, content.replace(good.encode(), bad.encode())))


def _again(whole: Path, broken: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> None:
    with tarfile.open(whole, "r:gz") as old, tarfile.open(broken, "w:gz") as new:
        for member in old:
            source = old.extractfile(member)
            assert source is not None
            member.name, content = change(member.name, source.read())
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))


DAMAGES = {"cut": cut, "changed": changed, "foreign": foreign, "outside": outside}
