"""What a sealed recording's line in the catalogue and its entry in the log say. Pure.

Not the bytes (`sealing_files.py`) and not the steps (`sealing.py`). The leaf has what proves the bytes and no person; whose call it was is
the private part, which can be forgotten.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from realtime.plan.archive import ArchiveRules
from realtime.words import Micros
from recordings.calls.linking import Link
from recordings.proof.entries import Entry, Json
from recordings.recording import CallCard, Sound, Span
from recordings.retention.clocks import Keeping
from recordings.words import WORTHLESS, Kind, RecordingId, State, Trouble

MS: Final = 1_000
SPANS_MOST: Final = 1_000
"""Of one recording; a card has 500 of a kind at most."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known when it is sealed. `files`: SHA-256 and bytes of each file, by side. `size`: of what was captured."""

    id: RecordingId
    node: str
    size: int
    sha256: bytes
    files: dict[str, tuple[bytes, int]]
    format: str
    sound: Sound
    troubles: frozenset[Trouble]
    changed: Micros
    class_: str
    keeping: Keeping
    link: Link | None = None
    names: tuple[str, ...] = ()  # keyed digests of the names that Asterisk may have said, and uniqueids in them: of an orphan, to link
    uniqueids: tuple[str, ...] = ()  # it later

    @property
    def began(self) -> Micros:
        return began_of(self.changed, self.sound)


def began_of(changed: Micros, sound: Sound) -> Micros:
    """A file is written to until its last moment."""
    return max(0, changed - sound.length_ms * MS)


def troubles_of(heard: frozenset[Trouble], sound: Sound, link: Link | None, rules: ArchiveRules, doubled: bool) -> frozenset[Trouble]:
    """What was heard, held against the plan and the call."""
    found = set(heard - {Trouble.SILENT})
    if not heard & WORTHLESS:
        if sound.silent_share >= rules.silent_share:
            found.add(Trouble.SILENT)
        if link is not None and short(link.card, sound, rules):
            found.add(Trouble.SHORT)
    if link is None:
        found.add(Trouble.ORPHAN)
    if doubled:
        found.add(Trouble.DOUBLED)
    return frozenset(found)


def with_troubles(facts: Facts, troubles: frozenset[Trouble]) -> Facts:
    return msgspec.structs.replace(facts, troubles=troubles)


def short(card: CallCard, sound: Sound, rules: ArchiveRules) -> bool:
    """Of a call that ended; one with a transfer may have a recording for each part."""
    if not card.answered or not card.ended or card.transfers:
        return False
    return sound.length_ms < (card.ended - card.answered) // MS - int(rules.short_s * 1_000)


def spans_of(link: Link, began: Micros, length_ms: int) -> tuple[Span, ...]:
    """What the call's card says, on the recording's own time. Silenced was this leg's recording, and perhaps not another's beside it: where
    it is not known which leg it is, nothing is said, for who looks for card data must not be told that there is silence."""
    card = link.card
    found = [Span("hold", *_within(since, until, began, length_ms)) for since, until in card.holds]
    found += [Span("paused", *_within(since, until, began, length_ms)) for since, until in card.paused.get(link.leg, ())]
    found += [Span("transfer", *_within(at, at, began, length_ms)) for at in card.transfers if began <= at <= began + length_ms * MS]
    kept = [span for span in found if span.kind == "transfer" or span.since < span.until]
    return tuple(sorted(kept, key=lambda span: (span.since, span.kind))[:SPANS_MOST])


