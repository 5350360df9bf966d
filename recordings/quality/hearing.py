"""How much of a call a rater has heard, by listens and what was told of them, bounded by what the server knows itself. Pure.

Not the listens (`recordings/listening.py`) and not what follows for a score (`heard.py`). The seconds are the page's
word, and a program may say what it likes; but nobody hears more than the time between the listen's beginning and that word lets them, at
the speed at which speech is understood, and nobody hears two calls at once: all that one person tells, of whatever recording, has that time
together. So no score is had faster than by hearing; that somebody listened, no server can know.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from realtime.words import Micros
from recordings.recording import Span

FASTEST: Final = 2
"""Times as fast as it was said. The page goes to four, to find a place; what was played faster than twice was looked through, not heard."""
SHRED_MS: Final = 100
"""Less is no syllable. So a program that tells of shreds makes nobody reckon with more stretches than a call has tenths of a second."""
Stretch = tuple[int, int]
Spans = Sequence[Stretch]


class Begun(NamedTuple):
    """A listen: of which recording, since when."""

    recording: int
    at: Micros


class Told(NamedTuple):
    """What a page said of a listen, and when the server was told."""

    listen: int
    at: Micros
    spans: Spans


class Filled:
    """Stretches that are taken. What is free between them is looked for as far as it is filled then: each is passed once, or merged."""

    def __init__(self) -> None:
        self._begins: list[int] = []
        self._ends: list[int] = []

    def __len__(self) -> int:
        return sum(self._ends) - sum(self._begins)

    def free(self, since: int, until: int) -> Iterator[Stretch]:
        at = bisect_right(self._ends, since)
        while since < until:
            begin = self._begins[at] if at < len(self._begins) else until
            if since < begin:
                yield since, min(begin, until)
            if begin >= until:
                return
            since, at = self._ends[at], at + 1

    def fill(self, since: int, until: int) -> None:
        low, high = bisect_left(self._ends, since), bisect_right(self._begins, until)
        if low < high:
            since, until = min(since, self._begins[low]), max(until, self._ends[high - 1])
        self._begins[low:high], self._ends[low:high] = [since], [until]


def heard_ms(recording: int, listens: Mapping[int, Begun], told: Iterable[Told]) -> int:
    """Different milliseconds of it. `listens`, `told`: of this person, also of other recordings.

    A word takes the earliest time since its listen began that no earlier word has taken, and counts as far as there is some. With the words
    in the order in which they came (earliest deadline first) all of them count whenever one person could have heard all of them."""
    known: dict[int, Filled] = defaultdict(Filled)
    time = Filled()  # in milliseconds that can be heard in it: FASTEST of them in each of the clock
    for each in sorted(told, key=lambda one: one.at):
        listen = listens.get(each.listen)
        if listen is None or each.at < listen.at:
            continue
        of, free = known[listen.recording], time.free(_audible(listen.at), _audible(each.at))
        spans = joined(span for span in each.spans if span[1] - span[0] >= SHRED_MS)
        for new, taken in [*_pairs((part for span in spans for part in of.free(*span)), free)]:
            of.fill(*new)
            time.fill(*taken)
    return len(known[recording])


def _audible(at: Micros) -> int:
    return at * FASTEST // 1_000


def _pairs(wanted: Iterable[Stretch], free: Iterator[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    """Parts of both of the same length, from their beginnings, until there is no more of one."""
    room, end = 0, 0
    for since, until in wanted:
        while since < until:
            if room == end:
                found = next(free, None)
                if found is None:
                    return
                room, end = found
            many = min(until - since, end - room)
            yield (since, since + many), (room, room + many)
            since, room = since + many, room + many


def needed_ms(length_ms: int, spans: Iterable[Span], share: float) -> int:
    """Of what can be heard of the call: music on hold and silenced card data are nothing to judge."""
    quiet = joined((max(0, span.since), min(length_ms, span.until)) for span in spans if span.kind in ("hold", "paused"))
    return int(max(0, length_ms - length(quiet)) * share)


def joined(spans: Iterable[Stretch]) -> list[Stretch]:
    out: list[Stretch] = []
    for since, until in sorted(span for span in spans if span[0] < span[1]):
        if out and since <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], until))
        else:
            out.append((since, until))
    return out


def length(spans: Spans) -> int:
    return sum(until - since for since, until in spans)
