"""A floor under a plan, and one agent of it, as the board would send them: for the console and for the agent's page.

Beside `desk.py`, whose floors are only watched. The answers have the shapes of `wallboard/answers.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from realtime.me import HeardRow, KindRow, MeRow, OwnCardRow, OwnMessageRow, OwnWaitRow
from realtime.me_dial import OutcomeRow, OwnDialRow
from realtime.rows import AlertRow, BreakRow, BreaksRow, GrantRow, MeetingRow, MessageRow, OrderRow, Snapshot, TeamOutRow, WaitRow
from tests.wallboard.web import desk
from tests.wallboard.web.site import Site
from wallboard.authorise import Role, actions_of

RULE = {
    "en": "5 of 6 places of team A are taken; the next one comes back about 14:40.",
    "zh": "A 组 6 个名额已用 5 个，下一位约 14:40 返岗。",
}
ALERT = {"en": "Queue sales: the longest wait is 1:42, above 0:40.", "zh": "队列 sales：最长等待 1:42，超过 0:40。"}


def floor(now: float, agents: int = 60) -> Snapshot:
    """Two wait for a break, two have been granted one, an alert is open, a meeting is near."""
    shown = desk.floor(now, agents)
    by_id = {agent.id: agent for agent in shown.agents}
    shown.plan = "7f3a"
    shown.breaks = BreaksRow(
        ruled=True,
        out=shown.breaks.out,
        cap=6,
        next_place_at=now + 260,
        waiting=[
            WaitRow(
                agent="1012", name=by_id["1012"].name, team="A", kind="short", since=now - 190, place=1, eta=now + 180, rule="x", text=RULE
            ),
            WaitRow(agent="1020", name=by_id["1020"].name, team="B", kind="meal", since=now - 60, place=2, eta=None, rule="y", text=RULE),
        ],
        granted=[
            GrantRow(agent="1015", name=by_id["1015"].name, team="A", kind="short", since=now - 20, expires=now + 100),
            GrantRow(agent="1016", name=by_id["1016"].name, team="B", kind="comfort", since=now - 10, expires=None),
        ],
        teams=[TeamOutRow(team="A", name="Team A", name_zh="A 组", out=3, most=3), TeamOutRow(team="B", name="Team B", out=2, most=3)],
    )
    by_id["1012"].break_ = BreakRow(kind="short", since=now - 190, phase="waiting")
    by_id["1015"].break_ = BreakRow(kind="short", since=now - 20, until=now + 100, phase="granted")
    by_id["1004"].break_ = BreakRow(kind="short", since=now - 850, until=now - 250, used_s=600.0, phase="on", step="leader")
    by_id["1008"].stray = True
    shown.alerts = [
        AlertRow(
            id="a1", rule="wait", kind="longest_wait_s", severity="act", subject="hall7/sales", since=now - 70, value=102.0, text=ALERT,
            evidence=["longest_wait_s 102 > 40"],
        ),
        AlertRow(
            id="a2", rule="abandon", kind="abandon_rate", severity="warn", subject="hall7/support", since=now - 400, value=0.061,
            text={"en": "Queue support: 6.1 % abandoned, above 5 %.", "zh": "队列 support：放弃率 6.1%，超过 5%。"}, owner="1001",
            acknowledged="Li Wei",
        ),
    ]  # fmt: skip
    shown.meetings = [
        evening(now),
        MeetingRow(id="m1", name="Coaching", name_zh="辅导", kind="coaching", teams=["A"], phase="on", begins=now - 300, until=now + 600,
                   expected=4, joined=3, missing=["1003"]),
    ]  # fmt: skip
    shown.messages = [MessageRow(id="n1", to="all", text="New price list from 15:00 on.", who="Li Wei", at=now - 60, until=now + 900)]
    return shown


def evening(now: float) -> MeetingRow:
    title = {"name": "Evening meeting", "name_zh": "夕会"}
    return MeetingRow(id="evening-b", rule="evening", teams=["B"], phase="coming", begins=now + 1500, until=now + 2400, **title)


def session(role: Role = Role.SUPERVISOR, name: str = "Li Wei") -> dict[str, Any]:
    return desk.session(str(role), name, [str(action) for action in actions_of(role)])


def allowed(agent: str = "", request: str = "r1", orders: tuple[str, ...] = (), rule: str = "supervise.done") -> dict[str, Any]:
    text = {"en": "It is done.", "zh": "已执行。"}
    return {
        "agent": agent, "request": request, "verdict": "allow", "message": text["en"], "orders": list(orders), "until": None, "error": "",
        "preview": False, "answers": [], "reasons": [{"rule": rule, "verdict": "allow", "text": text}],
    }  # fmt: skip


REFUSAL = {
    "en": "Team A may have 3 out and has 3; the next place is free about 14:40.", "zh": "A 组最多 3 人小休，现已 3 人；约 14:40 有空位。",
}  # fmt: skip


def refused(agent: str = "", rule: str = "breaks.team_full", text: dict[str, str] | None = None) -> dict[str, Any]:
    said = text or REFUSAL
    return allowed(agent, "r2") | {
        "verdict": "deny", "message": said["en"], "error": rule,
        "reasons": [
            {"rule": "breaks.shift", "verdict": "allow", "text": {"en": "The shift is on until 18:00.", "zh": "班次到 18:00。"}},
            {"rule": rule, "verdict": "deny", "text": said},
        ],
    }  # fmt: skip


def answers(status: int, body: dict[str, Any]) -> Callable[[Request], Response]:
    """As `Site.answers` takes it: a body with another status than 200."""
    return lambda _request: Response(msgspec.json.encode(body), status, media_type="application/json")


def order(name: str, agent: str, now: float, **fields: Any) -> OrderRow:
    row = OrderRow(id=name, request="r1", agent=agent, act="pause", who="user:li", given=now)
    for field, value in fields.items():
        setattr(row, field, value)
    return row


def deeds(now: float) -> dict[str, Any]:
    reasons = [{"rule": "reach.team", "verdict": "allow", "text": {"en": "Team A is your team.", "zh": "A组是您的班组。"}}]
    asked = {"orders": [], "undone": False}
    entry = {"role": "supervisor", "address": "", "outcome": "done", "reasons": [], "hash": "h"}
    return {
        "agent": "1009", "away": "",
        "answers": [
            {"request": "r8", "at": now - 200, "who": "user:li", "ask": "pause.force", "verdict": "allow", "reasons": reasons} | asked,
            {"request": "r7", "at": now - 900, "who": "user:1009", "ask": "break.ask", "verdict": "deny",
             "reasons": refused()["reasons"]} | asked,
        ],
        "listened": [{"at": now - 1200, "who": "Li Wei", "mode": "listen"}],
        "trail": [{"seq": 9, "at": now - 200, "who": "user:li", "action": "order", "target": "agent=1009 deed=pause"} | entry],
    }  # fmt: skip


def adherence(now: float) -> dict[str, Any]:
    def segment(ago: float, judged: str, en: str, zh: str) -> dict[str, Any]:
        times = {"begins": now - ago, "ends": now - ago + 300, "activity": "work", "state": "talking"}
        return times | {"judged": judged, "text": {"en": en, "zh": zh} if en else {}}

    return {
        "agent": "1009", "name": "周秀英", "day": "2026-11-24", "adherence": 0.914, "conformance": 0.97, "away": "",
        "segments": [
            segment(5000, "right", "", ""), segment(3000, "wrong", "5 min late from the meal.", "用餐晚归 5 分钟。"),
            segment(1200, "excused", "On a call into the break.", "通话延入小休。"),
        ],
    }  # fmt: skip


def answer_all(site: Site) -> None:
    desk.answer_all(site, time.time)
    site.answers["GET /api/session"] = session()
    for agent in range(1001, 1400):
        site.answers[f"GET /api/agents/{agent}/deeds"] = lambda _request: deeds(time.time())
        site.answers[f"GET /api/agents/{agent}/adherence"] = lambda _request: adherence(time.time())
    site.answers["GET /api/plan"] = {
        "version": "7f3a",
        "meetings": [{"id": "evening", "name": "Evening meeting", "name_zh": "夕会", "teams": ["B"]}],
    }


# ------------------------------------------------------------------ one agent


def me(now: float, **fields: Any) -> MeRow:
    """周涛, ready for three minutes, six of thirty minutes used."""
    row = MeRow(
        id="1031", name="周涛", team="B", team_name="Team B", team_name_zh="B 组", state="ready", since=now - 192, phone="PJSIP/1031",
        on_duty=True, ruled=True, hold_s=120, answered=14, talk_s=5400.0, shift_begins=now - 5 * 3600, shift_ends=now + 3 * 3600,
        kinds=[
            KindRow(kind="short", minutes=10, used_s=360.0, quota_s=1800.0, taken=1),
            KindRow(kind="meal", minutes=30, used_s=0.0, quota_s=1800.0, times=1),
            KindRow(kind="comfort", minutes=5),
            KindRow(kind="recovery", minutes=10),
            KindRow(kind="fault", minutes=15),
        ],
        meetings=[evening(now)],
    )  # fmt: skip
    for field, value in fields.items():
        setattr(row, field, value)
    return row


def recorded(now: float) -> MeRow:
    """A call in hand that is being recorded."""
    return me(now, state="talking", since=now - 75, recorded=True)


def card_asked(now: float) -> MeRow:
    return me(now, state="talking", since=now - 75, recorded=True, card=OwnCardRow(until=now + 179))


def card_silent(now: float, left: float = 151) -> MeRow:
    return me(now, state="talking", since=now - 75, recorded=True, card=OwnCardRow(until=now + left, silent=now - 29))


def waiting(now: float) -> MeRow:
    text = {
        "en": "5 of 6 places are taken; 孙丽 is before you.", "zh": "6 个名额已用 5 个；孙丽在您前面。",
    }  # fmt: skip
    return me(now, wait=OwnWaitRow(kind="short", since=now - 30, place=2, eta=now + 480, rule="breaks.site_full", text=text))


def granted(now: float) -> MeRow:
    return me(now, state="break_pending", since=now - 20, break_=BreakRow(kind="short", since=now - 20, until=now + 100, phase="granted"))


def pending(now: float) -> MeRow:
    return me(now, state="talking", since=now - 80, break_=BreakRow(kind="short", since=now - 5, phase="pending"))


def on_break(now: float, left: float = 312) -> MeRow:
    row = me(now, state="on_break", since=now - (600 - left))
    row.break_ = BreakRow(
        kind="short", since=now - (600 - left), until=now + left, used_s=360.0, phase="on", step="prompt" if left < 0 else ""
    )
    return row


def in_meeting(now: float) -> MeRow:
    row = me(now, state="meeting", since=now - 120, break_=BreakRow(kind="meeting", since=now - 120, until=now + 600, phase="on"))
    row.meetings[0].phase, row.meetings[0].begins, row.meetings[0].until = "on", now - 120, now + 600
    return row


def logged_out(now: float) -> MeRow:
    return me(now, state="logged_out", since=None, phone="", on_duty=False, answered=0)


def busy_day(now: float) -> MeRow:
    """Messages, somebody who listened, and nothing left of the short breaks."""
    row = me(now, state="talking", since=now - 45)
    row.kinds[0].used_s = 1800.0
    row.messages = [
        OwnMessageRow(id="n1", text="New price list from 15:00 on. 15:00 起执行新价目表。", who="Li Wei", at=now - 60, until=now + 900),
        OwnMessageRow(id="n2", text="Thank you for yesterday!", who="Li Wei", at=now - 3600, until=now + 900, seen=True),
    ]
    row.listened = [HeardRow(who="Li Wei", mode="listen", at=now - 1800)]
    return row


def stray(now: float) -> MeRow:
    return me(now, state="not_ready", since=now - 50, stray=True, over="warn")


OUTCOMES = [
    OutcomeRow(code="S1", name="Sold", name_zh="成交", means="sale"),
    OutcomeRow(code="P1", name="Promises to pay", name_zh="承诺还款"),
    OutcomeRow(code="C1", name="Call me back", name_zh="约定回拨", means="callback"),
    OutcomeRow(code="N1", name="Not interested", name_zh="暂无意向", means="refusal"),
    OutcomeRow(code="N2", name="Wants no more calls", name_zh="要求不再来电", means="blocked"),
    OutcomeRow(code="W1", name="Wrong number", name_zh="号码有误", means="wrong_number"),
    OutcomeRow(code="A1", name="Somebody else answered", name_zh="非本人接听", means="no_person"),
    OutcomeRow(code="B1", name="Complains", name_zh="投诉", means="complaint"),
]


def called(now: float, **fields: Any) -> MeRow:
    """Ready again, an outbound call ended a moment ago, and nobody has said what came of it."""
    row = me(now, since=now - 8, outcomes=OUTCOMES)
    row.dial = OwnDialRow(dial="d1", campaign="renewals", name="Policy renewals", name_zh="续保项目", shown="138•••0148", since=now - 200)
    row.dial.until = now - 8
    for field, value in fields.items():
        setattr(row.dial, field, value)
    return row


def calling(now: float) -> MeRow:
    row = called(now, until=None)
    row.state, row.since = "talking", now - 150
    return row


def coded(now: float) -> MeRow:
    return called(now, code="S1")


def called_on_break(now: float) -> MeRow:
    row = called(now)
    row.break_ = BreakRow(kind="short", since=now - 5, until=now + 600, phase="on")
    row.state = "on_break"
    return row
