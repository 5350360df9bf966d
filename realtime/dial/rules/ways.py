"""How a call is made: the method, ringing, answering machines, messages, recording. What is allowed comes with constraints. Pure.

The strictest of all rules wins: the longest ring, the most careful method, and whatever one of them asks for or forbids.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from realtime.decision import Finding
from realtime.dial.rules.case import Case
from realtime.dial.rules.laid import KEPT, Laid, Ruled, slowest
from realtime.dial.rules.same import Same
from realtime.outbound import Constraints
from realtime.plan.dialling import METHODS, Method, WayRule


def ways(case: Case) -> Iterator[Finding]:
    yield from _of_rules(Same(case.laid), case.method, case.ask.reserved)
    yield from _of_campaign(case)
    if must_reserve(case) and not case.ask.reserved:
        yield Finding("dial.way.unreserved", "deny", {"method": case.method})


@lru_cache(KEPT)
def _of_rules(laid: Same[Laid], method: str, reserved: bool) -> tuple[Finding, ...]:
    return tuple(_of_rule(each, method, reserved) for each in laid.it.ways)


def _of_rule(each: Ruled, method: str, reserved: bool) -> Finding:
    rule: WayRule = each.rule
    asks = {"most": rule.most, "ring_s": rule.ring_s, "amd": rule.amd, "method": method}
    if fits(method, reserved, rule.most):
        return Finding("dial.way", "allow", {**each.values, **asks})
    return Finding("dial.way.too_fast", "deny", {**each.held, **asks})


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
    return fits(case.method, case.ask.reserved, most)


def fits(method: str, reserved: bool, most: Method) -> bool:
    """No faster than that. A predictive dialler that has an agent for this very call is, for this call, a progressive one."""
    if method not in METHODS:
        return False
    faster = "progressive" if method == "predictive" and reserved else method
    return METHODS.index(faster) <= METHODS.index(most)


def must_reserve(case: Case) -> bool:
    return case.method != "predictive" or most_of(case) != "predictive"


def most_of(case: Case) -> Method:
    """The fastest method that everything here allows."""
    here = case.campaign
    of_campaign = [here.most, here.trial.most] if here is not None and case.trial else [here.most] if here is not None else []
    return slowest([case.laid.most, *of_campaign])


def constraints(case: Case) -> Constraints:
    """A trial is recorded from its first call to its last (试呼)."""
    return _constraints(Same(case.laid), must_reserve(case), case.trial)


@lru_cache(KEPT)
def _constraints(laid: Same[Laid], reserved: bool, trial: bool) -> Constraints:
    rules: list[WayRule] = [each.rule for each in laid.it.ways]
    return Constraints(
        ring_s=max((each.ring_s for each in rules), default=0),
        reserved=reserved,
        amd=all(each.amd != "forbidden" for each in rules),
        record=trial or any(each.record for each in rules),
        message=any(each.message for each in rules),
    )
