"""A report as a table for files: header words in two languages, rows of cells, and CSV. Pure; `workbook.py` makes XLSX of it.

CSV is UTF-8 with a byte order mark, because Excel takes anything else for the code page of its country; times are ISO 8601
with their offset, so that the hour that a clock change repeats is not the same twice; shares are 0 to 1. Text that a
spreadsheet would take for a formula gets an apostrophe in front: a queue's name comes from outside.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import NamedTuple

from realtime.reports import Column, Report, Row
from realtime.words import AgentState

BOM = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What Excel and LibreOffice begin a formula with, or skip before one."""
LINES_AT_ONCE = 500

EN = {
    "day": "Day", "begins": "From", "ends": "To", "queue": "Queue", "agent": "Agent", "name": "Name", "all": "All", "sum": "Sum",
    "queues": "Queues", "agents": "Agents", "together": "Together", "sums": "Sums",
    "offered": "Offered", "answered": "Answered", "abandoned": "Abandoned", "left_otherwise": "Left otherwise", "unknown": "Unseen",
    "answered_in_target": "Answered in target", "abandoned_in_target": "Abandoned in target", "service_level": "Service level",
    "abandon_rate": "Abandoned, share", "asa_s": "Average wait (s)", "aht_s": "Handling time (s)", "talk_s": "Talk (s)",
    "talk_each_s": "Talk per call (s)", "rings_missed": "Rings missed", "logged_in_s": "Logged in (s)", "occupancy": "Occupancy",
    "ready": "Ready", "ringing": "Ringing", "dialling": "Dialling", "talking": "Talking", "hold": "On hold", "wrapup": "Wrap-up",
    "on_break": "Break", "meeting": "Meeting", "training": "Training", "not_ready": "Not ready", "no_answer": "No answer",
    "unreachable": "Unreachable",
}  # fmt: skip
ZH = {
    "day": "日期", "begins": "开始", "ends": "结束", "queue": "队列", "agent": "工号", "name": "姓名", "all": "全部", "sum": "合计",
    "queues": "队列", "agents": "坐席", "together": "合并", "sums": "合计",
    "offered": "来电", "answered": "接听", "abandoned": "放弃", "left_otherwise": "其他离开", "unknown": "去向不明",
    "answered_in_target": "目标内接听", "abandoned_in_target": "目标内放弃", "service_level": "服务水平",
    "abandon_rate": "放弃率", "asa_s": "平均等待（秒）", "aht_s": "平均处理（秒）", "talk_s": "通话（秒）",
    "talk_each_s": "每通通话（秒）", "rings_missed": "漏接", "logged_in_s": "登录时长（秒）", "occupancy": "占用率",
    "ready": "空闲", "ringing": "振铃", "dialling": "外呼", "talking": "通话", "hold": "保持", "wrapup": "话后处理",
    "on_break": "小休", "meeting": "会议", "training": "培训", "not_ready": "示忙", "no_answer": "未接", "unreachable": "失联",
}  # fmt: skip
WORDS = {"en": EN, "zh": ZH}


class Table(NamedTuple):
    """`kind` is queues or agents; `zone` is the floor's."""

    kind: str
    columns: tuple[Column, ...]
    report: Report
    zone: tzinfo
    lang: str

    @property
    def said(self) -> dict[str, str]:
        return WORDS[self.lang]

    @property
    def header(self) -> list[str]:
        said, who = self.said, ["queue"] if self.kind == "queues" else ["agent", "name"]
        return [said[name] for name in ("day", "begins", "ends", *who)] + [column_word(said, column.key) for column in self.columns]


def column_word(said: dict[str, str], key: str) -> str:
    """Time in a state is the state's word, and its unit."""
    if key in said:
        return said[key]
    state = key.removeprefix("spent_").removesuffix("_s")
    assert state in AgentState._value2member_map_, key
    return f"{said[state]}{'（秒）' if said is ZH else ' (s)'}"


def who(table: Table, row: Row) -> list[str]:
    """A queue by its name (and its server's, since two may share one), an agent by number and name."""
    if table.kind == "queues":
        return [row.of or table.said["all"]]
    return [row.of or table.said["all"], row.name]


def harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def local(moment: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(moment, zone)


def csv_of(table: Table) -> Iterator[bytes]:
    """Piece by piece: rows, then sums, in which the day is the word for sum."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    out.write(BOM)
    write(table.header)
    for number, row in enumerate([*table.report.rows, *table.report.sums], 1):
        times = [local(moment, table.zone).isoformat(timespec="minutes") for moment in (row.begins, row.ends)]
        figures = ["" if figure is None else round(figure, 4) for figure in row.figures.values()]
        write([row.day or table.said["sum"], *times, *map(harmless, who(table, row)), *figures])
        if number % LINES_AT_ONCE == 0:
            yield taken(out)
    yield taken(out)


def taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()
