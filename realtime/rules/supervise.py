"""What supervisors order: pause, ready, log-out, hang-up, listening, taking over, moving; each with all that was looked at.

Not breaks that are granted by the rules (`breaks.py`), and not taking back (`undo.py`). An order names live channels that the floor
knows, never a member's name: on many PBXs the member is a hint or a Local channel. What must be kept (a pause, a queue) becomes a
fact, and the rules that keep it do so; what is done once (a hang-up, a ring) is the order alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Finding, decide
from realtime.floor import Call, Floor, Leg, Phone, key
from realtime.orders import AddMember, AnyAct, HangUp, PauseMember, RemoveMember, Spy, TakeOver
from realtime.owned import Lease, Owned, Stray, Waiting
from realtime.plan.model import BREAK_KINDS
from realtime.plan.reach import reach, reach_to_hear
from realtime.requests import Actor, Request
from realtime.rules import duty, pauses, phones
from realtime.rules.breaks import LONGEST_MIN, for_oneself
from realtime.rules.busy import busy, on_call, seat_of
from realtime.rules.ordering import give, under_way
from realtime.rules.pauses import Desired
from realtime.rules.places import PLACED
from realtime.rulings import BreakBegan, BreakDropped, BreakEnded, BreakGranted, QueuesMoved
from realtime.saying import Saying, say
from realtime.words import SECOND, AgentId, Interface, LegState, QueueName

WITH_SOMEBODY = (LegState.TALKING, LegState.HOLD)
FORCED = "forced"


class Before(msgspec.Struct, frozen=True, omit_defaults=True):
    """What taking it back needs to know of the moment before."""

    lease: Lease | None = None
    waiting: Waiting | None = None
    into: tuple[str, ...] = ()
    out_of: tuple[str, ...] = ()
    removed: tuple[AddMember, ...] = ()
    added: tuple[RemoveMember, ...] = ()
    by_hand: tuple[PauseMember, ...] = ()
    stray: Stray | None = None


def written(before: Before) -> str:
    return msgspec.json.encode(before).decode()


def ruled(findings: Iterable[Finding], says: Iterable[Saying], before: Before | None = None) -> Ruling:
    """A refusal says nothing; `says` is looked at only where nothing stands against it."""
    decision = decide(findings)
    if decision.verdict != "allow":
        return Ruling(decision)
    return Ruling(decision, list(says), before=written(before) if before is not None else "")


# ------------------------------------------------------------------ pause, ready, log-out


def force_pause(floor: Floor, request: Request, wish: requests.PauseForce, moment: Moment) -> Ruling:
    """A lease like any other; during a call it is granted pending, so that no next call rings and this one is not cut."""
    agent, by = wish.agent, request.actor.who
    known = Finding("supervise.kind", values={"kind": wish.kind})
    if wish.kind not in BREAK_KINDS:
        known = Finding("supervise.no_kind", "deny", {"kind": wish.kind, "kinds": ", ".join(BREAK_KINDS)})
    after = Finding("supervise.after_call" if busy(floor, agent) else "supervise.at_once", values={"agent": agent})
    findings = [reach(floor.owned, request.actor, agent), working(floor, agent), known, after]
    findings += for_oneself(request.actor, agent) if wish.kind in PLACED else []
    length_s = length_of(floor, wish)

    def says() -> list[Saying]:
        if busy(floor, agent):
            grant = {"agent": agent, "kind": wish.kind, "request": request.id, "length_s": length_s, "expires": 0, "by": by}
            said = say(BreakGranted, moment.now, **grant, rule=after)
        else:
            until = moment.now + length_s * SECOND if length_s else 0
            lease = {"agent": agent, "kind": wish.kind, "request": request.id, "until": until, "why": FORCED, "by": by}
            said = say(BreakBegan, moment.now, **lease)
        must = Desired(True, wish.kind, moment.now, by, request.id, wish.reason or "supervise.pause")
        return [said, *pauses.orders(floor, agent, must, moment.now, moment.ids)]

    return ruled(
        findings,
        says() if decide(findings).verdict == "allow" else (),
        Before(
            floor.owned.leases.get(agent),
            floor.owned.waiting.get(agent),
            by_hand=by_hand(floor, agent),
            stray=floor.owned.strays.get(agent),
        ),
    )


def by_hand(floor: Floor, agent: str) -> tuple[PauseMember, ...]:
    """How somebody is paused by their own hand, in every queue; one paused in some of them only is at work."""
    phone, must = seat_of(floor, agent), pauses.desired(floor, agent)
    here = list(pauses.members(floor, phone)) if phone is not None else []
    if (must is not None and must.paused) or agent in floor.owned.releasing or not all(member.paused for _, member in here):
        return ()
    reasons = {member.interface: member.reason for _, member in here}
    return tuple(PauseMember(interface, True, reason) for interface, reason in reasons.items())


def length_of(floor: Floor, wish: requests.PauseForce) -> int:
    """Seconds; 0: open. Without a word as the plan says of this kind, and never longer than what is granted by hand may be."""
    rules = floor.owned.plan.breaks.kinds.get(wish.kind)
    return 60 * (min(max(0, wish.minutes), LONGEST_MIN) or (rules.minutes if rules is not None else 0))


def force_ready(floor: Floor, request: Request, wish: requests.ReadyForce, moment: Moment) -> Ruling:
    """Ends a break or meeting of ours, a granted one, or a pause that nobody granted."""
    agent, by, now = wish.agent, request.actor.who, moment.now
    lease, grant = floor.owned.leases.get(agent), floor.owned.grants.get(agent)
    phone = seat_of(floor, agent)
    paused = phone is not None and any(member.paused for _, member in pauses.members(floor, phone))
    found = Finding("supervise.ready", values={"agent": agent})
    if lease is None and grant is None and not paused:
        found = Finding("supervise.ready_already", "deny", {"agent": agent})
    findings = [reach(floor.owned, request.actor, agent), working(floor, agent), found]
    if decide(findings).verdict != "allow":
        return ruled(findings, ())
    says = [say(BreakDropped, now, agent=agent, kind=grant.kind, why="withdrawn")] if grant is not None else []
    says += [say(BreakEnded, now, agent=agent, kind=lease.kind, why=FORCED, by=by)] if lease is not None else []
    must = Desired(False, "", now, by, request.id, wish.reason or "supervise.ready")
    return ruled(findings, [*says, *pauses.orders(floor, agent, must, now, moment.ids)], Before(lease))


def force_logout(floor: Floor, request: Request, wish: requests.LogOutForce, moment: Moment) -> Ruling:
    """As when the agent asks. Who is in queues without having logged in here is taken out of them: the call in hand goes on."""
    agent, by, now = wish.agent, request.actor.who, moment.now
    findings = [reach(floor.owned, request.actor, agent), working(floor, agent)]
    if agent in floor.owned.duty:
        findings.append(Finding("supervise.after_call" if busy(floor, agent) else "supervise.at_once", values={"agent": agent}))
        return ruled(findings, duty.leave(floor, agent, by, now))
    phone = seat_of(floor, agent)
    findings.append(Finding("supervise.out_of_queues", values={"agent": agent}))
    acts = [RemoveMember(name, member.interface) for name, member in pauses.members(floor, phone)] if phone is not None else []
    why = wish.reason or "supervise.logout"
    return ruled(
        findings, [give(now, moment.ids, phone.node, act, why=why, agent=agent, who=by, request=request.id) for act in acts if phone]
    )


def working(floor: Floor, agent: str) -> Finding:
    phone = seat_of(floor, agent)
    if phone is None or not phone.members:
        return Finding("supervise.not_working", "deny", {"agent": agent})
    node = floor.nodes.get(phone.node)
    if node is None or node.link != "live":
        return Finding("supervise.node_away", "deny", {"node": phone.node})
    return Finding("supervise.working", values={"agent": agent})


# ------------------------------------------------------------------ calls


def hang_up(floor: Floor, request: Request, wish: requests.CallHangUp, moment: Moment) -> Ruling:
    """An agent's call ends at the agent's own leg; any other at the line's, for that is who would stay behind."""
    call, leg, agents = call_of(floor, wish)
    agent = agents[0]
    act = HangUp(leg.leg) if leg is not None else None
    findings = [reach(floor.owned, request.actor, each) for each in agents]
    if call is None or act is None:
        findings.append(Finding("supervise.no_call", "deny", {"agent": wish.agent or wish.call}))
        return ruled(findings, ())
    findings += [live(floor, call.node), not_twice(floor, call.node, act)]
    why = wish.reason or "supervise.hangup"
    return ruled(findings, [give(moment.now, moment.ids, call.node, act, why=why, agent=agent, who=request.actor.who, request=request.id)])


