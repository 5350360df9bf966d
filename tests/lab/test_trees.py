"""What the tree builder says when it cannot build, and how it finds this machine's own mirror. Builds nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.lab import trees

ONE_LINE = """\
# deb http://commented.example/debian stable main
deb [signed-by=/k.gpg arch=amd64 trusted=no] http://mirror.example/debian stable main contrib
"""
DEB822 = """\
Types: deb
# a remark: with a colon
URIs: http://a.example/debian http://b.example/debian
Suites: stable stable-updates
Components: main
"""


def test_an_unknown_release_is_refused_with_those_that_are_known() -> None:
    refusal = trees.ensure_tree("warty")
    assert isinstance(refusal, trees.Impossible)
    assert "sid" in refusal.next_step


def test_without_root_there_is_a_reason_and_a_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert str(trees.ensure_tree("sid")) == "No Asterisk tree of sid: chroot needs root. Run the tests as root to have them."


def test_a_failed_build_leaves_nothing_and_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_network(release: str, target: Path) -> None:
        target.mkdir()
        raise trees.StepFailed("debootstrap exited 1: no network")

    monkeypatch.setenv("ANDON_LAB", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(trees, "_have_debootstrap", lambda: True)
    monkeypatch.setattr(trees, "_debootstrap", no_network)
    refusal = trees.ensure_tree("sid")
    assert isinstance(refusal, trees.Impossible)
    assert "no network" in refusal.reason
    assert not list(tmp_path.glob("sid*/"))


def test_sources_are_read_in_both_styles(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text(ONE_LINE)
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d/debian.sources").write_text(DEB822)
    assert list(trees._apt_sources(tmp_path)) == [
        ("http://mirror.example/debian", ["stable"], ["main", "contrib"]),
        ("http://a.example/debian", ["stable", "stable-updates"], ["main"]),
        ("http://b.example/debian", ["stable", "stable-updates"], ["main"]),
    ]
