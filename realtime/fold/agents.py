"""An agent's state, derived: from the phone's legs, the member's pauses, the device and our own wrap-up clock.

Not a store of events: `refresh` may be called as often as one likes and says what is. What a person does on the phone
comes before what they were told (a pause during a call takes effect when the call ends).
"""

from __future__ import annotations

from realtime.changes import Changes
from realtime.floor import Agent, Floor, Phone, Turn, key
from realtime.fold.buckets import HALF_HOUR, agent_half
from realtime.orders import PauseMember, pause_target
from realtime.words import SECOND, AgentState, DeviceState, LegState, Micros

LONGEST_COUNTED: Micros = 48 * 3600 * SECOND
"""Of a state that lasts longer the last two days: a PBX whose clock jumps must not make a half-hour for each since 1970."""
AGENT_STATES = frozenset(AgentState)
GONE_DEVICES = (DeviceState.UNAVAILABLE, DeviceState.INVALID)
TALKS = (AgentState.TALKING, AgentState.HOLD)

LEG_STATES: tuple[tuple[LegState, AgentState], ...] = (
    (LegState.TALKING, AgentState.TALKING),
    (LegState.HOLD, AgentState.HOLD),
    (LegState.DIALLING, AgentState.DIALLING),
    (LegState.RINGING, AgentState.RINGING),
    (LegState.WAITING, AgentState.DIALLING),
)
"""The first that one of the phone's legs is in; a leg that is only `new` says nothing yet."""
ON_A_CALL = dict(LEG_STATES)

PAUSE_STATES: dict[str, AgentState] = {
    "break": AgentState.ON_BREAK,
    "short": AgentState.ON_BREAK,
    "comfort": AgentState.ON_BREAK,
    "lunch": AgentState.ON_BREAK,
    "meal": AgentState.ON_BREAK,
    "legal": AgentState.ON_BREAK,
    "recovery": AgentState.ON_BREAK,
    "小休": AgentState.ON_BREAK,
    "休息": AgentState.ON_BREAK,
    "用餐": AgentState.ON_BREAK,
    "午餐": AgentState.ON_BREAK,
    "meeting": AgentState.MEETING,
    "会议": AgentState.MEETING,
    "早会": AgentState.MEETING,
    "夕会": AgentState.MEETING,
    "training": AgentState.TRAINING,
    "coaching": AgentState.TRAINING,
    "培训": AgentState.TRAINING,
    "辅导": AgentState.TRAINING,
}
"""What a pause reason means where the centre's settings say nothing of it; any other reason is `not_ready`."""


def refresh(floor: Floor, phone: Phone, at: Micros, changes: Changes) -> None:
    """Derive the state of whoever sits at this phone and note it when it is another."""
    if phone.agent is None:
        return
    agent = floor.agents[phone.agent]
    state, reason, call = derive(floor, agent, phone)
    changes.agents.add(agent.id)
    if agent.id in floor.owned.strays and not pause_of(floor, phone)[0]:
        del floor.owned.strays[agent.id]
        changes.owned.add("breaks")
    if agent.id in floor.owned.releasing and not paused_anywhere(floor, phone) and not pausing(floor, phone):
        del floor.owned.releasing[agent.id]
        changes.owned.add("breaks")
    if state is agent.state and reason == agent.reason:
        agent.call = call
        return
    count(floor, phone, agent.state, -1, changes)
    since = since_of(floor, phone, state, at)
    node = floor.nodes.get(phone.node)
    if agent.state in TALKS and state not in TALKS:
        agent.talked = at
    end_turn(floor, agent, since if node is not None and node.syncing else at, changes)
    if agent.state is AgentState.LOGGED_OUT and floor.day:
        floor.owned.worked[agent.id] = floor.day
    agent.state, agent.reason, agent.call, agent.since = state, reason, call, since
    count(floor, phone, state, 1, changes)


def end_turn(floor: Floor, agent: Agent, at: Micros, changes: Changes) -> None:
    """The agent's state is another one from now on: the one place that says how long it lasted. Turns never overlap."""
    if at <= agent.turned:
        return
    if changes.ended is not None:
        where = {"call": agent.call, "queue": queue_in_hand(floor, agent)}
        turn = Turn(agent=agent.id, state=agent.state, reason=agent.reason, since=agent.turned, until=at, **where)
        changes.ended.turns.append(turn)
    spend(floor, agent, at, changes)
    agent.turned = at


