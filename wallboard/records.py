"""What the floor's records answer: why a number is what it is, and an agent's day.

Not the explaining (`realtime/why`) and not the reports (`report_handlers.py`). The floor at hand always answers; what only
history knows is added where history answers, and `away` says in a sentence why it does not. What takes longer than a beat
of the feed is done in a thread: screens do not wait for somebody who asks why.
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime.days import Day, day_of, days_between
from realtime.floor import Agent, AgentTally, Floor
from realtime.fold.agents import queue_in_hand
from realtime.history.port import History, HistoryAway, Turn
from realtime.view import seconds
from realtime.why.answer import Explanation
from realtime.why.evidence import Question, question, with_facts
from realtime.why.live import Named, explain, find
from realtime.words import SECOND, AgentId, AgentState, Micros
from wallboard.authorise import Action, authorise
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.feed import hidden
from wallboard.reading import query_of
from wallboard.refusals import Refusal
from wallboard.teams import may_read

NO_HISTORY = "This board keeps no history, so what was before is not told; [data] database in andon.toml says where to keep one."
QUESTIONS_AT_ONCE = 4
"""Explanations that are made at a time: each may fold some thousand facts, and two processors have a floor to follow."""


DAY_PATTERN: Final = r"^(?!.*\n)([0-9]{4}-[0-9]{2}-[0-9]{2})?$"
"""A date, or nothing; whether the calendar has it is found out later."""


class WhyQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`number` as the snapshot's field is called; `of` is the id of a queue, agent, call or server, empty for the whole floor."""

    number: str = "waiting"
    of: str = ""


class DayQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`day` is the ISO date on which a business day began; without it the present one."""

    day: Annotated[str, msgspec.Meta(pattern=DAY_PATTERN)] = ""


class TurnRow(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch in one state; the last one of a running day has no end yet. `queue` is a key, `call` an id."""

    state: str
    reason: str
    since: float
    until: float | None
    queue: str | None
    call: str | None


class AgentDay(msgspec.Struct, frozen=True, kw_only=True):
    """`ends` is null while the day goes on; `spent` is seconds by state, up to now; unknown numbers are null."""

    agent: str
    name: str
    day: str
    begins: float
    ends: float | None
    turns: list[TurnRow]
    spent: dict[str, float]
    answered: int | None
    talk_s: float | None
    rings_missed: int | None
    away: str = ""


async def why(board: Board, request: Request, visitor: Visitor) -> Response:
    asked = query_of(request, WhyQuery)
    if isinstance(asked, Refusal):
        return asked.response()
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    named = find(floor, asked.of)
    if named is None:
        return not_here(f"Nothing on the floor is called {asked.of[:100]}").response()
    if named.agent is not None and (refusal := may_read(floor, visitor, named.agent.id)):
        return refusal.response()
    reveal = board.mask if visitor.role is not None and authorise(visitor.role, Action.NUMBERS_MASKED).allowed else hidden
    told = explain(floor, asked.number, asked.of, named, board.clock(), reveal)
    if told is None:
        return not_here(f"There is no number {asked.number[:100]} of this").response()
    behind = question(floor, told, named, reveal)
    if behind is not None:
        told = await with_history(board.history, told, named, behind)
    return json(told)


async def with_history(history: History | None, told: Explanation, named: Named, behind: Question) -> Explanation:
    """The explanation with the facts behind it; without them, and why, when history does not answer."""
    if history is None:
        return msgspec.structs.replace(told, away=NO_HISTORY)
    try:
        async with _ROOM:
            reach = await history.reach()
            answers = [await history.facts(each) for each in behind.asked]
            found = await asyncio.to_thread(behind.tell, answers, reach.first if reach is not None else 0)
    except HistoryAway as away:
        return msgspec.structs.replace(told, away=str(away))
    return with_facts(told, found, named)


_ROOM = asyncio.Semaphore(QUESTIONS_AT_ONCE)


# ------------------------------------------------------------------ an agent's day


