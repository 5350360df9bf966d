"""docs/facts.md is what the source says, and says every fact."""

from __future__ import annotations

import subprocess
import sys

from realtime.factcodec import FACTS
from tests.house.sources import ROOT

PAGE = ROOT / "docs" / "facts.md"


def test_the_page_is_current() -> None:
    checked = subprocess.run([sys.executable, "tools/facts_page.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_the_page_has_every_fact_with_all_its_fields() -> None:
    rows = {line.split("`")[1]: line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `") and ".1`" in line}
    rows.pop("fact")
    assert set(rows) == set(FACTS)
    for tag, kind in FACTS.items():
        own = kind.__struct_fields__[5:]
        assert all(f"`{field}` " in rows[tag] for field in own)
        assert rows[tag].count("<br>") == max(0, len(own) - 1)
