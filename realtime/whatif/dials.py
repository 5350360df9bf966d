"""Dials of the record under another plan: what was asked, as far as the gate wrote it down, and how many would be decided otherwise. Pure.

Not the judging (`realtime/dial/judge.py`) and not the counting (`andon/plan/try_dials.py` keeps a ledger of the record). What a decision
does not say (a caller id, a callback, the proof of something) is not known here; so each is first decided anew by the plan of then, and
only where that comes out as it was written down is it held against the plan that is tried. Counters are those of the record: a dial that
was refused then is not counted, also where the plan would have let it pass.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from realtime.decision import Decision, Finding
from realtime.dial.model import DialAsk, Dialled
from realtime.floor import Floor
from realtime.ledger.names import FLIGHT, of
from realtime.ledger.port import Change, Drop, DropBlock, DropConsent, Put, SetBlock, SetConsent
from realtime.outbound import DialDecided
from realtime.plan.dialling import SCOPES, Campaign, DialRules
from realtime.plan.model import Plan
from realtime.words import Micros

EXAMPLES = 3
OF_THE_GATE = "gate."
"""Refusals that no plan makes: slow, away, changed meanwhile."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """`finding`: what holds it back by the plan, or what held it back then and does no more."""

    dial: str
    at: Micros
    shown: str
    finding: Finding | None


class Otherwise(msgspec.Struct, kw_only=True):
    """Decisions of one campaign that one rule changes, from one verdict to another."""

    campaign: str
    was: str
    verdict: str
    rule: str
    count: int = 0
    examples: list[Example] = []


class DialsFound(msgspec.Struct, kw_only=True):
    """`sealed`: their numbers cannot be read here any more. `unlike`: not to be decided anew as they were, for what was known then is not
    known now."""

    decisions: int = 0
    alike: int = 0
    sealed: int = 0
    unlike: int = 0
    otherwise: list[Otherwise] = []

    def take(self, fact: DialDecided, then: Decision, new: Decision) -> None:
        """`then`: decided anew by the plan of then."""
        was = fact.decision
        if then.verdict != was.verdict:
            self.unlike += 1
            return
        if new.verdict == was.verdict:
            self.alike += 1
            return
        finding = (was if new.verdict == "allow" else new).reason
        rule = finding.rule if finding is not None else ""
        about = (fact.campaign, was.verdict, new.verdict, rule)
        row = next((each for each in self.otherwise if (each.campaign, each.was, each.verdict, each.rule) == about), None)
        if row is None:
            row = Otherwise(campaign=fact.campaign, was=was.verdict, verdict=new.verdict, rule=rule)
            self.otherwise.append(row)
        row.count += 1
        if len(row.examples) < EXAMPLES:
            row.examples.append(Example(dial=fact.dial, at=fact.at, shown=fact.shown, finding=finding))


class Wanted:
    """Whose counters and requests are needed for the dials of a span: of all others nothing is kept."""

    def __init__(self) -> None:
        self._digests: set[str] = set()
        self._whose: set[str] = set()

    def take(self, fact: DialDecided) -> None:
        if fact.number is not None:
            self._digests.add(fact.number.digest)
        self._whose.update(whose for scope in SCOPES if (whose := of(scope, fact.scopes)))

    def of(self, changes: Iterable[Change]) -> list[Change]:
        return [each for each in changes if self._needs(each)]

    def _needs(self, change: Change) -> bool:
        match change:
            case Put(key=key) | Drop(key=key):
                return key.startswith(FLIGHT) or key.partition(":")[2] in self._whose
            case SetBlock(digest=digest) | DropBlock(digest=digest) | SetConsent(digest=digest) | DropConsent(digest=digest):
                return digest in self._digests
        return False  # campaigns' states are the floor's


def ask_of(fact: DialDecided, number: Dialled, campaign: Campaign | None) -> DialAsk:
    """What was asked then. What followed from the campaign of then is left open: the plan may say something else of it."""
    scopes, digest = fact.scopes, fact.number.digest if fact.number is not None else ""
    name = campaign.id if campaign is not None else fact.campaign
    follows = {
        "person": digest,
        "debt": scopes.get("person", ""),
        "subject": (campaign.subject if campaign is not None else "") or name,
    }
    return DialAsk(
        number=number,
        digest=digest,
        node=fact.node,
        leg=fact.leg,
        call=fact.call,
        campaign=fact.campaign,
        agent=fact.agent,
        purpose=fact.purpose if campaign is None or fact.purpose != campaign.purpose else "",
        method=fact.method,
        reserved=fact.reserved,
        by_hand=fact.method == "manual" and bool(fact.agent),
        scopes={word: scopes[word] for word, otherwise in follows.items() if scopes.get(word, otherwise) != otherwise},
        zone=fact.zones[0] if len(fact.zones) == 1 and fact.zones != number.zones else "",
    )


def campaign_in(rules: DialRules, name: str) -> Campaign | None:
    return next((each for each in rules.campaigns if each.id == name), None)


def under(floor: Floor, plan: Plan, version: str) -> Floor:
    """The floor of that moment, had this plan been in force; everything else is shared with it."""
    people = {person.id: person for person in plan.people}
    owned = msgspec.structs.replace(floor.owned, plan=plan, people=people, version=version)
    return msgspec.structs.replace(floor, owned=owned)
