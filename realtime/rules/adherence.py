"""Adherence and conformance: the right state at the right time, and enough of it. Schedule and turns in, segments out. Pure.

Not the schedule's making (`plan/roster.py`, `plan/agenda.py`) and not the turns (`floor.Turn`; what goes on now is on the floor). The
algorithm is the reference's: schedule and states are cut into segments at every change of either; a segment is right, wrong, excused, or
unseen: while Andon did not watch the agent's PBX nobody can say, so it is in none of the sums.

    adherence    right / (right + wrong): excused time is in neither, as the standard definition has it
    conformance  worked / scheduled work, whenever it was: one can conform and not adhere; of what was seen
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from realtime.facts import Fact, SyncBegan, SyncEnded
from realtime.floor import Floor, NodeState, Turn
from realtime.plan.agenda import Planned, around
from realtime.plan.roster import shift_around, shift_of
from realtime.rules.clock import business_day, zone_of
from realtime.rules.meetings import KINDS, excuse
from realtime.words import SECOND, AgentId, AgentState, Micros

Judged = Literal["right", "wrong", "excused", "unseen"]
Span = tuple[Micros, Micros]
ON_A_CALL = frozenset({AgentState.RINGING, AgentState.DIALLING, AgentState.TALKING, AgentState.HOLD, AgentState.WRAPUP})
"""A call, its ring and its wrap-up: one carries over into the next without a gap."""
WORK = frozenset({AgentState.READY, AgentState.BREAK_PENDING}) | ON_A_CALL
ALLOWED: dict[str, frozenset[AgentState]] = {
    "work": WORK,
    "break": frozenset({AgentState.ON_BREAK}),
    "meeting": frozenset({AgentState.MEETING}),
    "training": frozenset({AgentState.TRAINING}),
    "coaching": frozenset({AgentState.TRAINING}),
}
"""What somebody may be doing in each activity. A fault or not ready is right in none: it is lost time, whoever is to blame for it."""
OFF = ""
"""No activity: before, between and after what was scheduled, where anything goes."""
PAID = ("work", "meeting", "training", "coaching")
WORKED = WORK | {AgentState.MEETING, AgentState.TRAINING}


class Activity(NamedTuple):
    """What was to be done from `begins` up to `ends`. Of two that overlap the later one in the schedule goes before: a break in a shift."""

    kind: str
    begins: Micros
    ends: Micros


class Segment(NamedTuple):
    begins: Micros
    ends: Micros
    activity: str
    state: str  # empty: nothing is known, as of somebody who was not logged in yet
    judged: Judged
    reason: str = ""  # call, tolerance, away, or unseen: a code of `sentences/duty.py` after `adherence.`


class Adherence(NamedTuple):
    """`percent` and `conformance` are None where nothing was scheduled, or all of it is excused or unseen."""

    percent: float | None
    conformance: float | None
    segments: tuple[Segment, ...]


def adherence(
    schedule: Sequence[Activity], turns: Iterable[Turn], now: Micros, tolerance: Micros, unseen: Sequence[Span] = ()
) -> Adherence:
    """Up to `now`: what is scheduled later cannot be kept or missed yet. Turns of one agent, in any order; so is `unseen`."""
    lived = sorted((turn for turn in turns if turn.since < min(turn.until, now)), key=lambda turn: turn.since)
    hidden = disjoint(unseen)
    segments = tuple(joined(judge(schedule, lived, now, tolerance, hidden)))
    right = sum(each.ends - each.begins for each in segments if each.judged == "right")
    wrong = sum(each.ends - each.begins for each in segments if each.judged == "wrong")
    planned = sum(seen(hidden, *span) for span in cuts(schedule, [], now) if activity_at(schedule, span[0]) in PAID)
    worked = sum(seen(hidden, turn.since, min(turn.until, now)) for turn in lived if turn.state in WORKED)
    return Adherence(right / (right + wrong) if right + wrong else None, worked / planned if planned else None, segments)


def cuts(schedule: Sequence[Activity], turns: Sequence[Turn], now: Micros, *more: Micros) -> list[tuple[Micros, Micros]]:
    """The stretches between two changes of anything, up to now."""
    edges = {edge for each in schedule for edge in (each.begins, each.ends)} | {edge for turn in turns for edge in (turn.since, turn.until)}
    found = sorted({min(edge, now) for edge in (*edges, *more)})
    return list(pairwise(found))


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """In order, and none touching another: a PBX whose link falls all day has thousands, and then they are found by halving."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        elif begins < ends:
            found.append((begins, ends))
    return found


