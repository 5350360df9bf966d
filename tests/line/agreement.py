"""A floor held against what Asterisk itself says and wrote: queue_log by counts, `queue show` by members."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.lab import oracle
from tests.lab.pair import Pair
from tests.line.floor import Andon

Counts = dict[str, tuple[int, int, int, int, int]]

IDLE = {"ready", "no_answer", "wrapup"}
PAUSED = {"on_break", "meeting", "training", "not_ready"}
ON_A_CALL = {"talking", "hold", "dialling"}
SAME = {
    "Not in use": IDLE,
    "In use": ON_A_CALL,
    "Busy": ON_A_CALL,
    "On Hold": ON_A_CALL,
    "Ringing": {"ringing"},
    "Ring+Inuse": {"ringing"} | ON_A_CALL,
    "Unavailable": {"unreachable"},
}
"""What we may call a member of which `queue show` says this, when it is not paused in all of its queues."""


def counts(floor: dict[str, Any]) -> Counts:
    fields = ("offered", "answered", "abandoned", "left_otherwise", "unknown")
    return {queue["name"]: tuple(queue[field] for field in fields) for queue in floor["queues"] if queue["offered"]}  # type: ignore[misc]


def logged(pair: Pair) -> Counts:
    """By queue_log; a visit that ended with a killed PBX has no outcome there, and is unknown here."""
    found = oracle.totals(oracle.visits(pair.queue_log.read_text(encoding="utf-8")))
    return {name: (each.offered, each.answered, each.abandoned, each.left_otherwise, each.open) for name, each in found.items()}


async def members_agree(andon: Andon, pair: Pair) -> list[str]:
    """Differences in words, of the members who did not change while we looked."""
    before, floor, after = members(await pair.queue_show()), await andon.floor(), members(await pair.queue_show())
    again = await andon.floor()
    if not floor or not again:
        return []
    states = {agent["interface"]: agent for agent in floor["agents"]}
    still = {agent["interface"]: agent for agent in again["agents"]}
    differences = []
    for device, shown in before.items():
        agent = states.get(device)
        if shown != after.get(device) or agent is None or agent["state"] != still[device]["state"]:
            continue
        if agent["state"] not in allowed(shown):
            differences.append(f"{device}: {agent['state']} for {sorted(shown)}")
    return differences


def members(text: str) -> dict[str, frozenset[tuple[str, bool]]]:
    """By device: its state and whether it is paused, in each of its queues."""
    found: dict[str, set[tuple[str, bool]]] = {}
    for queue in oracle.members(text).values():
        for member in queue.members:
            found.setdefault(member.state_interface or member.interface, set()).add((member.state, member.paused))
    return {device: frozenset(shown) for device, shown in found.items()}


def allowed(shown: frozenset[tuple[str, bool]]) -> set[str]:
    states = {state for state, _ in shown}
    busy = states - {"Not in use", "Unavailable"}
    if all(paused for _, paused in shown) and not busy:
        return PAUSED
    return set().union(*(SAME[state] for state in states))


async def steadily(andon: Andon, pair: Pair, seconds: float) -> list[str]:
    """Differences that are still there when looked at for a while: at a quiet moment there are none."""
    differences: list[str] = []
    for _ in range(int(seconds / 0.5)):
        differences = await members_agree(andon, pair)
        if not differences:
            return []
        await asyncio.sleep(0.5)
    return differences
