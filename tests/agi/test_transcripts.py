"""Fifty scenes of two Asterisks each: every count is queue_log's, and nothing is left when the floor is quiet.

What each scene shows is told in tests/transcripts/README.md; scenes whose trap shows elsewhere than in the counts are looked
at one by one below.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from agi.codec import Message
from realtime import facts
from realtime.changes import Changes
from realtime.factcodec import encode
from realtime.floor import Floor
from realtime.fold import apply
from realtime.words import AgentId
from tests.agi.replay import Replay, law_holds, messages, nothing_left
from tests.lab import oracle

SCENES = Path(__file__).parent.parent / "transcripts"
RELEASES = ("asterisk-22", "asterisk-16")


def scenes() -> list[tuple[str, str]]:
    return [(release, path.stem) for release in RELEASES for path in sorted((SCENES / release).glob("*.queue_log"))]


def parts(release: str, scene: str) -> list[bytes]:
    folder = SCENES / release
    paths = [folder / f"{scene}{suffix}" for suffix in (".ami", ".ami.gz", ".1.ami", ".2.ami")]
    return [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths if path.exists()]


def streams(release: str, scene: str) -> list[list[Message]]:
    return [list(messages(part)) for part in parts(release, scene)]


def play(release: str, scene: str) -> Replay:
    replay = Replay()
    for stream in streams(release, scene):
        replay.play(stream)
    return replay


def logged(release: str, scene: str) -> dict[str, tuple[int, int, int, int]]:
    """By queue: offered, answered, abandoned, left_otherwise."""
    text = (SCENES / release / f"{scene}.queue_log").read_text(encoding="utf-8")
    found = oracle.totals(oracle.visits(text))
    return {queue: (total.offered, total.answered, total.abandoned, total.left_otherwise) for queue, total in found.items()}


OTHERWISE = {"redirected", "restart", "killed"}
"""Scenes whose counts are rightly others than queue_log's; each has its own test."""


@pytest.mark.parametrize(("release", "scene"), scenes())
def test_counts_are_those_of_queue_log_and_nothing_is_left(release: str, scene: str) -> None:
    replay = play(release, scene)
    counts = {name: numbers[:4] for name, numbers in replay.counts().items() if any(numbers)}
    if scene not in OTHERWISE:
        assert counts == logged(release, scene)
    assert nothing_left(replay) == []
    assert law_holds(replay.floor)


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def told(replay: Replay, kind: type[facts.Fact]) -> list[Any]:
    return [fact for fact in replay.facts if isinstance(fact, kind)]


def states_of(replay: Replay, agent: str) -> list[str]:
    """Every state that an agent went through, folded again from the facts."""
    floor, states = Floor(), []
    for fact in replay.facts:
        apply(floor, fact, Changes())
        known = floor.agents.get(AgentId(agent))
        if known is not None and (not states or states[-1] != known.state):
            states.append(str(known.state))
    return states


def test_a_redirected_caller_has_not_abandoned(release: str) -> None:
    replay = play(release, "redirected")
    assert replay.counts()["billing"] == (1, 0, 0, 1, 0)
    (left,) = told(replay, facts.CallerLeft)
    assert left.how in ("redirected", "other")  # 16 moves the channel in the dialplan only after the queue let go of it


@pytest.mark.parametrize(
    ("scene", "how"),
    [("timed-out", "timeout"), ("exit-key", "key"), ("withdrawn", "withdrawn"), ("leave-empty", "empty"), ("abandoned", "hangup")],
)
def test_a_departure_says_why(release: str, scene: str, how: str) -> None:
    left = [fact for fact in told(play(release, scene), facts.CallerLeft) if fact.departure != "connecting"]
    assert {fact.how for fact in left} == {how}


@pytest.mark.parametrize("scene", ["restart", "killed"])
def test_after_a_restart_nothing_is_there_that_was_before(release: str, scene: str) -> None:
    first, second = streams(release, scene)
    replay = Replay().play(first)
    talking = [call.id for call in replay.floor.calls.values() if not call.ended]
    if scene == "killed":  # the one whose end nobody could tell
        assert talking
    replay.play(second)
    assert nothing_left(replay) == []
    unknown = sum(queue.day.unknown for queue in replay.floor.queues.values())
    assert unknown == (1 if scene == "killed" else 0)


