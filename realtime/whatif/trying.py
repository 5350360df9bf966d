"""Record and shadow put together: what was found. The facts are brought twice, first to the one and then to the other."""

from __future__ import annotations

from realtime.plan.model import Plan
from realtime.rules.clock import zone_of
from realtime.whatif.cost import halves_of
from realtime.whatif.dials import DialsFound
from realtime.whatif.found import Found, Wish
from realtime.whatif.recorded import Recorded
from realtime.whatif.shadow import Shadow
from realtime.words import Micros


def found_of(
    recorded: Recorded, shadow: Shadow, wishes: list[Wish], plan: Plan, since: Micros, until: Micros, dials: DialsFound | None = None
) -> Found:
    """When both have been fed and finished."""
    return Found(
        since=since,
        until=until,
        timezone=zone_of(recorded.floor),
        facts=recorded.facts,
        ruled=bool(plan.breaks.kinds),
        wishes=tuple(wishes),
        halves=tuple(halves_of(recorded.floor, recorded.halves(), recorded.presence, shadow.presence, plan.breaks.load)),
        meetings=shadow.meetings,
        dials=dials if dials is not None and dials.decisions else None,
    )
