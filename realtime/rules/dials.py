"""What became of dials: abandoned, ended, hung up because they were stopped. Asked with every look of the engine.

Not the moments themselves (`fold/dials.py` keeps them by what a PBX says) and not whether a dial may be (`realtime/dial/`). What is
not known is `unknown` and stays counted: only a dial of which no channel was ever made gives back what it took.
"""

from __future__ import annotations

from collections.abc import Iterable

from realtime.floor import Floor
from realtime.ledger.names import FLIGHT, FLIGHT_S, counter
from realtime.ledger.port import DIALLING_STATES
from realtime.orders import HangUp
from realtime.outbound import DialAbandoned, DialEnded, DialOutcome, StopMeasured
from realtime.owned_outbound import STOPPED, DialNow
from realtime.plan.dialling import SCOPES, AbandonRule, Campaign, DialRules, Happening
from realtime.rules.ordering import give, under_way
from realtime.saying import Ids, Saying, say
from realtime.words import SECOND, Micros, Uniqueid

UNSEEN: Micros = 120 * SECOND
"""An allowed dial of which nothing was heard for so long, and whose call is nowhere, is over: a dialplan asks within seconds of its call's
beginning, and the adapter is milliseconds behind. What became of it is unknown: its call may have gone by another name all the while."""
BEGINS: Micros = 5 * SECOND
"""From being allowed to the channel: milliseconds, and as long as the dialplan's own guard of a gate that hangs."""
TRAVEL: Micros = SECOND
"""What a PBX said before a deadline may come so long after it, by its clock or by the log. The fact carries the deadline all the same."""
AGAIN: Micros = 2 * SECOND
"""Before a hang-up is ordered once more, where the PBX took the order and the leg still rings."""
RANG_LONG: Micros = 15 * SECOND
"""Or four rings: what the FTC and Ofcom ask for before a call counts as not answered (16 CFR 310.4(b)(4)(ii)). Of a shorter one the
caller thought better: both end by the same cause."""
BUSY, NOBODY, CALLED_OFF = (17,), (18, 19), (0, 16, 26)
"""Causes of Q.850. A dialled channel that Asterisk itself gives up has 16 or none."""
WITHOUT_RULE = AbandonRule(id="none")
"""Of a campaign whose presets say nothing of abandonment: silence is counted all the same, by the strictest clock there is."""


def due(floor: Floor, now: Micros, ids: Ids) -> list[Saying]:
    outbound = floor.owned.outbound
    if not outbound.by_call and not stopping(floor):
        return []
    flying = [outbound.dials[name] for names in outbound.by_call.values() for name in names]
    said: list[Saying] = []
    for dial in flying:
        deadline = abandoned(floor, dial, now)
        if deadline:
            said.append(say(DialAbandoned, deadline, dial=dial.dial, campaign=dial.campaign))
        if over := ended_at(floor, dial, now):
            said.append(ended(floor, dial, over, dial.abandoned or deadline))
    return [*said, *hang_ups(floor, now, ids, flying), *measured(floor, now, flying)]


# ------------------------------------------------------------------ ended


def ended_at(floor: Floor, dial: DialNow, now: Micros) -> Micros:
    """0: it goes on, or nobody knows."""
    if dial.gone:
        return dial.gone
    if dial.far or dial.decided + UNSEEN > now or floor.aliases.get(dial.call, dial.call) in floor.calls:
        return 0
    if not reachable(floor, dial.node) and dial.decided + FLIGHT_S * SECOND > now:
        return 0  # what happens there is not seen now
    return dial.decided + UNSEEN


def ended(floor: Floor, dial: DialNow, at: Micros, abandoned_at: Micros) -> Saying:
    what = outcome(floor, dial, abandoned_at)
    taken = dial.entries if what == "not_dialled" else tuple(each for each in dial.entries if each[0].startswith(FLIGHT))
    happened = () if what == "not_dialled" else happenings(dial, at, abandoned_at)
    return say(
        DialEnded,
        at,
        dial=dial.dial,
        campaign=dial.campaign,
        outcome=what,
        agent=dial.agent,
        answered=dial.answered,
        talk_s=(at - dial.connected) // SECOND if dial.connected else 0,
        cause=dial.cause,
        recorded=dial.recorded,
        entries=(*taken, *happened),  # of what was taken, those that end with the dial
    )


def outcome(floor: Floor, dial: DialNow, abandoned_at: Micros) -> DialOutcome:
    """By what was seen; where its end was not, it is unknown whatever came before."""
    if not dial.far:
        return "not_dialled" if dial.gone and seen_throughout(floor, dial) else "unknown"
    if dial.lost:
        return "unknown"
    if dial.machine and dial.answered:
        return "machine"
    if dial.connected:
        return "connected"
    if dial.answered:
        return "abandoned" if abandoned_at else "cancelled"  # the customer or the agent was gone within the deadline
    if dial.hung_up:
        return "stopped"
    return unanswered_by(dial)


def unanswered_by(dial: DialNow) -> DialOutcome:
    if dial.cause in BUSY:
        return "busy"
    if dial.cause in NOBODY:
        return "no_answer"
    if dial.cause in CALLED_OFF:
        return "no_answer" if dial.gone - rang(dial) >= RANG_LONG else "cancelled"
    return "failed"


def rang(dial: DialNow) -> Micros:
    """Since when; its end where it never did. Trunks that send the ringing as sound alone do not say it: then what lasted so long rang."""
    if dial.rang or not dial.placed:
        return dial.rang or dial.gone
    return dial.placed if dial.gone - dial.placed >= RANG_LONG else dial.gone


