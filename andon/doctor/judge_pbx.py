"""What the answers of a PBX mean: one small function a check, all of them in CHECKS. Pure.

A check that needs a session is not asked when there is none: one cause, one complaint. Where an account may not look, the
verdict is *unknown* with the line that a person can type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from andon.doctor import judge_account, judge_dials, judge_queues, judge_recordings
from andon.doctor.pbx_seen import PbxSeen
from andon.doctor.releases import version_of
from andon.doctor.verdict import Verdict, bad, ok, unknown, warn
from andon.settings import PbxTable, address_of
from realtime.words import SECOND
from wallboard.settings import is_loopback

SKEW_MAX: Final = SECOND
"""Facts are dated by the PBX and screens count up from that: beyond a second a person sees it."""
NEWEST_TRIED: Final = 22
OLDEST: Final = 16


class Check(NamedTuple):
    name: str
    needs_session: bool
    judge: Callable[[PbxTable, PbxSeen], Verdict | None]


def judge(table: PbxTable, seen: PbxSeen) -> list[Verdict]:
    """In the order of the table, which is the order in which a person would mend things."""
    return [verdict for check in CHECKS if seen.linked or not check.needs_session if (verdict := check.judge(table, seen)) is not None]


# ---------------------------------------------------------------- reaching it


def reached(table: PbxTable, seen: PbxSeen) -> Verdict:
    if seen.account.kind in REACHING:
        return bad("reachable", seen.account.fault, *REACHING[seen.account.kind])
    return ok("reachable", f"{table.ami} answers{' over TLS' if table.tls else ''}.")


REACHING: Final[dict[str, tuple[str, ...]]] = {
    "Unreachable": ("asterisk -rx 'manager show settings'", "ss -ltnp | grep -E ':5038|:5039'"),
    "TlsRefused": ("asterisk -rx 'manager show settings'",),
    "BannerMissing": ("asterisk -rx 'manager show settings'",),
    "NotAmi": ("asterisk -rx 'manager show settings'",),
}
"""Faults of the road, and what shows the PBX's side of it."""


def encrypted(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    host, _ = address_of(table.ami) or ("", 0)
    if table.tls or is_loopback(host):
        return None
    return warn(
        "encryption",
        "Numbers and names travel over the network in clear: let AMI speak TLS (tlsenable in manager.conf) and set in andon.toml:",
        f'ami = "{host}:5039"',
        "tls = true",
    )


def logged_in(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    account = seen.account
    if account.kind in REACHING:
        return None
    if not account.fault:
        return ok("log-in", f"The account {table.username} is let in.")
    if "already in use" in account.fault.lower():
        return bad(
            "log-in", f"The account {table.username} is in use and may be in use only once: write into its section of manager.conf", MANY
        )
    return bad(
        "log-in",
        f"{account.fault.rstrip('.')}. Compare the secret and the addresses that may come (permit, deny):",
        f"asterisk -rx 'manager show user {table.username}'",
        f"grep -A4 '^.{table.username}.$' /etc/asterisk/manager.conf /etc/asterisk/manager.d/*.conf",
    )


MANY: Final = "allowmultiplelogin = yes"


def many_log_ins(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    if seen.second is None:
        return None
    if seen.second.fault:
        text = "The account may be logged in only once, so after a cut line the old session locks the new one out. Into its own section:"
        return warn("allowmultiplelogin", text, MANY)
    return ok("allowmultiplelogin", "A new log-in does not wait for an old one to end.")


# ---------------------------------------------------------------- what it is


def version(_table: PbxTable, seen: PbxSeen) -> Verdict:
    if not seen.core:
        text = f"The account may not ask for the version ({seen.core_fault.rstrip('.')}): give it write = call,reporting."
        return bad("version", text, *judge_account.rights_lines(False))
    said = seen.core.get("AsteriskVersion", "")
    number = version_of(said)
    if number is None:
        return unknown("version", f"It calls itself Asterisk {said[:40]!r}, a version that says nothing to us.", "asterisk -V")
    if number[0] < OLDEST:
        return bad("version", f"This is Asterisk {said}; Andon reads {OLDEST} and newer: update it.")
    if number[0] > NEWEST_TRIED:
        return warn("version", f"This is Asterisk {said}, newer than those Andon was tried with ({OLDEST} to {NEWEST_TRIED}).")
    return ok("version", f"Asterisk {said}.")


def named(table: PbxTable, seen: PbxSeen) -> Verdict | None:
    if not seen.core:
        return None
    name = seen.core.get("SystemName", "")
    if name == table.node:
        return ok("systemname", f"The PBX is called {name}, as in andon.toml.")
    where = "Into asterisk.conf, then restart Asterisk (a reload is not enough):"
    lines = ("[options]", f"systemname = {table.node}")
    if not name:
        text = f"The PBX has no name, so its calls could be taken for those of another one. {where}"
        return warn("systemname", text, *lines)
    return bad("systemname", f"The PBX is called {name}, andon.toml calls it {table.node}. Into andon.toml:", f'node = "{name}"')


def clock(_table: PbxTable, seen: PbxSeen) -> Verdict:
    if seen.skew is None:
        return unknown("clock", "The PBX did not say its time; on both machines, one after the other:", "date +%s.%N")
    off = abs(seen.skew) / SECOND
    way = "ahead of" if seen.skew > 0 else "behind"
    if abs(seen.skew) > SKEW_MAX + seen.trip:
        text = f"The PBX's clock is {off:.1f} s {way} this machine's: waiting times on screens are wrong by that. On both machines:"
        return warn("clock", text, "timedatectl set-ntp true", "timedatectl status")
    return ok("clock", f"Its clock and ours agree within {max(off, seen.trip / SECOND / 2):.3f} s.")


def stamped(_table: PbxTable, seen: PbxSeen) -> Verdict | None:
    said = seen.option("manager.conf", "general", "timestampevents")
    if seen.fence == "came":
        stamped = "Timestamp" in seen.fence_headers
    elif said:
        stamped = said in YES
    else:
        return None
    if stamped:
        return ok("timestampevents", "Events say when they happened.")
    text = "Events do not say when they happened, so a slow line makes waits look longer. Into [general] of manager.conf:"
    return warn("timestampevents", text, "timestampevents = yes", judge_account.RELOAD)


YES: Final = ("yes", "true", "on", "1", "y", "t")

CHECKS: Final[Sequence[Check]] = (
    Check("reachable", False, reached),
    Check("encryption", False, encrypted),
    Check("log-in", False, logged_in),
    Check("allowmultiplelogin", True, many_log_ins),
    Check("version", True, version),
    Check("systemname", True, named),
    Check("clock", True, clock),
    Check("timestampevents", True, stamped),
    Check("rights to read", True, judge_account.reads),
    Check("rights to ask", True, judge_account.asks),
    Check("fence", True, judge_account.fence),
    Check("filters", True, judge_account.filters),
    Check("seen", True, judge_account.seen_while_watching),
    Check("writetimeout", True, judge_account.patience),
    Check("modules", True, judge_account.modules),
    Check("control", True, judge_account.control),
    Check("queues", True, judge_queues.queues),
    Check("members", True, judge_queues.members),
    Check("queues.conf", True, judge_queues.traps),
    Check("dialplan", True, judge_dials.gate),
    Check("trunk", True, judge_dials.around),
    Check("originators", True, judge_dials.originators),
    Check("codes", True, judge_queues.codes),
    Check("recordings", True, judge_recordings.records),
    Check("card data", True, judge_recordings.silences),
)
