"""Outbound days in virtual time: gates, callers, managers and things that go wrong, and no law of dialling ever broken. Many more: `make
soak`."""

from __future__ import annotations

import pytest

from realtime.plan.model import Plan
from tests.simulation.dialling import Dialling
from tests.simulation.dialling_plan import DialPlan, dialling_of, lax


def work(plan: DialPlan, rules: Plan | None = None) -> Dialling:
    """A failure names its day."""
    day = Dialling(plan, rules)
    try:
        day.run()
    except Exception as wrong:
        again = f"python -m tests.simulation {plan.seed} --dialling runs a drawn one again"
        raise AssertionError(f"{wrong}\nThe day: {plan}; {again}") from wrong
    return day


@pytest.mark.parametrize("seed", range(1, 6))
def test_no_law_is_broken(seed: int) -> None:
    work(dialling_of(seed))


def test_a_good_day_has_something_of_everything() -> None:
    """Or the laws would be kept by nothing happening."""
    plan = DialPlan(seed=1, minutes=6, steps=120, blocks=300, results=600, callbacks=0.1)
    days = [work(plan), work(plan, lax(plan))]
    kinds = {kind for day in days for kind in day.laws.kinds}
    asked = {"NumberBlocked", "NumberUnblocked", "CampaignMoved", "DiallingStopped", "ResultCoded"}
    assert not (asked | {"StopMeasured", "DialAbandoned"}) - kinds
    outcomes = {ended.outcome for day in days for ended, _ in day.laws.ended.values()}
    assert {"connected", "no_answer", "busy", "cancelled", "stopped", "not_dialled"} <= outcomes
    reasons = {reason for day in days for reason in day.laws.reasons}
    assert {"dial.cap", "dial.cool_down", "dial.campaign.state", "dial.blocked.client", "dial.abandon", "dial.at_once.agent"} <= reasons
    methods = {dial.method for day in days for dial in day.pbx.signalled}
    assert methods == {"manual", "progressive", "predictive"}
    assert all(len(day.pbx.signalled) > 30 for day in days)
