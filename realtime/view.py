"""The floor as rows for a screen: a whole snapshot, or the rows that changes name.

Not who may see what (the board decides by passing `reveal` and `inside`), not the tables of what Andon owns (`view_owned.py`) and
not the sending. Durations go out as `since`, so that a row changes when something happens and not because time goes by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from realtime import metrics, view_outbound, view_owned
from realtime.changes import Changes
from realtime.facts import Sealed
from realtime.floor import Agent, Call, Floor, Minute, NodeState, Queue, Tally, key, target_of
from realtime.fold.buckets import waited_in
from realtime.rows import (
    AgentRow,
    CallRow,
    CountsRow,
    Delta,
    NodeRow,
    QueueRow,
    Series,
    Snapshot,
    Targets,
    TotalsRow,
)
from realtime.rules.cards import silent_since
from realtime.scope import Scope, visit_of
from realtime.view_owned import PlacesRow, seconds_or_none
from realtime.view_owned import seconds as seconds
from realtime.words import SECOND, AgentState, CallState, LegState, Micros

Reveal = Callable[[Sealed], str | None]
"""A number as this reader may see it: masked, whole, or not at all."""

MINUTES_SHOWN = 30
SERVICE_TARGET = 0.8
"""80 % within the target seconds: the usual goal, shown until a plan says another. Nothing is enforced by it."""
ABANDON_TARGET = 0.05
EVERYTHING = Scope(None)


def snapshot(
    floor: Floor, name: str, position: str, now: Micros, reveal: Reveal, scope: Scope | None = None, *, inside: bool = True
) -> Snapshot:
    """Everything (or all of a scope), sorted by name so that two snapshots of one floor are equal. `inside`: see `view_owned.py`."""
    seen = scope or EVERYTHING
    agents = sorted(seen.agents(floor), key=lambda agent: agent.id)
    calls = sorted(seen.calls(floor), key=call_key)
    if scope is not None:
        scope.tell((agent.id for agent in agents), map(call_key, calls))
    return Snapshot(
        floor=name,
        time=seconds(now),
        position=position,
        day=floor.day,
        timezone=floor.rules.timezone if floor.rules is not None else "",
        totals=totals_row(floor, now, series=True, scope=scope),
        queues=[queue_row(floor, queue, now, series=True) for queue in sorted(seen.queues(floor), key=by_name)],
        agents=[agent_row(floor, agent, scope, inside=inside) for agent in agents],
        calls=[call_row(floor, call, reveal) for call in calls],
        nodes=[node_row(floor.nodes[name]) for name in sorted(floor.nodes)],
        breaks=view_owned.breaks_row(floor, now, on_break(floor, scope), scope, inside=inside),
        parts=parts_of(floor, now, series=True, scope=scope),
        campaigns=view_outbound.campaign_rows(floor, now, scope, inside=inside),
        meetings=view_owned.meeting_rows(floor, now, scope),
        messages=view_owned.message_rows(floor, now, scope, inside=inside),
        alerts=view_owned.alert_rows(floor, now, scope, inside=inside),
        orders=view_owned.order_rows(floor) if inside else [],
        plan=floor.owned.version,
    )


def delta(
    floor: Floor,
    changes: Changes,
    now: Micros,
    reveal: Reveal,
    *,
    series: bool = False,
    scope: Scope | None = None,
    inside: bool = True,
    places: bool = True,
) -> Delta:
    """The rows that changed. `series`: queues bring their curves, too (once a minute is enough). `places`: how many are out and may be
    could read otherwise because of agents that changed; who asked (`places_of`) says no, so that a long list does not travel for nothing.
    """
    told = changes.owned
    if scope is not None:
        changes = scope.narrowed(floor, changes)
    queues = [queue_row(floor, floor.queues[name], now, series=series) for name in sorted(changes.queues) if name in floor.queues]
    calls = [floor.calls[name] for name in sorted(changes.calls) if name in floor.calls]
    others = scope is not None and scope.moved
    moved = bool(changes.agents or (scope is not None and changes.gone_agents))
    counted = bool(moved or changes.queues or (scope is not None and changes.gone_queues))
    breaks = "breaks" in told or (moved and places)
    coming = series and bool(floor.owned.plan.meetings)  # what begins within the hour is a question of time, and no fact
    moving = series and bool(floor.owned.plan.dialling.campaigns)  # so is which minutes and days a rate is of
    return Delta(
        time=seconds(now),
        totals=totals_row(floor, now, series=series, scope=scope) if counted else None,
        queues=queues,
        agents=[agent_row(floor, floor.agents[name], scope, inside=inside) for name in sorted(changes.agents) if name in floor.agents],
        calls=[call_row(floor, call, reveal) for call in calls if not call.ended],
        nodes=[node_row(floor.nodes[name]) for name in sorted(changes.nodes) if name in floor.nodes],
        breaks=view_owned.breaks_row(floor, now, on_break(floor, scope), scope, inside=inside) if breaks else None,
        meetings=view_owned.meeting_rows(floor, now, scope) if "meetings" in told or coming or others else None,
        messages=view_owned.message_rows(floor, now, scope, inside=inside) if "messages" in told or others else None,
        alerts=view_owned.alert_rows(floor, now, scope, inside=inside) if "alerts" in told or others else None,
        orders=view_owned.order_rows(floor) if inside and "orders" in told else None,
        campaigns=view_outbound.campaign_rows(floor, now, scope, inside=inside) if "campaigns" in told or moving else None,
        gone=gone_from(floor, changes, leaving=scope is not None),
        parts=parts_of(floor, now, series=series, scope=scope) if counted else {},
    )


def gone_from(floor: Floor, changes: Changes, *, leaving: bool) -> dict[str, list[str]]:
    """`leaving`: what a scope calls gone may still be on the floor."""
    gone = {
        "queues": sorted(name for name in changes.gone_queues if name not in floor.queues),
        "agents": sorted(name for name in changes.gone_agents if leaving or name not in floor.agents),
        "calls": sorted(id_of(name) for name in changes.gone_calls if leaving or name not in floor.calls or floor.calls[name].ended),
    }
    return {table: names for table, names in gone.items() if names}


def call_key(call: Call) -> str:
    return key(call.node, call.id)


def id_of(name: str) -> str:
    """A call's row goes by its own id, which names its node already."""
    return name.partition("/")[2]


