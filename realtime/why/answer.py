"""An explanation as it leaves the board: what `GET /api/why` gives.

Not the words: `formula`, the names of inputs and details and the kinds of facts are keys of the pages' catalogue
(`why.formula.KEY`, `why.input.KEY`, `fact.KEY` in wallboard/web/words/why.js). Times are epoch seconds.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Value = float | int | str | bool | None
Unit = Literal["count", "s", "share", "time", "state", "word", "yes"]
"""`time` is a moment; `state` is a word of the floor (`state.KEY`), `word` is somebody else's (a reason); `yes` is true or false."""


class Input(msgspec.Struct, frozen=True):
    name: str
    value: Value
    unit: Unit


class Evidence(msgspec.Struct, frozen=True):
    """One fact behind a number. `queue` is a key (`node/name`), `call` an id, `agent` a staff number."""

    at: float
    kind: str
    agent: str | None = None
    queue: str | None = None
    call: str | None = None
    detail: dict[str, Value] = {}


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """`facts` are the newest, `more` says how many others there are; `away` is why they are not told, as a sentence."""

    number: str
    of: str
    value: Value
    unit: Unit
    formula: str
    inputs: list[Input]
    since: float | None
    until: float
    facts: list[Evidence] = []
    more: int = 0
    source: Literal["live", "history"] = "live"
    away: str = ""
