"""Each bench runs, with the least that makes a number. What the numbers are is no test: they are the machine's."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import fanout, fold, memory, wire
from bench.pbx import Load
from bench.results import Row, write


async def test_a_call_crosses_the_line() -> None:
    crossing = await wire.cross(Load(200, 1.0, 1.0), agents=40, screens=2, seconds=6.0, hops=20)
    assert crossing.samples >= 2
    assert 0 < crossing.hop.p50_ms < crossing.total.p50 <= crossing.total.p99
    assert set(crossing.stages) == {"seen", "log", "screen"}


async def test_memory_of_the_processes() -> None:
    bare, few, many, screen = await memory.measure(agents=(40, 80), screens=(1, 3), settle_s=0.5)
    assert set(few) == set(many) == set(memory.ROLES)
    assert all(size > bare > 1_000 for size in few.values())
    assert isinstance(screen, float)


async def test_one_message_to_many_screens() -> None:
    found = await fanout.measure(screens=3, messages=2, rounds=1)
    assert {"ours", "starlette", "websockets"} <= set(found)
    assert all(us > 0 for us in found.values())


def test_the_fold_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold, "CALLS", 20)
    assert fold.microseconds(100) > 0
    assert fold.decoding() > 0


def test_results_keep_what_did_not_run(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write([Row("old", 2.0, "ms", 1.0)], path)
    write([Row("new", 1.0, "ms", 4.0)], path)
    assert '"ratio": 0.25' in path.read_text()
    assert '"old"' in path.read_text()
