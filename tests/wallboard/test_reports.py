"""Reports asked from outside: as JSON, CSV and XLSX, of today and of days that history has; and what is refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from realtime.words import SECOND
from tests.realtime.memory_history import AWAY, MemoryHistory
from tests.realtime.story import (
    Story,
    abandoned,
    call_began,
    completed,
    configured,
    connected,
    day_began,
    joined,
    queue_seen,
    works,
)
from tests.wallboard.house import House
from tests.wallboard.test_records import get, house_of
from wallboard.authorise import Role
from wallboard.report_table import EN, ZH, harmless

EVIL = "=HYPERLINK(1)"


def two_days() -> Story:
    """Yesterday one answer, today an answer and an abandon; one queue has a name that a spreadsheet would calculate."""
    story = Story().after(configured(timezone="Asia/Shanghai"), day_began("2026-11-24"), queue_seen(), works("1001", "sales", EVIL), 60)
    story.after(call_began("y"), joined("y"), 5, connected("y", "1001"), 30, completed("y", "1001"), 5)
    story.now = (story.now // (86_400 * SECOND) + 1) * 86_400 * SECOND - 8 * 3600 * SECOND  # midnight in Shanghai
    story.after(day_began("2026-11-25"), 9 * 3600, call_began("a"), joined("a"), 5, connected("a", "1001"), 30, completed("a", "1001"))
    return story.after(call_began("b"), joined("b", EVIL), 40, abandoned("b", EVIL), 10)


async def file(house: House, path: str, **query: str) -> bytes:
    answer = await house.http.get(path, params=query, headers=house.bearer())
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="andon-')
    return answer.content


def total(told: Any) -> dict[str, Any]:
    return dict(told["sums"][-1]["figures"])


async def test_today_is_what_the_floor_says(tmp_path: Path) -> None:
    story = two_days()
    async with house_of(tmp_path, story, None) as house:
        told = await get(house, "/api/reports/queues")
        assert (told["from"], told["to"], told["by"], told["timezone"]) == ("2026-11-25", "2026-11-25", "half", "Asia/Shanghai")
        assert (total(told)["offered"], total(told)["answered"], total(told)["abandoned"], total(told)["service_level"]) == (2, 1, 1, 0.5)
        one = await get(house, "/api/reports/queues", queue="pbx/sales")
        assert total(one)["offered"] == 1
        people = await get(house, "/api/reports/agents", by="day")
        assert (people["rows"][0]["of"], people["rows"][0]["figures"]["answered"]) == ("1001", 1)
        assert people["rows"][0]["figures"]["logged_in_s"] == pytest.approx((story.now - story.floor.day_at) / SECOND, abs=3)


async def test_days_that_are_over_come_from_history(tmp_path: Path) -> None:
    story = two_days()
    async with house_of(tmp_path, story, MemoryHistory(story.told)) as house:
        told = await get(house, "/api/reports/queues", **{"from": "2026-11-23", "to": "2026-11-25", "by": "day"})
        assert [(row["day"], row["figures"]["answered"]) for row in told["together"]] == [("2026-11-24", 1), ("2026-11-25", 1)]
        assert (total(told)["offered"], told["began"]) == (3, "2026-11-24")


async def test_history_that_is_away_is_said_and_nothing_half_is_given(tmp_path: Path) -> None:
    story = two_days()
    history = MemoryHistory(story.told)
    history.away = True
    async with house_of(tmp_path, story, history) as house:
        refused = await get(house, "/api/reports/queues", status=503, **{"from": "2026-11-24", "to": "2026-11-25"})
        assert (refused["error"], refused["message"]) == ("history_away", AWAY)
        assert total(await get(house, "/api/reports/queues"))["offered"] == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_csv_opens_in_a_spreadsheet_and_calculates_nothing(tmp_path: Path, lang: str) -> None:
    story = two_days()
    async with house_of(tmp_path, story, None) as house:
        raw = await file(house, "/api/reports/queues", format="csv", lang=lang)
        json = await get(house, "/api/reports/queues")
    assert raw.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    words = EN if lang == "en" else ZH
    assert head[:5] == [words[name] for name in ("day", "begins", "ends", "queue", "offered")]
    assert len(rows) == len(json["rows"]) + len(json["sums"])
    assert {row[3] for row in rows} == {f"pbx/{EVIL}", "pbx/sales", words["all"]}
    assert rows[0][:3] == ["2026-11-25", "2026-11-25T09:00+08:00", "2026-11-25T09:30+08:00"]
    assert [int(row[4]) for row in rows[: len(json["rows"])]] == [row["figures"]["offered"] for row in json["rows"]]
    assert [harmless(text)[0] for text in ("=1", "+1", "-1", "@x", "\t=1")] == ["'"] * 5


async def test_xlsx_has_numbers_dates_and_percentages(tmp_path: Path) -> None:
    story = two_days()
    async with house_of(tmp_path, story, None) as house:
        queues = load_workbook(io.BytesIO(await file(house, "/api/reports/queues", format="xlsx")))
        agents = load_workbook(io.BytesIO(await file(house, "/api/reports/agents", format="xlsx", lang="zh")))
    assert queues.sheetnames == ["Queues", "Together", "Sums"]
    sheet = queues["Queues"]
    assert sheet.freeze_panes == "D2"
    head = [cell.value for cell in sheet[1]]
    first = dict(zip(head, sheet[2], strict=True))
    assert first["Day"].is_date
    assert first["From"].value.isoformat() == "2026-11-25T09:00:00"
    assert {cell.value for cell in sheet["D"]} == {"Queue", f"pbx/{EVIL}", "pbx/sales"}
    assert all(cell.data_type == "s" for cell in sheet["D"]), "a name is never a formula"
    last = dict(zip(head, queues["Sums"][queues["Sums"].max_row], strict=True))
    assert (last["Queue"].value, last["Offered"].value, last["Service level"].value) == ("All", 2, 0.5)
    assert last["Service level"].number_format == "0.0%"
    assert agents.sheetnames == ["坐席", "合并", "合计"]
    assert dict(zip([cell.value for cell in agents["坐席"][1]], agents["坐席"][2], strict=True))["工号"].value == "1001"


@pytest.mark.parametrize("query", [{"from": "today"}, {"by": "week"}, {"format": "pdf"}, {"what": "x"}])
async def test_what_cannot_be_asked_is_refused(tmp_path: Path, query: dict[str, str]) -> None:
    async with house_of(tmp_path, two_days(), None) as house:
        assert (await get(house, "/api/reports/queues", status=400, **query))["error"] == "query_invalid"


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-11-25", "to": "2026-11-24"},
        {"from": "2026-01-01", "to": "2026-11-24"},
        {"from": "2020-01-01", "to": "2026-11-24", "by": "day"},
        {"from": "0001-01-01", "to": "0001-01-01"},
        {"from": "2026-02-30"},
    ],
)
async def test_days_that_do_not_fit_together_are_refused(tmp_path: Path, query: dict[str, str]) -> None:
    async with house_of(tmp_path, two_days(), None) as house:
        assert (await get(house, "/api/reports/queues", status=409, **query))["error"] == "span_refused"


async def test_who_hangs_on_a_wall_gets_no_report(tmp_path: Path) -> None:
    async with house_of(tmp_path, two_days(), None) as house:
        await get(house, "/api/reports/agents", Role.SCREEN, 403)
        await get(house, "/api/reports/queues", Role.AGENT, 403)
