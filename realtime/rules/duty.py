"""Logging in and out: who may log in where and when, what logging out waits for, and who is known to be there.

Not the queues that somebody on duty must be in (`membership.py` orders them) and not the proof that it is this person: a PIN on the
phone, a session on the page. Counterparts: `fold/duty.py`, and `plan/roster.py` for the shifts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Finding, Value, decide
from realtime.floor import Floor, key
from realtime.fold.breaks import OF_THE_FLOOR
from realtime.owned import Duty, Lease
from realtime.plan.model import Plan
from realtime.plan.reach import reach
from realtime.plan.roster import rostered, shift_around
from realtime.requests import Request, agent_of
from realtime.rules.busy import busy, held_kinds
from realtime.rules.clock import business_day, wall, zone_of
from realtime.rules.login import at_work, eligible, in_time, lifted, place, wanted_place
from realtime.rules.membership import settled
from realtime.rulings import AgentLeaving, AgentOffDuty, AgentOnDuty, AgentPresent, BreakDropped, BreakEnded, LoginAllowed
from realtime.saying import Ids, Saying, say
from realtime.words import SECOND, AgentId, AgentState, Micros

PRESENT_AGAIN: Micros = 15 * SECOND
"""Somebody who presses keys all the time is said to be there four times a minute: the rules ask for the last minute."""
HOME: Micros = 1800 * SECOND
"""In no queue of any PBX for so long, and not on duty here, whoever had a break is not on it any more: it would hold a place of the team
for ever. An upgrade of Asterisk, after which they are paused again, takes less."""
PRESENCE_VIAS = ("phone", "page")
BY_SHIFT = "shift"
"""Who logs somebody out whose shift is long over."""


def log_in(floor: Floor, request: Request, wish: requests.LogIn, moment: Moment) -> Ruling:
    owned, now, agent = floor.owned, moment.now, wish.agent
    reached = reach(owned, request.actor, agent)
    if reached.verdict != "allow":
        return Ruling(decide([reached]))
    person = owned.people.get(agent)
    if person is None:
        return Ruling(decide([reached, Finding("duty.unknown" if owned.people else "duty.no_people", "deny", {"agent": agent})]))
    wanted = wanted_place(floor, person, wish)
    may = [*eligible(floor, person, now), in_time(floor, person, now)]
    findings = [reached, at_work(person), *lifted(floor, agent, may, now), *place(floor, agent, wanted, request.actor.via)]
    decision = decide(findings)
    if decision.verdict != "allow":
        return Ruling(decision)
    return Ruling(decision, list(seated(floor, AgentId(agent), wanted, request, now)))


def seated(floor: Floor, agent: AgentId, wanted: Duty, request: Request, now: Micros) -> Iterator[Saying]:
    """Whoever was on duty at this phone is not any more; who is here already stays, and a log-out under way is taken back."""
    owned = floor.owned
    other = owned.seats.get(key(wanted.node, wanted.device))
    if other is not None and other != agent:
        yield from off_duty(floor, AgentId(other), "moved", now)
    known = owned.duty.get(agent)
    if known is None or known.leaving or (known.node, known.device, known.interface) != (wanted.node, wanted.device, wanted.interface):
        yield say(
            AgentOnDuty,
            now,
            wanted.node,
            agent=agent,
            name=owned.people[agent].name or agent,
            device=wanted.device,
            interface=wanted.interface,
            via=request.actor.via,
        )


# ------------------------------------------------------------------ logging out


def log_out(floor: Floor, request: Request, wish: requests.LogOut, moment: Moment) -> Ruling:
    reached = reach(floor.owned, request.actor, wish.agent)
    if reached.verdict != "allow":
        return Ruling(decide([reached]))
    known = floor.owned.duty.get(wish.agent)
    if known is None:
        return Ruling(decide([reached, Finding("duty.not_on_duty", "deny", {"agent": wish.agent})]))
    by = wish.agent if request.actor.agent == wish.agent else request.actor.who
    return Ruling(decide([reached, when_off(floor, wish.agent)]), leave(floor, wish.agent, by, moment.now))


def when_off(floor: Floor, agent: str) -> Finding:
    return Finding("duty.after_call" if busy(floor, agent) else "duty.logs_out", values={"agent": agent})


def leave(floor: Floor, agent: AgentId, by: str, now: Micros) -> list[Saying]:
    """For whoever lets somebody log out: the agent, a supervisor, the end of the shift. Nothing where it is under way already.

    What waits or was granted is dropped at once; a pause lasts until the call in hand and its wrap-up are over.
    """
    known = floor.owned.duty.get(agent)
    if known is None or known.leaving:
        return []
    if busy(floor, agent) or not settled(floor, known):
        return [*dropped(floor, agent, now), say(AgentLeaving, now, agent=agent, by=by)]
    return list(off_duty(floor, agent, why_of(agent, by), now))


def off_duty(floor: Floor, agent: AgentId, why: str, now: Micros) -> Iterator[Saying]:
    """What is open of breaks ends first. The ledger stays: a re-login gives no quota back and ends no cool-down."""
    yield from dropped(floor, agent, now)
    yield from ended(floor, agent, now)
    yield say(AgentOffDuty, now, agent=agent, why=why)


def dropped(floor: Floor, agent: AgentId, now: Micros) -> Iterator[Saying]:
    for kind in held_kinds(floor, agent):
        yield say(BreakDropped, now, agent=agent, kind=kind, why="logout")


def ended(floor: Floor, agent: AgentId, now: Micros) -> Iterator[Saying]:
    lease = floor.owned.leases.get(agent)
    if lease is not None:
        yield say(BreakEnded, now, agent=agent, kind=lease.kind, why="logout")


def why_of(agent: str, by: str) -> str:
    return {agent: "asked", BY_SHIFT: "shift"}.get(by, "forced")


# ------------------------------------------------------------------ letting in, and being there


def allow_login(floor: Floor, request: Request, wish: requests.LogInAllow, moment: Moment) -> Ruling:
    """Until the end of the business day. Nobody lifts it for themselves, and never without a reason."""
    actor, until = request.actor, business_day(floor, moment.now).ends
    reached = reach(floor.owned, actor, wish.agent)
    if reached.verdict != "allow":
        return Ruling(decide([reached]))
    decision = decide([reached, may_lift(floor.owned.plan, request), reason_given(wish.reason), known_person(floor, wish.agent, until)])
    if decision.verdict != "allow":
        return Ruling(decision)
    said = say(LoginAllowed, moment.now, agent=wish.agent, until=until, by=actor.who, reason=wish.reason.strip()[: requests.TEXT_MAX])
    return Ruling(decision, [said])


def may_lift(plan: Plan, request: Request) -> Finding:
    actor, roles = request.actor, plan.login.lifted_by
    who: dict[str, Value] = {"roles": ", ".join(roles)}
    if actor.agent and actor.agent == agent_of(request.ask):
        return Finding("duty.not_by_yourself", "deny", who)
    if actor.via == "engine" or actor.role == "local" or actor.role in roles:
        return Finding("duty.may_lift", values=who)
    return Finding("duty.may_not_lift", "deny", {**who, "role": actor.role})


def reason_given(reason: str) -> Finding:
    return Finding("duty.reason") if reason.strip() else Finding("duty.no_reason", "deny")


def known_person(floor: Floor, agent: str, until: Micros) -> Finding:
    if agent not in floor.owned.people:
        return Finding("duty.unknown", "deny", {"agent": agent})
    return Finding("duty.let_in", values={"agent": agent, "until": wall(floor, until)})


def here(floor: Floor, request: Request, wish: requests.Here, moment: Moment) -> Ruling:
    reached = reach(floor.owned, request.actor, wish.agent)
    own = bool(wish.agent) and request.actor.agent == wish.agent
    found = Finding("duty.here") if own else Finding("duty.here_yourself", "deny", {"agent": wish.agent})
    return Ruling(decide([reached, found]))  # that somebody is there follows from every act of their own: `present`


def present(floor: Floor, request: Request, now: Micros) -> list[Saying]:
    """Whatever somebody does for themselves on the phone or the page shows that they are there."""
    agent = request.actor.agent
    if not agent or agent != agent_of(request.ask) or request.actor.via not in PRESENCE_VIAS:
        return []
    if floor.owned.present.get(agent, 0) > now - PRESENT_AGAIN:
        return []
    return [say(AgentPresent, now, agent=agent, via=request.actor.via)]


# ------------------------------------------------------------------ what time makes necessary


def due(floor: Floor, now: Micros, touched: Collection[str] | None, ids: Ids) -> list[Saying]:
    """Who is leaving and has nothing in hand any more is out when the PBX has let go. Shifts are looked at with all agents."""
    said: list[Saying] = []
    for known in floor.owned.duty.values():
        if known.leaving:
            said += let_go(floor, known, now)
        elif touched is None and shift_over(floor, known.agent, now):
            said += leave(floor, known.agent, BY_SHIFT, now)
    if touched is None:
        said += [each for lease in floor.owned.leases.values() for each in went_home(floor, lease, now)]
    return said


def went_home(floor: Floor, lease: Lease, now: Micros) -> Iterator[Saying]:
    """The break of somebody who logs in and out at the PBX alone. A meeting ends by itself."""
    known = floor.agents.get(lease.agent)
    if lease.agent in floor.owned.duty or lease.kind in OF_THE_FLOOR or known is None:
        return
    if known.state is AgentState.LOGGED_OUT and now - known.since > HOME and now - lease.since > HOME:
        yield say(BreakEnded, max(known.since, lease.since) + HOME, agent=lease.agent, kind=lease.kind, why="logout")


def let_go(floor: Floor, known: Duty, now: Micros) -> Iterator[Saying]:
    if busy(floor, known.agent):
        return
    if settled(floor, known):
        yield from off_duty(floor, known.agent, why_of(known.agent, known.leaving), now)
    else:
        yield from dropped(floor, known.agent, now)
        yield from ended(floor, known.agent, now)


def shift_over(floor: Floor, agent: str, now: Micros) -> bool:
    """By more than `late_s`, and nobody let them stay. Whoever is on a call is asked again when it is over."""
    plan = floor.owned.plan
    if not plan.shifts.enforced or floor.owned.allowed.get(agent, 0) > now or busy(floor, agent):
        return False
    zone = zone_of(floor)
    return rostered(plan, agent, zone) and shift_around(plan, agent, now, zone) is None
