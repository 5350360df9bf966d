"""The feed from outside: snapshots, deltas, coalescing, heartbeats, and what each audience may see."""

from __future__ import annotations

import asyncio
import json
import random
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from realtime import view
from realtime.changes import Changes
from realtime.floor import Floor, Queue
from realtime.rows import Delta, Snapshot
from realtime.words import AgentState, Node, QueueName
from tests.wallboard.fakes import FakeStep
from tests.wallboard.house import House, apply, hear, running, until
from wallboard.authorise import Role
from wallboard.feed import BEAT_S, MINUTE, merge
from wallboard.protocol import CloseCode

STATES = list(AgentState)


async def test_a_screen_gets_a_snapshot_and_then_deltas(house: House) -> None:
    async with house.live("wall", Role.SCREEN) as screen:
        snapshot = await hear(screen)
        assert snapshot["type"] == "snapshot"
        assert snapshot["role"] == "screen"
        assert snapshot["build"] == house.board.pages.build
        assert snapshot["position"] == snapshot["floor"]["position"]
        assert [agent["id"] for agent in snapshot["floor"]["agents"]] == ["1000", "1001", "1002"]
        position = house.follower.agent_is(1001, AgentState.TALKING)
        delta = await hear(screen, "delta")
        assert (delta["from"], delta["to"]) == (snapshot["position"], str(position))
        assert [(agent["id"], agent["state"]) for agent in delta["agents"]] == [("1001", "talking")]


async def test_the_first_change_after_quiet_goes_at_once_and_the_rest_together(house: House) -> None:
    at_once, together = [], []
    async with house.live() as screen:
        await hear(screen, "snapshot")
        for _ in range(5):
            await asyncio.sleep(2 * BEAT_S)  # quiet is what is tested
            asked = time.monotonic()
            house.follower.agent_is(1000, AgentState.RINGING)
            first = await hear(screen, "delta")
            at_once.append(time.monotonic() - asked)
            for number in range(20):
                house.follower.agent_is(1000 + number % 3, STATES[number % len(STATES)])
            rest = await hear(screen, "delta")
            together.append(time.monotonic() - asked)
            assert [agent["id"] for agent in first["agents"]] == ["1000"]
            assert [agent["id"] for agent in rest["agents"]] == ["1000", "1001", "1002"]
            assert rest["from"] == first["to"]
    assert min(at_once) < 0.8 * BEAT_S, "it waited for the beat"
    assert 0.8 * BEAT_S < min(together) < 2 * BEAT_S, "it did not wait for the beat"


async def test_applied_deltas_equal_a_fresh_snapshot(house: House) -> None:
    dice = random.Random(7)
    async with house.live() as screen:
        floor = (await hear(screen, "snapshot"))["floor"]
        for _ in range(300):
            number = dice.randrange(1000, 1010)
            if dice.random() < 0.3 and str(number) in house.follower.floor.agents:
                house.follower.agent_gone(number)
            else:
                house.follower.agent_is(number, dice.choice(STATES))
            if dice.random() < 0.1:
                await asyncio.sleep(dice.random() * 0.03)
        last = str(house.follower.agent_is(1000, AgentState.READY))
        while floor["position"] != last:
            delta = await hear(screen)
            assert delta["type"] == "delta"
            assert delta["from"] == floor["position"], "a gap"
            floor = apply(floor, delta)
    fresh = (await house.http.get("/api/floor", headers=house.bearer())).json()
    assert sorted_tables(floor) == sorted_tables(fresh)


def sorted_tables(floor: dict[str, Any]) -> dict[str, Any]:
    tables = {name: sorted(rows, key=json.dumps) for name, rows in floor.items() if isinstance(rows, list)}
    return {name: value for name, value in (floor | tables).items() if name != "time"}


async def test_a_screen_that_comes_amid_changes_misses_none(house: House) -> None:
    """Snapshots are made between beats; the next delta must lead on from each of them."""
    for turn in range(10):
        house.follower.agent_is(1000, STATES[turn % len(STATES)])
        async with house.live() as screen:
            floor = (await hear(screen, "snapshot"))["floor"]
            last = str(house.follower.agent_is(1001, STATES[turn % len(STATES)]))
            while floor["position"] != last:
                delta = await hear(screen, "delta")
                assert delta["from"] == floor["position"]
                floor = apply(floor, delta)
            assert {agent["id"]: agent["state"] for agent in floor["agents"]} == {
                agent.id: agent.state for agent in house.follower.floor.agents.values()
            }


