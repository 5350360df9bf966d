"""What the engine says: the settings of the fold, the business day, the end of a wrap-up.

Not the clock itself: the engine's facts carry the deadline they are about.
"""

from __future__ import annotations

from realtime import facts
from realtime.changes import Changes
from realtime.floor import Agent, Floor, Queue, Tally, Visit, key
from realtime.fold import agents, dials, visits
from realtime.fold.buckets import HALF_HOUR, agent_half, queue_half, tallies
from realtime.fold.ledgers import begin_day
from realtime.words import SECOND, AgentId, Micros


def floor_configured(floor: Floor, fact: facts.FloorConfigured, changes: Changes) -> None:
    floor.rules = fact
    changes.everything = True
    for phone in floor.phones.values():
        agents.refresh(floor, phone, fact.at, changes)


def day_began(floor: Floor, fact: facts.DayBegan, changes: Changes) -> None:
    """Counts begin anew, with what happened since the day's first moment: the engine may have said it late, even by hours.

    Who waits over the turn of the day is offered to the new one, or its sum would not hold.
    """
    if fact.day == floor.day:
        return
    first = not floor.day
    if not first:
        close(floor, fact.at, changes)
    ended, floor.day, floor.day_at = floor.day, fact.day, fact.at
    changes.everything = True
    if not first:
        begin_day(floor, fact.at, changes)
        dials.begin_day(floor, ended, changes)
    if first:  # what was counted before the engine first spoke belongs to this day
        note_halves(floor, changes)
        return
    for queue in floor.queues.values():
        queue.halves = {half: tally for half, tally in queue.halves.items() if half * SECOND >= fact.at}
    for agent in floor.agents.values():
        agent.halves = {half: tally for half, tally in agent.halves.items() if half * SECOND >= fact.at}
    if fact.at % HALF_HOUR:
        for visit in floor.visits.values():
            carry(floor, visit, changes)
    for queue in floor.queues.values():
        begin_queue(floor, queue, changes)
    for agent in floor.agents.values():
        begin_agent(agent)
    note_halves(floor, changes)


def close(floor: Floor, at: Micros, changes: Changes) -> None:
    """The day that ends, up to its last moment; what has changed of it is handed to history before the floor forgets it."""
    for agent in floor.agents.values():
        agents.spend(floor, agent, at, changes)
    ended = changes.ended
    if ended is None:
        return
    for name, half in sorted(ended.queue_halves):
        queue = floor.queues.get(name)
        if half * SECOND < at and queue is not None and half in queue.halves:
            ended.closed_queue_halves.append((floor.day, name, half, queue.halves[half]))
    for name, half in sorted(ended.agent_halves):
        agent = floor.agents[AgentId(name)]
        if half * SECOND < at and half in agent.halves:
            ended.closed_agent_halves.append((floor.day, agent.id, half, agent.halves[half]))
    ended.queue_halves = {each for each in ended.queue_halves if each[1] * SECOND >= at}
    ended.agent_halves = {each for each in ended.agent_halves if each[1] * SECOND >= at}


def carry(floor: Floor, visit: Visit, changes: Changes) -> None:
    """Where a day begins inside a half-hour, what its calls came to since then: the half-hour itself is yesterday's."""
    queue = floor.queues[key(visit.node, visit.queue)]
    agent = floor.agents.get(visit.agent) if visit.agent is not None else None
    if visit.departure not in (None, "connecting") and today(floor, visit.left):
        tally = queue_half(floor, queue, visit.left, changes)
        tally.offered += 1
        visits.count_in(tally, visit, 1)
        if agent is not None and visit.departure == "answered":
            agent_half(floor, agent, visit.left, changes).answered += 1
    if today(floor, visit.completed):
        talk = visit.completed - visit.connected
        tally = queue_half(floor, queue, visit.completed, changes)
        tally.handled += 1
        tally.talk += talk
        if agent is not None:
            agent_half(floor, agent, visit.completed, changes).talk += talk


def today(floor: Floor, at: Micros) -> bool:
    """In the rest of the half-hour in which the day began."""
    return floor.day_at <= at < (floor.day_at // HALF_HOUR + 1) * HALF_HOUR


def begin_queue(floor: Floor, queue: Queue, changes: Changes) -> None:
    """The day so far is the sum of its half-hours; the first has the callers who came yesterday and were not gone."""
    day, queue.unserved = Tally(), 0
    queue.day = day
    for tally in queue.halves.values():
        for name in Tally.__struct_fields__:
            setattr(day, name, getattr(day, name) + getattr(tally, name))
    offered = day.answered + day.abandoned + day.left_otherwise + day.unknown + len(queue.waiting)
    if offered != day.offered:
        queue_half(floor, queue, floor.day_at, changes).offered += offered - day.offered
        day.offered = offered


def begin_agent(agent: Agent) -> None:
    halves = agent.halves.values()
    agent.answered = sum(half.answered for half in halves)
    agent.rings_missed = sum(half.rings_missed for half in halves)
    agent.talk = sum(half.talk for half in halves)


def note_halves(floor: Floor, changes: Changes) -> None:
    """For history: every half-hour is of another day than was said before."""
    if changes.ended is not None:
        changes.ended.queue_halves.update((name, half) for name, queue in floor.queues.items() for half in queue.halves)
        changes.ended.agent_halves.update((agent.id, half) for agent in floor.agents.values() for half in agent.halves)


def wrapup_ended(floor: Floor, fact: facts.WrapUpEnded, changes: Changes) -> None:
    agent = floor.agents.get(fact.agent)
    if agent is None or agent.wrapup_since != fact.since or not fact.since:
        return
    queue = floor.queues.get(agent.wrapup_queue)
    if queue is not None:
        for tally in tallies(floor, queue, fact.at, changes):
            tally.wrapup += max(0, fact.at - agent.wrapup_since)
        changes.queues.add(agent.wrapup_queue)
    agent.wrapup_since = agent.wrapup_until = 0
    floor.wrapups.pop(agent.id, None)
    agents.refresh(floor, floor.phones[agent.phone], fact.at, changes)
