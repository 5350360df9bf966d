"""Recordings as Asterisk tells of them: their file's name as a digest, muted on both sides, begun anew, gone with a channel without a leg.

Real bytes of Asterisk 16 and 22, and what they lack written by hand.
"""

from __future__ import annotations

import pytest

from agi.codec import Message
from agi.translate import translate
from agi.translate.recordings import HALF_MUTED, mutes_all
from agi.translate.tracker import Tracker
from realtime.factcodec import encode
from realtime.facts import AnomalySeen, Fact, RecordingBegan, RecordingEnded
from realtime.recording_facts import RecordingNamed, RecordingPaused, RecordingResumed
from realtime.words import Node
from tests.agi.replay import START, sealer
from tests.agi.test_transcripts import play

LINE = "PJSIP/carrier-00000001"
KINDS = (RecordingNamed, RecordingBegan, RecordingPaused, RecordingResumed, RecordingEnded)


def told(facts: list[Fact]) -> list[str]:
    return [type(fact).__name__.removeprefix("Recording") for fact in facts if isinstance(fact, KINDS)]


@pytest.mark.parametrize("release", ["asterisk-16", "asterisk-22"])
def test_a_real_recording_is_named_begun_muted_and_stopped(release: str) -> None:
    replay = play(release, "recording")
    assert told(replay.facts) == ["Named", "Began", "Paused", "Resumed", "Ended", "Named", "Began"]
    named = [fact for fact in replay.facts if isinstance(fact, RecordingNamed)]
    assert [fact.name for fact in named] == [sealer().digest(f"support-{fact.leg}.wav") for fact in named]
    assert not any(b"support-north1" in encode(fact) or b"/monitor/" in encode(fact) for fact in replay.facts)


# ------------------------------------------------------------------ by hand


class Pbx:
    """One channel, and events about it."""

    def __init__(self, name: str = LINE) -> None:
        self.tracker = Tracker(Node("north1"), "s", sealer().seal)
        self.name = name
        self.say("Newchannel", "ChannelState: 6", "CallerIDNum: 138", "Exten: 1")

    def say(self, name: str, *headers: str) -> list[str]:
        """The recordings' facts that come of it."""
        return told(self.facts(name, *headers))

    def facts(self, name: str, *headers: str) -> list[Fact]:
        text = (f"Event: {name}", f"Channel: {self.name}", "Uniqueid: 1.1", "Linkedid: 1.1", *headers)
        translate(self.tracker, Message(name, "\r\n".join(text)), START)
        out, self.tracker.out = self.tracker.out, []
        return out

    def mute(self, direction: str, state: str) -> list[str]:
        return self.say("MixMonitorMute", f"Direction: {direction}", f"State: {state}")


@pytest.fixture
def pbx() -> Pbx:
    made = Pbx()
    assert made.say("MixMonitorStart") == ["Began"]
    return made


def test_silence_on_one_side_is_no_pause(pbx: Pbx) -> None:
    assert pbx.mute("read", "1") == []
    assert pbx.mute("write", "1") == ["Paused"]
    assert pbx.mute("both", "1") == [], "said already"
    assert pbx.mute("write", "0") == ["Resumed"]
    assert pbx.mute("both", "0") == []


def test_a_recording_that_begins_on_a_muted_channel_records(pbx: Pbx) -> None:
    pbx.tracker.mutes_all = True
    assert pbx.mute("both", "1") == ["Paused"]
    assert pbx.say("MixMonitorStart") == ["Resumed", "Began"]
    assert pbx.mute("both", "1") == ["Paused"]


def test_two_recordings_of_a_pbx_that_mutes_one_are_not_silent(pbx: Pbx) -> None:
    assert pbx.say("MixMonitorStart") == ["Began"]
    (fact,) = pbx.facts("MixMonitorMute", "Direction: both", "State: 1")
    assert isinstance(fact, AnomalySeen)
    assert (fact.kind, LINE in fact.evidence) == (HALF_MUTED, True)
    pbx.tracker.mutes_all = True
    assert pbx.mute("both", "1") == ["Paused"]


def test_of_two_recordings_the_last_one_that_stops_is_the_end(pbx: Pbx) -> None:
    pbx.say("MixMonitorStart")
    assert pbx.say("MixMonitorStop") == []
    assert pbx.say("MixMonitorStop") == ["Ended"]


@pytest.mark.parametrize(
    ("version", "all_of_them"),
    [
        ("16.28.0~dfsg", False),
        ("18.17.1", False),
        ("18.18.0", True),
        ("certified/18.9-cert5", False),
        ("19.8.1", False),
        ("20.2.1", False),
        ("20.3.0", True),
        ("certified/20.7-cert3", True),
        ("22.10.1", True),
        ("GIT-master", False),
        ("", False),
    ],
)
def test_which_releases_mute_all(version: str, all_of_them: bool) -> None:
    assert mutes_all(version) is all_of_them


def test_of_a_channel_from_before_our_time_either_is_said() -> None:
    assert Pbx().mute("both", "0") == ["Resumed"]
    assert Pbx().mute("both", "1") == ["Paused"]


def test_a_recorded_channel_that_is_nobodys_phone_says_when_it_is_gone() -> None:
    """A Local channel has no leg whose end would tell it."""
    local = Pbx("Local/1001@desk-00000001;1")
    local.say("MixMonitorStart")
    assert local.say("Hangup", "Cause: 16") == ["Ended"]
    phone = Pbx()
    phone.say("MixMonitorStart")
    assert phone.say("Hangup", "Cause: 16") == []


@pytest.mark.parametrize("path", ["/var/spool/asterisk/monitor/20261128/a b.wav", "a b.wav", "20261128/a b.wav"])
def test_the_base_name_is_what_counts(pbx: Pbx, path: str) -> None:
    (fact,) = pbx.facts("VarSet", "Variable: MIXMONITOR_FILENAME", f"Value: {path}")
    assert isinstance(fact, RecordingNamed)
    assert (fact.call, fact.leg, fact.name) == ("1.1", "1.1", sealer().digest("a b.wav"))


@pytest.mark.parametrize("value", ["", "/", "/spool/"])
def test_a_name_that_is_none_says_nothing(pbx: Pbx, value: str) -> None:
    assert pbx.say("VarSet", "Variable: MIXMONITOR_FILENAME", f"Value: {value}") == []
