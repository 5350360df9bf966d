"""Dials in flight and what campaigns' meters count of them.

Not what becomes of a dial (`rules/dials.py` says that, from the moments kept here) and not campaigns' states (`campaigns.py`).
`calls.py` tells of legs and calls; what they mean for a dial is found by its call: the first leg that begins in it after the decision
and is not the one that asked is the customer's, the *far* one. A Local channel that asks has no leg; its call is followed.
"""

from __future__ import annotations

from realtime import outbound, rulings
from realtime.changes import Changes
from realtime.decision import Decision
from realtime.facts import Fact
from realtime.floor import Call, Floor, Leg, key
from realtime.fold import meters
from realtime.fold.lookup import generation, touch_with_agents
from realtime.fold.meters import Count
from realtime.orders import HangUp
from realtime.owned_outbound import DIALS_KEPT, DIALS_MOST, EXAMPLES_KEPT, STOPPED, CampaignNow, DialNow, Example, Outbound
from realtime.words import LegState, Micros

UP = (LegState.WAITING, LegState.TALKING, LegState.HOLD)
WITH_SOMEBODY = (LegState.TALKING, LegState.HOLD)
REASONS_MOST = 200
"""Codes of refusals of one campaign on one day: more than any plan has rules."""


# ------------------------------------------------------------------ the gate's word


def dial_decided(floor: Floor, fact: outbound.DialDecided, changes: Changes) -> None:
    owned = floor.owned.outbound
    if not fact.dial or fact.dial in owned.dials:
        return
    allowed = fact.decision.verdict == "allow"
    campaign = campaign_of(floor, fact.campaign, made=allowed)
    forget(floor)
    changes.owned.add("campaigns")
    if not allowed:
        if campaign is not None:
            refused(campaign, fact)
        return
    if campaign is not None:
        campaign.began = campaign.began or fact.at
        meters.count(campaign, fact.at, Count(dials=1))
    dial = DialNow(
        dial=fact.dial,
        node=fact.node,
        call=key(fact.node, fact.call),
        leg=fact.leg,
        campaign=fact.campaign,
        client=fact.client,
        method=fact.method,
        agent=fact.agent,
        reserved=fact.reserved,
        decided=fact.at,
        number=fact.number.digest if fact.number is not None else "",
        shown=fact.shown,
        scopes=fact.scopes,
        entries=fact.entries,
        constraints=fact.constraints,
        sealed=fact.number,
        sync=generation(floor, fact.node),
    )
    owned.dials[dial.dial] = dial
    tell_agent(floor, dial, changes)
    take_off(floor, dial, fact, changes)
    bound(owned)


def campaign_of(floor: Floor, name: str, *, made: bool = False) -> CampaignNow | None:
    """Made where it is the plan's, or was dialled for: a name that somebody merely asked with must not fill the floor."""
    campaigns = floor.owned.outbound.campaigns
    if name not in campaigns and name and (made or any(each.id == name for each in floor.owned.plan.dialling.campaigns)):
        campaigns[name] = CampaignNow(id=name)
    return campaigns.get(name)


def refused(campaign: CampaignNow, fact: outbound.DialDecided) -> None:
    """Each refusal counts once, by the rule that is its reason, so that the rules' numbers add up to all of them."""
    deferred = fact.decision.verdict == "defer"
    meters.count(campaign, fact.at, Count(deferred=1) if deferred else Count(denied=1))
    reason = fact.decision.reason
    rule = reason.rule if reason is not None else ""
    if rule not in campaign.denied and len(campaign.denied) >= REASONS_MOST:
        return
    campaign.denied[rule] = campaign.denied.get(rule, 0) + 1
    against = Decision(fact.decision.verdict, tuple(each for each in fact.decision.findings if each.verdict != "allow"))
    shown = [*campaign.examples.get(rule, []), Example(fact.dial, fact.at, fact.shown, fact.agent, against)]
    campaign.examples[rule] = shown[-EXAMPLES_KEPT:]


