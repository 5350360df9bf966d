"""Images: the same bytes for the same input whichever tool makes them, nothing of this machine in them, and plain tools verify them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pycdlib
import pytest

from recordings.discs import image
from recordings.discs.bagging import reader_of
from recordings.discs.comparing import volume_of
from recordings.discs.extents import extents_of
from recordings.discs.image import PYCDLIB, XORRISO, ImageFailed, build
from recordings.discs.media import MEDIA
from recordings.discs.validating import validate
from tests.recordings.discs.desk import NOON, Desk, has_xorriso, sha256

TOOLS = [
    pytest.param(XORRISO, False, marks=pytest.mark.skipif(not has_xorriso(), reason="xorriso is not installed"), id="xorriso"),
    pytest.param(PYCDLIB, False, id="pycdlib"),
    pytest.param(PYCDLIB, True, id="pycdlib-udf"),
]
NAMES = {
    "bagit.txt": b"x" * 10,
    "data/2026/11/28/aaaaaaaaaaaaaaaaaaab.sound": b"1" * 5000,
    "data/2026/11/28/aaaaaaaaaaaaaaaaaaac.sound": b"",
    "data/2026/12/01/aaaaaaaaaaaaaaaaaaad.sound": b"2" * 2048,
    "manifest-sha256.txt": b"m",
    "tagmanifest-sha256.txt": b"t",
    "proof/0001/bundle.json": b"{}",
}


def folder_of(path: Path, names: list[str]) -> Path:
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(NAMES[name])
    return path


@pytest.mark.parametrize(("tool", "udf"), TOOLS)
def test_the_same_input_is_the_same_image(tmp_path: Path, tool: str, udf: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    first = folder_of(tmp_path / "first-secret-place", list(NAMES))
    build(first, tmp_path / "1.iso", "ANDON_ABC_1", NOON, tool, with_udf=udf)
    monkeypatch.setenv("TZ", "America/New_York")
    other = folder_of(tmp_path / "other", list(reversed(NAMES)))
    for path in other.rglob("*"):
        path.chmod(0o700)
    build(other, tmp_path / "2.iso", "ANDON_ABC_1", NOON, tool, with_udf=udf)
    assert sha256(tmp_path / "1.iso") == sha256(tmp_path / "2.iso")
    build(other, tmp_path / "3.iso", "ANDON_ABC_1", NOON + 3_600_000_000, tool, with_udf=udf)
    assert sha256(tmp_path / "1.iso") != sha256(tmp_path / "3.iso")
    told = (tmp_path / "1.iso").read_bytes()
    assert b"secret-place" not in told
    assert tmp_path.name.encode() not in told
    assert volume_of(told) == "ANDON_ABC_1"


@pytest.mark.parametrize(("tool", "udf"), TOOLS)
def test_every_file_lies_where_the_image_says(tmp_path: Path, tool: str, udf: bool) -> None:
    build(folder_of(tmp_path / "bag", list(NAMES)), tmp_path / "1.iso", "ANDON_ABC_1", NOON, tool, with_udf=udf)
    told = (tmp_path / "1.iso").read_bytes()
    found = extents_of(tmp_path / "1.iso")
    assert {each.path: told[each.offset : each.offset + each.size] for each in found} == NAMES
    iso = pycdlib.PyCdlib()
    iso.open(str(tmp_path / "1.iso"))
    for kind in ("joliet_path", "rr_path", *(["udf_path"] if udf else [])):
        iso.get_file_from_iso(str(tmp_path / "out"), **{kind: "/data/2026/12/01/aaaaaaaaaaaaaaaaaaad.sound"})
        assert (tmp_path / "out").read_bytes() == b"2" * 2048
    iso.close()


def test_a_tool_that_fails_leaves_no_image_and_says_why(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "bag", list(NAMES))
    (folder / "data" / "2026" / "12" / "01" / "aaaaaaaaaaaaaaaaaaad.soun").write_bytes(b"")
    with pytest.raises(ImageFailed, match="give it another one"):
        build(folder, tmp_path / "1.iso", "ANDON_ABC_1", NOON, PYCDLIB)
    assert not (tmp_path / "1.iso").exists()
    if has_xorriso():
        with pytest.raises(ImageFailed, match="xorriso failed"):
            build(tmp_path / "nothing", tmp_path / "1.iso", "ANDON_ABC_1", NOON, XORRISO)


@pytest.mark.parametrize(("tool", "udf"), TOOLS)
async def test_plain_tools_verify_a_set(desk: Desk, tmp_path: Path, tool: str, udf: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As VERIFY.txt says it, on a copy of the disc, with coreutils and a Python that has nothing."""
    monkeypatch.setattr(image, "tool_for", lambda _medium: tool)
    ids = [await desk.put(size=70_000) for _ in range(5)]
    set_id = await desk.imaged()
    await desk.burned(f"{set_id}-1A")
    out = extracted(desk.burner.path(f"{set_id}-1A"), tmp_path / "out", tool)
    listed = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert validate(listed, reader_of(out)) == ()
    text = (out / "VERIFY.txt").read_text()
    commands = [line.strip() for line in text.split("How to verify")[1].splitlines() if line.startswith("  ")]
    assert [command.split()[0] for command in commands] == ["sha256sum", "sha256sum", "python3"]
    for command in commands:
        done = run(command, out)
        assert done.returncode == 0, done.stdout + done.stderr
    assert all(f"recording {id}: sealed with SHA-256" in done.stdout for id in ids)
    damaged = out / listed[-1 - listed[::-1].index(next(name for name in listed if name.endswith(".sound")))]
    damaged.chmod(0o600)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\0\0")
    assert run(commands[1], out).returncode == 1
    bundle = out / "proof" / "0001" / "bundle.json"
    bundle.chmod(0o600)
    bundle.write_text(bundle.read_text().replace(ids[0], ids[1][:-1] + "z"))
    assert run(commands[2], out).returncode == 1


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = command.split()
    words[0] = sys.executable if words[0] == "python3" else words[0]
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    )


def extracted(disc: Path, out: Path, tool: str) -> Path:
    """By the other one of the two, where it is there."""
    if tool == PYCDLIB and has_xorriso():
        subprocess.run(["osirrox", "-indev", str(disc), "-extract", "/", str(out)], check=True, capture_output=True)
        for path in (out, *out.rglob("*")):
            path.chmod(0o700)
        return out
    iso = pycdlib.PyCdlib()
    iso.open(str(disc))
    for each in extents_of(disc):
        (out / each.path).parent.mkdir(parents=True, exist_ok=True)
        iso.get_file_from_iso(str(out / each.path), rr_path=f"/{each.path}")
    iso.close()
    return out


async def test_nothing_of_a_disc_opens_without_its_key_and_no_key_is_on_it(desk: Desk) -> None:
    await desk.put(size=70_000)
    set_id = await desk.imaged()
    told = desk.image(set_id).read_bytes()
    for name in desk.stores.names():
        key = desk.stores.get(name)
        assert key is not None
        assert key not in told
    assert b"zhao.min" not in told  # no agent


def test_the_tool_is_xorriso_where_there_is_one_but_for_large_media(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/xorriso")
    assert [image.tool_for(MEDIA[name]) for name in ("cd", "dvd", "dvd-r", "bd-r-25")] == [XORRISO, XORRISO, XORRISO, PYCDLIB]
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert image.tool_for(MEDIA["dvd"]) == PYCDLIB
