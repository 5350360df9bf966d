"""Terms of retention that another plan makes shorter: what a typo (6 months for 6 years) would let go years too early. Pure.

Not whether that is right, which only people know: nothing is refused, it is said before all else that changes (`difference.py`) and as an
alert on the floor (`realtime/control/adopting.py`). A disposal has its dry run and its two approvals all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from realtime.plan.archive import CLOCKS, ArchiveRules, KeepRule, RetentionClass, Term
from realtime.plan.say_archive import CLOCKS as SAID_CLOCKS
from realtime.plan.say_archive import term

DISPUTE: Final = "dispute"
"""The end of one: it starts a term of its own."""
MONTH_DAYS: Final = 365.2425 / 12
TOLD: Final = 3
"""Of an alert's sentence; the difference has all of them."""
ENDS: Final = {**SAID_CLOCKS, DISPUTE: ("the end of a dispute", "争议结束")}


class Shorter(NamedTuple):
    """`after` without a term: nothing keeps it from that clock on any more."""

    class_: str
    clock: str
    before: Term
    after: Term

    def line(self) -> str:
        """As the files write it, the same in every language."""
        return f"SHORTER class {self.class_} from {self.clock}: {term(self.before)[0]} → {term(self.after)[0] or 'none'}"

    def said(self, language: str) -> str:
        at = int(language == "zh")
        clock, before, after = ENDS[self.clock][at], term(self.before)[at], term(self.after)[at]
        if at:
            return f"{self.class_}自{clock}起{before}改为{after or '不再保存'}"
        return f"{self.class_} {after or 'nothing'} instead of {before} from {clock}"


def shortened(before: ArchiveRules, after: ArchiveRules) -> tuple[Shorter, ...]:
    """Of classes that both have. One that is gone keeps for ever what is of it; one that is new has nothing of it yet."""
    new = {each.id: each for each in after.classes}
    return tuple(each for old in before.classes if old.id in new for each in _of_class(old, new[old.id]))


def told(found: tuple[Shorter, ...], language: str) -> str:
    """The first of them."""
    words = [each.said(language) for each in found[:TOLD]]
    more = len(found) - len(words)
    if more > 0:
        words.append(f"另有{more}项" if language == "zh" else f"and {more} more")
    return ("；" if language == "zh" else "; ").join(words)


def _of_class(old: RetentionClass, new: RetentionClass) -> Iterator[Shorter]:
    """By clock: a recording stays until the latest of its rules, and those of one clock begin at one moment."""
    for clock in CLOCKS:
        yield from _compared(old.id, clock, (_of(old.rules, clock), _of(new.rules, clock)))
    yield from _compared(
        old.id, DISPUTE, (_longest(rule.dispute_least for rule in old.rules), _longest(r.dispute_least for r in new.rules))
    )


def _compared(class_: str, clock: str, terms: tuple[Term, Term]) -> Iterator[Shorter]:
    if days_of(terms[1]) < days_of(terms[0]):
        yield Shorter(class_, clock, *terms)


def _of(rules: Iterable[KeepRule], clock: str) -> Term:
    return _longest(rule.least for rule in rules if rule.clock == clock)


def _longest(terms: Iterable[Term]) -> Term:
    return max(terms, key=days_of, default=Term())


def days_of(said: Term) -> float:
    """To compare; a calendar's months are of 28 to 31 days."""
    return (said.years * 12 + said.months) * MONTH_DAYS + said.days
