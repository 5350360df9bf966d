"""The rows of the snapshot: what `GET /api/floor` and the websocket carry, as typed structs.

Not the floor itself (`floor.py`) and not how rows are made from it (`view.py`). This is the contract with every screen:
times are epoch seconds (UTC, float), durations seconds, an unknown number is null and never 0. Changing a field needs a
word in the changelog. In a delta a row stands for the whole row of that key, `series` excepted (see `Delta`).
"""

from __future__ import annotations

import msgspec


class CountsRow(msgspec.Struct, kw_only=True):
    """The counts of one business day. answered + abandoned + left_otherwise + unknown + waiting + connecting = offered."""

    waiting: int = 0
    connecting: int = 0
    longest_wait_since: float | None = None
    offered: int = 0
    answered: int = 0
    abandoned: int = 0
    left_otherwise: int = 0
    unknown: int = 0
    answered_in_target: int = 0
    abandoned_in_target: int = 0
    service_level: float | None = None  # 0..1, variant sl_excl_ab_in_t
    abandon_rate: float | None = None  # abandoned / offered that have ended, 0..1
    asa_s: float | None = None
    aht_s: float | None = None


class Targets(msgspec.Struct, kw_only=True):
    """What the numbers are held against; null where nobody set one."""

    waiting: int | None = None
    longest_wait_s: int | None = None
    service_level: float | None = None
    abandon_rate: float | None = None


class Series(msgspec.Struct, kw_only=True):
    """The last 30 minutes, oldest first, one figure a minute, null where nothing happened; `until` ends the last minute."""

    until: float
    waiting: list[int | None] = []
    longest_wait_s: list[float | None] = []
    service_level: list[float | None] = []
    abandon_rate: list[float | None] = []


class QueueRow(CountsRow, kw_only=True):
    id: str  # node/name
    node: str
    name: str
    service_level_variant: str = "sl_excl_ab_in_t"
    target_s: int | None = None
    agents: dict[str, int] = {}
    targets: Targets = msgspec.field(default_factory=Targets)
    series: Series | None = None


class TotalsRow(CountsRow, kw_only=True):
    """The whole floor: all queues together, and the agents by state."""

    agents: dict[str, int] = {}
    agents_total: int = 0
    targets: Targets = msgspec.field(default_factory=Targets)
    series: Series | None = None


class BreakRow(msgspec.Struct, kw_only=True):
    """An agent's break. `phase`: waiting, granted (to be taken), pending (after the call), on, or watched (no rules hold here)."""

    kind: str  # empty on a wall, as the reason of an agent is
    since: float
    until: float | None = None  # when it should end; of a granted one when it expires
    used_s: float | None = None  # of this kind in this shift
    phase: str = "watched"
    step: str = ""  # of an overrun: prompt, leader, overrun, welfare


class AgentRow(msgspec.Struct, kw_only=True):
    id: str
    name: str
    team: str = ""
    node: str
    interface: str
    state: str
    since: float
    reason: str = ""
    queues: list[str] = []
    call: str | None = None
    queue: str | None = None  # of the call in hand
    campaign: str | None = None
    answered: int = 0
    talk_s: float = 0.0
    rings_missed: int = 0
    over: str | None = None  # "warn" or "act": the engine or the plan says this has lasted too long
    break_: BreakRow | None = msgspec.field(name="break", default=None)
    on_duty: bool = False  # logged in through Andon
    leaving: bool = False  # logs out after the call
    stray: bool = False  # paused, and nobody granted it


class CallRow(msgspec.Struct, kw_only=True):
    id: str
    node: str
    direction: str
    state: str
    since: float
    began: float
    queue: str | None = None
    agent: str | None = None
    caller: str | None = None  # masked by role before it leaves the board
    callee: str | None = None
    campaign: str | None = None
    recorded: bool = False
    silent: float | None = None  # since when nothing of it is recorded, though it was to be: a card-data pause that has taken hold
    card_until: float | None = None  # a card-data pause is wanted until then
    spied: bool = False


class NodeRow(msgspec.Struct, kw_only=True):
    node: str
    link: str  # live, syncing, lost
    since: float
    heard: float
    asterisk: str = ""
    anomalies: int = 0
    reason: str = ""  # of a lost link: what happened and what to do, one sentence


class WaitRow(msgspec.Struct, kw_only=True):
    """One who waits for a break: place, estimate and the exact rule that holds it back. `text` by language (en, zh)."""

    agent: str
    name: str
    team: str = ""
    kind: str
    since: float
    place: int = 0
    eta: float | None = None
    rule: str = ""
    text: dict[str, str] = {}


class GrantRow(msgspec.Struct, kw_only=True):
    """Granted and not begun. `expires` null: it begins when the call and its wrap-up are over."""

    agent: str
    name: str
    team: str = ""
    kind: str
    since: float
    expires: float | None = None


class TeamOutRow(msgspec.Struct, kw_only=True):
    team: str
    name: str
    name_zh: str = ""
    out: int = 0
    most: int | None = None


class LoadRow(msgspec.Struct, kw_only=True):
    """What a queue can spare, and by which model: A, C or none."""

    queue: str
    light: str  # green, amber, red
    spare: int
    model: str
    service: float | None = None
    agents: int = 0


