"""What the files of test_shifts share: they are several so that workers take one each (`--dist loadfile`)."""

from __future__ import annotations

from tests.simulation.shift import Shift
from tests.simulation.shift_plan import ShiftPlan


def work(plan: ShiftPlan) -> Shift:
    """A failure names its shift."""
    shift = Shift(plan)
    try:
        shift.run()
    except Exception as wrong:
        again = f"python -m tests.simulation {plan.seed} --shifts runs a drawn one again"
        raise AssertionError(f"{wrong}\nThe shift: {plan}; {again}") from wrong
    return shift
