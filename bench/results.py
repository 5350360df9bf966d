"""What a bench measured, and how it is written down: `results.json` for machines, a table for people."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

RESULTS = Path(__file__).parent / "results.json"


class Row(NamedTuple):
    """One comparison of one run: our value and that of the other side, in the same unit."""

    name: str
    value: float
    unit: str
    against: float

    @property
    def ratio(self) -> float:
        return self.value / self.against if self.against else 0.0


def write(rows: list[Row], path: Path = RESULTS) -> None:
    """Keeps the rows of benches that did not run this time."""
    old = json.loads(path.read_text()) if path.exists() else {}
    new = {
        row.name: {"value": round(row.value, 3), "unit": row.unit, "against": round(row.against, 3), "ratio": round(row.ratio, 3)}
        for row in rows
    }
    path.write_text(json.dumps(old | new, indent=2, sort_keys=True) + "\n")


def show(rows: list[Row]) -> None:
    sys.stdout.write(f"{'':40}{'value':>14}{'against':>14}{'ratio':>10}  unit\n")
    for row in rows:
        sys.stdout.write(f"{row.name:40}{said(row.value):>14}{said(row.against):>14}{row.ratio:>10.2f}  {row.unit}\n")


def said(value: float) -> str:
    """Small ones with three decimals: what takes 20 ms is no `0.0` seconds."""
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.3f}"
