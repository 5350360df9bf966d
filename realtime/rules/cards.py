"""Card-data pauses: nothing of a call is recorded while somebody says a card's number. Asked for, kept, and ended by themselves. Pure.

Not the orders' carrying out (`agi/orders.py`) and not the archive, which only reads the spans. Recordings are silenced and not stopped, so
that the timeline of what follows stays right. What is recorded anew during a pause (a queue's own recording behind the dialplan's) is
silenced, too, and so is what has sound again without our word. A pause that nobody ends is over after `pause_most_s` of the plan, for a
call without its second half proves nothing; it ends with its call in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from realtime import requests
from realtime.card_pause import unsettled
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
from realtime.rules.supervise import leg_of, live, ruled
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
    call, agents = meant(floor, request, wish.agent, wish.call)
    findings = [reach(floor.owned, request.actor, each) for each in agents]
    if call is None:
        return ruled([*findings, Finding("card.no_call", "deny", {"agent": wish.agent or wish.call})], ())
    most = floor.owned.plan.archive.pause_most_s
    recorded = Finding("card.recorded", values={"seconds": most})
    if not call.recording:
        recorded = Finding("card.unknown" if call.dark else "card.not_recorded", "deny")
    findings += [live(floor, call.node), recorded]
    if decide(findings).verdict != "allow":
        return ruled(findings, ())
    until, who = moment.now + most * SECOND, request.actor.who
    said = say(CardPauseBegan, moment.now, call.node, call=call.id, until=until, agent=agents[0], who=who)
    order = {"why": ASKED, "agent": agents[0], "who": who, "request": request.id}
    acts = [MuteRecording(call.id, Uniqueid(leg), True) for leg in call.recording if leg not in call.silent]
    return ruled(
        findings, [said, *(give(moment.now, moment.ids, call.node, act, **order) for act in acts if not under_way(floor, call.node, act))]
    )


def resume(floor: Floor, request: Request, wish: requests.CardResume, moment: Moment) -> Ruling:
    call, agents = meant(floor, request, wish.agent, wish.call)
    findings = [reach(floor.owned, request.actor, each) for each in agents]
    card = floor.owned.cards.get(key(call.node, call.id)) if call is not None else None
    if call is None or card is None or card.over:
        return ruled([*findings, Finding("card.not_paused", "deny")], ())
    findings += [live(floor, call.node), Finding("card.resumed")]
    who = request.actor.who
    said = say(CardPauseEnded, moment.now, call.node, call=call.id, why="asked", who=who)
    order = {"why": OVER, "agent": card.agent, "who": who, "request": request.id}
    legs = dict.fromkeys([*(leg for leg in call.silent if leg not in card.others), *(leg for leg in card.ordered if leg in call.recording)])
    acts = [MuteRecording(call.id, Uniqueid(leg), False) for leg in legs]
    return ruled(
        findings, [said, *(give(moment.now, moment.ids, call.node, act, **order) for act in acts if not under_way(floor, call.node, act))]
    )


def meant(floor: Floor, request: Request, agent: AgentId, call: str) -> tuple[Call | None, tuple[AgentId, ...]]:
    """The call, and whose it is: of a call by its id everybody's who is in it. Whoever is in it may silence it for all of them."""
    if not call:
        return in_hand(floor, agent), (agent,)
    known = floor.calls.get(floor.aliases.get(call, call))
    if known is None or known.ended:
        return None, (agent,)
    legs = sorted(known.legs.values(), key=lambda leg: leg.began)
    agents = tuple(each for leg in legs if (each := floor.phones[leg.phone].agent) is not None)
    if request.actor.agent in agents:
        return known, (request.actor.agent,)
    return known, agents or (agent,)


def in_hand(floor: Floor, agent: str) -> Call | None:
    """The call in which this agent talks, or keeps somebody on hold; not the one that dials a code beside it."""
    phone = seat_of(floor, agent)
    found = leg_of(floor, phone) if phone is not None else None
    return found[0] if found is not None else None


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
        yield say(CardPauseEnded, card.until, call.node, call=call.id, why="expired")
        return  # the orders come in the next look, when it is on the floor
    node = floor.nodes.get(call.node)
    if node is None or node.link != "live":
        return
    for leg in unsettled(call, card):
        act = MuteRecording(CallId(call.id), Uniqueid(leg), not card.over)
        times, last = card.tries.get(leg, (0, 0))
        if times < TRIES and now - last >= AGAIN and not under_way(floor, call.node, act):
            yield give(now, ids, call.node, act, why=OVER if card.over else ASKED, agent=card.agent)
