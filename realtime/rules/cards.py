"""Card-data pauses: nothing of a call is recorded while somebody says a card's number. Asked for, kept, and ended by themselves. Pure.

Not the orders' carrying out (`agi/orders.py`) and not the archive, which only reads the spans. Recordings are silenced and not stopped, so
that the timeline of what follows stays right. What is recorded anew during a pause (a queue's own recording behind the dialplan's) is
silenced, too, and so is what has sound again without our word. A pause that nobody ends is over after `pause_most_s` of the plan, for a
call without its second half proves nothing; all of a call together after `pause_total_s`, or one that is asked for again and again would
be a call without a recording. It ends with its call in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from realtime import requests
from realtime.card_pause import spent, unsettled
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Finding, decide
from realtime.floor import Call, Floor, key
from realtime.orders import MuteRecording
from realtime.owned import CardNow
from realtime.plan.reach import reach
from realtime.recording_facts import CardPauseBegan, CardPauseEnded
from realtime.requests import Request
from realtime.rules.busy import seat_of
from realtime.rules.ordering import give, under_way
from realtime.rules.supervise import WITH_SOMEBODY, live, ruled
from realtime.saying import Ids, Saying, say
from realtime.words import SECOND, AgentId, CallId, Micros, Uniqueid

TRIES: Final = 20
"""Orders for one recording and one wish: a minute of asking a PBX that refuses each, and the page says that it is not done."""
AGAIN: Final[Micros] = 3 * SECOND
"""Between two of them."""
ASKED: Final = "card.pause"
OVER: Final = "card.resume"


def pause(floor: Floor, request: Request, wish: requests.CardPause, moment: Moment) -> Ruling:
    """Asked again while it is on, the time begins anew: a customer who looks for the card must not be recorded when it is found."""
    calls, agents = meant(floor, request, wish.agent, wish.call)
    findings = [reach(floor.owned, request.actor, each) for each in agents]
    if not calls:
        return ruled([*findings, Finding("card.no_call", "deny", {"agent": wish.agent or wish.call})], ())
    recorded = [call for call in calls if call.recording]
    most = min([floor.owned.plan.archive.pause_most_s * SECOND, *(left(floor, key(call.node, call.id), moment.now) for call in recorded)])
    finding = Finding("card.recorded", values={"seconds": most // SECOND})
    if recorded and most < SECOND:  # also of two calls one: the card's number would be in its recording
        finding = Finding("card.total", "deny", {"minutes": minutes(floor)})
    if not recorded:
        finding = Finding("card.unknown" if any(call.dark for call in calls) else "card.not_recorded", "deny")
    findings += [*(live(floor, node) for node in dict.fromkeys(call.node for call in recorded or calls)), finding]
    if decide(findings).verdict != "allow":
        return ruled(findings, ())
    until, who = moment.now + most, request.actor.who
    sayings = []
    for call in recorded:
        sayings.append(say(CardPauseBegan, moment.now, call.node, call=call.id, until=until, agent=agents[0], who=who))
        legs = [leg for leg in call.recording if leg not in call.silent]
        sayings += _orders(floor, call, legs, True, moment, why=ASKED, agent=agents[0], who=who, request=request.id)
    return ruled(findings, sayings)


def resume(floor: Floor, request: Request, wish: requests.CardResume, moment: Moment) -> Ruling:
    calls, agents = meant(floor, request, wish.agent, wish.call)
    findings = [reach(floor.owned, request.actor, each) for each in agents]
    cards = [(call, card) for call in calls if (card := floor.owned.cards.get(key(call.node, call.id))) is not None and not card.over]
    if not cards:
        return ruled([*findings, Finding("card.not_paused", "deny")], ())
    findings += [*(live(floor, node) for node in dict.fromkeys(call.node for call, _ in cards)), Finding("card.resumed")]
    who = request.actor.who
    sayings = []
    for call, card in cards:
        sayings.append(say(CardPauseEnded, moment.now, call.node, call=call.id, why="asked", who=who))
        quiet = [leg for leg in call.silent if leg not in card.others]
        legs = list(dict.fromkeys([*quiet, *(leg for leg in card.ordered if leg in call.recording)]))
        sayings += _orders(floor, call, legs, False, moment, why=OVER, agent=card.agent, who=who, request=request.id)
    return ruled(findings, sayings)


def _orders(floor: Floor, call: Call, legs: Iterable[str], muted: bool, moment: Moment, **order: str) -> Iterator[Saying]:
    for act in (MuteRecording(call.id, Uniqueid(leg), muted) for leg in legs):
        if not under_way(floor, call.node, act):
            yield give(moment.now, moment.ids, call.node, act, **order)


def meant(floor: Floor, request: Request, agent: AgentId, call: str) -> tuple[list[Call], tuple[AgentId, ...]]:
    """The calls, and whose they are: of a call by its id everybody's who is in it. Whoever is in it may silence it for all of them."""
    if not call:
        return all_in_hand(floor, agent), (agent,)
    known = floor.calls.get(floor.aliases.get(call, call))
    if known is None or known.ended:
        return [], (agent,)
    legs = sorted(known.legs.values(), key=lambda leg: leg.began)
    agents = tuple(each for leg in legs if (each := floor.phones[leg.phone].agent) is not None)
    if request.actor.agent in agents:
        return [known], (request.actor.agent,)
    return [known], agents or (agent,)


