"""Breaks: asking, withdrawing, taking, coming back, overruling, and what time makes of them. Pure.

Not the rules (`asking.py`, `quota.py`, `holding.py`, `line.py`) and not the pause on the PBX (`pauses.py` keeps it). A break goes
waiting -> granted -> on -> over. What is granted at once is granted and begun in one answer; on a call or in wrap-up it begins when
those are over. Meetings, training and coaching that belong to a meeting are `meetings.py`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Decision, Finding, decide, saw
from realtime.floor import Floor
from realtime.fold.breaks import OF_THE_FLOOR
from realtime.owned import Grant, Lease, Waiting
from realtime.plan.reach import reach
from realtime.requests import Request
from realtime.rules import quota
from realtime.rules.asking import Asked, let_pass, occupied, on_shift, who
from realtime.rules.asking import ask as asked
from realtime.rules.busy import busy, held_kinds
from realtime.rules.clock import wall
from realtime.rules.holding import look, unsayable
from realtime.rules.line import claim_of, estimates, rank_of
from realtime.rules.places import Claim, Places
from realtime.rules.waiting import waiting_due
from realtime.rulings import BreakBegan, BreakDropped, BreakEnded, BreakGranted, BreakHeld, BreakOverran, BreakQueued
from realtime.saying import Saying, say
from realtime.words import SECOND, AgentId, AgentState, Micros

GONE: Micros = 60 * SECOND
"""Logged out for so long, nobody waits any more: a phone that restarts, or a re-login at another desk, takes less."""
TIMES = 2
"""So often a granted break that was not taken comes back on the list; after that the agent asks again."""
LONGEST_MIN = 1440
"""Of a break that a supervisor grants: a day."""
STEPS = ("prompt", "leader", "overrun", "welfare")
COMFORT_STEPS = ("prompt", "welfare")
"""Nobody's leader is told how long a comfort break lasts; that somebody has not come back at all is looked after."""


# ------------------------------------------------------------------ the agent's own


