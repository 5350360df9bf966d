"""A campaign's steps, stops, items, complaints and statements: who may, and what is said because of it. Pure.

Not which step leads where (`campaign_life.py`), not what its needs mean (`campaign_needs.py`), not the second person (`two_people.py`) and
not what stops one by itself (`campaign_stops.py`). What the board lets through is looked at again here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from realtime import asks_outbound as asks
from realtime.control.ruling import Moment, Ruling
from realtime.decision import Decision, Finding, decide
from realtime.dial.seeing import campaign_of
from realtime.floor import Floor
from realtime.fold.campaigns import ITEMS_MOST, frozen
from realtime.outbound import CampaignMoved, ComplaintKept, DiallingStopped, ItemKept, StatementConfirmed
from realtime.owned_outbound import CampaignNow, Item, Step
from realtime.plan.dialling import Campaign
from realtime.requests import TEXT_MAX, Actor, Request
from realtime.rules import campaign_stops, two_people
from realtime.rules.campaign_life import DIALS, STATES, step_between, steps_from
from realtime.rules.campaign_needs import Case, needs, today
from realtime.saying import Ids, Saying, say
from realtime.sentences.campaigns import STAGES
from realtime.settlement import statement
from realtime.words import SECOND, Micros

RESUME = "resume"
"""What a proposal to lift the stop of all leads to."""
PRESSED_AGO: Micros = 30 * SECOND
"""How long before the request a key may have been pressed: browsers' clocks differ, and what is measured is milliseconds."""
ID_MAX = 128
HEARS = frozenset({"leader", "supervisor", "qa", "manager", "admin"})
"""Who may write down a complaint: an agent does it by a result code of the own call."""
STOPS = HEARS | {"dialler"}
"""Whoever sees harm may stop it, programs among them. Going on takes two people."""
SECONDS = frozenset({"supervisor", "manager", "admin"})
"""Roles of a second person, beside the campaign's managers: a small centre has one manager."""
MANAGES = frozenset({"manager", "admin"})


def due(floor: Floor, now: Micros, ids: Ids) -> list[Saying]:
    return [*two_people.expired(floor, now), *campaign_stops.due(floor, now)]


def state_of(floor: Floor, name: str) -> CampaignNow | None:
    """A draft where only the plan knows it; None where nobody does."""
    known = floor.owned.outbound.campaigns.get(name)
    return known if known is not None or campaign_of(floor, name) is None else CampaignNow(id=name)


def ruled(findings: Iterable[Finding], says: list[Saying]) -> Ruling:
    """A refusal says nothing."""
    decision = decide(findings)
    return Ruling(decision, says if decision.verdict in ("allow", "queue") else [])


def unknown(campaign: str) -> Ruling:
    return Ruling(Decision("deny", (Finding("campaign.unknown", "deny", {"campaign": campaign[:ID_MAX]}),)))


# ------------------------------------------------------------------ who


def manages(actor: Actor, campaign: Campaign | None, *, second: bool = False) -> Finding:
    """`managers` of a campaign are people or roles. A second person may also be any supervisor, manager or admin."""
    named = campaign.managers if campaign is not None else ()
    mine = {actor.role, actor.agent, actor.who.removeprefix("user:")} - {""}
    may = actor.role in MANAGES if not named else actor.role == "admin" or bool(mine & set(named))
    if may or (second and actor.role in SECONDS):
        return Finding("campaign.manages")
    return Finding("campaign.not_manager", "deny", {"managers": ", ".join(named or sorted(MANAGES))})


def by_itself(actor: Actor) -> bool:
    """Andon's own commands, on the machine that it runs on: no account and no token has this role."""
    return actor.via == "engine" or actor.role == "system"


def of_roles(actor: Actor, roles: frozenset[str]) -> Finding:
    if by_itself(actor) or actor.role in roles:
        return Finding("campaign.may")
    return Finding("campaign.may_not", "deny", {"roles": ", ".join(sorted(roles))})


# ------------------------------------------------------------------ steps


def step(floor: Floor, request: Request, ask: asks.CampaignStep, moment: Moment) -> Ruling:
    if ask.to == "stopped":
        return stop(floor, request, asks.CampaignStop(ask.campaign, ask.reason), moment)
    state, campaign = state_of(floor, ask.campaign), campaign_of(floor, ask.campaign)
    if state is None:
        return unknown(ask.campaign)
    way = step_between(state.state, ask.to)
    if way is None:
        return ruled([no_way(state, ask.to)], [])
    pair = two_people.pair(floor, request.actor, state.id, way.to, moment.now) if way.two else None
    first = pair.first if pair is not None else None
    reason, evidence = said(first, "reason") or clean(ask.reason), said(first, "evidence") or clean(ask.evidence)
    case = Case(way, state, campaign, today(floor, moment.now), reason, evidence)
    findings = [manages(request.actor, campaign, second=first is not None), *needs(case)]
    if pair is not None and first is None:
        says = [two_people.proposed(request.actor, state.id, way.to, reason, evidence, moment.now, moment.ids)]
        return ruled([pair.finding, *findings], says)
    findings = [Finding("campaign.moved", values=ends(case)), *([pair.finding] if pair is not None else []), *findings]
    return ruled(findings, moved(floor, case, request.actor.who, moment.now, first))


