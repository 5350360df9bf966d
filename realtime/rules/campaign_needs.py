"""What each need of a campaign's step means: by the words of `campaign_life.py`, a finding each. Pure.

Not the table of steps, and not who may. All needs of a step are looked at, so that an answer names everything that is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from realtime.decision import Finding
from realtime.floor import Floor
from realtime.fold.campaigns import frozen
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import Campaign
from realtime.rules.campaign_life import LifeStep, Need
from realtime.rules.clock import zone_of
from realtime.words import SECOND, Micros


class Case(NamedTuple):
    """One step of one campaign, as it is asked for. `campaign` None: the plan has it no more."""

    step: LifeStep
    state: CampaignNow
    campaign: Campaign | None
    today: str
    reason: str = ""
    evidence: str = ""


def today(floor: Floor, now: Micros) -> str:
    """The ISO date by the floor's clocks: what a contract's dates are of."""
    return datetime.fromtimestamp(now / SECOND, UTC).astimezone(ZoneInfo(zone_of(floor))).date().isoformat()


def needs(case: Case) -> list[Finding]:
    return [_NEEDS[each](case) for each in case.step.needs]


def _reason(case: Case) -> Finding:
    return Finding("campaign.reason", values={"reason": case.reason}) if case.reason else Finding("campaign.no_reason", "deny")


def _evidence(case: Case) -> Finding:
    return Finding("campaign.evidence", values={"evidence": case.evidence}) if case.evidence else Finding("campaign.no_evidence", "deny")


def _judged(case: Case) -> Finding:
    """A reason overrules: a list may be shorter than what is asked for."""
    least = case.campaign.trial.judged_dials if case.campaign is not None else 0
    values = {"dials": case.state.trial.dials, "least": least}
    if case.state.trial.dials >= least:
        return Finding("campaign.judged", values=dict(values))
    if case.reason:
        return Finding("campaign.judged_early", values={**values, "reason": case.reason})
    return Finding("campaign.not_judged", "deny", dict(values))


def _items(case: Case) -> Finding:
    planned = [each for each in case.state.items.values() if each.owner and each.due]
    return Finding("campaign.items", values={"items": len(planned)}) if planned else Finding("campaign.no_items", "deny")


def _mended(case: Case) -> Finding:
    items = case.state.items.values()
    still = [each for each in items if not (each.done and each.evidence)]
    if items and not still:
        return Finding("campaign.mended", values={"items": len(items)})
    return Finding("campaign.not_mended", "deny", {"open": len(still), "items": len(items)})


def _was(case: Case) -> Finding:
    """Whoever was stopped in its trial has had no review: formal would be a way round it."""
    if case.state.resumes == case.step.to:
        return Finding("campaign.goes_back", values={"stage": case.step.to})
    return Finding("campaign.was_not", "deny", {"stage": case.step.to, "was": case.state.resumes})


def _planned(case: Case) -> Finding:
    return (
        Finding("campaign.planned") if case.campaign is not None else Finding("campaign.not_planned", "deny", {"campaign": case.state.id})
    )


def _contract(case: Case) -> Finding:
    if is_over(case.campaign, case.today):
        return Finding("campaign.contract_over", "deny", {"ends": case.campaign.contract.ends if case.campaign is not None else ""})
    return Finding("campaign.contract")


def is_over(campaign: Campaign | None, today: str) -> bool:
    """Its last day is the contract's, too: ISO dates are in order as words."""
    return campaign is not None and bool(campaign.contract.ends) and today > campaign.contract.ends


def _confirmed(case: Case) -> Finding:
    return Finding("campaign.confirmed") if frozen(case.state) else Finding("campaign.not_confirmed", "deny")


_NEEDS: Mapping[Need, Callable[[Case], Finding]] = {
    "reason": _reason,
    "evidence": _evidence,
    "judged": _judged,
    "items": _items,
    "mended": _mended,
    "was": _was,
    "planned": _planned,
    "contract": _contract,
    "confirmed": _confirmed,
}
