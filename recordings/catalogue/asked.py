"""What is looked for among recordings, and whose. Pure.

Not the looking (`search.py`). Numbers are keyed digests by the time they come here.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from realtime.words import Micros

LIMIT_MOST = 200
"""Lines of one page: more is a program that should ask for the next page."""


class Key(NamedTuple):
    """Where one page ends and the next begins: newest first."""

    began: Micros
    place: int


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Empty and 0 ask nothing. `since` <= began < `until`; lengths and scores include both ends. Without a `state` what is disposed of or
    lost is not found."""

    agent: str = ""
    campaign: str = ""
    client: str = ""
    queue: str = ""
    numbers: tuple[str, ...] = ()
    call: str = ""
    since: Micros = 0
    until: Micros = 0
    shortest_ms: int = 0
    longest_ms: int = 0
    outcome: str = ""
    direction: str = ""
    class_: str = ""
    tag: str = ""
    score_from: int | None = None  # hundredths of a point
    score_to: int | None = None
    trouble: str = ""  # one word, or "any"
    state: str = ""
    held: bool = False  # only what a legal hold keeps
    blind: tuple[int, ...] = ()  # places whose score who asks must not know: none of them is found by its score


class Reach(NamedTuple):
    """Whose recordings somebody may find. `agents`: calls that one of them talked in; None: all. `restricted`: also what is only kept by
    duty."""

    agents: frozenset[str] | None = None
    restricted: bool = False


ALL = Reach(None, True)
