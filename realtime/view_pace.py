"""How fast a campaign may be dialled at this moment, reckoned from the floor: what the API and MQTT boards say. Pure.

Not the reckoning (`dial/pace.py`) and not what the gate counts (the ledger): those calls that have no agent and whose end is still open.
"""

from __future__ import annotations

from typing import NamedTuple

from realtime.dial.pace import Pace, pace
from realtime.dial.seeing import ready_of, settled
from realtime.floor import Floor
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import Campaign
from realtime.words import Micros


class PaceNow(NamedTuple):
    """`in_flight`: calls under way without an agent. `ready`: agents who could take a call now."""

    pace: Pace
    in_flight: int
    ready: int


def pace_now(floor: Floor, campaign: Campaign, now: Micros) -> PaceNow:
    state = floor.owned.outbound.campaigns.get(campaign.id) or CampaignNow(id=campaign.id)
    under_way = sum(each.campaign == campaign.id and not each.over and not each.reserved for each in floor.owned.outbound.dials.values())
    flying, ready = under_way - settled(floor, campaign.id), ready_of(floor, campaign)
    zone, starts = (floor.rules.timezone, floor.rules.day_starts_min) if floor.rules is not None else ("UTC", 0)
    return PaceNow(pace(campaign, state, floor.owned.plan.dialling, now, flying, ready, zone, starts), flying, ready)
