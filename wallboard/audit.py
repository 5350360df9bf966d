"""The chain of the audit trail: what one entry says, and that none was changed, taken out or put in. Pure.

Not where it is kept (`audit_log.py`). Each entry holds the hash of the one before it, so a change anywhere breaks every hash
after it. Who can write the files can forge all of it from there on; so the last hash, noted somewhere else, is what an
auditor holds against it (`andon audit verify --head`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from realtime.words import SECOND, Micros

TEXT_MAX = 200
PART_MAX = TEXT_MAX // 2
"""Of one entry for the agents it names; the other half is for what was done to them."""
REASONS_MAX = 8
LINE_MAX = 16 * 1024
"""More than all texts at their longest, each character as six bytes."""
BEGINNING = "0" * 64
"""What stands before the first entry."""


class Outcome(StrEnum):
    ALLOWED = "allowed"  # it was let happen; written before, and nothing after it says otherwise
    REFUSED = "refused"
    FAILED = "failed"  # it was let happen, and could not be done


class Act(NamedTuple):
    """What is to be remembered. `who`: user:NAME, token:ID, local:UNIXUSER, public or nobody. Nothing secret, no numbers."""

    at: Micros
    who: str
    role: str
    address: str
    action: str
    target: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the trail."""

    seq: int
    at: Micros
    who: str
    role: str
    address: str
    action: str
    target: str
    outcome: Outcome
    reasons: tuple[str, ...]
    prev: str
    hash: str = ""


def is_about(entry: Entry, agent: str) -> bool:
    """Whether it was done to this agent, by `agent=ID` or `agents=ID,ID` of its target. A reason comes last, and does not count."""
    known, _, _ = entry.target.partition(" reason=")
    for part in known.split(" "):
        name, _, value = part.partition("=")
        if name in ("agent", "agents") and word(agent) in value.split(","):
            return True
    return False


def word(name: str) -> str:
    """A name as one word of a target: none can pretend to be two."""
    return name.replace("%", "%25").replace(" ", "%20").replace(",", "%2C")


def target_of(named: Mapping[str, object]) -> str:
    """What is empty, false or nothing is left out. Ids are one word each, so that what was done to one can be found (`is_about`)."""
    return " ".join(f"{name}={_said(name, value)}" for name, value in named.items() if value)


def _said(name: str, value: object) -> str:
    """Whatever somebody typed (a label, a phone, a piece of an address), it cannot read as another `name=value`: only a reason, which
    comes last and counts for nothing, is left as it is."""
    if isinstance(value, list):
        return ",".join(map(word, map(str, value)))
    if name == "agent":
        return word(str(value))
    return str(value) if name == "reason" else str(value).replace("=", "%3D")


def in_parts(names: list[str]) -> list[list[str]]:
    """So many that each part fits an entry beside the other words."""
    parts: list[list[str]] = [[]]
    for name in names:
        if parts[-1] and sum(len(word(each)) + 1 for each in [*parts[-1], name]) > PART_MAX:
            parts.append([])
        parts[-1].append(name)
    return parts


class Head(NamedTuple):
    """The last entry, as far as the next one needs it."""

    seq: int
    hash: str
    at: Micros


NOTHING = Head(0, BEGINNING, 0)


def chained(act: Act, head: Head) -> Entry:
    """The act as the entry after `head`; long texts are cut. Time never goes back in a trail, whatever the clock does."""
    entry = Entry(
        seq=head.seq + 1,
        at=max(act.at, head.at),
        who=_cut(act.who),
        role=_cut(act.role),
        address=_cut(act.address),
        action=_cut(act.action),
        target=_cut(act.target),
        outcome=act.outcome,
        reasons=tuple(_cut(reason) for reason in act.reasons[:REASONS_MAX]),
        prev=head.hash,
    )
    return msgspec.structs.replace(entry, hash=hash_of(entry))


def hash_of(entry: Entry) -> str:
    """Over everything but itself, in one way of writing it: sorted keys, no spaces."""
    return hashlib.sha256(_ENCODER.encode(msgspec.structs.replace(entry, hash=""))).hexdigest()


def line_of(entry: Entry) -> bytes:
    return _ENCODER.encode(entry) + b"\n"


def entry_of(line: bytes) -> Entry | None:
    """None when it is none, or is not written as we write."""
    try:
        entry = _DECODER.decode(line)
    except msgspec.MsgspecError:
        return None
    return entry if line_of(entry) == line.removesuffix(b"\n") + b"\n" else None


def head_of(entry: Entry) -> Head:
    return Head(entry.seq, entry.hash, entry.at)


def month_of(at: Micros) -> str:
    """The name of the file that an entry of this moment belongs to."""
    return f"{datetime.fromtimestamp(at / SECOND, UTC):%Y-%m}"


class Broken(NamedTuple):
    """The first place where the chain does not hold. `place` is what the lines came with, as file and line."""

    place: str
    why: str


def broken_in(lines: Iterable[tuple[str, bytes]], head: Head = NOTHING) -> Broken | Head:
    """The head at the end when every line follows from the one before, else the first that does not."""
    for place, line in lines:
        entry = entry_of(line)
        if entry is None:
            return Broken(place, f"what stands after entry {head.seq} is no entry")
        if entry.seq != head.seq + 1:
            return Broken(place, f"entry {entry.seq} stands where entry {head.seq + 1} belongs")
        if entry.hash != hash_of(entry):
            return Broken(place, f"entry {entry.seq} was changed: its hash is not that of what it says")
        if entry.prev != head.hash:
            return Broken(place, f"entry {entry.seq} does not follow from entry {head.seq}: one of them was replaced")
        head = head_of(entry)
    return head


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_MAX else text[: TEXT_MAX - 1] + "…"


_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Entry)
