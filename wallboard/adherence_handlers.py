"""What is read about adherence: who does now what was scheduled, and how one agent's shift has gone so far.

Not the reckoning (`realtime/rules/adherence.py`). What goes on now is the floor's; the turns of before are history's, and without
history `away` says so and the shares are unknown, not 0. Who leads a team reads of that team only.
"""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime import sentences
from realtime.decision import Finding, Value
from realtime.facts import SyncBegan, SyncEnded
from realtime.floor import Floor
from realtime.history.port import Asked, HistoryAway, Kept, Turn
from realtime.plan.reach import team_of
from realtime.rules.adherence import Segment, live, of_day
from realtime.rules.clock import business_day
from realtime.view import seconds
from realtime.words import AgentId
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.plan_handlers import name_of
from wallboard.records import NO_HISTORY, floor_of, json
from wallboard.refusals import Refusal
from wallboard.teams import may_read, teams_seen

AT_A_TIME: Final = 50
"""Agents in one go: some 7 ms, a tenth of a beat of the feed."""


SYNCS_READ: Final = 10_000
"""Snapshots of one day: a PBX whose link falls each half minute, told twice; more would be the newest, and an older gap be forgotten."""


class SegmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """`judged`: right, wrong, excused, or unseen: Andon did not watch then. `activity` empty: a call past the end. `text` says why, by
    language; empty where all is well."""

    begins: float
    ends: float
    activity: str
    state: str
    judged: str
    text: dict[str, str]


class NowRow(msgspec.Struct, frozen=True, kw_only=True):
    agent: str
    name: str
    team: str
    now: SegmentRow


class AdherenceNow(msgspec.Struct, kw_only=True):
    """Those of whom something is scheduled now, or whose call goes on past it."""

    day: str
    agents: list[NowRow]


class AgentAdherence(msgspec.Struct, kw_only=True):
    """Of this shift, up to now. `adherence` is right / (right + wrong), `conformance` worked / scheduled, both of what was seen; null where
    nobody can say."""

    agent: str
    name: str
    day: str
    adherence: float | None
    conformance: float | None
    segments: list[SegmentRow]
    away: str = ""


async def everybody(board: Board, _request: Request, visitor: Visitor) -> Response:
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    now, teams = board.clock(), teams_seen(floor, visitor)
    rows = []
    for number, agent in enumerate(sorted({*floor.owned.people, *floor.agents})):
        if number % AT_A_TIME == 0:
            await asyncio.sleep(0)  # the feed goes on meanwhile; each row is of one moment
        team = team_of(floor.owned, agent)
        if (teams is None or team in teams) and (found := live(floor, AgentId(agent), now)) is not None:
            rows.append(NowRow(agent=agent, name=name_of(floor, agent), team=team, now=segment_row(floor, found)))
    return json(AdherenceNow(day=floor.day, agents=rows))


async def one(board: Board, request: Request, visitor: Visitor) -> Response:
    floor, agent = floor_of(board), AgentId(request.path_params["id"])
    if isinstance(floor, Refusal):
        return floor.response()
    if agent not in floor.agents and agent not in floor.owned.people:
        return Refusal(404, "not_found", "Nobody on this floor has this number; look at GET /api/floor for who there is.").response()
    if refusal := may_read(floor, visitor, agent):
        return refusal.response()
    now, away, turns, syncs = board.clock(), "", list[Turn](), list[Kept]()
    if board.history is None:
        away = NO_HISTORY
    else:
        day = business_day(floor, now)
        try:
            turns = await board.history.turns(agent, day.begins, day.ends)
            asked = Asked(since=day.begins, until=day.ends, kinds=(SyncBegan, SyncEnded), limit=SYNCS_READ)
            syncs = await board.history.facts(asked)
        except HistoryAway as fault:
            away = str(fault)
    found = of_day(floor, agent, turns, now, [kept.fact for kept in syncs])
    return json(
        AgentAdherence(
            agent=agent,
            name=name_of(floor, agent),
            day=floor.day,
            adherence=None if away else found.percent,
            conformance=None if away else found.conformance,
            segments=[] if away else [segment_row(floor, each) for each in found.segments],
            away=away,
        )
    )


def segment_row(floor: Floor, each: Segment) -> SegmentRow:
    values: dict[str, Value] = {"seconds": floor.owned.plan.shifts.tolerance_s, "state": each.state or "-", "activity": each.activity}
    text = sentences.both(Finding(f"adherence.{each.reason}", values=values)) if each.reason else {}
    return SegmentRow(
        begins=seconds(each.begins), ends=seconds(each.ends), activity=each.activity, state=each.state, judged=each.judged, text=text
    )