def take_off(floor: Floor, dial: DialNow, fact: Fact, changes: Changes) -> None:
    """In flight from now on. Its word may come late, after a server lost its last second: then legs of its call are there already."""
    owned = floor.owned.outbound
    name = floor.aliases.get(dial.call, dial.call)
    if name not in floor.calls:
        name = next((name for name, call in floor.calls.items() if call.node == dial.node and dial.leg in call.legs), name)
    dial.call = name
    owned.by_call.setdefault(name, []).append(dial.dial)
    owned.by_leg[key(dial.node, dial.leg)] = dial.dial
    call = floor.calls.get(name)
    if call is None:
        return
    told(floor, dial, changes)
    if call.ended:
        dial.gone, dial.lost = call.ended, True
        return
    for leg in call.legs.values():
        if leg.began > dial.decided:
            adopt(floor, dial, leg)
    follow(floor, call, dial, fact, changes)


# ------------------------------------------------------------------ what the PBX says: called by `calls.py`


def leg_seen(floor: Floor, call: Call, leg: Leg, fact: Fact, changes: Changes, *, new: bool) -> None:
    """A leg began, or does something else."""
    owned = floor.owned.outbound
    if not owned.by_call:
        return
    name = key(call.node, call.id)
    asking = owned.by_leg.get(key(call.node, leg.leg))
    if asking is not None and owned.dials[asking].call != name:
        rehome(floor, owned.dials[asking], name, changes)
    for dial in in_call(owned, name):
        if new:
            adopt(floor, dial, leg)
        follow(floor, call, dial, fact, changes)


def leg_gone(floor: Floor, call: Call, leg: str, when: tuple[Micros, Micros], cause: int | None, changes: Changes) -> None:
    """`when`: by the PBX's clock, and by ours. `cause` None: nobody told, it was found to be gone."""
    at, seen = when
    owned = floor.owned.outbound
    if not owned.by_call:
        return
    for dial in in_call(owned, key(call.node, call.id)):
        if not dial.gone and (leg == dial.far or (leg == dial.leg and not dial.far)):
            dial.gone, dial.cause, dial.lost = latest(dial, at), cause or 0, cause is None
            dial.heard = dial.heard or seen
            tell_agent(floor, dial, changes)
            changes.owned.add("campaigns")


def call_gone(floor: Floor, call: Call, at: Micros, how: str, changes: Changes) -> None:
    """`how`: hangup, or that it was found to be gone."""
    owned = floor.owned.outbound
    if not owned.by_call:
        return
    for dial in in_call(owned, key(call.node, call.id)):
        if not dial.gone:
            dial.gone, dial.lost = latest(dial, at), how != "hangup"
            changes.owned.add("campaigns")


def calls_merged(floor: Floor, call: Call, absorbed: str, fact: Fact, changes: Changes) -> None:
    owned = floor.owned.outbound
    if not owned.by_call:
        return
    name = key(call.node, call.id)
    for dial in in_call(owned, absorbed):
        rehome(floor, dial, name, changes)
    for dial in in_call(owned, name):
        for leg in call.legs.values():
            if not dial.far and leg.began > dial.decided:
                adopt(floor, dial, leg)
        follow(floor, call, dial, fact, changes)


def recorded(floor: Floor, call: Call, changes: Changes) -> None:
    for dial in in_call(floor.owned.outbound, key(call.node, call.id)):
        dial.recorded = True
        changes.owned.add("campaigns")


def hang_up_ordered(floor: Floor, fact: rulings.OrderGiven) -> None:
    """A stop's, by its reason: it is not ordered anew at once, and the dial has ended by it."""
    order = fact.order
    if fact.why != STOPPED or not isinstance(order.act, HangUp):
        return
    owned = floor.owned.outbound
    for names in owned.by_call.values():
        for name in names:
            dial = owned.dials[name]
            if dial.far == order.act.leg and dial.node == order.node:
                dial.hung_up = order.given


