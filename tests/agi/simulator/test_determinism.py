"""The same seed gives the same bytes, however finely time is sliced."""

from __future__ import annotations

import hashlib
from random import Random

import pytest

from agi.simulator.centre import Centre
from agi.simulator.faults import Faults
from agi.simulator.pbx import Pbx
from tests.agi.simulator.reading import SECOND, START, login, manager

TEN_MINUTES = 600 * SECOND


def said(seed: int, cuts: list[int]) -> str:
    """The digest of ten minutes, advanced by way of the cuts."""
    pbx = Pbx(Centre(), seed, START)
    digest = hashlib.sha256()
    for to in [*sorted(cuts), TEN_MINUTES]:
        digest.update(b"".join(message.data for message in pbx.advance(START + to)))
    return digest.hexdigest()


@pytest.fixture(scope="module")
def whole() -> str:
    return said(3, [])


def test_the_same_seed_says_the_same(whole: str) -> None:
    assert said(3, []) == whole


def test_another_seed_says_something_else(whole: str) -> None:
    assert said(4, []) != whole


@pytest.mark.parametrize("seed", range(3))
def test_any_slicing_says_the_same(whole: str, seed: int) -> None:
    chance = Random(seed)
    assert said(3, [chance.randrange(TEN_MINUTES) for _ in range(400)]) == whole


def test_a_session_on_a_bad_day_sees_the_same_in_any_slicing() -> None:
    bad = Faults(seed=5, duplicated=0.02, swapped=0.05, stalls_at=(500,))

    def seen(step: int) -> bytes:
        floor = manager(3, faults=bad)
        session = login(floor)
        for at in range(START + step, START + TEN_MINUTES + 1, step):
            floor.advance(at)
        return session.take()

    assert seen(TEN_MINUTES) == seen(TEN_MINUTES // 300)


def test_an_order_from_outside_does_not_change_who_calls() -> None:
    def callers(pause: bool) -> list[str]:
        floor = manager(3)
        session = login(floor)
        if pause:
            session.receive(b"Action: QueuePause\r\nInterface: PJSIP/1020\r\nPaused: true\r\n\r\n")
        floor.advance(START + TEN_MINUTES)
        lines = [line.split("|") for line in floor.pbx.queue_log]
        # A caller who is handed on joins a second queue; the first joining is the arrival.
        return list(dict.fromkeys(line[6] for line in lines if line[4] == "ENTERQUEUE"))

    assert callers(pause=True) == callers(pause=False)


def test_a_thousand_agents_cost_seconds_an_hour_and_fill_their_queues() -> None:
    pbx = Pbx(Centre(agents=1000), 1, START)
    pbx.advance(START + 120 * SECOND)
    truth = pbx.truth()
    assert len(truth.agents) == 1000
    assert sum(queue.answered for queue in truth.queues.values()) > 200
