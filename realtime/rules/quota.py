"""What somebody may have of breaks in a shift: how long, how much in all, how often, not at its ends, not too soon again. Pure.

Not whether anybody can go now (`places.py`) and not in which order (`line.py`). All of it is reckoned from what was really taken,
overruns included, and from the break that is on; where no roster says a shift, from the business day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from realtime.decision import Finding, Value, saw
from realtime.floor import Floor
from realtime.owned import Lease, Taken
from realtime.plan.model import KindRules
from realtime.plan.roster import Shift, shift_around
from realtime.rules.clock import business_day, wall, zone_of
from realtime.words import SECOND, Micros

MINUTE: Micros = 60 * SECOND
COMFORT = KindRules(minutes=6)
"""Where a plan rules breaks and says nothing of comfort: nobody is refused that anywhere (OSHA 1910.141(c)(1)(i) in the US).
Six minutes are what is usual; longer is a word to the supervisor, no more."""
LONG: Micros = 10**15
"""No bound: 31 years."""


class Room(NamedTuple):
    """What the rules of one's own shift say, and how long the break may be by them. 0 where they refuse."""

    findings: tuple[Finding, ...]
    length: Micros
    bound: Micros  # the longest that they allow, whatever was asked for


def rules_of(floor: Floor, kind: str) -> KindRules | None:
    """None where the plan does not rule this kind."""
    kinds = floor.owned.plan.breaks.kinds
    return kinds.get(kind) or (COMFORT if kinds and kind == "comfort" else None)


def shift_now(floor: Floor, agent: str, now: Micros) -> Shift | None:
    """The shift that is on, begins within minutes, or has just ended; None also where the plan has no shifts."""
    return shift_around(floor.owned.plan, agent, now, zone_of(floor))


def span_of(floor: Floor, shift: Shift | None, now: Micros) -> tuple[Micros, Micros]:
    """From when to when a quota is counted."""
    if shift is not None:
        return min(shift.begins, now), max(shift.ends, now)
    day = business_day(floor, now)
    return day.begins, day.ends


def taken(floor: Floor, agent: str) -> Iterator[Taken]:
    """What is over, of this business day and, where a shift goes over its turn, of the one before."""
    ledger = floor.owned.ledgers.get(agent)
    if ledger is not None:
        yield from ledger.before
        yield from ledger.taken


def used(floor: Floor, agent: str, kind: str, since: Micros, now: Micros) -> Micros:
    """Time that was spent on breaks of this kind since then, what is on included."""
    lease = floor.owned.leases.get(agent)
    spent = spent_of(floor, agent, kind, since)
    if lease is not None and lease.kind == kind:
        spent += max(0, now - max(lease.since, since))
    return spent


def spent_of(floor: Floor, agent: str, kind: str, since: Micros) -> Micros:
    """Of breaks that are over."""
    return sum(max(0, each.until - max(each.since, since)) for each in taken(floor, agent) if each.kind == kind)


def times(floor: Floor, agent: str, kind: str, since: Micros) -> int:
    """How many of this kind began since then. One that somebody ended by force and gave back by undoing that is one."""
    lease = floor.owned.leases.get(agent)
    had: list[Taken | Lease] = [*taken(floor, agent), *([lease] if lease is not None else [])]
    return len({each.request or each.since for each in had if each.kind == kind and each.since >= since})


def last_end(floor: Floor, agent: str, kind: str) -> Micros:
    return max((each.until for each in taken(floor, agent) if each.kind == kind), default=0)


# ------------------------------------------------------------------ the rules