def _within(since: Micros, until: Micros, began: Micros, length_ms: int) -> tuple[int, int]:
    return max(0, min((since - began) // MS, length_ms)), max(0, min((until - began) // MS, length_ms))


def of_call(link: Link | None) -> dict[str, Any]:
    """The columns that say whose call it was: also for a recording whose call is found later."""
    if link is None:
        return {}
    card = link.card
    number = card.number
    return {
        "call": card.call,
        "leg": link.leg,
        "direction": card.direction,
        "agent": card.agent,
        "agents": ",".join(card.agents),
        "queue": card.queue,
        "campaign": card.campaign,
        "client": card.client,
        "outcome": card.outcome,
        "dial": card.dial,
        "number": number.digest if number is not None else "",
        "number_cipher": number.cipher if number is not None else None,
        "number_month": number.month if number is not None else "",
    }


def line_of(facts: Facts, now: Micros, entry: int) -> dict[str, Any]:
    """The row. Column names are its keys."""
    spans = spans_of(facts.link, facts.began, facts.sound.length_ms) if facts.link is not None else ()
    return {
        "id": facts.id,
        "state": State.CAPTURED.value,
        "trouble": words(facts.troubles),
        "node": facts.node,
        **of_call(facts.link),
        "began": facts.began,
        "length_ms": facts.sound.length_ms,
        "spans": msgspec.json.encode(spans).decode() if spans else "",
        "format": facts.format,
        "rate": facts.sound.rate,
        "sides": facts.sound.sides,
        "silent": round(facts.sound.silent_share * 1000),
        "peak_db": round(max(-96.0, facts.sound.peak_db)),
        "bytes": facts.size,
        "sha256": facts.sha256,
        "class_": facts.class_,
        "keep_until": facts.keeping.keep_until,
        "delete_by": facts.keeping.delete_by,
        "kept_by": facts.keeping.kept_by,
        "conflict": facts.keeping.conflict,
        "sealed_at": now,
        "sealed_entry": entry,
    }


def words(troubles: frozenset[Trouble]) -> str:
    return ",".join(trouble.value for trouble in Trouble if trouble in troubles)


def sealed(facts: Facts, kek: str, now: Micros) -> Entry:
    card = facts.link.card if facts.link is not None else None
    public: dict[str, Json] = {
        "sha256": facts.sha256.hex(),
        "bytes": facts.size,
        "files": [{"side": side, "sha256": sha.hex(), "bytes": size} for side, (sha, size) in facts.files.items()],
        "format": facts.format,
        "rate": facts.sound.rate,
        "sides": facts.sound.sides,
        "length_ms": facts.sound.length_ms,
        "began": facts.began,
        "trouble": words(facts.troubles),
        "class": facts.class_,
        "keep_until": facts.keeping.keep_until,
        "kek": kek,
    }
    private: dict[str, Json] = {"node": facts.node}
    if card is None:
        private |= {"names": list(facts.names), "uniqueids": list(facts.uniqueids), "changed": facts.changed}
    if card is not None and facts.link is not None:
        spans: list[Json] = [[span.kind, span.since, span.until] for span in spans_of(facts.link, facts.began, facts.sound.length_ms)]
        private |= {
            "call": card.call,
            "leg": facts.link.leg,
            "linked": facts.link.how,
            "direction": card.direction,
            "agents": list(card.agents),
            "queue": card.queue,
            "campaign": card.campaign,
            "client": card.client,
            "dial": card.dial,
            "must_record": card.must_record,
            "number": card.number.digest if card.number is not None else "",
            "answered": card.answered,
            "ended": card.ended,
            "spans": spans,
        }
    return Entry(kind=Kind.SEAL, at=now, subject=facts.id, public=public, private=private)


def stored(id_: RecordingId, container: bytes, size: int, vaults: list[int], now: Micros) -> Entry:
    kept: list[Json] = list(vaults)
    return Entry(kind=Kind.STORE, at=now, subject=id_, public={"container": container.hex(), "bytes": size, "vaults": kept})


def found(id_: RecordingId, now: Micros) -> Entry:
    return Entry(kind=Kind.GAP, at=now, subject=id_, public={"found": "its file is in the spool again"})


def lost(id_: RecordingId, why: str, now: Micros) -> Entry:
    return Entry(kind=Kind.GAP, at=now, subject=id_, public={"lost": why})
