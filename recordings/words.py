"""Words of the archive: ids, states, troubles, kinds of log entries. Not what may follow what (`states.py`)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NewType

RecordingId = NewType("RecordingId", str)
"""20 characters of lower-case base32, made of node, file and bytes (`recording.recording_id`): the same file gives the same id."""


class State(StrEnum):
    """Where one recording is. The order is the order of its life; `states.py` says what may follow."""

    CAPTURED = "captured"  # known and complete in the spool, hash taken, entry in the log
    STORED = "stored"  # its container is in every vault that is set, read back and compared
    KEPT = "kept"  # derivatives made, spool file gone: the usual state for years
    DUE = "due"  # listed in a disposal that is being decided
    DISPOSED = "disposed"  # key destroyed, copies deleted, certificate given; the line and its proofs stay
    QUARANTINED = "quarantined"  # every copy fails its hash: an incident
    LOST = "lost"  # gone without having been disposed of, or given up by two people: an incident


class Trouble(StrEnum):
    """What is odd about a recording or a file in the spool; several may be true."""

    EMPTY = "empty"  # no sound at all: 0 bytes, or a header alone
    SHORT = "short"  # much shorter than its call
    SILENT = "silent"
    ORPHAN = "orphan"  # no call known to it
    REPAIRED = "repaired"  # its header was that of a crash and was mended for listening; the original bytes are kept
    ONE_SIDED = "one_sided"  # one leg of two has no file, or no sound, or none any more (`sound/lost.py`)
    UNREADABLE = "unreadable"  # no format that we know
    UNSAFE = "unsafe"  # a link, a pipe, a name outside of the folder: not opened
    DOUBLED = "doubled"  # a second recording of the same leg


WORTHLESS: Final = frozenset({Trouble.EMPTY, Trouble.UNREADABLE})
"""Such a file is no recording of anything: beside one, as beside one that was lost, another of the leg is its first."""


class Kind(StrEnum):
    """Kinds of entries of the log."""

    SEAL = "seal"
    STORE = "store"
    RECLASS = "reclass"  # class, clock or key changed
    ACCESS = "access"
    EXPORT = "export"
    HOLD = "hold"
    RELEASE = "release"
    PROPOSAL = "proposal"  # of a disposal
    APPROVAL = "approval"
    DISPOSAL = "disposal"
    ERASURE = "erasure"
    REDACTION = "redaction"  # a recording was replaced by one whose spans are silenced
    INCIDENT = "incident"  # what must not be there was found: card data in a recording; and that it was answered
    DISC = "disc"  # burned, verified, signed, read again, destroyed
    FIXITY = "fixity"  # a copy that failed, was repaired; and each completed round
    GAP = "gap"  # something the archive cannot vouch for
    SCORE = "score"
    SAMPLE = "sample"


STATES_GONE: Final = frozenset({State.DISPOSED, State.LOST})
