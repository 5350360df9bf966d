"""The link to a node, and resync: what a snapshot did not confirm has ended unseen.

Not how a snapshot is taken (`agi/sync.py`): here it is ordinary facts between SyncBegan and SyncEnded. Everything that
is said of a node in between carries the number of that sync; SyncEnded sweeps what does not, with reason `gap`, never as
an abandon. A restarted node forgets everything at once, with reason `restart`.
"""

from __future__ import annotations

from realtime import facts
from realtime.changes import Changes
from realtime.floor import Floor, key
from realtime.fold import calls, members, orders, visits
from realtime.fold.lookup import node_of, note_anomaly
from realtime.words import SECOND, Micros

SAME_START: Micros = 3 * SECOND
"""Uptime is told in whole seconds; a PBX that went down and came up needs longer than this."""

LOOKS = ("reloaded", "drift")
"""Causes of a snapshot while the link was up all along: what the floor shows meanwhile is as good as ever."""


def node_linked(floor: Floor, fact: facts.NodeLinked, changes: Changes) -> None:
    """Another start than the one we knew: the PBX was down in between, and none of its calls survived that."""
    node = node_of(floor, fact, changes)
    restarted = bool(node.started and fact.started and abs(fact.started - node.started) > SAME_START)
    node.asterisk, node.heard = fact.asterisk or node.asterisk, fact.seen
    node.started = fact.started or node.started
    node.link, node.since, node.reason = "syncing", fact.at, ""
    if restarted:
        node.sync += 1
        sweep(floor, fact, changes, "restart")


def node_heard(floor: Floor, fact: facts.NodeHeard, changes: Changes) -> None:
    node_of(floor, fact, changes).heard = fact.seen
    orders.forget(floor, fact.at)  # each second: on a floor where nothing else is ordered, tries of before would count for ever


def node_lost(floor: Floor, fact: facts.NodeLost, changes: Changes) -> None:
    """Said again when the reason is another one: the floor is lost since the first, a person needs to know the latest."""
    node = node_of(floor, fact, changes)
    node.reason = fact.reason
    if node.link != "lost" or not node.since:  # one that was never reached is lost from its first word on
        node.link, node.since = "lost", fact.at
    for call in floor.calls.values():
        if call.node == fact.node:
            call.dark = True


def sync_began(floor: Floor, fact: facts.SyncBegan, changes: Changes) -> None:
    node = node_of(floor, fact, changes)
    node.sync += 1
    node.syncing, node.gap_from, node.heard = True, fact.gap_from, fact.seen
    if fact.cause not in LOOKS or node.link != "live":
        node.link, node.since, node.reason = "syncing", fact.at, ""


def snapshot_refused(floor: Floor, fact: facts.SnapshotRefused, changes: Changes) -> None:
    """Nothing ends by a list that did not come; a person has to see why."""
    node = node_of(floor, fact, changes)
    node.reason = fact.reason
    if node.link == "live":
        node.link, node.since = "syncing", fact.at


def sync_ended(floor: Floor, fact: facts.SyncEnded, changes: Changes) -> None:
    node = node_of(floor, fact, changes)
    if node.link != "live":
        node.link, node.since = "live", fact.at
    node.heard, node.reason = fact.seen, ""
    node.syncing = False
    node.gap_from = 0  # whoever comes after a sync that did not end begins where that one did
    sweep(floor, fact, changes, "gap")
    changes.everything = True


def sweep(floor: Floor, fact: facts.Fact, changes: Changes, how: str) -> None:
    """Close what does not carry the number of the sync under way. Costs what the node has: only here, never per fact."""
    sync = floor.nodes[fact.node].sync
    for call in list(floor.calls.values()):
        if call.node == fact.node and not call.ended:
            if call.sync != sync:
                calls.end(floor, call, fact.at, changes, how)
            else:
                for leg in [leg for leg in call.legs.values() if leg.sync != sync]:
                    calls.end_leg(floor, call, leg, fact.at, changes)
    for visit in list(floor.visits.values()):
        if visit.node == fact.node and visit.sync != sync and visit.departure in (None, "connecting"):
            visits.settle(floor, visit, "unknown", fact.at, changes, how)
    visited = {key(visit.node, visit.queue) for visit in floor.visits.values()}
    for name, queue in list(floor.queues.items()):
        if queue.node != fact.node:
            continue
        for member in [member for member in queue.members.values() if member.sync != sync]:
            members.drop(floor, queue, member, fact.at, changes)
        if how == "gap" and queue.sync != sync and not (queue.members or queue.day.offered or name in visited):
            del floor.queues[name]
            changes.gone_queues.add(name)


def anomaly_seen(floor: Floor, fact: facts.AnomalySeen, changes: Changes) -> None:
    note_anomaly(floor, fact, changes, fact.kind, fact.evidence)
