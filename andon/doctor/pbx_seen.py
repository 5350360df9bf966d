"""What a look at one PBX gave: plain data between `look_pbx.py`, which asks, and `judge_pbx.py`, which judges. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from realtime.words import Micros

CONFIG: Final[tuple[tuple[str, str, str], ...]] = (
    ("manager.conf", "general", "enabled"),
    ("manager.conf", "general", "timestampevents"),
    ("manager.conf", "general", "allowmultiplelogin"),
    ("manager.conf", "USER", "allowmultiplelogin"),
    ("manager.conf", "USER", "read"),
    ("manager.conf", "USER", "writetimeout"),
    ("queues.conf", "general", "autofill"),
    ("queues.conf", "general", "shared_lastcall"),
    ("queues.conf", "general", "persistentmembers"),
    ("logger.conf", "general", "queue_log"),
)
"""Options that Asterisk lets an account with `call` or `reporting` read by its function AST_CONFIG; USER is our own account.
Never a secret, though it would give those, too."""
ENABLED: Final = ("manager.conf", "general", "enabled")
"""Is always written where AMI answers: empty means that AST_CONFIG is not to be had."""
EVENTFILTER: Final = "eventfilter"
"""Old filters: many under one name, read by their number."""
FENCE_FILTER: Final = "eventfilter(action(include),name(VarSet),header(Variable),method(exact))"
"""Of the new filters only these have a value that can be read."""
ORIGINATORS: Final = ("admin", "asterisk", "cron", "cxpanel", "listencron", "manager", "phpagi", "sendcron", "updatecron")
"""Sections of manager.conf that FreePBX, Issabel, VICIdial and old guides make. Their rights can be read by name; a list of all accounts
cannot, short of a right that Andon does not want."""
FILTERS_MAX: Final = 40
"""Old filters that are looked at; the shipped file has 11."""

Option = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Member:
    queue: str
    name: str
    interface: str
    state_interface: str


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """What one log-in gave."""

    username: str
    fault: str = ""
    """Why there is no session: a sentence. Empty when the log-in was accepted."""
    kind: str = ""
    """The class of that fault (`agi.errors`)."""
    actions: frozenset[str] = frozenset()
    """What it may do, by ListCommands; empty when that was not answered."""


@dataclass(frozen=True, slots=True)
class Line:
    """One priority of the dialplan."""

    context: str
    application: str
    data: str


@dataclass(slots=True)
class PbxSeen:
    """Filled while asking; what was not answered keeps its default."""

    ruled: bool = False
    """Not of the PBX: the plan has rules that order something, so somebody must be able to do it."""

    campaigns: int = 0
    """Of the plan, too: campaigns whose rules somebody must ask for."""

    account: AccountSeen = field(default_factory=lambda: AccountSeen(""))
    control: AccountSeen | None = None
    second: AccountSeen | None = None
    """A second log-in of the same account beside the first."""
    banner: str = ""
    core: dict[str, str] = field(default_factory=dict)
    """CoreSettings; empty when the account may not ask."""
    core_fault: str = ""
    skew: Micros | None = None
    """PBX clock less ours, in the middle of a Ping."""
    trip: Micros = 0
    zone: str = ""
    """The PBX's own offset, as `+0800`."""
    booted: bool = False
    """FullyBooted came after the log-in."""
    fence: str = ""
    """`came`, `lost` (set, and no VarSet came back), or why it was refused."""
    fence_headers: dict[str, str] = field(default_factory=dict)
    events: dict[str, int] = field(default_factory=dict)
    """Live events that came while we looked."""
    variables: set[str] = field(default_factory=set)
    """Of VarSets that came."""
    config: dict[Option, str] = field(default_factory=dict)
    filters: list[str] = field(default_factory=list)
    fence_filters: list[str] = field(default_factory=list)
    queues: list[str] | None = None
    """None: QueueStatus was not answered."""
    members: list[Member] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    """Callers' uniqueids that were in a queue after the watch and not before."""
    channels_new: int = 0
    """Channels that were there after the watch and not before."""
    contexts: dict[str, bool] = field(default_factory=dict)
    """Whether a context is in the dialplan; missing when the account may not look."""
    gate: str | None = None
    """The global ANDON_GATE; None: nobody asked."""
    named: str = ""
    """The global ANDON_NODE."""
    globals: dict[str, str] = field(default_factory=dict)
    """ANDON_GATE, ANDON_TRUNK and ANDON_TRUNK_TECH, where calls go out by the gate."""
    dials: list[Line] | None = None
    """The whole dialplan; None: nobody asked, or it was not given."""
    writers: dict[str, str] = field(default_factory=dict)
    """Account -> `write` of manager.conf, of those that could be read."""

    @property
    def linked(self) -> bool:
        return not self.account.fault

    @property
    def config_readable(self) -> bool:
        return bool(self.config.get(ENABLED))

    def option(self, file: str, section: str, name: str) -> str:
        return self.config.get((file, section, name), "").strip().lower()
