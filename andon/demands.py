"""What the values of andon.toml must obey beyond their types: one small function a subject, all of them asked.

Not the types (`values.py`) and not the network: `andon check` connects to nothing. Each complaint says what is wrong and
what to do. Judging also settles what other files decide: paths become absolute and secret files are read.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_network
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from andon.findings import SHOWN, Finding, Seen, quoted, quoted_path, suggestion
from andon.places import Path, line_of
from andon.settings import (
    BOARD_PORT,
    FREE,
    LISTS,
    PAUSED_STATES,
    ArchiveTable,
    BoardTable,
    DataTable,
    FloorTable,
    MqttTable,
    PbxTable,
    QueueTable,
    Secret,
    Settings,
    Url,
    address_of,
    minutes_of,
)
from wallboard.authorise import Role
from wallboard.mqtt.broker import BadBroker, broker_of
from wallboard.settings import is_loopback

NAME_MAX = 64
"""Names become keys in Redis, topics and file names."""
SECONDS_MAX = 86_400
DAYS_MAX = 36_500
CLIENTS_MAX = 100_000
SESSION_HOURS_MAX = 24 * 31
"""A month: who wants longer makes a token."""
READABLE_BY_OTHERS = 0o004
CARRIES_MEANING = frozenset('/{}+#\\"')
"""In keys, topics and paths these divide; a name with one of them could be taken for another."""


NAMES_LOOKED_AT = 2_000
"""Of one table, for each finding; in a longer one each is told by its number, and by its line as ever."""


class Draft:
    """What is collected while settings are read: findings, and all that is needed to say where something is wrong."""

    def __init__(self, name: str, folder: str, where: Mapping[Path, int], look: Callable[[str], Seen]) -> None:
        self.findings: list[Finding] = []
        self.look = look
        self.names: dict[str, list[str]] = {}
        self.nodes: Sequence[str] = ()
        self.variables: dict[Path, str] = {}
        """Keys that the environment set, and by which variable."""
        self.spoilt: set[Path] = set()
        """Keys that already have a complaint: no second one about what stands in their place."""
        self._name = name
        self._folder = folder
        self._where = where

    def add(self, path: Path, text: str, error: bool = True) -> None:
        if path in self.variables:
            self.findings.append(Finding("environment", self.variables[path], text, error))
            return
        line = line_of(self._where, path)
        place = f"{self._name}:{line}" if line else self._name
        self.findings.append(Finding(place, self.label(path), text, error))

    def label(self, path: Path) -> str:
        """`pbx.hall7.ami`, or `pbx[2].ami` for one whose node is not known, counted from 1."""
        words: list[str] = []
        for part in path:
            if isinstance(part, int):
                name = self._named(words[-1], part)
                words = [*words, name] if name else [*words[:-1], f"{words[-1]}[{part + 1}]"]
            else:
                words.append("".join(character if character.isprintable() else "?" for character in part))
        return ".".join(words)

    def _named(self, table: str, number: int) -> str:
        """What it calls itself, if nobody else of the table does; empty where that is no name to print, or looking for it takes long."""
        names = self.names.get(table, [])
        name = names[number] if number < len(names) <= NAMES_LOOKED_AT else ""
        return name if name and len(name) <= SHOWN and name.isprintable() and names.count(name) == 1 else ""

    def absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self._folder, path)) if path else ""


def judge(settings: Settings, draft: Draft) -> Settings:
    """The settings with paths made absolute and secrets read from their files; what is wrong goes to the draft."""
    settings = msgspec.structs.replace(
        settings,
        floor=_floor(settings.floor, draft),
        pbx=tuple(_pbx(pbx, ("pbx", number), draft) for number, pbx in enumerate(settings.pbx)),
        data=_data(settings.data, draft),
        archive=_archive(settings.archive, draft),
    )
    if not settings.pbx and not draft.findings:
        draft.add(("pbx",), "there is no PBX to read; add a [[pbx]] with node, ami, username and secret_file.")
    for name in LISTS:
        _told_apart(name, draft)
    for number, queue in enumerate(settings.queue):
        _queue(queue, ("queue", number), draft)
    for reason, state in settings.pause_states.items():
        if state not in PAUSED_STATES:
            draft.add((FREE, reason), f"{quoted(state)} is no state of a pause; {suggestion(state, PAUSED_STATES)}")
    _agi(settings, draft)
    _board(settings.board, draft)
    _within(settings.history.keep_days, 0, DAYS_MAX, ("history", "keep_days"), draft)
    return msgspec.structs.replace(settings, mqtt=_mqtt(settings.mqtt, draft))


# ---------------------------------------------------------------- tables


def _floor(floor: FloorTable, draft: Draft) -> FloorTable:
    _name(floor.name, ("floor", "name"), draft)
    if not is_time_zone(floor.timezone):
        hint = suggestion(floor.timezone, sorted(available_timezones()))
        hint = hint if hint.startswith("did") else 'write it as "Asia/Shanghai".'
        draft.add(("floor", "timezone"), f"{quoted(floor.timezone)} is no time zone that this machine knows; {hint}")
    if minutes_of(floor.day_starts) is None:
        draft.add(("floor", "day_starts"), f'{quoted(floor.day_starts)} is no time of day; write it as "06:00".')
    return msgspec.structs.replace(floor, plan=draft.absolute(floor.plan))


def is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, a folder, or not the name of a file
        return False
    return bool(name)


def _pbx(pbx: PbxTable, path: Path, draft: Draft) -> PbxTable:
    _name(pbx.node, (*path, "node"), draft)
    host = _address(pbx.ami, (*path, "ami"), "127.0.0.1:5038", draft)
    if not pbx.username:
        _missing((*path, "username"), 'write username = "andon", as in manager.conf.', draft)
    for key in ("username", "control_username"):
        if (*path, key) not in draft.spoilt and len(getattr(pbx, key)) > NAME_MAX:
            draft.add((*path, key), f"it is longer than {NAME_MAX} characters; give the account a shorter name.")
    for number, trunk in enumerate(pbx.trunks):
        technology, slash, name = trunk.partition("/")
        if not (technology and slash and name):
            draft.add((*path, "trunks"), f'{quoted(trunk)} (number {number + 1}) is no device; write it as "PJSIP/carrier".')
    _wire(pbx, path, host, draft)
    if pbx.queue_log and (fault := draft.look(draft.absolute(pbx.queue_log)).fault):
        draft.add((*path, "queue_log"), f"it cannot be read ({fault}), so gaps stay unknown; give Andon's user the right.", False)
    changed = {key: draft.absolute(getattr(pbx, key)) for key in ("ca", "spool", "queue_log", "secret_file", "control_secret_file")}
    secrets = {
        "secret": _secret(pbx, path, "secret", True, draft),
        "control_secret": _secret(pbx, path, "control_secret", bool(pbx.control_username), draft),
    }
    return msgspec.structs.replace(pbx, **changed, **secrets)


def _wire(pbx: PbxTable, path: Path, host: str, draft: Draft) -> None:
    if pbx.ca and not pbx.tls:
        draft.add((*path, "ca"), "there is nothing to verify without TLS; add tls = true, or remove ca.")
    elif pbx.ca and (fault := draft.look(draft.absolute(pbx.ca)).fault):
        draft.add((*path, "ca"), f"{quoted_path(pbx.ca)} cannot be read ({fault}); name the file of the authority that signed the PBX.")
    if host and not pbx.tls and not is_loopback(host):
        draft.add((*path, "tls"), "calls and names travel unencrypted over the network; set tls = true if the PBX can.", False)


def _secret(pbx: PbxTable, path: Path, key: str, needed: bool, draft: Draft) -> Secret:
    said: Secret = getattr(pbx, key)
    file: str = getattr(pbx, f"{key}_file")
    if said and file:
        draft.add((*path, key), f"both {key} and {key}_file are set; keep one of them.")
    elif file:
        return _from_file(draft.absolute(file), (*path, f"{key}_file"), draft)
    elif needed and not said and not {(*path, key), (*path, f"{key}_file")} & draft.spoilt:
        _missing((*path, f"{key}_file"), f"name a file that holds the secret, or set {key}.", draft)
    return said


def _from_file(file: str, path: Path, draft: Draft) -> Secret:
    seen = draft.look(file)
    text = seen.text.strip("\r\n")
    if seen.fault:
        draft.add(path, f"{quoted_path(file)} cannot be read ({seen.fault}); make it, owned by Andon's user, with the secret in it.")
    elif not text or not text.isprintable():
        draft.add(path, f"{quoted_path(file)} should hold one line, the secret; write it so.")
    elif seen.mode & READABLE_BY_OTHERS:
        draft.add(path, f"everybody on this machine can read {quoted_path(file)}; chmod 600 it.", False)
    return Secret(text)


def _queue(queue: QueueTable, path: Path, draft: Draft) -> None:
    if not queue.name:
        _missing((*path, "name"), "write the queue's name, as in queues.conf.", draft)
    _within(queue.target_s, -1, SECONDS_MAX, (*path, "target_s"), draft)
    _within(queue.wrapup_s, 0, SECONDS_MAX, (*path, "wrapup_s"), draft)


def _agi(settings: Settings, draft: Draft) -> None:
    if settings.agi.listen:
        _address(settings.agi.listen, ("agi", "listen"), "127.0.0.1:4573", draft)
    _networks(settings.agi.allow, ("agi", "allow"), draft)
    host = (address_of(settings.agi.listen) or ("",))[0]
    if host and not is_loopback(host) and set(settings.agi.allow) == {"127.0.0.1"}:
        draft.add(("agi", "allow"), f"the gate listens on {quoted(host)} and hears this machine alone; add your PBX's address.", False)


def _board(board: BoardTable, draft: Draft) -> None:
    host = _address(board.listen, ("board", "listen"), f"127.0.0.1:{BOARD_PORT}", draft, lowest=0)
    roles = [role.value for role in Role]
    if board.public_role and board.public_role not in roles:
        draft.add(("board", "public_role"), f"{quoted(board.public_role)} is no role; {suggestion(board.public_role, roles)}")
    elif board.public_role and host and not is_loopback(host):
        said = "it would let everybody on the network in without a token; listen on 127.0.0.1, or remove it and use andon token."
        draft.add(("board", "public_role"), said)
    for each in board.hosts:
        if not each or set(each) & set("/@ :") or each != each.strip():
            draft.add(("board", "hosts"), f'{quoted(each)} is no name of a machine; write it as "wall.example.com", without http and port.')
    _networks(board.trusted_proxies, ("board", "trusted_proxies"), draft)
    _within(board.session_hours, 1, SESSION_HOURS_MAX, ("board", "session_hours"), draft)
    _within(board.session_idle_minutes, 15, SESSION_HOURS_MAX * 60, ("board", "session_idle_minutes"), draft)
    _within(board.max_clients, 1, CLIENTS_MAX, ("board", "max_clients"), draft)


def _mqtt(mqtt: MqttTable, draft: Draft) -> MqttTable:
    """As of every address, nothing of a wrong one is repeated: a password may be anywhere in it."""
    path = ("mqtt", "url")
    tls = mqtt.url.reveal().startswith("mqtts://")
    if mqtt.ca and not tls:
        draft.add(("mqtt", "ca"), "there is nothing to verify without TLS; write mqtts:// in url, or remove ca.")
    elif mqtt.ca and (fault := draft.look(draft.absolute(mqtt.ca)).fault):
        draft.add(
            ("mqtt", "ca"), f"{quoted_path(mqtt.ca)} cannot be read ({fault}); name the file of the authority that signed the broker."
        )
    try:
        broker = broker_of(mqtt.url.reveal()) if mqtt.url else None
    except BadBroker as error:
        draft.add(path, f'{error}; write it as "{EXAMPLES["url"]}", with USER:PASSWORD@ before the host where the broker wants it.')
        return mqtt
    if broker is not None and not broker.tls and not is_loopback(broker.host):
        draft.add(path, "the floor, and the password if there is one, travel unencrypted over the network; use mqtts:// if it can.", False)
    return msgspec.structs.replace(mqtt, ca=draft.absolute(mqtt.ca))


def _data(data: DataTable, draft: Draft) -> DataTable:
    if not data.dir:
        draft.add(("data", "dir"), 'it is empty; write a folder, as "data".')
    _url(data.redis, ("data", "redis"), ("redis", "rediss", "valkey", "valkeys", "unix"), draft)
    _url(data.database, ("data", "database"), ("postgresql+asyncpg", "sqlite+aiosqlite"), draft)
    _url(data.archive, ("data", "archive"), ("file",), draft)
    return msgspec.structs.replace(data, dir=draft.absolute(data.dir))


def _archive(archive: ArchiveTable, draft: Draft) -> ArchiveTable:
    path = ("archive",)
    if not 0 < archive.settle_s <= SECONDS_MAX:
        draft.add((*path, "settle_s"), f"{archive.settle_s:g} is out of range; write seconds above 0, as 10.")
    if archive.free_gb < 0 or not 0 <= archive.free_share < 1:
        draft.add((*path, "free_gb"), "free_gb is not below 0, free_share from 0 to below 1; less free room than either is an alarm.")
    if archive.key_command and (archive.keys or archive.second_keys):
        draft.add((*path, "key_command"), "keys come from a program or from folders, not from both; leave one of them empty.")
    if archive.key_command and not _words(archive.key_command):
        draft.add((*path, "key_command"), "its words cannot be told apart; close each quote, as a shell wants it.")
    if archive.second_keys and draft.absolute(archive.second_keys) == draft.absolute(archive.keys):
        draft.add((*path, "second_keys"), "it is the same folder as keys; name one on another disk, or leave it empty.")
    folders = {name: draft.absolute(getattr(archive, name)) for name in ("second", "keys", "second_keys", "discs")}
    return msgspec.structs.replace(archive, **folders)


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []


# ---------------------------------------------------------------- values


def _missing(path: Path, advice: str, draft: Draft) -> None:
    if path not in draft.spoilt:
        draft.add(path, f"it is missing; {advice}")


def _name(name: str, path: Path, draft: Draft) -> None:
    if not name:
        _missing(path, "give it a name.", draft)
    elif len(name) > NAME_MAX or set(name) & CARRIES_MEANING or name != name.strip():
        signs = " ".join(sorted(CARRIES_MEANING))
        draft.add(path, f"{quoted(name)} cannot be a name; use at most {NAME_MAX} characters, none of {signs} and no space at an end.")


def _told_apart(table: str, draft: Draft) -> None:
    identity = LISTS[table][1]
    first: dict[str, int] = {}
    for number, name in enumerate(draft.names.get(table, [])):
        if name and name in first:
            said = f"{quoted(name)} is already the {identity} of [[{table}]] number {first[name] + 1}; give each its own."
            draft.add((table, number, identity), said)
        first.setdefault(name, number)


def _address(text: str, path: Path, example: str, draft: Draft, lowest: int = 1) -> str:
    """Its host; empty when it is none."""
    address = address_of(text)
    if address is None or address[1] < lowest:
        draft.add(path, f'{quoted(text)} is no HOST:PORT; write it as "{example}".')
        return ""
    return address[0]


def _networks(each_of: Sequence[str], path: Path, draft: Draft) -> None:
    for each in each_of:
        try:
            ip_network(each)
        except ValueError:
            draft.add(path, f'{quoted(each)} is no IP address or network; write it as "10.0.0.5" or "10.0.0.0/24".')


def _within(number: int, least: int, most: int, path: Path, draft: Draft) -> None:
    if not least <= number <= most:
        draft.add(path, f"{number} is out of range; write a number from {least} to {most}.")


EXAMPLES: Final[dict[str, str]] = {
    "redis": "redis://127.0.0.1:6379/0",
    "database": "postgresql+asyncpg://andon@127.0.0.1/andon",
    "archive": "file:///srv/recordings",
    "url": "mqtt://127.0.0.1:1883",
}


def _url(url: Url, path: Path, schemes: Sequence[str], draft: Draft) -> None:
    """Repeats nothing of it: a password may be anywhere in an address that is written wrongly."""
    scheme, mark, rest = url.reveal().partition("://")
    if url and not (mark and rest and scheme in schemes):
        example = EXAMPLES[str(path[-1])]
        draft.add(path, f'an address with one of {", ".join(schemes)} is needed; write it as "{example}", or leave it empty.')
