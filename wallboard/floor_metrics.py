"""What a floor looks like to Prometheus: callers waiting, service level, agents by state, the age of each PBX. Pure.

Not what a screen gets (`realtime/view.py`, whose rows are read here). Labels are bounded, for each value is a time series that is
kept for weeks: queues and nodes beyond the bound are added up, and nothing is labelled with a person, a call or a number.
"""

from __future__ import annotations

from realtime import view
from realtime.floor import Floor, Queue
from realtime.rows import QueueRow
from realtime.vitals import Family, Sample, gauge
from realtime.words import SECOND, Micros

QUEUES_MAX = 200
"""By name; nine series each. The largest floor we know of has some 120; those beyond are added up as OTHERS."""
NODES_MAX = 100
OTHERS = "(others)"
OUTCOMES = ("offered", "answered", "abandoned", "left_otherwise", "unknown")


def families_of_floor(floor: Floor, now: Micros) -> list[Family]:
    return [
        *_families_of_queues(floor, now),
        *_families_of_nodes(floor, now),
        Family(
            "andon_floor_agents", "gauge", "Agents by state.", [Sample({"state": state}, n) for state, n in sorted(floor.states.items())]
        ),
        gauge("andon_floor_calls", "Calls that go on now.", sum(not call.ended for call in floor.calls.values())),
        gauge("andon_floor_queues", "Queues of all PBXs.", len(floor.queues)),
    ]


def _families_of_queues(floor: Floor, now: Micros) -> list[Family]:
    rows = [(_labels(queue), view.queue_row(floor, queue, now, series=False)) for queue in _shown(floor)]
    rows += [({"node": "", "queue": OTHERS}, row) for row in _others(floor, now)]
    waiting = [Sample(labels, row.waiting) for labels, row in rows]
    longest = [Sample(labels, max(0.0, now / SECOND - row.longest_wait_since) if row.longest_wait_since else 0.0) for labels, row in rows]
    level = [Sample(labels, row.service_level) for labels, row in rows if row.service_level is not None]
    calls = [Sample({**labels, "outcome": outcome}, getattr(row, outcome)) for labels, row in rows for outcome in OUTCOMES]
    return [
        Family("andon_floor_callers_waiting", "gauge", "Callers who wait in a queue now.", waiting),
        Family("andon_floor_longest_wait_seconds", "gauge", "How long the first of them has waited; 0: nobody waits.", longest),
        Family("andon_floor_service_level_ratio", "gauge", "Service level of the business day, 0 to 1; absent before a call ended.", level),
        Family("andon_floor_day_calls", "gauge", "Calls of the business day so far, by what became of them.", calls),
    ]


def _families_of_nodes(floor: Floor, now: Micros) -> list[Family]:
    nodes = [floor.nodes[name] for name in sorted(floor.nodes)][:NODES_MAX]
    age = [Sample({"node": node.name}, max(0, now - node.heard) / SECOND) for node in nodes if node.heard]
    live = [Sample({"node": node.name}, float(node.link == "live")) for node in nodes]
    odd = [Sample({"node": node.name}, node.anomalies) for node in nodes]
    return [
        Family("andon_node_heard_age_seconds", "gauge", "Since a PBX was last heard, as the board knows it; absent for never.", age),
        Family("andon_node_live", "gauge", "1 while a PBX is followed; 0 while it is lost or being read anew.", live),
        Family("andon_node_anomalies", "counter", "What a PBX said that did not fit, since the log began.", odd),
    ]


def _sorted(floor: Floor) -> list[Queue]:
    return sorted(floor.queues.values(), key=view.by_name)


def _shown(floor: Floor) -> list[Queue]:
    return _sorted(floor)[:QUEUES_MAX]


def _others(floor: Floor, now: Micros) -> list[QueueRow]:
    """One row of those beyond the bound; none when there are none."""
    rows = [view.queue_row(floor, queue, now, series=False) for queue in _sorted(floor)[QUEUES_MAX:]]
    if not rows:
        return []
    total = QueueRow(id="", node="", name=OTHERS, waiting=sum(row.waiting for row in rows))
    total.longest_wait_since = min((row.longest_wait_since for row in rows if row.longest_wait_since), default=None)
    for outcome in OUTCOMES:
        setattr(total, outcome, sum(getattr(row, outcome) for row in rows))
    return [total]


def _labels(queue: Queue) -> dict[str, str]:
    return {"node": queue.node, "queue": queue.name}
