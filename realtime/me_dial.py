"""The agent's own last outbound call, and what may be said to have come of it: a part of one person's row (`me.py`). Pure.

Not the deciding (`rules/results.py`, `rules/do_not_call.py`) and nobody else's calls. The number is masked as the gate has masked it. It
stays as long as the floor knows it: who codes a result does so in wrap-up.
"""

from __future__ import annotations

import msgspec

from realtime.floor import Floor
from realtime.owned_outbound import DIALS_KEPT, DialNow
from realtime.plan.dialling import Campaign, ResultCode
from realtime.words import SECOND, AgentId, Micros


class OwnDialRow(msgspec.Struct, kw_only=True):
    """`until` null: the call is under way. `code` as it was given last, `callback` with it; `blocked`: the customer is called no more."""

    dial: str
    campaign: str = ""
    name: str = ""
    name_zh: str = ""
    shown: str = ""
    since: float
    until: float | None = None
    code: str = ""
    callback: float | None = None
    blocked: bool = False


class OutcomeRow(msgspec.Struct, kw_only=True):
    """A result code of the plan. `means`: as `plan/dialling.py` has it."""

    code: str
    name: str = ""
    name_zh: str = ""
    means: str = "done"


def own_dial(floor: Floor, agent: AgentId, now: Micros) -> OwnDialRow | None:
    dial = last_of(floor, agent, now)
    if dial is None:
        return None
    campaign = next((each for each in floor.owned.plan.dialling.campaigns if each.id == dial.campaign), Campaign(id=dial.campaign))
    return OwnDialRow(
        dial=dial.dial,
        campaign=dial.campaign,
        name=campaign.name,
        name_zh=campaign.name_zh,
        shown=dial.shown,
        since=dial.decided / SECOND,
        until=(dial.gone or dial.over) / SECOND if dial.gone or dial.over else None,
        code=dial.code,
        callback=dial.callback / SECOND if dial.callback else None,
        blocked=is_blocked(floor, dial),
    )


def last_of(floor: Floor, agent: AgentId, now: Micros) -> DialNow | None:
    """The newest that was really dialled. Looks at what is in flight and at two minutes of what was: some hundred of a large floor."""
    for dial in reversed(floor.owned.outbound.dials.values()):
        if dial.agent == agent and dial.outcome != "not_dialled":
            return dial if not dial.over or now < dial.over + DIALS_KEPT else None
    return None


def is_blocked(floor: Floor, dial: DialNow) -> bool:
    """By any request that would hold the next call of this campaign back."""
    reached = {("global", ""), ("client", dial.client), ("campaign", dial.campaign)}
    return any((each.scope, each.about) in reached for each in floor.owned.outbound.blocks.get(dial.number, ()))


def outcome_rows(outcomes: tuple[ResultCode, ...]) -> list[OutcomeRow]:
    return [OutcomeRow(code=each.code, name=each.name, name_zh=each.name_zh, means=each.means) for each in outcomes]
