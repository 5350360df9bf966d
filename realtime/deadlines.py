"""What time alone decides: the business day that begins, a wrap-up that ends. Pure: floor and `now` in, facts' contents out.

Not the appending (`engine.py`). Each fact is stamped with its deadline rather than with the moment somebody looked, so a
late engine, or another one after it, says the same.
"""

from __future__ import annotations

from typing import NamedTuple

from realtime.days import day_of
from realtime.facts import DayBegan, FloorConfigured, QueueRules, WrapUpEnded
from realtime.floor import Floor
from realtime.saying import Saying, say
from realtime.words import SECOND, Micros

CLOCKS_APART: Micros = 60 * SECOND
"""Machines that keep time by NTP are far closer. An engine whose clock is behind must not turn a day back that another began."""


class FloorSettings(NamedTuple):
    """What the centre's settings say to the fold."""

    timezone: str = "UTC"
    day_starts_min: int = 0
    queues: dict[str, QueueRules] = {}  # noqa: RUF012
    pause_states: dict[str, str] = {}  # noqa: RUF012


def due(floor: Floor, settings: FloorSettings, now: Micros) -> list[Saying]:
    """In the order in which they happened."""
    found = [*configured(floor, settings, now), *day(floor, settings, now), *wrapups(floor, now)]
    return sorted(found, key=lambda each: each.at)


def configured(floor: Floor, settings: FloorSettings, now: Micros) -> list[Saying]:
    rules = floor.rules
    said = (rules.timezone, rules.day_starts_min, rules.queues, rules.pause_states) if rules is not None else None
    return [] if said == tuple(settings) else [say(FloorConfigured, floor.at, **settings._asdict())]


def day(floor: Floor, settings: FloorSettings, now: Micros) -> list[Saying]:
    today = day_of(now, settings.timezone, settings.day_starts_min)
    begun_by_another = now < floor.day_at <= now + CLOCKS_APART
    return [] if floor.day == today.name or begun_by_another else [say(DayBegan, today.begins, day=today.name)]


def wrapups(floor: Floor, now: Micros) -> list[Saying]:
    over = [agent for agent, until in floor.wrapups.items() if until <= now]
    return [
        say(WrapUpEnded, floor.agents[agent].wrapup_until, agent=agent, since=floor.agents[agent].wrapup_since)
        for agent in over
        if agent in floor.agents and floor.agents[agent].wrapup_since
    ]
