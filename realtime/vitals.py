"""What a process says about itself: families of numbers, as Prometheus knows them, and how they travel to the board.

Pure. Not where they are kept (`vitals_redis.py`), not what there is to count (`watched.py` and its like in the other packages)
and not `/metrics` (`wallboard/metrics.py`). Parts count with plain integers and the histogram below; somebody asks every few
seconds. `docs/metrics.md` explains each name, and a test holds that page against what is exposed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

FAST = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Bounds in seconds for work inside a process, and for a server on the same network."""
SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Bounds in seconds for what crosses machines or waits for a person's patience."""
FAMILIES_MAX = 100
"""Of one process: three times as many as the largest has."""
SAMPLES_MAX = 500
"""Of one family: what a label may have as values is bounded where it is made; this keeps a mistake from filling a database."""


class Histogram:
    """How often a value was at most each bound; counted apart for each, added up only when somebody reads."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: Sequence[float] = FAST) -> None:
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


class Sample(msgspec.Struct, frozen=True, array_like=True):
    """`counts`: of a histogram, one for each bound and one for what is beyond; `value` is then its sum."""

    labels: dict[str, str]
    value: float
    counts: list[int] = []


class Family(msgspec.Struct, frozen=True, array_like=True):
    """All samples of one name. Counters are named without Prometheus' `_total`."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    samples: list[Sample]
    bounds: list[float] = []


class Vitals(msgspec.Struct, frozen=True):
    """One process. `node` is empty for a role that belongs to no PBX."""

    role: str
    node: str
    families: list[Family]

    @property
    def name(self) -> str:
        return f"{self.role} {self.node}".strip()


class Heard(NamedTuple):
    """What a process has left for the board, and how long ago by the clock of the log's server."""

    vitals: Vitals
    age_s: float


class LogVitals(NamedTuple):
    """The log's server as the board sees it. `memory_limit` 0: it has none."""

    entries: int
    last: float | None
    """When the newest record was appended, in seconds since 1970; None for an empty log."""
    memory: int
    memory_limit: int
    persisting: bool
    """Its last write to disk went well."""


class Outside(NamedTuple):
    """What a board knows that is not its own: the other processes, the log's server, and the process that it runs in."""

    heard: Sequence[Heard] = ()
    log: LogVitals | None = None
    readable: bool = False
    """The other processes' words could be read a moment ago."""
    own: Sequence[Family] = ()


def gauge(name: str, help_: str, value: float) -> Family:
    return Family(name, "gauge", help_, [Sample({}, float(value))])


def counter(name: str, help_: str, value: float) -> Family:
    return Family(name, "counter", help_, [Sample({}, float(value))])


def counters(name: str, help_: str, label: str, values: Mapping[str, float]) -> Family:
    return Family(name, "counter", help_, [Sample({label: key}, float(values[key])) for key in sorted(values)])


def gauges(name: str, help_: str, label: str, values: Mapping[str, float]) -> Family:
    return Family(name, "gauge", help_, [Sample({label: key}, float(values[key])) for key in sorted(values)])


def histogram(name: str, help_: str, histogram: Histogram) -> Family:
    return Family(name, "histogram", help_, [Sample({}, histogram.sum, list(histogram.counts))], list(histogram.bounds))


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Vitals)


def encode(vitals: Vitals) -> bytes:
    return _ENCODER.encode(vitals)


def decode(blob: bytes) -> Vitals | None:
    """None for what another version wrote and this one cannot read: a metric less, and never a board less."""
    try:
        vitals = _DECODER.decode(blob)
    except msgspec.MsgspecError:
        return None
    return msgspec.structs.replace(vitals, families=[family for family in vitals.families if _sound(family)][:FAMILIES_MAX])


def _sound(family: Family) -> bool:
    cells = len(family.bounds) + 1 if family.kind == "histogram" else 0
    return len(family.samples) <= SAMPLES_MAX and all(len(sample.counts) == cells for sample in family.samples)
