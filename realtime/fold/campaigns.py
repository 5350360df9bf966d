"""Campaigns' states, steps and items, the stop of all, requests not to be called, late consents, the newest lists.

Not dials and meters (`dials.py`), and not whether a step may be (`rules/campaigns.py`): what was said has happened. A state that this
version does not know is passed over. Every table is bounded, as `owned_outbound.py` says; what is oldest goes.
"""

from __future__ import annotations

from typing import Any

from realtime import outbound
from realtime.changes import Changes
from realtime.floor import Floor
from realtime.fold import meters
from realtime.fold.dials import tell_agent
from realtime.owned_outbound import (
    BLOCKS_KEPT,
    CAMPAIGNS_MOST,
    COMPLAINTS_KEPT,
    CONSENTS_KEPT,
    LISTS_MOST,
    STEPS_KEPT,
    STEPS_MOST,
    BlockKept,
    CampaignNow,
    ConsentKept,
    Item,
    Meter,
    Move,
    Step,
)
from realtime.plan.dialling import Campaign
from realtime.rules.campaign_life import DIALS, STATES
from realtime.settlement import settled

ITEMS_MOST = 100
"""Of one rectification."""
BLOCKS_OF_ONE = 20
"""Of one number: each campaign and client that calls it, and then some."""


def campaign_at(floor: Floor, name: str) -> CampaignNow | None:
    """Its part of the floor, made where it had none; None where there is no room: it then stays a draft, which does not dial."""
    campaigns = floor.owned.outbound.campaigns
    if name and name not in campaigns and len(campaigns) < CAMPAIGNS_MOST:
        campaigns[name] = CampaignNow(id=name)
    return campaigns.get(name)


def trim(table: dict[Any, Any], most: int) -> None:
    """The oldest go."""
    for name in list(table)[: max(0, len(table) - most)]:
        del table[name]


# ------------------------------------------------------------------ life


def campaign_moved(floor: Floor, fact: outbound.CampaignMoved, changes: Changes) -> None:
    now = campaign_at(floor, fact.campaign)
    if now is None or fact.to not in STATES:
        return
    before, now.state, now.since = now.state, fact.to, fact.at
    move = Move(fact.at, before, fact.to, fact.who, fact.second, fact.reason, fact.evidence, fact.why)
    now.moves = [*now.moves[-STEPS_KEPT + 1 :], move]
    if fact.to == "stopped":
        if before != "stopped":  # a second stop is the same one: it goes back to what it was before the first
            now.resumes = before if before in DIALS else ""
            now.items = {}
        now.stopping, now.stopped_rang, now.stop_took = fact.pressed or fact.at, 0, 0
    else:
        now.stopping = 0
    if fact.to == "trial":
        now.trial = Meter()
    if fact.to == "settling":
        now.confirmed, now.confirmed_by = {}, {}
    drop_steps(floor, fact.campaign)
    changes.owned.add("campaigns")


def drop_steps(floor: Floor, campaign: str) -> None:
    """What was proposed about another state is no half of a step from this one."""
    steps = floor.owned.outbound.steps
    for name in [name for name, step in steps.items() if step.campaign == campaign and step.to in STATES]:
        del steps[name]


def step_proposed(floor: Floor, fact: outbound.StepProposed, changes: Changes) -> None:
    steps = floor.owned.outbound.steps
    steps[fact.step] = Step(fact.step, fact.campaign, fact.to, fact.who, fact.at, fact.until, fact.reason, fact.evidence)
    trim(steps, STEPS_MOST)
    changes.owned.add("campaigns")


def step_dropped(floor: Floor, fact: outbound.StepDropped, changes: Changes) -> None:
    if floor.owned.outbound.steps.pop(fact.step, None) is not None:
        changes.owned.add("campaigns")


def dialling_stopped(floor: Floor, fact: outbound.DiallingStopped, changes: Changes) -> None:
    now = floor.owned.outbound
    now.stopped, now.stopped_by = fact.on, fact.who if fact.on else ""
    if fact.on:
        now.stopping, now.stopped_rang, now.stop_took = fact.pressed or fact.at, 0, 0
    else:
        now.stopping = 0
    changes.owned.add("campaigns")