def within(spans: Sequence[Span], at: Micros) -> bool:
    place = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return place >= 0 and at < spans[place][1]


def seen(hidden: Sequence[Span], begins: Micros, ends: Micros) -> Micros:
    """How much of a stretch is in none of them."""
    left, place = ends - begins, bisect_right(hidden, begins, key=lambda span: span[1])
    while place < len(hidden) and hidden[place][0] < ends:
        left -= min(ends, hidden[place][1]) - max(begins, hidden[place][0])
        place += 1
    return left


def activity_at(schedule: Sequence[Activity], at: Micros) -> str:
    return next((each.kind for each in reversed(schedule) if each.begins <= at < each.ends), OFF)


def judge(
    schedule: Sequence[Activity], turns: Sequence[Turn], now: Micros, tolerance: Micros, hidden: Sequence[Span] = ()
) -> Iterator[Segment]:
    """One for each stretch of the schedule, and for a call that went on past its end."""
    changes = edges_of(schedule)
    zones = [edge + by for edge in changes for by in (-tolerance, tolerance)]
    calls = call_begins(turns)
    number = 0
    for begins, ends in cuts(schedule, turns, now, *zones, *(edge for span in hidden for edge in span)):
        while number < len(turns) and turns[number].until <= begins:
            number += 1
        turn = turns[number] if number < len(turns) and turns[number].since <= begins else None
        activity, state = activity_at(schedule, begins), turn.state if turn is not None else None
        if within(hidden, begins):
            if activity != OFF:
                yield Segment(begins, ends, activity, "", "unseen", "unseen")
            continue
        since = next((edge for edge in reversed(changes) if edge <= begins), begins)
        carried = turn is not None and state in ON_A_CALL and calls[turn.since] < since
        if activity == OFF:
            if carried:
                yield Segment(begins, ends, OFF, str(state), "excused", "call")
            continue
        yield Segment(begins, ends, activity, str(state or ""), *verdict(schedule, changes, activity, state, begins, carried, tolerance))


def verdict(
    schedule: Sequence[Activity],
    changes: Sequence[Micros],
    activity: str,
    state: AgentState | None,
    at: Micros,
    carried: bool,
    tolerance: Micros,
) -> tuple[Judged, str]:
    if state in ALLOWED.get(activity, WORK):
        return "right", ""
    if carried:
        return "excused", "call"
    for edge in changes:
        if edge - tolerance <= at < edge + tolerance:
            neighbour = activity_at(schedule, edge - 1 if at >= edge else edge)
            if neighbour == OFF or state in ALLOWED.get(neighbour, WORK):
                return "right", "tolerance"
    return "wrong", "away"


def edges_of(schedule: Sequence[Activity]) -> list[Micros]:
    """The moments at which something else is to be done."""
    found = sorted({edge for each in schedule for edge in (each.begins, each.ends)})
    return [edge for edge in found if activity_at(schedule, edge) != activity_at(schedule, edge - 1)]


def call_begins(turns: Sequence[Turn]) -> dict[Micros, Micros]:
    """By a turn's beginning: when the unbroken run of calls that it is part of began."""
    found: dict[Micros, Micros] = {}
    began: Micros | None = None
    until: Micros = 0
    for turn in turns:
        if turn.state in ON_A_CALL:
            began = turn.since if began is None or turn.since > until else began
            found[turn.since] = began
        else:
            began = None
        until = turn.until
    return found