def room(floor: Floor, agent: str, kind: str, rules: KindRules, minutes: int, shift: Shift | None, now: Micros) -> Room:
    """Every rule of one's own shift. `minutes` 0: as the plan says, or what is left of it."""
    bound, findings, length = LONG, list[Finding](), (minutes or min(rules.minutes, rules.longest_min)) * MINUTE
    least = max(rules.shortest_min, 1) * MINUTE
    for found, most in bounds(floor, agent, kind, rules, minutes, shift, now):
        if found.verdict == "allow" and most < (length if minutes else least):
            found = Finding("break.too_little_left", "deny", {"minutes": most // MINUTE, "kind": kind})
        findings.append(found)
        length, bound = min(length, most), min(bound, most)
    refused = any(each.verdict != "allow" for each in findings)
    return Room(tuple(findings), 0 if refused else length, bound)


def bounds(
    floor: Floor, agent: str, kind: str, rules: KindRules, minutes: int, shift: Shift | None, now: Micros
) -> Iterator[tuple[Finding, Micros]]:
    """Each rule with the longest break that it allows."""
    yield asked_length(kind, rules, minutes)
    since, _ = span_of(floor, shift, now)
    if rules.times >= 0:
        yield how_often(kind, rules, times(floor, agent, kind, since))
    if rules.quota_min >= 0:
        yield within("break.quota", kind, used(floor, agent, kind, since, now), rules.quota_min)
    if rules.quota_half_min >= 0 and shift is not None:
        yield half(floor, agent, kind, rules, shift, now)
    if rules.cool_down_min > 0:
        yield cool_down(floor, agent, kind, rules, now)
    if shift is not None:
        yield from blackout(floor, shift, now)


def asked_length(kind: str, rules: KindRules, minutes: int) -> tuple[Finding, Micros]:
    values: dict[str, Value] = {
        "minutes": minutes or rules.minutes,
        "shortest": rules.shortest_min,
        "longest": rules.longest_min,
        "kind": kind,
    }
    if minutes > rules.longest_min:
        return Finding("break.too_long", "deny", values), LONG
    if minutes and minutes < max(1, rules.shortest_min):
        return Finding("break.too_short", "deny", values), LONG
    return Finding("break.length", values=values), rules.longest_min * MINUTE


def how_often(kind: str, rules: KindRules, taken: int) -> tuple[Finding, Micros]:
    values: dict[str, Value] = {"used": taken, "times": rules.times, "kind": kind}
    if taken >= rules.times:
        return Finding("break.times", "deny", values), LONG
    return Finding("break.times.free", values=values), LONG


def within(rule: str, kind: str, spent: Micros, minutes: int) -> tuple[Finding, Micros]:
    left = minutes * MINUTE - spent
    values: dict[str, Value] = {"used": spent // MINUTE, "quota": minutes, "left": max(0, left) // MINUTE, "kind": kind}
    if left < MINUTE:
        return Finding(rule, "deny", values), LONG
    return Finding(f"{rule}.free", values=values), left


def half(floor: Floor, agent: str, kind: str, rules: KindRules, shift: Shift, now: Micros) -> tuple[Finding, Micros]:
    """The first half's quota comes back with the second."""
    first = now < shift.half
    spent = used(floor, agent, kind, min(shift.begins, now) if first else shift.half, now)
    found, left = within("break.quota_half", kind, spent, rules.quota_half_min)
    if found.verdict == "deny" and first:
        return Finding(found.rule, "defer", {**found.values, "until": wall(floor, shift.half)}, shift.half), left
    return (Finding("break.quota_half.last", "deny", found.values), left) if found.verdict == "deny" else (found, left)


def cool_down(floor: Floor, agent: str, kind: str, rules: KindRules, now: Micros) -> tuple[Finding, Micros]:
    last = last_end(floor, agent, kind)
    until = last + rules.cool_down_min * MINUTE
    if last and now < until:
        return saw("break.cool_down", "defer", until, minutes=rules.cool_down_min, until=wall(floor, until), kind=kind), LONG
    return saw("break.cool_down.free", minutes=rules.cool_down_min), LONG


def blackout(floor: Floor, shift: Shift, now: Micros) -> Iterator[tuple[Finding, Micros]]:
    """Neither in the first minutes of a shift nor in the last ones: a break that would reach into them is shortened."""
    rules = floor.owned.plan.breaks
    if rules.blackout_begin_min > 0:
        until = shift.begins + rules.blackout_begin_min * MINUTE
        if now < until:
            yield saw("break.blackout_begin", "defer", until, minutes=rules.blackout_begin_min, until=wall(floor, until)), LONG
        else:
            yield saw("break.blackout_begin.free"), LONG
    if rules.blackout_end_min > 0:
        begins = shift.ends - rules.blackout_end_min * MINUTE
        late = now >= begins
        found = saw("break.blackout_end" if late else "break.blackout_end.free", "deny" if late else "allow", since=wall(floor, begins))
        yield found, LONG if late else begins - now