def seen_throughout(floor: Floor, dial: DialNow) -> bool:
    """Nothing can have happened that was not told: no gap since it was decided, and none now."""
    node = floor.nodes.get(dial.node)
    return not dial.lost and node is not None and node.link == "live" and node.sync == dial.sync


def reachable(floor: Floor, node: str) -> bool:
    known = floor.nodes.get(node)
    return known is not None and known.link == "live" and not known.syncing


def happenings(dial: DialNow, at: Micros, abandoned_at: Micros) -> tuple[tuple[str, Micros], ...]:
    """What happened, under every scope that the dial had: the ledger's counters, whatever rules hold today."""
    moments: list[tuple[Happening, Micros]] = []
    if dial.answered:
        moments.append(("connect", dial.answered))
        moments.append(("machine" if dial.machine else "live", dial.answered))
        if dial.connected and not dial.machine:
            moments.append(("conversation", dial.connected))
        if abandoned_at:
            moments.append(("abandoned", abandoned_at))
    elif dial.placed and (rang(dial) < dial.gone or dial.rang or dial.cause in NOBODY):
        moments.append(("unanswered", at))
    return entries_of(dial.scopes, moments)


def entries_of(scopes: dict[str, str], moments: Iterable[tuple[Happening, Micros]]) -> tuple[tuple[str, Micros], ...]:
    """A scope of which the dial does not know all parts is none."""
    return tuple((name, at) for happening, at in moments for scope in SCOPES if (name := counter(happening, scope, scopes)))


# ------------------------------------------------------------------ abandoned


def abandoned(floor: Floor, dial: DialNow, now: Micros) -> Micros:
    """The deadline by which no agent was there; 0: there was one, there still may be, or it was said. Who hung up before it was not
    left waiting. One who was said to be reserved may take a moment longer, for only the dialler knows; who never came was not there."""
    if not dial.answered or dial.abandoned or dial.machine or dial.lost:
        return 0
    if dial.reserved and (dial.connected or not dial.gone):
        return 0
    deadline = dial.answered + within(floor.owned.plan.dialling, dial.campaign)
    until = dial.connected or dial.gone
    if until:
        return deadline if until > deadline else 0
    waited = now - (dial.heard or dial.answered) - (deadline - dial.answered)  # by our clock, whatever the PBX's says
    return deadline if waited >= TRAVEL and reachable(floor, dial.node) else 0


def within(rules: DialRules, name: str) -> Micros:
    """From the answer to the agent: the strictest of the rules that may apply. Other anchors than the answer are not known here."""
    campaign = next((each for each in rules.campaigns if each.id == name), None)
    return round(min(each.within_s for each in abandon_rules(rules, campaign)) * SECOND)


def abandon_rules(rules: DialRules, campaign: Campaign | None) -> tuple[AbandonRule, ...]:
    """Of the presets that the campaign names, whatever number is called: never none."""
    if campaign is None:
        return (WITHOUT_RULE,)
    presets = [each for each in rules.presets if each.name in campaign.presets]
    holding = [each for each in (*presets, campaign.rules) if not each.purposes or campaign.purpose in each.purposes]
    return tuple(rule for each in holding for rule in each.abandons) or (WITHOUT_RULE,)


# ------------------------------------------------------------------ stopped


def hang_ups(floor: Floor, now: Micros, ids: Ids, flying: Iterable[DialNow]) -> list[Saying]:
    """Whatever rings, and may not: also what was allowed before the stop and begins to ring after it. Who talks, talks on."""
    said: list[Saying] = []
    for dial in flying:
        if not ringing(dial) or not stopped(floor, dial) or now < dial.hung_up + AGAIN or not reachable(floor, dial.node):
            continue
        act = HangUp(Uniqueid(dial.far))
        if not under_way(floor, dial.node, act):
            said.append(give(now, ids, dial.node, act, why=STOPPED, agent=dial.agent))
    return said


def ringing(dial: DialNow) -> bool:
    """Signalled, and not answered."""
    return bool(dial.far) and not dial.answered and not dial.gone


def stopped(floor: Floor, dial: DialNow) -> bool:
    outbound = floor.owned.outbound
    campaign = outbound.campaigns.get(dial.campaign)
    return outbound.stopped or (campaign is not None and campaign.state not in DIALLING_STATES)


def stopping(floor: Floor) -> bool:
    """A stop is on that has not been measured: what is said of calls cannot wait."""
    outbound = floor.owned.outbound
    return bool(outbound.stopping) or any(each.stopping for each in outbound.campaigns.values())


def measured(floor: Floor, now: Micros, flying: Iterable[DialNow]) -> list[Saying]:
    """Of each stop that has not been: when the last of what it hung up was gone."""
    outbound = floor.owned.outbound
    pressed = {"": outbound.stopping, **{each.id: each.stopping for each in outbound.campaigns.values()}}
    open_ = [dial for dial in flying if ringing(dial) or may_ring(dial, now)]
    said: list[Saying] = []
    for name, at in pressed.items():
        if not at or any(dial.campaign == name or not name for dial in open_):
            continue
        ours = [
            dial
            for dial in outbound.dials.values()
            if (dial.campaign == name or not name) and dial.hung_up >= at and dial.gone and not dial.answered
        ]
        last = max((dial.heard or dial.gone for dial in ours), default=at)  # from our key, by our clock
        said.append(say(StopMeasured, max(last, at), campaign=name, pressed=at, rang=len(ours), last=max(last, at)))
    return said


def may_ring(dial: DialNow, now: Micros) -> bool:
    """Allowed a moment ago: its channel may be on its way."""
    return not dial.far and not dial.gone and dial.decided + BEGINS > now
