"""What the ledger's counters are called, and how long they are kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from realtime.plan.dialling import Happening, Scope
from realtime.words import SECOND, Micros

KEEP_S = 62 * 86_400
"""Longer than the longest window of any preset: 60 days after a refusal (France), 30-day blocks."""
MINUTE: Micros = 60 * SECOND
FLIGHT_S = 4 * 3600
"""A call that nobody ended by then is a ghost: it holds no place any more (complaint 5 of the peers)."""


def counter(happening: Happening, scope: Scope, values: Mapping[str, str]) -> str:
    """`attempt:person+debt:VALUE/VALUE`; empty where a part of the scope is not known."""
    whose = of(scope, values)
    return f"{happening}:{whose}" if whose else ""


def of(scope: Scope, values: Mapping[str, str]) -> str:
    """Of whom: `person+debt:VALUE/VALUE`, for whoever names several counters of a scope."""
    parts = [values.get(each, "") for each in scope]
    return f"{'+'.join(scope)}:{'/'.join(parts)}" if all(parts) else ""


def called_back(scopes: Mapping[str, str], moment: Micros) -> str:
    """That this number asked this client to be called in that minute; empty where it is not known who. No other client's dials stand
    on it."""
    whose = of(("number", "client"), scopes)
    return f"callback:{whose}/{moment // MINUTE}" if whose else ""


FLIGHT = "flight:"


def flight(what: str, value: str = "") -> str:
    """Calls under way, a member a dial: of `centre`, `campaign`, `unreserved` (campaign's dials without an agent),
    `reserved` (those that hold one), `agent`."""
    return f"{FLIGHT}{what}:{value}"


def keep_of(key: str) -> int:
    """Seconds that what is written under this key is kept."""
    return FLIGHT_S if key.startswith(FLIGHT) else KEEP_S
