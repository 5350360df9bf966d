"""What a decision about a dial is made from, and what it comes to. Data only.

`judge.prepare` says what must be counted, whoever keeps counters counts it, `judge.judge` decides. Two halves, so that deciding stays
pure and the counting can be done atomically elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from realtime.decision import Decision
from realtime.outbound import Constraints
from realtime.owned_outbound import CampaignNow
from realtime.plan.dialling import Campaign, DialRules, Happening, Method, Preset, Purpose, Scope
from realtime.plan.model import Person
from realtime.words import AgentId, AgentState, CallId, Micros, Node, Uniqueid

NumberKind = Literal["fixed", "mobile", "fixed_or_mobile", "toll_free", "shared_cost", "premium", "short", "emergency", "other", "none"]


class Dialled(msgspec.Struct, frozen=True, kw_only=True):
    """A string as dialled, and the number it would reach. `e164` empty: it is no number that anybody could have."""

    said: str
    e164: str = ""  # with its plus
    digits: str = ""  # what would really be signalled: prefixes, IP prefixes and star codes stripped
    country: str = ""  # ISO
    kind: NumberKind = "none"
    regions: tuple[str, ...] = ()  # as US-FL, CN-XJ: where its code says it is; empty: the whole country
    zones: tuple[str, ...] = ()  # every zone it may be in, sorted; empty: unknown
    stripped: tuple[str, ...] = ()  # what was taken off, in order


class DialAsk(msgspec.Struct, frozen=True, kw_only=True):
    """One dial, as it is asked for. `scopes`: what each scope word is here, hashed already; `digest`: of the number."""

    number: Dialled
    digest: str
    node: Node = Node("")
    leg: Uniqueid = Uniqueid("")
    call: CallId = CallId("")
    campaign: str = ""
    agent: AgentId = AgentId("")
    purpose: str = ""  # Purpose; empty: the campaign's
    method: str = "manual"
    reserved: bool = True  # an agent is there for it
    by_hand: bool = False  # a person typed it on a phone
    scopes: Mapping[str, str] = {}  # person, debt, subject where they were given
    zone: str = ""  # stated by the person called, or of their address: over what the number says
    callback: Micros = 0  # the customer asked to be called at this moment
    caller_id: str = ""  # E.164 that will be shown; empty: unknown
    withheld: bool = False
    lifts: tuple[str, ...] = ()  # what the asker has proof of: agreed_time, contract


class Blocked(msgspec.Struct, frozen=True, array_like=True):
    """One request of a person not to be called."""

    scope: str
    about: str = ""
    at: Micros = 0
    source: str = ""


class Consent(msgspec.Struct, frozen=True, array_like=True):
    """One consent, or a relation that stands for one (`basis` contract, transaction, inquiry)."""

    id: str
    client: str
    purpose: str = ""
    basis: str = "consent"
    written: bool = False
    given: Micros = 0
    expires: Micros = 0
    list: str = ""  # of a list's: its name


class ListSeen(NamedTuple):
    """One list, as the gate has it loaded. `version` empty: it is not there. One of consents is none of who is not to be called."""

    name: str
    version: str = ""
    as_of: Micros = 0
    hit: bool = False
    kind: str = "dnc"


class Seen(NamedTuple):
    """The rest of what is known at the moment of deciding. No counters: those are `Counts`."""

    now: Micros
    rules: DialRules
    campaign: Campaign | None = None
    state: CampaignNow | None = None
    stopped: bool = False  # all dialling
    person: Person | None = None  # the agent, where there is one
    agent_state: AgentState = AgentState.LOGGED_OUT
    on_break: bool = False
    in_training: str = ""  # why this agent may not work at the moment: training overdue, long away
    blocked: tuple[Blocked, ...] = ()
    consents: tuple[Consent, ...] = ()
    lists: Mapping[str, ListSeen] = {}  # by name, of those that `lists_wanted` named
    zone: str = "UTC"  # of the floor
    plan: str = ""
    ready: int = -1  # agents who could soon take a call of this campaign; -1: nobody counted them
    at_work: int = -1  # agents of this campaign who are logged in and not away; -1: nobody counted them
    settled: int = 0  # of its calls under way without an agent, those that the meters have counted already: talking, abandoned, machines


class Check(NamedTuple):
    """Fewer than `most` at or after `since` under this ledger key, or the rule `rule` says no. `wait` by the rule's own reckoning."""

    rule: str
    key: str
    since: Micros
    most: int


class Counted(NamedTuple):
    """`frees`: the moment of the event that has to leave the window first, for one more to be allowed; 0 where there is room."""

    events: int
    frees: Micros = 0


Counts = Mapping[tuple[str, Micros, int], Counted]
"""By the key, since and most of the checks."""


class InOrder(Mapping[tuple[str, Micros, int], Counted]):
    """Counts as a ledger gives them, one for each of the checks that it was asked: who has the very same checks reads them off, and no
    table of a hundred keys is made for a dial."""

    __slots__ = ("_table", "checks", "each")

    def __init__(self, checks: Sequence[Check], each: Sequence[Counted]) -> None:
        self.checks = checks
        self.each = each
        self._table: dict[tuple[str, Micros, int], Counted] | None = None

    def __getitem__(self, key: tuple[str, Micros, int]) -> Counted:
        return self._laid()[key]

    def __iter__(self) -> Iterator[tuple[str, Micros, int]]:
        return iter(self._laid())

    def __len__(self) -> int:
        return len(self._laid())

    def _laid(self) -> dict[tuple[str, Micros, int], Counted]:
        """Nothing where the ledger could not say."""
        if self._table is None:
            self._table = {(key, since, most): each for (_, key, since, most), each in zip(self.checks, self.each, strict=False)}
        return self._table


class Prepared(NamedTuple):
    """What holds for a dial, before it is counted: reckoned once, used by both halves."""

    presets: tuple[Preset, ...]
    purpose: str
    method: str
    zones: tuple[str, ...]
    scopes: Mapping[str, str]  # every scope word, filled in
    checks: tuple[Check, ...]
    takes: tuple[tuple[str, int], ...]  # ledger key, seconds to keep: what an allowed dial takes
    about: tuple[object, ...] = ()  # what each of the checks is for, as `judge` understands it


class Judged(NamedTuple):
    """`until`: the earliest moment at which nothing would hold it back any more by itself; 0: nobody knows, or it is allowed.
    `checks`: those of `Prepared` that must still hold when it is taken; what a consent or a callback lifts is not among them.
    `consents`: those that may have let it pass, so that one revoked meanwhile lets nothing pass."""

    decision: Decision
    until: Micros = 0
    constraints: Constraints = Constraints()
    local: tuple[str, ...] = ()  # ISO local times, as `Prepared.zones`
    checks: tuple[Check, ...] = ()
    consents: tuple[Consent, ...] = ()


__all__ = [
    "Blocked",
    "Check",
    "Consent",
    "Counted",
    "Counts",
    "DialAsk",
    "Dialled",
    "Happening",
    "InOrder",
    "Judged",
    "ListSeen",
    "Method",
    "NumberKind",
    "Prepared",
    "Purpose",
    "Scope",
    "Seen",
]
