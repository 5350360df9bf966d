"""May this be dialled? All rules are looked at, the worst verdict wins, every finding is kept. Pure.

    prepared = prepare(ask, seen)                    # what holds, and what must be counted
    judged = judge(ask, seen, prepared, counts)      # the same `seen`, with what the ledger knows of blocks and consents

Not the rules (`rules/`), not the counting and not the taking (`realtime/ledger/`): an allow from here is no allow until everything
in `Judged.checks` still held when it was taken. The order of the rules is the order in which their findings are read, no more: none
keeps another from being looked at.
"""

from __future__ import annotations

from collections.abc import Mapping

from realtime.decision import Decision, Finding, decide
from realtime.dial.applies import applying, purpose_of
from realtime.dial.model import Counts, DialAsk, Judged, Prepared, Seen
from realtime.dial.rules import counting
from realtime.dial.rules.agent import agent
from realtime.dial.rules.called import called, own_emergency
from realtime.dial.rules.caller_id import caller_id
from realtime.dial.rules.campaign import campaign
from realtime.dial.rules.case import Case, lifts, valid, walls
from realtime.dial.rules.consent import consent
from realtime.dial.rules.do_not_call import lists, requests
from realtime.dial.rules.laid import Laid, lay
from realtime.dial.rules.opening import first_open, hours, places, zones
from realtime.dial.rules.same import Same
from realtime.dial.rules.ways import constraints, ways
from realtime.dial.zones import zones_for
from realtime.plan.dialling import Campaign
from realtime.words import Micros

ALL = "all"
"""The value of the scope `centre`: there is one of it."""
NOTHING = "none"
"""Of a scope that nobody said and nothing stands for: a dial that is refused anyway."""


def prepare(ask: DialAsk, seen: Seen) -> Prepared:
    """What holds for this dial, and what must be counted before it can be judged."""
    presets = applying(ask, seen)
    laid = lay(Same(presets))
    purpose = purpose_of(ask, seen.campaign)
    where = zones_for(ask.zone, ask.number, laid.zones)
    scopes = scopes_of(ask, seen.campaign)
    if own_emergency(ask.number.kind, ask.by_hand):
        return Prepared(presets, purpose, ask.method, where, scopes, (), ())
    asked = counting.Asked(ask, seen, laid, ask.method, where, scopes)
    checks, about = counting.checks(asked)
    return Prepared(presets, purpose, ask.method, where, scopes, checks, counting.takes(ask, scopes, seen.campaign), about)


def judge(ask: DialAsk, seen: Seen, prepared: Prepared, counts: Counts) -> Judged:
    """`counts`: of all of the prepared checks; what is not among them holds the dial back."""
    local = walls(seen.now, prepared.zones)
    if own_emergency(ask.number.kind, ask.by_hand):
        return Judged(decide([Finding("dial.number.emergency.own")]), local=local)
    laid = lay(Same(prepared.presets))
    case = case_of(ask, seen, prepared, laid, local)
    weighed = counting.weigh(case, prepared, counts)
    decision = decide(findings(case, weighed.findings))
    return Judged(
        decision,
        until_of(case, decision),
        constraints(case),
        local,
        weighed.checks,
        tuple(valid(seen, case.purpose)),
    )


def case_of(ask: DialAsk, seen: Seen, prepared: Prepared, laid: Laid, local: tuple[str, ...]) -> Case:
    return Case(
        ask,
        seen,
        seen.campaign,
        laid,
        prepared.purpose,
        prepared.method,
        prepared.zones,
        local,
        prepared.scopes,
        lifts(ask, seen, prepared.purpose),
        seen.state is not None and seen.state.state == "trial",
    )


def findings(case: Case, counted: Mapping[str, list[Finding]]) -> list[Finding]:
    """In the order in which a person asks: what is dialled, who dials for what, who is called, when, how often, how."""
    return [
        *called(case),
        *campaign(case),
        *counted["campaign"],
        *agent(case),
        *requests(case),
        *lists(case),
        *consent(case),
        *places(case),
        zones(case),
        *hours(case),
        *counted["cool_down"],
        *counted["cap"],
        *caller_id(case),
        *ways(case),
        *counted["way"],
        *counted["abandon"],
        *counted["concurrency"],
    ]


def until_of(case: Case, decision: Decision) -> Micros:
    """The latest of what holds it back, and from then on the first moment in everybody's hours. 0: allowed, or refused for good."""
    if decision.verdict == "allow":
        return 0
    held = [each.until for each in decision.findings if each.verdict != "allow"]
    return first_open(case, max(held)) if all(held) else 0


def scopes_of(ask: DialAsk, campaign: Campaign | None) -> dict[str, str]:
    """Every scope word has its value: a person that nobody told apart is the number, a debt the person, a subject the campaign."""
    said, number = ask.scopes, ask.digest or NOTHING
    person = said.get("person") or number
    name = campaign.id if campaign is not None else ask.campaign or NOTHING
    return {
        "number": number,
        "person": person,
        "debt": said.get("debt") or person,
        "subject": said.get("subject") or (campaign.subject if campaign is not None else "") or name,
        "client": (campaign.client if campaign is not None else "") or name,
        "campaign": name,
        "centre": ALL,
    }
