"""Meetings: begun at their time or by hand, joined after the call in hand, under a least cover, ended for all at once; attendance.

Not which meetings a plan gives (`plan/agenda.py`) and not the pauses: being in a meeting is a lease like a break's, of a kind that
counts in no quota (`pauses.py` keeps it on the PBX). `rules/breaks.py` leaves these kinds to this file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Decision, Finding, Value, decide
from realtime.floor import Floor
from realtime.owned import MeetingNow
from realtime.plan.agenda import Planned, around
from realtime.plan.model import Meeting
from realtime.plan.reach import leads, reach_team, team
from realtime.requests import Request
from realtime.rules.busy import busy
from realtime.rules.clock import business_day, wall, zone_of
from realtime.rules.cover import Cover, leaving, present
from realtime.rulings import BreakBegan, BreakDropped, BreakEnded, BreakGranted, MeetingBegan, MeetingEnded
from realtime.saying import Ids, Saying, say
from realtime.words import SECOND, AgentId, Micros

KINDS = ("meeting", "training", "coaching")
"""Leases and grants of these kinds are begun and ended here, never by the rules of breaks."""
LONGEST_MIN = 240
"""Of a meeting by hand: half a shift. A training day is put into the plan."""


# ------------------------------------------------------------------ by hand


def start(floor: Floor, request: Request, wish: requests.MeetingStart, moment: Moment) -> Ruling:
    """One of the plan's is begun as the one it would be today, so that it does not begin again by itself."""
    if wish.meeting:
        return start_planned(floor, request, wish, moment.now)
    owned, actor = floor.owned, request.actor
    teams = wish.teams or (tuple(sorted(leads(owned, actor.agent))) if actor.role == "leader" else ())
    people = [person for person in owned.plan.people if not person.out and (not teams or person.team in teams)]
    expected = tuple(sorted(person.id for person in people if present(floor, person.id)))
    findings = [*reached(floor, request, teams), *sensible(floor, wish, teams), somebody(expected)]
    decision = decide(findings)
    if decision.verdict != "allow":
        return Ruling(decision)
    said = say(
        MeetingBegan,
        moment.now,
        meeting=f"by_hand.{moment.ids()}",
        name=wish.name.strip()[: requests.TEXT_MAX],
        kind=wish.kind,
        teams=teams,
        until=moment.now + wish.minutes * 60 * SECOND,
        expected=expected,
        by=actor.who,
    )
    return Ruling(decision, [said])


def reached(floor: Floor, request: Request, teams: tuple[str, ...]) -> list[Finding]:
    return [reach_team(floor.owned, request.actor, each) for each in teams or ("",)]


def sensible(floor: Floor, wish: requests.MeetingStart, teams: tuple[str, ...]) -> Iterator[Finding]:
    unknown = [each for each in teams if team(floor.owned.plan, each) is None]
    if unknown:
        yield Finding("meeting.no_team", "deny", {"team": ", ".join(unknown)})
    if wish.kind not in KINDS:
        yield Finding("meeting.kind", "deny", {"kind": wish.kind})
    if not 1 <= wish.minutes <= LONGEST_MIN:
        yield Finding("meeting.length", "deny", {"minutes": wish.minutes, "most": LONGEST_MIN})


def somebody(expected: tuple[AgentId, ...]) -> Finding:
    return Finding("meeting.expected", values={"people": len(expected)}) if expected else Finding("meeting.nobody", "deny")


def start_planned(floor: Floor, request: Request, wish: requests.MeetingStart, now: Micros) -> Ruling:
    owned = floor.owned
    if not any(rule.id == wish.meeting for rule in owned.plan.meetings):
        return Ruling(decide([Finding("meeting.not_planned", "deny", {"meeting": wish.meeting})]))
    today = business_day(floor, now).name
    coming = [
        each
        for each in around(owned.plan, now, zone_of(floor))
        if each.rule.id == wish.meeting
        and each.until > now
        and each.id not in owned.meetings
        and each.id not in owned.met
        and business_day(floor, each.begins).name == today
        and (not wish.teams or set(each.teams) & set(wish.teams))
        and (request.actor.role != "leader" or all(each.verdict == "allow" for each in reached(floor, request, each.teams)))
    ]
    if not coming:
        return Ruling(decide([Finding("meeting.none_left", "deny", {"meeting": wish.meeting})]))
    first = coming[0]
    decision = decide(reached(floor, request, first.teams))
    if decision.verdict != "allow":
        return Ruling(decision)
    return Ruling(decision, [began(first, now, now + first.rule.minutes * 60 * SECOND, request.actor.who)])


