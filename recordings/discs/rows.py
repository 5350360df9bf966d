"""Lines of the tables of discs as values: a disc with its image and set, a signature, a check, a wish. Pure; `store.py` reads them."""

from __future__ import annotations

import msgspec

from realtime.words import Micros


class DiscRow(msgspec.Struct, kw_only=True):
    """One disc with what is known of its image and set."""

    id: str
    set: str
    number: int
    of: int
    copy: str
    turn: int
    state: str
    failures: int
    said: str
    client: str
    class_: str = msgspec.field(name="class")
    month: str
    medium: str
    recordings: int
    bytes: int
    first: Micros
    last: Micros
    image: str  # SHA-256
    image_bytes: int
    tool: str
    checkpoint: int
    drive: str
    media: str
    gathered_at: Micros
    burning_at: Micros
    burned_at: Micros
    verified_at: Micros
    checked_at: Micros
    signed_at: Micros
    destroyed_at: Micros


class Signature(msgspec.Struct, frozen=True):
    what: str
    who: str
    at: Micros


class CheckRow(msgspec.Struct, frozen=True):
    kind: str
    at: Micros
    by: str
    good: bool
    told: msgspec.Raw


class Wish(msgspec.Struct, frozen=True):
    """A step that somebody asked for. `state`: wanted, done, failed, with what was said of it."""

    id: int
    step: str
    subject: str
    who: str
    at: Micros
    state: str
    said: str
    ended_at: Micros
