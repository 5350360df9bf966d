"""What each fact of outbound calls is worth in the ledger. Pure; the one place that says it.

Used by the engine behind what it says, by a rebuild over everything that was ever said, and by simulations: so a ledger that is
made anew comes out as the one that was lost. Each change may be made twice: nothing is counted twice by it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from realtime.dial.model import Blocked, Consent
from realtime.facts import Fact
from realtime.ledger.names import FLIGHT, flight, keep_of
from realtime.ledger.port import (
    ALL,
    DIALLING_STATES,
    Change,
    Drop,
    DropBlock,
    DropConsent,
    Put,
    SetBlock,
    SetConsent,
    SetState,
)
from realtime.outbound import (
    CampaignMoved,
    ConsentGiven,
    ConsentRevoked,
    DialDecided,
    DialEnded,
    DiallingStopped,
    NumberBlocked,
    NumberUnblocked,
    ResultCoded,
)
from realtime.words import Micros

STOPPED, OPEN = "stopped", "open"
"""What `ALL` may be."""


def changes_of(fact: Fact) -> list[Change]:
    """In order. Empty for facts that change nothing here."""
    handler = _HANDLERS.get(type(fact))
    return handler(fact) if handler is not None else []


def closes(change: Change) -> bool:
    """Whether it keeps dials from being made: such a change is in the ledger before its fact is in the log."""
    if type(change) is SetState:
        return change.state not in (OPEN, *DIALLING_STATES)
    return isinstance(change, SetBlock | DropConsent)


def _decided(fact: DialDecided) -> list[Change]:
    return _puts(fact.dial, fact.entries) if fact.decision.verdict == "allow" else []


def _ended(fact: DialEnded) -> list[Change]:
    """Its places are free again, whatever became of it: by the names that follow from the fact, and by those that it carries."""
    if fact.outcome == "not_dialled":
        return [*_places(fact), *(Drop(key, fact.dial) for key, _ in fact.entries)]
    happened = tuple(entry for entry in fact.entries if not entry[0].startswith(FLIGHT))
    carried = [Drop(key, fact.dial) for key, _ in fact.entries if key.startswith(FLIGHT)]
    return [*_puts(fact.dial, happened), *_places(fact), *carried]


def _places(fact: DialEnded) -> list[Change]:
    keys = [flight("centre"), flight("campaign", fact.campaign), flight("unreserved", fact.campaign), flight("reserved", fact.campaign)]
    return [Drop(key, fact.dial) for key in (*keys, *([flight("agent", fact.agent)] if fact.agent else []))]


def _coded(fact: ResultCoded) -> list[Change]:
    return _puts(fact.dial, fact.entries)


def _puts(dial: str, entries: tuple[tuple[str, Micros], ...]) -> list[Change]:
    return [Put(key, at, dial, keep_of(key)) for key, at in entries]


def _blocked(fact: NumberBlocked) -> list[Change]:
    if fact.number is None:
        return []
    return [SetBlock(fact.number.digest, Blocked(fact.scope, fact.about, fact.at, fact.source))]


def _unblocked(fact: NumberUnblocked) -> list[Change]:
    return [DropBlock(fact.number.digest, fact.scope, fact.about)] if fact.number is not None else []


def _given(fact: ConsentGiven) -> list[Change]:
    if fact.number is None:
        return []
    consent = Consent(fact.consent, fact.client, fact.purpose, fact.basis, fact.written, fact.given or fact.at, fact.expires)
    return [SetConsent(fact.number.digest, consent)]


def _revoked(fact: ConsentRevoked) -> list[Change]:
    return [DropConsent(fact.number.digest, fact.client)] if fact.number is not None else []


def _moved(fact: CampaignMoved) -> list[Change]:
    return [SetState(fact.campaign, fact.to)]


def _stopped(fact: DiallingStopped) -> list[Change]:
    return [SetState(ALL, STOPPED if fact.on else OPEN)]


_HANDLERS: dict[type[Fact], Callable[[Any], list[Change]]] = {
    DialDecided: _decided,
    DialEnded: _ended,
    ResultCoded: _coded,
    NumberBlocked: _blocked,
    NumberUnblocked: _unblocked,
    ConsentGiven: _given,
    ConsentRevoked: _revoked,
    CampaignMoved: _moved,
    DiallingStopped: _stopped,
}

COUNTED: tuple[type[Fact], ...] = (DialDecided, DialEnded, ResultCoded)
"""Facts that are worth something here for `KEEP_S`."""
LASTING: tuple[type[Fact], ...] = (NumberBlocked, NumberUnblocked, ConsentGiven, ConsentRevoked)
"""Facts that are worth something for ever."""
