"""Taking back what a supervisor's request did: what can be undone, for a minute, where nobody has acted on it since.

Not the doing (`supervise.py`). What has rung, ended or been heard cannot be taken back, and the refusal says so.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from realtime import requests
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Finding
from realtime.floor import Floor
from realtime.orders import AddMember, AnyAct
from realtime.owned import Answer, Grant, Lease, Waiting
from realtime.plan.reach import reach
from realtime.requests import Request
from realtime.rules import pauses
from realtime.rules.busy import seat_of
from realtime.rules.ordering import give, under_way
from realtime.rules.pauses import Desired
from realtime.rules.supervise import FORCED, Before, ruled
from realtime.rulings import BreakBegan, BreakDropped, BreakEnded, BreakQueued, MessageSent, PauseUnauthorised, QueuesMoved
from realtime.saying import Saying, say
from realtime.words import SECOND, AgentId, Micros

UNDONE_WITHIN: Micros = 60 * SECOND
"""Longer, and others have built on it."""


def undo(floor: Floor, request: Request, wish: requests.Undo, moment: Moment) -> Ruling:
    answer = floor.owned.answers.get(wish.request)
    if answer is None:
        return ruled([Finding("undo.unknown", "deny")], ())
    reached = Finding("reach.own") if answer.who == request.actor.who else reach(floor.owned, request.actor, answer.agent)
    findings = [reached, timely(answer, moment.now)]
    how = INVERSES.get(answer.ask)
    if how is None:
        return ruled([*findings, Finding("undo.not_possible", "deny", {"ask": answer.ask})], ())
    says = how(floor, answer, request, moment)
    findings.append(Finding("undo.possible") if says else Finding("undo.overtaken", "deny"))
    ruling = ruled(findings, says)
    return ruling._replace(undoes=answer.request) if ruling.says else ruling


def timely(answer: Answer, now: Micros) -> Finding:
    if answer.decision.verdict not in ("allow", "queue"):
        return Finding("undo.nothing", "deny")
    if answer.undone:
        return Finding("undo.already", "deny")
    if now - answer.at > UNDONE_WITHIN:
        return Finding("undo.late", "deny", {"seconds": UNDONE_WITHIN // SECOND})
    return Finding("undo.in_time")


def _before(answer: Answer) -> Before:
    try:
        return msgspec.json.decode(answer.before or "{}", type=Before)
    except msgspec.MsgspecError:
        return Before()


# ------------------------------------------------------------------ one for each ask; nothing where it was overtaken


def _pause(floor: Floor, answer: Answer, request: Request, moment: Moment) -> list[Saying]:
    """Of a pause that was ordered, or a break that was granted by overruling: back to what was before, the place on the waiting list
    included. Nobody becomes ready by it who was not: a break that is over its time goes on being that, and who had paused by their
    own hand is so again."""
    agent, owned, was = answer.agent, floor.owned, _before(answer)
    lease, grant = owned.leases.get(agent), owned.grants.get(agent)
    if grant is not None and grant.request == answer.request:
        ended = say(BreakDropped, moment.now, agent=agent, kind=grant.kind, why="undone", by_hand=bool(was.by_hand))
        back = [ended, *_waits_again(floor, was.waiting or _waited(grant), moment)]
        if lease is not None:  # it is on all the time
            return [*back, *_ordered(floor, lease, request, moment)]
        if grant.expires:
            return back  # nobody was paused for it
    elif lease is not None and lease.request == answer.request:
        why = "replaced" if was.by_hand else FORCED
        ended = say(BreakEnded, moment.now, agent=agent, kind=lease.kind, why=why, by=request.actor.who)
        back = [ended, *_waits_again(floor, was.waiting, moment)]
        if was.lease is not None:  # a meeting's that has ended meanwhile is ended by its own rule
            return [*back, *_lease_again(floor, was.lease, request, moment)]
    else:
        return []
    if was.by_hand:
        return [*back, *_by_hand_again(floor, agent, was, request, moment)]
    must = Desired(False, "", moment.now, request.actor.who, request.id, "undo.pause")
    return [*back, *pauses.orders(floor, agent, must, moment.now, moment.ids)]


def _by_hand_again(floor: Floor, agent: AgentId, was: Before, request: Request, moment: Moment) -> list[Saying]:
    """The phone shows the reason of before. Treated and counted it was when it was seen."""
    phone, stray, back = seat_of(floor, agent), was.stray, list[Saying]()
    if stray is not None and agent not in floor.owned.strays:
        seen = {"agent": agent, "since": stray.since, "reason": stray.reason, "treated": stray.treated, "again": True}
        back.append(say(PauseUnauthorised, moment.now, phone.node if phone is not None else "", **seen))
    if phone is None:
        return back
    order = {"why": "undo.pause", "agent": agent, "who": request.actor.who, "request": request.id}
    acts = [act for act in was.by_hand if not under_way(floor, phone.node, act)]
    return [*back, *(give(moment.now, moment.ids, phone.node, act, **order) for act in acts)]


def _waited(grant: Grant | None) -> Waiting | None:
    """The place that became a grant by overruling, which carries it."""
    if grant is None or not 0 < grant.asked < grant.granted:
        return None
    kept = {name: getattr(grant, name) for name in ("agent", "kind", "request", "rank", "length_s", "asked", "times", "turn")}
    return Waiting(**kept, since=grant.asked)


def _waits_again(floor: Floor, waiting: Waiting | None, moment: Moment) -> list[Saying]:
    """At the place of before; who asked anew meanwhile has another."""
    if waiting is None or waiting.agent in floor.owned.waiting:
        return []
    kept = {name: getattr(waiting, name) for name in ("agent", "kind", "request", "rank", "length_s", "asked", "times", "turn")}
    return [say(BreakQueued, moment.now, **kept)]


def _ready(floor: Floor, answer: Answer, request: Request, moment: Moment) -> list[Saying]:
    """Paused again with the old reason and what is left of its time, if there is any."""
    before = _before(answer).lease
    if before is None or answer.agent in floor.owned.leases or answer.agent in floor.owned.grants:
        return []
    return _lease_again(floor, before, request, moment)


def _lease_again(floor: Floor, lease: Lease, request: Request, moment: Moment) -> list[Saying]:
    kept = {name: getattr(lease, name) for name in ("agent", "kind", "request", "until", "why", "by", "overran")}
    return [say(BreakBegan, moment.now, **kept), *_ordered(floor, lease, request, moment)]


def _ordered(floor: Floor, lease: Lease, request: Request, moment: Moment) -> list[Saying]:
    must = Desired(True, lease.kind, moment.now, request.actor.who, request.id, "undo.ready")
    return pauses.orders(floor, lease.agent, must, moment.now, moment.ids)


def _move(floor: Floor, answer: Answer, request: Request, moment: Moment) -> list[Saying]:
    before, agent = _before(answer), answer.agent
    if agent in floor.owned.duty:
        back = {"agent": agent, "into": before.into, "out_of": before.out_of, "by": request.actor.who}
        return [say(QueuesMoved, moment.now, **back)]
    phone = seat_of(floor, agent)
    node = phone.node if phone is not None else None
    if node is None:
        return []
    order = {"why": "undo.move", "agent": agent, "who": request.actor.who, "request": request.id}
    acts: list[AnyAct] = [*_as_now(floor, agent, before.removed), *before.added]
    return [give(moment.now, moment.ids, node, act, **order) for act in acts]


def _as_now(floor: Floor, agent: str, members: tuple[AddMember, ...]) -> list[AddMember]:
    """Paused or not as this one must be by now."""
    must = pauses.desired(floor, agent)
    if must is None:
        return list(members)
    reason = must.reason if must.paused else ""
    return [msgspec.structs.replace(member, paused=must.paused, reason=reason) for member in members]


def _message(floor: Floor, answer: Answer, request: Request, moment: Moment) -> list[Saying]:
    """Shown no longer."""
    sent = [each for each in floor.owned.messages.values() if each.at == answer.at and each.who == answer.who and each.until > moment.now]
    return [say(MessageSent, moment.now, message=each.id, to=each.to, text=each.text, who=each.who, until=moment.now) for each in sent]


Inverse = Callable[[Floor, Answer, Request, Moment], list[Saying]]
INVERSES: dict[str, Inverse] = {
    "pause.force": _pause,
    "break.grant": _pause,
    "ready.force": _ready,
    "queue.move": _move,
    "message.send": _message,
}
