"""Shifts 18 to 34: see `test_shifts.py`."""

from __future__ import annotations

import pytest

from tests.simulation.shift_plan import shift_of
from tests.simulation.working import work


@pytest.mark.parametrize("seed", range(18, 35))
def test_no_rule_is_broken_and_nobody_waits_for_ever(seed: int) -> None:
    work(shift_of(seed))
