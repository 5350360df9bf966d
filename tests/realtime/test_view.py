"""Rows: a snapshot says everything, a delta says what changed, and both lead to the same screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pytest

from realtime import facts, view
from realtime.changes import Changes
from realtime.facts import Fact, Sealed
from realtime.floor import Floor
from realtime.fold import apply
from realtime.rows import Delta, Snapshot
from realtime.words import SECOND, Node
from tests.realtime.chance import walk
from tests.realtime.story import (
    NODE,
    START,
    Story,
    abandoned,
    about,
    call_began,
    call_ended,
    connected,
    joined,
    left,
    leg,
    on,
    open_number,
    paused,
    queue_seen,
    seated,
    unseated,
    works,
)

KEYS = {"queues": "id", "agents": "id", "calls": "id", "nodes": "node"}


class Screen:
    """What a page does: rows by key, replaced by rows of the same key, dropped when they are gone."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.parts: dict[str, Any] = {}

    def begin(self, snapshot: Snapshot) -> None:
        plain = msgspec.to_builtins(snapshot)
        self.rows = {table: {row[name]: row for row in plain[table]} for table, name in KEYS.items()}
        self.parts = {part: plain[part] for part in ("totals", "breaks", "campaigns", "meetings", "messages", "alerts", "orders")}

    def hear(self, delta: Delta) -> None:
        plain = msgspec.to_builtins(delta)
        for table, name in KEYS.items():
            for row in plain.get(table, []):
                self.rows[table][row[name]] = kept(row, self.rows[table].get(row[name]))
            for gone in plain.get("gone", {}).get(table, []):
                self.rows[table].pop(gone, None)
        for part in self.parts:
            if plain.get(part) is not None:
                self.parts[part] = kept(plain[part], self.parts[part])


def kept(row: Any, before: Any) -> Any:
    """A null series says that the one shown still holds."""
    if isinstance(row, dict) and before is not None and row.get("series", 0) is None:
        return {**row, "series": before["series"]}
    return row


def shown(floor: Floor, now: int) -> Snapshot:
    return view.snapshot(floor, "main", "1-1", now, open_number)


def without_series(screen: Screen) -> dict[str, Any]:
    queues = {name: {**row, "series": None} for name, row in screen.rows["queues"].items()}
    return {**screen.rows, "queues": queues, **screen.parts, "totals": {**screen.parts["totals"], "series": None}}


def on_one_node(told: Iterable[Fact]) -> Iterator[Fact]:
    """A call's row goes by its id, which names its node in earnest but not in a walk."""
    return (msgspec.structs.replace(fact, node=Node(NODE)) if fact.node else fact for fact in told)


@pytest.mark.parametrize("part", range(4))
def test_deltas_lead_to_the_snapshot(part: int) -> None:
    for seed in range(part * 60, part * 60 + 60):
        floor, changes, screen = Floor(), Changes(), Screen()
        screen.begin(shown(floor, START))
        for number, fact in enumerate(on_one_node(walk(seed))):
            apply(floor, fact, changes)
            if number % 3:
                continue  # changes gather until the next frame
            now = floor.at + SECOND
            if changes.everything:
                screen.begin(shown(floor, now))
            else:
                screen.hear(view.delta(floor, changes, now, open_number))
            changes = Changes()
            fresh = Screen()
            fresh.begin(shown(floor, now))
            ours, theirs = without_series(screen), without_series(fresh)
            for table in ours:
                assert ours[table] == theirs[table], f"walk({seed}), up to {fact}"


def delta_after(story: Story, *happenings: Any, series: bool = False) -> Delta:
    story.changes = Changes()
    story.after(*happenings)
    return view.delta(story.floor, story.changes, story.now, open_number, series=series)


def test_only_what_changed_is_told() -> None:
    story = Story().after(works("1001", "sales"), works("1002", "help"), queue_seen("sales"), queue_seen("help"))
    delta = delta_after(story, joined("a", "sales"))
    assert [row.name for row in delta.queues] == ["sales"]
    assert [row.id for row in delta.calls] == ["a"]
    assert (delta.agents, delta.nodes, delta.gone, delta.breaks) == ([], [], {}, None)


def test_a_call_that_ended_is_gone_by_its_own_id() -> None:
    assert delta_after(Story().after(call_began("a")), call_ended("a")).gone == {"calls": ["a"]}


def test_a_call_that_goes_on_after_all_is_not_gone() -> None:
    delta = delta_after(Story().after(call_began("a")), call_ended("a"), leg("a", "1001", "talking"))
    assert (delta.gone, [row.id for row in delta.calls]) == ({}, ["a"])


def test_who_sits_down_during_a_call_is_on_it() -> None:
    story = Story().after(leg("a", "1001", "talking"))
    assert [row.agent for row in delta_after(story, seated("1001")).calls] == ["1001"]
    assert [row.agent for row in delta_after(story, unseated("1001")).calls] == [None]


