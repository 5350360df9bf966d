"""Answers to requests: one table of who decides what, and what all answers have in common. Pure.

Not the rules themselves (`rules/`), not the stream (`engine.py`). Every request is answered exactly once, by a
`RequestAnswered` with its reasons; what follows from it is said right behind it, in the same append.
"""

from __future__ import annotations

from realtime import asks_outbound, requests
from realtime.control.ruling import Handler, Moment, Ruling
from realtime.decision import Decision, Finding, deny
from realtime.floor import Floor
from realtime.requests import STALE, AnyAsk, Request, agent_of, name_of
from realtime.rules import alerts, breaks, campaigns, cards, do_not_call, duty, meetings, messages, results, supervise, undo
from realtime.rulings import OrderGiven, RequestAnswered
from realtime.saying import Ids, Saying, say
from realtime.words import SECOND, Micros

HANDLERS: dict[type[requests.Ask | asks_outbound.OutboundAsk], Handler] = {
    requests.BreakAsk: breaks.ask,
    requests.BreakWithdraw: breaks.withdraw,
    requests.BreakTake: breaks.take,
    requests.BreakBack: breaks.back,
    requests.BreakGrant: breaks.grant,
    requests.LogIn: duty.log_in,
    requests.LogOut: duty.log_out,
    requests.LogInAllow: duty.allow_login,
    requests.Here: duty.here,
    requests.MessageSeen: messages.seen,
    requests.MessageSend: messages.send,
    requests.PauseForce: supervise.force_pause,
    requests.ReadyForce: supervise.force_ready,
    requests.LogOutForce: supervise.force_logout,
    requests.CallHangUp: supervise.hang_up,
    requests.CallSpy: supervise.spy,
    requests.CallTakeOver: supervise.take_over,
    requests.CardPause: cards.pause,
    requests.CardResume: cards.resume,
    requests.QueueMove: supervise.move,
    requests.Undo: undo.undo,
    requests.MeetingStart: meetings.start,
    requests.MeetingStop: meetings.stop,
    requests.AlertTake: alerts.take,
    asks_outbound.CampaignStep: campaigns.step,
    asks_outbound.CampaignStop: campaigns.stop,
    asks_outbound.DiallingResume: campaigns.resume,
    asks_outbound.StepWithdraw: campaigns.withdraw,
    asks_outbound.ItemKeep: campaigns.keep_item,
    asks_outbound.ComplaintKeep: campaigns.keep_complaint,
    asks_outbound.StatementConfirm: campaigns.confirm,
    asks_outbound.ResultKeep: results.keep,
    asks_outbound.NumberBlock: do_not_call.block,
    asks_outbound.NumberUnblock: do_not_call.unblock,
    asks_outbound.ConsentKeep: do_not_call.keep_consent,
    asks_outbound.ConsentRevoke: do_not_call.revoke,
    asks_outbound.ListAnnounce: do_not_call.announce,
}


def answer(floor: Floor, request: Request, offset: str, now: Micros, ids: Ids) -> list[Saying]:
    """The answer first, then what follows. `offset`: the request's place in its stream."""
    ruling = rule(floor, request, Moment(now, ids))
    given = tuple(each.fields["order"].id for each in ruling.says if each.kind is OrderGiven)
    answered = say(
        RequestAnswered,
        now,
        request=request.id,
        offset=offset,
        key=request.key,
        who=request.actor.who,
        role=request.actor.role,
        via=request.actor.via,
        ask=name_of(request.ask),
        agent=agent_of(request.ask),
        decision=ruling.decision,
        orders=given,
        undoes=ruling.undoes,
        before=ruling.before,
    )
    there = duty.present(floor, request, now) if ruling.decision.verdict in ("allow", "queue") else []
    return [answered, *ruling.says, *there]


def unreadable(offset: str, now: Micros) -> list[Saying]:
    """What this version cannot read is refused like anything else: it holds nobody up, and the next engine goes on behind it."""
    return [say(RequestAnswered, now, request=unreadable_name(offset), offset=offset, decision=deny("request.unreadable"))]


def unreadable_name(offset: str) -> str:
    """Of a request whose own cannot be read."""
    return f"unreadable {offset}"


def rule(floor: Floor, request: Request, moment: Moment) -> Ruling:
    if (first := floor.owned.keys.get(request.key)) is not None and request.key:
        return Ruling(repeated(floor, request, first))
    if moment.now - request.at > STALE and not isinstance(request.ask, asks_outbound.CampaignStop):  # a stop is never too late
        return Ruling(deny("request.stale", seconds=(moment.now - request.at) // SECOND))
    ask: AnyAsk = request.ask
    ruling = HANDLERS[type(ask)](floor, request, ask, moment)
    if ruling.decision.verdict in ("defer", "deny"):
        assert not ruling.says, "a refused request does nothing"
    return ruling


def repeated(floor: Floor, request: Request, first: str) -> Decision:
    """The same key again, as a phone or a browser that heard nothing sends it: the first answer, and nothing is done twice. With another
    deed, or for somebody else, it is a mistake: the first answer would say done of what was not."""
    answered, ask = floor.owned.answers[first], request.ask
    if (answered.ask, answered.agent) != (name_of(ask), agent_of(ask)):
        return deny("request.key_used", ask=answered.ask)
    before = answered.decision
    return Decision(before.verdict, (*before.findings, Finding("request.repeated", before.verdict, {"request": first})))
