"""Calls and legs: ended once, merged, found again by their old names, and forgotten."""

from __future__ import annotations

from realtime import facts
from realtime.floor import TOMBSTONE
from realtime.words import SECOND
from tests.realtime.story import (
    Story,
    abandoned,
    about,
    call_began,
    call_ended,
    completed,
    connected,
    heard,
    joined,
    leg,
    leg_ended,
    leg_is,
    merged,
    works,
)

FORGETFUL_S = TOMBSTONE / SECOND + 1


def test_a_call_keeps_the_direction_it_began_with() -> None:
    """A snapshot lists a known call without knowing which way it went."""
    story = Story().after(call_began("a", "outbound"), call_began("a", "inbound"))
    assert story.call().direction == "outbound"


def test_a_leg_that_changes_has_another_since() -> None:
    story = Story().after(leg("a", "1001", "ringing"), 5, leg("a", "1001", "ringing"), 5, leg_is("a", "1001", "talking"))
    found = story.call().legs["a-1001"]
    assert (found.state, story.now - found.since, story.now - found.began) == ("talking", 0, 10 * SECOND)


def test_what_nobody_has_heard_of_ends_without_a_trace() -> None:
    story = Story().after(call_ended("a"), leg_ended("a", "1001"), leg_is("a", "1001", "talking"), merged("a", "b"))
    assert not story.floor.calls


def test_a_call_that_ended_is_remembered_for_late_events_and_then_forgotten() -> None:
    story = Story().after(works("1001", "sales"), joined("a"), connected("a", "1001"), 60, call_ended("a"))
    assert story.call().ended
    assert story.floor.visits
    story.after(FORGETFUL_S, heard())
    floor = story.floor
    assert [*floor.calls, *floor.visits, *floor.visiting, *floor.ended, *story.queue().talking] == []


def test_a_leg_says_that_an_ended_call_goes_on() -> None:
    story = Story().after(works("1001", "sales"), leg("a", "1001", "talking"), call_ended("a"), 1, leg("a", "1001", "talking"))
    assert (story.call().ended, story.state()) == (0, "talking")
    story.after(FORGETFUL_S, heard())
    assert "pbx/a" in story.floor.calls
    story.after(call_ended("a"), FORGETFUL_S, heard())
    assert (story.floor.calls, story.state()) == ({}, "ready")


def test_a_late_word_about_an_ended_call_does_not_revive_it() -> None:
    story = Story().after(call_began("a"), call_ended("a"), about(facts.RecordingEnded, "a", leg="x"), about(facts.CallUnparked, "a"))
    assert story.call().ended


def test_a_leg_that_turns_up_on_another_phone_has_left_the_first() -> None:
    story = Story().after(
        works("1001", "sales"), works("1002", "sales"), leg("a", "1001", "talking", "x"), leg("a", "1002", "talking", "x")
    )
    assert (story.state("1001"), story.state("1002")) == ("ready", "talking")


# ------------------------------------------------------------------ merging


def test_two_calls_become_one_and_the_old_name_still_finds_it() -> None:
    story = Story().after(works("1001", "sales"), leg("a", "1001", "talking"), leg("b", "1002", "talking"), merged("a", "b"))
    assert set(story.call("a").legs) == {"a-1001", "b-1002"}
    assert list(story.floor.calls) == ["pbx/a"]
    story.after(leg_ended("b", "1002"))
    assert set(story.call("a").legs) == {"a-1001"}


def test_a_name_is_found_through_two_merges() -> None:
    story = Story().after(leg("a", "1001", "talking"), leg("b", "1002", "talking"), leg("c", "1003", "talking"))
    story.after(merged("b", "a"), merged("c", "b"), leg_ended("a", "1001"))
    assert set(story.call("c").legs) == {"b-1002", "c-1003"}
    assert list(story.floor.calls) == ["pbx/c"]
    story.after(call_ended("c"), FORGETFUL_S, heard())
    assert not story.floor.aliases


def test_a_merged_visit_is_completed_in_the_call_that_stays() -> None:
    story = Story().after(works("1001", "sales"), joined("a"), connected("a", "1001"), call_began("b"), merged("b", "a"), 30)
    story.after(completed("a", "1001"))
    assert (story.day().handled, story.day().talk) == (1, 30 * SECOND)
    assert story.floor.calls["pbx/b"].visits == [story.visits("a")[0].id]


def test_merging_with_an_ended_call_changes_nothing() -> None:
    story = Story().after(call_began("a"), call_began("b"), call_ended("b"), merged("a", "b"))
    assert set(story.floor.calls) == {"pbx/a", "pbx/b"}


def test_an_agents_call_goes_by_the_name_that_stays() -> None:
    story = Story().after(works("1001", "sales"), leg("b", "1001", "talking"), merged("a", "b"))
    assert story.agent().call == "pbx/a"


# ------------------------------------------------------------------ recording, listening, parking


def test_a_call_was_recorded_also_when_the_recording_has_ended() -> None:
    story = Story().after(about(facts.RecordingBegan, "a", leg="x"), about(facts.RecordingEnded, "a", leg="x"))
    assert (story.call().recording, story.call().recorded) == ({}, True)


def test_somebody_listens_until_they_stop() -> None:
    story = Story().after(about(facts.SpyBegan, "a", leg="x", spyer="s"))
    assert story.shown().calls[0].spied
    assert not story.after(about(facts.SpyEnded, "a", leg="x", spyer="s")).shown().calls[0].spied


def test_a_parked_call_is_parked_until_it_is_fetched() -> None:
    story = Story().after(call_began("a"), about(facts.CallParked, "a", leg="x", space="701"))
    assert story.shown().calls[0].state == "parked"
    assert story.after(about(facts.CallUnparked, "a", leg="x", why="retrieved")).shown().calls[0].state == "menu"


def test_a_call_that_ends_while_its_caller_waits_was_abandoned() -> None:
    story = Story().after(joined("a"), 10, call_ended("a"))
    assert story.outcomes() == {"offered": 1, "abandoned": 1}
    assert story.after(abandoned("a")).outcomes() == {"offered": 1, "abandoned": 1}


def test_a_line_is_forgotten_with_its_last_leg_and_a_phone_is_not() -> None:
    """A line may have a device for each address it is called from: they would be kept for ever."""
    story = Story().after(works("1001", "sales"), leg("a", "1001", "talking"), leg("a", "line", "talking"))
    assert set(story.floor.phones) == {"pbx/PJSIP/1001", "pbx/PJSIP/line"}
    story.after(call_ended("a"))
    assert set(story.floor.phones) == {"pbx/PJSIP/1001"}
