"""The number that is shown: is there one, is it the campaign's, does it begin as it must. Pure.

Which number that will be is the PBX's business. Where the asker does not know it, all that the campaign may show must be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from realtime.decision import Finding
from realtime.dial.rules.case import Case
from realtime.dial.rules.laid import Laid, Ruled
from realtime.dial.rules.same import Same
from realtime.plan.dialling import CallerIdRule
from realtime.sealing import mask

NUMBERS_KEPT = 4096
SHOWN_KEPT = 512
"""Numbers shown, of kinds of dials: a campaign has a handful."""


def caller_id(case: Case) -> Iterator[Finding]:
    ask = case.ask
    allowed = case.campaign.caller_ids if case.campaign is not None else ()
    if ask.caller_id and allowed and ask.caller_id not in allowed:
        yield Finding("dial.caller_id.strange", "deny", {"caller_id": mask(ask.caller_id)})
    shown = (ask.caller_id,) if ask.caller_id else allowed
    digits = tuple(national(each, case.campaign.country if case.campaign is not None else "") for each in shown)
    named = ", ".join(each if each in allowed else mask(each) for each in shown)  # another's may be a customer's, who was passed on
    yield from _of_rules(Same(case.laid), ask.withheld, digits, named)


@lru_cache(SHOWN_KEPT)
def _of_rules(laid: Same[Laid], withheld: bool, digits: tuple[str, ...], named: str) -> tuple[Finding, ...]:
    return tuple(_of_rule(each, withheld, digits, named) for each in laid.it.caller_ids)


def _of_rule(each: Ruled, withheld: bool, digits: tuple[str, ...], named: str) -> Finding:
    if withheld:
        return Finding("dial.caller_id.withheld", "deny", {**each.held})
    if not digits:
        return Finding("dial.caller_id.none", "deny", {**each.held})
    rule: CallerIdRule = each.rule
    if any(number.startswith(prefix) for number in digits for prefix in rule.forbidden):
        return Finding("dial.caller_id.forbidden", "deny", {**each.held, "prefixes": ", ".join(rule.forbidden), "caller_id": named})
    if rule.prefixes and not all(number.startswith(rule.prefixes) for number in digits):
        return Finding("dial.caller_id.prefix", "deny", {**each.held, "prefixes": ", ".join(rule.prefixes), "caller_id": named})
    return Finding("dial.caller_id", "allow", {**each.values, "caller_id": named})


@lru_cache(NUMBERS_KEPT)
def national(said: str, country: str) -> str:
    """Its national digits; what is no number of any country, as 95588 is shown, stays as it is."""
    try:
        return phonenumbers.national_significant_number(phonenumbers.parse(said, country or None))
    except phonenumbers.NumberParseException:
        return "".join(each for each in said if each.isdigit())
