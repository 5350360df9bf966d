"""The rows of campaigns, as walls, lists and the campaign board show them: today's figures, against caps, targets and limits.

Not one campaign's page (`view_campaign.py`), not the other rows (`view.py`, which calls this) and not what a dialler may do
(`dial/pace.py`). The table is short and travels whole when one of its facts comes.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from realtime.dial.pace import Clock, abandons, holding, listens, readings
from realtime.floor import Call, Floor, key
from realtime.owned_outbound import CampaignNow, DialNow
from realtime.plan.dialling import Campaign, Preset, TrialRules
from realtime.rows import CampaignRow as CampaignRow
from realtime.scope import Scope
from realtime.words import SECOND, Micros


class Flying(NamedTuple):
    """Calls under way, by campaign."""

    all: Counter[str]
    ringing: Counter[str]
    talking: Counter[str]


class Abandonment(NamedTuple):
    """By the rule that allows least. `rate` None: nobody has answered in its window; `limit` None: there is none in law."""

    rate: float | None
    limit: float | None
    target: float | None


def campaign_rows(floor: Floor, now: Micros, scope: Scope | None = None, *, inside: bool = True) -> list[CampaignRow]:
    """Those of the plan, in its order; of a board of some queues those that work in them. `inside`: who may know whose campaign it is."""
    campaigns = [each for each in floor.owned.plan.dialling.campaigns if scope is None or scope.has_any(each.queues)]
    if not campaigns:
        return []
    flying, clock = flying_of(floor), clock_of(floor, now)
    return [campaign_row(floor, each, flying, clock, inside=inside) for each in campaigns]


def campaign_row(floor: Floor, campaign: Campaign, flying: Flying, clock: Clock, *, inside: bool) -> CampaignRow:
    outbound, rules = floor.owned.outbound, floor.owned.plan.dialling
    state = outbound.campaigns.get(campaign.id) or CampaignNow(id=campaign.id)
    day = state.day
    found = abandonment(state, holding(campaign, rules, clock.now, clock.zone), clock)
    return CampaignRow(
        id=campaign.id,
        name=campaign.name,
        name_zh=campaign.name_zh,
        client=campaign.client if inside else "",
        purpose=campaign.purpose,
        state=state.state,
        since=state.since / SECOND if state.since else None,
        stopped=outbound.stopped,
        stopping=bool(state.stopping or outbound.stopping),
        stop_took_s=state.stop_took / SECOND if state.stop_took else None,
        connect_rate=day.connected / day.dials if day.dials else None,
        abandon_rate=found.rate,
        abandon_limit=found.limit,
        abandon_target=found.target,
        denied=dict(state.denied),
        refused=day.denied,
        talk_s=float(day.talk_s),
        results=dict(day.results),
        in_flight=flying.all[campaign.id],
        ringing=flying.ringing[campaign.id],
        talking=flying.talking[campaign.id],
        items_open=sum(not each.done for each in state.items.values()),
        waits=sum(each.campaign == campaign.id for each in outbound.steps.values()),
        ends=campaign.contract.ends or None,
        **{name: getattr(day, name) for name in AS_COUNTED},
        **caps(campaign, campaign.trial if state.state == "trial" else None),
    )


AS_COUNTED = ("dials", "connected", "live", "abandoned", "machines", "deferred", "recorded", "complaints")
"""What a row says by the meter's own names."""


def caps(campaign: Campaign, trial: TrialRules | None) -> dict[str, Any]:
    return {
        "dials_cap": dials_cap(campaign, trial),
        "contacts_cap": trial.contacts_day if trial is not None else None,
        "agents_cap": trial.agents if trial is not None else None,
        "connect_target": trial.connect_rate if trial is not None and trial.connect_rate >= 0 else None,
        "at_once_cap": campaign.at_once or None,
    }


def dials_cap(campaign: Campaign, trial: TrialRules | None) -> int | None:
    """The smaller one, where both the contract and the trial say one."""
    caps = [campaign.contract.dials_day] if campaign.contract.dials_day >= 0 else []
    return min([*caps, *([trial.dials_day] if trial is not None else [])], default=None)


# ------------------------------------------------------------------ abandonment


def abandonment(state: CampaignNow, presets: tuple[Preset, ...], clock: Clock) -> Abandonment:
    """Of two readings of one window the worse."""
    rules = [rule for _, rule in abandons(presets)]
    rule = min(rules, key=lambda each: (each.limit if each.limit >= 0 else 1.0, each.target))
    rates = [each.rate for each in readings(rule, state, clock, detector=listens(presets)) if each.live > 0]
    return Abandonment(max(rates, default=None), rule.limit if rule.limit >= 0 else None, rule.target)


def clock_of(floor: Floor, now: Micros) -> Clock:
    """The floor's day: meters are kept by it."""
    rules = floor.rules
    return Clock(now, rules.timezone, rules.day_starts_min) if rules is not None else Clock(now, "UTC", 0)


# ------------------------------------------------------------------ calls under way


def flying_of(floor: Floor) -> Flying:
    dials = [floor.owned.outbound.dials[name] for names in floor.owned.outbound.by_call.values() for name in names]
    return Flying(
        Counter(dial.campaign for dial in dials),
        Counter(dial.campaign for dial in dials if dial.far and not dial.answered and not dial.gone),
        Counter(dial.campaign for dial in dials if dial.connected and not dial.gone),
    )


def campaign_of_call(floor: Floor, call: Call) -> str | None:
    """Of the dial that made it, while that is under way."""
    outbound = floor.owned.outbound
    dial: DialNow | None = None
    for name in outbound.by_call.get(key(call.node, call.id), ()):
        dial = outbound.dials[name]
    return (dial.campaign or None) if dial is not None else None
