"""One campaign as its page shows it: life, items, refusals with examples, the curve of abandonment, what may be done next. Pure.

Not the line of it on walls and lists (`view_outbound.py`) and not the statement (`settlement.py`). Moments are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from realtime import sentences
from realtime.decision import SEVERITY, Decision
from realtime.floor import Floor
from realtime.owned_outbound import CampaignNow, Example, Item, Meter, Move, Step
from realtime.plan.dialling import Campaign
from realtime.rules.campaign_life import STEPS
from realtime.words import SECOND, Micros


class ReasonSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule said, by language."""

    rule: str
    verdict: str
    text: dict[str, str]
    until: float | None = None


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One dial that was refused. `shown`: the number with its middle hidden."""

    dial: str
    at: float
    shown: str
    agent: str
    verdict: str
    reasons: list[ReasonSaid]


class RefusedBy(msgspec.Struct, frozen=True, kw_only=True):
    """How often today, by which rule, with examples."""

    rule: str
    text: dict[str, str]
    times: int
    examples: list[RefusedRow]


class MoveRow(msgspec.Struct, frozen=True, kw_only=True):
    at: float
    before: str
    to: str
    who: str
    second: str
    reason: str
    evidence: str
    why: str


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    text: str
    owner: str
    due: str
    evidence: str
    done: float | None
    by: str


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """A step that waits for its second person."""

    id: str
    to: str
    who: str
    at: float
    until: float
    reason: str
    evidence: str


class NextRow(msgspec.Struct, frozen=True, kw_only=True):
    """A step that its state allows. `two`: two people; `needs`: what must be there, by the words of `rules/campaign_life.py`."""

    to: str
    two: bool
    needs: list[str]


class PointRow(msgspec.Struct, frozen=True, kw_only=True):
    """One minute of the last hour, or one day. `rate` None: nobody answered."""

    at: float | None
    day: str
    dials: int
    live: int
    abandoned: int
    denied: int
    rate: float | None


class StopRow(msgspec.Struct, frozen=True, kw_only=True):
    """`took_s` None: not stopped yet, or calls still ring; `rang`: so many were hung up."""

    stopping: bool
    rang: int
    took_s: float | None


class CampaignDetail(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    name_zh: str
    client: str
    purpose: str
    presets: list[str]
    most: str
    contract: str
    ends: str
    state: str
    since: float | None
    moves: list[MoveRow]
    items: list[ItemRow]
    steps: list[StepRow]
    next: list[NextRow]
    refused: list[RefusedBy]
    minutes: list[PointRow]
    days: list[PointRow]
    results: dict[str, int]
    stop: StopRow


def detail(floor: Floor, campaign: Campaign) -> CampaignDetail:
    owned = floor.owned
    now = owned.outbound.campaigns.get(campaign.id) or CampaignNow(id=campaign.id)
    return CampaignDetail(
        id=campaign.id,
        name=campaign.name,
        name_zh=campaign.name_zh,
        client=campaign.client,
        purpose=campaign.purpose,
        presets=list(campaign.presets),
        most=campaign.most,
        contract=campaign.contract.number,
        ends=campaign.contract.ends,
        state=now.state,
        since=_seconds(now.since),
        moves=[_move(each) for each in reversed(now.moves)],
        items=[_item(each) for each in now.items.values()],
        steps=[_step(each) for each in owned.outbound.steps.values() if each.campaign == campaign.id],
        next=[NextRow(to=each.to, two=each.two, needs=list(each.needs)) for each in STEPS if each.before == now.state],
        refused=_refused(now),
        minutes=[_point(each, minute * 60.0, "") for minute, each in sorted(now.minutes.items())],
        days=[_point(each, None, day) for day, each in sorted({**now.days, floor.day: now.day}.items()) if day],
        results=dict(now.day.results),
        stop=StopRow(stopping=bool(now.stopping), rang=now.stopped_rang, took_s=now.stop_took / SECOND if now.stop_took else None),
    )


def reasons_of(decision: Decision) -> list[ReasonSaid]:
    """The worst first, as a person looks for them."""
    worst = sorted(decision.findings, key=lambda each: SEVERITY.index(each.verdict), reverse=True)
    return [ReasonSaid(rule=each.rule, verdict=each.verdict, text=sentences.both(each), until=_seconds(each.until)) for each in worst]


def _refused(now: CampaignNow) -> list[RefusedBy]:
    found: list[RefusedBy] = []
    for rule, times in sorted(now.denied.items(), key=lambda each: -each[1]):
        examples = now.examples.get(rule, [])
        found.append(
            RefusedBy(rule=rule, text=_said(rule, examples), times=times, examples=[_example(each) for each in reversed(examples)])
        )
    return found


def _said(rule: str, examples: Iterable[Example]) -> dict[str, str]:
    """The sentence of the latest example by this rule; without one the rule's code has to do."""
    for example in reversed(list(examples)):
        for finding in example.decision.findings:
            if finding.rule == rule and finding.verdict != "allow":
                return sentences.both(finding)
    return {"en": rule, "zh": rule}


def _example(example: Example) -> RefusedRow:
    decision = example.decision
    return RefusedRow(
        dial=example.dial,
        at=example.at / SECOND,
        shown=example.shown,
        agent=example.agent,
        verdict=decision.verdict,
        reasons=[each for each in reasons_of(decision) if each.verdict != "allow"],
    )


def _point(meter: Meter, at: float | None, day: str) -> PointRow:
    rate = meter.abandoned / meter.live if meter.live else None
    return PointRow(at=at, day=day, dials=meter.dials, live=meter.live, abandoned=meter.abandoned, denied=meter.denied, rate=rate)


def _move(move: Move) -> MoveRow:
    fields = msgspec.structs.asdict(move)
    return MoveRow(**{**fields, "at": fields["at"] / SECOND})


def _item(item: Item) -> ItemRow:
    fields = msgspec.structs.asdict(item)
    return ItemRow(**{**fields, "done": _seconds(fields["done"])})


def _step(step: Step) -> StepRow:
    fields = msgspec.structs.asdict(step)
    return StepRow(
        **{name: fields[name] for name in ("id", "to", "who", "reason", "evidence")},
        at=fields["at"] / SECOND,
        until=fields["until"] / SECOND,
    )


def _seconds(at: Micros) -> float | None:
    return at / SECOND if at else None
