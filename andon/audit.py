"""`andon audit`: who did what, and whether the trail is whole. Not the trail itself (`wallboard/audit_log.py`)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from andon.say import Exit, complain, say
from realtime.words import SECOND, Micros
from wallboard.audit import Broken, Entry, Head
from wallboard.audit_log import AuditLog

SHOWN_AT_ONCE: Final = 200
_SPAN: Final = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def since(text: str, now: datetime) -> Micros | None:
    """`2026-11-24`, `2026-11-24 14:00` by this machine's clock, or `90m`, `12h`, `7d` ago; None when it is none of these."""
    if span := _SPAN.fullmatch(text):
        return int((now - timedelta(**{_UNITS[span[2]]: int(span[1])})).timestamp() * SECOND)
    try:
        return int(datetime.fromisoformat(text).astimezone().timestamp() * SECOND)
    except (ValueError, OverflowError):
        return None


def show(data_dir: Path, since_us: Micros, who: str, as_json: bool) -> Exit:
    """Oldest first, as one reads; without --since the last ones."""
    trail = AuditLog(data_dir)
    entries, before = [], 0
    try:
        while True:
            found = trail.newest(SHOWN_AT_ONCE, before, who, since_us)
            entries += found.entries
            before = found.before
            if not before or (len(entries) >= SHOWN_AT_ONCE and not since_us):
                break
    except OSError as fault:
        complain(f"{fault.filename}: {fault.strerror}; the trail needs the rights of Andon's user.")
        return Exit.FAILED
    if not entries:
        complain("Nothing is recorded that fits.")
    for entry in reversed(entries):
        say(msgspec.json.encode(entry).decode() if as_json else _line(entry))
    return Exit.DONE


def verify(data_dir: Path, head: str) -> Exit:
    """`head`: SEQ:HASH that an earlier verify said; that entry must still be there, unchanged."""
    try:
        return _verify(AuditLog(data_dir), head)
    except OSError as fault:
        complain(f"{fault.filename}: {fault.strerror}; the trail needs the rights of Andon's user.")
        return Exit.FAILED


def _verify(trail: AuditLog, head: str) -> Exit:
    found = trail.verify()
    if isinstance(found, Broken):
        complain(f"{found.place}: {found.why}. What is before it is whole; nothing from there on can be relied on.")
        return Exit.FAILED
    if head and not _holds(trail, head):
        complain(f"The trail is a whole chain, but does not have {head}: it was cut off or written anew since that was noted.")
        return Exit.FAILED
    say(_whole(found))
    return Exit.DONE


def _whole(head: Head) -> str:
    if not head.seq:
        return "There is no entry yet."
    entries = "1 entry" if head.seq == 1 else f"{head.seq} entries"
    return f"{entries}, whole. Note this elsewhere, and hold it against a later verify with --head:\n{head.seq}:{head.hash}"


def _holds(trail: AuditLog, head: str) -> bool:
    return any(isinstance(entry, Entry) and f"{entry.seq}:{entry.hash}" == head for entry in trail.entries())


def _line(entry: Entry) -> str:
    at = datetime.fromtimestamp(entry.at / SECOND).astimezone()
    who = f"{entry.who} ({entry.role})" if entry.role else entry.who
    place = f" from {entry.address}" if entry.address else ""
    reasons = f": {'; '.join(entry.reasons)}" if entry.reasons else ""
    text = f"{at.isoformat(' ', 'seconds')}  {entry.outcome:<7}  {who}{place}  {entry.action}  {entry.target}".rstrip() + reasons
    return "".join(character if character.isprintable() else "?" for character in text)
