"""What a supervisor's page is shown and told: floors with calls, and the answers to what it asks the board.

Beside `sample.py`, which makes the floors themselves. The answers have the shapes that the board gives.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from realtime.rows import CallRow, Snapshot
from tests.wallboard.web import sample
from tests.wallboard.web.site import Site

IN_CALL = {"talking": "talking", "hold": "hold", "ringing": "ringing", "dialling": "dialling"}
SUPERVISOR = ["session.own", "floor.read", "numbers.masked", "reasons.read", "history.read", "reports.read", "screens.manage"]


def floor(now: float, agents: int = 60, *, numbers: bool = True, make: Callable[..., Snapshot] = sample.floor) -> Snapshot:
    """A floor whose agents have calls in hand, and callers who wait for one."""
    shown = make(now, agents) if make is sample.floor else make(now)
    dice = random.Random(5)
    names = [queue.name for queue in shown.queues]
    for agent in shown.agents:
        agent.queues = sorted(dice.sample(names, 2))
        if agent.state in IN_CALL:
            outbound = agent.state == "dialling" or dice.random() < 0.2
            call = _call(f"hall7-{1700000000 + int(agent.id)}.7", agent.since, IN_CALL[agent.state], dice, numbers)
            call.agent, call.direction = agent.id, "outbound" if outbound else "inbound"
            call.queue = None if outbound else agent.queues[0]
            call.caller, call.callee = (call.callee, call.caller) if outbound else (call.caller, call.callee)
            call.recorded, call.spied = dice.random() < 0.8, dice.random() < 0.05
            agent.call, agent.queue = call.id, call.queue
            shown.calls.append(call)
    for queue in shown.queues:
        for place in range(queue.waiting):
            since = (queue.longest_wait_since or now) + place * 4
            caller = _call(f"hall7-{1800000000 + len(shown.calls)}.9", since, "waiting", dice, numbers)
            caller.queue = queue.name
            shown.calls.append(caller)
        queue.series = sample._series(now, dice)
        queue.asa_s, queue.aht_s = dice.uniform(6, 30), dice.uniform(120, 400)
    shown.totals.asa_s, shown.totals.aht_s = 14.2, 262.0
    return shown


def _call(name: str, since: float, state: str, dice: random.Random, numbers: bool) -> CallRow:
    caller = f"1{dice.choice('35789')}{dice.randrange(10)}•••{dice.randrange(10000):04}"
    row = CallRow(id=name, node="hall7", direction="inbound", state=state, since=since, began=since - 20, caller=caller, callee="•••8000")
    if not numbers:
        row.caller = row.callee = None
    return row


def full_of_names(now: float) -> Snapshot:
    return floor(now, make=sample.long_names)


def session(role: str = "supervisor", name: str = "Li Wei", actions: list[str] | None = None) -> dict[str, Any]:
    may = SUPERVISOR if actions is None else actions
    return {"name": name, "role": role, "actions": may, "board": "", "csrf": "its-own-sign", "expires": 1.9e9}


def day(now: float, agent: str, name: str = "王芳") -> dict[str, Any]:
    """A shift of five hours up to now."""
    dice = random.Random(int(agent))
    turns: list[dict[str, Any]] = []
    at = now - 5 * 3600
    cycle = ("ready", "ringing", "talking", "wrapup")
    lasts = {"ready": 240, "ringing": 9, "talking": 330, "wrapup": 50, "on_break": 700, "hold": 60}
    number = 0
    while at < now:
        state = "on_break" if number % 23 == 22 else "hold" if number % 17 == 16 else cycle[number % 4]
        until = min(now, at + lasts[state] * dice.uniform(0.4, 1.7))
        queue = "hall7/sales" if state in ("talking", "ringing", "hold", "wrapup") else None
        turns.append(
            {"state": state, "reason": "short" if state == "on_break" else "", "since": at, "until": until, "queue": queue, "call": None}
        )
        at, number = until, number + 1
    turns[-1]["until"] = None
    spent: dict[str, float] = {}
    for turn in turns:
        spent[turn["state"]] = spent.get(turn["state"], 0) + (turn["until"] or now) - turn["since"]
    return {
        "agent": agent, "name": name, "day": "2026-11-24", "begins": now - 9 * 3600, "ends": None, "turns": turns, "spent": spent,
        "answered": 21, "talk_s": spent.get("talking", 0.0), "rings_missed": 1, "away": "",
    }  # fmt: skip


def why(now: float, number: str = "service_level", of: str = "hall7/sales") -> dict[str, Any]:
    def fact(ago: float, kind: str, **more: Any) -> dict[str, Any]:
        return {"at": now - ago, "kind": kind, "agent": None, "queue": "hall7/sales", "call": None, "detail": {}} | more

    return {
        "number": number, "of": of, "value": 0.71, "unit": "share", "formula": "sl_excl_ab_in_t",
        "inputs": [
            {"name": "answered_in_target", "value": 71, "unit": "count"}, {"name": "answered", "value": 96, "unit": "count"},
            {"name": "abandoned", "value": 5, "unit": "count"}, {"name": "abandoned_in_target", "value": 1, "unit": "count"},
            {"name": "target_s", "value": 20, "unit": "s"},
        ],
        "since": now - 130, "until": now,
        "facts": [
            fact(12, "AgentConnected", agent="1003", detail={"wait_s": 31}), fact(40, "CallerLeft", detail={"wait_s": 44}),
            fact(95, "AgentConnected", agent="1010", detail={"wait_s": 7}),
        ],
        "more": 98, "source": "live", "away": "",
    }  # fmt: skip


def answer_all(site: Site, now: Callable[[], float]) -> None:
    """A board that knows everything the page may ask."""

    def of_agent(request: Any) -> dict[str, Any]:
        return day(now(), request.url.path.split("/")[3])

    def reason(request: Any) -> dict[str, Any]:
        return why(now(), request.query_params["number"], request.query_params.get("of", ""))

    waiting = {"code": "AC4XT9", "address": "10.0.0.7", "created": now() - 60, "expires": now() + 500}
    paired = {"id": "t1", "board": "floor", "label": "Hall 7", "by": "Li Wei", "created": 1.0, "seen": now() - 9e4, "connected": 0}
    boards = [{"id": "floor", "name": "Whole floor", "name_zh": "全场"}, {"id": "sales", "name": "Sales", "name_zh": ""}]
    site.answers |= {
        "GET /api/session": session(), "GET /api/why": reason, "DELETE /api/session": 204,
        "GET /api/screens": {"waiting": [waiting], "paired": [paired]}, "GET /api/boards": {"boards": boards, "fault": ""},
        "POST /api/screens/AC4XT9/approve": 204, "DELETE /api/screens/t1": 204,
    }  # fmt: skip
    for number in range(1001, 1400):
        site.answers[f"GET /api/agents/{number}/day"] = of_agent