def joined(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Neighbours that say the same are one."""
    last: Segment | None = None
    for each in segments:
        if last is not None and last.ends == each.begins and last[2:] == each[2:]:
            last = last._replace(ends=each.ends)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


# ------------------------------------------------------------------ a floor's own schedule and turns


def schedule_of(floor: Floor, agent: AgentId, now: Micros) -> list[Activity]:
    """The shift, the plan's meetings that this one is expected in, and the breaks that were granted, for as long as they were."""
    owned = floor.owned
    zone = zone_of(floor)
    shift = shift_of(owned.plan, agent, now, zone) or shift_around(owned.plan, agent, now, zone)
    found = [Activity("work", shift.begins, shift.ends)] if shift is not None else []
    day = business_day(floor, now)
    for planned in around(owned.plan, now, zone):
        if agent in planned.expected and planned.begins < day.ends and planned.until > day.begins and not held_back(floor, planned, agent):
            found.append(Activity(planned.rule.kind, planned.begins, planned.until))
    ledger = owned.ledgers.get(agent)
    for taken in ledger.taken if ledger is not None else ():
        found.append(Activity(kind_of(taken.kind), taken.since, max(taken.since, taken.until - taken.over)))
    lease = owned.leases.get(agent)
    if lease is not None:
        found.append(Activity(kind_of(lease.kind), lease.since, lease.until or max(now, lease.since)))
    return found


def held_back(floor: Floor, planned: Planned, agent: AgentId) -> bool:
    """The least cover of a queue kept this one at work: then work was the right thing to do."""
    owned = floor.owned
    meeting = owned.meetings.get(planned.id) or owned.met.get(planned.id)
    if meeting is None or agent in meeting.joined:
        return False
    why = excuse(floor, meeting, agent) if planned.id in owned.meetings else meeting.excused.get(agent)
    return why == "cover"


def kind_of(kind: str) -> str:
    return kind if kind in KINDS else "break"


def running(floor: Floor, agent: AgentId, now: Micros) -> Turn | None:
    """What goes on now, as a turn that has lasted up to now: history has only those that have ended."""
    known = floor.agents.get(agent)
    if known is None or known.turned >= now:
        return None
    return Turn(agent=agent, state=known.state, reason=known.reason, since=known.turned, until=now, call=known.call)


def nodes_of(floor: Floor, agent: AgentId) -> list[NodeState]:
    """Where this one would be seen: on the phone's PBX, and who is at none yet on any of them."""
    known = floor.agents.get(agent)
    return [node for node in floor.nodes.values() if known is None or node.name == known.node]


def unseen_now(floor: Floor, agent: AgentId, now: Micros) -> list[Span]:
    """What the floor itself knows: a PBX that is not live has been unseen since its gap began, or since it was last heard."""
    nodes = nodes_of(floor, agent)
    if not nodes:
        return [(0, now + 1)]
    return [(node.gap_from or min(node.heard, node.since), now + 1) for node in nodes if node.link != "live"]


def unseen_before(floor: Floor, agent: AgentId, facts: Iterable[Fact]) -> list[Span]:
    """Gaps that a snapshot closed, by the facts of syncs: each begins where the adapter said that its gap did, the first one of all with
    the business day. A snapshot that did not end leaves its gap to the next; a look while the link is up has none."""
    names: Collection[str] = {node.name for node in nodes_of(floor, agent)}
    begun: dict[str, Micros] = {}
    found: list[Span] = []
    for fact in facts:
        if fact.node not in names:
            continue
        if isinstance(fact, SyncBegan) and fact.gap_from:
            begun[fact.node] = min(fact.gap_from, begun.get(fact.node, fact.gap_from))
        elif isinstance(fact, SyncEnded) and fact.node in begun:
            found.append((begun.pop(fact.node), fact.at))
    return found


def live(floor: Floor, agent: AgentId, now: Micros) -> Segment | None:
    """Is this one right now? From the floor alone, which knows nothing of before its PBX was live again. None where nothing is scheduled,
    and no call goes on from before."""
    turn = running(floor, agent, now)
    schedule = schedule_of(floor, agent, now)
    tolerance = floor.owned.plan.shifts.tolerance_s * SECOND
    watched = max((node.since for node in nodes_of(floor, agent)), default=0)
    unseen = unseen_now(floor, agent, now) or [(0, watched)]
    found = adherence(schedule, [turn] if turn is not None else [], now, tolerance, unseen).segments
    last = found[-1] if found else None
    return last if last is not None and last.ends == now else None


def of_day(floor: Floor, agent: AgentId, turns: Iterable[Turn], now: Micros, facts: Iterable[Fact] = ()) -> Adherence:
    """This shift so far: history's turns, and what goes on now. `facts`: of the syncs, in the order of their places."""
    going_on = running(floor, agent, now)
    lived = [turn for turn in turns if going_on is None or turn.since < going_on.since]
    schedule = schedule_of(floor, agent, now)
    unseen = [*unseen_before(floor, agent, facts), *unseen_now(floor, agent, now)]
    tolerance = floor.owned.plan.shifts.tolerance_s * SECOND
    return adherence(schedule, [*lived, *([going_on] if going_on is not None else [])], now, tolerance, unseen)
