"""What the routes of reports answer: queues and agents by half-hour or day, as JSON, CSV or XLSX.

Not the figures (`realtime/reports.py`). Days that are over come from history, the present one from the floor itself, so a
report of today needs no history and never lags behind the wall. Adding up and writing are done in a thread: the feed goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from realtime.days import Day, days_between
from realtime.floor import Floor
from realtime.history.port import History, HistoryAway, QueueHalf
from realtime.reports import AGENT_COLUMNS, QUEUE_COLUMNS, By, Cells, Half, Row, agent_halves_of, queue_halves_of
from realtime.view import seconds
from realtime.words import Micros
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.reading import query_of
from wallboard.records import DAY_PATTERN, NO_HISTORY, current_day, floor_of, json, zone_of
from wallboard.refusals import Refusal
from wallboard.report_table import Table, csv_of
from wallboard.workbook import workbook_of

DAYS_AT_MOST: dict[By, int] = {"day": 400, "half": 62}
"""A year and a month to compare with; two months of half-hours, some 3,000 rows for each queue."""
ROWS_AT_MOST = 100_000
"""Of one report: 20 MB as JSON; what is longer is a question for the database."""
DAYS_READ_AT_ONCE = 7
REPORTS_AT_ONCE = 2

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReportQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Both dates are included, and today without them. `queue`: only this one, by its id (of agents: only this one)."""

    first: Annotated[str, msgspec.Meta(pattern=DAY_PATTERN)] = msgspec.field(default="", name="from")
    last: Annotated[str, msgspec.Meta(pattern=DAY_PATTERN)] = msgspec.field(default="", name="to")
    by: Literal["half", "day"] = "half"
    queue: str = ""
    agent: str = ""
    format: Literal["json", "csv", "xlsx"] = "json"
    lang: Literal["en", "zh"] = "en"


class ColumnRow(msgspec.Struct, frozen=True):
    key: str
    unit: str


class ReportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`began`: the first day that history has facts of; what lies before it is not in here. Null where nobody can say."""

    first: str = msgspec.field(name="from")
    last: str = msgspec.field(name="to")
    by: str
    timezone: str
    time: float
    began: str | None
    columns: list[ColumnRow]
    rows: list[Row]
    together: list[Row]
    sums: list[Row]


class Span(NamedTuple):
    """`today` is the day that the floor itself counts; None when it is not asked for."""

    days: dict[str, Day]
    past: list[str]
    today: str | None


async def queue_report(board: Board, request: Request, _visitor: Visitor) -> Response:
    return await report(board, request, "queues")


async def agent_report(board: Board, request: Request, _visitor: Visitor) -> Response:
    return await report(board, request, "agents")


async def report(board: Board, request: Request, kind: str) -> Response:
    asked = query_of(request, ReportQuery)
    if isinstance(asked, Refusal):
        return asked.response()
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    now = board.clock()
    today = current_day(floor, now)
    span = span_of(floor, asked, today)
    if isinstance(span, Refusal):
        return span.response()
    columns = QUEUE_COLUMNS if kind == "queues" else AGENT_COLUMNS
    cells, zone = Cells(columns, asked.by, span.days), zone_of(floor)[0]
    live: Sequence[Half] = ()
    if span.today is not None:
        live = queue_halves_of(floor) if kind == "queues" else agent_halves_of(floor, now)
    async with _ROOM:
        try:
            began = await past(board.history, span, cells, kind, asked)
        except HistoryAway as away:
            return Refusal(503, "history_away", str(away), (str(away),), retry_after_s=5).response()
        today_s = [msgspec.structs.replace(each, day=span.today or "") for each in live]
        cells.take(wanted(today_s, asked))
        if len(cells) > ROWS_AT_MOST:
            return TOO_LONG.response()
        told = await asyncio.to_thread(cells.report)
    table = Table(kind, columns, told, ZoneInfo(zone), asked.lang)
    if asked.format != "json":
        return file_of(table, asked.format, f"andon-{kind}-{min(span.days)}-{max(span.days)}")
    return await asyncio.to_thread(json, answer_of(table, span, asked.by, now, began))


def answer_of(table: Table, span: Span, by: By, now: Micros, began: str | None) -> ReportAnswer:
    return ReportAnswer(
        first=min(span.days),
        last=max(span.days),
        by=by,
        timezone=str(table.zone),
        time=seconds(now),
        began=began,
        columns=[ColumnRow(column.key, column.unit) for column in table.columns],
        rows=table.report.rows,
        together=table.report.together,
        sums=table.report.sums,
    )


_ROOM = asyncio.Semaphore(REPORTS_AT_ONCE)
TOO_LONG = Refusal(409, "report_too_long", f"This report has more than {ROWS_AT_MOST} rows; ask for fewer days, or for one queue.")


def span_of(floor: Floor, asked: ReportQuery, today: Day) -> Span | Refusal:
    timezone, starts = zone_of(floor)
    first, last = asked.first or asked.last or today.name, asked.last or asked.first or today.name
    if not (within := days_apart(first, last)) or within > DAYS_AT_MOST[asked.by]:
        most = DAYS_AT_MOST[asked.by]
        message = f"From and to are dates of the calendar, not the wrong way round and at most {most} days by {asked.by}; choose others."
        return Refusal(409, "span_refused", message)
    found = days_between(first, last, timezone, starts)
    if not found:
        return Refusal(409, "span_refused", "From and to are dates of this century; choose others.")
    days = {day.name: day for day in found}
    return Span(days, sorted(name for name in days if name < today.name), today.name if today.name in days else None)


def days_apart(first: str, last: str) -> int:
    """How many days, both included; 0 for what are no dates."""
    try:
        return max(0, (date.fromisoformat(last) - date.fromisoformat(first)) // timedelta(days=1) + 1)
    except ValueError:
        return 0


async def past(history: History | None, span: Span, cells: Cells, kind: str, asked: ReportQuery) -> str | None:
    """Days that are over, a week at a time. Gives the first day of which history has facts. Raises HistoryAway."""
    if history is None:
        if span.past:
            raise HistoryAway(NO_HISTORY)
        return None
    if not span.past:
        return None
    reach = await history.reach()
    if reach is None:
        return None
    for begin in range(0, len(span.past), DAYS_READ_AT_ONCE):
        week = span.past[begin : begin + DAYS_READ_AT_ONCE]
        halves: Sequence[Half] = await (history.queue_halves if kind == "queues" else history.agent_halves)(week[0], week[-1])
        await asyncio.to_thread(cells.take, wanted(halves, asked))
        if len(cells) > ROWS_AT_MOST:
            break
    reached = [name for name, day in span.days.items() if day.ends > reach.first]
    return min(reached, default=None)


def wanted(halves: Sequence[Half], asked: ReportQuery) -> list[Half]:
    return [each for each in halves if fits(each, asked.queue, asked.agent)]


def fits(half: Half, queue: str, agent: str) -> bool:
    if isinstance(half, QueueHalf):
        return queue in ("", half.queue)
    return agent in ("", half.agent)


WRITERS: dict[str, tuple[Callable[[Table], Iterator[bytes]], str]] = {
    "csv": (csv_of, "text/csv; charset=utf-8"),
    "xlsx": (workbook_of, XLSX),
}


def file_of(table: Table, form: str, name: str) -> Response:
    """Made as it is sent, each piece in a thread."""
    write, media_type = WRITERS[form]
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return StreamingResponse(write(table), headers=headers, media_type=media_type)
