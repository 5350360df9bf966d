"""Do-not-call: what people asked of us, then the lists of states and others. Pure.

A request is lifted by nothing but its withdrawal, which takes a consent and two people (`realtime/rules/do_not_call.py`); not by a
callback, a contract or an older consent. A list that is not there, or too old, stops everybody: what nobody could look up is not
called.
"""

from __future__ import annotations

from collections.abc import Iterator

from realtime.decision import Finding
from realtime.dial.model import Blocked, ListSeen
from realtime.dial.rules.case import Case, date_of, raised, relation
from realtime.dial.rules.laid import Ruled
from realtime.plan.dialling import ListRule
from realtime.words import SECOND, Micros

DAY: Micros = 86_400 * SECOND
ORDER = ("global", "client", "campaign")
CODES = {"global": "dial.blocked.global", "client": "dial.blocked.client", "campaign": "dial.blocked.campaign"}


def requests(case: Case) -> Iterator[Finding]:
    blocked = [each for scope in ORDER for each in case.seen.blocked if each.scope == scope and about(case, each)]
    blocked += [each for each in case.seen.blocked if each.scope not in ORDER]  # a scope that only a newer version knows
    for each in blocked:
        values = {"since": date_of(each.at, case.seen.zone), "told_by": each.source}
        yield Finding(CODES.get(each.scope, "dial.blocked.global"), "deny", {**values})
    if not blocked:
        yield Finding("dial.blocked.free")


def about(case: Case, blocked: Blocked) -> bool:
    """Of a campaign that is not known, every request speaks; and one about a client whom the plan knows no more binds everybody, or a
    client would only have to be renamed to be rid of what people asked of it."""
    campaign = case.campaign
    if campaign is None or blocked.scope == "global":
        return True
    if blocked.scope == "campaign":
        return blocked.about == campaign.id
    return blocked.about == campaign.client or all(each.client != blocked.about for each in case.seen.rules.campaigns)


def lists(case: Case) -> Iterator[Finding]:
    for each in case.laid.lists:
        for name in each.rule.lists:
            yield from _list(case, each, each.rule, name)
    if case.campaign is not None and case.campaign.lists:
        each = of_campaign(case.campaign.lists)
        for name in case.campaign.lists:
            yield from _list(case, each, each.rule, name)


def of_campaign(names: tuple[str, ...]) -> Ruled:
    """Lists that the campaign names itself: no law says how old one may be."""
    values = {"preset": "campaign", "preset_zh": "项目", "id": "lists"}
    return Ruled(ListRule(id="lists", lists=names, most_days=0, warn_days=0), {**values}, {**values})


def _list(case: Case, each: Ruled, rule: ListRule, name: str) -> Iterator[Finding]:
    found = case.seen.lists.get(name)
    if found is None or not found.version or found.kind != "dnc":
        yield Finding("dial.list.missing", "deny", {**each.held, "list": name})
        return
    yield _age(case, each, rule, found)
    if not found.hit:
        return
    word, proof = _lifted(case, rule)
    yield raised(each, word, proof) if word else Finding("dial.list.listed", "deny", {**each.held, "list": name})


def _age(case: Case, each: Ruled, rule: ListRule, found: ListSeen) -> Finding:
    age = case.seen.now - found.as_of
    days = max(0, age // DAY)
    if rule.most_days and age > rule.most_days * DAY:
        return Finding("dial.list.stale", "deny", {**each.held, "list": found.name, "days": days, "most": rule.most_days})
    code = "dial.list.old" if rule.warn_days and age > rule.warn_days * DAY else "dial.list"
    return Finding(code, "allow", {**each.values, "list": found.name, "days": days})


def _lifted(case: Case, rule: ListRule) -> tuple[str, str]:
    if word := case.lifted(rule.unless, ("consent",)):
        return word, case.words[word]
    if "relation" in rule.unless:
        known = relation(case.seen, case.purpose, rule.transaction_months, rule.inquiry_months)
        if known is not None:
            return "relation", known.id or known.list
    return "", ""