def call_of(floor: Floor, wish: requests.CallHangUp) -> tuple[Call | None, Leg | None, tuple[AgentId, ...]]:
    """The call that is meant, the leg to hang up, and whose call it is: of a call by its id everybody's who is in it."""
    if not wish.call:
        phone = seat_of(floor, wish.agent)
        found = leg_of(floor, phone) if phone is not None else None
        return (*found, (wish.agent,)) if found is not None else (None, None, (wish.agent,))
    call = floor.calls.get(floor.aliases.get(wish.call, wish.call))
    if call is None or call.ended or not call.legs:
        return None, None, (wish.agent,)
    legs = sorted(call.legs.values(), key=lambda leg: (floor.phones[leg.phone].ours, leg.began))
    agents = tuple(agent for leg in legs if (agent := floor.phones[leg.phone].agent) is not None)
    return call, legs[0], agents or (wish.agent,)


def leg_of(floor: Floor, phone: Phone) -> tuple[Call, Leg] | None:
    """The phone's leg that talks or is held; else the one that was there last."""
    legs = [(floor.calls[call], floor.calls[call].legs[leg]) for leg, call in phone.legs.items()]
    return max(legs, key=lambda each: (each[1].state in WITH_SOMEBODY, each[1].since), default=None)


def spy(floor: Floor, request: Request, wish: requests.CallSpy, moment: Moment) -> Ruling:
    """The agent's own live leg: a whisper is then heard by the agent alone."""
    findings, found = _about_talk(floor, request, wish.agent, reach_to_hear if wish.mode == "listen" else reach)
    if found is None:
        return ruled(findings, ())
    call, leg = found
    phone, said = phones.own(floor, request.actor, wish.phone, call)
    act = Spy(leg.leg, phone, wish.mode)
    findings += [said, not_twice(floor, call.node, act)]
    order = {"why": f"supervise.{wish.mode}", "agent": wish.agent, "who": request.actor.who, "request": request.id}
    return ruled(findings, [give(moment.now, moment.ids, call.node, act, **order)])


