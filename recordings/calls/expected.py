"""Whether a call should have been recorded, and by which rule. Pure; not whether it was (`reconcile.py`)."""

from __future__ import annotations

from typing import Final

from realtime.plan.archive import ArchiveRules, ExpectRule
from recordings.recording import CallCard

BY_GATE: Final = "gate"
"""The gate's decision asked for it (`Constraints.record`), whatever the plan's rules say."""
BY_START: Final = "began"
"""No rule is set: whose recording began should have one."""


def expected(card: CallCard, rules: ArchiveRules) -> str:
    """The rule's id, `gate` or `began`; empty: not expected. A call that nobody answered never is."""
    if not card.answered:
        return ""
    if card.must_record:
        return BY_GATE
    if not rules.expected:
        return BY_START if card.recorded or card.files else ""
    return next((rule.id for rule in rules.expected if speaks_of(rule, card)), "")


def speaks_of(rule: ExpectRule, card: CallCard) -> bool:
    """An empty tuple says nothing; those that are not empty must all hold."""
    asked = ((rule.directions, card.direction), (rule.queues, card.queue), (rule.campaigns, card.campaign))
    return all(value in wanted for wanted, value in asked if wanted)
