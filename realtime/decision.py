"""Decisions as data: a verdict, always with its reasons. Every rule looked at, what it saw, what it said.

Not the rules (`rules/`) and not the words for people (`sentences/`): a finding carries a code and values, so that it is said
in the reader's language. Written down inside facts, so that "why" has an answer as long as the log is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from realtime.words import Micros

Verdict = Literal["allow", "queue", "defer", "deny"]
"""In order of severity: done now; on the waiting list; not now, come back at `until`; no."""
SEVERITY: tuple[Verdict, ...] = ("allow", "queue", "defer", "deny")

Value = str | int | float


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one rule said. `rule` is its code and the key of its sentence, `values` fill that sentence."""

    rule: str
    verdict: Verdict = "allow"
    values: dict[str, Value] = {}
    until: Micros = 0  # when it would say otherwise by itself; 0: nobody knows


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """`findings`: all rules that were looked at, in the order of looking."""

    verdict: Verdict = "allow"
    findings: tuple[Finding, ...] = ()

    @property
    def reason(self) -> Finding | None:
        """The first finding of the worst kind: what holds it back, or what let it pass."""
        return next((each for each in self.findings if each.verdict == self.verdict), None)


def decide(findings: Iterable[Finding]) -> Decision:
    """The worst verdict wins, and every finding is kept."""
    kept = tuple(findings)
    worst: Verdict = max((each.verdict for each in kept), key=SEVERITY.index, default="allow")
    return Decision(worst, kept)


def saw(rule: str, verdict: Verdict = "allow", until: Micros = 0, /, **values: Value) -> Finding:
    """One rule's finding, its values by name."""
    return Finding(rule, verdict, values, until)


def allow(rule: str, **values: Value) -> Decision:
    return Decision("allow", (Finding(rule, "allow", values),))


def deny(rule: str, *, until: Micros = 0, **values: Value) -> Decision:
    return Decision("deny", (Finding(rule, "deny", values, until),))
