"""Facts of recordings: which file one goes to, card-data pauses, how the archive is, and whom its scores send to training.

Not that a recording began or ended (`facts.py`), and nothing of a recording's life after its call: that is in the archive's own log
(`recordings/proof/`). A file's name may hold a number, so a fact has its keyed digest only.
"""

from __future__ import annotations

from realtime.facts import Fact
from realtime.words import AgentId, CallId, Micros, Uniqueid

# ------------------------------------------------------------------ recordings, by the PBX's word


class RecordingNamed(Fact, frozen=True, tag="RecordingNamed.1"):
    """Asterisk said which file the recording of this channel goes to. `name`: keyed digest of the file's base name."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")
    name: str = ""


class RecordingPaused(Fact, frozen=True, tag="RecordingPaused.1"):
    """From now on its file has silence; the timeline goes on, so what follows stays where it belongs."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")


class RecordingResumed(Fact, frozen=True, tag="RecordingResumed.1"):
    """It has sound again."""

    call: CallId = CallId("")
    leg: Uniqueid = Uniqueid("")


# ------------------------------------------------------------------ card-data pauses, and the archive


class CardPauseBegan(Fact, frozen=True, tag="CardPauseBegan.1"):
    """Somebody says card data in this call: nothing of it is to be recorded until CardPauseEnded, at the latest until `until`.
    Asked again it goes on until a later moment."""

    call: CallId = CallId("")
    until: Micros = 0
    agent: AgentId = AgentId("")  # whose call it is
    who: str = ""


class CardPauseEnded(Fact, frozen=True, tag="CardPauseEnded.1"):
    """`why`: asked; expired, or total where the plan allows no more of this call (both stamped with their deadline)."""

    call: CallId = CallId("")
    why: str = ""
    who: str = ""


class ArchiveSeen(Fact, frozen=True, tag="ArchiveSeen.1"):
    """How the archive is, by the archivist: said when it changes and at least once a minute, so that silence is noticed."""

    backlog: int = 0  # files that are complete and not sealed
    oldest_s: int = 0  # since when the oldest of them waits
    missing: int = 0  # recordings that should be there and are not
    quarantined: int = 0
    free_share: float = 1.0  # of the fullest disk of a spool or vault
    away: str = ""  # what cannot be reached, as a sentence; empty: all can
    conflicts: int = 0  # recordings that one rule keeps longer than another allows; 10,000: that many or more
    tight: str = ""  # folder whose disk has less room than `free_gb` or `free_share` of [archive]; empty: none


# ------------------------------------------------------------------ what quality says of a person


class TrainingDue(Fact, frozen=True, tag="TrainingDue.1"):
    """The archivist: a KPI was missed in these months (YYYY-MM), so this one goes to training before work (离岗培训); without months it is
    not due any more."""

    agent: AgentId = AgentId("")
    kpi: str = ""
    months: tuple[str, ...] = ()
