"""Many values, so many at a time: a database takes a bounded number of them in one question. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def by(count: int, all_: Sequence[T]) -> Iterator[Sequence[T]]:
    """`count`: SQLite takes at least 999 values in one question, as older ones are built."""
    for begin in range(0, len(all_), count):
        yield all_[begin : begin + count]
