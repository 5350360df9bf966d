"""Something as the key of a cache: equal to itself alone. A plan's structs are large, and hashing one by its fields costs more than a dial.

What a key holds stays alive as long as the key, so no other thing can get its identity meanwhile; each cache has its bound.
"""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Same(Generic[T]):
    __slots__ = ("it",)

    def __init__(self, it: T) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.it is self.it
