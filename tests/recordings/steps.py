"""How much work a database does for something, counted and not timed: the same on every computer, however busy it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import Engine

GRAIN: Final = 10
"""Steps between two looks: a line that is passed over takes some."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is said to any database meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", note)


class Steps:
    def __init__(self) -> None:
        self.many = 0

    def count(self) -> int:
        """As SQLite asks it: 0 goes on."""
        self.many += GRAIN
        return 0


@contextmanager
def steps() -> Iterator[Steps]:
    """Of SQLite's machine; of all connections that are made from here on: `many` may be put back to 0."""
    made = Steps()

    def watch(connection: Any, _record: object) -> None:
        connection.run_async(lambda driver: driver.set_progress_handler(made.count, GRAIN))

    event.listen(Engine, "connect", watch)
    try:
        yield made
    finally:
        event.remove(Engine, "connect", watch)
