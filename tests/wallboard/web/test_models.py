"""The pure modules of the pages in Node, and their words against the source: none missing, none unused."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from realtime.why.live import FORMULAS
from realtime.words import AgentState
from tests.house.sources import ROOT, say

HERE = Path(__file__).parent
WEB = ROOT / "wallboard" / "web"
CATALOGUES = [WEB / "words.js", *sorted(WEB.glob("words/*.js"))]
SCRIPTS = [path for path in WEB.rglob("*.js") if path not in CATALOGUES]
DOM = re.compile(r"\b(document|window|navigator|location|localStorage|performance|Date\.now|Math\.random|fetch)\b(?!:)")


def node() -> str:
    """On the path, or beside our Python: tools/install.sh puts one there where the machine has none."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if found is None:
        pytest.skip("no Node.js here: it runs the tests of the pages' models")
    return found


@pytest.mark.parametrize("script", sorted(HERE.glob("*.test.js")), ids=lambda path: path.name)
def test_models(script: Path) -> None:
    answer = subprocess.run([node(), "--test", str(script)], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def words() -> set[str]:
    """The keys of the catalogue; that both languages have the same ones is tested in Node."""
    text = "".join(path.read_text("utf-8") for path in CATALOGUES)
    return set(re.findall(r'^  "([\w.]+)":', text, re.MULTILINE))


def asked_for() -> list[re.Pattern[str]]:
    """What the source says: whole keys in quotes, keys with a blank, as `card.${name}`, and tables, as word("state", …)."""
    text = "\n".join(path.read_text("utf-8") for path in [*SCRIPTS, WEB / "words.js"] if path.exists())
    calls = re.findall(r'(?:say|stateWord)\(\s*(?:[\w.]+ \? )?["`]([^"`]+)["`]', text)
    parts = (re.split(r"\$\{[^}]+\}", call) for call in calls)
    tables = set(re.findall(r'(?:\bword\(|spoken\(say, )"([\w.]+)"', text))
    return [re.compile("[A-Za-z_]*".join(map(re.escape, part))) for part in parts] + [
        re.compile(f"{re.escape(name)}\\.\\w+") for name in tables
    ]


def test_every_word_is_said_somewhere() -> None:
    patterns = asked_for()
    quoted = set(re.findall(r'"([\w.]+)"', "\n".join(path.read_text("utf-8") for path in SCRIPTS)))
    said = {word for word in words() if any(pattern.fullmatch(word) for pattern in patterns)} | (words() & quoted)
    said |= {f"forbidden.{word}" for word in quoted if f"forbidden.{word}" in words()}
    say([f"no page says {word}" for word in sorted(words() - said)])


def test_every_word_that_is_asked_for_is_there() -> None:
    say([f"words.js lacks {pattern.pattern}" for pattern in asked_for() if not any(pattern.fullmatch(word) for word in words())])


def test_every_formula_and_its_inputs_have_words() -> None:
    asked = {f"why.formula.{formula.key or name}" for name, formula in FORMULAS.items()}
    asked |= {f"why.input.{name}" for formula in FORMULAS.values() for name in formula.inputs}
    asked |= {f"why.input.{name}" for name in TOLD} | {f"fact.{fact}" for fact in ("CallerJoined", "CallerLeft", "AgentConnected", "state")}
    say([f"words/why.js lacks {word}" for word in sorted(asked - words())])


TOLD = ("departure", "how", "wait_s", "talk_s", "in_target", "target_s", "caller")
"""Details of a visit (realtime/why/evidence.py)."""


def test_every_state_has_a_word_and_a_shape() -> None:
    shapes = (WEB / "draw" / "shapes.js").read_text("utf-8")
    style = (WEB / "draw.css").read_text("utf-8")
    for state in AgentState:
        assert f"state.{state}" in words()
        assert re.search(rf"^  {state}: ", shapes, re.MULTILINE), state
        assert re.search(rf"\.s-{state}\b", style), state


def test_models_know_no_page() -> None:
    """They get the time, the dice and the socket from outside."""
    found = ((path, DOM.search(path.read_text("utf-8").replace("performance.now).", ""))) for path in WEB.glob("*.js"))
    comments = re.compile(r"/\*.*?\*/", re.DOTALL)
    say([f"{path.name} uses {hit.group()}" for path, hit in found if hit and DOM.search(comments.sub("", path.read_text("utf-8")))])
