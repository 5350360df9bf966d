"""What must be counted for a dial, what it takes when it is allowed, and what each count says. Pure.

Not the counters (`realtime/ledger/`). Caps and cool-downs of presets, caps of contract and trial, calls under way. What was not
counted holds back: nobody knows whether there is room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from realtime.decision import Finding
from realtime.dial import windows
from realtime.dial.model import Check, Counted, Counts, DialAsk, InOrder, Prepared, Seen
from realtime.dial.pace import pace
from realtime.dial.rules.case import MARKETED, Case, moment
from realtime.dial.rules.laid import Counting, Laid, Values, sinces
from realtime.ledger.names import FLIGHT_S, KEEP_S, counter, flight, of
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import SCOPES, Campaign, Scope, Window
from realtime.words import SECOND, Micros

STEPS = ("campaign", "cool_down", "cap", "way", "abandon", "concurrency")
"""Of the decision, in their order, that counts belong to."""
LIFTS = ("consent", "callback", "reserved")
CAMPAIGN: Scope = ("campaign",)
READY_UNKNOWN = 10_000
"""More agents than any floor has: where nobody counted those who are ready, the abandonment budget alone is the bound."""


_check = tuple.__new__
"""A hundred of them a dial: NamedTuple's own way through Python takes twice as long."""


class Asked(NamedTuple):
    """Both halves' parts of one dial, while its checks are made."""

    ask: DialAsk
    seen: Seen
    laid: Laid
    method: str
    zones: tuple[str, ...]
    scopes: Mapping[str, str]


def checks(asked: Asked) -> tuple[tuple[Check, ...], tuple[Counting, ...]]:
    """And what each of them is about."""
    zones = asked.zones or (asked.seen.zone,)
    laid, state = asked.laid, asked.seen.state
    since = sinces(laid, asked.seen.now, zones, state.began if state is not None else 0)
    whose = {scope: of(scope, asked.scopes) for scope in laid.scopes}
    keys = [f"{happening}:{whose[scope]}" if whose[scope] else "" for happening, scope in laid.keys]
    planned, abouts = laid.planned, laid.abouts
    if not asked.ask.reserved and laid.machine_day:
        planned, abouts = planned + laid.machine_day, abouts + tuple(each.about for each in laid.machine_day)
    found = [_check(Check, (about.code, keys[key], since[window], most)) for about, key, window, most in planned]
    more = list(of_campaign(asked, asked.seen.campaign)) if asked.seen.campaign is not None else []
    more += under_way(asked)
    return (*found, *(check for check, _ in more)), (*abouts, *(about for _, about in more))


# ------------------------------------------------------------------ contract and trial


def of_campaign(asked: Asked, campaign: Campaign) -> Iterator[tuple[Check, Counting]]:
    """Caps of a day by the floor's clocks."""
    if campaign.contract.dials_day >= 0:
        yield _day(asked, "dial.contract.dials", "attempt", campaign.contract.dials_day)
    if asked.seen.state is not None and asked.seen.state.state == "trial":
        yield _day(asked, "dial.trial.dials", "attempt", campaign.trial.dials_day)
        yield _day(asked, "dial.trial.contacts", "live", campaign.trial.contacts_day)
        key = flight("campaign", campaign.id)
        yield _flight(asked, "campaign", "dial.trial.agents", key, campaign.trial.agents)


def _day(asked: Asked, code: str, happening: str, most: int) -> tuple[Check, Counting]:
    window = Window(kind="calendar_day", zone=asked.seen.zone)
    said: Values = {"most": most}
    since = windows.since(window, asked.seen.now, window.zone, 0)
    key = counter(happening, CAMPAIGN, asked.scopes)  # type: ignore[arg-type]
    return Check(code, key, since, most), Counting("campaign", code, said, said, window)


# ------------------------------------------------------------------ calls under way


def under_way(asked: Asked) -> Iterator[tuple[Check, Counting]]:
    ask, seen, campaign = asked.ask, asked.seen, asked.seen.campaign
    if campaign is not None:
        if not ask.reserved:
            yield _flight(asked, "abandon", "dial.abandon", flight("unreserved", campaign.id), budget(seen, campaign))
        elif seen.at_work >= 0 and holds_agent(ask, campaign):
            yield _flight(asked, "concurrency", "dial.at_once.reserved", flight("reserved", campaign.id), seen.at_work)
        if campaign.at_once:
            yield _flight(asked, "concurrency", "dial.at_once.campaign", flight("campaign", campaign.id), campaign.at_once)
    if seen.rules.at_once:
        yield _flight(asked, "concurrency", "dial.at_once.centre", flight("centre"), seen.rules.at_once)
    if ask.agent:
        yield _flight(asked, "concurrency", "dial.at_once.agent", flight("agent", ask.agent), 1)


