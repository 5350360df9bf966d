"""What it costs: agents there as it was and as it would have been, put into the same queueing model, by queue and half-hour."""

from __future__ import annotations

from math import floor as whole

from realtime.floor import Floor, Tally, target_of
from realtime.metrics import sl_excl_ab_in_t
from realtime.plan.model import LoadRules
from realtime.rules.erlang import served
from realtime.rules.load import USUAL_TARGET_S
from realtime.whatif.found import Half
from realtime.whatif.presence import Key
from realtime.words import SECOND

HALF_S = 1800.0


def halves_of(floor: Floor, tallies: dict[Key, Tally], was: dict[Key, float], new: dict[Key, float], rules: LoadRules) -> list[Half]:
    """Those with agents or calls, oldest first."""
    found = []
    for spot in sorted(tallies.keys() | was.keys(), key=lambda each: (each[1], each[0])):
        name, begins = spot
        queue, tally = floor.queues.get(name), tallies.get(spot, Tally())
        if queue is None or (not tally.offered and not was.get(spot) and not new.get(spot)):
            continue
        target = target_of(floor, queue) or USUAL_TARGET_S
        found.append(
            Half(
                begins=begins,
                queue=name,
                offered=tally.offered,
                agents_was=round(was.get(spot, 0.0), 2),
                agents_new=round(new.get(spot, 0.0), 2),
                measured=sl_excl_ab_in_t(tally),
                level_was=level(tally, was.get(spot, 0.0), target, rules),
                level_new=level(tally, new.get(spot, 0.0), target, rules),
            )
        )
    return found


def level(tally: Tally, agents: float, target: int, rules: LoadRules) -> float | None:
    """Between the whole numbers of agents beside it. None without calls."""
    if not tally.offered:
        return None
    handling = (tally.talk + tally.wrapup) / SECOND / tally.handled if tally.handled else float(rules.aht_s)
    below = whole(agents)
    low, high = (served(tally.offered / HALF_S, handling, float(rules.patience_s), each, target).level for each in (below, below + 1))
    return round(low + (high - low) * (agents - below), 4)
