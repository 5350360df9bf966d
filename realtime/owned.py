"""The floor's part that Andon owns: plan, answers, breaks, duty, meetings, orders, alerts, messages. Only the fold writes to it.

Not what a PBX says (the rest of `floor.py`) and not how it changes (`fold/`). What is here is re-asserted on a PBX after
every restart, because Asterisk forgets. Part of every checkpoint. Each table says what bounds it.
"""

from __future__ import annotations

import msgspec

from realtime.decision import Decision, Finding
from realtime.orders import Order, Outcome
from realtime.owned_outbound import Outbound
from realtime.plan.model import Person, Plan
from realtime.words import SECOND, AgentId, Device, Interface, Micros, Node

ANSWERS_KEPT: Micros = 600 * SECOND
"""How long an idempotency key is good: a phone or a browser that tries again does so within seconds."""
ANSWERS_MOST = 20_000
"""At once: two from everybody on a very large floor. A program that asks in a loop must not fill the memory of every process."""
ORDERS_KEPT: Micros = 600 * SECOND
"""Of orders that are over: what a console shows of the last minutes."""
ALERTS_KEPT: Micros = 8 * 3600 * SECOND
"""Of alerts that are over: a shift. The log has all of them."""
TAKEN_KEPT = 40
"""Breaks of one agent on one day, each with its times; more than that is for the log."""
LISTENED_KEPT = 20
ASSERTED_KEPT = 60
"""Orders to pause one agent again for the same break: more than a plan may allow in an hour."""
LOGINS_KEPT = 20
"""Of one agent on one day, each with its time; more than that is for the log."""
VACATED_KEPT: Micros = 600 * SECOND
"""How long a place that somebody moved away from is cleared of them: after that its queues are whoever's is there."""


class Answer(msgspec.Struct):
    """Of one request, while its key is good."""

    request: str
    at: Micros
    key: str
    who: str
    ask: str
    agent: AgentId
    decision: Decision
    orders: tuple[str, ...] = ()
    undone: bool = False
    before: str = ""  # what its undoing needs: `rules/supervise.py` wrote it and reads it
    role: str = ""
    via: str = ""


class Waiting(msgspec.Struct):
    """One agent's one outstanding request for a break."""

    agent: AgentId
    kind: str
    request: str
    rank: int
    length_s: int
    asked: Micros
    since: Micros  # of its place in the class: `asked`, or when it came back on the list
    place: int = 0
    eta: Micros = 0
    rule: Finding | None = None
    held: Micros = 0  # when these three were said last
    times: int = 0  # so often granted and not taken
    turn: Micros = 0  # what it is ordered by in its class


class Grant(msgspec.Struct):
    """Granted, and not begun yet. `expires` 0: it begins when the call and its wrap-up are over."""

    agent: AgentId
    kind: str
    request: str
    length_s: int
    granted: Micros
    expires: Micros
    by: str = ""
    rank: int = 3
    asked: Micros = 0
    times: int = 0  # so often granted before, and not taken
    turn: Micros = 0  # as it had while it waited


class Lease(msgspec.Struct):
    """A pause that is ours."""

    agent: AgentId
    kind: str
    request: str
    since: Micros
    until: Micros  # 0: open
    why: str
    by: str = ""
    overran: str = ""  # the last step of the ladder


class Taken(msgspec.Struct, frozen=True):
    """A break that is over."""

    kind: str
    since: Micros
    until: Micros
    over: Micros
    why: str
    request: str = ""  # one that was cut short and given back is one break


class AgentLedger(msgspec.Struct):
    """One agent's breaks of the business day. What a shift may have is reckoned from `taken` and the roster."""

    asked: int = 0
    granted: int = 0
    refused: int = 0
    expired: int = 0
    overruled: int = 0
    overran: int = 0
    over: Micros = 0
    waited: Micros = 0
    unauthorised: int = 0
    unauthorised_at: list[Micros] = []  # the last of them
    corrected: list[Micros] = []  # pauses of this hour that were undone
    taken: list[Taken] = []
    before: list[Taken] = []  # of the business day before, while a shift may still be on that began in it
    rested: Micros = 0  # the end of the last rest (fold/breaks.py, `RESTS`); 0: none that is remembered
    recovery_until: Micros = 0  # a recovery break is owed until then
    logins: int = 0
    logged_in: list[Micros] = []  # the last of these logins
    longest: Micros = 0  # the longest wait for a break


LONGEST_SHIFT: Micros = 24 * 3600 * SECOND
"""What was taken so long before the turn of the business day counts in no shift of the new one."""


class Stray(msgspec.Struct):
    """A pause that nobody granted, while it lasts."""

    agent: AgentId
    since: Micros
    reason: str
    treated: str


class Load(msgspec.Struct):
    """How many a queue can spare; see `rulings.LoadJudged`."""

    open: bool = False
    red: bool = False
    spare: int = 0
    model: str = ""
    service: float = 0.0
    rate_hour: float = 0.0
    aht_s: float = 0.0
    patience_s: float = 0.0
    agents: int = 0
    at: Micros = 0


class Duty(msgspec.Struct):
    """Where somebody is logged in. `into` and `out_of`: moved by hand."""

    agent: AgentId
    node: Node
    device: Device
    interface: Interface
    since: Micros
    via: str = ""
    leaving: str = ""  # by whom, while a log-out waits for the call
    into: tuple[str, ...] = ()
    out_of: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()  # queues that Andon ordered this place into: it takes them out, too, whatever the plan says then


