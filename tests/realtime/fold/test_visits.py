"""Callers in queues: what came of each visit, told in order, late, twice or never."""

from __future__ import annotations

import pytest

from realtime.facts import QueueRules
from realtime.words import SECOND
from tests.realtime.story import (
    MINUTE,
    START,
    Story,
    abandoned,
    ago,
    call_ended,
    completed,
    configured,
    connected,
    joined,
    left,
    leg,
    queue_seen,
    works,
)

ANSWERED = (works("1001", "sales"), queue_seen(target_s=20), joined("a"), 20, connected("a", "1001"))


def test_a_caller_waits_is_answered_and_has_talked() -> None:
    story = Story().after(*ANSWERED)
    assert story.outcomes() == {"offered": 1, "answered": 1}
    assert (story.day().wait, story.day().answered_in_target) == (20 * SECOND, 1)
    story.after(60, completed("a", "1001"))
    assert (story.day().handled, story.day().talk) == (1, 60 * SECOND)
    assert (story.agent().answered, story.agent().talk) == (1, 60 * SECOND)


def test_connecting_is_between_leaving_and_the_answer() -> None:
    story = Story().after(joined("a"), 5, left("a", "connecting"))
    assert story.outcomes() == {"offered": 1, "connecting": 1}
    assert story.after(left("a", "connecting")).outcomes() == {"offered": 1, "connecting": 1}
    assert story.after(1, connected("a", "1001")).outcomes() == {"offered": 1, "answered": 1}


@pytest.mark.parametrize("departure", ["abandoned", "left_otherwise", "unknown"])
def test_a_caller_who_leaves_has_one_outcome(departure: str) -> None:
    story = Story().after(joined("a"), 10, left("a", departure), left("a", departure), call_ended("a"))
    assert story.outcomes() == {"offered": 1, departure: 1}


@pytest.mark.parametrize(("waited", "within"), [(20, 1), (20.000001, 0)])
def test_within_the_target_is_at_its_last_moment_too(waited: float, within: int) -> None:
    story = Story().after(queue_seen(target_s=20), joined("a"), waited, abandoned("a"))
    assert story.day().abandoned_in_target == within


def test_the_target_of_the_moment_counts_also_when_it_is_taken_back() -> None:
    story = Story().after(queue_seen(target_s=20), joined("a"), 10, left("a", "unknown"), queue_seen(target_s=5))
    story.after(abandoned("a"))
    assert (story.day().abandoned, story.day().abandoned_in_target) == (1, 0)
    story.after(queue_seen(target_s=60), connected("a", "1001"))
    assert (story.day().abandoned_in_target, story.day().answered_in_target) == (0, 1)


def test_the_centre_sets_the_target() -> None:
    story = Story().after(configured(queues={"sales": QueueRules(target_s=5)}), queue_seen(target_s=20), joined("a"), 10, abandoned("a"))
    assert story.day().abandoned_in_target == 0


# ------------------------------------------------------------------ again, late, twice


def test_the_same_caller_in_the_same_queue_again_is_another_visit() -> None:
    story = Story().after(*ANSWERED, 30, left("a", "left_otherwise"), joined("a"), 10, abandoned("a"))
    assert story.outcomes() == {"offered": 2, "answered": 1, "abandoned": 1}


def test_a_talk_completed_after_the_caller_joined_again_is_the_first_visits() -> None:
    """A blind transfer back into the queue: the member's part is told over only then."""
    story = Story().after(*ANSWERED, 30, joined("a"), 2, completed("a", "1001"))
    first, second = story.visits("a")
    assert (first.completed, second.departure) == (story.now, None)
    assert story.outcomes() == {"offered": 2, "waiting": 1, "answered": 1}


def test_a_caller_who_joins_while_we_think_they_wait_left_unseen() -> None:
    story = Story().after(joined("a"), 10, joined("a"))
    assert story.outcomes() == {"offered": 2, "waiting": 1, "unknown": 1}


def test_a_join_told_twice_is_one() -> None:
    another = joined("a")._replace(fields={**joined("a").fields, "call": "b"})
    story = Story().after(joined("a"), joined("a"), another)
    assert story.outcomes() == {"offered": 1, "waiting": 1}


def test_a_completion_tells_of_an_answer_that_nobody_saw() -> None:
    story = Story().after(works("1001", "sales"), joined("a"), 10, left("a", "unknown"), 90, completed("a", "1001", talk_s=60))
    assert story.outcomes() == {"offered": 1, "answered": 1}
    assert (story.day().wait, story.day().talk) == (40 * SECOND, 60 * SECOND)


def test_an_answer_to_a_visit_that_nobody_saw_begins_it() -> None:
    story = Story().after(works("1001", "sales"), connected("a", "1001", wait_s=15))
    assert story.outcomes() == {"offered": 1, "answered": 1}
    assert story.day().wait == 15 * SECOND


def test_an_answer_after_another_visit_was_over_is_a_visit_of_its_own() -> None:
    story = Story().after(joined("a"), 10, abandoned("a"), 100, connected("a", "1001", wait_s=5))
    assert story.outcomes() == {"offered": 2, "answered": 1, "abandoned": 1}


