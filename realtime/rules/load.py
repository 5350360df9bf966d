"""How many agents a queue can spare now: what comes, who is at work, Erlang A or C, the callers who wait, with hysteresis. Pure.

Not the models (`erlang.py`) and not who may go (`places.py`, which holds each break against this). The gate is the model and not
the service level that was measured: of 50 calls that is off by 6 points one time in three, by chance alone. The model in turn
does not see who waits at this moment, so the queue's own state is asked, too.

Agents who serve several queues bring the work of all of them along: a queue is reckoned with its own calls and with that part of
the other queues' calls that falls to its agents. For a pool (all in the same queues) that is exact; for queues that share nobody
it changes nothing; in between it is a fair split.
"""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from math import ceil, exp, log, sqrt
from typing import NamedTuple

from realtime.floor import Agent, Floor, Queue, target_of
from realtime.fold.buckets import MINUTE
from realtime.owned import Load
from realtime.plan.model import LoadRules
from realtime.rules.busy import seat_of
from realtime.rules.erlang import Wanted, served, spare
from realtime.rules.quota import shift_now
from realtime.rulings import LoadJudged
from realtime.saying import Saying, say
from realtime.words import SECOND, AgentState, Micros

AT_WORK = (
    AgentState.READY,
    AgentState.RINGING,
    AgentState.DIALLING,
    AgentState.TALKING,
    AgentState.HOLD,
    AgentState.WRAPUP,
    AgentState.NO_ANSWER,
)
"""Who takes calls, or will when the one in hand is over."""
SMOOTHED_MIN = 10
"""Of the arrival rate: what came ten minutes ago counts 37 % of what comes now."""
SEEN_MIN = 30
"""What the floor keeps of a queue's minutes."""
SURE = 0.84
"""z of an upper bound that holds in 80 of 100: few calls say little, and too many agents on a break cannot be called back."""
ENOUGH_HANDLED = 10
"""Calls as heavy as the plan's handling time, so that the first short one does not send everybody off."""
ENOUGH_ABANDONED = 30
"""Below that the day says nothing of patience."""
PATIENCE_S = (30.0, 600.0)
USUAL_TARGET_S = 20
"""Where neither centre nor PBX says one."""
SLOT, SLOTS = 300 * SECOND, 3
"""Looked ahead in steps of five minutes over a quarter of an hour: a usual break. Who goes home in it will be missed before it ends."""
STEP = log(1.01)
"""What goes into the models is rounded up to 1 %: the same numbers come again and need no reckoning, and no judgement flickers."""


class Demand(NamedTuple):
    """Calls a second, seconds a call, and how long a caller is patient (0: nobody knows)."""

    rate: float
    handling: float
    patience: float


class Now(NamedTuple):
    """A queue at this moment."""

    agents: int
    idle: int
    waiting: int
    longest: Micros
    fewer: int = 0  # so many fewer at most there will be within a break's length


def due(floor: Floor, now: Micros) -> list[Saying]:
    """`LoadJudged` for each queue whose judgement is another one."""
    breaks = floor.owned.plan.breaks
    if not breaks.kinds or not breaks.load.enabled:
        return []
    going, shared, soon = leaving(floor), overlaps(floor), off_soon(floor, now)
    demands = {name: demand(queue, breaks.load, now) for name, queue in floor.queues.items() if queue.members}
    said = []
    for name in demands:
        here = state(floor, floor.queues[name], going.get(name), now)._replace(fewer=soon.get(name, 0))
        judged = judge(floor, name, pooled(name, demands, shared), here, now)
        before = floor.owned.loads.get(name)
        if before is None or verdict(judged) != verdict(before):
            fields = {field: getattr(judged, field) for field in Load.__struct_fields__ if field != "at"}
            said.append(say(LoadJudged, now, queue=name, **fields))
    return said


def verdict(load: Load) -> tuple[bool, bool, int, str, int]:
    """With how many it was judged: whom a queue has lost since then is taken off what it can spare (`places.py`), once."""
    return load.open, load.red, load.spare, load.model, load.agents


def light(load: Load) -> str:
    """Green: it can spare somebody. Amber: only who has waited ten minutes. Red: it is in trouble already."""
    return "red" if load.red else "green" if load.open else "amber"


def judge(floor: Floor, name: str, calls: Demand, here: Now, now: Micros) -> Load:
    rules, before = floor.owned.plan.breaks.load, floor.owned.loads.get(name)
    target = target_of(floor, floor.queues[name]) or USUAL_TARGET_S
    stuck = here.longest > 3 * target * SECOND
    if here.agents < 1:
        return Load(red=stuck, model="none", at=now)
    rate, handling, patience = up(calls.rate), up(calls.handling), up(calls.patience)
    wanted = Wanted(rules.target, rules.occupancy, rules.least)
    left = max(0, here.agents - here.fewer)
    fewer = served(rate, handling, patience, left - 1, target).level
    room = spare(rate, handling, patience, left, target, wanted)
    bar = rules.target + (0.0 if before is not None and before.open else rules.hysteresis)
    return Load(
        open=room >= 1 and fewer >= bar and calm(here, target),
        red=stuck or served(rate, handling, patience, here.agents, target).level < rules.target,
        spare=room,
        model="A" if patience else "C",
        service=round(fewer, 4),
        rate_hour=round(rate * 3600, 1),
        aht_s=round(handling, 1),
        patience_s=round(patience, 1),
        agents=here.agents,
        at=now,
    )


def calm(here: Now, target_s: int) -> bool:
    """Nobody waits; or none for half the target, and there are as many idle as wait: they are being given out."""
    return not here.waiting or (here.longest * 2 < target_s * SECOND and here.waiting <= here.idle)


