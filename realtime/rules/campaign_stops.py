"""What stops a campaign by itself: too many abandoned, a call to a number not to be called, complaints, a trial's numbers, a contract
that is over. Pure, asked with every look of the engine.

Not the stop by a hand (`campaigns.py`) and not the pace that should have kept the abandoned few (`dial/pace.py`). What two people resumed
is stopped again only by what happened since: each rule counts from the moment the campaign came into its state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from realtime.dial import windows
from realtime.dial.applies import named
from realtime.floor import Floor
from realtime.outbound import CampaignMoved
from realtime.owned_outbound import CampaignNow, DialNow, Outbound
from realtime.plan.dialling import AbandonRule, Campaign
from realtime.rules import two_people
from realtime.rules.campaign_life import DIALS, STATES
from realtime.rules.campaign_needs import is_over, today
from realtime.rules.clock import MINUTE, zone_of
from realtime.saying import Saying, say
from realtime.words import SECOND, Micros

CLOCKS: Micros = 2 * SECOND
"""A request not to be called is in force everywhere within one; the gate's clock may be another one than the engine's."""


class Stop(NamedTuple):
    """`why`: a code of `sentences/campaigns.py`; `seen`: the numbers that it is about, in no language."""

    why: str
    seen: str


def due(floor: Floor, now: Micros) -> list[Saying]:
    said: list[Saying] = []
    states, day = floor.owned.outbound.campaigns, today(floor, now)
    for campaign in floor.owned.plan.dialling.campaigns:
        state = states.get(campaign.id)
        if state is not None and state.state in DIALS and (stop := next(reasons(floor, campaign, state, day, now), None)) is not None:
            fields = {"campaign": state.id, "before": state.state, "to": "stopped", "who": "engine", "why": stop.why, "reason": stop.seen}
            said.append(say(CampaignMoved, now, **fields, pressed=now))
            said += two_people.overtaken(floor, state.id, STATES, "engine", now)
    return said


def reasons(floor: Floor, campaign: Campaign, state: CampaignNow, day: str, now: Micros) -> Iterator[Stop]:
    outbound, stops = floor.owned.outbound, campaign.stops
    if is_over(campaign, day):
        yield Stop("stop.contract", campaign.contract.ends)
    if stops.blocked_dialled:
        hits = [each for each in outbound.dials.values() if each.campaign == campaign.id and was_blocked(outbound, each, state.since)]
        if len(hits) >= stops.blocked_dialled:
            yield Stop("stop.blocked", ", ".join(each.dial for each in hits[:3]))
    complaints = sum(1 for at in state.complained.values() if at >= max(state.since, floor.day_at))
    connected = state.day.connected
    if stops.complaints and complaints >= stops.complaints and complaints * 1000 >= stops.complaints * connected:
        yield Stop("stop.complaints", f"{complaints} / {connected}")
    if state.state == "trial":
        yield from of_a_trial(outbound, campaign, state)
    if stops.over_abandon and (over := over_limit(floor, campaign, state, day, now)):
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


def was_blocked(outbound: Outbound, dial: DialNow, since: Micros) -> bool:
    """A call that was placed to a number that was not to be called any more when it was decided."""
    if not dial.placed or dial.decided < since:
        return False
    reach = {"global": "", "client": dial.client, "campaign": dial.campaign}
    kept = outbound.blocks.get(dial.number, ())
    return any(reach.get(each.scope) == each.about and each.at + CLOCKS < dial.decided for each in kept)


# ------------------------------------------------------------------ abandoned calls


def over_limit(floor: Floor, campaign: Campaign, state: CampaignNow, day: str, now: Micros) -> str:
    """The numbers of a limit that is broken and was broken anew since the campaign came into its state; empty where there is none."""
    if not any(meter.abandoned for minute, meter in state.minutes.items() if minute * MINUTE >= state.since):
        return ""
    for rule in limits(floor, campaign, day):
        live, abandoned = counted(floor, state, rule, now)
        if abandoned > rule.limit * live and abandoned > 1:  # nobody can keep the first one from being more than 3 % of one
            return f"{abandoned} / {live} > {rule.limit * 100:g} %"
    return ""


def limits(floor: Floor, campaign: Campaign, day: str) -> list[AbandonRule]:
    """Of every preset that may hold for this campaign today, wherever it calls: a limit of law, not what the pace aims at."""
    presets = [
        each
        for each in named(floor.owned.plan.dialling, campaign)
        if (not each.purposes or campaign.purpose in each.purposes)
        and each.valid_from <= day
        and (not each.valid_to or day <= each.valid_to)
    ]
    return [rule for preset in presets for rule in preset.abandons if rule.limit >= 0]


def counted(floor: Floor, state: CampaignNow, rule: AbandonRule, now: Micros) -> tuple[int, int]:
    """(live, abandoned) of the window, by whole days of the floor: the day in which it begins counts as a whole."""
    zone = zone_of(floor)
    first = windows.local_date(windows.since(rule.window, now, zone, state.began), zone).isoformat()
    meters = [state.day, *(meter for day, meter in state.days.items() if day >= first)]
    return sum(meter.live for meter in meters), sum(meter.abandoned for meter in meters)
