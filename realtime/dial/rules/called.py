"""What is dialled at all: no number, emergency, short, premium and special numbers, blocked prefixes, our own. Pure.

Not who is called (`do_not_call.py`). An emergency number that a person typed passes here as it does before the gate.
"""

from __future__ import annotations

from collections.abc import Iterator

from realtime.decision import Finding
from realtime.dial.rules.case import Case

NEVER = {"short": "dial.number.short", "premium": "dial.number.premium"}
SPECIAL = ("shared_cost", "other")
"""Hotlines, access numbers, pagers: nobody's own line. Somebody may ring one up about a service, no campaign sells to them."""


def called(case: Case) -> Iterator[Finding]:
    number, rules = case.ask.number, case.seen.rules
    if number.stripped:
        yield Finding("dial.number.stripped", "allow", {"what": " ".join(number.stripped)})
    held = list(_held(case))
    yield from held
    if not held:
        yield Finding("dial.number", "allow", {"kind_of": number.kind, "country": number.country})
    prefix = next((each for each in rules.blocked if each and number.e164.startswith(each)), "")
    if prefix:
        yield Finding("dial.number.blocked", "deny", {"prefix": prefix})
    if number.e164 and number.e164 in rules.own:
        yield Finding("dial.number.own", "deny")


def _held(case: Case) -> Iterator[Finding]:
    kind = case.ask.number.kind
    if kind == "emergency":
        yield Finding("dial.number.emergency", "deny")
    elif kind in NEVER:
        yield Finding(NEVER[kind], "deny")
    elif not case.ask.number.e164:
        yield Finding("dial.number.unreadable", "deny")
    elif kind in SPECIAL and case.marketed:
        yield Finding("dial.number.special", "deny", {"kind_of": kind})


def own_emergency(case_number_kind: str, by_hand: bool) -> bool:
    """A person's own emergency call: no rule of ours stands before it."""
    return by_hand and case_number_kind == "emergency"