class MeetingNow(msgspec.Struct):
    """A meeting that is on. Who has joined when, and left."""

    id: str
    rule: str
    name: str
    name_zh: str
    kind: str
    teams: tuple[str, ...]
    began: Micros
    until: Micros
    expected: tuple[AgentId, ...]
    by: str = ""
    joined: dict[str, Micros] = {}
    left: dict[str, Micros] = {}
    excused: dict[str, str] = {}  # why somebody was not in, or not at once: call, break, cover, leaving


class OrderState(msgspec.Struct):
    """An order's way: given, done (Asterisk's word), seen (in the facts). Moments; 0 for not yet."""

    order: Order
    who: str
    request: str
    why: str
    agent: AgentId
    done: Micros = 0
    outcome: Outcome | None = None
    said: str = ""
    seen: Micros = 0


class Alert(msgspec.Struct):
    id: str
    rule: str
    severity: str
    subject: str
    since: Micros
    value: float | None
    text: dict[str, str]
    owner: AgentId = AgentId("")
    acknowledged: str = ""  # by whom
    outcome: str = ""
    cleared: Micros = 0  # 0: still so
    closed: Micros = 0
    times: int = 1


class Message(msgspec.Struct):
    id: str
    to: str
    text: str
    who: str
    at: Micros
    until: Micros
    seen: list[str] = []


class Listened(msgspec.Struct, frozen=True):
    """Somebody heard a call of this agent: by the facts, not by the order."""

    who: str
    mode: str
    at: Micros


class CardNow(msgspec.Struct, omit_defaults=True):
    """A card-data pause of one call, by its key. `others`: legs that somebody else had silenced before; they are left alone."""

    node: Node
    since: Micros
    until: Micros = 0
    over: Micros = 0  # its end was said; until what we silenced has sound again
    agent: AgentId = AgentId("")
    who: str = ""
    others: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()  # legs that were ordered to be silent
    tries: dict[str, tuple[int, Micros]] = {}  # by leg: how often what is wanted now was ordered, when last


class CardSpent(msgspec.Struct, omit_defaults=True):
    """Of one call, by its key, until it is over: how long its card-data pauses that are over were together."""

    spent: Micros = 0
    full: Micros = 0  # since when the plan allows no more of it
    agent: AgentId = AgentId("")


class ArchiveNow(msgspec.Struct, omit_defaults=True):
    """What the archivist said last. `at` 0: there is none, or it has never said a word."""

    at: Micros = 0  # by our clock
    backlog: int = 0
    oldest_s: int = 0
    missing: int = 0
    quarantined: int = 0
    free_share: float = 1.0
    away: str = ""
    conflicts: int = 0
    tight: str = ""


class Owned(msgspec.Struct):
    """Everything above, by agent id where nothing else is said. Bounded by the people of the plan and by the times above."""

    plan: Plan = msgspec.field(default_factory=Plan)
    version: str = ""  # of the plan; empty: none was ever adopted
    adopted: Micros = 0
    adopted_by: str = ""
    difference: tuple[str, ...] = ()  # what it changed, a line each
    people: dict[str, Person] = {}  # of the plan, by id
    desks: dict[str, str] = {}  # fixed desks of the plan: phone key, or device alone where no node is said -> who sits there
    answers: dict[str, Answer] = {}  # by request, oldest first
    keys: dict[str, str] = {}  # idempotency key -> request
    offset: str = ""  # of the last request that was answered
    waiting: dict[str, Waiting] = {}
    grants: dict[str, Grant] = {}
    leases: dict[str, Lease] = {}
    ledgers: dict[str, AgentLedger] = {}
    granted_last: dict[str, Micros] = {}  # by team
    loads: dict[str, Load] = {}  # by queue key
    strays: dict[str, Stray] = {}
    releasing: dict[str, Micros] = {}  # whose pause was ours and is over, until Asterisk has let them go
    duty: dict[str, Duty] = {}
    seats: dict[str, str] = {}  # phone key -> who is on duty there
    vacated: dict[str, Duty] = {}  # node/interface -> who moved away from there (`since`), until it is cleared of them
    present: dict[str, Micros] = {}
    worked: dict[str, str] = {}  # ISO day of the last time on duty or seated
    allowed: dict[str, Micros] = {}  # whose login is let pass until then
    training: dict[str, dict[str, tuple[str, ...]]] = {}  # whom KPIs send to training: by KPI, the months that were missed
    meetings: dict[str, MeetingNow] = {}
    met: dict[str, MeetingNow] = {}  # of this business day, over
    orders: dict[str, OrderState] = {}  # oldest first
    open_orders: dict[str, str] = {}  # target -> order that is under way
    asserted: dict[str, list[Micros]] = {}  # when the pauses of somebody's lease were ordered: the last of this lease
    awaiting: dict[str, list[str]] = {}  # target -> accepted orders that have not been seen to take effect
    alerts: dict[str, Alert] = {}
    brewing: dict[str, Micros] = {}  # alert that is not one yet -> bad since
    messages: dict[str, Message] = {}
    listened: dict[str, list[Listened]] = {}
    outbound: Outbound = msgspec.field(default_factory=Outbound)
    cards: dict[str, CardNow] = {}  # by call key
    card_spent: dict[str, CardSpent] = {}  # by call key
    archive: ArchiveNow = msgspec.field(default_factory=ArchiveNow)
