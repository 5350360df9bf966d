"""The floor for Prometheus: right, bounded in its labels, and nobody in it; and how families of many processes become one page."""

from __future__ import annotations

import re

from realtime.vitals import Family, Heard, Histogram, LogVitals, Outside, Sample, Vitals, counter, gauge, histogram
from realtime.words import SECOND
from tests.realtime.story import Story, abandoned, connected, heard, joined, linked, queue_seen, sync_began, sync_ended, works
from wallboard.clients import Clients
from wallboard.floor_metrics import OTHERS, QUEUES_MAX, families_of_floor
from wallboard.metrics import BoardMetrics


def told(*happenings: object) -> Story:
    return Story().after(linked(), sync_began(), queue_seen(), sync_ended(), *happenings)  # type: ignore[arg-type]


def values(story: Story, name: str) -> dict[tuple[str, ...], float]:
    (family,) = [each for each in families_of_floor(story.floor, story.now) if each.name == name]
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


def test_a_floor_in_numbers() -> None:
    story = told(
        works("1001", "sales"), joined("a"), 5, connected("a", "1001"), joined("b"), 3, abandoned("b"), joined("c"), 30, heard(), 2
    )
    assert values(story, "andon_floor_callers_waiting") == {("pbx", "sales"): 1}
    assert values(story, "andon_floor_longest_wait_seconds") == {("pbx", "sales"): 32}
    assert values(story, "andon_floor_service_level_ratio") == {("pbx", "sales"): 1.0}
    calls = values(story, "andon_floor_day_calls")
    assert [calls["pbx", "sales", outcome] for outcome in ("offered", "answered", "abandoned")] == [3, 1, 1]
    assert sum(values(story, "andon_floor_agents").values()) == 1
    assert values(story, "andon_node_heard_age_seconds") == {("pbx",): 2}
    assert values(story, "andon_node_live") == {("pbx",): 1}


def test_unknown_is_absent_and_not_nought() -> None:
    assert values(told(), "andon_floor_service_level_ratio") == {}


def test_queues_beyond_the_bound_are_added_up() -> None:
    names = [f"q{number:03}" for number in range(QUEUES_MAX + 50)]
    story = told(*map(queue_seen, names), joined("a", names[0]), joined("b", names[-1]), 7, joined("c", names[-2]))
    waiting = values(story, "andon_floor_callers_waiting")
    assert len(waiting) == QUEUES_MAX + 1
    assert waiting["", OTHERS] == 2
    assert values(story, "andon_floor_longest_wait_seconds")["", OTHERS] == 7
    assert values(story, "andon_floor_queues") == {(): QUEUES_MAX + 51}


def page(outside: Outside) -> str:
    metrics = BoardMetrics(Clients(10, 10), lambda: False, lambda: None, lambda: 100 * SECOND)
    metrics.outside = lambda: outside
    return metrics.text().decode()


def test_many_processes_are_one_page() -> None:
    took = Histogram((0.1, 1.0))
    for value in (0.05, 0.5, 5.0):
        took.observe(value)
    vitals = [
        Vitals("adapter", node, [counter("andon_y", "Y.", number), histogram("andon_z_seconds", "Z.", took)])
        for number, node in enumerate(("north", 'so"uth'), 1)
    ]
    text = page(Outside([Heard(each, 3.0) for each in vitals], LogVitals(7, 90.0, 1000, 0, True), True, [gauge("andon_o", "O.", 1)]))
    assert text.count("# TYPE andon_y_total counter") == 1
    assert 'andon_y_total{node="north",role="adapter"} 1.0' in text
    assert 'andon_y_total{node="so\\"uth",role="adapter"} 2.0' in text
    buckets = re.findall(r'^andon_z_seconds_bucket\{le="([^"]+)",node="north",role="adapter"\} (\S+)$', text, re.MULTILINE)
    assert buckets == [("0.1", "1.0"), ("1.0", "2.0"), ("+Inf", "3.0")]
    assert 'andon_z_seconds_count{node="north",role="adapter"} 3.0' in text
    assert 'andon_vitals_age_seconds{node="north",role="adapter"} 3.0' in text
    assert "andon_log_batches 7.0" in text
    assert 'andon_o{node="",role="board"} 1.0' in text


def test_a_name_keeps_the_kind_it_came_with() -> None:
    """Two versions of Andon beside each other: a number less, and still a page that Prometheus reads."""
    odd = Vitals("engine", "", [Family("andon_board_frames", "gauge", "Not so.", [Sample({}, 9.0)])])
    text = page(Outside([Heard(odd, 0.0)]))
    assert "andon_board_frames_total 0.0" in text
    assert "9.0" not in text
