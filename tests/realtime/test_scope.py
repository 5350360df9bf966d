"""A board of some queues is told of these and of nothing else, and its deltas lead to its snapshot."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from realtime import view
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.fold import apply
from realtime.rows import Delta, Snapshot
from realtime.scope import Scope
from realtime.words import SECOND
from tests.realtime.chance import walk
from tests.realtime.story import NODE, START, Story, call_began, connected, joined, open_number, queue_seen, works
from tests.realtime.test_view import Screen, on_one_node, without_series


def shown(floor: Floor, now: int, scope: Scope) -> Snapshot:
    return view.snapshot(floor, "main", "1-1", now, open_number, scope)


def foreign(rows: Snapshot | Delta, queue: str, known: set[str], floor: Floor) -> list[str]:
    """What a board of this queue must not hear of: other queues by name, agents and calls that are not theirs."""
    here = {agent.id for agent in Scope([queue]).agents(floor)}
    gone = rows.gone if isinstance(rows, Delta) else {}
    return [
        *(row.name for row in rows.queues if row.name != queue),
        *(name for row in rows.agents for name in (*row.queues, row.queue) if name not in (queue, None)),
        *(row.id for row in rows.agents if row.id not in here),
        *(row.id for row in rows.calls if row.queue != queue),
        *(name for name in gone.get("queues", []) if not name.endswith(f"/{queue}")),
        *(name for table in ("agents", "calls") for name in gone.get(table, []) if name not in known),
    ]


def sales_and_help() -> Scope:
    return Scope(["sales"], {"1": ["help"]})


@pytest.mark.parametrize("part", range(4))
def test_scoped_deltas_lead_to_the_scoped_snapshot_and_leak_nothing(part: int) -> None:
    for seed in range(part * 60, part * 60 + 60):
        floor, changes, screen = Floor(), Changes(), Screen()
        scope = sales_and_help()
        screen.begin(shown(floor, START, scope))
        for number, fact in enumerate(on_one_node(walk(seed))):
            apply(floor, fact, changes)
            if number % 3:
                continue
            now = floor.at + SECOND
            known = {*screen.rows["agents"], *screen.rows["calls"]}
            if changes.everything:
                scope = sales_and_help()  # as the feed does when it sends every screen a snapshot
                told: Snapshot | Delta = shown(floor, now, scope)
                screen.begin(told)
            else:
                told = view.delta(floor, changes, now, open_number, scope=scope)
                screen.hear(told)
            changes = Changes()
            assert foreign(told, "sales", known, floor) == [], f"walk({seed}), up to {fact}"
            fresh = Screen()
            fresh.begin(shown(floor, now, sales_and_help()))
            ours, theirs = without_series(screen), without_series(fresh)
            for table in ours:
                assert ours[table] == theirs[table], f"walk({seed}), up to {fact}"


def test_a_screen_that_came_between_two_beats_is_told_what_leaves() -> None:
    """Its snapshot held an agent that no delta had named, and who left before the next one."""
    story = Story().after(queue_seen("sales"), works("1001", "sales"))
    scope = Scope(["sales"])
    late = shown(story.floor, story.now, scope)
    assert [agent.id for agent in late.agents] == ["1001"]
    del story.floor.phones[story.floor.agents["1001"].phone].members[f"{NODE}/sales"]
    changes = Changes()
    changes.agents.add("1001")
    assert view.delta(story.floor, changes, story.now, open_number, scope=scope).gone == {"agents": ["1001"]}
    assert view.delta(story.floor, changes, story.now, open_number, scope=scope).gone == {}, "once is enough"


def two_queues() -> Story:
    story = Story().after(queue_seen("sales"), queue_seen("help"), works("1001", "sales"), works("1001", "help"), works("1002", "help"))
    return story.after(call_began("a"), joined("a", "sales"), call_began("b"), joined("b", "help"), connected("b", "1001", "help"))


def test_totals_count_the_board_s_own_queues() -> None:
    story = two_queues()
    sales, everything = shown(story.floor, story.now, Scope(["sales"])), shown(story.floor, story.now, Scope(None))
    assert (sales.totals.offered, sales.totals.waiting, sales.totals.agents_total) == (1, 1, 1)
    assert (everything.totals.offered, everything.totals.agents_total) == (2, 2)
    assert [row.id for row in sales.calls] == ["a"]
    (agent,) = sales.agents
    assert (agent.queues, agent.queue, agent.call) == (["sales"], None, None), "whose call it is in another queue is not said"


def test_pages_of_a_board_have_totals_of_their_own() -> None:
    story = two_queues()
    told = shown(story.floor, story.now, Scope(None, {"0": ["sales"], "1": [f"{NODE}/help"]}))
    assert told.totals.offered == 2
    assert {name: part.offered for name, part in told.parts.items()} == {"0": 1, "1": 1}
    assert told.parts["1"].agents_total == 2
    assert told.parts["0"].series is not None


def test_everything_by_scope_is_everything() -> None:
    story = two_queues()
    plain: dict[str, Any] = msgspec.to_builtins(view.snapshot(story.floor, "main", "1-1", story.now, open_number))
    assert msgspec.to_builtins(shown(story.floor, story.now, Scope(None))) == plain