def spend(floor: Floor, agent: Agent, until: Micros, changes: Changes) -> None:
    """Count the running state's time up to now, by half-hours. Who is logged out spends nothing."""
    begin = max(agent.counted, until - LONGEST_COUNTED)
    agent.counted = max(agent.counted, until)
    if agent.state is AgentState.LOGGED_OUT:
        return
    while begin < until:
        end = min(until, (begin // HALF_HOUR + 1) * HALF_HOUR)
        spent = agent_half(floor, agent, begin, changes).spent
        spent[agent.state] = spent.get(agent.state, 0) + end - begin
        begin = end


def queue_in_hand(floor: Floor, agent: Agent) -> str | None:
    """Of the agent's call, or of the one that is being wound up."""
    if agent.state is AgentState.WRAPUP:
        return agent.wrapup_queue or None
    call = floor.calls.get(floor.aliases.get(agent.call, agent.call)) if agent.call is not None else None
    if call is None or not call.visits:
        return None
    visit = floor.visits[call.visits[-1]]
    return key(visit.node, visit.queue)


def derive(floor: Floor, agent: Agent, phone: Phone) -> tuple[AgentState, str, str | None]:
    """(state, reason, key of the call in hand)."""
    if phone.legs:
        legs = [(floor.calls[call].legs[leg].state, call) for leg, call in phone.legs.items()]
        for leg_state, state in LEG_STATES:
            for has, call in legs:
                if has is leg_state:
                    return state, "", call
    if not phone.members:
        return AgentState.LOGGED_OUT, "", None
    paused, reason = pause_of(floor, phone)
    grant = floor.owned.grants.get(agent.id)
    winding_up = agent.wrapup_since > 0 and is_leaving(floor, agent)
    if paused and grant is None and not winding_up:  # else the pause keeps the next call away until this one is wound up
        return pause_state(floor, reason), reason, None
    if not phone.reachable or phone.state in GONE_DEVICES:
        return AgentState.UNREACHABLE, "", None
    if agent.wrapup_since:
        return AgentState.WRAPUP, "", None
    if grant is not None:
        return AgentState.BREAK_PENDING, grant.kind, None
    return (AgentState.NO_ANSWER if phone.missed else AgentState.READY), "", None


def is_leaving(floor: Floor, agent: Agent) -> bool:
    """Logs out when what is in hand is over."""
    duty = floor.owned.duty.get(agent.id)
    return duty is not None and bool(duty.leaving)


def pause_of(floor: Floor, phone: Phone) -> tuple[bool, str]:
    """Paused in every queue, and the reason of the latest pause: in some only, the agent still takes calls."""
    if not phone.members:
        return False, ""
    latest: tuple[Micros, str] = (-1, "")
    for queue, interface in phone.members.items():
        member = floor.queues[queue].members[interface]
        if not member.paused:
            return False, ""
        latest = max(latest, (member.paused_since, member.reason))
    return True, latest[1]


def paused_anywhere(floor: Floor, phone: Phone) -> bool:
    return any(floor.queues[queue].members[interface].paused for queue, interface in phone.members.items())


def pausing(floor: Floor, phone: Phone) -> bool:
    """An order to pause is under way, or accepted and not seen yet: it may land after what it was for is over."""
    owned = floor.owned
    if not owned.open_orders and not owned.awaiting:
        return False
    targets = [pause_target(phone.node, interface) for interface in phone.members.values()]
    names = [name for about in targets for name in (owned.open_orders.get(about, ""), *owned.awaiting.get(about, ()))]
    acts = (owned.orders[name].order.act for name in names if name in owned.orders)
    return any(isinstance(act, PauseMember) and act.paused for act in acts)


def pause_state(floor: Floor, reason: str) -> AgentState:
    said = floor.rules.pause_states.get(reason) if floor.rules is not None else None
    if said in AGENT_STATES:  # the settings are checked where they are read; a newer Andon may know more states
        return AgentState(said)
    return PAUSE_STATES.get(reason.strip().lower(), AgentState.NOT_READY)


def since_of(floor: Floor, phone: Phone, state: AgentState, at: Micros) -> Micros:
    """Now, unless a snapshot told of a talk or a pause that is older than our knowledge of it."""
    legs = [floor.calls[call].legs[leg] for leg, call in phone.legs.items()]
    began = [leg.since for leg in legs if ON_A_CALL.get(leg.state) is state]
    if began:
        return min(at, max(began))
    if state in (AgentState.ON_BREAK, AgentState.MEETING, AgentState.TRAINING, AgentState.NOT_READY):
        node = floor.nodes.get(phone.node)
        if node is not None and node.syncing:
            since = max(floor.queues[queue].members[interface].paused_since for queue, interface in phone.members.items())
            return min(at, since) or at
    return at


def count(floor: Floor, phone: Phone, state: AgentState, by: int, changes: Changes) -> None:
    """Agents by state, for the floor and for each queue the agent is in."""
    floor.states[state] = floor.states.get(state, 0) + by
    for queue in phone.members:
        states = floor.queues[queue].states
        states[state] = states.get(state, 0) + by
        changes.queues.add(queue)
