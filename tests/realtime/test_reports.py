"""Reports are equal to the live numbers, on any floor, and to what Asterisk's own queue_log says of a real one."""

from __future__ import annotations

from functools import cache

import pytest

from realtime import view
from realtime.changes import Changes
from realtime.days import Day, days_between
from realtime.factcodec import decode
from realtime.facts import Sealed
from realtime.floor import Agent, AgentTally, Floor, Tally, target_of
from realtime.fold import apply
from realtime.history.port import AgentHalf, QueueHalf
from realtime.reports import AGENT_COLUMNS, ALL, QUEUE_COLUMNS, By, Cells, Report, Row, agent_halves_of, queue_halves_of
from realtime.words import SECOND, AgentId, AgentState, Micros, Node
from tests.agi.replay import DATA, Replay, capture, messages
from tests.lab import oracle
from tests.realtime.chance import walk
from tests.realtime.memory_history import MemoryHistory
from tests.simulation.day import Day as SimulatedDay
from tests.simulation.plan import Plan

COUNTS = [column.key for column in QUEUE_COLUMNS]


def none(sealed: Sealed) -> str | None:
    return None


def today(floor: Floor, by: By = "half") -> Report:
    day = Day(floor.day or "2026-11-24", floor.day_at, floor.day_at + 86_400 * SECOND)
    cells = Cells(QUEUE_COLUMNS, by, {day.name: day})
    for half in queue_halves_of(floor):
        cells.add(day.name, half.half, half.queue, half.queue.partition("/")[2], half.tally)
    return cells.report()


def sums(report: Report) -> dict[str, Row]:
    return {row.of: row for row in report.sums}


def assert_as_shown(floor: Floor) -> None:
    """Every count of the snapshot is the sum of the report, queue by queue and all together."""
    shown = view.snapshot(floor, "main", "1-1", floor.at, none)
    for by in ("half", "day"):
        found = sums(today(floor, by))  # type: ignore[arg-type]
        for of, row in [(queue.id, queue) for queue in shown.queues if queue.id in found] + ([(ALL, shown.totals)] if found else []):
            for name in COUNTS:
                assert found[of].figures[name] == pytest.approx(getattr(row, name)), (of, name, by)
        assert all(queue.offered == 0 for queue in shown.queues if queue.id not in found)


def test_a_report_of_today_says_what_the_screen_says_on_random_floors() -> None:
    for seed in range(150):
        floor = Floor()
        for fact in walk(seed, 80):
            apply(floor, fact, Changes())
        assert_as_shown(floor)


@pytest.mark.parametrize("plan", [Plan(seed=1, minutes=60), Plan(seed=4, minutes=30, cuts=40, adapter_kills=12)], ids=str)
async def test_a_report_of_a_simulated_day(plan: Plan) -> None:
    day = SimulatedDay(plan)
    day.run()
    floor = day.board.floor
    assert_as_shown(floor)
    history = MemoryHistory(fact for batch in day.log.batches for fact in decode(batch))
    assert await history.queue_halves(floor.day, floor.day) == sorted(queue_halves_of(floor), key=lambda half: (half.half, half.queue))


# ------------------------------------------------------------------ a real Asterisk's own account


@cache
def replayed() -> Floor:
    return Replay().play(messages(capture())).floor


def test_a_real_day_is_what_queue_log_says_number_by_number() -> None:
    """The oracle shares no code with us; queue_log rounds to whole seconds, and so may its waits and talks."""
    visits = oracle.visits((DATA / "floor-a.queue_log").read_text("utf-8"))
    told = oracle.totals(visits)
    floor, report = replayed(), sums(today(replayed()))
    assert {name.partition("/")[2] for name in report if name} == told.keys()
    for of, row in report.items():
        if of == ALL:
            continue
        name = of.partition("/")[2]
        own = [visit for visit in visits if visit.queue == name]
        answered = [visit for visit in own if visit.outcome == "answered"]
        for count in ("offered", "answered", "abandoned", "left_otherwise"):
            assert row.figures[count] == getattr(told[name], count), (name, count)
        assert row.figures["unknown"] == told[name].open == 0
        target = target_of(floor, floor.queues[of])
        for outcome, key in (("answered", "answered_in_target"), ("abandoned", "abandoned_in_target")):
            waits = [visit.wait or 0 for visit in own if visit.outcome == outcome]
            sure, perhaps = sum(wait < target for wait in waits), sum(wait <= target for wait in waits)
            assert sure <= (row.figures[key] or 0) <= perhaps, (name, key)
        gone = told[name].answered + told[name].abandoned + told[name].left_otherwise
        assert row.figures["abandon_rate"] == pytest.approx(told[name].abandoned / gone)
        assert row.figures["asa_s"] == pytest.approx(mean([visit.wait or 0 for visit in answered]), abs=1)
        assert row.figures["aht_s"] == pytest.approx(mean([visit.talk or 0 for visit in answered]), abs=1 + wrapup_s(of))
    together = report[ALL].figures
    assert together["offered"] == sum(each.offered for each in told.values())
    assert together["answered"] == sum(each.answered for each in told.values())


def mean(values: list[int]) -> float | None:
    return sum(values) / len(values) if values else None


def wrapup_s(of: str) -> float:
    """queue_log knows no wrap-up; the capture has no engine that would end one."""
    day = replayed().queues[of].day
    return day.wrapup / day.handled / SECOND if day.handled else 0.0


