"""KPI months: what somebody's scored contacts of a month say, and who goes to training because of it (离岗培训). Pure.

The operations plan: off the post when one KPI is missed two months running, or three times in half a year. A month with fewer scored
contacts than the rule asks for says nothing, neither for nor against, and does not break a run.
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
    """`missed` None: too few contacts to say."""

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


def due(months: Sequence[KpiMonth], rule: KpiRule, current: str) -> tuple[str, ...]:
    """The missed months that send to training as of the month `current`, which is not over and does not count; empty: none do."""
    told = [each for each in months if each.missed is not None and each.month < current]
    run: list[str] = []
    for each in told:
        run = [*run, each.month] if each.missed else []
    if rule.running and len(run) >= rule.running and run[-1] == before(current, 1):
        return tuple(run[-rule.running :])
    first = before(current, rule.within)
    missed = [each.month for each in told if each.missed and each.month >= first]
    return tuple(missed[-rule.times :]) if rule.times and len(missed) >= rule.times else ()


def before(month: str, many: int) -> str:
    """2026-01 and 2 give 2025-11."""
    number = int(month[:4]) * 12 + int(month[5:7]) - 1 - many
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _month(name: str, contacts: Sequence[Contact], rule: KpiRule) -> KpiMonth:
    if rule.number == "critical":
        value = 100.0 * sum(not each.critical for each in contacts) / len(contacts)
    else:
        told = [each.points for each in contacts if each.points is not None]
        value = sum(told) / len(told) / 100 if told else 0.0
    if len(contacts) < rule.least:
        return KpiMonth(name, len(contacts), value, None)
    return KpiMonth(name, len(contacts), value, value < rule.below)
