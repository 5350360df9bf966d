"""The floor's part about outbound calls: campaigns, dials in flight, meters, lists. Only `fold/outbound.py` writes to it.

Not the ledger: how often a number was called lies there (`ledger/`), since it is far too much for every process's memory; here is
what a screen shows and the governor reckons with. Part of every checkpoint, so each table says what bounds it.
"""

from __future__ import annotations

import msgspec

from realtime.decision import Decision
from realtime.outbound import Constraints, ListAnnounced
from realtime.words import SECOND, AgentId, Micros, Node

DIALS_KEPT: Micros = 120 * SECOND
"""Of dials that are over: who codes a result does so in wrap-up; later ones are coded by their id alone."""
DIALS_MOST = 20_000
EXAMPLES_KEPT = 3
"""Of denials by one rule of one campaign today: enough to see what they have in common."""
STEPS_KEPT = 50
MINUTES_KEPT = 61
"""Minutes of a campaign's live meter: the rolling hour that the governor steers by."""
DAYS_KEPT = 62
"""Days of a campaign's meter: two of the longest windows of an abandonment rule."""


class DialNow(msgspec.Struct):
    """One decision that allowed, until what became of it was said. Moments; 0 for not yet."""

    dial: str
    node: Node
    call: str  # key of the call
    leg: str  # of the channel that asked
    campaign: str
    client: str
    method: str
    agent: AgentId
    reserved: bool
    decided: Micros
    number: str = ""  # digest
    shown: str = ""
    scopes: dict[str, str] = {}
    entries: tuple[tuple[str, Micros], ...] = ()
    constraints: Constraints = Constraints()
    far: str = ""  # the leg to the customer, once there is one
    placed: Micros = 0
    rang: Micros = 0
    answered: Micros = 0
    connected: Micros = 0  # an agent and the customer hear each other
    abandoned: Micros = 0
    gone: Micros = 0  # the far leg, or the asking one before there was any
    cause: int = 0
    recorded: bool = False
    machine: bool = False
    code: str = ""
    over: Micros = 0  # DialEnded was said
    outcome: str = ""


class Meter(msgspec.Struct):
    """What a campaign's dials came to in one span of time. `live` counts answers by people, abandoned ones among them."""

    dials: int = 0
    connected: int = 0
    live: int = 0
    abandoned: int = 0
    machines: int = 0
    talk_s: int = 0
    denied: int = 0
    deferred: int = 0
    complaints: int = 0
    recorded: int = 0
    results: dict[str, int] = {}  # by result code


class Example(msgspec.Struct, frozen=True):
    """One refusal, to be shown."""

    dial: str
    at: Micros
    shown: str
    agent: AgentId
    decision: Decision


class Item(msgspec.Struct):
    """An item of rectification."""

    id: str
    text: str
    owner: str = ""
    due: str = ""
    evidence: str = ""
    done: Micros = 0
    by: str = ""


class Step(msgspec.Struct):
    """One that waits for its second person."""

    id: str
    campaign: str
    to: str
    who: str
    at: Micros
    until: Micros
    reason: str = ""
    evidence: str = ""


class Move(msgspec.Struct, frozen=True):
    """One step of a campaign's life."""

    at: Micros
    before: str
    to: str
    who: str
    second: str = ""
    reason: str = ""
    evidence: str = ""
    why: str = ""


class CampaignNow(msgspec.Struct):
    """Its state, and what it did. `state` is a word of `rules/campaign_life.py`."""

    id: str
    state: str = "draft"
    since: Micros = 0
    began: Micros = 0  # its first dial ever allowed: where successive blocks are reckoned from
    resumes: str = ""  # where it goes back to from a stop
    moves: list[Move] = []  # the last STEPS_KEPT
    items: dict[str, Item] = {}  # of the rectification that is on
    day: Meter = msgspec.field(default_factory=Meter)  # today
    days: dict[str, Meter] = {}  # by ISO date of the floor, the last DAYS_KEPT
    minutes: dict[int, Meter] = {}  # by minute number, the last MINUTES_KEPT
    trial: Meter = msgspec.field(default_factory=Meter)  # since the trial began
    denied: dict[str, int] = {}  # today, by rule
    examples: dict[str, list[Example]] = {}  # today, by rule
    confirmed: dict[str, str] = {}  # side -> digest of the statement
    confirmed_by: dict[str, str] = {}
    stopping: Micros = 0  # a stop whose last call still rings: when the key was pressed
    stopped_rang: int = 0
    stop_took: Micros = 0  # the last stop: from the key to the last ringing call


class Outbound(msgspec.Struct):
    """Bounded by the plan's campaigns, the calls of the moment and the times above."""

    campaigns: dict[str, CampaignNow] = {}
    stopped: bool = False  # all of them
    stopped_by: str = ""
    stopping: Micros = 0
    stopped_rang: int = 0
    stop_took: Micros = 0
    steps: dict[str, Step] = {}
    dials: dict[str, DialNow] = {}  # oldest first
    by_call: dict[str, list[str]] = {}  # call key -> dials in flight
    lists: dict[str, ListAnnounced] = {}  # name -> its newest version
