"""Facts of outbound calls: what the gate decided, what became of a dial, a campaign's steps, do-not-call, consents, lists.

Not how they are decided (`dial/`, `rules/`) and not the floor's part that they change (`owned_outbound.py`). DialDecided is the gate's
word; all others are the engine's. No number stands here in clear. `dial` is the id of one decision: everything that follows from it
says it again.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from realtime.decision import Decision
from realtime.facts import Fact, Sealed
from realtime.words import AgentId, CallId, Micros, Uniqueid

# ------------------------------------------------------------------ the gate


class Constraints(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an allowed dial must keep to."""

    ring_s: int = 0  # let it ring for at least so long
    reserved: bool = False  # an agent must be there before it is dialled
    amd: bool = True  # an answering-machine detector may listen
    record: bool = False
    message: bool = False  # who is abandoned must hear one


def dial_id(decided: Micros, chance: str) -> str:
    """`decided` is the fact's `at`: so one decision among millions is found by its id alone."""
    return f"{decided:x}-{chance}"


def moment_of(dial: str) -> Micros | None:
    """When it was decided; None for what is no dial's id."""
    try:
        return int(dial.partition("-")[0][:16], 16)
    except ValueError:
        return None


class DialDecided(Fact, frozen=True, tag="DialDecided.1"):
    """The gate's word about one dial, allowed or not, with everything it looked at. `entries`: the ledger's counters that it took, with
    what it would take to release them; `signature`: HMAC over all fields before it, by the key `key`."""

    dial: str = ""
    call: CallId = CallId("")  # linkedid of the channel that asks
    leg: Uniqueid = Uniqueid("")  # that channel
    number: Sealed | None = None
    shown: str = ""  # masked
    regions: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    local: tuple[str, ...] = ()  # ISO local times in these zones
    campaign: str = ""
    client: str = ""
    purpose: str = ""
    method: str = ""
    agent: AgentId = AgentId("")
    reserved: bool = False
    scopes: dict[str, str] = {}  # noqa: RUF012  # what each scope word came to, hashed
    decision: Decision = Decision()
    until: Micros = 0  # deferred: the earliest lawful moment
    constraints: Constraints = Constraints()
    entries: tuple[tuple[str, Micros], ...] = ()  # ledger key, moment
    plan: str = ""  # version
    lists: tuple[str, ...] = ()  # name@version that were looked at
    zone_data: str = ""  # version of the time zones
    took_us: int = 0
    key: str = ""
    signature: str = ""


# ------------------------------------------------------------------ what became of it

DialOutcome = Literal["not_dialled", "no_answer", "busy", "failed", "cancelled", "stopped", "abandoned", "connected", "machine", "unknown"]


class DialAbandoned(Fact, frozen=True, tag="DialAbandoned.1"):
    """A person answered and had no agent by the preset's clock; stamped with that deadline. An agent may still come: it stays counted."""

    dial: str = ""
    campaign: str = ""


class DialEnded(Fact, frozen=True, tag="DialEnded.1"):
    """The dial is over. not_dialled: no channel was ever made, so what it took is released. `entries`: ledger keys and moments of what
    happened, to be written down (released ones for not_dialled)."""

    dial: str = ""
    campaign: str = ""
    outcome: DialOutcome = "unknown"
    agent: AgentId = AgentId("")
    answered: Micros = 0
    talk_s: int = 0
    cause: int = 0
    recorded: bool = False
    entries: tuple[tuple[str, Micros], ...] = ()


class ResultCoded(Fact, frozen=True, tag="ResultCoded.1"):
    """What came of the talk, by the agent (结果码). `callback`: the customer asked to be called then. The last word about a dial counts."""

    dial: str = ""
    campaign: str = ""
    code: str = ""
    means: str = ""
    agent: AgentId = AgentId("")
    who: str = ""
    callback: Micros = 0
    machine: bool = False
    note: str = ""
    entries: tuple[tuple[str, Micros], ...] = ()


# ------------------------------------------------------------------ do-not-call, consents, lists

BlockScope = Literal["campaign", "client", "global"]


class NumberBlocked(Fact, frozen=True, tag="NumberBlocked.1"):
    """Do not call, from now on, everywhere within a second. `about`: the client's or campaign's id; empty for global."""

    number: Sealed | None = None
    shown: str = ""
    scope: BlockScope = "client"
    about: str = ""
    source: str = ""  # agent, phone, api, complaint, regulator
    who: str = ""
    dial: str = ""
    evidence: str = ""


