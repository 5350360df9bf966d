"""What an agent is doing: from the phone's legs, the pauses, the device and our own wrap-up clock, in this order."""

from __future__ import annotations

import pytest

from realtime.facts import QueueRules
from realtime.words import SECOND
from tests.realtime.story import (
    START,
    Happening,
    Story,
    call_ended,
    completed,
    configured,
    connected,
    device,
    joined,
    leg,
    leg_ended,
    leg_is,
    linked,
    lost,
    member,
    paused,
    reachable,
    removed,
    resynced,
    ring_ended,
    seated,
    sync_began,
    sync_ended,
    unpaused,
    works,
    wrapup_ended,
)


def test_an_agent_is_ready_in_a_queue_and_logged_out_without_one() -> None:
    story = Story().after(seated("1001"))
    assert story.state() == "logged_out"
    assert story.after(member("1001")).state() == "ready"
    assert story.after(removed("1001")).state() == "logged_out"


@pytest.mark.parametrize(
    ("leg_state", "state"),
    [("new", "ready"), ("ringing", "ringing"), ("dialling", "dialling"), ("talking", "talking"), ("hold", "hold"), ("waiting", "dialling")],
)
def test_the_leg_says_what_the_phone_does(leg_state: str, state: str) -> None:
    assert Story().after(works("1001", "sales"), leg("a", "1001", leg_state)).state() == state


def test_of_two_calls_the_one_that_is_talked_to_counts() -> None:
    story = Story().after(works("1001", "sales"), leg("a", "1001", "hold"), leg("b", "1001", "talking"))
    assert (story.state(), story.agent().call) == ("talking", "pbx/b")
    story.after(leg_ended("b", "1001"))
    assert (story.state(), story.agent().call) == ("hold", "pbx/a")


def test_a_pause_during_a_call_counts_when_the_call_ends() -> None:
    story = Story().after(works("1001", "sales"), leg("a", "1001", "talking"), 5, paused("1001", "lunch"))
    assert story.state() == "talking"
    story.after(5, leg_ended("a", "1001"))
    assert (story.state(), story.agent().reason, story.agent().since) == ("on_break", "lunch", story.now)


def test_paused_in_some_queues_only_is_still_at_work() -> None:
    story = Story().after(works("1001", "sales", "help"), paused("1001", "lunch", "sales"))
    assert story.state() == "ready"
    assert story.after(paused("1001", "lunch", "help")).state() == "on_break"
    assert story.after(unpaused("1001", "sales", reason="lunch")).state() == "ready"  # the reason comes again when it is lifted


def test_the_latest_pause_says_the_reason() -> None:
    story = Story().after(works("1001", "sales", "help"), paused("1001", "lunch", "help"), 5, paused("1001", "meeting", "sales"))
    assert (story.state(), story.agent().reason) == ("meeting", "meeting")


@pytest.mark.parametrize(
    ("reason", "state"),
    [("", "not_ready"), ("Lunch ", "on_break"), ("小休", "on_break"), ("培训", "training"), ("会议", "meeting"), ("fire", "not_ready")],
)
def test_a_reason_means_a_state(reason: str, state: str) -> None:
    assert Story().after(works("1001", "sales"), paused("1001", reason)).state() == state


def test_the_centre_says_what_a_reason_means() -> None:
    rules = configured(pause_states={"fire": "training", "lunch": "of_tomorrow"})
    story = Story().after(rules, works("1001", "sales"), paused("1001", "fire"))
    assert story.state() == "training"
    assert story.after(unpaused("1001"), paused("1001", "lunch")).state() == "on_break"  # a word of a newer Andon says nothing


def test_new_settings_count_for_who_is_paused_already() -> None:
    story = Story().after(works("1001", "sales"), paused("1001", "fire"), configured(pause_states={"fire": "meeting"}))
    assert story.state() == "meeting"


@pytest.mark.parametrize("state", ["UNAVAILABLE", "INVALID"])
def test_a_phone_that_is_gone_is_unreachable(state: str) -> None:
    story = Story().after(works("1001", "sales"), device("1001", state))
    assert story.state() == "unreachable"
    assert story.after(device("1001", "NOT_INUSE")).state() == "ready"


def test_a_contact_that_does_not_answer_is_unreachable() -> None:
    story = Story().after(works("1001", "sales"), reachable("1001", False))
    assert story.state() == "unreachable"
    assert story.after(reachable("1001", True)).state() == "ready"


def test_a_device_that_is_there_can_be_reached_whatever_was_missed_of_its_contact() -> None:
    story = Story().after(works("1001", "sales"), reachable("1001", False), device("1001", "UNAVAILABLE"), device("1001", "NOT_INUSE"))
    assert story.state() == "ready"