def take_over(floor: Floor, request: Request, wish: requests.CallTakeOver, moment: Moment) -> Ruling:
    """The other side's leg comes out of the talk and to the supervisor's phone; the agent's call is over."""
    findings, found = _about_talk(floor, request, wish.agent)
    if found is None:
        return ruled(findings, ())
    call, own = found
    others = [leg for leg in call.legs.values() if leg.phone != own.phone and leg.state in WITH_SOMEBODY]
    if not others:
        return ruled([*findings, Finding("supervise.no_other_side", "deny", {"agent": wish.agent})], ())
    other = min(others, key=lambda leg: (floor.phones[leg.phone].ours, leg.began))
    phone, said = phones.own(floor, request.actor, wish.phone, call)
    act = TakeOver(other.leg, phone)
    findings += [said, not_twice(floor, call.node, act)]
    order = {"why": wish.reason or "supervise.takeover", "agent": wish.agent, "who": request.actor.who, "request": request.id}
    return ruled(findings, [give(moment.now, moment.ids, call.node, act, **order)])


def _about_talk(
    floor: Floor, request: Request, agent: AgentId, reached: Callable[[Owned, Actor, str], Finding] = reach
) -> tuple[list[Finding], tuple[Call, Leg] | None]:
    findings = [reached(floor.owned, request.actor, agent)]
    phone = seat_of(floor, agent)
    found = leg_of(floor, phone) if phone is not None and on_call(floor, agent) else None
    if found is None or found[1].state not in WITH_SOMEBODY:
        return [*findings, Finding("supervise.no_call", "deny", {"agent": agent})], None
    return [*findings, live(floor, found[0].node)], found


