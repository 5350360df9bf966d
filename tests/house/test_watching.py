"""The dashboard and the alerts as files: whole, readable, and each alert with what to do. What they name is held against a real stack
by tests/line/test_watched.py.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from tests.house.sources import ROOT

RULES = ROOT / "deploy/prometheus/andon.rules.yml"
DASHBOARD = ROOT / "deploy/grafana/andon.json"


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def of_dashboard() -> list[str]:
    """Every expression of it."""
    board = json.loads(DASHBOARD.read_text())
    targets = [target for panel in board["panels"] if panel["type"] != "row" for target in panel["targets"]]
    return [each["expr"] for each in [*targets, *board["annotations"]["list"]]]


def test_panels_do_not_lie_on_each_other() -> None:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_says_what_and_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"Andon[A-Za-z]+", rule["alert"])
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["action"]
    expr = re.sub(r'"[^"]*"', "", rule["expr"])
    assert all(expr.count(opening) == expr.count(closing) for opening, closing in ("()", "[]", "{}"))


def test_prometheus_itself_takes_the_rules() -> None:
    """Where its tool is; the test above reads them without."""
    tool = shutil.which("promtool")
    if tool is not None:
        answer = subprocess.run([tool, "check", "rules", str(RULES)], capture_output=True, text=True)
        assert answer.returncode == 0, answer.stderr
