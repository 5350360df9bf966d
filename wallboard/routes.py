"""Every address of the board: one table of method, path, what it asks, who answers, and what for.

`app.py` serves from it, the test of roles walks over it, a description of the API can be made from it. A route that is
not here does not exist.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from realtime.me import MeRow
from realtime.rows import OrderRow, Snapshot
from realtime.why.answer import Explanation
from wallboard import (
    adherence_handlers,
    audit_handlers,
    card_handlers,
    control_handlers,
    handlers,
    me_handlers,
    plan_handlers,
    records,
    report_handlers,
    screen_handlers,
    session_handlers,
)
from wallboard.adherence_handlers import AdherenceNow, AgentAdherence
from wallboard.answers import Answered
from wallboard.audit_handlers import AuditPage, AuditQuery
from wallboard.authorise import Action
from wallboard.board import Board
from wallboard.boards import BoardPlan
from wallboard.card_handlers import CardWish, OwnCard
from wallboard.control_handlers import AlertList, MeetingList
from wallboard.door import Asked, Visitor
from wallboard.handlers import Alive, Ready
from wallboard.live import live
from wallboard.me_handlers import OwnBreak, OwnPhone
from wallboard.me_live import me_live
from wallboard.openapi import ApiDescription, describe
from wallboard.outbound_routes import OUTBOUND
from wallboard.past import AtQuery, floor_at
from wallboard.plan_handlers import AgentDeeds, Ledger, Loopholes, PlanTold
from wallboard.rates import Cost
from wallboard.records import AgentDay, DayQuery, WhyQuery
from wallboard.report_handlers import XLSX, ReportAnswer, ReportQuery
from wallboard.row import Handler, Row
from wallboard.screen_handlers import Approval, BoardList, Claim, ClaimAnswer, NewCode, ScreenList
from wallboard.session_handlers import Session, SignIn, Ticket
from wallboard.wishes import AlertWish, BreakWish, DutyWish, MeetingWish, MessageWish, OrderWish, UndoWish

SocketHandler = Callable[[Board, WebSocket], Awaitable[None]]

OPEN = Asked(None)
FLOOR = Asked(Action.FLOOR_READ)
SIGNED_IN = Asked(Action.SESSION_OWN, bound=True)
TICKET = Asked(Action.FLOOR_READ, bound=True)
AUDIT = Asked(Action.AUDIT_READ)
BOARDS = Asked(Action.FLOOR_READ, bound=True)
SCREENS = Asked(Action.SCREENS_MANAGE)
REASONS = Asked(Action.REASONS_READ)
REPORTS = Asked(Action.REPORTS_READ)
HISTORY = Asked(Action.HISTORY_READ)
METRICS = Asked(Action.METRICS_READ, local=True)
OWN = Asked(Action.BREAK_OWN)
PLAN = Asked(Action.PLAN_READ)
LEDGER = Asked(Action.LEDGER_READ)


class SocketRow(NamedTuple):
    """A websocket asks for what its view needs (`protocol.VIEWS`), so its handler goes to the door itself."""

    path: str
    asked: Asked
    handler: SocketHandler
    summary: str


async def api_description(board: Board, _request: Request, _visitor: Visitor) -> Response:
    return Response(_description(board.more), media_type="application/json")


@cache
def _description(more: tuple[Row, ...]) -> bytes:
    return msgspec.json.encode(describe((*ROUTES, *more), API_VERSION))


API_VERSION = "1"
"""Of what is described; it moves on when a program that read the one before would fail."""


def deed(path: str, action: Action, handler: Handler, summary: str, act: str, body: type[msgspec.Struct] | None, *shown: str) -> Row:
    """What the engine is asked for, and answers."""
    cost = Cost.PRESS if action is Action.BREAK_OWN else Cost.USUAL
    return Row("POST", path, Asked(action), handler, summary, body=body, gives=Answered, cost=cost, act=act, shown=shown, engine=True)


CONTROL: tuple[Row, ...] = (
    deed(
        "/api/breaks",
        Action.BREAKS_MANAGE,
        control_handlers.breaks,
        "Ask, withdraw, take or end a break for an agent, or grant one.",
        "break",
        BreakWish,
        *("agent", "deed", "kind", "minutes", "reason"),
    ),
    deed(
        "/api/duty",
        Action.DUTY_MANAGE,
        control_handlers.duty,
        "Log an agent in or out, or lift what refuses the login.",
        "duty",
        DutyWish,
        *("agent", "deed", "node", "device", "reason"),
    ),
    deed(
        "/api/orders",
        Action.CALLS_SPY,
        control_handlers.orders,
        "Pause, release, log out, move; hang up, listen, whisper, barge, take over: one agent, or many with a preview. All but to listen "
        "needs `orders.give`.",
        control_handlers.ORDER_ACT,
        OrderWish,
        *("agent", "agents", "call", "deed", "preview", "kind", "minutes", "phone", "into", "out_of", "reason"),
    ),
    Row("GET", "/api/orders/{id}", REASONS, control_handlers.one_order, "An order's three states.", gives=OrderRow),
    deed("/api/undo", Action.ORDERS_GIVE, control_handlers.undo, "Take back what a request did.", "undo", UndoWish, "request"),
    deed(
        "/api/calls/{call}/card",
        Action.CARD_PAUSE,
        card_handlers.of_call,
        "A customer says card data: silence the recording of this call, or let it have sound again.",
        "card data",
        CardWish,
        *("node", "pause"),
    ),
    Row("GET", "/api/meetings", REASONS, control_handlers.meetings, "Meetings that are on or coming.", gives=MeetingList),
    deed(
        "/api/meetings",
        Action.MEETINGS_MANAGE,
        control_handlers.meet,
        "Start or stop a meeting.",
        "meeting",
        MeetingWish,
        *("deed", "meeting", "teams", "minutes", "name"),
    ),
    deed(
        "/api/messages",
        Action.MESSAGES_SEND,
        control_handlers.send,
        "Say something to an agent, a team or all.",
        "message",
        MessageWish,
        "to",
    ),
    Row("GET", "/api/alerts", REASONS, control_handlers.alerts, "Alerts that are open, or were just over.", gives=AlertList),
    deed(
        "/api/alerts/{id}",
        Action.ALERTS_MANAGE,
        control_handlers.take_alert,
        "Acknowledge an alert, take it on, or say what came of it.",
        "alert",
        AlertWish,
        "deed",
    ),
    Row("GET", "/api/plan", PLAN, plan_handlers.plan, "The rules that hold, in plain words.", gives=PlanTold),
    Row("GET", "/api/breaks/ledger", LEDGER, plan_handlers.ledger, "Who had how many breaks today, and how evenly.", gives=Ledger),
    Row(
        "GET",
        "/api/breaks/loopholes",
        LEDGER,
        plan_handlers.ways_round,
        "What looks like a way round the rules, with its evidence.",
        gives=Loopholes,
        cost=Cost.HEAVY,
    ),
    Row(
        "GET",
        "/api/adherence",
        LEDGER,
        adherence_handlers.everybody,
        "Who does now what was scheduled, and who does not.",
        gives=AdherenceNow,
        cost=Cost.HEAVY,
    ),
    Row(
        "GET",
        "/api/agents/{id}/adherence",
        LEDGER,
        adherence_handlers.one,
        "How an agent's shift has gone so far: right, wrong, excused.",
        gives=AgentAdherence,
        cost=Cost.HEAVY,
    ),
    Row(
        "GET",
        "/api/agents/{id}/deeds",
        REASONS,
        plan_handlers.deeds,
        "Who did what to this agent.",
        gives=AgentDeeds,
        cost=Cost.HEAVY,
    ),
    Row("GET", "/api/me", OWN, me_handlers.me, "An agent's own page.", gives=MeRow),
    deed("/api/me/break", Action.BREAK_OWN, me_handlers.own_break, "My break.", "own break", OwnBreak, "deed", "kind", "minutes"),
    deed("/api/me/card", Action.BREAK_OWN, card_handlers.of_own, "Card data is said in my call.", "own card data", OwnCard, "pause"),
    deed("/api/me/here", Action.BREAK_OWN, me_handlers.here, "I am here: a key was pressed.", "own presence", None),
    deed("/api/me/login", Action.BREAK_OWN, me_handlers.log_in, "Log in at this phone.", "own login", OwnPhone, "phone", "node"),
    deed("/api/me/logout", Action.BREAK_OWN, me_handlers.log_out, "Log out, after the call in hand.", "own logout", None),
    deed("/api/me/messages/{id}/seen", Action.BREAK_OWN, me_handlers.message_seen, "I have read it.", "message seen", None),
)

ROUTES: tuple[Row, ...] = (
    Row("GET", "/healthz", OPEN, handlers.healthz, "The process is alive.", gives=Alive, cost=Cost.PAGE),
    Row("GET", "/readyz", OPEN, handlers.readyz, "The feed is live; 503 with reasons when it is not.", gives=Ready),
    Row("GET", "/metrics", METRICS, handlers.metrics, "Prometheus metrics; without a token from this machine only.", gives="text/plain"),
    Row("GET", "/api/openapi.json", OPEN, api_description, "This description: it holds no data of the floor.", gives=ApiDescription),
    Row("GET", "/api/floor", FLOOR, handlers.floor, "The whole floor as it is now.", gives=Snapshot),
    Row("GET", "/api/floor/at", HISTORY, floor_at, "The whole floor as it was.", query=AtQuery, gives=Snapshot, cost=Cost.HEAVY),
    Row("GET", "/api/why", REASONS, records.why, "Why a number is what it is.", query=WhyQuery, gives=Explanation, cost=Cost.HEAVY),
    Row("GET", "/api/agents/{id}/day", REASONS, records.agent_day, "An agent's day.", query=DayQuery, gives=AgentDay, cost=Cost.HEAVY),
    Row(
        "GET",
        "/api/reports/queues",
        REPORTS,
        report_handlers.queue_report,
        "Queues by half-hour or day.",
        query=ReportQuery,
        gives=(ReportAnswer, "text/csv", XLSX),
        cost=Cost.HEAVY,
    ),
    Row(
        "GET",
        "/api/reports/agents",
        REPORTS,
        report_handlers.agent_report,
        "Agents by half-hour or day.",
        query=ReportQuery,
        gives=(ReportAnswer, "text/csv", XLSX),
        cost=Cost.HEAVY,
    ),
    Row("GET", "/api/session", SIGNED_IN, session_handlers.who_am_i, "Who is signed in, and what this one may do.", gives=Session),
    Row(
        "POST",
        "/api/session",
        OPEN,
        session_handlers.sign_in,
        "Sign in with a token, or with name and password, for a browser's session cookie.",
        body=SignIn,
        gives=Session,
        quiet=True,
    ),
    Row("DELETE", "/api/session", SIGNED_IN, session_handlers.sign_out, "Sign out: end the session.", act="sign out"),
    Row(
        "POST",
        "/api/tickets",
        TICKET,
        session_handlers.ticket,
        "A ticket for one websocket, where neither header nor cookie can go.",
        gives=Ticket,
        quiet=True,
    ),
    Row(
        "GET",
        "/api/audit",
        AUDIT,
        audit_handlers.audit,
        "Who did what, the newest first.",
        query=AuditQuery,
        gives=AuditPage,
        cost=Cost.HEAVY,
    ),
    Row("GET", "/api/boards", BOARDS, screen_handlers.boards, "The boards that hang on walls.", gives=BoardList),
    Row("GET", "/api/boards/{board}", BOARDS, screen_handlers.one_board, "One board.", gives=BoardPlan),
    Row(
        "POST",
        "/api/screens",
        OPEN,
        screen_handlers.ask,
        "A screen asks to be let in: a code to show, and the secret that fetches its session.",
        gives=NewCode,
        act="ask for a screen's code",
    ),
    Row(
        "POST",
        "/api/screens/claim",
        OPEN,
        screen_handlers.claim,
        "What became of a code; once it is approved, its screen's session cookie comes with the answer.",
        body=Claim,
        gives=ClaimAnswer,
        cost=Cost.PAGE,  # a hall of screens behind one router asks every two seconds, and one look answers
        quiet=True,
    ),
    Row(
        "GET", "/api/screens", SCREENS, screen_handlers.screens, "Screens that wait to be let in, and those that are in.", gives=ScreenList
    ),
    Row(
        "POST",
        "/api/screens/{code}/approve",
        SCREENS,
        screen_handlers.approve,
        "Let in the screen that shows this code, for one board.",
        body=Approval,
        act="let a screen in",
        shown=("board", "label"),
    ),
    Row(
        "DELETE",
        "/api/screens/{id}",
        SCREENS,
        screen_handlers.dismiss,
        "Send a screen away, by its id or its code.",
        act="send a screen away",
    ),
    *CONTROL,
    *OUTBOUND,
    Row("GET", "/", OPEN, handlers.to_wall, "To the wall.", cost=Cost.PAGE),
    Row("GET", "/login", OPEN, handlers.login, "The page to sign in.", cost=Cost.PAGE),
    Row("GET", "/reports", OPEN, handlers.reports_page, "The page of reports; it holds no data of its own.", cost=Cost.PAGE),
    Row("GET", "/floor", OPEN, handlers.floor_page, "The supervisors' page; it holds no data of its own.", cost=Cost.PAGE),
    Row("GET", "/breaks", OPEN, handlers.breaks_page, "The page of the ledger of breaks; it holds no data of its own.", cost=Cost.PAGE),
    Row("GET", "/campaigns", OPEN, handlers.campaigns_page, "The page of campaigns; it holds no data of its own.", cost=Cost.PAGE),
    Row("GET", "/recordings", OPEN, handlers.recordings_page, "The page of recordings; it holds no data of its own.", cost=Cost.PAGE),
    Row("GET", "/agent", OPEN, handlers.agent_page, "An agent's own page; it holds no data of its own.", cost=Cost.PAGE),
    Row("GET", "/wall", OPEN, handlers.wall, "The wall page; it holds no data of its own.", cost=Cost.PAGE),
    Row("GET", "/b/{board}", OPEN, handlers.wall, "The wall page for one board.", cost=Cost.PAGE),
    Row("GET", "/web/{path:path}", OPEN, handlers.web, "Scripts, styles and images of the pages.", cost=Cost.PAGE),
)
SOCKETS: tuple[SocketRow, ...] = (
    SocketRow("/api/live", FLOOR, live, "The floor as it changes: a snapshot, then deltas."),
    SocketRow("/api/me/live", OWN, me_live, "An agent's own page as it changes."),
)
