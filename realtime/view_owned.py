"""The tables of what Andon owns as rows for a screen: breaks, meetings, messages, alerts, orders; and an agent's own break.

Not the rows of queues, agents and calls (`view.py`, which calls this) and not an agent's own page (`me.py`). These tables are short
and travel whole when one of their facts comes. `inside` is who may act on people: only they are told what somebody is
out for and why somebody waits, and the orders; a wall is read by whoever walks by.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from realtime import sentences
from realtime.floor import Agent, Floor
from realtime.orders import AnyAct, MuteRecording, PauseMember
from realtime.owned import Alert, Grant, Lease, MeetingNow, Message, OrderState, Owned, Waiting
from realtime.plan.agenda import Planned
from realtime.rows import (
    AgentRow,
    AlertRow,
    BreakRow,
    BreaksRow,
    GrantRow,
    LoadRow,
    MeetingRow,
    MessageRow,
    OrderRow,
    TeamOutRow,
    WaitRow,
)
from realtime.rules.load import light
from realtime.rules.meetings import coming
from realtime.rules.places import Places, outing
from realtime.scope import Scope
from realtime.words import SECOND, AgentState, Micros

CLEARED_SHOWN: Micros = 600 * SECOND
"""Of alerts that are over: long enough for who looked away to see that it was, and is no more."""
COMING: Micros = 3600 * SECOND
"""Of meetings: what somebody who stands before a wall may still be late for."""
ORDERS_SHOWN = 20
"""The last ones, for the strip at the foot of the floor page; the log has all of them."""
AWAY = (AgentState.ON_BREAK, AgentState.MEETING, AgentState.TRAINING)
WARN_STEPS, ACT_STEPS = ("prompt", "leader"), ("overrun", "welfare")


def seconds(at: Micros) -> float:
    return at / SECOND


def seconds_or_none(at: Micros) -> float | None:
    return at / SECOND if at else None


# ------------------------------------------------------------------ on an agent's row


def fill_agent(row: AgentRow, floor: Floor, agent: Agent, *, inside: bool = True) -> None:
    """What Andon owns of this agent. That somebody is out is seen by everybody; what for (the toilet, a bad call) is nobody's on a wall."""
    owned = floor.owned
    person, duty, lease = owned.people.get(agent.id), owned.duty.get(agent.id), owned.leases.get(agent.id)
    row.team = person.team if person is not None else ""
    row.on_duty, row.leaving = duty is not None, duty is not None and bool(duty.leaving)
    row.stray = agent.id in owned.strays
    row.over = over_of(lease, stray=row.stray)
    row.break_ = break_of(floor, agent)
    if row.break_ is not None and not inside:
        row.break_.kind, row.break_.used_s = "", 0.0


def over_of(lease: Lease | None, *, stray: bool) -> str | None:
    step = lease.overran if lease is not None else ""
    if step in ACT_STEPS:
        return "act"
    return "warn" if step in WARN_STEPS or stray else None


def break_of(floor: Floor, agent: Agent) -> BreakRow | None:
    """What is on before what is to come; where no lease is ours, what the PBX says is only watched."""
    owned = floor.owned
    if (lease := owned.leases.get(agent.id)) is not None:
        until = seconds_or_none(lease.until)
        used = used_s(owned, agent.id, lease.kind)
        return BreakRow(kind=lease.kind, since=seconds(lease.since), until=until, used_s=used, phase="on", step=lease.overran)
    if (grant := owned.grants.get(agent.id)) is not None:
        used, phase = used_s(owned, agent.id, grant.kind), "granted" if grant.expires else "pending"
        return BreakRow(kind=grant.kind, since=seconds(grant.granted), until=seconds_or_none(grant.expires), used_s=used, phase=phase)
    if agent.state in AWAY:
        return BreakRow(kind=agent.reason, since=seconds(agent.since))
    if (waiting := owned.waiting.get(agent.id)) is not None:
        used = used_s(owned, agent.id, waiting.kind)
        return BreakRow(kind=waiting.kind, since=seconds(waiting.asked), used_s=used, phase="waiting")
    return None


def used_s(owned: Owned, agent: str, kind: str) -> float:
    """Of this kind on this business day, in breaks that are over; the running one counts from its `since`."""
    ledger = owned.ledgers.get(agent)
    return sum(taken.until - taken.since for taken in ledger.taken if taken.kind == kind) / SECOND if ledger is not None else 0.0


# ------------------------------------------------------------------ the ledger of breaks


class PlacesRow(NamedTuple):
    """How many are out, how many may be (None: no plan rules breaks here), and when the next place comes free by what is known."""

    out: int
    cap: int | None = None
    next_place_at: Micros = 0


