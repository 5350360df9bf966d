"""The turn of the day: counts begin anew, and the law of counts holds in both days."""

from __future__ import annotations

import pytest

from realtime.floor import SESSIONS_KEPT
from realtime.words import SECOND
from tests.realtime.story import (
    Story,
    abandoned,
    completed,
    configured,
    connected,
    day_began,
    joined,
    left,
    queue_seen,
    works,
)

EVENING = (day_began("2026-11-23"), queue_seen(), works("1001", "sales"))


def test_a_caller_who_waits_over_midnight_is_offered_to_the_new_day() -> None:
    story = Story().after(*EVENING, joined("a"), joined("b"), 10, abandoned("b"))
    assert story.outcomes() == {"offered": 2, "waiting": 1, "abandoned": 1}
    story.after(1, day_began("2026-11-24"))
    assert story.outcomes() == {"offered": 1, "waiting": 1}
    assert story.after(5, connected("a", "1001")).outcomes() == {"offered": 1, "answered": 1}


def test_a_talk_over_midnight_is_handled_in_the_new_day() -> None:
    story = Story().after(*EVENING, joined("a"), connected("a", "1001"), 30, day_began("2026-11-24"), 30, completed("a", "1001"))
    assert (story.outcomes(), story.day().handled, story.day().talk) == ({}, 1, 60 * SECOND)


def test_agents_begin_the_day_at_nothing() -> None:
    story = Story().after(*EVENING, joined("a"), connected("a", "1001"), 30, completed("a", "1001"), 1, day_began("2026-11-24"))
    assert (story.agent().answered, story.agent().talk, story.agent().rings_missed) == (0, 0, 0)


def test_what_was_counted_before_the_engine_first_spoke_is_of_its_first_day() -> None:
    story = Story().after(joined("a"), abandoned("a"), day_began("2026-11-24"))
    assert story.outcomes() == {"offered": 1, "abandoned": 1}


def test_the_same_day_told_again_counts_on() -> None:
    story = Story().after(*EVENING, joined("a"), day_began("2026-11-23"))
    assert story.outcomes() == {"offered": 1, "waiting": 1}


@pytest.mark.parametrize("late_s", [0.2, 50])
def test_what_happened_before_a_late_engine_spoke_is_the_new_days(late_s: float) -> None:
    story = Story().after(*EVENING, joined("old"), 1, abandoned("old"), 60)
    quarter = late_s / 4
    story.after(joined("a"), quarter, abandoned("a"), joined("b"), quarter, connected("b", "1001"), quarter, completed("b", "1001"))
    story.after(joined("c"), quarter, day_began("2026-11-24", late_s=late_s))
    assert story.outcomes() == {"offered": 3, "waiting": 1, "answered": 1, "abandoned": 1}
    assert (story.day().handled, story.day().talk) == (1, round(quarter * SECOND))
    assert sum(half.abandoned for half in story.queue().halves.values()) == 1  # of the half-hour that began before the day its rest


@pytest.mark.parametrize("outcome", ["answered", "completed"])
def test_yesterdays_outcome_stays_yesterdays(outcome: str) -> None:
    """A word about it after the turn neither counts today nor makes a talk that began in 1970."""
    story = Story().after(*EVENING, joined("a"), 5, left("a", "unknown"), 60, day_began("2026-11-24"), 1)
    word = connected("a", "1001", wait_s=60) if outcome == "answered" else completed("a", "1001", talk_s=30)
    story.after(word, 10, completed("a", "1001"))
    assert story.outcomes() == {}
    assert story.day().talk <= 40 * SECOND


def test_settings_are_for_every_screen() -> None:
    story = Story().after(configured(timezone="Asia/Shanghai", day_starts_min=360))
    assert story.changes.everything
    assert story.floor.rules is not None
    assert story.floor.rules.timezone == "Asia/Shanghai"


# ------------------------------------------------------------------ idempotence


def test_numbers_are_known_by_producer() -> None:
    one, two = Story(), Story(session="another")
    one.after(joined("a"))
    two.after(joined("b"))
    one.again(two.told[0]).again(two.told[0]).again(one.told[0])
    assert one.outcomes() == {"offered": 2, "waiting": 2}


def test_a_producer_that_still_speaks_is_not_forgotten_for_a_new_one() -> None:
    adapter = Story(session="adapter").after(joined("a"))
    for number in range(SESSIONS_KEPT + 10):
        passing = Story(adapter.floor, session=f"passing {number}").after(day_began("2026-11-23"))
        adapter.after(abandoned("nobody"))
        assert len(passing.floor.sessions) <= SESSIONS_KEPT
    adapter.again(adapter.told[0])
    assert adapter.floor.sessions["adapter"] == len(adapter.told) - 1
    assert "passing 0" not in adapter.floor.sessions
