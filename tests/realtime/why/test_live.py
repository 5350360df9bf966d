"""Every number of random floors: its explanation says what the row says, and its inputs give that by the formula."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from realtime import view
from realtime.changes import Changes
from realtime.facts import Sealed
from realtime.floor import Floor, NodeState
from realtime.fold import apply
from realtime.rows import Snapshot
from realtime.why.answer import Explanation
from realtime.why.live import FORMULAS, explain, find, without_numbers
from realtime.words import SECOND, AgentState, Node
from tests.realtime.chance import walk
from tests.realtime.story import Story, call_began, configured, joined, paused, queue_seen, works

Known = dict[str, Any]


def none(sealed: Sealed) -> str | None:
    return None


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


COMPUTED: dict[str, Callable[[Known], Any]] = {
    "waiting": lambda i: i["waiting"],
    "connecting": lambda i: i["connecting"],
    "longest_wait_s": lambda i: i["now"] - i["joined"] if i["joined"] is not None else None,
    "offered": lambda i: i["answered"] + i["abandoned"] + i["left_otherwise"] + i["unknown"] + i["waiting"] + i["connecting"],
    "answered": lambda i: i["answered_in_target"] + i["answered_late"],
    "abandoned": lambda i: i["abandoned_in_target"] + i["abandoned_late"],
    "left_otherwise": lambda i: i["left_otherwise"],
    "unknown": lambda i: i["unknown"],
    "answered_in_target": lambda i: i["answered"] - i["answered_late"],
    "abandoned_in_target": lambda i: i["abandoned"] - i["abandoned_late"],
    "sl_excl_ab_in_t": lambda i: ratio(i["answered_in_target"], i["answered"] + i["abandoned"] - i["abandoned_in_target"]),
    "abandon_rate": lambda i: ratio(i["abandoned"], i["answered"] + i["abandoned"] + i["left_otherwise"] + i["unknown"]),
    "asa_s": lambda i: ratio(i["wait_sum_s"], i["answered"]),
    "aht_s": lambda i: ratio(i["talk_sum_s"] + i["wrapup_sum_s"], i["handled"]),
    "agent_answered": lambda i: i["answered"],
    "agent_talk_s": lambda i: i["talk_sum_s"],
    "talk_each_s": lambda i: ratio(i["talk_sum_s"], i["answered"]),
    "rings_missed": lambda i: i["rings_missed"],
    "agents_total": lambda i: sum(i.values()),
    "age": lambda i: i["now"] - i["heard"] if i["heard"] is not None else None,
    "link": lambda i: i["link"],
    "anomalies": lambda i: i["anomalies"],
}
"""The formulas once more, as docs/numbers.md says them."""


def agent_state(i: Known) -> str:
    """docs/numbers.md: what the phone does comes first, then pauses, then reachability, then wrap-up, then a break that was granted."""
    if not i["seated"]:
        return "logged_out"
    if i["leg"] is not None:
        return "dialling" if i["leg"] == "waiting" else str(i["leg"])
    if not i["queues"]:
        return "logged_out"
    if i["queues_paused"] == i["queues"] and i["granted_break"] is None:
        return str(i["pause_means"])
    if not i["reachable"]:
        return "unreachable"
    if i["wrapup_until"] is not None:
        return "wrapup"
    if i["granted_break"] is not None:
        return "break_pending"
    return "no_answer" if i["ring_missed"] else "ready"


def call_state(i: Known) -> str:
    rest = "dialling" if i["legs_dialling"] and i["direction"] != "inbound" else "menu"
    told = (
        (i["parked"], "parked"),
        (i["legs_on_hold"], "hold"),
        (i["legs_talking"] > 1, "talking"),
        (i["departure"] in ("waiting", "connecting"), i["departure"]),
        (i["legs_ringing"], "ringing"),
        (i["legs_talking"], "talking"),
    )
    return next((state for is_so, state in told if is_so), rest)


def computed(told: Explanation) -> Any:
    inputs = {each.name: each.value for each in told.inputs}
    if told.formula == "agents_in_state":
        return len(told.facts) + told.more
    special = {"agent_state": agent_state, "call_state": call_state}
    return special.get(told.formula, COMPUTED.get(told.formula))(inputs)  # type: ignore[misc]


def numbers(floor: Floor, shown: Snapshot) -> Iterator[tuple[str, str, Any]]:
    """(of, number, value) of everything on the screen."""
    for of, row in [("", shown.totals), *((f"queue:{queue.id}", queue) for queue in shown.queues)]:
        for number in FORMULAS:
            if number != "longest_wait_s":
                yield of, number, getattr(row, number)
        longest = row.longest_wait_since
        yield of, "longest_wait_s", shown.time - longest if longest is not None else None
        for state in AgentState:
            yield of, f"agents.{state}", row.agents.get(state, 0)
    yield "", "agents_total", shown.totals.agents_total
    yield "", "breaks_out", shown.breaks.out
    for agent in shown.agents:
        for number in ("state", "answered", "talk_s", "rings_missed"):
            yield f"agent:{agent.id}", number, getattr(agent, number)
    for call in shown.calls:
        yield f"call:{call.id}", "state", call.state
    for node in shown.nodes:
        yield f"node:{node.node}", "anomalies", node.anomalies
        yield f"node:{node.node}", "link", node.link
        yield f"node:{node.node}", "age", max(0.0, shown.time - node.heard) if node.heard else None


@pytest.mark.parametrize("part", range(3))
def test_every_number_of_random_floors_is_what_its_formula_gives(part: int) -> None:
    checked = 0
    for seed in range(part * 60, part * 60 + 60):
        floor = Floor()
        for fact in walk(seed, 80):
            apply(floor, fact, Changes())
        now = floor.at + 3 * SECOND
        for of, number, value in numbers(floor, view.snapshot(floor, "main", "1-1", now, none)):
            if of.startswith("call:") and sum(f"call:{call.id}" == of for call in floor.calls.values() if not call.ended) > 1:
                continue  # two servers of the walk use one uniqueid; real ones carry their node's name
            named = find(floor, of)
            assert named is not None, of
            told = explain(floor, number, of, named, now, none)
            assert told is not None, (of, number)
            assert told.value == pytest.approx(value), (seed, of, number)
            assert computed(told) == pytest.approx(value), (seed, of, told)
            checked += 1
    assert checked > 2000


def test_what_is_not_there_is_not_explained() -> None:
    floor = Story().after(queue_seen(), works("1001", "sales")).floor
    assert [find(floor, of) for of in ("queue:pbx/none", "agent:x", "call:x", "node:x", "seat:1")] == [None] * 5
    for of in ("pbx/sales", "queue:pbx/sales", "1001", "agent:1001", ""):
        named = find(floor, of)
        assert named is not None
        assert explain(floor, "happiness", of, named, floor.at, none) is None


def test_who_waits_is_named_the_newest_first_and_the_rest_is_counted() -> None:
    story = Story().after(
        queue_seen(), *(happening for number in range(60) for happening in (1, call_began(f"c{number}"), joined(f"c{number}")))
    )
    named = find(story.floor, "queue:pbx/sales")
    assert named is not None
    told = explain(story.floor, "waiting", "queue:pbx/sales", named, story.now, none)
    assert told is not None
    assert [line.call for line in told.facts[:2]] == ["c59", "c58"]
    assert len(told.facts) + told.more == 60 == told.value
    longest = explain(story.floor, "longest_wait_s", "queue:pbx/sales", named, story.now, none)
    assert longest is not None
    assert [line.call for line in longest.facts] == ["c0"]


def test_a_state_says_what_it_follows_from() -> None:
    story = Story().after(configured(pause_states={"tea": "on_break"}), works("1001", "sales", "help"))
    story.after(paused("1001", "tea"), paused("1001", "tea", "help"))
    named = find(story.floor, "agent:1001")
    assert named is not None
    told = explain(story.floor, "state", "agent:1001", named, story.now, none)
    assert told is not None
    inputs = {each.name: each.value for each in told.inputs}
    assert (inputs["queues"], inputs["queues_paused"], inputs["reason"], inputs["pause_means"]) == (2, 2, "tea", "on_break")
    out = explain(story.floor, "breaks_out", "", find(story.floor, ""), story.now, none)  # type: ignore[arg-type]
    assert out is not None
    assert [(line.agent, line.detail["reason"]) for line in out.facts] == [("1001", "tea")]


def test_an_anomaly_is_told_without_a_callers_number() -> None:
    assert without_numbers("PJSIP/13912340148-0001 in sales by +8613912340148") == "PJSIP/•••0148-0001 in sales by •••0148"
    assert without_numbers("north1-1795484331.12 in sales by PJSIP/1001") == "north1-1795484331.12 in sales by PJSIP/1001"


def test_a_server_that_was_never_heard_has_no_age() -> None:
    floor = Floor(nodes={"pbx": NodeState(name=Node("pbx"))})
    named = find(floor, "node:pbx")
    assert named is not None
    told = explain(floor, "age", "node:pbx", named, 5 * SECOND, none)
    assert told is not None
    assert told.value is None