# ------------------------------------------------------------------ days and half-hours


def halves(day: Day, *at: int, queue: str = "pbx/sales") -> list[QueueHalf]:
    return [QueueHalf(day=day.name, half=half, queue=queue, tally=Tally(offered=1, answered=1, answered_in_target=1)) for half in at]


@pytest.mark.parametrize(("name", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_has_as_many_half_hours_as_it_lasts(name: str, hours: int) -> None:
    [day] = days_between(name, name, "Europe/Berlin", 0) or []
    first, last = day.begins // SECOND, day.ends // SECOND - 1800
    cells = Cells(QUEUE_COLUMNS, "half", {name: day})
    cells.take(halves(day, first, last))
    report = cells.report()
    assert len(report.rows) == len(report.together) == hours * 2
    assert [row.begins for row in report.rows] == sorted({row.begins for row in report.rows})
    assert (report.rows[0].begins, report.rows[-1].ends) == (first, day.ends // SECOND)
    assert report.rows[1].figures["offered"] == 0
    assert report.rows[1].figures["service_level"] is None
    assert sums(report)[ALL].figures["offered"] == 2


def test_a_day_that_begins_inside_a_half_hour() -> None:
    [day] = days_between("2026-11-24", "2026-11-24", "Asia/Shanghai", 6 * 60 + 15) or []
    begins = day.begins // SECOND
    cells = Cells(QUEUE_COLUMNS, "half", {day.name: day})
    cells.take(halves(day, begins, begins + 900 + 1800))
    spans = [(row.begins - begins, row.ends - begins) for row in cells.report().rows]
    assert spans == [(0, 900), (900, 2700), (2700, 4500)]


def test_each_queue_of_a_day_has_every_half_hour_of_it_and_all_together_are_their_sum() -> None:
    [day] = days_between("2026-11-24", "2026-11-24", "UTC", 0) or []
    begins = day.begins // SECOND + 9 * 3600
    cells = Cells(QUEUE_COLUMNS, "half", {day.name: day})
    cells.take(halves(day, begins, begins + 3600))
    cells.take(halves(day, begins + 3600, queue="pbx/help"))
    report = cells.report()
    assert [(row.name, row.figures["offered"]) for row in report.rows] == [
        ("help", 0), ("sales", 1), ("help", 0), ("sales", 0), ("help", 1), ("sales", 1),
    ]  # fmt: skip
    assert [row.figures["offered"] for row in report.together] == [1, 0, 2]


def test_days_are_sums_of_half_hours_and_a_day_of_which_nothing_is_known_is_left_out() -> None:
    days = days_between("2026-11-23", "2026-11-25", "UTC", 0) or []
    cells = Cells(QUEUE_COLUMNS, "day", {day.name: day for day in days})
    for day in (days[0], days[2]):
        cells.take(halves(day, day.begins // SECOND, day.begins // SECOND + 7200))
    report = cells.report()
    assert [(row.day, row.figures["offered"], row.ends - row.begins) for row in report.rows] == [
        ("2026-11-23", 2, 86_400),
        ("2026-11-25", 2, 86_400),
    ]


# ------------------------------------------------------------------ agents


def test_an_agents_figures_by_their_formulas() -> None:
    [day] = days_between("2026-11-24", "2026-11-24", "UTC", 0) or []
    spent = {"ready": 50 * SECOND, "talking": 120 * SECOND, "wrapup": 20 * SECOND, "no_answer": 10 * SECOND, "on_break": 600 * SECOND}
    tally = AgentTally(answered=4, rings_missed=1, talk=100 * SECOND, spent=spent)
    cells = Cells(AGENT_COLUMNS, "day", {day.name: day})
    cells.take([AgentHalf(day=day.name, half=day.begins // SECOND, agent=AgentId("1001"), name="王芳", tally=tally)])
    figures = cells.report().rows[0].figures
    assert (figures["answered"], figures["talk_s"], figures["talk_each_s"], figures["rings_missed"]) == (4, 100, 25, 1)
    assert (figures["logged_in_s"], figures["spent_on_break_s"]) == (800, 600)
    assert figures["occupancy"] == pytest.approx(140 / 200)


def test_the_state_that_lasts_is_counted_up_to_now() -> None:
    day = SimulatedDay(Plan(seed=3, minutes=20))
    day.run()
    floor, now = day.board.floor, day.board.floor.at + 45 * 60 * SECOND
    told = agent_halves_of(floor, now)
    for agent in floor.agents.values():
        own = [each.tally for each in told if each.agent == agent.id]
        assert sum(each.answered for each in own) == agent.answered
        assert sum(each.talk for each in own) == agent.talk
        assert max((value for each in own for value in each.spent.values()), default=0) <= 1800 * SECOND
        if agent.state is not AgentState.LOGGED_OUT:
            running: Micros = sum(each.spent.get(agent.state.value, 0) for each in own)
            assert running >= now - agent.counted
    assert floor.agents, "somebody is there"


def test_a_state_that_lasts_on_a_floor_without_a_day_is_counted_for_a_day_and_not_since_1970() -> None:
    floor = Floor()
    name = AgentId("1001")
    floor.agents[name] = Agent(id=name, name="", node=Node("pbx"), phone="pbx/PJSIP/1001", state=AgentState.READY)
    told = agent_halves_of(floor, Micros(1_790_000_000 * SECOND))
    assert sum(half.tally.spent["ready"] for half in told) == 26 * 3600 * SECOND
