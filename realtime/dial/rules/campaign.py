"""The campaign: is there one, may it dial today, does its contract hold, and what a trial may not do. Pure.

Not its steps (`realtime/rules/campaign_life.py`). The counts that contract and trial speak of are in `counting.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from realtime.decision import Finding
from realtime.dial.applies import missing
from realtime.dial.hours import within
from realtime.dial.rules.case import Case, begins, date_of, moment
from realtime.dial.rules.laid import calendars_of
from realtime.dial.rules.same import Same
from realtime.ledger.port import DIALLING_STATES
from realtime.plan.dialling import METHODS, PURPOSES, Campaign, HoursRule, Span

CAMPAIGNS_KEPT = 256


def campaign(case: Case) -> Iterator[Finding]:
    if case.seen.stopped:
        yield Finding("dial.campaign.all_stopped", "deny")
    else:
        yield Finding("dial.campaign.not_stopped")
    yield from words(case)
    here = case.campaign
    if here is None:
        yield Finding("dial.campaign.unknown", "deny", {"campaign": case.ask.campaign})
        return
    state = case.seen.state.state if case.seen.state is not None else "draft"
    named = {"campaign": here.name or here.id, "campaign_zh": here.name_zh or here.name or here.id, "life": state}
    if state in DIALLING_STATES:
        yield Finding("dial.campaign", "allow", {**named})
    else:
        yield Finding("dial.campaign.state", "deny", {**named})
    yield from rules(case, here)
    yield from contract(case, here)


def words(case: Case) -> Iterator[Finding]:
    """Purposes and methods that this version does not know: no rule would speak of them."""
    if case.purpose not in PURPOSES and (case.purpose or case.campaign is not None):
        yield Finding("dial.campaign.purpose", "deny", {"purpose": case.purpose})
    if case.method not in METHODS:
        yield Finding("dial.way.method", "deny", {"method": case.method})


def rules(case: Case, here: Campaign) -> Iterator[Finding]:
    """Nobody is called for business where no rule says when: a preset that is not there, or none for this number, is no leave."""
    for each in missing(case.seen.rules, here):
        yield Finding("dial.campaign.preset_missing", "deny", {"preset": each})
    presets = case.laid.presets
    if any(each is not here.rules or each.hours for each in presets):
        yield Finding("dial.campaign.rules", "allow", {"presets": ", ".join(each.name for each in presets)})
    elif case.marketed:
        yield Finding("dial.campaign.no_rules", "deny", {"country": case.ask.number.country or "?", "purpose": case.marketed})
    else:
        yield Finding("dial.campaign.rules_none", "allow", {"purpose": case.purpose})


def contract(case: Case, here: Campaign) -> Iterator[Finding]:
    terms, zone, now = here.contract, case.seen.zone, case.seen.now
    if not (terms.begins or terms.ends or terms.hours):
        return
    today = date_of(now, zone)
    if terms.begins and today < terms.begins:
        at = begins(terms.begins, zone)
        yield Finding("dial.contract.not_begun", "defer" if at else "deny", {"begins": terms.begins}, at)
    if terms.ends and today > terms.ends:
        yield Finding("dial.contract.ended", "deny", {"ends": terms.ends})
    elif terms.ends or terms.begins:
        yield Finding("dial.contract.free", "allow", {"begins": terms.begins or "-", "ends": terms.ends or "-"})
    if terms.hours:
        yield _hours(case, terms.hours)


def _hours(case: Case, hours: tuple[Span, ...]) -> Finding:
    zone, now = case.seen.zone, case.seen.now
    opening = within(contract_hours(hours), now, zone, calendars_of(Same(case.seen.rules)), "")
    values = {"local": opening.local[:16]}
    if opening.open:
        return Finding("dial.contract.hours.free", "allow", {**values})
    if not opening.opens:
        return Finding("dial.contract.hours.never", "deny", {**values})
    return Finding("dial.contract.hours", "defer", {**values, "until": moment(opening.opens, zone)}, opening.opens)


@lru_cache(CAMPAIGNS_KEPT)
def contract_hours(hours: tuple[Span, ...]) -> HoursRule:
    """Every day alike, by the floor's clocks."""
    return HoursRule(id="contract", days=(hours,) * 7)
