"""The spans of time that queues and agents are counted in: the day, half-hours for history, minutes for a queue's curves.

Not what is counted (`visits.py`, `agents.py`). A minute also keeps how many callers waited at most and how long; nobody says so while
nothing happens, so `roll` fills the quiet minutes in just before the waiting callers change.
"""

from __future__ import annotations

from collections.abc import Iterator

from realtime.changes import Changes
from realtime.floor import MINUTES_KEPT, Agent, AgentTally, Floor, Minute, Queue, Tally, key
from realtime.words import SECOND, Micros

HALF_HOUR: Micros = 1800 * SECOND
MINUTE: Micros = 60 * SECOND


def half_of(floor: Floor, at: Micros) -> int:
    """The first second that the half-hour of this moment has of the business day: what is told late of yesterday counts today."""
    return max(at // HALF_HOUR * 1800, floor.day_at // SECOND)


def tallies(floor: Floor, queue: Queue, at: Micros, changes: Changes) -> Iterator[Tally]:
    """Every tally that a happening at this moment counts in."""
    yield queue.day
    yield queue_half(floor, queue, at, changes)
    yield minute_of(queue, at).tally


def queue_half(floor: Floor, queue: Queue, at: Micros, changes: Changes) -> Tally:
    """The half-hour that a happening at this moment counts in."""
    half = half_of(floor, at)
    tally = queue.halves.get(half)
    if tally is None:
        tally = queue.halves[half] = Tally()
    if changes.ended is not None:
        changes.ended.queue_halves.add((key(queue.node, queue.name), half))
    return tally


def agent_half(floor: Floor, agent: Agent, at: Micros, changes: Changes) -> AgentTally:
    """The same of an agent."""
    half = half_of(floor, at)
    tally = agent.halves.get(half)
    if tally is None:
        tally = agent.halves[half] = AgentTally()
    if changes.ended is not None:
        changes.ended.agent_halves.add((agent.id, half))
    return tally


def minute_of(queue: Queue, at: Micros) -> Minute:
    number = at // MINUTE
    minute = queue.minutes.get(number)
    if minute is None:
        minute = queue.minutes[number] = Minute(tally=Tally())
        if len(queue.minutes) > MINUTES_KEPT:
            del queue.minutes[min(queue.minutes)]
    return minute


def roll(queue: Queue, at: Micros) -> None:
    """Before the waiting callers change: say of the minutes since the last change who waited in them."""
    now = at // MINUTE
    if queue.waiting and now > queue.rolled:
        for number in range(max(queue.rolled, now - MINUTES_KEPT + 1), now + 1):
            minute = minute_of(queue, number * MINUTE)
            waiting, longest = waited_in(queue, number, at)
            minute.waiting, minute.longest = max(minute.waiting, waiting), max(minute.longest, longest)
    queue.rolled = max(queue.rolled, now)


def waited_in(queue: Queue, number: int, now: Micros) -> tuple[int, Micros]:
    """(callers, longest wait) of a minute that was quiet so far: whoever waits now and had joined by its end."""
    if not queue.waiting:
        return 0, 0
    until = min((number + 1) * MINUTE, now)
    waited = until - min(queue.waiting.values())
    return (len(queue.waiting), waited) if waited > 0 else (0, 0)