def test_who_is_on_a_break_is_not_called_unreachable() -> None:
    assert Story().after(works("1001", "sales"), paused("1001", "lunch"), device("1001", "UNAVAILABLE")).state() == "on_break"


def test_who_let_it_ring_is_shown_until_they_do_something() -> None:
    story = Story().after(works("1001", "sales"), joined("a"), ring_ended("a", "1001", "no_answer"))
    assert (story.state(), story.agent().rings_missed) == ("no_answer", 1)
    story.after(leg("b", "1001", "ringing"), leg_is("b", "1001", "talking"), leg_ended("b", "1001"))
    assert story.state() == "ready"


def test_a_pause_and_its_end_clear_a_missed_ring() -> None:
    story = Story().after(works("1001", "sales"), ring_ended("a", "1001", "no_answer"), paused("1001"), unpaused("1001"))
    assert story.state() == "ready"


@pytest.mark.parametrize("outcome", ["answered", "cancelled", "busy", "unavailable"])
def test_only_no_answer_is_a_missed_ring(outcome: str) -> None:
    story = Story().after(works("1001", "sales"), joined("a"), ring_ended("a", "1001", outcome))
    assert (story.state(), story.agent().rings_missed) == ("ready", 0)


# ------------------------------------------------------------------ since when


def test_a_state_lasts_since_it_began_however_often_it_is_confirmed() -> None:
    story = Story().after(works("1001", "sales"), 10, paused("1001", "lunch"), 10, paused("1001", "lunch"), member("1001", paused=False))
    since = story.agent().since
    assert (story.state(), since) == ("ready", story.now)
    assert story.after(30, member("1001"), device("1001", "NOT_INUSE")).agent().since == since


def test_a_pause_older_than_our_knowledge_lasts_since_the_pbx_says() -> None:
    older = START - 600 * SECOND
    snapshot = (member("1001", paused=True, reason="lunch", paused_at=older), seated("1001"))
    assert Story().after(linked(), sync_began(), snapshot, sync_ended()).agent().since == older


def test_a_pause_that_we_saw_keeps_our_own_time() -> None:
    story = Story().after(works("1001", "sales"), 10, paused("1001", "lunch"))
    since = story.agent().since
    again = member("1001", paused=True, reason="lunch", paused_at=START - 600 * SECOND)
    assert story.after(20, resynced(again)).agent().since == since


# ------------------------------------------------------------------ wrap-up


TALK = (joined("a"), 10, connected("a", "1001"), leg("a", "1001", "talking"), 60, completed("a", "1001"), leg_ended("a", "1001"))


def after_talk(*before: Happening) -> Story:
    return Story().after(*before, *TALK)


def test_wrapup_lasts_for_the_members_own_seconds() -> None:
    story = after_talk(works("1001", "sales", wrapup_s=15))
    since = story.agent().wrapup_since
    assert (story.state(), story.floor.wrapups) == ("wrapup", {"1001": since + 15 * SECOND})
    story.after(15, wrapup_ended("1001", since))
    assert (story.state(), story.floor.wrapups, story.day().wrapup) == ("ready", {}, 15 * SECOND)
    assert sum(half.wrapup for half in story.queue().halves.values()) == 15 * SECOND


def test_wrapup_lasts_as_the_centre_says_where_the_pbx_says_nothing() -> None:
    story = after_talk(configured(queues={"sales": QueueRules(wrapup_s=30)}), works("1001", "sales"))
    assert story.agent().wrapup_until == story.now + 30 * SECOND


def test_without_a_word_there_is_no_wrapup() -> None:
    assert after_talk(works("1001", "sales")).state() == "ready"


def test_the_end_of_another_wrapup_ends_nothing() -> None:
    story = after_talk(works("1001", "sales", wrapup_s=15))
    assert story.after(wrapup_ended("1001", story.now - SECOND), wrapup_ended("1002", 0)).state() == "wrapup"


def test_whoever_leaves_their_seat_has_no_wrapup() -> None:
    story = after_talk(works("1001", "sales", wrapup_s=15)).after(seated("1002", at="1001"))
    assert (story.state(), story.floor.wrapups) == ("logged_out", {})
    assert story.state("1002") == "ready"


# ------------------------------------------------------------------ the link


def test_a_lost_link_leaves_the_last_word_standing() -> None:
    story = Story().after(works("1001", "sales"), leg("a", "1001", "talking"), lost())
    assert (story.state(), story.node().link) == ("talking", "lost")


def test_a_call_that_ends_gives_every_agent_back() -> None:
    story = Story().after(works("1001", "sales"), works("1002", "sales"), leg("a", "1001", "talking"), leg("a", "1002", "ringing"))
    story.after(call_ended("a"))
    assert (story.state("1001"), story.state("1002"), story.agent().call) == ("ready", "ready", None)
