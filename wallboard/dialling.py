"""What a board needs of numbers: to seal one, and to look one up in the ledger and in the lists. A port; `andon` brings the parts.

Not the deciding (`realtime/dial/`) and not the gate: a board asks what the gate would say, and takes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from realtime.dial.applies import lists_wanted
from realtime.dial.judge import judge, prepare
from realtime.dial.model import Consent, DialAsk, Judged, ListSeen, Prepared
from realtime.dial.numbers import canonical
from realtime.dial.seeing import campaign_of, seen
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.ledger.port import Ledger, Looked, Question
from realtime.plan.dialling import DialRules
from realtime.words import AgentId, Micros


class Lists(Protocol):
    """`realtime.lists.shelf.Shelf`."""

    def seen(self, names: Iterable[str], e164: str) -> Mapping[str, ListSeen]: ...
    def consents(self, names: Iterable[str], e164: str) -> tuple[Consent, ...]: ...


@dataclass(frozen=True, slots=True)
class Dialling:
    seal: Callable[[str, Micros], Sealed | None]
    ledger: Ledger
    lists: Lists


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the gate, as a person asks it."""

    number: str
    campaign: str
    agent: str = ""
    method: str = "manual"
    purpose: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What the gate would say, and what it would look at."""

    ask: DialAsk
    prepared: Prepared
    looked: Looked
    judged: Judged


def number_of(said: str, country: str, rules: DialRules) -> str:
    """E.164, or empty: what a person typed, as the gate would read it."""
    return canonical(said, country, rules.prefixes, rules.emergency).e164


async def would_say(floor: Floor, dialling: Dialling, asked: Asked, now: Micros) -> Said | None:
    """At the moment `now`, with the counters as they are. None for what cannot be sealed: no number at all."""
    rules, campaign = floor.owned.plan.dialling, campaign_of(floor, asked.campaign)
    number = canonical(asked.number, campaign.country if campaign is not None else "CN", rules.prefixes, rules.emergency)
    sealed = dialling.seal(number.e164 or number.digits, now)
    if sealed is None:
        return None
    ask = DialAsk(
        number=number,
        digest=sealed.digest,
        campaign=asked.campaign,
        agent=AgentId(asked.agent),
        purpose=asked.purpose,
        method=asked.method,
        reserved=asked.method != "predictive",
        by_hand=asked.method == "manual" and bool(asked.agent),
        zone=asked.zone,
    )
    names = lists_wanted(ask, rules)
    lists, consents = dialling.lists.seen(names, number.e164), dialling.lists.consents(names, number.e164)
    prepared = prepare(ask, seen(floor, ask, now, lists=lists, consents=consents))
    state = floor.owned.outbound.campaigns.get(asked.campaign)
    looked = await dialling.ledger.look(
        Question(ask.digest, asked.campaign, state.state if state is not None else "draft", prepared.checks)
    )
    counts = {(each.key, each.since, each.most): found for each, found in zip(prepared.checks, looked.counted, strict=False)}
    return Said(ask, prepared, looked, judge(ask, seen(floor, ask, now, looked, lists, consents), prepared, counts))
