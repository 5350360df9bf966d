"""The benches of the catalogue and of playing run, with the least that makes a number; where they cannot, those after them do."""

from __future__ import annotations

import shutil

import pytest

from bench import __main__ as whole
from bench import catalogue, catalogue_fill, catalogue_lines, playing
from bench.results import Row
from recordings.catalogue.asked import Query
from tests.postgres import programs

NAMES = {"search_10m_ms", "search_1m_ms", "search_sqlite_1m_ms", "catalogue_bytes_per_entry"}


@pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed: sh tools/prepare-tests.sh")
def test_the_catalogue_is_filled_and_searched(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(catalogue, "RUNS", 1)
    monkeypatch.setattr(catalogue_fill, "DRAWN", 1_000)
    found: list[int] = []
    real = catalogue._find

    async def find(*asked: object) -> object:
        page = await real(*asked)  # type: ignore[arg-type]
        found.append(len(page.rows))
        return page

    monkeypatch.setattr(catalogue, "_find", find)
    rows = {row.name: row for row in catalogue.run(year=3_000, tenth=1_000)}
    assert set(rows) == NAMES
    assert all(row.value > 0 and row.against > 0 for row in rows.values())
    said = [line[:44].strip() for line in capsys.readouterr().out.splitlines()]
    assert said == [*catalogue.SEARCHES, "a number"] * 3
    lengths = list(zip(said, found[:: catalogue.RUNS + 1], strict=True))
    for name, least in (("the newest", 50), ("a month", 50), ("an agent", 1), ("a tag", 1), ("a team", 1), ("a number", 1)):
        assert [least <= length <= 50 for searched, length in lengths if searched == name] == [True] * 3, name


def test_a_year_is_the_same_for_the_same_seed_and_has_what_is_looked_for() -> None:
    lines = list(catalogue_lines.drawn(2_000))
    assert lines == list(catalogue_lines.drawn(2_000))
    assert lines != list(catalogue_lines.drawn(2_000, seed=7))
    at = catalogue_lines.KEYS.index("began")
    assert [line[at] for line in lines] == sorted(line[at] for line in lines)
    queues = {line[catalogue_lines.KEYS.index("queue")] for line in lines}
    assert catalogue.SEARCHES["a queue, long calls"][0] == Query(queue="hall7/q3", shortest_ms=900_000)
    assert "hall7/q3" in queues


@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium: sh tools/prepare-tests.sh")
async def test_a_seek_is_timed_on_both_sides() -> None:
    ours, plain = await playing.measure(rounds=1, seconds=30)
    assert 0 < ours < playing.PATIENCE_S * 1000
    assert 0 < plain < playing.PATIENCE_S * 1000


def test_seeks_are_far_from_each_other() -> None:
    at = playing.places(1, 600)
    assert sorted(at) == [50, 150, 250, 350, 450, 550]
    assert at != sorted(at)
    assert playing.places(1, 600) == at != playing.places(2, 600)


def test_without_postgresql_and_chromium_the_others_run_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written: list[str] = []
    monkeypatch.setattr(catalogue, "programs", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(whole, "write", lambda rows: written.extend(row.name for row in rows))
    after = {"catalogue": catalogue.run, "playing": playing.run, "last": lambda: [Row("last", 1.0, "ms", 1.0)]}
    monkeypatch.setattr(whole, "BENCHES", after)
    monkeypatch.setattr("sys.argv", ["bench"])
    whole.main()
    said = capsys.readouterr().out
    assert "PostgreSQL is not installed; sh tools/prepare-tests.sh" in said
    assert "no Chromium" in said
    assert written == ["last"]