def breaks_row(floor: Floor, now: Micros, on_break: int, scope: Scope | None, *, inside: bool) -> BreaksRow:
    """`on_break`: who is away by the PBX's word, for a floor whose breaks nobody rules."""
    owned = floor.owned
    seen = seen_by(floor, scope)
    here = places(floor, now, on_break)
    waiting = sorted(owned.waiting.values(), key=lambda each: (each.place or len(owned.waiting) + 1, each.rank, each.since, each.agent))
    return BreaksRow(
        ruled=ruled(floor),
        out=here.out,
        cap=here.cap,
        next_place_at=seconds_or_none(here.next_place_at),
        waiting=[wait_row(owned, each, inside=inside) for each in waiting if seen is None or each.agent in seen],
        granted=[grant_row(owned, each, inside=inside) for _, each in sorted(owned.grants.items()) if seen is None or each.agent in seen],
        teams=team_rows(floor, now, seen) if ruled(floor) else [],
        loads=load_rows(floor, scope),
    )


def ruled(floor: Floor) -> bool:
    return bool(floor.owned.plan.breaks.kinds)


def places(floor: Floor, now: Micros, on_break: int) -> PlacesRow:
    """Of the whole floor also on a board of some queues: a place is not a queue's. Without rules: who is out of those that are seen."""
    return PlacesRow(*outing(floor, now)) if ruled(floor) else PlacesRow(on_break)


def seen_by(floor: Floor, scope: Scope | None) -> frozenset[str] | None:
    """None: everybody."""
    return None if scope is None else frozenset(agent.id for agent in scope.agents(floor))


def wait_row(owned: Owned, waiting: Waiting, *, inside: bool) -> WaitRow:
    """The reason names other people and what holds them: it is for who acts on it, not for a wall."""
    person = owned.people.get(waiting.agent)
    told = waiting.rule if inside else None
    return WaitRow(
        agent=waiting.agent,
        name=person.name if person is not None else "",
        team=person.team if person is not None else "",
        kind=waiting.kind if inside else "",
        since=seconds(waiting.asked),
        place=waiting.place,
        eta=seconds_or_none(waiting.eta),
        rule=told.rule if told is not None else "",
        text=sentences.both(told) if told is not None else {},
    )


def grant_row(owned: Owned, grant: Grant, *, inside: bool) -> GrantRow:
    person = owned.people.get(grant.agent)
    return GrantRow(
        agent=grant.agent,
        name=person.name if person is not None else "",
        team=person.team if person is not None else "",
        kind=grant.kind if inside else "",
        since=seconds(grant.granted),
        expires=seconds_or_none(grant.expires),
    )


def team_rows(floor: Floor, now: Micros, seen: frozenset[str] | None) -> list[TeamOutRow]:
    counted, shown = Places(floor, now), teams_of(floor.owned, seen)
    return [
        TeamOutRow(team=team.id, name=team.name, name_zh=team.name_zh, out=counted.out[team.id], most=counted.team_cap(team.id))
        for team in floor.owned.plan.teams
        if shown is None or team.id in shown
    ]


def load_rows(floor: Floor, scope: Scope | None) -> list[LoadRow]:
    return [
        LoadRow(
            queue=name,
            light=light(load),
            spare=load.spare,
            model=load.model,
            service=load.service if load.model not in ("", "none") else None,
            agents=load.agents,
        )
        for name, load in sorted(floor.owned.loads.items())
        if scope is None or scope.has(name)
    ]


def teams_of(owned: Owned, seen: frozenset[str] | None) -> frozenset[str] | None:
    """The teams of those who are seen; None: all."""
    if seen is None:
        return None
    return frozenset(owned.people[agent].team for agent in seen if agent in owned.people)


# ------------------------------------------------------------------ meetings, messages


def meeting_rows(floor: Floor, now: Micros, scope: Scope | None = None) -> list[MeetingRow]:
    """Those that are on, and those that begin within the hour."""
    shown = teams_of(floor.owned, seen_by(floor, scope))
    rows = [meeting_row(each) for each in floor.owned.meetings.values()]
    rows += [coming_row(each) for each in coming(floor, now, COMING)]
    return [row for row in sorted(rows, key=lambda row: (row.begins, row.id)) if shown is None or shown & set(row.teams)]


def meeting_row(meeting: MeetingNow) -> MeetingRow:
    return MeetingRow(
        id=meeting.id,
        rule=meeting.rule,
        name=meeting.name,
        name_zh=meeting.name_zh,
        kind=meeting.kind,
        teams=list(meeting.teams),
        begins=seconds(meeting.began),
        until=seconds(meeting.until),
        expected=len(meeting.expected),
        joined=sum(agent in meeting.joined for agent in meeting.expected),
        missing=[agent for agent in meeting.expected if agent not in meeting.joined],
    )


