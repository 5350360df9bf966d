"""What the plan says at this moment, as far as sealing and linking ask. Pure; the plan itself is `realtime/plan`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from realtime.plan.archive import ArchiveRules
from realtime.plan.dialling import Campaign
from realtime.plan.model import Plan


class Wanted(NamedTuple):
    rules: ArchiveRules
    campaign: Callable[[str], Campaign | None]


def wanted_of(plan: Plan) -> Wanted:
    return Wanted(plan.archive, {each.id: each for each in plan.dialling.campaigns}.get)
