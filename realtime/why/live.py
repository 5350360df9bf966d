"""Formula and inputs of every number that a screen shows, from the floor as it is now.

Not the facts behind it (`evidence.py`), apart from those that the floor itself still holds: who waits, who is in a state,
what did not fit. The value is the row's own (`view.py`), so an explanation never explains another number than the screen's.

`of` names what the number is of, by its id in the snapshot: a queue (`node/name`), an agent, a call, a server; empty for the
whole floor. Where two things have one name, a prefix says which: `agent:1001`, `queue:`, `call:`, `node:`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from realtime import metrics, view
from realtime.floor import Agent, Call, Floor, NodeState, Phone, Queue, Tally, Visit, key, target_of
from realtime.fold.agents import GONE_DEVICES, LEG_STATES, pause_of, pause_state
from realtime.rows import CountsRow
from realtime.scope import visit_of
from realtime.view import Reveal, seconds
from realtime.why.answer import Evidence, Explanation, Input, Unit, Value
from realtime.words import SECOND, AgentId, AgentState, Micros

FACTS_TOLD = 50
"""Lines of one explanation: what a person reads; the rest is counted."""
LONG_NUMBER = re.compile(r"(?<![\d.])\+?\d{7,}(?![\d.])")
"""What may be somebody's telephone number in the evidence of an anomaly; a uniqueid has a dot in it."""


class Named(NamedTuple):
    """What a number is of, found on the floor; one of them is set, or none for the whole floor."""

    queue: Queue | None = None
    agent: Agent | None = None
    call: Call | None = None
    node: NodeState | None = None


def find(floor: Floor, of: str) -> Named | None:
    """None for what is not on the floor."""
    if not of:
        return Named()
    for finder in FINDERS.values():
        if (found := finder(floor, of)) is not None:
            return found
    kind, _, name = of.partition(":")
    return FINDERS[kind](floor, name) if kind in FINDERS else None


def find_call(floor: Floor, name: str) -> Named | None:
    call = next((each for each in floor.calls.values() if each.id == name and not each.ended), None)
    return Named(call=call) if call is not None else None


FINDERS: dict[str, Callable[[Floor, str], Named | None]] = {
    "queue": lambda floor, name: Named(queue=floor.queues[name]) if name in floor.queues else None,
    "agent": lambda floor, name: Named(agent=floor.agents[AgentId(name)]) if name in floor.agents else None,
    "call": find_call,
    "node": lambda floor, name: Named(node=floor.nodes[name]) if name in floor.nodes else None,
}


def explain(floor: Floor, number: str, of: str, named: Named, now: Micros, reveal: Reveal) -> Explanation | None:
    """None when there is no such number of this; what history could tell of it is not in here yet."""
    if named.agent is not None:
        told = of_agent(floor, named.agent, number)
    elif named.call is not None:
        told = of_call(floor, named.call, number)
    elif named.node is not None:
        told = of_node(floor, named.node, number, now)
    else:
        told = of_queues(floor, number, [named.queue] if named.queue else list(floor.queues.values()), named.queue, now, reveal)
    if told is None:
        return None
    facts = sorted(told.facts, key=lambda line: line.at, reverse=True)
    return Explanation(
        number=number,
        of=of,
        value=told.value,
        unit=told.unit,
        formula=told.formula or number,
        inputs=[Input(name, value, unit) for name, (value, unit) in told.inputs.items()],
        since=told.since,
        until=seconds(now),
        facts=facts[:FACTS_TOLD],
        more=max(0, (told.of or len(facts)) - min(len(facts), FACTS_TOLD)),
    )


Inputs = dict[str, tuple[Value, Unit]]


class Told(msgspec.Struct):
    value: Value
    unit: Unit
    inputs: Inputs
    since: float | None = None
    formula: str = ""
    facts: list[Evidence] = []
    of: int = 0  # how many facts there are, where the floor holds only the last ones


# ------------------------------------------------------------------ queues, and all of them together


class Formula(NamedTuple):
    """A number of a queue: its unit, the inputs it follows from, and its key where another name says more."""

    unit: Unit
    inputs: tuple[str, ...]
    key: str = ""


FORMULAS: dict[str, Formula] = {
    "waiting": Formula("count", ("waiting",)),
    "connecting": Formula("count", ("connecting",)),
    "longest_wait_s": Formula("s", ("joined", "now")),
    "offered": Formula("count", ("answered", "abandoned", "left_otherwise", "unknown", "waiting", "connecting")),
    "answered": Formula("count", ("answered_in_target", "answered_late")),
    "abandoned": Formula("count", ("abandoned_in_target", "abandoned_late")),
    "left_otherwise": Formula("count", ("left_otherwise",)),
    "unknown": Formula("count", ("unknown",)),
    "answered_in_target": Formula("count", ("answered", "answered_late", "target_s")),
    "abandoned_in_target": Formula("count", ("abandoned", "abandoned_late", "target_s")),
    "service_level": Formula(
        "share", ("answered_in_target", "answered", "abandoned", "abandoned_in_target", "target_s"), metrics.DEFAULT_SERVICE_LEVEL
    ),
    "abandon_rate": Formula("share", ("abandoned", "answered", "left_otherwise", "unknown")),
    "asa_s": Formula("s", ("wait_sum_s", "answered")),
    "aht_s": Formula("s", ("talk_sum_s", "wrapup_sum_s", "handled")),
}
STATES = "agents."
"""`agents.ready` is how many agents are in that state."""


