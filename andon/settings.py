"""What andon.toml can say: one frozen struct a table, one field a key, each with its default.

Not how it is read and checked (`reading.py`) and not where it comes from (`andon.toml`, `ANDON_...` variables). The
structs are the schema: the reader, the names of the variables and the test of `examples/andon.toml` walk over their fields,
so a new key is one line here. Paths are as written until `reading.py` has made them absolute.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

BOARD_PORT: Final = 8800
"""Unless `[board] listen` names another; a demo's too, where it is free."""


class Secret:
    """Text that must not be seen by accident: only `reveal()` gives it, no repr, no log, no error does."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._text))

    def __str__(self) -> str:
        return "(set)" if self._text else "(empty)"

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self}"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not to be pickled")


class Url(Secret):
    """An address that may carry a password: shown without user, password and query."""

    def __str__(self) -> str:
        scheme, mark, rest = self._text.partition("://")
        if not mark:
            return "(set)" if self._text else "(empty)"
        host, slash, path = re.split(r"[?#]", rest)[0].rpartition("@")[2].partition("/")
        return f"{scheme}://{host}{slash}{path}"


class FloorTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[floor]`: the centre as one."""

    name: str = "main"
    timezone: str = "UTC"
    day_starts: str = "00:00"
    """When a business day begins, by the floor's own clock: a night shift belongs to one day."""
    plan: str = "plan"


class PbxTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[pbx]]`: one Asterisk server."""

    node: str = ""
    """Its `systemname`: unique on the floor."""
    ami: str = "127.0.0.1:5038"
    username: str = ""
    secret: Secret = Secret()
    secret_file: str = ""
    control_username: str = ""
    control_secret: Secret = Secret()
    control_secret_file: str = ""
    tls: bool = False
    ca: str = ""
    trunks: tuple[str, ...] = ()
    """Devices that are lines, not phones; empty: whatever no queue rings is a line."""
    agent_prefix: str = ""
    """Before the staff numbers of this PBX, where another PBX uses the same ones for other people."""
    spool: str = "/var/spool/asterisk/monitor"
    queue_log: str = ""


class QueueTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[queue]]`: what the centre says of one queue, over what the PBX says."""

    name: str = ""
    target_s: int = -1
    """A caller should not wait longer; -1: the PBX's `servicelevel`."""
    wrapup_s: int = 0


class AgiTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[agi]`: where dialplans ask."""

    listen: str = "127.0.0.1:4573"
    """Empty: no dialplan asks, and no gate runs."""
    allow: tuple[str, ...] = ("127.0.0.1",)


class BoardTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[board]`: where screens come to."""

    listen: str = f"127.0.0.1:{BOARD_PORT}"
    hosts: tuple[str, ...] = ()
    public_role: str = ""
    trusted_proxies: tuple[str, ...] = ()
    """Whose X-Forwarded-For, -Proto and -Host are believed."""
    session_hours: int = 12
    session_idle_minutes: int = 60
    max_clients: int = 1000


class DataTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[data]`: where everything is kept. Empty means: by ourselves, under `dir`."""

    dir: str = "data"
    redis: Url = Url()
    database: Url = Url()
    archive: Url = Url()


class HistoryTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[history]`: what was, kept in `[data] database`."""

    keep_days: int = 400
    """Facts, half-hours and turns are forgotten after so long: a year and the month that it is compared with. 0: no history at all."""


class ArchiveTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[archive]`: recordings, from the spools of the PBXs to the vault that `[data] archive` names."""

    run: bool = True
    """Whether `andon up` runs an archivist: on a machine that cannot read the spools there is nothing for it to do."""
    second: str = ""
    """A folder on another disk: the vault's second copy."""
    keys: str = ""
    """A folder for the keys of keys; empty: under dir."""
    second_keys: str = ""
    key_command: str = ""
    """Instead of folders: a program that is asked `get NAME`, `make NAME`, `destroy NAME`, `list`."""
    settle_s: float = 10.0
    free_gb: float = 20.0
    free_share: float = 0.1
    discs: str = ""
    """A folder for images of discs and what is being gathered for them; empty: under dir."""
    burner: str = ""


class MqttTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[mqtt]`: a broker for boards that are no browsers."""

    url: Url = Url()
    """`mqtt://USER:PASSWORD@HOST:PORT` or `mqtts://...`; empty: none."""
    ca: str = ""
    agents: bool = True
    """Whether agents are published, by staff number with state and since."""
    stop: bool = False
    """Whether a message there stops dialling."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file. `path` is where it was read, absolute."""

    path: str = ""
    floor: FloorTable = FloorTable()
    pbx: tuple[PbxTable, ...] = ()
    queue: tuple[QueueTable, ...] = ()
    pause_states: dict[str, str] = {}
    """Pause reason, as Asterisk carries it, to an agent's state; goes before what the fold knows by itself."""
    agi: AgiTable = AgiTable()
    board: BoardTable = BoardTable()
    data: DataTable = DataTable()
    history: HistoryTable = HistoryTable()
    mqtt: MqttTable = MqttTable()
    archive: ArchiveTable = ArchiveTable()

    @property
    def nodes(self) -> tuple[str, ...]:
        return tuple(pbx.node for pbx in self.pbx)


Table = FloorTable | PbxTable | QueueTable | AgiTable | BoardTable | DataTable | HistoryTable | MqttTable | ArchiveTable

TABLES: Final[dict[str, type[Table]]] = {
    "floor": FloorTable,
    "agi": AgiTable,
    "board": BoardTable,
    "data": DataTable,
    "history": HistoryTable,
    "mqtt": MqttTable,
    "archive": ArchiveTable,
}
LISTS: Final[dict[str, tuple[type[Table], str]]] = {"pbx": (PbxTable, "node"), "queue": (QueueTable, "name")}
"""Tables that come many times, each with the key that tells them apart."""
FREE: Final = "pause_states"
"""The table whose keys are the centre's own words."""
PAUSED_STATES: Final = ("on_break", "meeting", "training", "not_ready")


def address_of(text: str) -> tuple[str, int] | None:
    """HOST:PORT, an IPv6 host in brackets; None when it is not of that form."""
    host, colon, port = text.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host or "[" in host or "]" in host:
        return None
    right = bool(colon and host) and not re.search(r"[\s/@]", host) and re.fullmatch(r"[0-9]{1,5}", port) is not None
    return (host, int(port)) if right and int(port) <= 65535 else None


def minutes_of(text: str) -> int | None:
    """`06:30` as minutes since midnight; None when it is no time of day."""
    found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text)
    return int(found[1]) * 60 + int(found[2]) if found else None
