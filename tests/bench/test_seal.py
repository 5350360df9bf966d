"""The bench of sealing runs, with the least that makes a number."""

from __future__ import annotations

import pytest

from bench import seal


def test_sealing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FILES", "SECONDS", "SMALL_FILES", "SMALL_SECONDS", "ROUNDS"):
        monkeypatch.setattr(seal, name, 2)
    rows = {row.name: row for row in seal.run()}
    assert set(rows) == {"seal_vs_shell", "seal_vs_shell_kept", "seal_cpu_vs_shell", "seal_side_by_side", "seal_small_vs_shell"}
    assert all(row.value > 0 and row.against > 0 for row in rows.values())
