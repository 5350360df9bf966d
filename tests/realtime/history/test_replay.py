"""A day replayed from history equals the live one, number by number: simulated days on which everything goes wrong, and the capture."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from itertools import pairwise, takewhile

import pytest

from realtime import view
from realtime.changes import Changes, Ended
from realtime.factcodec import decode, encode, join
from realtime.facts import DayBegan, Fact
from realtime.floor import Floor, Tally
from realtime.fold import apply
from realtime.words import SECOND, AgentState, Micros, Node
from tests.agi.replay import Replay, capture, messages
from tests.realtime.chance import walk
from tests.realtime.history.desk import Desk, folded
from tests.realtime.story import (
    START,
    Story,
    abandoned,
    completed,
    connected,
    day_began,
    joined,
    leg,
    leg_ended,
    leg_is,
    open_number,
    paused,
    queue_seen,
    ring_ended,
    unpaused,
    works,
)
from tests.simulation.day import Day
from tests.simulation.plan import Plan

EVER = 2**62
HALF_HOUR = 1800 * SECOND


def simulated(plan: Plan) -> list[bytes]:
    """The log of a day, in the middle of which another business day begins."""
    day = Day(plan)
    day.run()
    batches = day.log.batches
    middle = len(batches) // 2
    seen = decode(batches[middle])[-1].seen
    begins = seen // HALF_HOUR * HALF_HOUR
    return [*batches[:middle], join([encode(DayBegan(begins, seen, Node(""), "test", 0, "2026-12-24"))]), *batches[middle:]]


def from_capture() -> list[bytes]:
    told = Replay().play(messages(capture())).facts
    return [join(map(encode, told[at : at + 5])) for at in range(0, len(told), 5)]


LOGS = {
    "good": lambda: simulated(Plan(seed=21, minutes=12)),
    "bad": lambda: simulated(Plan(seed=22, minutes=12, cuts=30, adapter_kills=10, log_restarts=10, duplicated=0.05)),
    "capture": from_capture,
}


@pytest.mark.parametrize("log", LOGS)
async def test_a_replayed_day_equals_the_live_one(desk: Desk, log: str) -> None:
    """The historian is stopped now and then, wherever it is."""
    batches, chance = LOGS[log](), random.Random(log)
    told = unrepeated(fact for batch in batches for fact in decode(batch))
    live = folded(told)
    at = 0
    while at < len(batches):
        some = chance.randint(1, len(batches) // 3)
        await desk.log.append(batches[at : at + some])
        at += some
        async with desk.writing():
            for _ in range(chance.randint(0, 10)):
                await asyncio.sleep(0.002)
    async with desk.writing():
        await desk.written(len(told))
    await same(desk, live, EVER)
    moment = told[len(told) * 2 // 3].seen
    await same(desk, folded(until_seen(told, moment)), moment)
    await halves_agree(desk, live)
    await turns_agree(desk, live)


def unrepeated(told: Iterable[Fact]) -> list[Fact]:
    last: dict[str, int] = {}
    found = []
    for fact in told:
        if fact.seq > last.get(fact.session, -1):
            last[fact.session] = fact.seq
            found.append(fact)
    return found


def until_seen(told: list[Fact], moment: Micros) -> list[Fact]:
    return list(takewhile(lambda fact: fact.seen <= moment, told))


async def same(desk: Desk, live: Floor, at: Micros) -> None:
    replayed = await desk.history.floor_at(at)
    assert replayed is not None
    assert replayed == live
    one, other = (view.snapshot(floor, "main", "", live.at, open_number) for floor in (replayed, live))
    assert one == other


async def halves_agree(desk: Desk, live: Floor) -> None:
    """In the database is what the floor has of today; the sums are today's numbers."""
    queues = await desk.history.queue_halves(live.day, live.day)
    assert {(half.queue, half.half): half.tally for half in queues} == {
        (name, half): tally for name, queue in live.queues.items() for half, tally in queue.halves.items()
    }
    for name, queue in live.queues.items():
        assert summed(half.tally for half in queues if half.queue == name) == queue.day
    agents = await desk.history.agent_halves(live.day, live.day)
    assert {(half.agent, half.half): half.tally for half in agents} == {
        (agent.id, half): tally for agent in live.agents.values() for half, tally in agent.halves.items()
    }