def by_name(queue: Queue) -> tuple[str, str]:
    return queue.name, queue.node


# ------------------------------------------------------------------ queues


def queue_row(floor: Floor, queue: Queue, now: Micros, *, series: bool) -> QueueRow:
    target = target_of(floor, queue)
    row = QueueRow(
        id=key(queue.node, queue.name),
        node=queue.node,
        name=queue.name,
        target_s=target,
        agents={state: count for state, count in queue.states.items() if count},
        targets=targets(target),
        series=series_of([queue], now) if series else None,
    )
    fill_counts(row, queue.day)
    fill_waiting(row, [queue], floor)
    return row


def totals_row(floor: Floor, now: Micros, *, series: bool, scope: Scope | None = None) -> TotalsRow:
    queues = (scope or EVERYTHING).queues(floor)
    states = states_of(floor, scope)
    day = Tally()
    for queue in queues:
        metrics.add(day, queue.day)
    strictest = min((target_of(floor, queue) for queue in queues), default=0)
    row = TotalsRow(
        agents={state: count for state, count in states.items() if count},
        agents_total=sum(states.values()) if scope is not None else len(floor.agents),
        targets=targets(strictest),
        series=series_of(queues, now) if series else None,
    )
    fill_counts(row, day)
    fill_waiting(row, queues, floor)
    return row


def states_of(floor: Floor, scope: Scope | None) -> Mapping[str, int]:
    """Agents by state. The whole floor's are counted as they change; those of a scope when somebody asks."""
    return floor.states if scope is None else Counter(str(agent.state) for agent in scope.agents(floor))


def parts_of(floor: Floor, now: Micros, *, series: bool, scope: Scope | None) -> dict[str, TotalsRow]:
    parts = scope.parts if scope is not None else {}
    return {name: totals_row(floor, now, series=series, scope=part) for name, part in parts.items()}


def targets(target_s: int) -> Targets:
    return Targets(longest_wait_s=target_s or None, service_level=SERVICE_TARGET, abandon_rate=ABANDON_TARGET)


def fill_counts(row: CountsRow, day: Tally) -> None:
    row.offered, row.answered, row.abandoned = day.offered, day.answered, day.abandoned
    row.left_otherwise, row.unknown = day.left_otherwise, day.unknown
    row.answered_in_target, row.abandoned_in_target = day.answered_in_target, day.abandoned_in_target
    row.service_level, row.abandon_rate = metrics.sl_excl_ab_in_t(day), metrics.abandon_rate(day)
    row.asa_s, row.aht_s = metrics.asa_s(day), metrics.aht_s(day)


def fill_waiting(row: CountsRow, queues: list[Queue], floor: Floor) -> None:
    longest: Micros | None = None
    for queue in queues:
        for visit, joined in queue.waiting.items():
            if floor.visits[visit].departure is None:
                row.waiting += 1
                longest = joined if longest is None else min(longest, joined)
            else:
                row.connecting += 1
    row.longest_wait_since = seconds(longest) if longest is not None else None


def series_of(queues: list[Queue], now: Micros) -> Series:
    """The last half hour by minutes, this one included; who waits now has waited through the minutes since they joined."""
    last = now // (60 * SECOND)
    row = Series(until=float((last + 1) * 60))
    for number in range(last - MINUTES_SHOWN + 1, last + 1):
        tally, waiting, longest = Tally(), 0, 0
        for queue in queues:
            minute = queue.minutes.get(number)
            if minute is not None:
                metrics.add(tally, minute.tally)
            peak, wait = curve_at(queue, minute, number, now)
            waiting, longest = waiting + peak, max(longest, wait)
        row.waiting.append(waiting)
        row.longest_wait_s.append(seconds(longest) if longest else None)
        row.service_level.append(metrics.sl_excl_ab_in_t(tally))
        row.abandon_rate.append(metrics.abandon_rate(tally))
    return row


