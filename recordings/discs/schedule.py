"""Which discs are to be read again: all of them every few years, a sample each year, and at once those of a batch that failed. Pure.

Not the reading. Optical media every four years, a tenth of them each year (GB/T 18894-2002, by memory; the plan says both numbers); any
failure is a reason to read its whole batch.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from realtime.plan.archive import DiscRules
from realtime.words import SECOND, Micros

YEAR: Final[Micros] = 365 * 86_400 * SECOND
Why = Literal["full", "sample", "batch"]


class Shelved(msgspec.Struct, frozen=True):
    """A signed disc. `made_at`: read back when it was new; `checked_at`: read in full and found good, last; `media`: what the drive said
    of it, which names its batch."""

    id: str
    made_at: Micros
    checked_at: Micros
    media: str = ""


class Failure(msgspec.Struct, frozen=True):
    media: str
    at: Micros


class ToCheck(msgspec.Struct, frozen=True):
    disc: str
    why: Why
    since: Micros  # it is due


def to_check(discs: Sequence[Shelved], failures: Sequence[Failure], rules: DiscRules, now: Micros) -> tuple[ToCheck, ...]:
    """One line a disc, the most pressing reason first."""
    failed: dict[str, Micros] = {}
    for failure in failures:
        if failure.media:
            failed[failure.media] = max(failed.get(failure.media, 0), failure.at)
    found = {each.id: ToCheck(each.id, "batch", failed[each.media]) for each in discs if each.checked_at < failed.get(each.media, 0)}
    for each in discs:
        due = each.checked_at + rules.check_years * YEAR
        if rules.check_years and due <= now and each.id not in found:
            found[each.id] = ToCheck(each.id, "full", due)
    for drawn in _sample(discs, rules.sample, now):
        found.setdefault(drawn.disc, drawn)
    order = {"batch": 0, "full": 1, "sample": 2}
    return tuple(sorted(found.values(), key=lambda line: (order[line.why], line.since, line.disc)))


def _sample(discs: Sequence[Shelved], share: float, now: Micros) -> list[ToCheck]:
    """Of this calendar year: nobody chooses which, and those that were read this year are done."""
    year = datetime.fromtimestamp(now // SECOND, UTC).year
    begin = int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * SECOND
    shelf = [each for each in discs if each.made_at < begin]
    unread = [each for each in shelf if each.checked_at < begin]
    wanted = math.ceil(len(shelf) * share) - (len(shelf) - len(unread))
    ranked = sorted(unread, key=lambda each: hashlib.sha256(f"{year}\n{each.id}".encode()).digest())
    return [ToCheck(each.id, "sample", begin) for each in ranked[: max(wanted, 0)]]