def summed(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        for name in Tally.__struct_fields__:
            setattr(total, name, getattr(total, name) + getattr(tally, name))
    return total


async def turns_agree(desk: Desk, live: Floor) -> None:
    """One follows the other; what they last is what both days' half-hours have."""
    halves = await desk.history.agent_halves("", "9999")
    for agent in live.agents.values():
        turns = await desk.history.turns(agent.id, 0, EVER)
        assert all(one.until == other.since for one, other in pairwise(turns)), agent.id
        assert not turns or turns[-1].until == agent.turned
        spent = sum(sum(half.tally.spent.values()) for half in halves if half.agent == agent.id)
        running = agent.counted - agent.turned if agent.state is not AgentState.LOGGED_OUT else 0
        assert spent == sum(turn.until - turn.since for turn in turns if turn.state is not AgentState.LOGGED_OUT) + running, agent.id


# ------------------------------------------------------------------ laws of what the fold notes


@pytest.mark.parametrize("seed", range(30))
def test_time_spent_is_the_time_since_first_seen(seed: int) -> None:
    """While nobody logs out: every microsecond is in a half-hour or in the running state."""
    floor, changes = Floor(), Changes(Ended())
    first: dict[str, Micros] = {}
    out: dict[str, Micros] = {}
    for fact in (fact for fact in walk(seed, 200) if not isinstance(fact, DayBegan)):
        apply(floor, fact, changes)
        for agent in floor.agents.values():
            first.setdefault(agent.id, agent.counted)
    assert changes.ended is not None
    for turn in changes.ended.turns:
        if turn.state is AgentState.LOGGED_OUT:
            out[turn.agent] = out.get(turn.agent, 0) + turn.until - turn.since
    for agent in floor.agents.values():
        spent = sum(sum(half.spent.values()) for half in agent.halves.values())
        assert spent + out.get(agent.id, 0) == agent.counted - first[agent.id]


def test_every_state_of_one_batch_is_a_turn() -> None:
    story = Story()
    story.changes = Changes(ended := Ended())
    talk = (joined("a"), leg("a", "1001", "ringing"), 4, leg_is("a", "1001", "talking"), connected("a", "1001"), 60)
    story.after(works("1001", "sales"), 10, talk, leg_ended("a", "1001"), 5, paused("1001", "lunch"), 1800, unpaused("1001"))
    lasted = [(turn.state.value, turn.reason, (turn.until - turn.since) // SECOND) for turn in ended.turns]
    assert lasted == [("ready", "", 10), ("ringing", "", 4), ("talking", "", 60), ("ready", "", 5), ("on_break", "lunch", 1800)]
    assert [(turn.call, turn.queue) for turn in ended.turns[1:3]] == [("pbx/a", "pbx/sales")] * 2
    assert story.agent().halves[START // SECOND].spent["on_break"] == 1800 * SECOND - 79 * SECOND
    assert story.agent().halves[START // SECOND + 1800].spent["on_break"] == 79 * SECOND


def test_an_engine_away_over_midnight_loses_nothing_of_the_new_day() -> None:
    """By hours: longer than any call is remembered."""
    story = Story().after(day_began("2026-11-23"), queue_seen(), works("1001", "sales"), joined("old"), abandoned("old"), 1800)
    midnight = story.now
    call = (joined("a"), 10, connected("a", "1001"), leg("a", "1001", "talking"), 60, leg_ended("a", "1001"), completed("a", "1001"))
    story.after(call, joined("b"), abandoned("b"), 7200, ring_ended("c", "1001", "no_answer"), joined("c"), 600)
    story.after(day_began("2026-11-24", late_s=(story.now - midnight) / SECOND))
    assert story.outcomes() == {"offered": 3, "answered": 1, "abandoned": 1, "waiting": 1}
    assert (story.day().talk, story.agent().talk) == (60 * SECOND, 60 * SECOND)
    assert (story.agent().answered, story.agent().rings_missed) == (1, 1)
    assert sum(sum(half.spent.values()) for half in story.agent().halves.values()) == story.agent().counted - midnight
