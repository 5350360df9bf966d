"""Recordings held against the plan of this moment: for each its class, its clocks, until when it is kept and why.

Not the reckoning (`clocks.py`) and not what is written back (`recompute.py`). Whoever decides about a recording asks here, never the
columns alone: they are as old as the last night.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.archive import ArchiveRules, RetentionClass
from realtime.plan.dialling import Campaign
from realtime.plan.model import Plan
from realtime.words import Micros
from recordings.retention.clocks import Clocks, Keeping, class_for, class_named, keeping
from recordings.retention.events import clocks_of, contract_ends
from recordings.words import State

Verdict = Literal["gone", "held", "conflict", "kept", "may_go", "busy"]
"""`busy`: it may go by all rules, but is not at rest: being sealed, or quarantined."""


AT_REST: Final = frozenset({State.KEPT, State.DUE, State.LOST})
"""What is lost has a key and damaged copies still, and whoever finds them hears a part of it: its rules hold for that, and so does their
end."""


class Policy(NamedTuple):
    """What the plan says, as far as keeping goes."""

    rules: ArchiveRules
    campaigns: Mapping[str, Campaign]
    timezone: str

    def class_of(self, row: RowMapping) -> str:
        """What the line says; where it says nothing, what the plan says now."""
        known: str = row["class_"] or class_for(row["campaign"], row["queue"], self.campaigns.get(row["campaign"]), self.rules)
        return known


def policy_of(plan: Plan, timezone: str) -> Policy:
    return Policy(plan.archive, {each.id: each for each in plan.dialling.campaigns}, timezone)


class Judged(NamedTuple):
    row: RowMapping
    class_: str
    clocks: Clocks
    keeping: Keeping

    def verdict(self, now: Micros) -> Verdict:
        return verdict_of(State(self.row["state"]), self.row["holds"], self.keeping, now)


def verdict_of(state: State, holds: int, kept: Keeping, now: Micros) -> Verdict:
    """A hold wins over everything that a rule says."""
    if state is State.DISPOSED:
        return "gone"
    if holds:
        return "held"
    if kept.conflict:
        return "conflict"
    if not kept.may_go(now):
        return "kept"
    return "may_go" if state in AT_REST else "busy"


async def judged(connection: AsyncConnection, rows: Sequence[RowMapping], policy: Policy, now: Micros) -> list[Judged]:
    """Rows of `recordings`, whole; in their order."""
    clocks = await clocks_of(connection, rows, contract_ends(policy.campaigns.values(), policy.timezone), policy.timezone)
    found = []
    for row, each in zip(rows, clocks, strict=True):
        name = policy.class_of(row)
        found.append(Judged(row, name, each, keeping(class_named(name, policy.rules), each, now)))
    return found


def duties_of(class_: RetentionClass | None) -> RetentionClass | None:
    """The rules of a class that a wish to be erased does not win against; no class: nobody knows, so None. A rule that says only by when
    it must be gone stands against no wish; one without any term is a slip, and keeps."""
    if class_ is None:
        return None
    return msgspec.structs.replace(class_, rules=tuple(rule for rule in class_.rules if rule.duty and (rule.least or not rule.most)))
