"""The link and resync: what a snapshot does not confirm has ended unseen, and never as an abandon."""

from __future__ import annotations

from realtime import facts
from realtime.floor import ANOMALIES_KEPT
from realtime.words import SECOND
from tests.realtime.story import (
    START,
    Story,
    Telling,
    ago,
    call_began,
    completed,
    connected,
    day_began,
    heard,
    joined,
    leg,
    linked,
    lost,
    member,
    on,
    queue_seen,
    resynced,
    sync_began,
    sync_ended,
    works,
)


def test_a_node_goes_from_lost_over_syncing_to_live() -> None:
    story = Story().after(linked(started=3600), 1, sync_began())
    assert (story.node().link, story.node().asterisk, story.node().heard) == ("syncing", "22.10.1", story.now)
    story.after(1, sync_ended())
    assert (story.node().link, story.node().since) == ("live", story.now)
    story.after(9, heard(), 1, lost("cut"))
    assert (story.node().link, story.node().since, story.node().heard) == ("lost", story.now, story.now - SECOND)


def test_a_link_that_is_lost_again_is_lost_since_the_first_time() -> None:
    story = Story().after(linked(), lost("cut"), 10, lost("refused"))
    assert (story.node().since, story.node().reason) == (START, "refused")


# ------------------------------------------------------------------ gaps


def test_a_caller_gone_in_a_gap_is_unknown_and_not_abandoned() -> None:
    story = Story().after(queue_seen(), joined("a"), 10, resynced(queue_seen()))
    assert story.outcomes() == {"offered": 1, "unknown": 1}
    assert story.visits("a")[0].how == "gap"


def test_a_caller_who_still_waits_has_waited_all_the_time() -> None:
    story = Story().after(queue_seen(), joined("a"), 10, resynced(queue_seen(), call_began("a"), ago(10, joined("a"))))
    assert story.outcomes() == {"offered": 1, "waiting": 1}
    assert story.visits("a")[0].joined == START


def test_a_snapshot_tells_a_join_only_about() -> None:
    """In whole seconds: 1.2 s apart it is the same visit, 2 s apart another."""
    story = Story().after(queue_seen(), joined("a"), 10, resynced(queue_seen(), call_began("a"), ago(8.8, joined("a"))))
    assert story.outcomes() == {"offered": 1, "waiting": 1}
    story.after(10, resynced(queue_seen(), call_began("a"), ago(18, joined("a"))))
    assert story.outcomes() == {"offered": 2, "waiting": 1, "unknown": 1}


def test_a_talk_that_ended_in_a_gap_was_handled() -> None:
    story = Story().after(works("1001", "sales"), joined("a"), 10, connected("a", "1001"), leg("a", "1001", "talking"), 60)
    story.after(resynced(queue_seen(), member("1001")))
    assert (story.outcomes(), story.day().handled, story.state()) == ({"offered": 1, "answered": 1}, 1, "ready")


def test_a_talk_that_goes_on_through_a_gap_is_completed_later() -> None:
    story = Story().after(works("1001", "sales"), joined("a"), connected("a", "1001"), leg("a", "1001", "talking"), 60)
    story.after(resynced(queue_seen(), member("1001"), call_began("a"), leg("a", "1001", "talking")))
    assert (story.day().handled, story.state()) == (0, "talking")
    assert story.after(30, completed("a", "1001")).day().talk == 90 * SECOND


def test_a_leg_that_a_snapshot_does_not_list_has_left_its_call() -> None:
    story = Story().after(works("1001", "sales"), leg("a", "1001", "talking"), leg("a", "1002", "talking"))
    story.after(resynced(queue_seen(), member("1001"), leg("a", "1002", "talking")))
    assert (set(story.call().legs), story.state()) == ({"a-1002"}, "ready")


def test_another_nodes_gap_is_not_ours() -> None:
    story = Story().after(works("1001", "sales"), joined("a"), on("north", *resynced(queue_seen("sales"))))
    assert (story.outcomes(), story.state()) == ({"offered": 1, "waiting": 1}, "ready")


def test_a_queue_that_is_gone_is_shown_while_it_has_counts_of_the_day() -> None:
    story = Story().after(queue_seen("sales"), queue_seen("help"), joined("a", "sales"), resynced())
    assert list(story.floor.queues) == ["pbx/sales"]
    assert story.changes.gone_queues == {"pbx/help"}


def test_a_queue_that_is_gone_stays_while_a_talk_from_it_goes_on() -> None:
    story = Story().after(day_began("2026-11-23"), works("1001", "sales"), joined("a"), connected("a", "1001"), day_began("2026-11-24"))
    story.after(resynced(member("1001", "help"), leg("a", "1001", "talking")), 60, completed("a", "1001"))
    assert story.day("sales").talk == 60 * SECOND


# ------------------------------------------------------------------ restarts and anomalies


def test_a_pbx_that_was_down_has_lost_its_calls_and_members() -> None:
    story = Story().after(linked(started=3600), works("1001", "sales"), joined("a"), leg("b", "1001", "talking"), 60)
    story.after(lost(), 30, linked(started=-80))
    assert (story.outcomes(), story.visits("a")[0].how) == ({"offered": 1, "unknown": 1}, "restart")
    assert (story.state(), story.queue().members) == ("logged_out", {})
    assert all(call.ended for call in story.floor.calls.values())


def test_a_start_told_by_another_rounding_is_no_restart() -> None:
    story = Story().after(linked(started=3600), joined("a"), lost(), linked(started=3598))
    assert story.outcomes() == {"offered": 1, "waiting": 1}


def test_the_last_anomalies_are_kept_and_all_are_counted() -> None:
    odd = [Telling(facts.AnomalySeen, {"kind": "odd", "evidence": str(number)}) for number in range(ANOMALIES_KEPT + 5)]
    story = Story().after(*odd)
    assert story.node().anomalies == ANOMALIES_KEPT + 5
    assert (len(story.floor.anomalies), story.floor.anomalies[0].evidence) == (ANOMALIES_KEPT, "5")
