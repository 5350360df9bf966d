"""One decision about a dial as pages and programs read it: what the gate would say, and what it has said, with what followed. Pure.

Not a campaign's page (`view_campaign.py`). Numbers are masked here, whoever reads. Moments are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from realtime.dial.would import Said
from realtime.facts import Fact
from realtime.outbound import DialAbandoned, DialDecided, DialEnded, NumberBlocked, ResultCoded
from realtime.sealing import mask
from realtime.view_campaign import ReasonSaid, reasons_of
from realtime.words import SECOND, Micros


class GateSaid(msgspec.Struct, kw_only=True):
    """`until`: the earliest lawful moment. `digits`: what would be signalled. `local`: the time where it would ring, a zone each."""

    verdict: str
    number: str
    digits: int
    country: str
    kind: str
    regions: list[str]
    zones: list[str]
    local: list[str]
    until: float | None
    ring_s: int
    reserved: bool
    amd: bool
    ready: str
    presets: list[str]
    reasons: list[ReasonSaid]


class FollowedRow(msgspec.Struct, kw_only=True):
    """`what`: abandoned, ended, coded, blocked; `word`: the outcome, the result code, how far it is blocked."""

    what: str
    at: float
    word: str = ""
    who: str = ""
    talk_s: int = 0
    callback: float | None = None


class DialSaid(msgspec.Struct, kw_only=True):
    """One decision of the gate, as it was written down. `outcome` empty: it is under way, was not dialled, or history does not say.
    `signature_good` null: signed by a key that is not here."""

    dial: str
    at: float
    number: str
    campaign: str
    agent: str
    method: str
    verdict: str
    zones: list[str]
    local: list[str]
    plan: str
    lists: list[str]
    signature: str
    reasons: list[ReasonSaid]
    client: str = ""
    purpose: str = ""
    regions: list[str] = []
    reserved: bool = False
    until: float | None = None
    ring_s: int = 0
    amd: bool = True
    record: bool = False
    message: bool = False
    zone_data: str = ""
    key: str = ""
    signature_good: bool | None = None
    outcome: str = ""
    followed: list[FollowedRow] = []


def gate_said(said: Said) -> GateSaid:
    number, judged = said.ask.number, said.judged
    return GateSaid(
        verdict=judged.decision.verdict,
        number=mask(number.e164 or number.digits),
        digits=len(number.digits),
        country=number.country,
        kind=number.kind,
        regions=list(number.regions),
        zones=list(said.prepared.zones),
        local=list(judged.local),
        until=seconds(judged.until),
        ring_s=judged.constraints.ring_s,
        reserved=judged.constraints.reserved,
        amd=judged.constraints.amd,
        ready=said.looked.ready,
        presets=[each.name for each in said.prepared.presets],
        reasons=reasons_of(judged.decision),
    )


def dial_said(fact: DialDecided, followed: Iterable[Fact] = (), good: bool | None = None) -> DialSaid:
    rows, must = [row for each in followed if (row := row_of(each)) is not None], fact.constraints
    return DialSaid(
        dial=fact.dial,
        at=fact.at / SECOND,
        number=fact.shown,
        campaign=fact.campaign,
        agent=fact.agent,
        method=fact.method,
        verdict=fact.decision.verdict,
        zones=list(fact.zones),
        local=list(fact.local),
        plan=fact.plan,
        lists=list(fact.lists),
        signature=fact.signature,
        reasons=reasons_of(fact.decision),
        client=fact.client,
        purpose=fact.purpose,
        regions=list(fact.regions),
        reserved=fact.reserved or must.reserved,
        until=seconds(fact.until),
        ring_s=must.ring_s,
        amd=must.amd,
        record=must.record,
        message=must.message,
        zone_data=fact.zone_data,
        key=fact.key,
        signature_good=good,
        outcome=next((each.word for each in reversed(rows) if each.what == "ended"), ""),
        followed=rows,
    )


def row_of(fact: Fact) -> FollowedRow | None:
    """One row of what followed; None for what is none of it."""
    at = fact.at / SECOND
    match fact:
        case DialAbandoned():
            return FollowedRow(what="abandoned", at=at)
        case DialEnded():
            return FollowedRow(what="ended", at=at, word=fact.outcome, who=fact.agent, talk_s=fact.talk_s)
        case ResultCoded():
            return FollowedRow(what="coded", at=at, word=fact.code, who=fact.who or fact.agent, callback=seconds(fact.callback))
        case NumberBlocked():
            return FollowedRow(what="blocked", at=at, word=fact.scope, who=fact.who)
    return None


def seconds(at: Micros) -> float | None:
    return at / SECOND if at else None