async def test_heartbeats_while_quiet_name_the_time_and_the_position(house: House) -> None:
    async with house.live() as screen:
        snapshot = await hear(screen, "snapshot")
        first, second = await hear(screen), await hear(screen)
        assert (first["type"], second["type"]) == ("heartbeat", "heartbeat")
        assert first["position"] == second["position"] == snapshot["position"]
        assert 0.9 < second["time"] - first["time"] < 3
        assert "away" not in first


async def test_curves_come_when_a_minute_has_turned(house: House) -> None:
    async with house.live() as screen:
        snapshot = await hear(screen, "snapshot")
        assert [queue["series"] is None for queue in snapshot["floor"]["queues"]] == [False]
        house.clock.ahead += MINUTE
        delta = await hear(screen, "delta")  # though nothing has changed
        assert delta["from"] == delta["to"] == snapshot["position"]
        assert [queue["series"] is None for queue in delta["queues"]] == [False]
        assert (await hear(screen))["type"] == "heartbeat"
        house.clock.ahead += MINUTE
        position = house.follower.agent_is(1000, AgentState.HOLD)
        delta = await hear(screen, "delta")
        assert (delta["to"], len(delta["queues"]), len(delta["agents"])) == (str(position), 1, 1)


async def test_the_rows_of_a_real_floor_go_through(tmp_path: Path) -> None:
    async with running(tmp_path, real=view, open_floor=False) as house, house.live("wall", Role.SCREEN) as screen:
        house.follower.floor.queues["hall7/sales"] = Queue(node=Node("hall7"), name=QueueName("sales"))
        house.follower.step()
        snapshot = await hear(screen, "snapshot")
        rows = msgspec.convert(snapshot["floor"], Snapshot)
        assert (rows.floor, rows.position, rows.queues[0].id) == ("main", snapshot["position"], "hall7/sales")
        changes = Changes()
        changes.queues.add("hall7/sales")
        house.follower.step(changes)
        assert msgspec.convert(await hear(screen, "delta"), Delta).queues[0].name == "sales"


async def test_numbers_are_masked_for_those_who_may_and_hidden_from_walls(house: House) -> None:
    house.follower.call_from("c1", "13912340148")
    await until(lambda: house.board.feed._published.offset == "2")
    seen = {}
    for page, role in (("wall", Role.SUPERVISOR), ("floor", Role.SUPERVISOR), ("floor", Role.SCREEN)):
        async with house.live(page, role) as screen:
            seen[page, role] = (await hear(screen, "snapshot"))["floor"]["calls"][0]["caller"]
    assert seen == {("wall", Role.SUPERVISOR): None, ("floor", Role.SUPERVISOR): "139•••0148", ("floor", Role.SCREEN): None}


async def test_one_encoding_serves_an_audience_and_nobody_costs_nothing(house: House) -> None:
    house.follower.agent_is(1000, AgentState.HOLD)
    await until(lambda: house.board.feed._published.offset == "2")
    assert house.renderer.deltas == 0, "encoded for nobody"
    async with house.live() as one, house.live() as two, house.live("wall", Role.SCREEN) as wall:
        for screen in (one, two, wall):
            await hear(screen, "snapshot")
        house.follower.agent_is(1000, AgentState.READY)
        assert await hear(one, "delta") == await hear(two, "delta")
        await hear(wall, "delta")
        assert house.renderer.deltas == 2, "one for supervisors on the floor page, one for walls"


async def test_hostile_names_stay_inside_their_strings(house: House) -> None:
    name = '</script><script>alert(1)</script>"},{"id":"x\r\n\x00 é😀 王芳'
    async with house.live() as screen:
        await hear(screen, "snapshot")
        house.follower.agent_is(1000, AgentState.READY, name)
        assert (await hear(screen, "delta"))["agents"][0]["name"] == name
    answer = await house.http.get("/api/floor", headers=house.bearer())
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["agents"][0]["name"] == name


async def test_a_rebuilt_floor_is_sent_whole(house: House) -> None:
    async with house.live() as screen:
        await hear(screen, "snapshot")
        house.follower.floor.agents.clear()
        position = house.follower.step(rebuilt=True)
        again = await hear(screen)
        assert (again["type"], again["position"]) == ("snapshot", str(position))
        assert again["floor"]["agents"] == []
        house.follower.agent_is(1000, AgentState.READY)
        assert (await hear(screen))["from"] == str(position)