def test_a_pause_during_ringing_takes_effect_after_the_call(release: str) -> None:
    replay = play(release, "pause-while-ringing")
    paused = {fact.interface for fact in told(replay, facts.MemberPaused) if fact.paused}
    (agent,) = [agent for agent in replay.floor.agents.values() if agent.state == "on_break"]
    assert f"PJSIP/{agent.id}" in paused
    states = states_of(replay, agent.id)
    assert states[states.index("ringing") :] == ["ringing", "talking", "on_break"]


def test_hold_is_seen_and_ends(release: str) -> None:
    for scene in ("hold", "hold-ring-all"):
        replay = play(release, scene)
        held = [agent for agent in replay.floor.agents if "hold" in states_of(replay, agent)]
        assert held, scene


def test_a_consulting_agent_is_one_call_with_the_caller(release: str) -> None:
    replay = play(release, "attended-agent")
    began = {fact.call for fact in told(replay, facts.CallBegan)} - {fact.absorbed for fact in told(replay, facts.CallsMerged)}
    assert len(began) == 1
    assert [(fact.kind, fact.result) for fact in told(replay, facts.CallTransferred)] == [("attended", "Success")]


@pytest.mark.parametrize(("scene", "why"), [("park-retrieve", "retrieved"), ("park-timeout", "timeout"), ("park-given-up", "gave_up")])
def test_parking_ends_as_it_did(release: str, scene: str, why: str) -> None:
    replay = play(release, scene)
    assert len(told(replay, facts.CallParked)) == 1
    assert [fact.why for fact in told(replay, facts.CallUnparked)] == [why]


def test_listening_is_seen_from_begin_to_end(release: str) -> None:
    replay = play(release, "spy")
    began, ended = told(replay, facts.SpyBegan), told(replay, facts.SpyEnded)
    assert len(began) == 2
    assert [fact.spyer for fact in ended] == [fact.spyer for fact in began]


def test_a_recording_is_seen(release: str) -> None:
    replay = play(release, "recording")
    assert told(replay, facts.RecordingBegan)
    assert told(replay, facts.RecordingEnded)


def test_phones_out_of_reach_are_unreachable_and_come_back(release: str) -> None:
    replay = play(release, "unreachable")
    states = states_of(replay, "1007")
    assert states[-3:] == ["ready", "unreachable", "ready"] or states[-2:] == ["unreachable", "ready"]


def test_who_lets_it_ring_is_shown_so(release: str) -> None:
    """Once by letting it ring, once by rejecting it: Asterisk says AgentRingNoAnswer of both."""
    replay = play(release, "no-answer")
    assert [agent.rings_missed for agent in replay.floor.agents.values() if agent.state == "no_answer"] == [2]


def test_members_come_go_and_change(release: str) -> None:
    replay = play(release, "members")
    assert told(replay, facts.MemberRemoved)
    assert told(replay, facts.MemberPenaltySet)
    assert [fact.reason for fact in told(replay, facts.MemberPaused) if fact.paused]


def test_a_reload_asks_for_a_snapshot(release: str) -> None:
    replay = Replay()
    for message in streams(release, "reload-queues")[0]:
        replay.hear(message)
    assert replay.tracker.resync_wanted == "reloaded"


def test_which_way_calls_go(release: str) -> None:
    directions = {scene: set(direction_of(play(release, scene)).values()) for scene in ("outbound", "colleague", "direct-inbound")}
    assert directions == {"outbound": {"outbound"}, "colleague": {"internal"}, "direct-inbound": {"inbound"}}


def direction_of(replay: Replay) -> dict[str, str]:
    found: dict[str, str] = {}
    for fact in replay.facts:
        if isinstance(fact, facts.CallBegan | facts.CallDirected):
            found[fact.call] = fact.direction
    return found


def test_no_number_and_no_customer_name_is_in_any_fact(release: str) -> None:
    for scene in ("names", "outbound", "answered", "click-to-dial"):
        numbers = {message.get("CallerIDNum") for stream in streams(release, scene) for message in stream}
        written = b"".join(encode(fact) for fact in play(release, scene).facts)
        for number in numbers:
            if len(number) > 6 and number.isdecimal():
                assert number.encode() not in written