def stop_measured(floor: Floor, fact: outbound.StopMeasured, changes: Changes) -> None:
    now = floor.owned.outbound.campaigns.get(fact.campaign) if fact.campaign else floor.owned.outbound
    if now is None:
        return
    now.stopping, now.stopped_rang, now.stop_took = 0, fact.rang, max(0, fact.last - fact.pressed)
    changes.owned.add("campaigns")


def item_kept(floor: Floor, fact: outbound.ItemKept, changes: Changes) -> None:
    now = campaign_at(floor, fact.campaign)
    if now is None:
        return
    done = fact.at if fact.done else 0
    now.items[fact.item] = Item(fact.item, fact.text, fact.owner, fact.due, fact.evidence, done, fact.who)
    trim(now.items, ITEMS_MOST)
    changes.owned.add("campaigns")


def complaint_kept(floor: Floor, fact: outbound.ComplaintKept, changes: Changes) -> None:
    """A dial's is counted once, however often somebody writes it down."""
    now = campaign_at(floor, fact.campaign)
    name = fact.dial or f"{fact.session}/{fact.seq}"
    if now is None or name in now.complained:
        return
    now.complained[name] = fact.at
    trim(now.complained, COMPLAINTS_KEPT)
    meters.count(now, fact.at, meters.Count(complaints=1))
    changes.owned.add("campaigns")


def statement_confirmed(floor: Floor, fact: outbound.StatementConfirmed, changes: Changes) -> None:
    """Both over the same hash: frozen."""
    now = campaign_at(floor, fact.campaign)
    if now is None or frozen(now):
        return
    now.confirmed[fact.side], now.confirmed_by[fact.side] = fact.digest, fact.who
    if frozen(now):
        planned = next((each for each in floor.owned.plan.dialling.campaigns if each.id == now.id), None)
        now.settled = settled(planned or Campaign(id=now.id), now, floor.day)
    changes.owned.add("campaigns")


def frozen(now: CampaignNow) -> bool:
    ours = now.confirmed.get("ours", "")
    return bool(ours) and now.confirmed.get("client") == ours


# ------------------------------------------------------------------ numbers


def number_blocked(floor: Floor, fact: outbound.NumberBlocked, changes: Changes) -> None:
    """Who said it last stands last."""
    if fact.number is None:
        return
    now = floor.owned.outbound
    kept = [each for each in now.blocks.pop(fact.number.digest, []) if (each.scope, each.about) != (fact.scope, fact.about)]
    kept = [*kept, BlockKept(fact.scope, fact.about, fact.at)]
    gone, now.blocks[fact.number.digest] = kept[:-BLOCKS_OF_ONE], kept[-BLOCKS_OF_ONE:]
    for digest in list(now.blocks)[: max(0, len(now.blocks) - BLOCKS_KEPT)]:
        gone += now.blocks.pop(digest)
    now.blocks_since = max(now.blocks_since, *(each.at for each in gone), 0)
    if fact.dial in now.dials:
        tell_agent(floor, now.dials[fact.dial], changes)


def number_unblocked(floor: Floor, fact: outbound.NumberUnblocked, changes: Changes) -> None:
    if fact.number is None:
        return
    blocks = floor.owned.outbound.blocks
    left = [each for each in blocks.pop(fact.number.digest, []) if (each.scope, each.about) != (fact.scope, fact.about)]
    if left:
        blocks[fact.number.digest] = left


def consent_given(floor: Floor, fact: outbound.ConsentGiven, changes: Changes) -> None:
    if fact.number is None or not fact.consent:
        return
    consents = floor.owned.outbound.consents
    consents[fact.consent] = ConsentKept(fact.number.digest, fact.client, fact.basis, fact.given or fact.at, fact.expires, fact.at)
    trim(consents, CONSENTS_KEPT)


def consent_revoked(floor: Floor, fact: outbound.ConsentRevoked, changes: Changes) -> None:
    if fact.number is None:
        return
    consents, digest = floor.owned.outbound.consents, fact.number.digest
    for name in [name for name, each in consents.items() if (each.digest, each.client) == (digest, fact.client)]:
        del consents[name]


def list_announced(floor: Floor, fact: outbound.ListAnnounced, changes: Changes) -> None:
    lists = floor.owned.outbound.lists
    lists.pop(fact.list, None)
    lists[fact.list] = fact
    trim(lists, LISTS_MOST)
    changes.owned.add("lists")
