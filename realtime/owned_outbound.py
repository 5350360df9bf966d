"""The floor's part about outbound calls: campaigns, dials in flight, meters, lists. Only `fold/dials.py` and
`fold/campaigns.py` write to it.

Not the ledger: how often a number was called lies there (`ledger/`), since it is far too much for every process's memory; here is
what a screen shows and the governor reckons with. Part of every checkpoint, so each table says what bounds it.
"""

from __future__ import annotations

import msgspec

from realtime.decision import Decision
from realtime.facts import Sealed
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
STOPPED = "dial.stopped"
"""Why a stop's hang-up is ordered: by this word the dial is known to have ended by it."""
DAYS_KEPT = 62
"""Days of a campaign's meter: two of the longest windows of an abandonment rule."""


COMPLAINTS_KEPT = 200
"""Of a campaign: five times as many as stop one that connects ten thousand times a day (3 of each thousand)."""
STEPS_MOST = 500
"""That wait for a second person, of all kinds; they last a day."""
BLOCKS_KEPT = 5_000
CONSENTS_KEPT = 2_000
"""Some days of a large centre; a megabyte of a checkpoint at most."""
LISTS_MOST = 200
CAMPAIGNS_MOST = 1_000


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
    sealed: Sealed | None = None  # its number: to be blocked when the talk ends so
    sync: int = 0  # of its node, when it was decided: another one since, and what was not seen may have happened
    lost: bool = False  # how it ended was not told: a gap, a restart
    live: bool = False  # counted among the live answers
    hung_up: Micros = 0  # a stop ordered it last
    callback: Micros = 0  # asked for by the customer, with `code`
    heard: Micros = 0  # when its answer was read, or its end without one, by our clock: the PBX's may be another


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
    days: dict[str, Meter] = {}  # days that are over, by ISO date of the floor, the last DAYS_KEPT
    minutes: dict[int, Meter] = {}  # by minute number, the last MINUTES_KEPT
    trial: Meter = msgspec.field(default_factory=Meter)  # since the trial began
    denied: dict[str, int] = {}  # today, by rule
    examples: dict[str, list[Example]] = {}  # today, by rule
    confirmed: dict[str, str] = {}  # side -> digest of the statement
    confirmed_by: dict[str, str] = {}
    settled: bytes = b""  # the statement as both sides confirmed it: whatever is said later, this is what was agreed
    stopping: Micros = 0  # a stop whose last call still rings: when the key was pressed
    stopped_rang: int = 0
    stop_took: Micros = 0  # the last stop: from the key to the last ringing call
    complained: dict[str, Micros] = {}  # dial, or the complaint's own id -> moment; the last COMPLAINTS_KEPT


class BlockKept(msgspec.Struct, frozen=True, array_like=True):
    """One request not to be called. The ledger decides by its own; this one is what an unblocking is held against."""

    scope: str
    about: str
    at: Micros


class ConsentKept(msgspec.Struct, frozen=True, array_like=True):
    """A consent that was written down lately: what an unblocking may stand on."""

    digest: str
    client: str
    basis: str
    given: Micros
    expires: Micros
    at: Micros


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
    by_leg: dict[str, str] = {}  # node/leg of a channel that asked -> its latest dial in flight
    ended: list[tuple[Micros, str]] = []  # dials that are over and still known, oldest first
    lists: dict[str, ListAnnounced] = {}  # name -> its newest version
    blocks: dict[str, list[BlockKept]] = {}  # digest -> requests not to be called, the last BLOCKS_KEPT numbers
    blocks_since: Micros = 0  # older ones may be missing there: whatever has no entry may have been blocked until then
    consents: dict[str, ConsentKept] = {}  # the last CONSENTS_KEPT