def stop(floor: Floor, request: Request, wish: requests.MeetingStop, moment: Moment) -> Ruling:
    meeting = floor.owned.meetings.get(wish.meeting)
    if meeting is None:
        return Ruling(decide([Finding("meeting.not_on", "deny", {"meeting": wish.meeting})]))
    findings = [*reached(floor, request, meeting.teams), Finding("meeting.stops", values={"people": len(inside(floor, meeting))})]
    decision: Decision = decide(findings)
    if decision.verdict != "allow":
        return Ruling(decision)
    return Ruling(decision, list(end(floor, meeting, moment.now, "stopped", request.actor.who)))


# ------------------------------------------------------------------ what time makes necessary


def due(floor: Floor, now: Micros, ids: Ids) -> list[Saying]:
    """Begun at their time; joined by who is free and may; ended for everybody in them."""
    said: list[Saying] = []
    if floor.owned.plan.meetings:
        said += [
            began(each, each.begins, each.until, "") for each in around(floor.owned.plan, now, zone_of(floor)) if is_due(floor, each, now)
        ]
    cover, taken = Cover(floor), set[str]()
    for meeting in floor.owned.meetings.values():
        said += end(floor, meeting, meeting.until, "over", "") if meeting.until <= now else join(floor, meeting, cover, taken, now)
    said += orphaned(floor, now)
    return said


def is_due(floor: Floor, planned: Planned, now: Micros) -> bool:
    """Not one that is over already, and none of a business day that is: what was stopped then is remembered for that day only."""
    if not planned.begins <= now < planned.until or planned.begins < floor.day_at:
        return False
    return planned.id not in floor.owned.meetings and planned.id not in floor.owned.met


def began(planned: Planned, at: Micros, until: Micros, by: str) -> Saying:
    rule = planned.rule
    return say(
        MeetingBegan,
        at,
        meeting=planned.id,
        rule=rule.id,
        name=rule.name,
        name_zh=rule.name_zh,
        kind=rule.kind,
        teams=planned.teams,
        until=until,
        expected=planned.expected,
        by=by,
    )


def join(floor: Floor, meeting: MeetingNow, cover: Cover, taken: set[str], now: Micros) -> Iterator[Saying]:
    """After the call in hand: granted at once, so that no next call rings, and begun when call and wrap-up are over. Who is wanted in
    two meetings (`taken`: by another one in this look) goes to the second when the first is over."""
    owned, least = floor.owned, least_of(floor, meeting)
    for agent in meeting.expected:
        if has_been(floor, meeting, agent) or agent in owned.leases or agent in taken:
            continue
        grant = owned.grants.get(agent)
        if grant is not None:
            if grant.request == meeting.id and not busy(floor, agent):
                taken.add(agent)
                yield lease(meeting, agent, now)
        elif present(floor, agent) and cover.takes(agent, least):
            taken.add(agent)
            if busy(floor, agent):
                length = (meeting.until - now) // SECOND
                rule = Finding("meeting.after_call", values={"meeting": meeting.name or meeting.id})
                yield say(BreakGranted, now, agent=agent, kind=meeting.kind, request=meeting.id, length_s=length, by=meeting.by, rule=rule)
            else:
                yield lease(meeting, agent, now)


def lease(meeting: MeetingNow, agent: AgentId, now: Micros) -> Saying:
    why = f"meeting:{meeting.id}"
    return say(BreakBegan, now, agent=agent, kind=meeting.kind, request=meeting.id, until=meeting.until, why=why, by=meeting.by)


def has_been(floor: Floor, meeting: MeetingNow, agent: AgentId) -> bool:
    """In it, or let out of it. Who only logged out and in again is in it again: that is no way round."""
    if agent not in meeting.joined:
        return False
    ledger = floor.owned.ledgers.get(agent)
    return agent not in meeting.left or ledger is None or not ledger.taken or ledger.taken[-1].why != "logout"


