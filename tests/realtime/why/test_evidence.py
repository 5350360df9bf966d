"""The facts behind a number are as many as the number says: on a real Asterisk's capture, on simulated days, over the turn of a day."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from realtime.factcodec import decode
from realtime.facts import AgentConnected, Fact, Sealed
from realtime.floor import Floor
from realtime.why import evidence
from realtime.why.answer import Evidence, Explanation
from realtime.why.evidence import COUNTED, Behind, count_of, question, with_facts
from realtime.why.live import FACTS_TOLD, explain, find
from realtime.words import SECOND
from tests.agi.replay import Replay, capture, messages
from tests.realtime.memory_history import MemoryHistory
from tests.realtime.story import (
    Story,
    abandoned,
    call_began,
    call_ended,
    completed,
    configured,
    connected,
    day_began,
    joined,
    left,
    lost,
    queue_seen,
    resynced,
    ring_ended,
    seated,
    works,
)
from tests.simulation.day import Day
from tests.simulation.plan import Plan

VALUES = ("offered", "answered", "abandoned", "left_otherwise", "unknown", "answered_in_target", "abandoned_in_target")


def digest(sealed: Sealed) -> str | None:
    return sealed.digest


def explained(floor: Floor, number: str, of: str, now: int = 0) -> Explanation:
    named = find(floor, of)
    assert named is not None
    told = explain(floor, number, of, named, now or floor.at, digest)
    assert told is not None
    return told


async def behind(history: MemoryHistory, number: str, of: str) -> list[Evidence]:
    """Every line that the facts show, however many."""
    return (await told_of(history, number, of, 1_000_000)).lines


async def told_of(history: MemoryHistory, number: str, of: str, most: int = FACTS_TOLD) -> Behind:
    floor = history.floor
    named = find(floor, of)
    assert named is not None
    asked = question(floor, explained(floor, number, of), named, digest, most)
    assert asked is not None, (number, of)
    reach = await history.reach()
    told = asked.tell([await history.facts(each) for each in asked.asked], reach.first if reach else 0)
    assert len(told.lines) == min(most, told.found)
    return told


async def agrees(history: MemoryHistory) -> int:
    """Each number of each queue and of the floor has as many facts as it says; how many facts that were."""
    told = 0
    for of in ("", *(f"queue:{name}" for name in history.floor.queues)):
        for number in COUNTED:
            lines = await behind(history, number, of)
            explanation = explained(history.floor, number, of)
            assert len(lines) == count_of(explanation), (of, number, explanation.inputs)
            if number in VALUES:
                assert len(lines) == explanation.value
            assert lines == sorted(lines, key=lambda line: -line.at)
            told += len(lines)
    for agent in history.floor.agents.values():
        for number in ("answered", "rings_missed"):
            assert len(await behind(history, number, f"agent:{agent.id}")) == getattr(agent, number), (agent.id, number)
    return told


async def test_on_the_capture_of_a_real_asterisk() -> None:
    history = MemoryHistory(Replay().play(messages(capture())).facts)
    assert await agrees(history) > 500
    late = await behind(history, "service_level", "")
    assert late
    for told in (line.detail for line in late):
        assert told["in_target"] is False
        assert float(str(told["wait_s"])) > float(str(told["target_s"]))
    answers = await behind(history, "answered", "")
    assert all(line.agent is not None and line.kind == "AgentConnected" and line.call for line in answers)


@pytest.mark.parametrize(
    "plan",
    [
        Plan(seed=2, minutes=30),
        Plan(seed=4, minutes=30, cuts=40, adapter_kills=12),
        Plan(seed=5, minutes=30, stalls=12, kills=4, lag_s=2.0, queue_log=False),
        Plan(seed=6, minutes=30, restarts=4, log_restarts=6, queue_log=False),
    ],
    ids=str,
)
async def test_on_days_on_which_much_goes_wrong(plan: Plan) -> None:
    day = Day(plan)
    day.run()
    history = MemoryHistory(fact for batch in day.log.batches for fact in decode(batch))
    assert history.floor.queues.keys() == day.board.floor.queues.keys()
    assert await agrees(history) > 100


def facts_of(*stories: Story) -> Iterable[Fact]:
    return (fact for story in stories for fact in story.told)


def a_day_that_turns() -> Story:
    story = Story().after(configured(), day_began("2026-11-23"), queue_seen(), works("1001", "sales"), 60)
    for number in range(4):
        story.after(call_began(f"y{number}"), joined(f"y{number}"), 5)
    story.after(connected("y0", "1001"), 30, abandoned("y1"), 60)
    story.now = (story.now // (1800 * SECOND) + 1) * 1800 * SECOND  # a day begins with a half-hour here
    story.after(day_began("2026-11-24"), 5, completed("y0", "1001"), connected("y2", "1001"), 40, completed("y2", "1001"), 5)
    return story.after(call_began("t0"), joined("t0"), 30, abandoned("t0"), left("y3", "left_otherwise", how="timeout"), call_ended("y3"))


async def test_over_the_turn_of_a_day() -> None:
    """Who waited over it is offered to the new day; yesterday's abandon is not today's; a talk counts when it ends."""
    history = MemoryHistory(a_day_that_turns().told)
    assert await agrees(history) > 0
    day = history.floor.queues["pbx/sales"].day
    assert (day.offered, day.answered, day.abandoned, day.left_otherwise, day.handled) == (3, 1, 1, 1, 2)
    assert [line.call for line in await behind(history, "abandoned", "queue:pbx/sales")] == ["t0"]
    assert [line.call for line in await behind(history, "aht_s", "queue:pbx/sales")] == ["y2", "y0"]


async def test_a_day_that_is_told_late() -> None:
    """The engine was away at the turn: what happened since is the new day's."""
    story = Story().after(configured(), day_began("2026-11-23"), queue_seen(), works("1001", "sales"), call_began("a"), joined("a"), 10)
    story.now = (story.now // (1800 * SECOND) + 1) * 1800 * SECOND
    story.after(abandoned("a"), call_began("b"), joined("b"), 8, abandoned("b"), 12, day_began("2026-11-24", late_s=20))
    history = MemoryHistory(story.told)
    assert history.floor.queues["pbx/sales"].day.abandoned == 2
    assert await agrees(history) > 0


async def test_what_ended_unseen_is_told_by_the_sweep() -> None:
    story = Story().after(
        queue_seen(), works("1001", "sales"), call_began("a"), joined("a"), 10, resynced(queue_seen(), works("1001", "sales"))
    )
    history = MemoryHistory(story.told)
    [line] = await behind(history, "unknown", "queue:pbx/sales")
    assert (line.kind, line.call, line.detail["how"]) == ("SyncEnded", "a", "gap")


async def test_the_newest_are_told_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "VISITS_READ", 60)
    story = Story().after(configured(), day_began(), queue_seen(), works("1001", "sales"))
    for number in range(100):
        story.after(call_began(f"c{number}"), joined(f"c{number}"), 30, abandoned(f"c{number}"), 1)
    history = MemoryHistory(story.told)
    told = explained(history.floor, "abandoned", "queue:pbx/sales")
    found = await told_of(history, "abandoned", "queue:pbx/sales", 10)
    assert [line.call for line in found.lines[:3]] == ["c99", "c98", "c97"]
    whole = with_facts(told, found, find(history.floor, "queue:pbx/sales"))  # type: ignore[arg-type]
    assert (len(whole.facts), whole.more, whole.source) == (10, 90, "history")
    assert found.found < 40  # only what was read


