"""Reports: what queues and agents did, by half-hour and by day. Half-hours in, rows out. Pure.

Not the counting (the fold) and not the files (`wallboard/spreadsheet.py`). Every figure comes from the formulas of the live
view (`metrics.py`) over the same tallies, so a report of today says what the wall says. A half-hour is named by its first
second; its outcomes are those that happened in it, its `offered` those who came in it, so that only a whole day adds up.

Half-hours between the first and the last of a day in which anything happened are all there, for each queue of that day:
a quiet one has zeros, and dashes for what is a share of nothing. Days of which nothing is known are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

import msgspec

from realtime import metrics
from realtime.days import Day
from realtime.floor import Agent, AgentTally, Floor, Tally
from realtime.history.port import AgentHalf, QueueHalf
from realtime.words import SECOND, AgentState, Micros

By = Literal["half", "day"]
Figure = int | float | None
Half = QueueHalf | AgentHalf
HALF_S = 1800
ALL = ""
"""The key of all queues, or all agents, together."""
BUSY = (AgentState.RINGING, AgentState.DIALLING, AgentState.TALKING, AgentState.HOLD, AgentState.WRAPUP)
FREE = (AgentState.READY, AgentState.NO_ANSWER)
"""Who let a ring pass is still rung next: free, as Asterisk sees it."""


class Column(NamedTuple):
    """One figure of a row. `unit`: count, s (seconds) or share (0 to 1)."""

    key: str
    unit: str
    of: Callable[..., Figure]


QUEUE_COLUMNS: tuple[Column, ...] = (
    Column("offered", "count", lambda tally: tally.offered),
    Column("answered", "count", lambda tally: tally.answered),
    Column("abandoned", "count", lambda tally: tally.abandoned),
    Column("left_otherwise", "count", lambda tally: tally.left_otherwise),
    Column("unknown", "count", lambda tally: tally.unknown),
    Column("answered_in_target", "count", lambda tally: tally.answered_in_target),
    Column("abandoned_in_target", "count", lambda tally: tally.abandoned_in_target),
    Column("service_level", "share", metrics.sl_excl_ab_in_t),
    Column("abandon_rate", "share", metrics.abandon_rate),
    Column("asa_s", "s", metrics.asa_s),
    Column("aht_s", "s", metrics.aht_s),
)


def logged_in(tally: AgentTally) -> Micros:
    return sum(spent for state, spent in tally.spent.items() if state != AgentState.LOGGED_OUT)


def talk_each_s(tally: AgentTally) -> float | None:
    """Talk / answered. A talk counts when it ends and an answer when it begins, so short spans are rough."""
    return tally.talk / tally.answered / SECOND if tally.answered else None


def occupancy(tally: AgentTally) -> float | None:
    """(ringing + dialling + talking + hold + wrap-up) / (these + ready + no answer). Breaks and meetings are neither."""
    busy, free = (sum(tally.spent.get(state, 0) for state in states) for states in (BUSY, FREE))
    return metrics.ratio(busy, busy + free)


def spent_in(state: AgentState) -> Column:
    return Column(f"spent_{state.value}_s", "s", lambda tally: tally.spent.get(state.value, 0) / SECOND)


AGENT_COLUMNS: tuple[Column, ...] = (
    Column("answered", "count", lambda tally: tally.answered),
    Column("talk_s", "s", lambda tally: tally.talk / SECOND),
    Column("talk_each_s", "s", talk_each_s),
    Column("rings_missed", "count", lambda tally: tally.rings_missed),
    Column("logged_in_s", "s", lambda tally: logged_in(tally) / SECOND),
    Column("occupancy", "share", occupancy),
    *(spent_in(state) for state in AgentState if state not in (AgentState.LOGGED_OUT, AgentState.BREAK_PENDING)),
)


class Row(msgspec.Struct, frozen=True):
    """`of` is a queue's key or an agent's number, empty for all together; `begins` and `ends` are epoch seconds."""

    day: str
    begins: int
    ends: int
    of: str
    name: str
    figures: dict[str, int | float | None]


class Report(msgspec.Struct, frozen=True):
    """`rows` by day and time, each queue or agent; `together` the same for all of them; `sums` of the whole span, all last."""

    rows: list[Row]
    together: list[Row]
    sums: list[Row]


class Cell(NamedTuple):
    day: str
    begins: int
    of: str


class Cells:
    """Tallies by cell, filled piece by piece, so that nobody holds a year of half-hours to add up days."""

    def __init__(self, columns: tuple[Column, ...], by: By, days: Mapping[str, Day]) -> None:
        self._columns = columns
        self._by = by
        self._days = days
        self._names: dict[str, str] = {}
        self._cells: dict[Cell, Tally | AgentTally] = {}

    def __len__(self) -> int:
        return len(self._cells)

    def add(self, day: str, half: int, of: str, name: str, tally: Tally | AgentTally) -> None:
        if day in self._days:
            self._names[of] = name
            begins = half if self._by == "half" else self._days[day].begins // SECOND
            sum_into(self._cells, Cell(day, begins, of), tally)

    def take(self, halves: Iterable[Half]) -> None:
        for each in halves:
            if isinstance(each, QueueHalf):
                self.add(each.day, each.half, each.queue, each.queue.partition("/")[2], each.tally)
            else:
                self.add(each.day, each.half, each.agent, each.name, each.tally)

    def report(self) -> Report:
        together: dict[Cell, Tally | AgentTally] = {}
        sums: dict[Cell, Tally | AgentTally] = {}
        for cell, tally in self._cells.items():
            sum_into(together, cell._replace(of=ALL), tally)
            sum_into(sums, Cell("", 0, cell.of), tally)
            sum_into(sums, Cell("", 0, ALL), tally)
        span = [min(day.begins for day in self._days.values()), max(day.ends for day in self._days.values())]
        first, last = (moment // SECOND for moment in span)
        return Report(
            rows=[self._row(cell, tally) for cell, tally in self._filled(self._cells)],
            together=[self._row(cell, tally) for cell, tally in self._filled(together)],
            sums=[self._figures(cell, tally, first, last) for cell, tally in sorted(sums.items(), key=by_name(self._names))],
        )

    def _filled(self, cells: dict[Cell, Tally | AgentTally]) -> Iterator[tuple[Cell, Tally | AgentTally]]:
        """In order, with the quiet half-hours in between."""
        if self._by == "day":
            yield from sorted(cells.items(), key=by_name(self._names))
            return
        spans: dict[str, tuple[set[int], set[str]]] = {}
        for cell in self._cells:
            begins, _ = spans.setdefault(cell.day, (set(), set()))
            begins.add(cell.begins)
        for cell in cells:
            spans[cell.day][1].add(cell.of)
        empty: Tally | AgentTally = Tally() if self._columns is QUEUE_COLUMNS else AgentTally()
        for day, (begins, whom) in sorted(spans.items()):
            for half in half_hours(min(begins), max(begins)):
                for of in sorted(whom, key=lambda each: (self._names.get(each, ""), each)):
                    cell = Cell(day, half, of)
                    yield cell, cells.get(cell, empty)

    def _row(self, cell: Cell, tally: Tally | AgentTally) -> Row:
        day = self._days[cell.day]
        whole = self._by == "day"
        ends = day.ends // SECOND if whole else min((cell.begins // HALF_S + 1) * HALF_S, day.ends // SECOND)
        return self._figures(cell, tally, cell.begins, ends)

    def _figures(self, cell: Cell, tally: Tally | AgentTally, begins: int, ends: int) -> Row:
        return Row(cell.day, begins, ends, cell.of, self._names.get(cell.of, ""), {each.key: each.of(tally) for each in self._columns})


def by_name(names: Mapping[str, str]) -> Callable[[tuple[Cell, object]], tuple[object, ...]]:
    """By time, then by name; all together comes last."""
    return lambda each: (each[0].day, each[0].begins, each[0].of == ALL, names.get(each[0].of, ""), each[0].of)


def half_hours(first: int, last: int) -> Iterator[int]:
    """From one to the other; the first of a day may begin inside a half-hour."""
    yield first
    yield from range((first // HALF_S + 1) * HALF_S, last + 1, HALF_S)


def sum_into(cells: dict[Cell, Tally | AgentTally], cell: Cell, tally: Tally | AgentTally) -> None:
    if isinstance(tally, Tally):
        total = cells.setdefault(cell, Tally())
        assert isinstance(total, Tally)
        metrics.add(total, tally)
        return
    of_agent = cells.setdefault(cell, AgentTally())
    assert isinstance(of_agent, AgentTally)
    of_agent.answered += tally.answered
    of_agent.rings_missed += tally.rings_missed
    of_agent.talk += tally.talk
    for state, spent in tally.spent.items():
        of_agent.spent[state] = of_agent.spent.get(state, 0) + spent


# ------------------------------------------------------------------ today, from the floor itself


def queue_halves_of(floor: Floor) -> list[QueueHalf]:
    """The day so far. Copies: the floor goes on while a report is made."""
    return [
        QueueHalf(day=floor.day, half=half, queue=name, tally=msgspec.structs.replace(tally))
        for name, queue in floor.queues.items()
        for half, tally in queue.halves.items()
    ]


def agent_halves_of(floor: Floor, now: Micros) -> list[AgentHalf]:
    """The same of agents, with the state that lasts counted up to now."""
    told: list[AgentHalf] = []
    for agent in floor.agents.values():
        halves = {half: msgspec.structs.replace(tally, spent=dict(tally.spent)) for half, tally in agent.halves.items()}
        spend_running(floor, agent, halves, now)
        told += [AgentHalf(day=floor.day, half=half, agent=agent.id, name=agent.name, tally=tally) for half, tally in halves.items()]
    return told


LONGEST_DAY: Micros = 26 * 3600 * SECOND
"""25 hours when clocks go back. A floor that has heard of no day yet would be counted from 1970 on, half-hour by half-hour."""


def spend_running(floor: Floor, agent: Agent, halves: dict[int, AgentTally], now: Micros) -> None:
    """As the fold will, once the state ends."""
    if agent.state is AgentState.LOGGED_OUT:
        return
    begin = max(agent.counted, floor.day_at, now - LONGEST_DAY)
    while begin < now:
        end = min(now, (begin // SECOND // HALF_S + 1) * HALF_S * SECOND)
        half = max(begin // SECOND // HALF_S * HALF_S, floor.day_at // SECOND)
        spent = halves.setdefault(half, AgentTally()).spent
        spent[agent.state.value] = spent.get(agent.state.value, 0) + end - begin
        begin = end