def in_hand(floor: Floor, agent: str) -> Call | None:
    """The one that is shown: the first of them."""
    return next(iter(all_in_hand(floor, agent)), None)


def all_in_hand(floor: Floor, agent: str) -> list[Call]:
    """Calls in which this agent talks, or keeps somebody on hold; else the one that is there, and never the one that dials a code beside
    them. Of a customer on hold and a colleague beside often one is recorded and the other is not: what is recorded, or may be, is first."""
    phone = seat_of(floor, agent)
    legs = [(floor.calls[call], floor.calls[call].legs[leg]) for leg, call in phone.legs.items()] if phone is not None else []
    with_somebody = [each for each in legs if each[1].state in WITH_SOMEBODY] or legs
    found = sorted(with_somebody, key=lambda each: (bool(each[0].recording), each[0].dark, each[1].since), reverse=True)
    return list({call.id: call for call, _ in found}.values())


def left(floor: Floor, name: str, at: Micros) -> Micros:
    """Of what the plan allows the call of this key, in all."""
    return max(0, floor.owned.plan.archive.pause_total_s * SECOND - spent(floor, name, at))


def minutes(floor: Floor) -> int:
    """As a person says it: a part of one is one."""
    return -(-floor.owned.plan.archive.pause_total_s // 60)


def silent_since(call: Call) -> Micros:
    """Since when none of its recordings gets sound; 0: one does, or nothing is recorded."""
    quiet = call.recording and all(leg in call.silent for leg in call.recording)
    return max(call.silent[leg] for leg in call.recording) if quiet else 0


# ------------------------------------------------------------------ what is due


def due(floor: Floor, now: Micros, ids: Ids) -> list[Saying]:
    return [said for name, card in floor.owned.cards.items() for said in of_card(floor, name, card, now, ids)]


def of_card(floor: Floor, name: str, card: CardNow, now: Micros, ids: Ids) -> Iterator[Saying]:
    call = floor.calls.get(name)
    if call is None or call.ended:
        return
    if not card.over and card.until <= now:
        why = "total" if left(floor, name, card.until) < SECOND else "expired"
        yield say(CardPauseEnded, card.until, call.node, call=call.id, why=why)
        return  # the orders come in the next look, when it is on the floor
    node = floor.nodes.get(call.node)
    if node is None or node.link != "live":
        return
    for leg in unsettled(call, card):
        act = MuteRecording(CallId(call.id), Uniqueid(leg), not card.over)
        times, last = card.tries.get(leg, (0, 0))
        if times < TRIES and now - last >= AGAIN and not under_way(floor, call.node, act):
            yield give(now, ids, call.node, act, why=OVER if card.over else ASKED, agent=card.agent)