def no_way(state: CampaignNow, to: str) -> Finding:
    steps = [STAGES[each.to] for each in steps_from(state.state)]
    if not steps:
        return Finding("campaign.final", "deny", {"stage": state.state})
    lead = {"steps": ", ".join(each for each, _ in steps), "steps_zh": "、".join(each for _, each in steps)}
    return Finding("campaign.no_way", "deny", {"stage": state.state, "next_stage": to[:ID_MAX], **lead})


def ends(case: Case) -> dict[str, str | int | float]:
    return {"stage": case.step.before, "next_stage": case.step.to}


def moved(floor: Floor, case: Case, who: str, now: Micros, first: Step | None = None) -> list[Saying]:
    """`who` of the fact is who said it first."""
    by = {"who": first.who, "second": who} if first is not None else {"who": who}
    way, name = case.step, case.state.id
    fact = say(CampaignMoved, now, campaign=name, before=way.before, to=way.to, **by, reason=case.reason, evidence=case.evidence)
    return [fact, *two_people.overtaken(floor, name, STATES, who, now, first)]


def withdraw(floor: Floor, request: Request, ask: asks.StepWithdraw, moment: Moment) -> Ruling:
    """Whoever said it, or anybody in whose charge it is."""
    pending, actor = floor.owned.outbound.steps.get(ask.step), request.actor
    if pending is None:
        return ruled([Finding("two.gone", "deny")], [])
    may = Finding("two.own") if two_people.same(floor.owned.plan, pending.who, actor) else of_roles(actor, MANAGES)
    return ruled([may, Finding("two.withdrawn")], [two_people.dropped(pending, "withdrawn", actor.who, moment.now)])


def clean(text: str) -> str:
    return text.strip()[:TEXT_MAX]


def said(first: Step | None, name: str) -> str:
    return str(getattr(first, name)) if first is not None else ""


# ------------------------------------------------------------------ stop and resume


def stop(floor: Floor, request: Request, ask: asks.CampaignStop, moment: Moment) -> Ruling:
    """One person, at once, without a reason. A stop of what is stopped is an objection: it ends what waits for its second person."""
    actor, now = request.actor, moment.now
    if not ask.campaign:
        return stop_all(floor, request, ask, now)
    state, campaign = state_of(floor, ask.campaign), campaign_of(floor, ask.campaign)
    if state is None:
        return unknown(ask.campaign)
    may = of_roles(actor, STOPS)
    if may.verdict != "allow":
        may = manages(actor, campaign)
    if state.state not in DIALS:
        found = Finding("campaign.dials_not", values={"stage": state.state})
        return ruled([found, may], two_people.overtaken(floor, state.id, DIALS, actor.who, now))
    fields = {"campaign": state.id, "before": state.state, "to": "stopped", "who": actor.who, "reason": clean(ask.reason)}
    says = [say(CampaignMoved, now, **fields, pressed=pressed(request, ask, now))]
    found = Finding("campaign.stopped", values={"stage": state.state})
    return ruled([found, may], [*says, *two_people.overtaken(floor, state.id, STATES, actor.who, now)])


def stop_all(floor: Floor, request: Request, ask: asks.CampaignStop, now: Micros) -> Ruling:
    who, may = request.actor.who, of_roles(request.actor, STOPS)
    over = two_people.overtaken(floor, "", (RESUME,), who, now)
    if floor.owned.outbound.stopped:
        return ruled([Finding("dialling.stopped_already", values={"who": floor.owned.outbound.stopped_by}), may], over)
    fields = {"on": True, "who": who, "reason": clean(ask.reason), "pressed": pressed(request, ask, now)}
    return ruled([Finding("dialling.stopped"), may], [say(DiallingStopped, now, **fields), *over])


def pressed(request: Request, ask: asks.CampaignStop, now: Micros) -> Micros:
    """As the asker's clock says where that can be; else when it was asked."""
    return ask.pressed if request.at - PRESSED_AGO <= ask.pressed <= now else min(request.at, now)


def resume(floor: Floor, request: Request, ask: asks.DiallingResume, moment: Moment) -> Ruling:
    actor, now = request.actor, moment.now
    if not floor.owned.outbound.stopped:
        return ruled([Finding("dialling.not_stopped", "deny")], [])
    pair = two_people.pair(floor, actor, "", RESUME, now)
    first = pair.first
    reason = said(first, "reason") or clean(ask.reason)
    why = Finding("campaign.reason", values={"reason": reason}) if reason else Finding("campaign.no_reason", "deny")
    findings = [pair.finding, of_roles(actor, MANAGES if first is None else SECONDS), why]
    if first is None:
        return ruled(findings, [two_people.proposed(actor, "", RESUME, reason, "", now, moment.ids)])
    says = [
        say(DiallingStopped, now, on=False, who=first.who, second=actor.who, reason=reason),
        two_people.dropped(first, "done", actor.who, now),
    ]
    return ruled([Finding("dialling.resumed"), *findings], says)


