"""Three minutes of a real Asterisk, held against its own queue_log: in any split, doubled, swapped, and with a cut link."""

from __future__ import annotations

import random
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agi.codec import Message
from agi.queuelog import LoggedVisit, parse, visits
from realtime.facts import AgentCompleted, AgentConnected, CallerJoined
from realtime.floor import Visit
from tests.agi.reference import Reference, written_at
from tests.agi.replay import DATA, Replay, capture, law_holds, messages, nothing_left

SLOW = settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck))
Counts = dict[str, tuple[int, int, int, int, int]]


@cache
def queue_log() -> tuple[str, ...]:
    return tuple((DATA / "floor-a.queue_log").read_text(encoding="utf-8").splitlines())


@cache
def expected() -> Counts:
    """Counted from the lines themselves, not by our reader of them."""
    counts: dict[str, list[int]] = {}
    column = {"ENTERQUEUE": 0, "CONNECT": 1, "ABANDON": 2, "EXITWITHTIMEOUT": 3}
    for line in queue_log():
        _, _, queue, _, event, *_ = line.split("|")
        if event in column:
            counts.setdefault(queue, [0, 0, 0, 0, 0])[column[event]] += 1
    return {queue: tuple(numbers) for queue, numbers in counts.items()}  # type: ignore[misc]


@cache
def events() -> tuple[Message, ...]:
    return tuple(messages(capture()))


@cache
def everything() -> tuple[Message, ...]:
    """With what only a snapshot needs, as Newexten."""
    raw = capture()
    return tuple(messages(raw, wanted=frozenset(event.name for event in events()) | {"Newexten"}))


def test_counts_are_those_of_queue_log_and_nothing_is_left() -> None:
    replay = Replay().play(events())
    assert replay.counts() == expected()
    assert nothing_left(replay) == []
    assert law_holds(replay.floor)
    assert not replay.floor.anomalies


@SLOW
@given(st.lists(st.integers(1, 5000), max_size=400))
def test_any_split_of_the_bytes_gives_the_same_facts(sizes: list[int]) -> None:
    assert list(messages(capture(), sizes)) == list(events())


