"""The laws bite: with one rule broken, a shift says which law that broke. Or fifty green shifts would show nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from realtime.decision import Decision
from realtime.plan.model import KindRules, Plan
from realtime.rules import places
from tests.simulation.shift import Shift
from tests.simulation.shift_plan import ShiftPlan, rules_of


def nothing(*_: Any) -> list[Any]:
    return []


def one_more(most: int, share: float, staffed: int) -> int:
    return CAP(most, share, staffed) + 1


CAP = places.cap
BROKEN: list[tuple[str, Callable[..., Any], str]] = [
    ("realtime.rules.places.cap", one_more, "are out already"),
    ("realtime.rules.holding.too_few", lambda *_: False, "would stay"),
    ("realtime.rules.quota.times", lambda *_: 0, "th short of 1"),
    ("realtime.rules.quota.used", lambda *_: 0, "are spent"),
    ("realtime.rules.quota.last_end", lambda *_: 0, "must lie between"),
    ("realtime.rules.pauses.due", nothing, "is on a break and not paused|is paused .* and nobody knows why|is not let go"),
    ("realtime.rules.membership.due", nothing, "should be in"),
    ("realtime.rules.breaks.due", nothing, "has expired|waits for a|wait for ever|out for ever"),
    ("realtime.control.answer.repeated", lambda *_: Decision("deny", ()), "without a reason|answered otherwise"),
]
SEEDS = range(1, 9)
"""Not every shift comes to every place: one of these does."""


def strict(plan: Plan, name: str) -> Plan:
    """One's own shift is short where that is looked at, and there are places enough to use it up."""
    if name.endswith("too_few"):
        skills = tuple(msgspec.structs.replace(skill, least=3) for skill in plan.skills)
        return msgspec.structs.replace(plan, skills=skills, breaks=msgspec.structs.replace(plan.breaks, team_most=9, site_most=9))
    if "quota" not in name:
        return plan
    often = {"times": {"times": 1}, "used": {"quota_min": 3}, "last_end": {"cool_down_min": 5}}[name.rpartition(".")[2]]
    kinds = {**plan.breaks.kinds, "short": KindRules(minutes=2, longest_min=3, **often)}
    breaks = msgspec.structs.replace(plan.breaks, kinds=kinds, team_most=9, site_most=9, spacing_s=0)
    teams = tuple(msgspec.structs.replace(team, most_out=-1) for team in plan.teams)
    return msgspec.structs.replace(plan, breaks=breaks, teams=teams)


@pytest.mark.parametrize(("name", "instead", "law"), BROKEN, ids=[name for name, _, _ in BROKEN])
def test_a_broken_rule_breaks_a_law(monkeypatch: pytest.MonkeyPatch, name: str, instead: Callable[..., Any], law: str) -> None:
    monkeypatch.setattr(name, instead)
    for seed in SEEDS:
        try:
            plan = ShiftPlan(seed=seed, minutes=12, own_pauses=12, load=False, deeds=30)
            Shift(plan, strict(rules_of(plan), name)).run()
        except AssertionError as wrong:
            with pytest.raises(AssertionError, match=law):
                raise wrong from None
            return
    pytest.fail(f"nobody noticed in {len(SEEDS)} shifts")