def adopt(floor: Floor, dial: DialNow, leg: Leg) -> None:
    """The first leg is the far one, whatever it is: then it is not said of a dial that it was none. A line after a phone of ours is
    more likely the customer's."""
    if dial.gone or leg.leg in (dial.leg, dial.far):
        return
    if dial.far and (dial.answered or floor.phones[leg.phone].ours or not ours(floor, dial)):
        return
    dial.far, dial.placed, dial.rang = leg.leg, leg.began, 0


def latest(dial: DialNow, at: Micros) -> Micros:
    """What a PBX says of one dial goes forward. When it was decided is by our clock, which may be another."""
    return max(at, dial.connected, dial.answered, dial.placed)


def ours(floor: Floor, dial: DialNow) -> bool:
    call = floor.calls.get(dial.call)
    leg = call.legs.get(dial.far) if call is not None else None
    return leg is not None and floor.phones[leg.phone].ours


def follow(floor: Floor, call: Call, dial: DialNow, fact: Fact, changes: Changes) -> None:
    """The far leg as it is now. Connected: it talks, and so does somebody else in the call; alone it may be bridged with plumbing."""
    leg = call.legs.get(dial.far)
    if leg is None or dial.gone:
        return
    before = (dial.rang, dial.answered, dial.connected)
    moment = latest(dial, fact.at)
    if leg.state is LegState.RINGING:
        dial.rang = dial.rang or moment
    if leg.state in UP and not dial.answered:
        dial.answered, dial.heard = moment, fact.seen
    if dial.answered and not dial.connected and leg.state in WITH_SOMEBODY:
        other = next((each for each in call.legs.values() if each.leg != dial.far and each.state is LegState.TALKING), None)
        if other is not None:
            dial.agent = dial.agent or floor.phones[other.phone].agent or dial.agent
            connect(floor, dial, moment)
            tell_agent(floor, dial, changes)
    if before != (dial.rang, dial.answered, dial.connected):
        changes.owned.add("campaigns")


def rehome(floor: Floor, dial: DialNow, name: str, changes: Changes) -> None:
    owned = floor.owned.outbound
    leave(owned, dial)
    told(floor, dial, changes)
    dial.call = name
    owned.by_call.setdefault(name, []).append(dial.dial)
    told(floor, dial, changes)


def told(floor: Floor, dial: DialNow, changes: Changes) -> None:
    """The rows of its call, and of the agents in it, say for which campaign it is."""
    call = floor.calls.get(dial.call)
    if call is not None and not call.ended:
        touch_with_agents(floor, call, changes)


def tell_agent(floor: Floor, dial: DialNow, changes: Changes) -> None:
    """The own page shows the last call, also when its agent is in none any more."""
    if dial.agent in floor.agents:
        changes.agents.add(dial.agent)


def in_call(owned: Outbound, call: str) -> list[DialNow]:
    return [owned.dials[name] for name in owned.by_call.get(call, ())]


# ------------------------------------------------------------------ what became of it


def connect(floor: Floor, dial: DialNow, at: Micros) -> None:
    """Counted when it begins, not when the talk ends: minutes later the governor would have steered by too few."""
    dial.connected = at
    campaign = campaign_of(floor, dial.campaign, made=True)
    if campaign is not None and not dial.machine:
        meters.count(campaign, at, Count(connected=1, live=0 if dial.live else 1))
        dial.live = True


def dial_abandoned(floor: Floor, fact: outbound.DialAbandoned, changes: Changes) -> None:
    dial = floor.owned.outbound.dials.get(fact.dial)
    if dial is None or dial.abandoned or dial.machine:
        return
    dial.abandoned = fact.at
    campaign = campaign_of(floor, dial.campaign, made=True)
    if campaign is not None:
        meters.count(campaign, fact.at, Count(abandoned=1, live=0 if dial.live else 1))
        dial.live = True
    changes.owned.add("campaigns")


