"""What is read about the rules and how they were kept: the plan, the ledger of breaks, ways round the rules, who did what to an agent.

Not what is changed (`control_handlers.py`). Who leads a team reads of that team only; all others who may read, read of everybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime import sentences
from realtime.decision import Finding
from realtime.floor import Floor
from realtime.history.port import Asked, HistoryAway
from realtime.me import HeardRow, heard_row
from realtime.owned import Answer, Owned
from realtime.plan.say import said
from realtime.rules.fairness import FairRow, fairness
from realtime.rules.loopholes import Evidence, loopholes
from realtime.rulings import RequestAnswered
from realtime.view_owned import seconds, seconds_or_none
from realtime.words import SECOND, AgentId
from wallboard.answers import ReasonRow
from wallboard.audit_handlers import AuditRow, row_of
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.records import floor_of, json
from wallboard.refusals import Refusal
from wallboard.teams import may_read, teams_seen

DEEDS_SHOWN: Final = 50
"""Of the trail about one agent, and of history: some days of a busy one."""
DEEDS_BACK: Final = 7 * 24 * 3600 * SECOND
UNREADABLE: Final = "The audit trail cannot be read just now."


class PlannedMeeting(msgspec.Struct, kw_only=True):
    """One that the plan has, to be started by its id."""

    id: str
    name: str
    name_zh: str
    kind: str
    teams: list[str]
    minutes: int


class PlanTold(msgspec.Struct, kw_only=True):
    """`version` empty: no plan was ever adopted, and the floor is watched only. `rules`: in plain words, by language, a line each."""

    version: str
    adopted: float | None
    by: str
    difference: list[str]
    presets: list[str]
    rules: dict[str, list[str]]
    meetings: list[PlannedMeeting]


class LedgerRow(msgspec.Struct, kw_only=True):
    """Breaks of one agent, or of a whole team (`agent` empty), on this business day. `used_min` and `quota_min` by kind; `even` of a
    team: 1 when what was granted of what was asked is the same for all.
    """

    agent: str
    name: str
    team: str
    asked: int
    granted: int
    refused: int
    expired: int
    overruled: int
    overran: int
    over_s: float
    waited_mean_s: float | None
    waited_longest_s: float
    used_min: dict[str, float]
    quota_min: dict[str, int]
    even: float | None


class Ledger(msgspec.Struct, kw_only=True):
    day: str
    agents: list[LedgerRow]
    teams: list[LedgerRow]
    findings: list[ReasonRow]


class EvidenceRow(msgspec.Struct, kw_only=True):
    """`value` and `usual` (the team's median, null with too few) are a count, or a share of 1. `times`: when it was so."""

    pattern: str
    agent: str
    name: str
    team: str
    value: float
    usual: float | None
    times: list[float]
    text: dict[str, str]


class Loopholes(msgspec.Struct, kw_only=True):
    """Something to talk about with a person, never a verdict."""

    day: str
    found: list[EvidenceRow]


class DeedRow(msgspec.Struct, kw_only=True):
    """One request about this agent and its answer, whatever road it came by. `via`: phone, page, console, api; `who` as the trail names
    it, agent:ID for who dialled a code. `undone` null: so long ago that only history has it, and what was taken back was so at once."""

    request: str
    at: float
    who: str
    role: str
    via: str
    ask: str
    verdict: str
    reasons: list[ReasonRow]
    orders: list[str]
    undone: bool | None


class AgentDeeds(msgspec.Struct, kw_only=True):
    """Who did what to this agent, the newest first: requests of a week with history, else of ten minutes. `trail`: what the board
    recorded, without addresses. `away`: why something is not told."""

    agent: str
    answers: list[DeedRow]
    listened: list[HeardRow]
    trail: list[AuditRow]
    away: str = ""


async def plan(board: Board, _request: Request, _visitor: Visitor) -> Response:
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    owned = floor.owned
    rules = {language: said(owned.plan, language) if owned.version else [] for language in sentences.LANGUAGES}
    told = PlanTold(
        version=owned.version,
        adopted=seconds_or_none(owned.adopted),
        by=owned.adopted_by,
        difference=list(owned.difference),
        presets=list(owned.plan.presets),
        rules=rules,
        meetings=[
            PlannedMeeting(id=each.id, name=each.name, name_zh=each.name_zh, kind=each.kind, teams=list(each.teams), minutes=each.minutes)
            for each in owned.plan.meetings
        ],
    )
    return json(told)


async def ledger(board: Board, _request: Request, visitor: Visitor) -> Response:
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    teams, found = teams_seen(floor, visitor), fairness(floor.owned)
    return json(
        Ledger(
            day=floor.day,
            agents=[ledger_row(floor, row) for row in found.agents if teams is None or row.team in teams],
            teams=[ledger_row(floor, row) for row in found.teams if teams is None or row.team in teams],
            findings=[reason(each) for each in found.findings if teams is None or each.values.get("team") in teams],
        )
    )


async def ways_round(board: Board, _request: Request, visitor: Visitor) -> Response:
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    teams = teams_seen(floor, visitor)
    found = [evidence_row(floor, each) for each in loopholes(floor) if teams is None or each.team in teams]
    return json(Loopholes(day=floor.day, found=found))


async def deeds(board: Board, request: Request, visitor: Visitor) -> Response:
    floor, agent = floor_of(board), request.path_params["id"]
    if isinstance(floor, Refusal):
        return floor.response()
    owned = floor.owned
    if agent not in floor.agents and agent not in owned.people:
        return Refusal(404, "not_found", "Nobody on this floor has this number; look at GET /api/floor for who there is.").response()
    if refusal := may_read(floor, visitor, agent):
        return refusal.response()
    told = AgentDeeds(agent=agent, answers=answers_about(owned, agent), listened=heard(owned, agent), trail=[])
    try:
        told.answers += await earlier(board, agent, {each.request for each in told.answers})
    except HistoryAway as fault:
        told.away = str(fault)
    try:
        found = await asyncio.to_thread(board.recorder.trail.newest, DEEDS_SHOWN, agent=agent)
        told.trail = [msgspec.structs.replace(row_of(entry), address="") for entry in found.entries]
    except OSError:
        told.away = UNREADABLE
    return json(told)


# ------------------------------------------------------------------ rows


def name_of(floor: Floor, agent: str) -> str:
    person, known = floor.owned.people.get(agent), floor.agents.get(agent)
    return (person.name if person is not None else "") or (known.name if known is not None else "")


def ledger_row(floor: Floor, row: FairRow) -> LedgerRow:
    return LedgerRow(name=name_of(floor, row.agent), **row._asdict())


def evidence_row(floor: Floor, each: Evidence) -> EvidenceRow:
    return EvidenceRow(
        pattern=each.pattern,
        agent=each.agent,
        name=name_of(floor, each.agent),
        team=each.team,
        value=each.value,
        usual=each.usual,
        times=[seconds(at) for at in each.times],
        text=sentences.both(each.finding),
    )


def reason(finding: Finding) -> ReasonRow:
    return ReasonRow(rule=finding.rule, verdict=finding.verdict, text=sentences.both(finding))


def answers_about(owned: Owned, agent: str) -> list[DeedRow]:
    return [deed_row(each) for each in reversed(owned.answers.values()) if each.agent == agent]


async def earlier(board: Board, agent: str, known: Collection[str]) -> list[DeedRow]:
    """Those that the floor has forgotten. Raises HistoryAway."""
    if board.history is None:
        return []
    now = board.clock()
    asked = Asked(since=now - DEEDS_BACK, until=now, kinds=(RequestAnswered,), agent=AgentId(agent), limit=DEEDS_SHOWN)
    facts = [kept.fact for kept in await board.history.facts(asked)]
    return [old_row(fact) for fact in reversed(facts) if isinstance(fact, RequestAnswered) and fact.request not in known]


def old_row(fact: RequestAnswered) -> DeedRow:
    return DeedRow(
        request=fact.request,
        at=seconds(fact.at),
        who=fact.who,
        role=fact.role,
        via=fact.via,
        ask=fact.ask,
        verdict=fact.decision.verdict,
        reasons=[reason(each) for each in fact.decision.findings],
        orders=list(fact.orders),
        undone=None,
    )


def deed_row(answer: Answer) -> DeedRow:
    return DeedRow(
        request=answer.request,
        at=seconds(answer.at),
        who=answer.who,
        role=answer.role,
        via=answer.via,
        ask=answer.ask,
        verdict=answer.decision.verdict,
        reasons=[reason(each) for each in answer.decision.findings],
        orders=list(answer.orders),
        undone=answer.undone,
    )


def heard(owned: Owned, agent: str) -> list[HeardRow]:
    return [heard_row(owned, each) for each in reversed(owned.listened.get(agent, []))]
