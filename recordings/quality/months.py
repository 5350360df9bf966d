"""KPI months: what somebody's scored contacts of a month say, and who goes to training because of it (离岗培训). Pure.

The operations plan: off the post when one KPI is missed two calendar months running, or three times in half a year. A month with fewer
contacts than the rule asks for says nothing, neither for nor against: it is no miss, so misses on both sides of it are not running, and it
lifts nothing. Who is sent to training takes no calls, and must not be let off by the silence of that month: a month that is better does it,
or a training that is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from realtime.plan.quality import KpiRule


class Contact(NamedTuple):
    """One scored contact that counts."""

    month: str  # YYYY-MM
    points: int | None  # hundredths
    critical: bool


class KpiMonth(NamedTuple):
    """`contacts`: those that tell this number. `missed` None: too few of them to say."""

    month: str
    contacts: int
    value: float | None
    missed: bool | None


def months_of(contacts: Sequence[Contact], rule: KpiRule) -> list[KpiMonth]:
    """In order; only months with a contact."""
    by_month: dict[str, list[Contact]] = {}
    for contact in contacts:
        by_month.setdefault(contact.month, []).append(contact)
    return [_month(name, by_month[name], rule) for name in sorted(by_month)]


def due(months: Sequence[KpiMonth], rule: KpiRule, current: str, trained: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The missed months that send to training as of the month `current`, which is not over and does not count; empty: none do. `trained`:
    months that training was given for, which send nobody again."""
    told = [each for each in months if each.missed is not None and each.month < current]
    missed = {each.month for each in told if each.missed} - trained
    if not told or told[-1].month not in missed:
        return ()
    last, first = told[-1].month, before(current, rule.within)
    run = [before(last, many) for many in range(rule.running - 1, -1, -1)]
    if run and last >= min(first, before(current, 1)) and missed.issuperset(run):
        return tuple(run)
    often = sorted(month for month in missed if month >= first)
    return tuple(often[-rule.times :]) if rule.times and len(often) >= rule.times else ()


def before(month: str, many: int) -> str:
    """2026-01 and 2 give 2025-11."""
    number = int(month[:4]) * 12 + int(month[5:7]) - 1 - many
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _month(name: str, contacts: Sequence[Contact], rule: KpiRule) -> KpiMonth:
    if rule.number == "critical":
        told = [0.0 if each.critical else 100.0 for each in contacts]
    else:
        told = [each.points / 100 for each in contacts if each.points is not None]
    if not told:
        return KpiMonth(name, 0, None, None)
    value = sum(told) / len(told)
    return KpiMonth(name, len(told), value, None if len(told) < rule.least else value < rule.below)
