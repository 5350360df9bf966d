"""How the plan in force calls what lines of the archive name by an id: agents, campaigns, classes, results. Pure.

Not who may see a line (`reaching.py`): these are the names that stand on the wall. What the plan does not know, or has no name for, is
left out, and a page shows its id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec

from realtime.plan.model import Plan


class Named(msgspec.Struct, frozen=True):
    name: str
    name_zh: str


class Names(msgspec.Struct, kw_only=True):
    """By id."""

    agents: dict[str, str]
    campaigns: dict[str, Named]
    classes: dict[str, Named]
    outcomes: dict[str, Named]


class _Called(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def name_zh(self) -> str: ...


def names_of(plan: Plan) -> Names:
    return Names(
        agents={each.id: each.name for each in plan.people if each.name},
        campaigns=_named((each.id, each) for each in plan.dialling.campaigns),
        classes=_named((each.id, each) for each in plan.archive.classes),
        outcomes=_named((each.code, each) for each in plan.dialling.outcomes),
    )


def _named(found: Iterable[tuple[str, _Called]]) -> dict[str, Named]:
    return {id_: Named(each.name, each.name_zh) for id_, each in found if each.name or each.name_zh}