def dial_ended(floor: Floor, fact: outbound.DialEnded, changes: Changes) -> None:
    owned = floor.owned.outbound
    dial = owned.dials.get(fact.dial)
    if dial is None or dial.over:
        return
    if fact.outcome == "connected" and not dial.connected:
        connect(floor, dial, latest(dial, fact.answered or fact.at))
    if fact.outcome == "machine":
        is_machine(floor, dial, fact.at)
    dial.over, dial.outcome, dial.agent = fact.at, fact.outcome, dial.agent or fact.agent
    dial.gone = dial.gone or fact.at
    campaign = campaign_of(floor, dial.campaign, made=True)
    if campaign is not None:
        undialled = fact.outcome == "not_dialled"
        meters.count(campaign, fact.at, Count(talk_s=fact.talk_s, recorded=int(fact.recorded), dials=-1 if undialled else 0))
    leave(owned, dial)
    told(floor, dial, changes)
    tell_agent(floor, dial, changes)
    if owned.by_leg.get(key(dial.node, dial.leg)) == dial.dial:
        del owned.by_leg[key(dial.node, dial.leg)]
    owned.ended.append((fact.at, dial.dial))
    forget(floor)
    changes.owned.add("campaigns")


def is_machine(floor: Floor, dial: DialNow, at: Micros) -> None:
    """Found out when it was counted as a person already: no person answered, and none was abandoned."""
    campaign = campaign_of(floor, dial.campaign, made=True)
    if campaign is not None and not dial.machine:
        wrong = Count(
            machines=1, live=-int(dial.live), connected=-int(bool(dial.connected) and dial.live), abandoned=-int(bool(dial.abandoned))
        )
        meters.count(campaign, at, wrong)
    dial.machine, dial.live = True, False


def result_coded(floor: Floor, fact: outbound.ResultCoded, changes: Changes) -> None:
    """The last word counts, as long as the dial is known; a later one is counted beside the first."""
    dial = floor.owned.outbound.dials.get(fact.dial)
    campaign = campaign_of(floor, dial.campaign if dial is not None else fact.campaign, made=dial is not None)
    if dial is not None and fact.machine:
        is_machine(floor, dial, fact.at)
    if campaign is not None and fact.code:
        meters.count_result(campaign, fact.at, fact.code, instead_of=dial.code if dial is not None else "")
    if dial is not None:
        dial.code, dial.callback = fact.code, fact.callback
        tell_agent(floor, dial, changes)
    changes.owned.add("campaigns")


# ------------------------------------------------------------------ what is kept


def leave(owned: Outbound, dial: DialNow) -> None:
    names = owned.by_call.get(dial.call, [])
    if dial.dial in names:
        names.remove(dial.dial)
    if not names:
        owned.by_call.pop(dial.call, None)


def forget(floor: Floor) -> None:
    owned = floor.owned.outbound
    while owned.ended and owned.ended[0][0] <= floor.at - DIALS_KEPT:
        owned.dials.pop(owned.ended.pop(0)[1], None)


def bound(owned: Outbound) -> None:
    """Those that are over leave first."""
    while len(owned.dials) > DIALS_MOST:
        name = owned.ended.pop(0)[1] if owned.ended else next(iter(owned.dials))
        dial = owned.dials.pop(name, None)
        if dial is not None:
            leave(owned, dial)
            owned.by_leg = {leg: each for leg, each in owned.by_leg.items() if each != name}


def begin_day(floor: Floor, day: str, changes: Changes) -> None:
    """`day`: the one that ends; `floor.day` is the new one already."""
    for campaign in floor.owned.outbound.campaigns.values():
        meters.begin_day(campaign, day, floor.day_at)
        campaign.denied.clear()
        campaign.examples.clear()
    changes.owned.add("campaigns")