def ask(floor: Floor, request: Request, wish: requests.BreakAsk, moment: Moment) -> Ruling:
    answer = asked(floor, request.actor, wish.agent, wish.kind, wish.minutes, moment.now)
    claim, verdict = answer.claim, answer.decision.verdict
    if claim is None or verdict in ("deny", "defer"):
        return Ruling(answer.decision)
    if verdict == "queue":
        return queued(floor, request, claim, answer, moment.now)
    if wish.agent in floor.owned.leases or (wish.kind == "comfort" and _has_comfort(floor, wish.agent)):
        return Ruling(answer.decision)  # comfort, and away already: there is nothing left to do
    reason = answer.reason or saw("break.granted", minutes=claim.length // (60 * SECOND))
    pending = occupied(floor, wish.agent, request.actor.via)
    says = [*put_off(floor, wish.agent, moment.now), granted(claim, request.id, 0, reason, moment.now)]
    if not pending:
        says.append(begun(claim.agent, claim.kind, request.id, claim.length, moment.now))
    after = saw("break.after_call" if pending else "break.now", minutes=claim.length // (60 * SECOND))
    return Ruling(Decision("allow", (*answer.decision.findings, after)), says)


def _has_comfort(floor: Floor, agent: str) -> bool:
    grant = floor.owned.grants.get(agent)
    return grant is not None and grant.kind == "comfort"


def queued(floor: Floor, request: Request, claim: Claim, answer: Asked, now: Micros) -> Ruling:
    """On the list, with place and estimate at once: that is what the asker wants to know."""
    places, ahead = answer.places or Places(floor, now), answer.ahead
    gone = {each.agent for _, each in places.goes}
    eta = estimates(places, [*(each for each in ahead if each.agent not in gone), claim], claim.agent).get(claim.agent, 0)
    place = len(ahead) + 1
    rule = answer.decision.reason or Finding("break.line", "queue")
    eta = 0 if unsayable(claim, rule) else eta
    found = saw("break.place" if eta else "break.place.open", "queue", eta, place=place, eta=wall(floor, eta) if eta else "")
    fields = {"agent": claim.agent, "kind": claim.kind, "request": request.id, "rank": claim.rank, "length_s": claim.length // SECOND}
    says = [
        say(BreakQueued, now, **fields, asked=now, turn=claim.when),
        say(BreakHeld, now, agent=claim.agent, place=place, eta=eta, rule=rule),
    ]
    return Ruling(Decision("queue", (*answer.decision.findings, found)), says)


def put_off(floor: Floor, agent: AgentId, now: Micros) -> list[Saying]:
    """A held or pending break goes back to its place on the list while its agent has a comfort break."""
    grant = floor.owned.grants.get(agent)
    if grant is None or grant.kind in OF_THE_FLOOR:
        return []
    kept = {"agent": agent, "kind": grant.kind, "request": grant.request, "rank": grant.rank, "length_s": grant.length_s}
    return [say(BreakQueued, now, **kept, asked=grant.asked, times=grant.times, turn=grant.turn)]


def withdraw(floor: Floor, request: Request, wish: requests.BreakWithdraw, moment: Moment) -> Ruling:
    held = floor.owned.waiting.get(wish.agent) or _own_grant(floor, wish.agent)
    findings = [reach(floor.owned, request.actor, wish.agent)]
    findings.append(saw("break.withdrawn", kind=held.kind) if held is not None else saw("break.nothing", "deny"))
    decision = decide(findings)
    if held is None or decision.verdict != "allow":
        return Ruling(decision)
    return Ruling(decision, [say(BreakDropped, moment.now, agent=wish.agent, kind=held.kind, why="withdrawn")])


def take(floor: Floor, request: Request, wish: requests.BreakTake, moment: Moment) -> Ruling:
    """On a call that came while it was held, it begins after that call."""
    grant, waiting, now = _own_grant(floor, wish.agent), floor.owned.waiting.get(wish.agent), moment.now
    findings = [reach(floor.owned, request.actor, wish.agent)]
    if grant is None:
        missing = saw("break.not_yet", "deny", place=waiting.place) if waiting is not None else saw("break.nothing", "deny")
        return Ruling(decide([*findings, missing]))
    if (lease := floor.owned.leases.get(wish.agent)) is not None:
        findings.append(saw("break.already_out", "deny", kind=lease.kind, since=wall(floor, lease.since)))
    if not grant.expires or grant.expires > now:
        pending = occupied(floor, wish.agent, request.actor.via)
        findings.append(saw("break.after_call" if pending else "break.now", minutes=grant.length_s // 60))
    else:
        findings.append(saw("break.expired", "deny", seconds=floor.owned.plan.breaks.hold_s))
    decision = decide(findings)
    if decision.verdict != "allow":
        return Ruling(decision)
    if not pending:
        return Ruling(decision, [begun(grant.agent, grant.kind, grant.request, grant.length_s * SECOND, now, grant.by)])
    return Ruling(decision, [held_until_after(grant, now)] if grant.expires else [])


def _own_grant(floor: Floor, agent: str) -> Grant | None:
    grant = floor.owned.grants.get(agent)
    return grant if grant is not None and grant.kind not in OF_THE_FLOOR else None


def back(floor: Floor, request: Request, wish: requests.BreakBack, moment: Moment) -> Ruling:
    """Also out of a pause that nobody granted, and out of a coaching or a meeting that has gone on for longer than it was to."""
    lease, known = floor.owned.leases.get(wish.agent), floor.agents.get(wish.agent)
    findings = [reach(floor.owned, request.actor, wish.agent)]
    paused = wish.agent in floor.owned.strays or (known is not None and known.state in AWAY)
    if lease is not None and lease.kind in OF_THE_FLOOR and not 0 < lease.until <= moment.now and findings[0].rule == "reach.own":
        findings.append(saw("break.in_meeting", "deny", kind=lease.kind))
    elif lease is None and not paused:
        findings.append(saw("break.not_out", "deny"))
    else:
        findings.append(welcome(lease, moment.now))
    decision = decide(findings)
    if decision.verdict != "allow":
        return Ruling(decision)
    kind = lease.kind if lease is not None else ""
    return Ruling(decision, [say(BreakEnded, moment.now, agent=wish.agent, kind=kind, why="returned", by=request.actor.who)])


AWAY = (AgentState.ON_BREAK, AgentState.MEETING, AgentState.TRAINING, AgentState.NOT_READY)


def welcome(lease: Lease | None, now: Micros) -> Finding:
    if lease is None:
        return saw("break.back.pause")
    over = max(0, now - lease.until) // (60 * SECOND) if lease.until else 0
    return saw("break.back.late", kind=lease.kind, over=over) if over else saw("break.back", kind=lease.kind)


# ------------------------------------------------------------------ a supervisor's


def grant(floor: Floor, request: Request, wish: requests.BreakGrant, moment: Moment) -> Ruling:
    """Everything that would have held it back is told, and holds back nothing."""
    now, waiting = moment.now, floor.owned.waiting.get(wish.agent)
    kind = waiting.kind if waiting is not None else wish.kind
    findings = who(floor, request.actor, wish.agent, kind, overruling=True)
    if not wish.reason.strip():
        findings.append(saw("break.no_reason", "deny"))
    findings += for_oneself(request.actor, wish.agent)
    rules = quota.rules_of(floor, kind)
    decision = decide(findings)
    if decision.verdict != "allow" or rules is None or wish.agent in floor.owned.leases:
        return Ruling(decision)
    shift = quota.shift_now(floor, wish.agent, now)
    minutes = min(max(0, wish.minutes), LONGEST_MIN)
    room = quota.room(floor, wish.agent, kind, rules, minutes, shift, now)
    length_s = minutes * 60 or (waiting.length_s if waiting is not None else rules.minutes * 60)
    places = Places(floor, now)
    claim = claim_of(places, wish.agent, kind, rank_of(floor, wish.agent, kind, shift, now), shift, length_s * SECOND)
    told = [let_pass(each) for each in (on_shift(floor, wish.agent, shift, now), *room.findings, *look(places, claim))]
    rule = saw("break.overruled", who=request.actor.who, reason=wish.reason[: requests.TEXT_MAX])
    pending = busy(floor, wish.agent)
    expires = 0 if pending else now + floor.owned.plan.breaks.hold_s * SECOND
    says = [granted(claim, request.id, expires, rule, now, request.actor.who)]
    after = saw("break.after_call", minutes=length_s // 60) if pending else saw("break.held", seconds=floor.owned.plan.breaks.hold_s)
    return Ruling(Decision("allow", (*findings, rule, *told, after)), says)


def for_oneself(actor: requests.Actor, agent: str) -> list[Finding]:
    """Who leads a team takes breaks, too, and by the same rules."""
    return [saw("break.not_by_yourself", "deny")] if actor.agent and actor.agent == agent else []


# ------------------------------------------------------------------ said


def granted(claim: Claim, request: str, expires: Micros, rule: Finding, now: Micros, by: str = "") -> Saying:
    fields = {"agent": claim.agent, "kind": claim.kind, "request": request, "length_s": claim.length // SECOND}
    return say(BreakGranted, now, **fields, expires=expires, by=by, rule=rule)


def begun(agent: AgentId, kind: str, request: str, length: Micros, at: Micros, by: str = "", why: str = "asked") -> Saying:
    return say(BreakBegan, at, agent=agent, kind=kind, request=request, until=at + length if length else 0, why=why, by=by)


def held_until_after(grant: Grant, at: Micros) -> Saying:
    """A call came while it was held: it begins after that call, rather than lapse."""
    fields = {"agent": grant.agent, "kind": grant.kind, "request": grant.request, "length_s": grant.length_s, "by": grant.by}
    return say(BreakGranted, at, **fields, expires=0, rule=saw("break.after_call", minutes=grant.length_s // 60))


# ------------------------------------------------------------------ what time makes of them


def due(floor: Floor, now: Micros) -> list[Saying]:
    """Who has gone home, what was granted, who is over time, who waits: in that order, for the first two free places."""
    gone = {agent for agent in (*floor.owned.waiting, *floor.owned.grants) if has_gone(floor, agent, now)}
    said = [*dropped(floor, gone, now)]
    said += [each for grant in floor.owned.grants.values() if grant.agent not in gone for each in granted_due(floor, grant, now)]
    freed = {each.fields["agent"]: back_on_list(each) for each in said if each.kind in (BreakDropped, BreakQueued)}
    said += [each for lease in floor.owned.leases.values() for each in overruns(floor, lease, now)]
    return said + waiting_due(floor, now, freed)


def back_on_list(said: Saying) -> Waiting | None:
    """As the fold will have it."""
    if said.kind is not BreakQueued:
        return None
    kept = {name: said.fields[name] for name in ("agent", "kind", "request", "rank", "length_s", "asked", "times")}
    return Waiting(**kept, since=said.at)


def has_gone(floor: Floor, agent: str, now: Micros) -> bool:
    known = floor.agents.get(agent)
    return known is None or (known.state is AgentState.LOGGED_OUT and now - known.since > GONE)


def dropped(floor: Floor, gone: Collection[str], now: Micros) -> Iterator[Saying]:
    for agent in sorted(gone):
        known = floor.agents.get(agent)
        for kind in held_kinds(floor, agent):
            yield say(BreakDropped, known.since + GONE if known is not None else now, agent=agent, kind=kind, why="logout")


def granted_due(floor: Floor, grant: Grant, now: Micros) -> Iterator[Saying]:
    """What waited for the end of a call begins; what was not taken in time goes behind its class, or is given up."""
    if grant.kind in OF_THE_FLOOR and (grant.request in floor.owned.meetings or grant.request in floor.owned.met):
        return
    at_phone = busy(floor, grant.agent)
    if not grant.expires:
        known = floor.agents.get(grant.agent)
        if not at_phone and known is not None and known.state is not AgentState.LOGGED_OUT:
            answer = floor.owned.answers.get(grant.request)
            why = "forced" if answer is not None and answer.ask == "pause.force" else "asked"
            at = min(now, max(grant.granted, known.since))
            yield begun(grant.agent, grant.kind, grant.request, grant.length_s * SECOND, at, grant.by, why)
    elif grant.expires <= now:
        if at_phone:
            yield held_until_after(grant, grant.expires)
        elif grant.by or grant.times >= TIMES:
            yield say(BreakDropped, grant.expires, agent=grant.agent, kind=grant.kind, why="expired")
        else:
            kept = {"agent": grant.agent, "kind": grant.kind, "request": grant.request, "rank": grant.rank, "length_s": grant.length_s}
            yield say(BreakQueued, grant.expires, **kept, asked=grant.asked, again=True, times=grant.times + 1)


def overruns(floor: Floor, lease: Lease, now: Micros) -> Iterator[Saying]:
    """The ladder, each step once, with its own moment. Never back to ready: no caller rings an empty chair."""
    if not lease.until or now <= lease.until or lease.kind in OF_THE_FLOOR:
        return
    rules = floor.owned.plan.breaks.overrun
    after = dict(zip(STEPS, (rules.prompt_s, rules.leader_s, rules.overrun_s, rules.welfare_s), strict=True))
    steps = COMFORT_STEPS if lease.kind == "comfort" else STEPS
    for step in steps[steps.index(lease.overran) + 1 if lease.overran in steps else 0 :]:
        at = lease.until + after[step] * SECOND
        if at <= now:
            yield say(BreakOverran, at, agent=lease.agent, step=step, until=lease.until)