def test_an_answer_takes_an_abandon_back() -> None:
    story = Story().after(joined("a"), 10, abandoned("a"), 1, connected("a", "1001", wait_s=11))
    assert story.outcomes() == {"offered": 1, "answered": 1}


def test_a_second_answer_is_an_anomaly_and_counts_once() -> None:
    story = Story().after(*ANSWERED, connected("a", "1002"))
    assert story.outcomes() == {"offered": 1, "answered": 1}
    assert [(anomaly.kind, anomaly.evidence) for anomaly in story.floor.anomalies] == [("second answer", "a in sales by PJSIP/1002")]
    assert story.node().anomalies == 1


def test_queue_log_says_which_of_two_visits_it_means() -> None:
    story = Story().after(joined("a"), 10, left("a", "unknown"), 10, joined("a"), 10)
    story.after(left("a", "left_otherwise", joined=START))
    assert [visit.departure for visit in story.visits("a")] == ["left_otherwise", None]


def test_an_earlier_visit_told_late_leaves_the_latest_alone() -> None:
    story = Story().after(joined("a"), 5, ago(60, joined("a")), 5, abandoned("a"))
    assert [visit.departure for visit in story.visits("a")] == [None, "abandoned"]


def test_clocks_that_disagree_make_nobody_wait_less_than_nothing() -> None:
    story = Story().after(joined("a"), ago(5, connected("a", "1001")), ago(9, completed("a", "1001")))
    assert (story.day().wait, story.day().talk) == (0, 0)


def test_a_caller_goes_through_two_queues() -> None:
    story = Story().after(
        joined("a", "sales"), 30, left("a", "left_otherwise", how="timeout"), joined("a", "help"), 5, abandoned("a", "help")
    )
    assert (story.outcomes("sales"), story.outcomes("help")) == ({"offered": 1, "left_otherwise": 1}, {"offered": 1, "abandoned": 1})


def test_a_word_about_another_queue_is_left_alone() -> None:
    assert Story().after(joined("a", "sales"), abandoned("a", "help")).outcomes("sales") == {"offered": 1, "waiting": 1}


def test_a_completion_in_a_queue_nobody_knows_makes_none() -> None:
    assert not Story().after(completed("a", "1001", "nowhere")).floor.queues


def test_a_fact_told_again_counts_once() -> None:
    story = Story().after(joined("a"), 10, abandoned("a"))
    assert story.again(story.told[0]).again(story.told[1]).outcomes() == {"offered": 1, "abandoned": 1}


# ------------------------------------------------------------------ minutes and half-hours


def curve(story: Story, kind: str) -> list[object]:
    series = story.shown().queues[0].series
    assert series is not None
    values: list[object] = getattr(series, kind)
    return values[-4:]


def test_who_waits_through_minutes_is_in_each_of_them() -> None:
    story = Story().after(queue_seen(), joined("a"), 150)
    assert curve(story, "waiting") == [0, 1, 1, 1]
    assert curve(story, "longest_wait_s") == [None, 60.0, 120.0, 150.0]
    story.after(abandoned("a"), joined("b"))
    assert curve(story, "waiting") == [0, 1, 1, 1]
    assert curve(story, "longest_wait_s") == [None, 60.0, 120.0, 150.0]


def test_the_peak_of_a_minute_is_the_most_who_waited_together() -> None:
    story = Story().after(queue_seen(), joined("a"), 1, joined("b"), 1, abandoned("a"), abandoned("b"), joined("c"), 1, abandoned("c"), 1)
    assert curve(story, "waiting") == [0, 0, 0, 2]


def test_a_visit_counts_in_the_half_hour_and_the_minute_in_which_it_ended() -> None:
    story = Story().after(joined("a"), 1790, joined("b"), 20, abandoned("a"), abandoned("b"))
    halves = {half - START // SECOND: (tally.offered, tally.abandoned) for half, tally in story.queue().halves.items()}
    assert halves == {0: (2, 0), 1800: (0, 2)}
    assert story.queue().minutes[story.now // MINUTE].tally.abandoned == 2


def test_a_queue_keeps_half_an_hour_of_minutes() -> None:
    story = Story().after(*(happening for _ in range(90) for happening in (joined("a"), 30, abandoned("a"), 30)))
    assert len(story.queue().minutes) == 31


def test_a_call_in_hand_shows_its_queue() -> None:
    story = Story().after(*ANSWERED, leg("a", "1001", "talking"))
    assert story.shown().agents[0].queue == "sales"


def test_who_left_otherwise_unseen_and_hung_up_in_our_sight_has_not_abandoned() -> None:
    """queue_log, which names the visit by its begin, knows better than the hang-up; an event without that does not."""
    story = Story().after(works("1001", "sales"), joined("a"), 5, call_ended("a"))
    visit = next(iter(story.floor.visits.values()))
    assert visit.departure == "abandoned"
    story.after(left("a", "left_otherwise"))
    assert visit.departure == "abandoned"
    story.after(left("a", "left_otherwise", joined=visit.joined))
    day = story.queue().day
    assert (visit.departure, day.offered, day.abandoned, day.left_otherwise) == ("left_otherwise", 1, 0, 1)
