"""Each bench runs, with the least that makes a number. What the numbers are is no test: they are the machine's."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import board_cpu, control, fanout, first_paint, fold, history, memory, wire
from bench.pbx import Load
from bench.results import Row, write
from tests.lab import need
from tests.wallboard.web import browsers


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


async def test_the_first_paint_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the browser of the pages' tests. A whole Chromium, as the bench has it, told of no paint for half a minute two times of nine, on a
    busy machine; why is not known."""
    monkeypatch.setattr(first_paint, "launch", browsers.launch)
    found = await first_paint.measure(rounds=1, agents=20)
    assert set(found) == {"wall", "wall_tv", "floor", "floor_tv"}
    for each in found.values():
        assert each.first_ms > 0
        assert each.figures_ms > 0
        assert each.kilobytes > 20
        assert each.requests > 20


async def test_the_boards_share_of_a_core() -> None:
    found = await board_cpu.measure(Load(200, 1.0, 1.0), agents=40, screens=3, seconds=1.0)
    assert found.watched > 0
    assert found.messages_s > 20
    assert found.frames_s > 1


def test_history_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "FACTS", 400)
    monkeypatch.setattr(history, "RUNS", 1)
    (row,) = history.run()
    assert 0 < row.value < row.against * 10


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


async def test_a_decision_and_an_orders_way_to_the_pbx() -> None:
    assert 0 < control.decision_us(100, rounds=5) < 1_000_000
    way = await control.order_way(orders=3)
    assert way.p99_ms > way.hop_ms > 0


async def test_a_pause_that_nobody_granted_until_it_is_undone() -> None:
    need.tree("sid")
    assert 0 < await control.undo_ms(times=2) < 5_000
