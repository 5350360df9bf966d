"""A screen: a snapshot, then deltas. A row replaces the row of its key, `gone` removes; totals and breaks replace."""

from __future__ import annotations

from typing import Any

import msgspec

from realtime.rows import Delta, Snapshot

TABLES = {"queues": "id", "agents": "id", "calls": "id", "nodes": "node"}
Rows = dict[str, Any]


class Screen:
    def __init__(self, snapshot: Snapshot) -> None:
        self.rows = rows_of(snapshot)

    def hear(self, delta: Delta) -> None:
        told = msgspec.to_builtins(delta)
        for table, key in TABLES.items():
            for row in told.get(table, []):
                row["series"] = None
                self.rows[table][row[key]] = row
            for name in told.get("gone", {}).get(table, []):
                self.rows[table].pop(name, None)
        for part in ("totals", "breaks"):
            if told.get(part) is not None:
                self.rows[part] = told[part] | {"series": None}


def rows_of(snapshot: Snapshot) -> Rows:
    """Without curves and the time, which no delta of a quiet minute tells."""
    told = msgspec.to_builtins(snapshot)
    rows: Rows = {table: {row[key]: row | {"series": None} for row in told[table]} for table, key in TABLES.items()}
    return rows | {part: told[part] | {"series": None} for part in ("totals", "breaks")}


def differences(shown: Rows, fresh: Rows) -> list[str]:
    found = []
    for table in TABLES:
        for name in sorted({*shown[table], *fresh[table]}):
            mine, theirs = shown[table].get(name), fresh[table].get(name)
            if mine != theirs:
                found.append(f"{table} {name}: {between(mine, theirs)}")
    return found + [f"{part}: {between(shown[part], fresh[part])}" for part in ("totals", "breaks") if shown[part] != fresh[part]]


def between(mine: Rows | None, theirs: Rows | None) -> str:
    if mine is None or theirs is None:
        return f"shown {mine}, is {theirs}"
    return ", ".join(f"{key} shown {mine.get(key)}, is {theirs[key]}" for key in theirs if mine.get(key) != theirs[key])
