"""The bench of lists runs, with the least that makes a number."""

from __future__ import annotations

import pytest

from bench import lists


def test_lists_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT", 20_000)
    monkeypatch.setattr(lists, "SAMPLE", 10_000)
    monkeypatch.setattr(lists, "LOOKED", 1_000)
    rows = {row.name: row for row in lists.run()}
    assert {"dnc_bytes_per_number", "dnc_load_10m_s", "dnc_import_10m_s", "dnc_hit_us", "dnc_miss_us"} <= set(rows)
    assert all(row.value > 0 and row.against > 0 for row in rows.values())
    assert rows["dnc_bytes_per_number"].value < rows["dnc_bytes_per_number"].against