def up(number: float) -> float:
    """To the next step of 1 %, upwards: more calls, longer ones, and more patience all mean that fewer can be spared."""
    return exp(ceil(log(number) / STEP - 1e-9) * STEP) if number > 0 else 0.0


# ------------------------------------------------------------------ what comes


def demand(queue: Queue, rules: LoadRules, now: Micros) -> Demand:
    return Demand(rate(queue, now), handling(queue, rules), patience(queue, rules))


def rate(queue: Queue, now: Micros) -> float:
    """Calls a second: the minutes smoothed, and of that the upper bound (sqrt(N + 1) + z/2)^2 / T, N being the calls that it rests on.

    T of weights w is (sum of w)^2 / (sum of w^2): some 18 minutes.
    """
    this, calls, span, spread = now // MINUTE, 0.0, 0.0, 0.0
    for age in range(SEEN_MIN + 1):
        length = (now - this * MINUTE) / MINUTE if age == 0 else 1.0
        weight = exp(-age / SMOOTHED_MIN)
        span, spread = span + weight * length, spread + weight * weight * length
        minute = queue.minutes.get(this - age)
        if minute is not None:
            calls += weight * minute.tally.offered
    within = span * span / spread * 60
    rests_on = calls / span * within / 60
    return (sqrt(rests_on + 1) + SURE / 2) ** 2 / within


def handling(queue: Queue, rules: LoadRules) -> float:
    """Talk and wrap-up of today; the plan's word counts as ten calls."""
    day = queue.day
    return ((day.talk + day.wrapup) / SECOND + ENOUGH_HANDLED * rules.aht_s) / (day.handled + ENOUGH_HANDLED)


def patience(queue: Queue, rules: LoadRules) -> float:
    """All waiting of today by the number of those who gave up: who was answered before is only known to be more patient."""
    if queue.day.abandoned < ENOUGH_ABANDONED:
        return float(rules.patience_s)
    waited = (queue.day.wait + queue.unserved) / SECOND
    return min(max(waited / queue.day.abandoned, PATIENCE_S[0]), PATIENCE_S[1])


def pooled(name: str, demands: dict[str, Demand], shared: dict[str, Counter[str]]) -> Demand:
    """The queue's own calls, and of each other queue the part that falls to agents who are in both."""
    own = demands[name]
    if name not in shared:
        return own
    rate, work = 0.0, 0.0
    for other, both in shared[name].items():
        if (calls := demands.get(other)) is not None:
            part = calls.rate * both / shared[other][other]
            rate, work = rate + part, work + part * calls.handling
    return Demand(rate, work / rate, own.patience)


# ------------------------------------------------------------------ who is there


def overlaps(floor: Floor) -> dict[str, Counter[str]]:
    """By queue and queue: how many are at work in both. A queue with itself: all of its agents."""
    shared: dict[str, Counter[str]] = {}
    for agent in floor.agents.values():
        if not at_work(floor, agent):
            continue
        queues = queues_of(floor, agent.id)
        for name in queues:
            shared.setdefault(name, Counter()).update(queues)
    return shared


def queues_of(floor: Floor, agent: str) -> tuple[str, ...]:
    """Those that this person is in now, by their keys."""
    phone = seat_of(floor, agent)
    return tuple(phone.members) if phone is not None else ()


def off_soon(floor: Floor, now: Micros) -> dict[str, int]:
    """By queue: how many fewer there will be at the worst of the next minutes, shifts that end less breaks that do."""
    changes: dict[str, Counter[int]] = {}
    owned = floor.owned
    if not (owned.plan.shifts.patterns or owned.plan.shifts.spans):
        return {}
    ends = [
        (agent.id, 1, shift.ends) for agent in floor.agents.values() if at_work(floor, agent) and (shift := shift_now(floor, agent.id, now))
    ]
    ends += [(lease.agent, -1, lease.until) for lease in owned.leases.values()]
    for agent, fewer, at in ends:
        if now < at <= now + SLOTS * SLOT:
            for name in queues_of(floor, agent):
                changes.setdefault(name, Counter())[-((now - at) // SLOT)] += fewer
    return {name: max(0, *accumulate(slots[number] for number in range(SLOTS + 1))) for name, slots in changes.items()}


def at_work(floor: Floor, agent: Agent) -> bool:
    return agent.state in AT_WORK and agent.id not in floor.owned.leases and agent.id not in floor.owned.grants


def leaving(floor: Floor) -> dict[str, Counter[AgentState]]:
    """By queue: who has a break, or is logging out, and still looks as if at work; by their state."""
    owned, found = floor.owned, dict[str, Counter[AgentState]]()
    for who in {**owned.leases, **owned.grants, **{name: None for name, duty in owned.duty.items() if duty.leaving}}:
        agent = floor.agents.get(who)
        if agent is not None and agent.state in AT_WORK:
            for name in queues_of(floor, agent.id):
                found.setdefault(name, Counter())[agent.state] += 1
    return found


def state(floor: Floor, queue: Queue, going: Counter[AgentState] | None, now: Micros) -> Now:
    agents, idle = sum(queue.states.get(each, 0) for each in AT_WORK), queue.states.get(AgentState.READY, 0)
    if going:
        agents, idle = agents - going.total(), idle - going[AgentState.READY]
    waiting, longest = waiters(floor, queue, now)
    return Now(max(0, agents), max(0, idle), waiting, longest)


def waiters(floor: Floor, queue: Queue, now: Micros) -> tuple[int, Micros]:
    """How many wait, and the longest wait. Who is being connected waits no more."""
    joined = [since for visit, since in queue.waiting.items() if floor.visits[visit].departure is None]
    return len(joined), max(0, now - min(joined)) if joined else 0
