"""tools/vendor.py: bare names become files beside, the lock names no host, and what is there can be imported."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from tests.house.sources import ROOT
from tools.vendor import MODULES, VENDOR, UnknownSpecifier, relative
from wallboard.headers import WAVEFORM_STYLE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('import{h}from"preact";', 'import{h}from"./preact.mjs";'),
        ("export * from '@preact/signals-core'", "export * from './signals-core.mjs'"),
        ('import"htm"', 'import"./htm.mjs"'),
        ('const x=await import("preact")', 'const x=await import("./preact.mjs")'),
        ('import a from "./beside.mjs"', 'import a from "./beside.mjs"'),
        ('t("from here to there")', 't("from here to there")'),
    ],
)
def test_bare_names_become_relative(before: str, after: str) -> None:
    assert relative(before, "x.mjs") == after


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownSpecifier, match="imports left-pad"):
        relative('import pad from "left-pad"', "x.mjs")


def test_the_lock_names_no_host_and_every_package_has_a_hash() -> None:
    text = (ROOT / "package-lock.json").read_text("utf-8")
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert packages[""]["dependencies"] == json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    assert all(package["integrity"].startswith("sha512-") for name, package in packages.items() if name)


def test_what_pages_load_is_there_with_its_licence() -> None:
    assert VENDOR.is_dir(), "run make install"
    for module in MODULES:
        assert not re.search(r"""\bfrom\s*["'][^."']""", (VENDOR / module.name).read_text("utf-8")), "a bare name is left"
        licence = (VENDOR / f"{module.name}.LICENSE.txt").read_text("utf-8")
        assert licence.startswith(module.package)
        assert any(name in licence for name in ("MIT", "Apache", "BSD"))


def test_the_policy_lets_in_the_one_style_of_the_waveform_and_no_other() -> None:
    """Its height is the lane's of `recordings/sound.js`; whoever changes that or the library computes the sign anew."""
    script = (VENDOR / "wavesurfer.mjs").read_text("utf-8")
    lane = re.search(r"LANE_PX = (\d+);", (ROOT / "wallboard/web/recordings/sound.js").read_text("utf-8"))
    style = script.partition("<style$")[2].partition('`:""}>')[2].partition("</style>")[0].replace("\\n", "\n")
    assert lane is not None
    text = re.sub(r"\$\{this\.getHeight\([^)]*\)\}", lane[1], style)
    assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() == WAVEFORM_STYLE.partition("-")[2]
    assert script.count("<style") == 1