def of_queues(floor: Floor, number: str, queues: list[Queue], one: Queue | None, now: Micros, reveal: Reveal) -> Told | None:
    if number.startswith(STATES) or number in ("agents_total", "breaks_out"):
        return of_states(floor, number, one)
    formula = FORMULAS.get(number)
    if formula is None:
        return None
    day, row = sum_of(queues), CountsRow()
    view.fill_counts(row, day)
    view.fill_waiting(row, queues, floor)
    known = inputs_of(floor, row, day, one, now)
    longest = row.longest_wait_since
    waited = seconds(now) - longest if longest is not None else None
    told = Told(
        value=waited if number == "longest_wait_s" else getattr(row, number),
        unit=formula.unit,
        inputs={name: known[name] for name in formula.inputs if name in known},
        since=longest if number == "longest_wait_s" else seconds(floor.day_at) or None,
        formula=formula.key,
    )
    if number in WAITERS:
        told.since = longest if number != "connecting" else None
        told.facts = [waiter(floor, visit, reveal) for visit in waiters(floor, queues) if WAITERS[number](visit, longest)]
    return told


def sum_of(queues: list[Queue]) -> Tally:
    day = Tally()
    for queue in queues:
        metrics.add(day, queue.day)
    return day


def inputs_of(floor: Floor, row: CountsRow, day: Tally, one: Queue | None, now: Micros) -> Inputs:
    """Everything that formulas of counts are made of. The target is one queue's: together they may have several."""
    inputs: Inputs = {name: (getattr(row, name), "count") for name in ("waiting", "connecting")}
    for name in ("answered", "abandoned", "left_otherwise", "unknown", "answered_in_target", "abandoned_in_target", "handled"):
        inputs[name] = (getattr(day, name), "count")
    inputs["answered_late"] = (day.answered - day.answered_in_target, "count")
    inputs["abandoned_late"] = (day.abandoned - day.abandoned_in_target, "count")
    inputs["wait_sum_s"] = (seconds(day.wait), "s")
    inputs["talk_sum_s"] = (seconds(day.talk), "s")
    inputs["wrapup_sum_s"] = (seconds(day.wrapup), "s")
    inputs["joined"] = (row.longest_wait_since, "time")
    inputs["now"] = (seconds(now), "time")
    if one is not None:
        inputs["target_s"] = (target_of(floor, one), "s")
    return inputs


WAITERS: dict[str, Callable[[Visit, float | None], bool]] = {
    "waiting": lambda visit, longest: visit.departure is None,
    "connecting": lambda visit, longest: visit.departure is not None,
    "longest_wait_s": lambda visit, longest: visit.departure is None and seconds(visit.joined) == longest,
}
"""Numbers whose visits the floor still holds."""


def waiters(floor: Floor, queues: list[Queue]) -> list[Visit]:
    return [floor.visits[visit] for queue in queues for visit in queue.waiting]


def waiter(floor: Floor, visit: Visit, reveal: Reveal) -> Evidence:
    call = floor.calls.get(floor.aliases.get(key(visit.node, visit.call), key(visit.node, visit.call)))
    caller = reveal(call.caller) if call is not None and call.caller is not None else None
    detail: dict[str, Value] = {"caller": caller} if caller is not None else {}
    return Evidence(seconds(visit.joined), "CallerJoined", None, key(visit.node, visit.queue), visit.call, detail)


def of_states(floor: Floor, number: str, one: Queue | None) -> Told | None:
    """How many agents are in a state, of one queue or of the floor, and who they are."""
    people = agents_of(floor, one)
    state = AgentState.ON_BREAK.value if number == "breaks_out" else number.removeprefix(STATES)
    if number == "agents_total":
        counts = {each.value: sum(agent.state is each for agent in people) for each in AgentState}
        inputs: Inputs = {name: (count, "count") for name, count in counts.items() if count}
        return Told(len(people), "count", inputs)
    if state not in AgentState._value2member_map_:
        return None
    inside = [agent for agent in people if agent.state == state]
    counted = (one.states if one is not None else floor.states).get(state, 0)
    return Told(counted, "count", {"agents": (len(people), "count"), "state": (state, "state")}, None, "agents_in_state", who(inside))


def agents_of(floor: Floor, queue: Queue | None) -> list[Agent]:
    if queue is None:
        return list(floor.agents.values())
    phones = {member.phone for member in queue.members.values()}
    return [floor.agents[agent] for phone in phones if (agent := floor.phones[phone].agent) is not None]


def who(people: list[Agent]) -> list[Evidence]:
    return [Evidence(seconds(agent.since), "state", agent.id, None, None, state_detail(agent)) for agent in people]