def test_two_snapshots_of_one_floor_are_equal_bytes() -> None:
    one = Story().after(works("1001", "sales"), works("1002", "help"), call_began("a"), call_began("b"))
    two = Story().after(works("1002", "help"), works("1001", "sales"), call_began("b"), call_began("a"))
    rows = [[row.id for row in table] for story in (one, two) for table in (story.shown().queues, story.shown().calls)]
    assert rows[:2] == rows[2:]


# ------------------------------------------------------------------ unknown is null


def test_a_quiet_floor_has_no_levels_rather_than_perfect_ones() -> None:
    snapshot = Story().after(queue_seen()).shown()
    for row in (snapshot.totals, snapshot.queues[0]):
        assert (row.service_level, row.abandon_rate, row.asa_s, row.aht_s, row.longest_wait_since) == (None,) * 5
        assert row.series is not None
        assert set(row.series.service_level) == set(row.series.abandon_rate) == set(row.series.longest_wait_s) == {None}


def test_a_queue_without_a_target_has_none() -> None:
    assert Story().after(queue_seen(target_s=0)).shown().queues[0].targets.longest_wait_s is None


def test_rows_carry_every_field_of_the_contract() -> None:
    """A browser reads fields by name: a missing one would be `undefined`, so nothing is left out of a snapshot's rows."""
    story = Story().after(queue_seen(), works("1001", "sales"), joined("a"), connected("a", "1001"), on("pbx", leg("a", "1001", "talking")))
    plain = msgspec.to_builtins(story.shown())
    for table in ("queues", "agents", "calls"):
        kind = {"queues": view.QueueRow, "agents": view.AgentRow, "calls": view.CallRow}[table]
        assert set(plain[table][0]) == {field.encode_name for field in msgspec.structs.fields(kind)}


# ------------------------------------------------------------------ rows


def test_series_have_a_figure_for_every_minute_also_the_quiet_ones() -> None:
    story = Story().after(queue_seen(), joined("a"), 60 * 5 - 1, abandoned("a"), 60 * 3 + 1)
    series = story.shown().queues[0].series
    assert series is not None
    assert (len(series.waiting), len(series.longest_wait_s), len(series.service_level), len(series.abandon_rate)) == (30,) * 4
    assert series.waiting[-9:] == [1, 1, 1, 1, 1, 0, 0, 0, 0]
    assert series.abandon_rate[-5:] == [1.0, None, None, None, None]
    assert series.until == story.now / SECOND + 60


def test_totals_add_the_queues_up() -> None:
    story = Story().after(
        queue_seen("sales", 20), queue_seen("help", 10), joined("a", "sales"), 30, joined("b", "help"), abandoned("b", "help")
    )
    totals = story.shown().totals
    assert (totals.offered, totals.abandoned, totals.waiting, totals.targets.longest_wait_s) == (2, 1, 1, 10)
    assert totals.longest_wait_since == START / SECOND
    assert totals.series is not None
    assert totals.series.waiting[-1] == 2


def test_connecting_is_not_waiting() -> None:
    row = Story().after(queue_seen(), joined("a"), left("a", "connecting")).shown().queues[0]
    assert (row.waiting, row.connecting, row.longest_wait_since) == (0, 1, None)


def test_a_break_is_shown_with_its_kind() -> None:
    story = Story().after(works("1001", "sales"), paused("1001", "lunch"))
    row = story.shown().agents[0]
    assert row.break_ is not None
    assert (row.state, row.break_.kind, row.break_.since, story.shown().breaks.out) == ("on_break", "lunch", START / SECOND, 1)


@pytest.mark.parametrize(
    ("happenings", "state"),
    [
        ((call_began("a"),), "menu"),
        ((call_began("a", "outbound"), leg("a", "1001", "dialling")), "dialling"),
        ((joined("a"),), "waiting"),
        ((joined("a"), leg("a", "1001", "ringing")), "waiting"),
        ((joined("a"), left("a", "connecting")), "connecting"),
        ((call_began("a", "outbound"), leg("a", "1001", "ringing")), "ringing"),
        ((leg("a", "1001", "talking"), leg("a", "trunk", "talking")), "talking"),
        ((leg("a", "1001", "talking"), leg("a", "trunk", "hold")), "hold"),
        ((call_began("a"), about(facts.CallParked, "a")), "parked"),
    ],
)
def test_a_call_says_the_most_telling(happenings: tuple[Any, ...], state: str) -> None:
    assert Story().after(*happenings).shown().calls[0].state == state


def test_a_number_is_shown_as_the_reader_may_see_it() -> None:
    number = Sealed("d", b"c", "2026-11")
    story = Story().after(call_began("a", caller=number))
    assert story.shown().calls[0].caller == "d"
    assert view.snapshot(story.floor, "main", "", story.now, lambda _: None).calls[0].caller is None