# ------------------------------------------------------------------ items and complaints


def keep_item(floor: Floor, request: Request, ask: asks.ItemKeep, moment: Moment) -> Ruling:
    """What is left empty stays as it was. Done needs evidence; who the item is of may say so, too."""
    state, campaign, actor = state_of(floor, ask.campaign), campaign_of(floor, ask.campaign), request.actor
    if state is None:
        return unknown(ask.campaign)
    known = state.items.get(ask.item)
    if ask.item and known is None:
        return ruled([Finding("campaign.no_item", "deny", {"item": ask.item[:ID_MAX]})], [])
    item = merged(known or Item(ask.item or moment.ids(), ""), ask)
    own = known is not None and known.owner in {actor.agent, actor.who, actor.who.removeprefix("user:")} - {""}
    findings = [Finding("campaign.item_own") if own else manages(actor, campaign, second=True), *sensible(state, item, ask)]
    fields = {"item": item.id, "text": item.text, "owner": item.owner, "due": item.due, "evidence": item.evidence}
    return ruled(findings, [say(ItemKept, moment.now, campaign=state.id, **fields, done=ask.done, who=actor.who)])


def merged(item: Item, ask: asks.ItemKeep) -> Item:
    text, owner, evidence = clean(ask.text) or item.text, clean(ask.owner) or item.owner, clean(ask.evidence) or item.evidence
    return Item(item.id, text, owner, ask.due or item.due, evidence)


def sensible(state: CampaignNow, item: Item, ask: asks.ItemKeep) -> list[Finding]:
    findings = [Finding("campaign.item", values={"item": item.text})]
    if state.state not in ("stopped", "rectifying"):
        findings.append(Finding("campaign.mends_nothing", "deny", {"stage": state.state}))
    if not (item.text and item.owner and is_date(item.due)):
        findings.append(Finding("campaign.item_unclear", "deny"))
    if ask.done and not item.evidence:
        findings.append(Finding("campaign.item_unproved", "deny"))
    if item.id not in state.items and len(state.items) >= ITEMS_MOST:
        findings.append(Finding("campaign.items_most", "deny", {"most": ITEMS_MOST}))
    return findings


def is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def keep_complaint(floor: Floor, request: Request, ask: asks.ComplaintKeep, moment: Moment) -> Ruling:
    """Whether it is one too many is looked at in the same breath by `campaign_stops.py`, as after every fact."""
    state = state_of(floor, ask.campaign)
    if state is None:
        return unknown(ask.campaign)
    may, dial = of_roles(request.actor, HEARS), ask.dial[:ID_MAX]
    if dial and dial in state.complained:
        return ruled([Finding("campaign.complained_already"), may], [])
    fields = {"campaign": state.id, "dial": dial, "text": clean(ask.text), "who": request.actor.who}
    return ruled([Finding("campaign.complaint"), may], [say(ComplaintKept, moment.now, **fields)])


# ------------------------------------------------------------------ the statement


def confirm(floor: Floor, request: Request, ask: asks.StatementConfirm, moment: Moment) -> Ruling:
    """The client's side is written down by a manager, with what shows that the client said so. Two equal ones are frozen."""
    state, campaign = state_of(floor, ask.campaign), campaign_of(floor, ask.campaign)
    if state is None:
        return unknown(ask.campaign)
    evidence = clean(ask.evidence)
    findings = [manages(request.actor, campaign), *confirmable(floor, state, ask)]
    if ask.side == "client" and not evidence:
        findings.append(Finding("statement.no_evidence", "deny"))
    if state.confirmed.get(ask.side) == ask.digest:
        return ruled([Finding("statement.already"), *findings], [])
    if frozen(state):
        findings.append(Finding("statement.frozen", "deny"))
    other = state.confirmed.get("client" if ask.side == "ours" else "ours", "")
    word = Finding("statement.waits" if not other else "statement.agreed" if other == ask.digest else "statement.differs")
    fields = {"campaign": state.id, "side": ask.side, "digest": ask.digest, "who": request.actor.who, "evidence": evidence}
    return ruled([word, *findings], [say(StatementConfirmed, moment.now, **fields)])


def confirmable(floor: Floor, state: CampaignNow, ask: asks.StatementConfirm) -> list[Finding]:
    findings = []
    if state.state != "settling":
        findings.append(Finding("statement.not_settling", "deny", {"stage": state.state}))
    if ask.side not in ("ours", "client"):
        findings.append(Finding("statement.no_side", "deny", {"side": ask.side[:ID_MAX]}))
    if len(ask.digest) != 64 or set(ask.digest) - set("0123456789abcdef"):
        findings.append(Finding("statement.no_digest", "deny"))
    elif ask.digest != statement(campaign_of(floor, state.id) or Campaign(id=state.id), state, floor.day).digest:
        findings.append(Finding("statement.other", "deny"))
    if calls := sum(1 for each in floor.owned.outbound.dials.values() if each.campaign == state.id and not each.over):
        findings.append(Finding("statement.calls", "deny", {"calls": calls}))
    return findings
