"""The account on the PBX: rights, fence, filters, patience, and the second account that acts. Pure.

Rights to act are measured: ListCommands names just what an account may do. Rights to read show by what arrives, and by
what manager.conf says where Asterisk lets us look (`AST_CONFIG`, a module that most installations load).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from agi.translate import VARIABLES, WANTED
from andon.doctor.filters import missing
from andon.doctor.pbx_seen import AccountSeen, PbxSeen
from andon.doctor.releases import knows_new_filters, version_of
from andon.doctor.verdict import Verdict, bad, counted, listed, ok, unknown, warn
from andon.settings import PbxTable

READ: Final = ("system", "call", "agent", "dialplan")
READ_LINE: Final = f"read = {','.join(READ)}"
RELOAD: Final = "asterisk -rx 'manager reload'   # then restart Andon: a session keeps the rights it logged in with"
FILTERS_FROM: Final = "andon deploy show asterisk/manager.conf   # has the lines; copy every eventfilter of [andon]"
WRITE_MARKS: Final[Mapping[str, str]] = {
    "Setvar": "call",
    "CoreShowChannels": "reporting",
    "QueuePause": "agent",
    "Originate": "originate",
    "UserEvent": "user",
    "AGI": "agi",
    "Command": "command",
    "UpdateConfig": "config",
    "DBPut": "system",
}
"""An action that only this class allows (manager.c, by its registrations); CoreShowChannels comes with `system`, too."""
ACTS: Final = frozenset({"call", "agent", "originate"})
"""What orders need: to hang up and to set the fence, to pause and to put into queues, to ring a supervisor."""
CONTROL_FROM: Final = "andon deploy show asterisk/manager.conf   # has the section [andon-control]"
CONTROL_KEYS: Final = 'control_username = "andon-control"   # and control_secret_file, into [[pbx]] of andon.toml'
A_SHELL: Final = frozenset({"command", "config", "system"})
"""Who has one of these can run programs on the PBX or rewrite its configuration."""
MODULES: Final[Mapping[str, tuple[str, str]]] = {
    "QueueStatus": ("app_queue.so", "there are no queues"),
    "DeviceStateList": ("res_manager_devicestate.so", "a phone that is busy or unplugged is not seen"),
    "ParkedCalls": ("res_parking.so", "parked calls are not seen"),
}
"""An action that only this module brings -> the module, and what is missed without it."""
PATIENCE_MS: Final = (500, 5000)


def rights_lines(with_control: bool) -> tuple[str, ...]:
    return READ_LINE, f"write = {'reporting' if with_control else 'call,reporting'}", RELOAD


def classes(account: AccountSeen) -> set[str]:
    """Of `write`, by what it may do."""
    found = {name for action, name in WRITE_MARKS.items() if action in account.actions}
    return found - {"reporting"} if "system" in found else found


def reads(table: PbxTable, seen: PbxSeen) -> Verdict:
    """`read` of manager.conf where it can be read; else by what came."""
    said = {each.strip() for each in seen.config.get(("manager.conf", "USER", "read"), "").split(",") if each.strip()}
    if said:
        return _said(said)
    lacking = [*([] if seen.booted else ["system"]), *(["dialplan"] if seen.fence == "lost" else [])]
    if lacking:
        text = f"The account {table.username} does not get what {listed(lacking)} would bring. Its section of manager.conf needs:"
        return bad("rights to read", text, READ_LINE, RELOAD)
    text = "system and dialplan arrive; call and agent could not be seen now (nothing happened). On the PBX:"
    return unknown("rights to read", text, f"asterisk -rx 'manager show user {table.username}'   # read perm: {','.join(READ)}")


def _said(said: set[str]) -> Verdict:
    lacking, more = set(READ) - said, said - set(READ)
    if lacking and "all" not in said:
        text = f"The account may not read {listed(lacking)}, so the floor would miss it. Its section of manager.conf needs:"
        return bad("rights to read", text, READ_LINE, RELOAD)
    if more:
        text = f"The account reads {listed(more)} too, which Andon has no use for. Its section of manager.conf needs only:"
        return warn("rights to read", text, READ_LINE, RELOAD)
    return ok("rights to read", f"It reads {', '.join(READ)}, and nothing else.")


def asks(table: PbxTable, seen: PbxSeen) -> Verdict:
    has_control = bool(table.control_username)
    needed = {"reporting"} if has_control else {"call", "reporting"}
    found = classes(seen.account)
    if not seen.account.actions:
        return unknown(
            "rights to ask", "The PBX did not list what the account may do.", f"asterisk -rx 'manager show user {table.username}'"
        )
    lacking = needed - found - ({"reporting"} if "system" in found else set())
    if lacking:
        text = f"The account lacks the right to {listed(lacking)}: no list of calls, or no fence behind them. Its section needs:"
        return bad("rights to ask", text, *rights_lines(has_control))
    if shell := found & A_SHELL:
        text = f"The account has {listed(shell)}: whoever learns its secret owns the PBX. Its section needs only:"
        return warn("rights to ask", text, *rights_lines(has_control))
    if more := found - {"call", "reporting"}:
        text = f"The account may use {listed(more)} too; acting belongs to an account of its own (control_username). It needs only:"
        return warn("rights to ask", text, *rights_lines(has_control))
    return ok("rights to ask", f"It may ask for {' and '.join(sorted(found))}, and no more.")


def fence(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    if seen.fence == "came":
        return ok("fence", "The mark behind a snapshot comes back.")
    if seen.fence == "lost":
        text = "The mark that ends a snapshot (VarSet of ANDON_FENCE) does not arrive: read lacks dialplan, or a filter holds it back."
        return bad("fence", f"{text} The section of {table.username} needs:", READ_LINE, *FENCE_LINES)
    if seen.fence:
        return bad("fence", f"The mark that ends a snapshot cannot be set ({seen.fence.rstrip('.')}): it needs call in write.")
    return None


FENCE_LINES: Final = (
    "eventfilter(action(include),name(VarSet),header(Variable),method(exact)) = ANDON_FENCE   # Asterisk 18.26, 20.11, 21.6, 22.1, newer",
    "eventfilter=^Event: VarSet.*Variable: (QUEUESTATUS|MIXMONITOR_FILENAME|ANDON_FENCE)[[:cntrl:]]   # older ones",
    RELOAD,
)


def filters(table: PbxTable, seen: PbxSeen) -> Verdict:
    is_new = knows_new_filters(version_of(seen.core.get("AsteriskVersion", "")))
    form = "with round brackets" if is_new else "with ^Event (the old form)"
    stray = {name for name in seen.events if name not in WANTED} | {f"VarSet of {each}" for each in seen.variables - VARIABLES}
    if seen.filters and (lost := missing(seen.filters, WANTED, VARIABLES)):
        return bad(
            "filters", f"The filters hold back {listed(lost)}, which the floor is made of. Take those {form} from:", FILTERS_FROM, RELOAD
        )
    if stray:
        text = f"{listed(stray)} arrived, which Andon has no use for: the filters are not in force. This Asterisk needs those {form}:"
        return warn("filters", text, FILTERS_FROM, RELOAD)
    if seen.fence_filters and not is_new:
        text = f"This Asterisk does not know filters with round brackets, so everything travels. It needs those {form}:"
        return warn("filters", text, FILTERS_FROM, RELOAD)
    if seen.config_readable and not seen.filters and not seen.fence_filters:
        text = f"The account has no filters: everything travels, three times what is needed. This Asterisk takes those {form}:"
        return warn("filters", text, FILTERS_FROM, RELOAD)
    if seen.filters or seen.fence_filters:
        return ok("filters", "Filters are set, and nothing arrived that they should hold back.")
    text = "Nothing arrived that filters should hold back; whether all of them are there only manager.conf can say. While calls come:"
    return unknown("filters", text, "andon doctor --watch 60")


def seen_while_watching(_table: PbxTable, seen: PbxSeen) -> Verdict | None:
    """With --watch: what began in the meantime must have said so."""
    expected = {"Newchannel": seen.channels_new, "QueueCallerJoin": len(seen.joined)}
    silent = {name for name, number in expected.items() if number and not seen.events.get(name)}
    if silent:
        text = f"Calls began while we looked, and no {listed(silent)} arrived: rights or filters hold them back. Take both from:"
        return bad("seen", text, FILTERS_FROM, READ_LINE, RELOAD)
    total = sum(seen.events.get(name, 0) for name in WANTED if name != "VarSet")
    return ok("seen", f"{counted(total, 'event')} arrived while we looked.") if total else None


def patience(_table: PbxTable, seen: PbxSeen) -> Verdict | None:
    said = seen.option("manager.conf", "USER", "writetimeout")
    if not seen.config_readable:
        return None
    least, most = PATIENCE_MS
    number = int(said) if said.isdecimal() else 100
    if number < least:
        text = f"Asterisk cuts the line when we stall for {number} ms, which any busy machine does. Into the account's section:"
        return warn("writetimeout", text, "writetimeout = 2000", RELOAD)
    if number > most:
        text = f"A stalled reader may hold up the queues for {number / 1000:g} s (writetimeout). Into the account's section:"
        return warn("writetimeout", text, "writetimeout = 2000", RELOAD)
    return ok("writetimeout", f"Asterisk waits {number / 1000:g} s for a slow reader.")


def modules(_table: PbxTable, seen: PbxSeen) -> Verdict | None:
    """Only where the account may otherwise use what they bring: else its rights are the complaint."""
    if "CoreShowChannels" not in seen.account.actions or "Setvar" not in seen.account.actions:
        return None
    gone = {action: what for action, what in MODULES.items() if action not in seen.account.actions}
    if not gone:
        return ok("modules", "The modules that Andon reads are loaded.")
    why = "; ".join(consequence for _, consequence in gone.values())
    lines = [f"asterisk -rx 'module load {name}'   # and out of noload in modules.conf" for name, _ in gone.values()]
    return warn("modules", f"Modules are not loaded: {why}. On the PBX:", *lines)


def control(table: PbxTable, seen: PbxSeen) -> Verdict:
    name = table.control_username
    if not name and seen.ruled:
        return _acts_by_the_reader(table.username, seen.account)
    if not name:
        return ok("control", "No control account: Andon only shows, and asks for nothing to be done.")
    if seen.control is None:
        return unknown("control", f"There was no time to log in as {name}.", f"asterisk -rx 'manager show user {name}'")
    if name == table.username:
        text = "One account reads and acts, so an action that takes long holds up events. Make the second one of:"
        return warn("control", text, "andon deploy show asterisk/manager.conf")
    if seen.control.fault:
        return bad("control", f"{seen.control.fault.rstrip('.')}.", f"asterisk -rx 'manager show user {name}'")
    if not seen.control.actions:
        return unknown("control", f"The PBX did not list what {name} may do.", f"asterisk -rx 'manager show user {name}'")
    return _may_act(name, classes(seen.control), table.username, classes(seen.account))


def _acts_by_the_reader(name: str, account: AccountSeen) -> Verdict:
    """The plan orders pauses and queues, and no other account is there to do it."""
    why = f"The plan has rules, and no control_username is set: what they order goes by {name}"
    if not account.actions:
        return unknown("control", f"{why}, of which the PBX did not list what it may do.", f"asterisk -rx 'manager show user {name}'")
    if lacking := ACTS - classes(account):
        return bad(
            "control", f"{why}, which lacks {listed(lacking)}: nothing is done. Make a second account of:", CONTROL_FROM, CONTROL_KEYS
        )
    return warn("control", f"{why}, and an action that takes long holds up events. Make a second account of:", CONTROL_FROM, CONTROL_KEYS)


def _may_act(name: str, found: set[str], reader: str, reader_may: set[str]) -> Verdict:
    line = "write = call,agent,originate"
    if lacking := ACTS - found:
        other = f" {reader} has {listed(lacking & reader_may)}, but orders go by {name}." if lacking & reader_may else ""
        return bad("control", f"The account {name} lacks {listed(lacking)}: it cannot act.{other} Its section needs:", line, RELOAD)
    if shell := found & A_SHELL:
        text = f"The account {name} has {listed(shell)}: whoever learns its secret owns the PBX. Its section needs only:"
        return warn("control", text, line, RELOAD)
    return ok("control", f"The account {name} may act, and has no shell by another name.")