def state_detail(agent: Agent) -> dict[str, Value]:
    detail: dict[str, Value] = {"state": agent.state.value}
    return detail | ({"reason": agent.reason} if agent.reason else {})


# ------------------------------------------------------------------ agents


def of_agent(floor: Floor, agent: Agent, number: str) -> Told | None:
    since = seconds(floor.day_at) or None
    answered: Inputs = {"answered": (agent.answered, "count")}
    talked: Inputs = {"talk_sum_s": (seconds(agent.talk), "s")}
    match number:
        case "state":
            return Told(agent.state.value, "state", state_inputs(floor, agent), seconds(agent.since), "agent_state", who([agent]))
        case "answered":
            return Told(agent.answered, "count", answered, since, "agent_answered")
        case "talk_s":
            return Told(seconds(agent.talk), "s", talked, since, "agent_talk_s")
        case "aht_s" | "talk_each_s":
            each = seconds(agent.talk) / agent.answered if agent.answered else None
            return Told(each, "s", talked | answered, since, "talk_each_s")
        case "rings_missed":
            missed: Inputs = {"rings_missed": (agent.rings_missed, "count")}
            return Told(agent.rings_missed, "count", missed, since, "rings_missed")
    return None


def state_inputs(floor: Floor, agent: Agent) -> Inputs:
    """What the state follows from, in the order in which it is asked (`fold/agents.py`)."""
    phone = floor.phones[agent.phone]
    sits = phone.agent == agent.id
    inputs: Inputs = {"seated": (sits, "yes")}
    if not sits:
        return inputs
    inputs["leg"] = (leg_of(floor, phone), "state")
    inputs["queues"] = (len(phone.members), "count")
    if phone.members:
        paused, reason = pause_of(floor, phone)
        inputs["queues_paused"] = (sum(floor.queues[name].members[each].paused for name, each in phone.members.items()), "count")
        if paused:
            inputs["reason"] = (reason, "word")
            inputs["pause_means"] = (pause_state(floor, reason).value, "state")
    inputs["reachable"] = (phone.reachable and phone.state not in GONE_DEVICES, "yes")
    inputs["device"] = (phone.state.value, "word")
    inputs["wrapup_until"] = (seconds(agent.wrapup_until) if agent.wrapup_since else None, "time")
    grant = floor.owned.grants.get(agent.id)
    inputs["granted_break"] = (grant.kind if grant is not None else None, "word")
    inputs["ring_missed"] = (phone.missed, "yes")
    return inputs


def leg_of(floor: Floor, phone: Phone) -> str | None:
    """What the phone does, the most telling first; None when it does nothing that says something."""
    states = {floor.calls[call].legs[leg].state for leg, call in phone.legs.items()}
    return next((leg_state.value for leg_state, _ in LEG_STATES if leg_state in states), None)


# ------------------------------------------------------------------ calls and servers


def of_call(floor: Floor, call: Call, number: str) -> Told | None:
    if number != "state":
        return None
    visit = visit_of(floor, call)
    states = [leg.state.value for leg in call.legs.values()]
    inputs: Inputs = {
        "parked": (bool(call.parked), "yes"),
        "legs_on_hold": (states.count("hold"), "count"),
        "legs_talking": (states.count("talking"), "count"),
        "legs_ringing": (states.count("ringing"), "count"),
        "legs_dialling": (states.count("dialling"), "count"),
        "departure": ((visit.departure or "waiting") if visit is not None else None, "state"),
        "direction": (call.direction, "word"),
    }
    facts = [leg_line(floor, call, name) for name in call.legs]
    return Told(view.call_state(floor, call).value, "state", inputs, seconds(call.since), "call_state", facts)


def leg_line(floor: Floor, call: Call, name: str) -> Evidence:
    leg = call.legs[name]
    return Evidence(seconds(leg.since), "LegChanged", floor.phones[leg.phone].agent, None, call.id, {"state": leg.state.value})


def of_node(floor: Floor, node: NodeState, number: str, now: Micros) -> Told | None:
    match number:
        case "age" | "heard":
            heard = seconds(node.heard) if node.heard else None
            age = max(0, now - node.heard) / SECOND if node.heard else None
            return Told(age, "s", {"heard": (heard, "time"), "now": (seconds(now), "time")}, heard, "age")
        case "link":
            inputs: Inputs = {"link": (node.link, "word"), "reason": (node.reason or None, "word")}
            return Told(node.link, "word", inputs, seconds(node.since), "link")
        case "anomalies":
            facts = [
                Evidence(seconds(each.at), "AnomalySeen", detail={"anomaly": each.kind, "evidence": without_numbers(each.evidence)})
                for each in floor.anomalies
                if each.node == node.name
            ]
            return Told(node.anomalies, "count", {"anomalies": (node.anomalies, "count")}, None, "anomalies", facts, node.anomalies)
    return None


def without_numbers(text: str) -> str:
    """The evidence of an anomaly quotes Asterisk, and Asterisk may quote a caller."""
    return LONG_NUMBER.sub(lambda found: f"•••{found.group()[-4:]}", text)
