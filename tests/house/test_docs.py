"""The pages: what they link to is there, what they tell to type exists, and the shell scripts are at least readable."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.sources import ROOT, our_files, our_text, say

LINK = re.compile(r"\]\(([^)#\s]+)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
VERB = re.compile(r"\bmake ([a-z]+)\b(?! [a-z])")
"""`make test` at the end of a phrase or before a comment; prose such as 'make them work' goes on in words."""

PAGES = list(our_text(".md"))


def test_links_lead_somewhere() -> None:
    inside = ((path, link) for path, text in PAGES for link in LINK.findall(text) if "://" not in link)
    say([f"{path} links to {link}" for path, link in inside if not (ROOT / path.parent / link).exists()])


def test_every_verb_in_a_code_block_is_one() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text()))
    assert {"install", "demo", "test", "check", "bench", "soak"} <= targets
    blocks = ((path, block) for path, text in PAGES for block in re.findall(r"```\n(.*?)```", text, re.DOTALL))
    say([f"{path}: make {verb}" for path, block in blocks for verb in VERB.findall(block) if verb not in targets])


def test_paths_in_the_pages_exist() -> None:
    """Of our own files, named in code: `realtime/facts.py`. What a user makes (andon.toml) has no folder."""
    named = ((path, name) for path, text in PAGES for name in re.findall(r"`([\w.-]+/[\w./-]*\.(?:py|conf|toml|sh))`", text))
    say([f"{path} names {name}" for path, name in named if not (ROOT / name).exists() and not name.startswith("andon.")])


@pytest.mark.parametrize("script", [path for path in our_files() if path.suffix == ".sh"], ids=str)
def test_a_script_is_readable(script: Path) -> None:
    subprocess.run(["sh", "-n", str(ROOT / script)], check=True, timeout=10)
