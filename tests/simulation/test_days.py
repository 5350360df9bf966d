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


@pytest.mark.parametrize(
    "plan",
    [
        Plan(seed=4, minutes=30, cuts=40, adapter_kills=12),
        Plan(seed=5, minutes=30, stalls=12, kills=4, lag_s=2.0),
        Plan(seed=6, minutes=30, restarts=4, log_restarts=6, queue_log=False),
        Plan(seed=7, minutes=30, duplicated=0.2, swapped=0.05),
        Plan(seed=8, minutes=30, skew_s=7200, cuts=12),
        Plan(seed=9, minutes=30, skew_s=-7200, stamped=False),
        Plan(seed=10, minutes=30, log_outages=12, room=300),
        Plan(seed=1035, minutes=60, agents=20, rate=0.7, adapter_kills=3, log_restarts=6, room=1000, duplicated=0.01),
        Plan(seed=1035, minutes=60, agents=20, rate=0.7, adapter_kills=12),  # who timed out unseen has not abandoned
    ],
    ids=str,
)
def test_a_bad_day_adds_up_all_the_same(plan: Plan) -> None:
    day = live(plan)
    assert sum(queue.day.offered for queue in day.board.floor.queues.values()) > 20


def test_a_log_that_is_away_for_long_costs_the_pbx_no_more_snapshots() -> None:
    """Found by a day: while the outbox was full, a snapshot was asked for four times a second."""
    day = Day(Plan(seed=11, minutes=20, room=300, rate=1.5))
    day.log.away_until = day.now + 600_000_000
    day.disturbed = day.pbx.now
    day.run()
    assert day.road is not None
    assert day.road.asked["CoreShowChannels"] < 30  # one in five minutes, and a few
