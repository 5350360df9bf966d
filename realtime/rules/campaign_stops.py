"""What stops a campaign by itself: too many abandoned, a call to a number not to be called, complaints, a trial's numbers, a contract
that is over. Pure, asked with every look of the engine.

Not the stop by a hand (`campaigns.py`) and not the pace that should have kept the abandoned few (`dial/pace.py`). What two people resumed
is stopped again only by what happened since: each rule counts from the moment the campaign came into its state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from realtime.dial import pace
from realtime.floor import Floor
from realtime.outbound import CampaignMoved
from realtime.owned_outbound import BlockKept, CampaignNow, DialNow, Outbound
from realtime.plan.dialling import Campaign
from realtime.rules import two_people
from realtime.rules.campaign_life import DIALS, STATES
from realtime.rules.campaign_needs import is_over, today
from realtime.rules.clock import MINUTE, zone_of
from realtime.saying import Saying, say
from realtime.words import SECOND, Micros

CLOCKS: Micros = 2 * SECOND
"""A request not to be called is in force everywhere within one; the gate's clock may be another one than the engine's."""


NOTHING = pace.Reading(0.0, 0.0)


class Stop(NamedTuple):
    """`why`: a code of `sentences/campaigns.py`; `seen`: the numbers that it is about, in no language."""

    why: str
    seen: str


def due(floor: Floor, now: Micros) -> list[Saying]:
    said: list[Saying] = []
    states, day, hits = floor.owned.outbound.campaigns, today(floor, now), blocked_dials(floor.owned.outbound)
    for campaign in floor.owned.plan.dialling.campaigns:
        state = states.get(campaign.id)
        if state is not None and state.state in DIALS and (stop := next(reasons(floor, campaign, state, day, now, hits), None)) is not None:
            fields = {"campaign": state.id, "before": state.state, "to": "stopped", "who": "engine", "why": stop.why, "reason": stop.seen}
            said.append(say(CampaignMoved, now, **fields, pressed=now))
            said += two_people.overtaken(floor, state.id, STATES, "engine", now)
    return said


def reasons(floor: Floor, campaign: Campaign, state: CampaignNow, day: str, now: Micros, hits: Sequence[DialNow]) -> Iterator[Stop]:
    outbound, stops = floor.owned.outbound, campaign.stops
    if is_over(campaign, day):
        yield Stop("stop.contract", campaign.contract.ends)
    mine = [each.dial for each in hits if each.campaign == campaign.id and each.decided >= state.since]
    if stops.blocked_dialled and len(mine) >= stops.blocked_dialled:
        yield Stop("stop.blocked", ", ".join(mine[:3]))
    complaints = sum(1 for at in state.complained.values() if at >= max(state.since, floor.day_at))
    connected = state.day.connected
    if stops.complaints and complaints >= stops.complaints and complaints * 1000 >= stops.complaints * connected:
        yield Stop("stop.complaints", f"{complaints} / {connected}")
    if state.state == "trial":
        yield from of_a_trial(outbound, campaign, state)
    if stops.over_abandon and (over := over_limit(floor, campaign, state, now)):
        yield Stop("stop.abandoned", over)


def of_a_trial(outbound: Outbound, campaign: Campaign, state: CampaignNow) -> Iterator[Stop]:
    """Its meter begins anew with each trial, and with each resumption of one."""
    rules, meter = campaign.trial, state.trial
    complaints = sum(1 for at in state.complained.values() if at >= state.since)
    if rules.complaints and complaints >= rules.complaints:
        yield Stop("stop.trial_complaints", str(complaints))
    if rules.connect_rate < 0 or meter.dials < max(1, rules.judged_dials):
        return
    under_way = sum(1 for each in outbound.dials.values() if each.campaign == campaign.id and not each.over)
    judged = meter.dials - under_way
    if judged >= max(1, rules.judged_dials) and meter.connected < rules.connect_rate * judged:
        yield Stop("stop.trial_connects", f"{meter.connected} / {judged}")


def blocked_dials(outbound: Outbound) -> list[DialNow]:
    """Calls that were placed to a number that was not to be called any more when it was decided. One pass: twenty thousand dials may be on
    the floor, few of them to a number that anybody has blocked lately."""
    blocks = outbound.blocks
    return [each for each in outbound.dials.values() if each.number in blocks and each.placed and was_blocked(blocks[each.number], each)]


def was_blocked(kept: Iterable[BlockKept], dial: DialNow) -> bool:
    reach = {"global": "", "client": dial.client, "campaign": dial.campaign}
    return any(reach.get(each.scope) == each.about and each.at + CLOCKS < dial.decided for each in kept)


# ------------------------------------------------------------------ abandoned calls


def over_limit(floor: Floor, campaign: Campaign, state: CampaignNow, now: Micros) -> str:
    """The numbers of a limit of law that is broken, and was broken anew since the campaign came into its state; empty where there is none.
    Reckoned as the pace reckons. Where that has two readings of a window, both must be over."""
    if not any(meter.abandoned for minute, meter in state.minutes.items() if minute * MINUTE >= state.since):
        return ""
    zone, presets = zone_of(floor), pace.holding(campaign, floor.owned.plan.dialling, now, zone_of(floor))
    clock = pace.Clock(now, zone, floor.rules.day_starts_min if floor.rules is not None else 0)
    for _, rule in pace.abandons(presets):
        found = pace.readings(rule, state, clock, detector=pace.listens(presets)) if rule.limit >= 0 else ()
        read = min(found, key=lambda each: each.rate, default=NOTHING)
        if read.abandoned >= 2 and read.rate > rule.limit + pace.ROUNDING:  # nobody can keep the first one from being all of them
            return f"{read.abandoned:.0f} / {read.live:.0f} > {rule.limit * 100:g} %"
    return ""