def coming_row(planned: Planned) -> MeetingRow:
    rule = planned.rule
    return MeetingRow(
        id=planned.id,
        rule=rule.id,
        name=rule.name,
        name_zh=rule.name_zh,
        kind=rule.kind,
        teams=list(planned.teams),
        phase="coming",
        begins=seconds(planned.begins),
        until=seconds(planned.until),
        expected=len(planned.expected),
    )


def message_rows(floor: Floor, now: Micros, scope: Scope | None = None, *, inside: bool = True) -> list[MessageRow]:
    """What is said to one person is that person's, and travels with no floor: the whole of it is told to leaders of other teams, too."""
    shown = teams_of(floor.owned, seen_by(floor, scope))
    return [message_row(each, inside=inside) for each in floor.owned.messages.values() if each.until > now and is_for(each, shown)]


def is_for(message: Message, teams: frozenset[str] | None) -> bool:
    """`teams` None: everybody."""
    kind, _, name = message.to.partition(":")
    return kind == "all" or (kind == "team" and (teams is None or name in teams))


def message_row(message: Message, *, inside: bool) -> MessageRow:
    return MessageRow(
        id=message.id,
        to=message.to,
        text=message.text,
        who=message.who if inside else "",
        at=seconds(message.at),
        until=seconds(message.until),
        seen=len(message.seen),
    )


# ------------------------------------------------------------------ alerts, orders


def alert_rows(floor: Floor, now: Micros, scope: Scope | None = None, *, inside: bool = True) -> list[AlertRow]:
    """Open ones, and those that were over within ten minutes; the worst and newest first. A wall is told of no single person's."""
    seen = seen_by(floor, scope)
    shown = teams_of(floor.owned, seen)
    numbers = {rule.id: rule.number for rule in floor.owned.plan.alerts}
    alerts = [
        each
        for each in floor.owned.alerts.values()
        if (not each.cleared or now - each.cleared < CLEARED_SHOWN)
        and (inside or not each.subject.startswith("agent:"))
        and concerns(each, scope, seen, shown)
    ]
    alerts.sort(key=lambda each: (bool(each.cleared), each.severity != "act", -each.since, each.id))
    return [alert_row(each, numbers.get(each.rule, each.rule), inside=inside) for each in alerts]


def concerns(alert: Alert, scope: Scope | None, seen: frozenset[str] | None, teams: frozenset[str] | None) -> bool:
    """Whether a board of some queues is about this. A lost server makes every number of its board old."""
    if scope is None or seen is None or teams is None:
        return True
    kind, _, name = alert.subject.partition(":")
    match kind:
        case "queue":
            return scope.has(name)
        case "agent":
            return name in seen
        case "team":
            return name in teams
    return kind == "node"


def alert_row(alert: Alert, number: str, *, inside: bool) -> AlertRow:
    return AlertRow(
        id=alert.id,
        rule=alert.rule,
        kind=number,
        severity=alert.severity,
        subject=alert.subject,
        since=seconds(alert.since),
        value=alert.value,
        text=alert.text,
        evidence=[alert.subject.partition(":")[2] or alert.subject],
        owner=alert.owner if inside else "",
        acknowledged=alert.acknowledged if inside else "",
        cleared=seconds_or_none(alert.cleared),
        closed=seconds_or_none(alert.closed),
        outcome=alert.outcome if inside else "",
        times=alert.times,
    )


def order_rows(floor: Floor) -> list[OrderRow]:
    """The last ones, the newest first."""
    orders = floor.owned.orders
    newest: Iterable[OrderState] = (orders[name] for name in reversed(orders))
    return [order_row(state) for state, _ in zip(newest, range(ORDERS_SHOWN), strict=False)]


def order_row(state: OrderState) -> OrderRow:
    return OrderRow(
        id=state.order.id,
        request=state.request,
        agent=state.agent,
        act=act_of(state.order.act),
        who=state.who,
        why=state.why,
        given=seconds(state.order.given),
        done=seconds_or_none(state.done),
        outcome=state.outcome,
        said=state.said,
        seen=seconds_or_none(state.seen),
    )


def act_of(act: AnyAct) -> str:
    """As a person says it: to pause and to let go are two things."""
    if isinstance(act, PauseMember):
        return "pause" if act.paused else "release"
    if isinstance(act, MuteRecording):
        return "mute" if act.muted else "unmute"
    return str(type(act).__struct_config__.tag)
