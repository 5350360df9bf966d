"""What the engine says: the settings of the fold, the business day, the end of a wrap-up.

Not the clock itself: the engine's facts carry the deadline they are about.
"""

from __future__ import annotations

from realtime import facts
from realtime.changes import Changes
from realtime.floor import Floor, Tally, Visit, key
from realtime.fold import agents, visits
from realtime.fold.buckets import HALF_HOUR, tallies
from realtime.words import SECOND, Micros


def floor_configured(floor: Floor, fact: facts.FloorConfigured, changes: Changes) -> None:
    floor.rules = fact
    changes.everything = True
    for phone in floor.phones.values():
        agents.refresh(floor, phone, fact.at, changes)


def day_began(floor: Floor, fact: facts.DayBegan, changes: Changes) -> None:
    """Counts begin anew. Who waits over the turn of the day is offered to the new one, or its sum would not hold.

    The queue's history is the log's: yesterday is a replay, not something to keep here.
    """
    if fact.day == floor.day:
        return
    first = not floor.day
    floor.day, floor.day_at = fact.day, fact.at
    changes.everything = True
    if first:
        return  # what was counted before the engine first spoke belongs to this day
    for queue in floor.queues.values():
        queue.day = Tally(offered=len(queue.waiting))
        queue.halves = {half: tally for half, tally in queue.halves.items() if half * SECOND + HALF_HOUR > fact.at}
    for agent in floor.agents.values():
        agent.answered = agent.rings_missed = agent.talk = 0
    for visit in floor.visits.values():
        carry(floor.queues[key(visit.node, visit.queue)].day, visit, fact.at)


def carry(day: Tally, visit: Visit, begins: Micros) -> None:
    """The engine says a little late that a day has begun: what happened since is the new day's (calls are remembered for a minute)."""
    if visit.departure not in (None, "connecting") and visit.left >= begins:
        day.offered += 1
        visits.count_in(day, visit)
    if visit.completed >= begins:
        day.handled += 1
        day.talk += visit.completed - visit.connected


def wrapup_ended(floor: Floor, fact: facts.WrapUpEnded, changes: Changes) -> None:
    agent = floor.agents.get(fact.agent)
    if agent is None or agent.wrapup_since != fact.since or not fact.since:
        return
    queue = floor.queues.get(agent.wrapup_queue)
    if queue is not None:
        for tally in tallies(queue, fact.at):
            tally.wrapup += max(0, fact.at - agent.wrapup_since)
        changes.queues.add(agent.wrapup_queue)
    agent.wrapup_since = agent.wrapup_until = 0
    floor.wrapups.pop(agent.id, None)
    agents.refresh(floor, floor.phones[agent.phone], fact.at, changes)
