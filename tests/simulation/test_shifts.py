"""Shifts in virtual time: people who ask, supervisors who act, things that go wrong, and no rule ever broken. Many more: `make soak`."""

from __future__ import annotations

import pytest

from tests.simulation.shift_plan import ShiftPlan, shift_of
from tests.simulation.working import work


@pytest.mark.parametrize("seed", range(1, 18))
def test_no_rule_is_broken_and_nobody_waits_for_ever(seed: int) -> None:
    work(shift_of(seed))


def test_a_good_shift_has_something_of_everything() -> None:
    """Or the laws would be kept by nothing happening."""
    shift = work(ShiftPlan(seed=1, minutes=24, deeds=480, own_pauses=12))
    verdicts, said = shift.laws.verdicts, shift.laws.kinds
    assert {"allow", "queue"} <= set(verdicts["break.ask"])
    assert not {"PauseUnauthorised", "BreakOverran", "MeetingBegan", "MeetingEnded", "BreakHeld", "BreakDropped", "QueuesMoved"} - set(said)
    assert all(verdicts[ask]["allow"] for ask in ("break.take", "break.back", "login", "logout", "pause.force", "ready.force", "undo"))
