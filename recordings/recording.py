"""One recording: what is known of it, as its catalogue line holds it and as its seal proves it. Pure.

Not the tables (`catalogue/schema.py`). Times are microseconds since 1970 UTC, lengths milliseconds. Numbers are never in clear.
"""

from __future__ import annotations

import base64
import hashlib

import msgspec

from realtime.facts import Sealed
from realtime.words import Micros
from recordings.words import RecordingId


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of the recording, in milliseconds from its beginning. `kind`: hold, transfer, paused (card data), parked."""

    kind: str
    since: int
    until: int
    who: str = ""  # agent


class CallCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the floor's log says of a call, as far as the archive needs it: made by `calls/book.py`, complete when the call ended."""

    node: str
    call: str  # linkedid
    began: Micros = 0
    answered: Micros = 0  # by an agent, or by the callee of an outbound call; 0: never
    ended: Micros = 0
    direction: str = ""
    agent: str = ""  # who talked first
    agents: tuple[str, ...] = ()
    queue: str = ""
    campaign: str = ""
    client: str = ""
    dial: str = ""
    outcome: str = ""  # result code
    number: Sealed | None = None  # of the customer
    must_record: bool = False  # the gate's decision asked for it
    legs: tuple[str, ...] = ()  # uniqueids
    recorded: tuple[str, ...] = ()  # legs whose MixMonitor began
    files: dict[str, str] = {}  # keyed digest of a file's name, to the leg it was set on
    holds: tuple[tuple[Micros, Micros], ...] = ()
    transfers: tuple[Micros, ...] = ()
    paused: dict[str, tuple[tuple[Micros, Micros], ...]] = {}  # card data, by the leg whose recording was silenced
    gap: bool = False  # part of it was not seen


class Sound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a file sounds like: `sound/look.py`."""

    format: str = ""  # wav, wav49, ulaw, alaw, ...
    rate: int = 8000
    sides: int = 1  # 2: left is the recorded channel (rx), right the other (tx)
    length_ms: int = 0
    silent_share: float = 0.0
    peak_db: float = -96.0  # of full scale
    repaired: bool = False


def recording_id(node: str, name: str, sha256: bytes) -> RecordingId:
    """`name`: the file's path under the spool. The same file found twice is the same recording."""
    digest = hashlib.sha256(b"\0".join((node.encode(), name.encode("utf-8", "surrogateescape"), sha256))).digest()
    return RecordingId(base64.b32encode(digest)[:20].decode().lower())
