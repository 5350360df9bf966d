"""Days in virtual time: good ones, and a handful of bad ones. Many more: `python -m tests.simulation 1 --days 300`."""

from __future__ import annotations

import pytest

from tests.simulation.day import Day
from tests.simulation.plan import Plan


def live(plan: Plan) -> Day:
    """A failure names its day."""
    day = Day(plan)
    try:
        day.run()
    except AssertionError as wrong:
        raise AssertionError(f"{wrong}\nThe day: {plan}; python -m tests.simulation {plan.seed} runs a drawn one again") from wrong
    return day


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_good_day_adds_up_without_an_anomaly(seed: int) -> None:
    day = live(Plan(seed=seed))
    assert sum(queue.day.answered for queue in day.board.floor.queues.values()) > 20