class NumberUnblocked(Fact, frozen=True, tag="NumberUnblocked.1"):
    """Two people, and a consent that is newer than the request."""

    number: Sealed | None = None
    scope: BlockScope = "client"
    about: str = ""
    who: str = ""
    second: str = ""
    consent: str = ""


class ConsentGiven(Fact, frozen=True, tag="ConsentGiven.1"):
    """One person's, with its evidence. `written`: what the word says; `basis`: consent, contract, transaction, inquiry."""

    consent: str = ""
    number: Sealed | None = None
    shown: str = ""
    client: str = ""
    purpose: str = ""
    basis: str = "consent"
    written: bool = False
    given: Micros = 0
    expires: Micros = 0  # 0: until revoked
    wording: str = ""  # version and hash
    method: str = ""
    evidence: str = ""
    who: str = ""


class ConsentRevoked(Fact, frozen=True, tag="ConsentRevoked.1"):
    """All of this person's for this client are over."""

    number: Sealed | None = None
    client: str = ""
    who: str = ""


class ListAnnounced(Fact, frozen=True, tag="ListAnnounced.1"):
    """A version of a list, immutable, as a file of that hash. `kind`: dnc or consent; `as_of`: the moment it speaks of."""

    list: str = ""
    kind: str = "dnc"
    version: str = ""  # the file's SHA-256
    file: str = ""  # its name in the folder of lists
    numbers: int = 0
    bad: int = 0
    as_of: Micros = 0
    source: str = ""
    who: str = ""
    client: str = ""  # of consents
    purpose: str = ""
    wording: str = ""
    expires: Micros = 0


# ------------------------------------------------------------------ campaigns


class StepProposed(Fact, frozen=True, tag="StepProposed.1"):
    """One of two people has said it; the step waits for the second, until `until`."""

    step: str = ""  # id
    campaign: str = ""
    to: str = ""  # the state, or what else two people decide: unblock, statement
    who: str = ""
    reason: str = ""
    evidence: str = ""
    until: Micros = 0


class StepDropped(Fact, frozen=True, tag="StepDropped.1"):
    """`why`: withdrawn, expired, overtaken (by another step or a stop), done."""

    step: str = ""
    campaign: str = ""
    why: str = ""
    who: str = ""


class CampaignMoved(Fact, frozen=True, tag="CampaignMoved.1"):
    """In this state from now on; the gate knows it before the next dial. `why`: a rule's code for an automatic stop."""

    campaign: str = ""
    before: str = ""
    to: str = ""
    who: str = ""
    second: str = ""
    reason: str = ""
    evidence: str = ""
    why: str = ""
    pressed: Micros = 0  # of a stop: when the key was pressed


class DiallingStopped(Fact, frozen=True, tag="DiallingStopped.1"):
    """Every campaign, at once. `on` False: it may go on, by two people; each campaign is then as it was."""

    on: bool = True
    who: str = ""
    second: str = ""
    reason: str = ""
    pressed: Micros = 0


class StopMeasured(Fact, frozen=True, tag="StopMeasured.1"):
    """Nothing of what was stopped rings any more. `campaign` empty: all of them."""

    campaign: str = ""
    pressed: Micros = 0
    rang: int = 0  # calls that rang and were hung up
    last: Micros = 0  # when the last of them was gone; `pressed` when none rang


class ItemKept(Fact, frozen=True, tag="ItemKept.1"):
    """An item of rectification (整改项): new, changed, or done with its evidence."""

    campaign: str = ""
    item: str = ""
    text: str = ""
    owner: str = ""
    due: str = ""  # ISO date
    evidence: str = ""
    done: bool = False
    who: str = ""


class ComplaintKept(Fact, frozen=True, tag="ComplaintKept.1"):
    """Somebody complained about a call of this campaign."""

    campaign: str = ""
    dial: str = ""
    text: str = ""
    who: str = ""


class StatementConfirmed(Fact, frozen=True, tag="StatementConfirmed.1"):
    """By one side of it: ours or the client's. Both, over the same hash, freeze it."""

    campaign: str = ""
    side: Literal["ours", "client"] = "ours"
    digest: str = ""
    who: str = ""
    evidence: str = ""
