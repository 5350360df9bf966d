"""How much of a call a rater has heard, by listens and what was told of them, bounded by what the server knows itself. Pure.

Not the listens (`recordings/listening.py`) and not what follows for a score (`heard.py`). The seconds are the page's
word, and a program may say what it likes; but nobody hears more than the time between the listen's beginning and that word lets them, at
the speed at which speech is understood. So no score is had faster than by hearing; that somebody listened, no server can know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from realtime.words import Micros
from recordings.recording import Span

FASTEST: Final = 2
"""Times as fast as it was said. The page goes to four, to find a place; what was played faster than twice was looked through, not heard."""
Spans = Sequence[tuple[int, int]]


class Told(NamedTuple):
    """What a page said of a listen, and when the server was told."""

    listen: int
    at: Micros
    spans: Spans


def heard_ms(listens: Mapping[int, Micros], told: Iterable[Told]) -> int:
    """Different milliseconds of the recording. `listens`: when each was begun. What is told counts as far as there was time for it."""
    known: list[tuple[int, int]] = []
    ends: dict[int, Micros] = {}
    for each in sorted(told, key=lambda one: one.at):
        began = listens.get(each.listen)
        if began is None or each.at < began:
            continue
        ends[each.listen] = each.at
        time_ms = length(joined([(listens[listen], at) for listen, at in ends.items()])) // 1_000
        known = joined([*known, *first(without(each.spans, known), time_ms * FASTEST - length(known))])
    return length(known)


def needed_ms(length_ms: int, spans: Iterable[Span], share: float) -> int:
    """Of what can be heard of the call: music on hold and silenced card data are nothing to judge."""
    quiet = joined([(max(0, span.since), min(length_ms, span.until)) for span in spans if span.kind in ("hold", "paused")])
    return int(max(0, length_ms - length(quiet)) * share)


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for since, until in sorted(span for span in spans if span[0] < span[1]):
        if out and since <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], until))
        else:
            out.append((since, until))
    return out


def without(spans: Spans, known: Spans) -> list[tuple[int, int]]:
    """What of these is not known yet. `known`: joined."""
    left = joined(spans)
    for since, until in known:
        left = [part for one, other in left for part in ((one, min(other, since)), (max(one, until), other)) if part[0] < part[1]]
    return left


def first(spans: Spans, most: int) -> list[tuple[int, int]]:
    """So many milliseconds of them."""
    found = []
    for since, until in spans:
        if most <= 0:
            break
        found.append((since, min(until, since + most)))
        most -= until - since
    return found


def length(spans: Spans) -> int:
    return sum(until - since for since, until in spans)