def curve_at(queue: Queue, minute: Minute | None, number: int, now: Micros) -> tuple[int, Micros]:
    """(peak of waiting callers, longest wait) of one minute; of those since the last change it follows from who waits."""
    peak, longest = (minute.waiting, minute.longest) if minute is not None else (0, 0)
    waiting, waited = waited_in(queue, number, now) if number >= queue.rolled else (0, 0)
    return max(peak, waiting), max(longest, waited)


# ------------------------------------------------------------------ agents, calls, nodes


def agent_row(floor: Floor, agent: Agent, scope: Scope | None = None, *, inside: bool = True) -> AgentRow:
    """A scope names no queue and no call that is not its own."""
    phone = floor.phones[agent.phone]
    sits = phone.agent == agent.id
    call = floor.calls.get(agent.call) if agent.call is not None else None
    if call is not None and scope is not None and not scope.has_call(floor, call):
        call = None
    row = AgentRow(
        id=agent.id,
        name=agent.name,
        node=agent.node,
        interface=phone.device if sits else "",
        state=agent.state,
        since=seconds(agent.since),
        reason=agent.reason if inside else "",
        queues=sorted(floor.queues[name].name for name in phone.members if scope is None or scope.has(name)) if sits else [],
        call=call.id if call is not None else None,
        queue=queue_of(floor, call) if call is not None else None,
        campaign=view_outbound.campaign_of_call(floor, call) if call is not None else None,
        answered=agent.answered,
        talk_s=seconds(agent.talk),
        rings_missed=agent.rings_missed,
    )
    view_owned.fill_agent(row, floor, agent, inside=inside)
    return row


def call_row(floor: Floor, call: Call, reveal: Reveal) -> CallRow:
    card = floor.owned.cards.get(key(call.node, call.id))
    return CallRow(
        id=call.id,
        node=call.node,
        direction=call.direction,
        state=call_state(floor, call),
        since=seconds(call.since),
        began=seconds(call.began),
        queue=queue_of(floor, call),
        agent=agent_of(floor, call),
        caller=reveal(call.caller) if call.caller is not None else None,
        callee=reveal(call.callee) if call.callee is not None else None,
        campaign=view_outbound.campaign_of_call(floor, call),
        recorded=call.recorded,
        silent=seconds_or_none(silent_since(call)),
        card_until=seconds_or_none(card.until if card is not None and not card.over else 0),
        spied=bool(call.spies),
    )


def call_state(floor: Floor, call: Call) -> CallState:
    """What the call is doing, the most telling first."""
    if call.parked:
        return CallState.PARKED
    states = [leg.state for leg in call.legs.values()]
    if LegState.HOLD in states:
        return CallState.HOLD
    if states.count(LegState.TALKING) > 1:
        return CallState.TALKING
    visit = visit_of(floor, call)
    if visit is not None and visit.departure in (None, "connecting"):
        return CallState.WAITING if visit.departure is None else CallState.CONNECTING
    if LegState.RINGING in states:
        return CallState.RINGING
    if LegState.TALKING in states:
        return CallState.TALKING
    return CallState.DIALLING if LegState.DIALLING in states and call.direction != "inbound" else CallState.MENU


def queue_of(floor: Floor, call: Call) -> str | None:
    visit = visit_of(floor, call)
    return visit.queue if visit is not None else None


def agent_of(floor: Floor, call: Call) -> str | None:
    """Whoever of ours is on it: talking before ringing."""
    ringing: str | None = None
    for leg in call.legs.values():
        agent = floor.phones[leg.phone].agent
        if agent is not None:
            if leg.state in (LegState.TALKING, LegState.HOLD, LegState.DIALLING):
                return agent
            ringing = agent
    return ringing if len(call.legs) <= 2 else None


def node_row(node: NodeState) -> NodeRow:
    return NodeRow(
        node=node.name,
        link=node.link,
        since=seconds(node.since),
        heard=seconds(node.heard),
        asterisk=node.asterisk,
        anomalies=node.anomalies,
        reason=node.reason,
    )


def on_break(floor: Floor, scope: Scope | None = None) -> int:
    """By the PBX's word, for a floor whose breaks nobody rules."""
    return states_of(floor, scope).get(AgentState.ON_BREAK, 0)


def places_of(floor: Floor, now: Micros) -> PlacesRow | None:
    """What every screen is told of the places; None while nobody rules breaks, and who is out is counted for each screen by itself."""
    return view_owned.places(floor, now, 0) if view_owned.ruled(floor) else None