async def test_a_log_that_was_away_is_said_and_then_all_is_sent_anew(house: House) -> None:
    async with house.live() as screen:
        snapshot = await hear(screen, "snapshot")
        house.follower.step(behind=True, away="The log cannot be reached; see its server.")
        assert (await hear(screen, "heartbeat"))["away"] is True
        ready = await house.http.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert ready.json()["reasons"] == ["The log cannot be reached; see its server."]
        assert (await house.http.get("/api/floor", headers=house.bearer())).json()["position"] == snapshot["position"]
        house.follower.step()
        assert (await hear(screen))["type"] == "snapshot"
        assert (await house.http.get("/readyz")).status_code == 200


async def test_half_a_floor_is_not_shown(tmp_path: Path) -> None:
    async with running(tmp_path, open_floor=False) as house:
        assert (await house.http.get("/readyz")).status_code == 503
        early = await house.http.get("/api/floor", headers=house.bearer())
        assert (early.status_code, early.json()["error"]) == (503, "feed_not_ready")
        async with house.live() as screen:
            house.follower.step(rebuilt=True, behind=True)
            await until(lambda: house.follower.queue.empty())
            assert not house.board.feed.has_floor
            house.follower.opened(agents=5)
            assert len((await hear(screen, "snapshot"))["floor"]["agents"]) == 5
        assert (await house.http.get("/readyz")).json() == {"ready": True, "reasons": []}


async def test_the_floor_before_stays_until_the_rebuilt_one_is_whole(house: House) -> None:
    async with house.live() as screen:
        await hear(screen, "snapshot")
        house.follower.floor = Floor()
        house.follower.step(rebuilt=True, behind=True)
        assert (await hear(screen))["away"] is True
        assert len((await house.http.get("/api/floor", headers=house.bearer())).json()["agents"]) == 3
        house.follower.opened(agents=1)
        again = await hear(screen)
        assert (again["type"], [agent["id"] for agent in again["floor"]["agents"]]) == ("snapshot", ["1000"])


async def test_a_burst_is_shown_though_more_is_waiting(house: House) -> None:
    """A follower at its limit says `behind` with each step; what it has read is still news."""
    async with house.live() as screen:
        await hear(screen, "snapshot")
        house.follower.floor.agents["1000"].state = AgentState.HOLD
        changes = Changes()
        changes.agents.add("1000")
        house.follower.step(changes, behind=True)
        assert (await hear(screen))["agents"][0]["state"] == "hold"
        assert (await house.http.get("/readyz")).status_code == 200


async def test_an_empty_log_gives_an_empty_floor(tmp_path: Path) -> None:
    async with running(tmp_path, real=view, open_floor=False) as house:
        house.follower.queue.put_nowait(FakeStep(Floor(), Changes(), None, rebuilt=True))
        async with house.live() as screen:
            snapshot = await hear(screen, "snapshot")
            assert (snapshot["position"], snapshot["floor"]["agents"]) == ("0-0", [])


async def test_the_end_is_announced(tmp_path: Path) -> None:
    async with running(tmp_path) as house, house.live() as screen:
        await hear(screen, "snapshot")
        house.stop.set()
        await screen.wait_closed()
        assert screen.close_code == CloseCode.RESTART


@pytest.mark.parametrize(
    ("before", "later", "rows", "gone"),
    [
        ({"agents": {"a"}}, {"gone_agents": {"a"}}, set(), {"a"}),
        ({"gone_agents": {"a"}}, {"agents": {"a"}}, {"a"}, set()),
        ({"agents": {"a"}}, {"agents": {"b"}}, {"a", "b"}, set()),
        ({}, {"agents": {"a"}, "gone_agents": {"b"}}, {"a"}, {"b"}),
    ],
)
def test_merged_changes_say_what_is_true_now(
    before: dict[str, set[str]], later: dict[str, set[str]], rows: set[str], gone: set[str]
) -> None:
    into, then = Changes(), Changes()
    for changes, touched in ((into, before), (then, later)):
        for table, keys in touched.items():
            setattr(changes, table, set(keys))
    merge(into, then)
    assert (into.agents, into.gone_agents) == (rows, gone)
    assert (then.agents, then.gone_agents) == (later.get("agents", set()), later.get("gone_agents", set())), "it took what is not its own"
