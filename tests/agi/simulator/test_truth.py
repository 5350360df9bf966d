"""The simulator's own truth, its queue_log and its events say the same; and the floor is lively enough to be a demo."""

from __future__ import annotations

from collections import Counter

import pytest

from agi.simulator.centre import Centre
from agi.simulator.pbx import Pbx, QueueTruth
from realtime.words import AgentState
from tests.agi.simulator.reading import SECOND, START, events, login, manager

HOUR = 3600 * SECOND


def from_log(lines: list[str]) -> dict[str, Counter[str]]:
    """How often each thing happened in each queue, by queue_log."""
    counts: dict[str, Counter[str]] = {}
    for line in lines:
        _, _, queue, _, event, *_ = line.split("|")
        counts.setdefault(queue, Counter())[event] += 1
    return counts


def agrees(truth: QueueTruth, log: Counter[str]) -> bool:
    """Without redirects and restarts queue_log's words mean what the tally means."""
    return (truth.offered, truth.answered, truth.abandoned, truth.left_otherwise) == (
        log["ENTERQUEUE"], log["CONNECT"], log["ABANDON"], log["EXITWITHTIMEOUT"] + log["WITHDRAW"],
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_truth_agrees_with_queue_log_at_any_moment(seed: int) -> None:
    pbx = Pbx(Centre(), seed, START)
    for minutes in range(7, 100, 13):
        pbx.advance(START + minutes * 60 * SECOND)
        truth, log = pbx.truth(), from_log(pbx.queue_log)
        for name, queue in truth.queues.items():
            assert agrees(queue, log[name]), (name, queue, log[name])
            assert queue.offered == queue.answered + queue.abandoned + queue.left_otherwise + queue.lost + queue.waiting


def test_truth_agrees_with_the_status_lists() -> None:
    floor = manager()
    floor.advance(START + 1800 * SECOND)
    session = login(floor)
    session.receive(b"Action: QueueStatus\r\n\r\nAction: CoreShowChannels\r\n\r\n")
    text, truth = session.take().decode(), floor.pbx.truth()
    assert text.count("Event: QueueEntry") == sum(queue.waiting for queue in truth.queues.values())
    assert text.count("Event: CoreShowChannel\r\n") == truth.channels
    assert text.count("Event: QueueMember\r\n") == sum(len(queue.members) for queue in floor.pbx.queues.queues.values())


def test_connect_and_complete_lines_carry_what_the_events_carry() -> None:
    floor = manager()
    session = login(floor)
    floor.advance(START + HOUR)
    said = [event for event in events(session.take()) if event["Event"] == "AgentConnect"]
    lines = [line.split("|") for line in floor.pbx.queue_log]
    logged = [line for line in lines if line[4] == "CONNECT"]
    by_event = [(e["Uniqueid"], e["Queue"], e["MemberName"], e["HoldTime"], e["DestUniqueid"], e["RingTime"]) for e in said]
    assert by_event == [(line[1], line[2], line[3], *line[5:8]) for line in logged]
    ends = Counter(line[4] for line in lines)
    over = sum(ends[name] for name in ("COMPLETECALLER", "COMPLETEAGENT", "BLINDTRANSFER", "ATTENDEDTRANSFER"))
    talking = sum(member.in_call for queue in floor.pbx.queues.queues.values() for member in queue.members.values())
    # Whoever has parked a caller hears the space's number for a second before the call is complete.
    assert 0 <= ends["CONNECT"] - over - talking <= 1


@pytest.mark.parametrize("hour", [0, 6, 10, 15])
def test_the_floor_is_lively_at_any_hour(hour: int) -> None:
    start = START - START % (24 * HOUR) + (hour - 8) * HOUR
    pbx = Pbx(Centre(), 11, start)
    busiest = Counter[AgentState]()
    for minute in range(5, 95, 5):
        pbx.advance(start + minute * 60 * SECOND)
        busiest |= Counter(pbx.truth().agents.values())
    queues = pbx.truth().queues.values()
    offered, answered = sum(queue.offered for queue in queues), sum(queue.answered for queue in queues)
    assert 0.6 < answered / offered < 0.99
    assert all(queue.offered > 20 for queue in queues)
    assert sum(queue.abandoned for queue in queues) > 10
    assert busiest[AgentState.TALKING] > 25
    assert busiest[AgentState.ON_BREAK] > 3
    names = Counter(line.split("|")[4] for line in pbx.queue_log)
    assert names["RINGNOANSWER"] > 5
    assert names["PAUSEALL"] > 5


def test_people_have_unique_numbers_and_chinese_names_for_the_most_part() -> None:
    people = Centre().people(1)
    assert len({person.number for person in people}) == 60
    assert sum(person.name[0] > "\u4e00" for person in people) > 45
    assert any(person.name[0] < "\u4e00" for person in people)
    assert any(len(person.queues) > 1 for person in people)
    assert {queue for person in people for queue in person.queues} == {"sales", "support", "billing", "retention", "vip"}