def live(floor: Floor, node: str) -> Finding:
    known = floor.nodes.get(node)
    if known is None or known.link != "live":
        return Finding("supervise.node_away", "deny", {"node": node})
    return Finding("supervise.node_live", values={"node": node})


def not_twice(floor: Floor, node: str, act: HangUp | Spy | TakeOver) -> Finding:
    if under_way(floor, node, act):
        return Finding("supervise.under_way", "deny")
    return Finding("supervise.first")


# ------------------------------------------------------------------ queues


def move(floor: Floor, request: Request, wish: requests.QueueMove, moment: Moment) -> Ruling:
    """Who is on duty here is kept in the new queues until they log out (`membership.py`); anybody else is moved by orders, once."""
    agent, owned = wish.agent, floor.owned
    phone = seat_of(floor, agent)
    findings = [
        reach(owned, request.actor, agent),
        *(known_queue(floor, phone, name) for name in dict.fromkeys((*wish.into, *wish.out_of))),
    ]
    if phone is None or (agent not in owned.duty and not phone.members):
        return ruled([*findings, Finding("supervise.not_working", "deny", {"agent": agent})], ())
    if not wish.into and not wish.out_of:
        return ruled([*findings, Finding("supervise.no_queue", "deny", {"queue": ""})], ())
    on_duty = owned.duty.get(agent)
    if on_duty is not None:
        into = (*(name for name in on_duty.into if name not in wish.out_of), *wish.into)
        out_of = (*(name for name in on_duty.out_of if name not in wish.into), *wish.out_of)
        moved = {"agent": agent, "into": tuple(dict.fromkeys(into)), "out_of": tuple(dict.fromkeys(out_of)), "by": request.actor.who}
        return ruled(findings, [say(QueuesMoved, moment.now, **moved)], Before(into=on_duty.into, out_of=on_duty.out_of))
    out, new = leaving(floor, phone, wish.out_of), entering(floor, agent, phone, wish.into)
    why = wish.reason or "supervise.move"
    order = {"why": why, "agent": agent, "who": request.actor.who, "request": request.id}
    acts: list[AnyAct] = [*new, *(RemoveMember(each.queue, each.interface) for each in out)]
    says = [give(moment.now, moment.ids, phone.node, act, **order) for act in acts]
    return ruled(findings, says, Before(removed=out, added=tuple(RemoveMember(act.queue, act.interface) for act in new)))


def known_queue(floor: Floor, phone: Phone | None, name: str) -> Finding:
    if phone is not None and key(phone.node, name) not in floor.queues:
        return Finding("supervise.no_queue", "deny", {"queue": name})
    return Finding("supervise.queue", values={"queue": name})


def leaving(floor: Floor, phone: Phone, names: Iterable[QueueName]) -> tuple[AddMember, ...]:
    """How each of these memberships would be made again."""
    here = {name: member for name, member in pauses.members(floor, phone) if name in names}
    return tuple(AddMember(name, m.interface, phone.device, m.name, m.penalty, m.paused, m.reason) for name, m in here.items())


def entering(floor: Floor, agent: str, phone: Phone, names: Iterable[QueueName]) -> tuple[AddMember, ...]:
    """Under the interface and the name that this one has elsewhere, paused if that is how they must be."""
    interface = next(iter(phone.members.values()), phone.device)
    known = next((member.name for _, member in pauses.members(floor, phone)), floor.agents[AgentId(agent)].name)
    must = pauses.desired(floor, agent)
    paused, reason = (True, must.reason) if must is not None and must.paused else (False, "")
    news = [name for name in names if key(phone.node, name) not in phone.members]
    return tuple(AddMember(name, Interface(interface), phone.device, known, 0, paused, reason) for name in news)