def holds_agent(ask: DialAsk, campaign: Campaign | None) -> bool:
    """Whether it needs one of the campaign's agents to itself. That one is reserved is the dialler's word; that there are no more calls
    than people who could take them is ours. A call that is passed on has somebody on it already, and where nothing is sold it may be."""
    sells = campaign is not None and (ask.purpose in MARKETED or campaign.purpose in MARKETED)
    return ask.reserved and (bool(ask.agent) or ask.method != "manual" or sells)


def _flight(asked: Asked, step: str, code: str, key: str, most: int) -> tuple[Check, Counting]:
    """One that is older than any call is a ghost and counts no more."""
    said: Values = {"most": most}
    return Check(code, key, asked.seen.now - FLIGHT_S * SECOND, most), Counting(step, code, said, said)


def budget(seen: Seen, campaign: Campaign) -> int:
    """How many calls without an agent there may be: the governor's word, for who follows it and who does not."""
    state = seen.state if seen.state is not None else CampaignNow(campaign.id)
    ready = seen.ready if seen.ready >= 0 else READY_UNKNOWN
    most = pace(campaign, state, seen.rules, seen.now, 0, ready, seen.zone).most_unreserved
    return most + seen.settled if most else 0  # the ledger counts all that are under way, the governor those that nobody answered yet


# ------------------------------------------------------------------ what an allowed dial takes


def takes(ask: DialAsk, scopes: Mapping[str, str], campaign: Campaign | None = None) -> tuple[tuple[str, int], ...]:
    """The attempt under every scope that there is, whatever holds today, and its place among the calls under way."""
    attempts = [(key, KEEP_S) for scope in SCOPES if (key := counter("attempt", scope, scopes))]
    flights = [flight("centre"), flight("campaign", ask.campaign)]
    if not ask.reserved:
        flights.append(flight("unreserved", ask.campaign))
    elif holds_agent(ask, campaign):
        flights.append(flight("reserved", ask.campaign))
    if ask.agent:
        flights.append(flight("agent", ask.agent))
    return (*attempts, *((key, FLIGHT_S) for key in flights))


# ------------------------------------------------------------------ what the counts say


class Weighed(NamedTuple):
    findings: dict[str, list[Finding]]  # by step
    checks: tuple[Check, ...]  # without what is lifted


def weigh(case: Case, prepared: Prepared, counts: Counts) -> Weighed:
    findings: dict[str, list[Finding]] = {step: [] for step in STEPS}
    kept: list[Check] = []
    for check, about, counted in zip(prepared.checks, prepared.about, _each(counts, prepared.checks), strict=True):
        assert isinstance(about, Counting)
        word = case.lifted(about.unless, LIFTS) if about.unless else ""
        if not word:
            kept.append(check)
        if counted is not None and about.fresh is not None and counted.events == 0 < check.most:
            findings[about.step].append(about.fresh)
        else:
            findings[about.step].append(_said(case, check, about, counted, word))
    if case.trial and all(each.rule != "dial.trial.dials" for each in prepared.checks):  # it became one after that was prepared
        findings["campaign"].append(Finding("dial.uncounted", "deny"))
    if case.ask.reserved and case.laid.abandons:
        findings["abandon"].append(Finding("dial.abandon.reserved"))
    return Weighed(findings, tuple(kept))


def _each(counts: Counts, checks: Sequence[Check]) -> Sequence[Counted | None]:
    """What was counted for each; None where nobody did."""
    if isinstance(counts, InOrder) and counts.checks is checks and len(counts.each) == len(checks):
        return counts.each
    return [counts.get((key, since, most)) if key else None for _, key, since, most in checks]


def _said(case: Case, check: Check, about: Counting, counted: Counted | None, word: str) -> Finding:
    if counted is not None and counted.events < check.most:
        return Finding(f"{about.code}.free", "allow", {**about.values, "used": counted.events})
    if word:
        return Finding("dial.lifted", "allow", {**about.values, "lifted_by": word, "proof": case.words[word]})
    if counted is None:
        return Finding("dial.uncounted", "deny", {**about.held})
    values = {**about.held, "used": counted.events}
    if about.window is None:
        return Finding(about.code, "deny", values)
    until = freed(case, about.window, counted.frees)
    if not until:
        return Finding(f"{about.code}.never", "deny", values)
    return Finding(about.code, "defer", {**values, "until": moment(until, case.seen.zone)}, until)


def freed(case: Case, window: Window, event: Micros) -> Micros:
    """When this event counts in none of the zones any more; 0: nobody knows."""
    if not event:
        return 0
    began = case.seen.state.began if case.seen.state is not None else 0
    return max(windows.frees(window, event, zone, began) for zone in case.zones or (case.seen.zone,))
