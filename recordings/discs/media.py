"""Which media there are and how much of each is filled. Pure.

Not what is on them (`sets.py`). A medium is never filled to its rim: the outermost tracks are the first to fail, and a page of proofs
and the file system want room, too.
"""

from __future__ import annotations

from typing import Final, NamedTuple

SECTOR: Final = 2048
"""Bytes of a block, of ISO 9660 and of every medium here (ECMA-119)."""

ITEM: Final = 4096
"""Reserved for each recording beside its container: directory records of three trees (some 500 bytes), its lines of manifest,
catalogue and page (some 1,500) and its proof (some 2,000 at a billion entries)."""

FIXED: Final = 1 << 20
"""Reserved for each image: system area, descriptors, path tables, our verifier and texts, padding at the end (150 sectors)."""


class Medium(NamedTuple):
    """`size`: bytes that can be written. `udf`: large enough that the image has UDF, too, where the tool can write it."""

    id: str
    name: str
    size: int
    udf: bool
    source: str


MEDIA: Final[dict[str, Medium]] = {
    medium.id: medium
    for medium in (
        Medium("cd", "CD-R 80", 737_280_000, False, "80 min x 60 s x 75 sectors x 2048 bytes (ECMA-130)"),
        Medium("dvd", "DVD+R", 4_700_372_992, False, "2,295,104 sectors (ECMA-349)"),
        Medium("dvd-r", "DVD-R", 4_707_319_808, False, "2,298,496 sectors (ECMA-359)"),
        Medium(
            "bd-r-25",
            "BD-R 25",
            24_220_008_448,
            True,
            "11,826,176 sectors of 12,219,392: as formatted by default, with its spare areas (Wikipedia, Blu-ray Disc recordable)",
        ),
    )
}
MOST_FILLED: Final = 0.95
"""Whatever the plan says: beyond it no drive promises to close the medium."""


def medium_of(id: str) -> Medium:
    """Raises KeyError: plans are checked when they are read."""
    return MEDIA[id]


def room(medium: Medium, fill: float) -> int:
    """Bytes for containers with what goes with each (`weight`)."""
    return max(0, int(medium.size * min(max(fill, 0.0), MOST_FILLED)) - FIXED)


def weight(container_bytes: int) -> int:
    """What one recording takes on a medium."""
    return -(-container_bytes // SECTOR) * SECTOR + ITEM