async def agent_day(board: Board, request: Request, visitor: Visitor) -> Response:
    asked = query_of(request, DayQuery)
    if isinstance(asked, Refusal):
        return asked.response()
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    agent, now = AgentId(request.path_params["id"]), board.clock()
    if refusal := may_read(floor, visitor, agent):
        return refusal.response()
    day = day_asked(floor, asked.day, now)
    if day is None:
        return Refusal(404, "not_found", f"The calendar of this floor has no day {asked.day}; ask for one such as 2026-11-24.").response()
    kept = floor.agents.get(agent)
    today = kept is not None and day.name == current_day(floor, now).name
    running = running_turn(floor, kept) if kept is not None and today else None
    counts = AgentTally(kept.answered, kept.rings_missed, kept.talk) if kept is not None and today else None
    name, away = kept.name if kept is not None else "", ""
    turns: list[Turn] = []
    try:
        if board.history is None:
            away = NO_HISTORY
        else:
            turns = await board.history.turns(agent, day.begins, day.ends)
            if counts is None:
                counts, name = await counts_of(board.history, agent, day.name, name)
    except HistoryAway as fault:
        away = str(fault)
    if kept is None and not turns and not away:
        return not_here(f"No agent {agent[:100]} is known of {day.name}").response()
    return json(day_row(agent, name, day, now, [*turns, *([running] if running is not None else [])], counts, away))


async def counts_of(history: History, agent: AgentId, day: str, name: str) -> tuple[AgentTally | None, str]:
    """The sums of a day that is over, and the name the agent had."""
    total: AgentTally | None = None
    for half in await history.agent_halves(day, day):
        if half.agent == agent:
            total = total or AgentTally()
            total.answered += half.tally.answered
            total.rings_missed += half.tally.rings_missed
            total.talk += half.tally.talk
            name = half.name
    return total, name


def day_row(agent: str, name: str, day: Day, now: Micros, turns: list[Turn], counts: AgentTally | None, away: str) -> AgentDay:
    """`turns` oldest first; one that runs has `until` 0."""
    rows = [turn_row(turn, day) for turn in turns]
    spent: dict[str, float] = {}
    for turn in turns:
        lasted = min(turn.until or now, day.ends) - max(turn.since, day.begins)
        if turn.state is not AgentState.LOGGED_OUT:
            spent[turn.state] = spent.get(turn.state, 0.0) + max(0, lasted) / SECOND
    return AgentDay(
        agent=agent,
        name=name,
        day=day.name,
        begins=seconds(day.begins),
        ends=seconds(day.ends) if day.ends <= now else None,
        turns=rows,
        spent=spent,
        answered=counts.answered if counts is not None else None,
        talk_s=seconds(counts.talk) if counts is not None else None,
        rings_missed=counts.rings_missed if counts is not None else None,
        away=away,
    )


def turn_row(turn: Turn, day: Day) -> TurnRow:
    return TurnRow(
        state=turn.state,
        reason=turn.reason,
        since=seconds(max(turn.since, day.begins)),
        until=seconds(min(turn.until, day.ends)) if turn.until else None,
        queue=turn.queue,
        call=turn.call.partition("/")[2] if turn.call is not None else None,
    )


def running_turn(floor: Floor, agent: Agent) -> Turn:
    """What goes on now. History has the turns up to here, so it begins where the last of them ended."""
    since = agent.turned or agent.since
    return Turn(
        agent=agent.id, state=agent.state, reason=agent.reason, since=since, until=0, call=agent.call, queue=queue_in_hand(floor, agent)
    )


def day_asked(floor: Floor, wish: str, now: Micros) -> Day | None:
    """None for what is no date."""
    if not wish:
        return current_day(floor, now)
    timezone, starts = zone_of(floor)
    found = days_between(wish, wish, timezone, starts)
    return found[0] if found else None


def current_day(floor: Floor, now: Micros) -> Day:
    """The floor's own day: it goes on until the engine has said that another one has begun."""
    timezone, starts = zone_of(floor)
    return day_of(floor.day_at if floor.day and floor.day_at else now, timezone, starts)


def zone_of(floor: Floor) -> tuple[str, int]:
    return (floor.rules.timezone, floor.rules.day_starts_min) if floor.rules is not None else ("UTC", 0)


# ------------------------------------------------------------------ what all of them need


def floor_of(board: Board) -> Floor | Refusal:
    if board.feed.floor is None:
        return Refusal(503, "feed_not_ready", board.feed.reasons()[0], tuple(board.feed.reasons()), retry_after_s=1)
    return board.feed.floor


def not_here(what: str) -> Refusal:
    return Refusal(404, "not_found", f"{what}; look at GET /api/floor for what there is.")


def json(content: object) -> Response:
    return Response(msgspec.json.encode(content), media_type="application/json")
