"""What history forgets: after its days everything, a little at a time; heartbeats and floors before that, most of them."""

from __future__ import annotations

import pytest

from realtime.facts import Fact, NodeHeard, Sealed
from realtime.history import historian, upkeep
from realtime.history.port import Asked
from realtime.history.schema import days, facts, floors, queue_halves, sessions
from realtime.history.upkeep import DAY, HOUR, KeptFloor, superfluous
from realtime.ledger.changes import LASTING
from realtime.outbound import NumberBlocked
from realtime.words import SECOND, AgentId, Micros, Node
from tests.realtime.chance import walk
from tests.realtime.history.desk import MINUTE, Desk, folded, until
from tests.realtime.story import START, Story, abandoned, connected, day_began, joined, leg, leg_ended, works

EVER = 2**62


def a_day(number: int) -> list[Fact]:
    story = Story(now=START + number * DAY, session=f"day {number}")
    story.after(day_began(f"2026-11-{24 + number}"), works("1001", "sales"), 60, joined("a"), 5, connected("a", "1001"))
    return story.after(leg("a", "1001", "talking"), 60, leg_ended("a", "1001"), joined("b"), 9, abandoned("b")).told


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "EVERY", 0)
    monkeypatch.setattr(upkeep, "AT_ONCE", 3)
    monkeypatch.setattr(historian, "FLOOR_EVERY", 0)


async def test_after_its_days_everything_is_forgotten_and_the_rest_can_be_folded(desk: Desk) -> None:
    told = [a_day(number) for number in range(4)]
    async with desk.writing(keep_days=2) as running:
        for number, day in enumerate(told):
            await desk.append(day)
            desk.now = day[-1].seen
            last = sum(map(len, told[: number + 1]))
            await until(lambda last=last: up_to(desk, last))
        desk.now += MINUTE
        await until(lambda: begins(desk, len(told[0]) + len(told[1]) + 1))
        assert running.historian.counts.forgotten == len(told[0]) + len(told[1])
        await until(lambda: has(desk, days, 2))
        await until(lambda: has(desk, queue_halves, 2))
    horizon = desk.now - 2 * DAY
    assert all(turn.until >= horizon for turn in await desk.history.turns(AgentId("1001"), 0, EVER))
    assert await desk.count(sessions) == 2
    everything = [fact for day in told for fact in day]
    assert await desk.history.floor_at(EVER) == folded(everything)
    noon = told[2][-1].seen
    assert await desk.history.floor_at(noon) == folded(fact for fact in everything if fact.seen <= noon)
    assert await desk.history.floor_at(told[0][-1].seen) is None


async def test_whoever_asked_not_to_be_called_is_remembered_for_ever(desk: Desk) -> None:
    told = [a_day(number) for number in range(4)]
    asked: list[Fact] = []
    for number, day in enumerate(told[:2]):
        at = day[0].at
        asked.append(NumberBlocked(at, at, Node("hall"), f"engine {number}", 1, number=Sealed("a1", b"", "2026-11"), scope="global"))
    async with desk.writing(keep_days=2):
        for number, day in enumerate(told):
            await desk.append([*asked[number : number + 1], *day])
            desk.now = day[-1].seen
            last = sum(map(len, told[: number + 1])) + min(number + 1, 2)
            await until(lambda last=last: up_to(desk, last))
        desk.now += MINUTE
        await until(lambda: has(desk, facts, 2 + len(told[2]) + len(told[3])))
    assert [kept.fact async for kept in desk.history.told((), LASTING, 0)] == asked
    assert [kept.fact async for kept in desk.history.told((type(told[0][0]),), LASTING, told[3][0].at)] == [*asked, told[3][0]]
    assert await desk.history.floor_at(told[0][-1].seen) is None
    everything = [fact for number, day in enumerate(told) for fact in (*asked[number : number + 1], *day)]
    assert await desk.history.floor_at(EVER) == folded(everything)


async def up_to(desk: Desk, place: int) -> bool:
    """A floor of this place is kept: whatever may be forgotten may go up to here."""
    rows = await desk.rows(floors.select().where(floors.c.place == place))
    return bool(rows) and rows[0][0] == place


async def begins(desk: Desk, place: int) -> bool:
    reach = await desk.history.facts(Asked(since=0, until=EVER))
    return reach[0].place == place


async def young(desk: Desk, horizon: Micros) -> bool:
    halves = await desk.history.agent_halves("", "9999")
    return all(half.half * SECOND >= horizon - HOUR // 2 for half in halves)


async def has(desk: Desk, table: object, number: int) -> bool:
    return await desk.count(table) == number  # type: ignore[arg-type]


async def test_a_step_is_bounded(desk: Desk) -> None:
    told = [*a_day(0), *a_day(9)]
    async with desk.writing(keep_days=400):
        await desk.append(a_day(0))
        await until(lambda: up_to(desk, len(told) // 2))
    one = await desk.historian(keep_days=1)
    await one._upkeep.look(START + 9 * DAY)
    assert one.counts.forgotten == 3
    await one.close()


async def test_old_heartbeats_are_thinned_and_nothing_else(desk: Desk) -> None:
    beats = [
        NodeHeard(at, at, Node(node), node, number) for number in range(150) for at in [START + number * SECOND] for node in ("a", "b")
    ]
    others = list(walk(3, 40))
    async with desk.writing():
        await desk.append([*beats, *others])
        await until(lambda: up_to(desk, 340))
        desk.now += 8 * DAY
        await until(lambda: few(desk))
    kept = [each.fact for each in await desk.history.facts(Asked(since=0, until=EVER, limit=1000))]
    assert [fact for fact in kept if type(fact) is not NodeHeard or fact.node not in "ab"] == others
    assert next(fact.at for fact in kept if fact.node == "a") == START


async def few(desk: Desk) -> bool:
    """By slices of three facts hardly any falls on another's minute: half of them at the least."""
    return await desk.count(facts) < 340 - 90


def test_floors_stay_for_each_hour_and_then_for_each_day() -> None:
    now = 20_000 * DAY
    kept = [KeptFloor(place, now - 10 * DAY + place * 5 * MINUTE, "6") for place in range(10 * 288)]
    gone = set(superfluous(kept, now))
    ages = [(now - floor.seen) for floor in kept if floor.place not in gone]
    assert len([age for age in ages if age < 2 * HOUR]) == 23
    assert len([age for age in ages if 2 * HOUR <= age < 2 * DAY]) == 47
    assert len([age for age in ages if age >= 2 * DAY]) == 9


def test_no_floor_is_dropped_for_one_of_another_version() -> None:
    assert superfluous([KeptFloor(1, 0, "5"), KeptFloor(2, 1, "6"), KeptFloor(3, 2, "6")], 9 * DAY) == [3]
