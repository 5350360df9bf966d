"""A floor's snapshot as text for a terminal. Pure: JSON as `/api/floor` gives it comes in, lines come out.

Not the asking (`ask.py`). Names come from a PBX and may hold anything: what could steer a terminal is shown as `?`. Chinese
characters take two columns. Unknown is a dash, never 0.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

DASH = "-"
CELL_MAX = 40
"""Columns of the widest cell: longer names are cut, the figures stay on the screen."""

Row = Mapping[str, Any]


def floor_lines(floor: Row) -> list[str]:
    now = float(floor["time"])
    return [
        *_head(floor, now),
        "",
        *_table(("QUEUE", "WAITING", "LONGEST", "OFFERED", "ANSWERED", "ABANDONED", "OTHER", "UNKNOWN", "LEVEL"), _queues(floor, now)),
        "",
        *_table(("AGENT", "NAME", "STATE", "SINCE", "REASON", "QUEUE", "ANSWERED"), _agents(floor, now), left=(0, 1, 2, 4, 5)),
    ]


def _head(floor: Row, now: float) -> list[str]:
    totals = floor.get("totals") or {}
    states = ", ".join(f"{count} {state}" for state, count in (totals.get("agents") or {}).items() if count)
    nodes = ", ".join(f"{clean(node['node'])} {node['link']}, {_heard(node['heard'], now)}" for node in floor["nodes"])
    return [
        f"{clean(floor['floor'])}, business day {floor['day']}",
        f"PBX: {nodes or 'none has been heard yet'}",
        *(f"     {clean(node['node'])}: {clean(node['reason'])}" for node in floor["nodes"] if node.get("reason")),
        f"Agents: {states or 'none'}",
    ]


def _heard(heard: float, now: float) -> str:
    return f"heard {duration(now - heard)} ago" if heard else "not heard yet"


def _queues(floor: Row, now: float) -> list[list[str]]:
    rows = [(str(row["name"]), row) for row in floor["queues"]]
    if floor.get("totals"):
        rows.append(("all", floor["totals"]))
    return [
        [
            name,
            number(row["waiting"]),
            since(row["longest_wait_since"], now),
            *(number(row[key]) for key in ("offered", "answered", "abandoned", "left_otherwise", "unknown")),
            percentage(row["service_level"]),
        ]
        for name, row in rows
    ]


def _agents(floor: Row, now: float) -> list[list[str]]:
    return [
        [
            str(row["id"]),
            str(row["name"]),
            str(row["state"]),
            since(row["since"], now),
            str(row["reason"]),
            str(row.get("queue") or ""),
            number(row["answered"]),
        ]
        for row in floor["agents"]
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> list[str]:
    cells = [list(head), *([cut(clean(cell)) for cell in row] for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    return ["  ".join(_padded(cell, widths[n], n in left) for n, cell in enumerate(row)).rstrip() for row in cells]


def _padded(text: str, columns: int, left: bool) -> str:
    blank = " " * (columns - width(text))
    return text + blank if left else blank + text


# ---------------------------------------------------------------- cells


def clean(text: str) -> str:
    """Nothing that moves the cursor, colours, or turns the direction of writing."""
    return "".join(character if character.isprintable() else "?" for character in str(text))


def width(text: str) -> int:
    return sum(0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def cut(text: str) -> str:
    if width(text) <= CELL_MAX:
        return text
    while width(text) > CELL_MAX - 1:
        text = text[:-1]
    return text + "…"


def number(value: int | None) -> str:
    return DASH if value is None else str(value)


def percentage(value: float | None) -> str:
    return DASH if value is None else f"{value * 100:.1f}%"


def since(moment: float | None, now: float) -> str:
    return DASH if moment is None else duration(now - moment)


def duration(seconds: float) -> str:
    """mm:ss, h:mm:ss from an hour on."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
