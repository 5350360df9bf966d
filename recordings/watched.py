"""What the archivist counts of itself, and by which names (`docs/metrics.md`). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from realtime.vitals import SLOW, Family, Histogram, counter, gauge, histogram


@dataclass
class ArchivistCounts:
    taken: int = 0
    taken_bytes: int = 0
    refused: int = 0
    changed: int = 0
    broke: int = 0
    backlog: int = 0
    oldest_s: float = 0.0
    away: bool = False
    free_share: float = 1.0
    free_bytes: float = 0.0
    seconds: Histogram = field(default_factory=lambda: Histogram(SLOW))

    def took(self, size: int, seconds: float) -> None:
        self.taken += 1
        self.taken_bytes += size
        self.seconds.observe(max(0.0, seconds))


def families_of_archivist(counts: ArchivistCounts) -> list[Family]:
    return [
        counter("andon_archive_taken_recordings", "Recordings that went from a spool into the archive.", counts.taken),
        counter("andon_archive_taken_bytes", "Their bytes, as captured.", counts.taken_bytes),
        counter("andon_archive_refused_files", "Odd files in spools that were not opened: links, pipes, strangers.", counts.refused),
        counter(
            "andon_archive_changed_files",
            "Files that somebody wrote into while they were sealed; they were left for later.",
            counts.changed,
        ),
        counter("andon_archive_broken_files", "Files that could not be sealed for a fault of Andon's own.", counts.broke),
        gauge("andon_archive_backlog_recordings", "Recordings in spools that are not kept yet.", counts.backlog),
        gauge("andon_archive_oldest_seconds", "How long the oldest complete one has been waiting.", counts.oldest_s),
        gauge("andon_archive_away", "1 while a database, vault, key store or spool that is needed is away.", counts.away),
        gauge("andon_archive_free_share", "Free share of the fullest disk of a spool or vault.", counts.free_share),
        gauge("andon_archive_free_bytes", "Free bytes of the fullest disk of a spool or vault.", counts.free_bytes),
        histogram("andon_archive_seal_seconds", "From complete in the spool to kept in the archive.", counts.seconds),
    ]


NAMES: Final = tuple(family.name for family in families_of_archivist(ArchivistCounts()))
