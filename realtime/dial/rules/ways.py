"""How a call is made: the method, ringing, answering machines, messages, recording. What is allowed comes with constraints. Pure.

The strictest of all rules wins: the longest ring, the most careful method, and whatever one of them asks for or forbids.
"""

from __future__ import annotations

from collections.abc import Iterator

from realtime.decision import Finding
from realtime.dial.rules.case import Case
from realtime.dial.rules.laid import slowest
from realtime.outbound import Constraints
from realtime.plan.dialling import METHODS, Method, WayRule


def ways(case: Case) -> Iterator[Finding]:
    for each in case.laid.ways:
        rule: WayRule = each.rule
        fits = fitting(case, rule.most)
        values = each.values if fits else each.held
        asks = {"most": rule.most, "ring_s": rule.ring_s, "amd": rule.amd, "method": case.method}
        yield Finding("dial.way" if fits else "dial.way.too_fast", "allow" if fits else "deny", {**values, **asks})
    yield from _of_campaign(case)
    if must_reserve(case) and not case.ask.reserved:
        yield Finding("dial.way.unreserved", "deny", {"method": case.method})


def _of_campaign(case: Case) -> Iterator[Finding]:
    if case.campaign is None:
        return
    for code, most, counts in (
        ("dial.way.campaign", case.campaign.most, True),
        ("dial.trial.method", case.campaign.trial.most, case.trial),
    ):
        if counts and not fitting(case, most):
            yield Finding(code, "deny", {"method": case.method, "most": most})


def fitting(case: Case, most: Method) -> bool:
    """No faster than that. A predictive dialler that has an agent for this very call is, for this call, a progressive one."""
    if case.method not in METHODS:
        return False
    method = "progressive" if case.method == "predictive" and case.ask.reserved else case.method
    return METHODS.index(method) <= METHODS.index(most)


def must_reserve(case: Case) -> bool:
    return case.method != "predictive" or most_of(case) != "predictive"


def most_of(case: Case) -> Method:
    """The fastest method that everything here allows."""
    here = case.campaign
    of_campaign = [here.most, here.trial.most] if here is not None and case.trial else [here.most] if here is not None else []
    return slowest([case.laid.most, *of_campaign])


def constraints(case: Case) -> Constraints:
    """A trial is recorded from its first call to its last (试呼)."""
    rules: list[WayRule] = [each.rule for each in case.laid.ways]
    return Constraints(
        ring_s=max((each.ring_s for each in rules), default=0),
        reserved=must_reserve(case),
        amd=all(each.amd != "forbidden" for each in rules),
        record=case.trial or any(each.record for each in rules),
        message=any(each.message for each in rules),
    )
