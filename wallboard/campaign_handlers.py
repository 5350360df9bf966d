"""What the routes of campaigns answer: the list, one of them, its steps, stops, items, complaints, statement, pace, and results.

Not the deciding (`realtime/rules/`, by the engine) and not numbers (`number_handlers.py`). A handler reads a wish and passes it on.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime import asks_outbound as asks
from realtime.dial.seeing import campaign_of
from realtime.floor import Floor
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import Campaign
from realtime.settlement import Statement, statement
from realtime.view_campaign import CampaignDetail, ReasonSaid, detail, reasons_of
from realtime.view_outbound import CampaignRow, campaign_rows
from realtime.view_pace import pace_now
from realtime.words import AgentId
from wallboard import asking
from wallboard import outbound_wishes as wishes
from wallboard.board import Board
from wallboard.door import Visitor
from wallboard.me_handlers import own
from wallboard.reading import body_of, query_of
from wallboard.records import floor_of, json
from wallboard.refusals import Refusal
from wallboard.wishes import plain

NO_CAMPAIGN: Final = Refusal(404, "campaign_unknown", "The plan has no campaign of this id; GET /api/campaigns names those that there are.")


class CampaignList(msgspec.Struct, kw_only=True):
    """`stopped`: all dialling is stopped, by whom; `stop_took_s`: the last stop of all, from the key to the last call that rang."""

    timezone: str
    stopped: bool
    stopped_by: str
    stopping: bool
    stop_took_s: float | None
    stop_rang: int
    campaigns: list[CampaignRow]


class PaceAnswer(msgspec.Struct, kw_only=True):
    """How fast it may be dialled now. `lines`: at most so many calls without a reserved agent at a time; 0: one agent, one call."""

    campaign: str
    method: str
    lines: int
    lines_per_agent: float
    in_flight: int
    ready: int
    rate: float | None
    limit: float | None
    target: float | None
    reasons: list[ReasonSaid]


class StatementQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`first` and `last`: ISO dates, both inclusive; empty: all days that are kept."""

    first: Annotated[str, msgspec.Meta(pattern=r"^(?!.*\n)([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    last: Annotated[str, msgspec.Meta(pattern=r"^(?!.*\n)([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""


def found(board: Board, request: Request) -> tuple[Floor, Campaign] | Refusal:
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor
    campaign = campaign_of(floor, request.path_params["id"])
    return (floor, campaign) if campaign is not None else NO_CAMPAIGN


async def campaigns(board: Board, _request: Request, _visitor: Visitor) -> Response:
    floor = floor_of(board)
    if isinstance(floor, Refusal):
        return floor.response()
    outbound = floor.owned.outbound
    return json(
        CampaignList(
            timezone=floor.rules.timezone if floor.rules is not None else "UTC",
            stopped=outbound.stopped,
            stopped_by=outbound.stopped_by,
            stopping=bool(outbound.stopping),
            stop_took_s=outbound.stop_took / 1e6 if outbound.stop_took else None,
            stop_rang=outbound.stopped_rang,
            campaigns=campaign_rows(floor, board.clock()),
        )
    )


async def one(board: Board, request: Request, _visitor: Visitor) -> Response:
    there = found(board, request)
    if isinstance(there, Refusal):
        return there.response()
    told: CampaignDetail = detail(*there)
    return json(told)


async def pace_of(board: Board, request: Request, _visitor: Visitor) -> Response:
    there = found(board, request)
    return there.response() if isinstance(there, Refusal) else json(pace_answer(*there, board.clock()))


def pace_answer(floor: Floor, campaign: Campaign, now: int) -> PaceAnswer:
    said, flying, ready = pace_now(floor, campaign, now)
    return PaceAnswer(
        campaign=campaign.id,
        method=said.method,
        lines=said.most_unreserved,
        lines_per_agent=said.lines_per_agent,
        in_flight=flying,
        ready=ready,
        rate=said.rate,
        limit=said.limit,
        target=said.target,
        reasons=reasons_of(said.why),
    )


# ------------------------------------------------------------------ steps


async def step(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(board, request, visitor, wishes.StepWish, lambda wish: wishes.step_ask(request.path_params["id"], wish))


async def stop(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(
        board, request, visitor, wishes.StopWish, lambda wish: wishes.stop_ask(request.path_params.get("id", ""), wish)
    )


async def resume(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(board, request, visitor, wishes.ResumeWish, lambda wish: asks.DiallingResume(plain(wish.reason)))


async def withdraw(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(board, request, visitor, wishes.WithdrawWish, lambda wish: asks.StepWithdraw(wish.step))


async def keep_item(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(board, request, visitor, wishes.ItemWish, lambda wish: wishes.item_ask(request.path_params["id"], wish))


async def complain(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(
        board, request, visitor, wishes.ComplaintWish, lambda wish: wishes.complaint_ask(request.path_params["id"], wish)
    )


# ------------------------------------------------------------------ settlement


async def read_statement(board: Board, request: Request, _visitor: Visitor) -> Response:
    query, there = query_of(request, StatementQuery), found(board, request)
    if isinstance(query, Refusal):
        return query.response()
    if isinstance(there, Refusal):
        return there.response()
    floor, campaign = there
    state = floor.owned.outbound.campaigns.get(campaign.id) or CampaignNow(id=campaign.id)
    made: Statement = statement(campaign, state, floor.day, query.first, query.last)
    return json(made)


async def confirm(board: Board, request: Request, visitor: Visitor) -> Response:
    return await asking.wished(
        board, request, visitor, wishes.StatementWish, lambda wish: wishes.statement_ask(request.path_params["id"], wish)
    )


# ------------------------------------------------------------------ results


async def keep_result(board: Board, request: Request, visitor: Visitor) -> Response:
    """Of anybody's call: who leads, or the dialler."""
    return await asking.wished(board, request, visitor, wishes.ResultWish, lambda wish: wishes.result_ask(wish, AgentId(wish.agent)))


async def own_result(board: Board, request: Request, visitor: Visitor) -> Response:
    """Of my own call: whom the body names does not count."""
    there = own(board, visitor)
    if isinstance(there, Refusal):
        return there.response()
    agent = there[1]
    wish = await body_of(request, wishes.ResultWish)
    if isinstance(wish, Refusal):
        return wish.response()
    return await asking.ask(board, request, visitor, wishes.result_ask(wish, agent), "page")