def end(floor: Floor, meeting: MeetingNow, at: Micros, why: str, by: str) -> Iterator[Saying]:
    """For those in it and those who were still to come, and then itself; who was never in is excused or missing."""
    owned, excused = floor.owned, attendance(floor, meeting).excused
    for agent in inside(floor, meeting):
        yield say(BreakEnded, at, agent=agent, kind=meeting.kind, why="meeting", by=by)
    for grant in owned.grants.values():
        if grant.request == meeting.id:
            yield say(BreakDropped, at, agent=grant.agent, kind=grant.kind, why="withdrawn")
    yield say(MeetingEnded, at, meeting=meeting.id, why=why, by=by, excused=excused)


def orphaned(floor: Floor, now: Micros) -> Iterator[Saying]:
    """Leases and grants of meetings that are not on any more: nobody stays in a meeting that is over."""
    owned = floor.owned
    for held in owned.leases.values():
        if held.why.startswith("meeting:") and held.why.removeprefix("meeting:") not in owned.meetings:
            yield say(BreakEnded, now, agent=held.agent, kind=held.kind, why="meeting")
    for grant in owned.grants.values():
        if grant.kind in KINDS and grant.request in owned.met:
            yield say(BreakDropped, now, agent=grant.agent, kind=grant.kind, why="withdrawn")


def inside(floor: Floor, meeting: MeetingNow) -> list[AgentId]:
    return [held.agent for held in floor.owned.leases.values() if held.why == f"meeting:{meeting.id}"]


def least_of(floor: Floor, meeting: MeetingNow) -> int:
    rule: Meeting | None = next((rule for rule in floor.owned.plan.meetings if rule.id == meeting.rule), None)
    return rule.least if rule is not None else 0


# ------------------------------------------------------------------ who came


class Attendance(NamedTuple):
    """Everybody expected is in one of the first three; `late` are among those who joined, with how late."""

    joined: tuple[AgentId, ...]
    excused: dict[str, str]
    missing: tuple[AgentId, ...]
    late: dict[str, Micros]


def attendance(floor: Floor, meeting: MeetingNow) -> Attendance:
    """Of one that is on, or is over. Who came from a call in hand is not late, and nobody is where cover holds people back."""
    tolerance = floor.owned.plan.shifts.tolerance_s * SECOND
    on = meeting.id in floor.owned.meetings
    joined = tuple(agent for agent in meeting.expected if agent in meeting.joined)
    excused: dict[str, str] = {}
    for agent in meeting.expected:
        if agent not in meeting.joined and (why := excuse(floor, meeting, agent) if on else meeting.excused.get(agent, "")):
            excused[agent] = why
    missing = tuple(agent for agent in meeting.expected if agent not in meeting.joined and agent not in excused)
    late = {agent: meeting.joined[agent] - meeting.began for agent in joined if agent not in meeting.excused}
    if least_of(floor, meeting) > 0:
        late = {}
    return Attendance(joined, excused, missing, {agent: by for agent, by in late.items() if by > tolerance})


def excuse(floor: Floor, meeting: MeetingNow, agent: AgentId) -> str:
    """Why somebody who is on the floor is not in it; empty for who is not there."""
    owned = floor.owned
    if leaving(floor, agent):
        return "leaving"
    if agent in owned.leases or (agent in owned.grants and owned.grants[agent].request != meeting.id):
        return "break"
    if busy(floor, agent):
        return "call"
    return "cover" if present(floor, agent) and least_of(floor, meeting) > 0 else ""


def coming(floor: Floor, now: Micros, within: Micros) -> list[Planned]:
    """Those of the plan that begin within so long, for the rows of a screen."""
    found = around(floor.owned.plan, now, zone_of(floor))
    return [
        each
        for each in found
        if now < each.begins <= now + within and each.id not in floor.owned.meetings and each.id not in floor.owned.met
    ]


def told(floor: Floor, planned: Planned) -> dict[str, Value]:
    """For a sentence: what, and when."""
    return {"meeting": planned.rule.name or planned.rule.id, "begins": wall(floor, planned.begins), "until": wall(floor, planned.until)}
