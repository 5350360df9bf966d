"""What trying a plan found, as data: wishes and what became of them, half-hours and what they cost. For programs and for `say.py`."""

from __future__ import annotations

from typing import Literal

import msgspec

from realtime.decision import Finding
from realtime.whatif.dials import DialsFound
from realtime.words import AgentId, Micros

Fate = Literal["at_once", "waited", "refused", "dropped", "still_waiting"]
"""Granted as asked; after a wait; not at all; the agent left before its turn; the record ended before its turn."""


class Wish(msgspec.Struct, kw_only=True):
    """Somebody wanted to be away. `length` 0: the record refused it, so nobody knows for how long."""

    agent: AgentId
    kind: str
    asked: Micros
    began: Micros = 0  # in the record; 0: never
    length: Micros = 0
    recorded: Literal["pause", "granted", "refused"] = "pause"  # pause: on the phone, nobody was asked
    # under the plan that is tried:
    fate: Fate = "still_waiting"
    begins: Micros = 0
    rule: Finding | None = None  # what held it back, or refused it


class Half(msgspec.Struct, frozen=True, kw_only=True):
    """One queue in one half-hour. Agents there on average; service levels 0..1, None without calls."""

    begins: Micros
    queue: str
    offered: int
    agents_was: float
    agents_new: float
    measured: float | None
    level_was: float | None
    level_new: float | None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    since: Micros
    until: Micros
    timezone: str
    facts: int
    ruled: bool  # the plan has kinds of break: without any it holds nothing back
    wishes: tuple[Wish, ...] = ()
    halves: tuple[Half, ...] = ()
    meetings: int = 0  # that the plan would have held
    dials: DialsFound | None = None  # None: nobody asked to dial
