"""What a floor looks like to a board that is no browser: one small JSON object a topic, without its time. Pure.

Not the rows of the screens (`realtime/rows.py`), though the same functions count. Bodies carry no number and no customer, of an agent
nothing but state and since. Moments are whole seconds: a microcontroller's floats have seven digits, its integers have all that are
needed. Ratios have four decimals, so that a body that says the same is the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from realtime import metrics, view
from realtime.floor import Agent, Floor, Queue, Tally, target_of
from realtime.owned import Alert
from realtime.plan.dialling import Campaign
from realtime.rows import CampaignRow, CountsRow
from realtime.rules.campaign_life import DIALS
from realtime.view_pace import pace_now
from realtime.words import SECOND, Micros

Body = dict[str, object]


def queue_body(floor: Floor, queues: Sequence[Queue], live: bool) -> Body:
    """Queues of one name, added up. `live`: every PBX that has one is being followed."""
    day, states = Tally(), dict[str, int]()
    for queue in queues:
        metrics.add(day, queue.day)
        for state, count in queue.states.items():
            states[state] = states.get(state, 0) + count
    row = CountsRow()
    view.fill_counts(row, day)
    view.fill_waiting(row, list(queues), floor)
    head: Body = {"name": queues[0].name, "nodes": sorted(queue.node for queue in queues), "live": live}
    target_s = min(target_of(floor, queue) for queue in queues)
    return head | _counts(row) | {"target_s": target_s, "agents": _present(states)}


def agent_body(agent: Agent, live: bool) -> Body:
    return {"state": agent.state, "since": _seconds(agent.since), "live": live}


def alert_body(alert: Alert, *, agents: bool) -> Body:
    """`acknowledged`: somebody has seen it. What names a person stays inside where nothing about single agents is to be said."""
    return {
        "rule": alert.rule,
        "severity": alert.severity,
        "subject": alert.subject,
        "since": _seconds(alert.since),
        "value": _rounded(alert.value, 4),
        "text": alert.text,
        "acknowledged": bool(alert.acknowledged),
    } | ({} if agents or not alert.subject.startswith("team:") else {"text": {}})


def breaks_body(floor: Floor, now: Micros, live: bool) -> Body:
    """By the rules of breaks; without them only who is out by the PBX's word, and no cap."""
    places = view.places_of(floor, now)
    out, cap, next_at = places if places is not None else (view.on_break(floor), None, 0)
    return {"live": live, "out": out, "cap": cap, "next_place_at": _seconds(next_at) or None, "waiting": len(floor.owned.waiting)}


def campaign_body(floor: Floor, row: CampaignRow, campaign: Campaign, now: Micros, live: bool) -> Body:
    """For a dialler: `lines` calls without a reserved agent may be under way, 0 where nothing may be dialled. For a sign: its day."""
    may = pace_now(floor, campaign, now)
    dials = row.state in DIALS and not row.stopped
    return {
        "live": live,
        "state": row.state,
        "stopped": row.stopped,
        "dials": row.dials,
        "connected": row.connected,
        "live_answers": row.live,
        "abandoned": row.abandoned,
        "abandon_rate": _rounded(row.abandon_rate, 4),
        "limit": row.abandon_limit,
        "refused": row.refused,
        "deferred": row.deferred,
        "in_flight": row.in_flight,
        "method": may.pace.method,
        "lines": may.pace.most_unreserved if dials else 0,
        "ready": may.ready,
    }


def state_body(floor: Floor, name: str, now: Micros, live: frozenset[str], away: bool) -> Body:
    """`away`: the log cannot be read, so nothing of this is the present. A node's `heard` says how old its numbers are."""
    totals = view.totals_row(floor, now, series=False)
    nodes = [
        {"node": node.name, "link": node.link, "live": node.name in live, "since": _seconds(node.since), "heard": _seconds(node.heard)}
        for _, node in sorted(floor.nodes.items())
    ]
    head: Body = {"floor": name, "day": floor.day, "away": away}
    return head | _counts(totals) | {"agents": _present(floor.states), "agents_total": len(floor.agents), "nodes": nodes}


def stamped(body: bytes, now: Micros) -> bytes:
    """The message: `time` first, then what stands for that time. A body is never the empty object."""
    return b'{"time":%b,%b' % (msgspec.json.encode(_seconds(now)), body[1:])


def _counts(row: CountsRow) -> Body:
    return {
        "waiting": row.waiting,
        "connecting": row.connecting,
        "longest_wait_since": None if row.longest_wait_since is None else int(row.longest_wait_since),
        "offered": row.offered,
        "answered": row.answered,
        "abandoned": row.abandoned,
        "left_otherwise": row.left_otherwise,
        "unknown": row.unknown,
        "service_level": _rounded(row.service_level, 4),
        "abandon_rate": _rounded(row.abandon_rate, 4),
        "asa_s": _rounded(row.asa_s, 1),
        "aht_s": _rounded(row.aht_s, 1),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _seconds(at: Micros) -> int:
    return at // SECOND


def _present(states: dict[str, int]) -> dict[str, int]:
    return {str(state): count for state, count in sorted(states.items()) if count}
