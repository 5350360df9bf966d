"""What would the gate say to this number, at that moment, and why? Asked of a floor, a ledger and lists, and nothing is taken.

Not the deciding (`judge.py`) and not the gate (`agi/dial/gate.py`, which goes the same way and takes). Boards and the command line ask, and
bring the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec

from realtime.dial.applies import lists_wanted
from realtime.dial.judge import judge, prepare
from realtime.dial.model import Consent, DialAsk, InOrder, Judged, ListSeen, Prepared
from realtime.dial.numbers import canonical
from realtime.dial.seeing import campaign_of, seen
from realtime.facts import Sealed
from realtime.floor import Floor
from realtime.ledger.port import Ledger, Looked, Question
from realtime.outbound import DialDecided
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import DialRules
from realtime.words import AgentId, Micros


class Lists(Protocol):
    """`realtime.lists.shelf.Shelf`."""

    def seen(self, names: Iterable[str], e164: str) -> Mapping[str, ListSeen]: ...
    def consents(self, names: Iterable[str], e164: str) -> tuple[Consent, ...]: ...


@dataclass(frozen=True, slots=True)
class Dialling:
    """What it takes to look a number up. `good`: whether a decision is as it was signed; None: nobody here can say."""

    seal: Callable[[str, Micros], Sealed | None]
    ledger: Ledger
    lists: Lists
    good: Callable[[DialDecided], bool | None] = lambda _: None


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

    asked: Asked
    at: Micros
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
    there = seen(floor, ask, now, lists=lists, consents=consents)
    prepared = prepare(ask, there)
    state = there.state.state if there.state is not None else ""
    looked = await dialling.ledger.look(Question(ask.digest, asked.campaign, state, prepared.checks))
    there = seen(floor, ask, now, looked, lists, consents)
    if looked.state not in ("", state):  # as the gate: the ledger hears of a step first
        there = there._replace(state=msgspec.structs.replace(there.state or CampaignNow(asked.campaign), state=looked.state))
    return Said(asked, now, ask, prepared, looked, judge(ask, there, prepared, InOrder(prepared.checks, looked.counted)))