def test_wait_and_talk_of_each_call_are_within_a_second_of_queue_log() -> None:
    replay = Replay().play(events())
    told = [visit for visit in visits(parse(queue_log())) if visit.outcome == "answered"]
    joined: dict[str, int] = {}
    answers: dict[tuple[str, str, int], tuple[float, float]] = {}
    connected: dict[tuple[str, str], tuple[str, float, int]] = {}
    for fact in replay.facts:
        if isinstance(fact, CallerJoined):
            joined[fact.channel] = fact.at
        elif isinstance(fact, AgentConnected):
            connected[fact.queue, fact.interface] = (fact.channel, (fact.at - joined[fact.channel]) / 1e6, fact.at)
        elif isinstance(fact, AgentCompleted):
            channel, wait, at = connected.pop((fact.queue, fact.interface))
            answers[channel, fact.queue, at // 1_000_000] = (wait, (fact.at - at) / 1e6)
    assert len(answers) == len(told) == sum(numbers[1] for numbers in expected().values())
    for visit in told:
        wait, talk = next(answers[visit.callid, visit.queue, s] for s in near(visit) if (visit.callid, visit.queue, s) in answers)
        assert abs(wait - visit.wait_s) <= 1, visit
        assert abs(talk - visit.talk_s) <= 1, visit


def near(visit: LoggedVisit) -> tuple[int, int, int]:
    return visit.outcome_s, visit.outcome_s - 1, visit.outcome_s + 1


def test_the_law_holds_after_each_fact() -> None:
    replay = Replay()
    for event in events():
        replay.hear(event)
        assert law_holds(replay.floor)


def test_each_event_twice_changes_nothing() -> None:
    doubled = [copy for event in events() for copy in (event, event)]
    replay = Replay().play(doubled)
    assert replay.counts() == expected()
    assert nothing_left(replay) == []


PUBLISHERS = {
    "DeviceStateChange": "device",
    "QueueMemberStatus": "device of the queue",
    "QueueMemberPause": "member",
    "QueueMemberAdded": "member",
    "QueueMemberRemoved": "member",
    "AgentComplete": "agent",
}


def publisher(event: Message) -> str:
    """Asterisk keeps the order of one publishing thread; a call's channels are one, these are others (asterisk.md 2.7)."""
    return PUBLISHERS.get(event.name, event.get("Linkedid") or event.get("DestLinkedid") or "?")


@pytest.mark.parametrize("seed", range(6))
def test_neighbours_of_different_publishers_may_swap(seed: int) -> None:
    chance, swapped = random.Random(seed), list(events())
    for index in range(12, len(swapped) - 1):
        one, two = swapped[index], swapped[index + 1]
        apart = "?" not in (publisher(one), publisher(two)) and publisher(one) != publisher(two)
        if apart and chance.random() < 0.5:
            swapped[index], swapped[index + 1] = two, one
    replay = Replay().play(swapped)
    assert replay.counts() == expected()
    assert nothing_left(replay) == []


def cut(begin: int, end: int, *, with_log: bool) -> Replay:
    """The link is lost before event `begin` and back before event `end`."""
    stream, reference, replay = everything(), Reference(), Replay()
    for event in stream[:begin]:
        reference.see(event)
        replay.hear(event)
    gap_from = replay.now
    for event in stream[begin:end]:
        reference.see(event)
    replay.now = max(replay.now, int(reference.now * 1e6))
    lines = [line for line, at in zip(queue_log(), written(), strict=True) if at < end]
    replay.resync(reference.core_show_channels(), reference.queue_status(), gap_from, lines if with_log else None)
    assert law_holds(replay.floor)
    for name, waiting in waiting_by_queue(reference).items():
        queue = replay.floor.queues[f"north1/{name}"]
        found = {replay.floor.visits[visit].channel for visit in queue.waiting}
        assert found == waiting, (name, found ^ waiting)
    return replay.play(stream[end:])


def waiting_by_queue(reference: Reference) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {queue: set() for queue in reference.queues}
    for uniqueid, (queue, _) in reference.waiting.items():
        found[queue].add(uniqueid)
    return found


@cache
def written() -> tuple[int, ...]:
    return tuple(written_at(everything(), queue_log()))


CUTS = st.tuples(st.integers(200, 17_000), st.integers(0, 6_000))


@SLOW
@given(CUTS)
def test_a_gap_is_filled_from_queue_log(where: tuple[int, int]) -> None:
    begin, length = where
    replay = cut(begin, min(begin + length, len(everything())), with_log=True)
    assert replay.counts() == expected()
    assert nothing_left(replay) == []


@SLOW
@given(CUTS)
def test_without_queue_log_what_nobody_saw_is_unknown_and_nothing_stays(where: tuple[int, int]) -> None:
    begin, length = where
    replay = cut(begin, min(begin + length, len(everything())), with_log=False)
    assert nothing_left(replay) == []
    assert law_holds(replay.floor)
    for queue, (offered, answered, abandoned, left, _) in replay.counts().items():
        most = expected()[queue]
        assert offered <= most[0]
        assert answered <= most[1]
        assert abandoned <= most[2]
        assert left <= most[3]


def test_a_visit_that_a_gap_swallowed_is_unknown_until_asterisk_says_better() -> None:
    """Cut in the middle of the busiest minute: some callers were waiting before it and gone after it."""
    replay = cut(6_000, 9_000, with_log=False)
    unknown: list[Visit] = [visit for visit in replay.floor.visits.values() if visit.departure == "unknown"]
    counted = sum(queue.day.unknown for queue in replay.floor.queues.values())
    assert counted > 0
    assert all(visit.how == "gap" for visit in unknown)
