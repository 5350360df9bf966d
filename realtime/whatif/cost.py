"""What it costs: agents there as it was and as it would have been, put into the same queueing model, by queue and half-hour.

The model is that of the live rules (`rules/load.py`): agents of several queues bring along their part of the other queues' calls.
"""

from __future__ import annotations

from math import floor as whole

from realtime.floor import Floor, Queue, Tally, target_of
from realtime.metrics import sl_excl_ab_in_t
from realtime.plan.model import LoadRules
from realtime.rules.erlang import served
from realtime.rules.load import USUAL_TARGET_S, Demand, patience, pooled
from realtime.whatif.found import Half
from realtime.whatif.presence import Key, Presence
from realtime.words import SECOND, Micros

HALF_S = 1800.0
USUAL_PATIENCE_S = 120.0
"""Where neither plan nor record says one (reference: default of the censored estimate). Without any, an overloaded half-hour would
have no service level at all, under both plans alike."""


def halves_of(floor: Floor, tallies: dict[Key, Tally], was: Presence, new: Presence, rules: LoadRules) -> list[Half]:
    """Those with agents or calls, oldest first."""
    found, there, would = list[Half](), was.average(), new.average()
    for begins in sorted({spot[1] for spot in (*tallies, *there)}):
        demands = {name: _demand(queue, tallies.get((name, begins), Tally()), rules) for name, queue in floor.queues.items()}
        for name in sorted(demands):
            tally, spot = tallies.get((name, begins), Tally()), (name, begins)
            if not tally.offered and not there.get(spot) and not would.get(spot):
                continue
            target = target_of(floor, floor.queues[name]) or USUAL_TARGET_S
            found.append(
                Half(
                    begins=begins,
                    queue=name,
                    offered=tally.offered,
                    agents_was=round(there.get(spot, 0.0), 2),
                    agents_new=round(would.get(spot, 0.0), 2),
                    measured=sl_excl_ab_in_t(tally),
                    level_was=_level(name, begins, demands, was, there, target) if tally.offered else None,
                    level_new=_level(name, begins, demands, new, would, target) if tally.offered else None,
                )
            )
    return found


def _demand(queue: Queue, tally: Tally, rules: LoadRules) -> Demand:
    """What really came and how long it took; the plan's word where nobody talked."""
    handling = (tally.talk + tally.wrapup) / SECOND / tally.handled if tally.handled else float(rules.aht_s)
    return Demand(tally.offered / HALF_S, handling, patience(queue, rules) or USUAL_PATIENCE_S)


def _level(name: str, begins: Micros, demands: dict[str, Demand], presence: Presence, agents: dict[Key, float], target: int) -> float:
    """Between the whole numbers of agents beside it."""
    there = agents.get((name, begins), 0.0)
    calls = pooled(name, demands, presence.shared.get(begins, {}))
    below = whole(there)
    low, high = (served(calls.rate, calls.handling, calls.patience, each, target).level for each in (below, below + 1))
    return round(low + (high - low) * (there - below), 4)