class BreaksRow(msgspec.Struct, kw_only=True):
    """The break ledger. `ruled` false: no plan rules breaks here, and `out` only counts who is away."""

    ruled: bool = False
    out: int = 0
    cap: int | None = None
    next_place_at: float | None = None
    waiting: list[WaitRow] = []
    granted: list[GrantRow] = []
    teams: list[TeamOutRow] = []
    loads: list[LoadRow] = []


class MeetingRow(msgspec.Struct, kw_only=True):
    """`phase`: coming (within the hour) or on. `rule`: the plan's meeting that it is, by whose id it is begun; empty: of no plan."""

    id: str
    rule: str = ""
    name: str
    name_zh: str = ""
    kind: str = "meeting"
    teams: list[str] = []
    phase: str = "on"
    begins: float
    until: float
    expected: int = 0
    joined: int = 0
    missing: list[str] = []  # agents


class MessageRow(msgspec.Struct, kw_only=True):
    id: str
    to: str
    text: str
    who: str
    at: float
    until: float
    seen: int = 0


class AlertRow(msgspec.Struct, kw_only=True):
    """`severity` warn or act; `cleared` null while it is so; `closed`: somebody said what came of it."""

    id: str
    rule: str
    kind: str  # the number
    severity: str
    subject: str
    since: float
    value: float | None = None
    text: dict[str, str] = {}
    evidence: list[str] = []
    owner: str = ""
    acknowledged: str = ""
    cleared: float | None = None
    closed: float | None = None
    outcome: str = ""
    times: int = 1


class OrderRow(msgspec.Struct, kw_only=True):
    """An order's three states: given, done (the PBX's word: `outcome`), seen (in the facts)."""

    id: str
    request: str
    agent: str
    act: str  # pause, release, add, remove, hangup, spy, takeover
    who: str
    why: str = ""
    given: float
    done: float | None = None
    outcome: str | None = None
    said: str = ""
    seen: float | None = None


class CampaignRow(msgspec.Struct, kw_only=True):
    """A campaign (项目) and what it did today. `denied`: refused and deferred dials by the rule that was the reason; they add up to
    `refused` + `deferred`. `live`: answered by people, abandoned ones among them. Caps and limits are null where nobody set one."""

    id: str
    name: str
    name_zh: str = ""
    client: str = ""
    purpose: str = ""
    state: str = "draft"
    since: float | None = None
    stopped: bool = False  # all dialling is
    stopping: bool = False  # and calls still ring
    stop_took_s: float | None = None  # its own last stop: from the key to the last call that rang
    dials: int = 0
    connected: int = 0
    connect_rate: float | None = None  # connected / dials, 0..1
    live: int = 0
    abandoned: int = 0
    machines: int = 0
    abandon_rate: float | None = None  # 0..1, in the window of the rule that allows least
    abandon_limit: float | None = None  # of that rule
    abandon_target: float | None = None
    denied: dict[str, int] = {}
    refused: int = 0
    deferred: int = 0
    talk_s: float = 0.0
    recorded: int = 0
    complaints: int = 0
    results: dict[str, int] = {}  # by result code
    in_flight: int = 0  # under way: allowed, and not over
    ringing: int = 0
    talking: int = 0
    dials_cap: int | None = None  # a day, by contract or trial
    contacts_cap: int | None = None
    agents_cap: int | None = None
    connect_target: float | None = None
    at_once_cap: int | None = None
    items_open: int = 0  # of a rectification
    waits: int = 0  # steps that wait for their second person
    ends: str | None = None  # ISO date of the contract's end


class Snapshot(msgspec.Struct, kw_only=True):
    floor: str
    time: float
    position: str
    day: str
    timezone: str = ""  # of the floor, as `Asia/Shanghai`; empty until the engine has said it
    totals: TotalsRow
    queues: list[QueueRow] = []
    agents: list[AgentRow] = []
    calls: list[CallRow] = []
    nodes: list[NodeRow] = []
    breaks: BreaksRow = msgspec.field(default_factory=BreaksRow)
    parts: dict[str, TotalsRow] = {}  # totals of single pages of a board, by their number; empty where pages show the whole
    campaigns: list[CampaignRow] = []
    meetings: list[MeetingRow] = []
    messages: list[MessageRow] = []
    alerts: list[AlertRow] = []
    orders: list[OrderRow] = []
    plan: str = ""  # version of the plan that holds; empty: none


class Delta(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What changed between two positions. A row replaces the row of the same key (queues, agents, calls by `id`, nodes by
    `node`); a null `series` means that the client's series still hold, not that there are none. `gone` lists keys by table.
    """

    time: float
    day: str | None = None
    totals: TotalsRow | None = None
    queues: list[QueueRow] = []
    agents: list[AgentRow] = []
    calls: list[CallRow] = []
    nodes: list[NodeRow] = []
    breaks: BreaksRow | None = None
    meetings: list[MeetingRow] | None = None  # these five whole, where they changed
    messages: list[MessageRow] | None = None
    alerts: list[AlertRow] | None = None
    orders: list[OrderRow] | None = None
    campaigns: list[CampaignRow] | None = None
    gone: dict[str, list[str]] = {}
    parts: dict[str, TotalsRow] = {}
