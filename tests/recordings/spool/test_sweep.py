"""Spools as a broken or hostile PBX leaves them: a sweep sees all of it, and nothing of it is followed or holds us."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from recordings.spool.found import DEPTH_MAX, shown
from recordings.spool.sweep import SpoolAway, Unsafe, clear_marker, look_at, opened, remove, sweep
from recordings.words import Trouble


def odd(root: Path) -> dict[str, tuple[Trouble | None, str]]:
    return {found.name: (found.trouble, found.why) for found in sweep(root).files if found.trouble}


def test_files_come_oldest_first_with_their_folders(tmp_path: Path) -> None:
    for name, age in (("b.wav", 10), ("2026/11/28/a.wav", 20), ("c.gsm", 5)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (time.time() - age,) * 2)
    seen = sweep(tmp_path)
    assert [found.name for found in seen.files] == ["2026/11/28/a.wav", "b.wav", "c.gsm"]
    assert (seen.cut, {found.trouble for found in seen.files}) == ("", {None})


def test_a_folder_that_may_not_be_read_is_named_and_the_others_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that Asterisk made for itself alone: what lies in it is not gone."""
    for name in ("locked/a.wav", "lost+found/c.wav", "open/b.wav"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"x")
    real = os.open

    def denied(path: str, *more: Any, **named: Any) -> int:
        if path in ("locked", "lost+found"):
            raise PermissionError(13, "Permission denied")
        return real(path, *more, **named)

    monkeypatch.setattr("recordings.spool.sweep.os.open", denied)
    seen, why = sweep(tmp_path), "cannot be read (Permission denied)"
    assert {found.name: found.why for found in seen.files} == {"locked": why, "open/b.wav": ""}
    assert seen.cut == f"locked/ in it {why}; let Andon read it"


def test_links_pipes_sockets_and_strangers_are_named_and_left(tmp_path: Path) -> None:
    root = tmp_path / "spool"
    root.mkdir()
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.wav").write_bytes(b"secret")
    (root / "link.wav").symlink_to(secret / "key.wav")
    (root / "folder").symlink_to(secret)
    (root / "gone.wav").symlink_to(root / "nowhere")
    os.mkfifo(root / "pipe.wav")
    (root / "notes.txt").write_text("no recording")
    with (root / "huge.wav").open("wb") as huge:
        huge.truncate(10 * 1024**3)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(root / "talk.wav"))
        assert odd(root) == {
            "link.wav": (Trouble.UNSAFE, "a link"),
            "folder": (Trouble.UNSAFE, "a link"),
            "gone.wav": (Trouble.UNSAFE, "a link"),
            "pipe.wav": (Trouble.UNSAFE, "a pipe"),
            "talk.wav": (Trouble.UNSAFE, "a socket"),
            "notes.txt": (Trouble.UNREADABLE, "its name is not that of a recording"),
            "huge.wav": (Trouble.UNREADABLE, "larger than any recording can be"),
        }


@pytest.mark.parametrize(
    "name", ["link.wav", "folder/key.wav", "pipe.wav", "../secret/key.wav", "a/../../secret/key.wav", "/etc/passwd", "a\0b", "", "."]
)
def test_nothing_but_a_regular_file_under_the_spool_is_opened(tmp_path: Path, name: str) -> None:
    root = tmp_path / "spool"
    (root / "a").mkdir(parents=True)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key.wav").write_bytes(b"secret")
    (root / "link.wav").symlink_to(tmp_path / "secret/key.wav")
    (root / "folder").symlink_to(tmp_path / "secret")
    os.mkfifo(root / "pipe.wav")
    with pytest.raises((Unsafe, OSError)), opened(root, name):
        pass


def test_names_of_any_bytes_are_seen_opened_and_shown(tmp_path: Path) -> None:
    raw = b"\xff\xfe line\nbreak ../ 13912345678\x1b[2J.wav".replace(b"/", b"")
    (tmp_path / os.fsdecode(raw)).write_bytes(b"sound")
    [found] = sweep(tmp_path).files
    with opened(tmp_path, found.name) as handle:
        assert os.read(handle, 10) == b"sound"
    said = shown(found.name)
    assert said.isprintable()
    assert "13912345678" not in said
    said.encode()


def test_folders_without_end_are_bounded(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(DEPTH_MAX + 3):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.wav").write_bytes(b"x")
    [found] = sweep(tmp_path).files
    assert (found.trouble, found.why) == (Trouble.UNSAFE, "too deep")


def test_more_than_a_sweep_may_look_at_is_said(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.wav").write_bytes(b"x")
    seen = sweep(tmp_path, most=10)
    assert (len(seen.files), seen.cut) == (10, "it has more than 10 entries; take away what is no recording")


def test_a_thousand_folders_take_no_thousand_handles(tmp_path: Path) -> None:
    for number in range(1500):
        (tmp_path / str(number)).mkdir()
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    assert sweep(tmp_path).files == []
    assert (len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0) == before


def test_a_file_that_goes_while_the_folder_is_walked_is_nothing_odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was sealed, kept and removed between its name's being read and its being looked at."""
    going, look = tmp_path / "a.wav", os.stat
    going.write_bytes(b"RIFF")
    (tmp_path / "b.wav").write_bytes(b"RIFF")

    def gone_first(path: str, **how: Any) -> os.stat_result:
        going.unlink(missing_ok=True)
        return look(path, **how)

    monkeypatch.setattr("recordings.spool.sweep.os.stat", gone_first)
    found = sweep(tmp_path).files
    monkeypatch.undo()
    assert [(each.name, each.trouble) for each in found] == [("b.wav", None)]


def test_a_spool_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SpoolAway, match="mounted"):
        sweep(tmp_path / "nowhere")


def test_only_the_very_file_is_removed(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"first")
    first = look_at(tmp_path, "a.wav")
    assert first is not None
    (tmp_path / "b.wav").write_bytes(b"other")
    os.replace(tmp_path / "b.wav", tmp_path / "a.wav")
    assert not remove(tmp_path, first)
    now = look_at(tmp_path, "a.wav")
    assert now is not None
    assert remove(tmp_path, now)
    assert not remove(tmp_path, now)
    assert look_at(tmp_path, "a.wav") is None


def test_markers_are_no_files(tmp_path: Path) -> None:
    (tmp_path / ".done").mkdir()
    (tmp_path / ".done/hall7-1.2").touch()
    seen = sweep(tmp_path)
    assert (seen.files, seen.markers) == ([], {"hall7-1.2"})
    clear_marker(tmp_path, "hall7-1.2")
    clear_marker(tmp_path, "../a")
    assert sweep(tmp_path).markers == frozenset()
