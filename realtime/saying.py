"""Facts to be said: what pure code hands to whoever numbers and appends them. Not facts yet: they have no session and no number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from realtime.facts import Fact
from realtime.words import Micros, Node

Ids = Callable[[], str]
"""Gives an id that nobody has: for orders, messages, meetings. Where it comes from is the shell's business."""


class Saying(NamedTuple):
    """Its type, the moment or deadline it is about, its fields by name, and the node it is about."""

    kind: type[Fact]
    at: Micros
    fields: dict[str, Any]
    node: Node = Node("")

    def fact(self, seen: Micros, session: str, seq: int) -> Fact:
        return self.kind(self.at, seen, self.node, session, seq, **self.fields)


def say(kind: type[Fact], at: Micros, node: str = "", /, **fields: Any) -> Saying:
    return Saying(kind, at, fields, Node(node))
