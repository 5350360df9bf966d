"""The kept transcripts are whole: begin as promised, end with their fence, and exist for both versions and in the README."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.lab.scenarios import SCENES
from tests.lab.trees import RELEASES

TRANSCRIPTS = Path(__file__).parent.parent / "transcripts"
FILES = sorted(TRANSCRIPTS.glob("asterisk-*/*.ami*"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_session_begins_with_the_snapshot_and_ends_with_the_fence(path: Path) -> None:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    assert data.startswith(b"Asterisk Call Manager/")
    assert 0 < data.index(b"ActionID: snap1") < data.index(b"ActionID: snap2")
    last = data.rstrip().rsplit(b"\r\n\r\n", 1)[-1]
    was_ended = ".1.ami" in path.name  # by a stop (Shutdown) or a kill (nothing)
    assert was_ended or b"Variable: ANDON_FENCE" in last


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_every_scene_is_kept_for_both_versions_and_told_in_the_readme(scene: str) -> None:
    for version in RELEASES.values():
        folder = TRANSCRIPTS / f"asterisk-{version}"
        assert (folder / f"{scene}.queue_log").exists()
        assert list(folder.glob(f"{scene}.ami*")) + list(folder.glob(f"{scene}.[12].ami"))
    assert f"`{scene}`" in (TRANSCRIPTS / "README.md").read_text()
