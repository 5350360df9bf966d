"""Dials for tests: a campaign with presets made on the spot, one number, and a ledger that is a table of moments.

office = Office(Preset(name="fl", hours=(...)))
office.call(at)                       # asks, and where it is allowed takes
office.happened("conversation", at)   # what came of a call
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from realtime.decision import Finding
from realtime.dial.judge import judge, prepare
from realtime.dial.model import Blocked, Check, Consent, Counted, DialAsk, Dialled, Judged, ListSeen, Prepared, Seen
from realtime.ledger.names import counter
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import Campaign, DialRules, Happening, HoursRule, Preset, Span
from realtime.plan.model import Person
from realtime.words import SECOND, AgentId, AgentState, Micros

MINUTE: Micros = 60 * SECOND
HOUR: Micros = 60 * MINUTE
DAY: Micros = 24 * HOUR
FLORIDA = Dialled(said="3055550123", e164="+13055550123", digits="3055550123", country="US", kind="fixed_or_mobile", regions=("US-FL",))
MIAMI = "America/New_York"
ANN = Person(id=AgentId("1001"), name="Ann", team="red")


def at(text: str, zone: str = MIAMI) -> Micros:
    """A wall time, as `2026-11-24 09:00`."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


NOON = at("2026-11-24 12:00")
"""A Tuesday."""


def every_day(*spans: Span, id: str = "hours", **more: Any) -> HoursRule:
    return HoursRule(id=id, days=(spans,) * 7, **more)


ALWAYS = Preset(name="always", hours=(every_day((0, 1440), id="always"),))


class Office:
    """One campaign in formal operation, and everything that a dial of it looks at. Each field may be set before a call."""

    def __init__(self, *presets: Preset, **campaign: Any) -> None:
        presets = presets or (ALWAYS,)
        fields = {"id": "c1", "client": "bank", "country": "US", "presets": tuple(each.name for each in presets), **campaign}
        self.campaign: Campaign | None = Campaign(**fields)
        self.rules = DialRules(campaigns=(self.campaign,), presets=presets)
        self.state: CampaignNow | None = CampaignNow("c1", "formal")
        self.ledger: dict[str, list[Micros]] = defaultdict(list)
        self.number = FLORIDA
        self.zone = MIAMI  # of the person called; empty: what the number says
        self.seen: dict[str, Any] = {}
        self.prepared: Prepared | None = None

    def ask(self, **fields: Any) -> DialAsk:
        given = {"number": self.number, "digest": "n1", "campaign": "c1", "method": "progressive", "zone": self.zone, **fields}
        return DialAsk(**given)

    def there(self, now: Micros) -> Seen:
        return Seen(now, self.rules, self.campaign, self.state)._replace(**{"zone": MIAMI, **self.seen})

    def judged(self, now: Micros = NOON, **fields: Any) -> Judged:
        """What the gate would say; takes nothing."""
        ask, there = self.ask(**fields), self.there(now)
        self.prepared = prepare(ask, there)
        return judge(ask, there, self.prepared, self.counts(self.prepared.checks))

    def call(self, now: Micros, **fields: Any) -> Judged:
        judged = self.judged(now, **fields)
        if judged.decision.verdict == "allow":
            assert self.prepared is not None
            for key, _ in self.prepared.takes:
                if not key.startswith("flight:"):  # it is over at once
                    insort(self.ledger[key], now)
        return judged

    def happened(self, happening: Happening, now: Micros, *scope: str) -> None:
        values = {"number": "n1", "person": "n1", "debt": "n1", "subject": "c1", "client": "bank", "campaign": "c1", "centre": "all"}
        insort(self.ledger[counter(happening, scope or ("number",), values)], now)

    def counts(self, checks: Sequence[Check]) -> dict[tuple[str, Micros, int], Counted]:
        return {(each.key, each.since, each.most): self.counted(each) for each in checks}

    def counted(self, check: Check) -> Counted:
        there = self.ledger[check.key]
        inside = there[bisect_left(there, check.since) :]
        full = len(inside) >= check.most > 0
        return Counted(len(inside), inside[len(inside) - check.most] if full else 0)


def said(judged: Judged, rule: str) -> Finding:
    """The one finding of this code."""
    (found,) = (each for each in judged.decision.findings if each.rule == rule)
    return found


def codes(judged: Judged) -> list[str]:
    return [each.rule for each in judged.decision.findings]


def held(judged: Judged) -> list[str]:
    """Codes of what holds it back."""
    return [each.rule for each in judged.decision.findings if each.verdict != "allow"]


__all__ = [
    "ALWAYS",
    "ANN",
    "DAY",
    "FLORIDA",
    "HOUR",
    "MIAMI",
    "MINUTE",
    "NOON",
    "AgentState",
    "Blocked",
    "Consent",
    "ListSeen",
    "Office",
    "at",
    "codes",
    "every_day",
    "held",
    "said",
]