async def test_who_sat_there_then_is_named() -> None:
    """1001 hands the phone over to 2002: the earlier answer was not theirs."""
    story = Story().after(queue_seen(), works("1001", "sales"), call_began("a"), joined("a"), 3, connected("a", "1001"), 9)
    story.after(completed("a", "1001"), seated("2002", at="1001"), call_began("b"), joined("b"), 3, connected("b", "1001"))
    history = MemoryHistory(story.told)
    assert [(line.call, line.agent) for line in await behind(history, "answered", "")] == [("b", "2002"), ("a", "1001")]


async def test_an_agents_facts_and_a_calls() -> None:
    caller = Sealed("d1", b"c", "2026-11")
    story = Story().after(queue_seen(), works("1001", "sales"), call_began("a", caller=caller), joined("a"), 9)
    story.after(ring_ended("a", "1001", "no_answer"), ring_ended("a", "1001", "cancelled"), 2, connected("a", "1001"), 30)
    history = MemoryHistory(story.told)
    [missed] = await behind(history, "rings_missed", "agent:1001")
    assert (missed.kind, missed.agent, missed.detail["outcome"]) == ("AgentRingEnded", "1001", "no_answer")
    state = await behind(history, "state", "agent:1001")
    assert {"AgentConnected", "AgentRingEnded"} <= {line.kind for line in state}
    calls = await behind(history, "state", "call:a")
    assert calls[0].kind == AgentConnected.__name__
    assert calls[-1].detail == {"direction": "inbound", "caller": "d1"}


async def test_a_lost_link_ends_nothing_by_itself() -> None:
    story = Story().after(queue_seen(), works("1001", "sales"), call_began("a"), joined("a"), 10, lost())
    history = MemoryHistory(story.told)
    assert await behind(history, "unknown", "") == []
    assert len(await behind(history, "offered", "")) == 1
