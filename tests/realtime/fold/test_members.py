"""Queues, members and seats: who sits where, and in which queues that counts."""

from __future__ import annotations

from tests.realtime.story import (
    Story,
    connected,
    joined,
    leg,
    member,
    on,
    paused,
    queue_seen,
    removed,
    resynced,
    seated,
    unseated,
    works,
)


def states(story: Story, queue: str = "sales", node: str = "pbx") -> dict[str, int]:
    return {state: count for state, count in story.queue(queue, node).states.items() if count}


def test_a_queue_counts_its_agents_by_what_they_do() -> None:
    story = Story().after(works("1001", "sales", "help"), works("1002", "sales"), leg("a", "1001", "talking"))
    assert states(story) == {"talking": 1, "ready": 1}
    assert states(story, "help") == {"talking": 1}
    assert states(story.after(removed("1001"))) == {"ready": 1}


def test_a_person_who_sits_elsewhere_gets_up_here() -> None:
    story = Story().after(works("1001", "sales"), member("1002", "help"), seated("1001", at="1002"))
    assert (states(story), states(story, "help"), story.phone("1001").agent) == ({}, {"ready": 1}, None)


def test_whoever_sat_here_gets_up_and_keeps_the_days_counts() -> None:
    story = Story().after(works("1001", "sales"), joined("a"), connected("a", "1001"), seated("1002", at="1001"))
    assert (story.state("1001"), story.agent("1001").answered) == ("logged_out", 1)
    assert (story.state("1002"), states(story)) == ("ready", {"ready": 1})


def test_whoever_moves_on_leaves_the_successor_at_the_old_seat() -> None:
    story = Story().after(works("1001", "sales"), seated("1002", at="1001"), seated("1001", at="1003"))
    assert (story.phone("1001").agent, story.state("1002")) == ("1002", "ready")


def test_getting_up_is_for_whoever_sits_there() -> None:
    story = Story().after(works("1001", "sales"), unseated("1002", at="1001"), unseated("1001", at="1009"))
    assert story.state() == "ready"
    story.after(unseated("1001"))
    assert (story.state(), states(story)) == ("logged_out", {})


def test_who_got_up_is_shown_without_the_queues_of_the_phone() -> None:
    story = Story().after(works("1001", "sales"), seated("1002", at="1001"))
    shown = {row.id: (row.interface, row.queues) for row in story.shown().agents}
    assert shown == {"1001": ("", []), "1002": ("PJSIP/1001", ["sales"])}


def test_one_phone_under_two_interfaces_in_a_queue_is_one_agent() -> None:
    story = Story().after(works("1001", "sales"), member("1001", interface="Local/1001@desk"))
    assert (states(story), len(story.queue().members)) == ({"ready": 1}, 2)
    assert states(story.after(removed("1001", interface="Local/1001@desk"))) == {"ready": 1}
    assert (story.state(), states(story.after(removed("1001")))) == ("ready", {})
    assert story.state() == "logged_out"


def test_an_interface_that_gets_another_phone_takes_its_place_along() -> None:
    story = Story().after(works("1001", "sales"), seated("1002"), member("1001", device="PJSIP/1002"))
    assert (story.state("1001"), story.state("1002"), states(story)) == ("logged_out", "ready", {"ready": 1})


def test_an_agent_is_in_the_queues_of_the_node_they_sit_at() -> None:
    story = Story().after(works("1001", "sales"), on("north", member("1001", "sales"), seated("1001")))
    assert (states(story, node="pbx"), states(story, node="north")) == ({}, {"ready": 1})
    assert story.agent().node == "north"
    assert story.after(paused("1001", "lunch")).state() == "ready"  # the pause at the phone they left


def test_what_a_queue_is_like_is_what_the_pbx_said_last() -> None:
    story = Story().after(queue_seen("sales", 20), queue_seen("sales", 30))
    assert story.queue().target_s == 30


def test_a_pause_of_a_member_nobody_knows_is_left_alone() -> None:
    assert not Story().after(paused("1001")).floor.queues


def test_members_that_a_snapshot_does_not_list_are_gone() -> None:
    story = Story().after(works("1001", "sales"), works("1002", "sales"), resynced(queue_seen(), member("1001")))
    assert (list(story.queue().members), story.state("1002")) == (["PJSIP/1001"], "logged_out")
