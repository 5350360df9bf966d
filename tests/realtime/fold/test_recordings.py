"""What is recorded and what is silent on the floor, by the PBX's word; how the archive is."""

from __future__ import annotations

from realtime import facts
from realtime.recording_facts import ArchiveSeen, CardPauseBegan, RecordingNamed, RecordingPaused, RecordingResumed
from realtime.words import SECOND
from tests.realtime.story import START, Story, Telling, about, call_began, call_ended, leg, leg_ended, lost, merged, resynced


def recorded(*legs: str) -> Story:
    return Story().after(call_began("a"), *(about(facts.RecordingBegan, "a", leg=each) for each in legs))


def test_a_call_is_silent_when_none_of_its_recordings_gets_sound() -> None:
    story = recorded("x", "y").after(about(RecordingPaused, "a", leg="x"), 5)
    assert story.shown().calls[0].silent is None
    story.after(about(RecordingPaused, "a", leg="y"))
    assert story.shown().calls[0].silent == START / SECOND + 5
    story.after(about(RecordingResumed, "a", leg="x"))
    assert story.shown().calls[0].silent is None


def test_a_recording_that_stops_or_whose_channel_ends_counts_no_more() -> None:
    story = recorded("x", "a-1001").after(leg("a", "1001", "talking"), about(RecordingPaused, "a", leg="x"))
    assert story.shown().calls[0].silent is None
    story.after(leg_ended("a", "1001"))
    assert story.shown().calls[0].silent is not None
    story.after(about(facts.RecordingEnded, "a", leg="x"))
    assert story.shown().calls[0].silent is None
    assert (story.call().recording, story.call().silent, story.call().recorded) == ({}, {}, True)


def test_a_pause_is_shown_until_its_end_is_said_and_is_nobodys_after_the_call() -> None:
    story = recorded("x").after(about(CardPauseBegan, "a", until=START + 180 * SECOND, agent="1001", who="user:li"))
    assert story.shown().calls[0].card_until == START / SECOND + 180
    story.after(call_ended("a"), about(CardPauseBegan, "a", until=START + 300 * SECOND))
    assert not story.floor.owned.cards


def test_what_was_silent_goes_with_its_call_into_another() -> None:
    story = recorded("x").after(about(RecordingPaused, "a", leg="x"), call_began("b"), merged("b", "a"))
    assert set(story.call("b").silent) == {"x"}


def test_a_call_that_was_not_seen_whole_is_known_as_such() -> None:
    story = recorded("x").after(call_began("b"))
    assert not story.call("b").dark
    assert story.after(resynced(call_began("a"), call_began("c"))).call("c").dark
    assert story.call("a").dark
    assert not Story().after(call_began("a")).after(lost()).after(call_began("d")).call("d").dark


def test_a_files_name_changes_nothing_that_is_shown() -> None:
    story = recorded("x")
    before = story.shown()
    assert story.after(about(RecordingNamed, "a", leg="x", name="0" * 32)).shown().calls == before.calls


def test_the_archive_is_as_it_was_said_last() -> None:
    story = Story().after(Telling(ArchiveSeen, {"missing": 2, "free_share": 0.2}, node=""), 60)
    story.after(Telling(ArchiveSeen, {"away": "The vault is gone.", "conflicts": 3, "tight": "/srv/spool"}, node=""))
    seen = story.floor.owned.archive
    assert (seen.at, seen.missing, seen.free_share, seen.away) == (START + 60 * SECOND, 0, 1.0, "The vault is gone.")
    assert (seen.conflicts, seen.tight) == (3, "/srv/spool")
