"""`/metrics`: what the board counts, what the floor looks like, and what the other processes have left for it to say.

Not what they count (`realtime/watched.py`, `agi/watched.py`) and not how it gets here (`realtime/vitals_redis.py`). All of it are
families (`realtime/vitals.py`), put into Prometheus' words here, and only when somebody asks. `docs/metrics.md` explains each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from realtime.floor import Floor
from realtime.vitals import SLOW, Family, Histogram, Outside, Sample, counter, counters, gauge, gauges, histogram
from realtime.watched import families_of_log
from realtime.words import SECOND, Micros
from wallboard.clients import OUTBOX_BYTES, OUTBOX_FRAMES, Client, Clients, Stage
from wallboard.floor_metrics import families_of_floor
from wallboard.protocol import VIEWS

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_ROLE = "board"


@dataclass
class BoardMetrics:
    clients: Clients
    away: Callable[[], bool]
    floor: Callable[[], Floor | None]
    clock: Callable[[], Micros]
    outside: Callable[[], Outside] = Outside
    """Set by who runs the board; by itself it knows of nobody else."""
    lag: Histogram = field(default_factory=lambda: Histogram(_BUCKETS))
    fold_lag: Histogram = field(default_factory=lambda: Histogram(_BUCKETS))
    render: Histogram = field(default_factory=lambda: Histogram(_BUCKETS))
    drawn: Mapping[str, Histogram] = field(default_factory=lambda: {view: Histogram(SLOW) for view in VIEWS})
    """By view: from a PBX's answer being read to the board's hearing that a screen had drawn it."""
    answers: Counter[int] = field(default_factory=Counter)
    """To requests, by status; counted by the guard (`guard.py`)."""
    audit_fault: Callable[[], bool] = lambda: False
    """Set by who makes the board."""
    pages: Iterable[Client] = ()
    """Of single agents; set by who makes the board. Their frames are counted with the others."""
    unbelieved: int = 0
    """What screens said of it that cannot be."""

    def text(self) -> bytes:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Said(self._all()))
        return generate_latest(registry)

    def _all(self) -> list[Metric]:
        outside, floor = self.outside(), self.floor()
        table = _Table()
        table.add(self._own())
        table.add(families_of_floor(floor, self.clock()) if floor is not None else [])
        table.add(families_of_log(outside.log) if outside.log is not None else [])
        table.add(outside.own, role=_ROLE, node="")
        table.add([gauge("andon_vitals_readable", "1 while the words of the other processes can be read.", outside.readable)])
        for heard in outside.heard:
            whose = {"role": heard.vitals.role, "node": heard.vitals.node}
            table.add([gauge("andon_vitals_age_seconds", "Since a process last said how it is.", heard.age_s)], **whose)
            table.add(heard.vitals.families, **whose)
        return list(table)

    def _own(self) -> list[Family]:
        counts = self.clients.counts
        drawn = [Sample({"view": view}, each.sum, list(each.counts)) for view, each in self.drawn.items()]
        return [
            *self._clients(),
            counters("andon_board_answers", "Answers to requests, by status.", "status", _by_text(self.answers)),
            gauge("andon_board_audit_fault", "1 while the audit trail cannot be written.", self.audit_fault()),
            counters("andon_board_closed", "Websockets that the board ended, by close code.", "code", _by_text(counts.closed)),
            counter("andon_board_frames", "Frames handed to screens.", counts.frames),
            counter("andon_board_bytes", "Bytes of those frames.", counts.bytes),
            counter("andon_board_dropped_frames", "Frames that a slow screen never got.", counts.dropped),
            counter("andon_board_heals", "Fresh snapshots for screens that had fallen behind.", counts.heals),
            gauge("andon_board_log_away", "1 while the log cannot be read or is not yet caught up with.", self.away()),
            histogram(
                "andon_board_feed_lag_seconds", "From the first unshown fact being read from the PBX to its frame going out.", self.lag
            ),
            histogram("andon_board_fold_lag_seconds", "From a PBX being heard to the board's floor knowing it.", self.fold_lag),
            histogram("andon_board_render_seconds", "Making and handing out the frames of one beat, for all screens.", self.render),
            Family(
                "andon_wire_to_pixel_seconds",
                "histogram",
                "From a PBX's answer being read to a screen having drawn it and said so.",
                drawn,
                list(SLOW),
            ),
            counter("andon_board_unbelieved_screens", "What screens said of their drawing that cannot be.", self.unbelieved),
        ]

    def _clients(self) -> list[Family]:
        """Screens have no label of their own: a thousand walls would be thousands of series."""
        connected = [*self.clients, *self.pages]
        views = Counter(client.audience.view for client in connected)
        waiting = [client.waiting for client in connected]
        fullest = max((max(frames / OUTBOX_FRAMES, size / OUTBOX_BYTES) for frames, size in waiting), default=0.0)
        behind = sum(client.stage is Stage.BEHIND for client in connected)
        return [
            gauges("andon_board_clients", "Screens connected now, by view.", "view", views),
            gauge("andon_board_behind_clients", "Screens that fell behind and have not read again.", behind),
            gauge("andon_board_outbox_frames", "Frames that wait in the outboxes of all screens.", sum(frames for frames, _ in waiting)),
            gauge("andon_board_outbox_bytes", "Bytes of those frames.", sum(size for _, size in waiting)),
            gauge("andon_board_outbox_fullest_ratio", "How full the fullest outbox is; at 1 it is dropped.", fullest),
        ]

    def heard_drawn(self, view: str, heard_s: float, within_s: float) -> None:
        """A screen says that it has drawn what was heard then. What is no such moment is counted and dropped."""
        took_s = self.clock() / SECOND - heard_s
        if 0 <= took_s <= within_s:
            self.drawn[view].observe(took_s)
        else:
            self.unbelieved += 1


def _by_text(counts: Mapping[int, int]) -> dict[str, float]:
    return {str(int(code)): number for code, number in counts.items()}


class _Table:
    """Families of the same name, of several processes, become one metric. A name keeps the kind it came with first."""

    def __init__(self) -> None:
        self._metrics: dict[str, Metric] = {}

    def add(self, families: Iterable[Family], **labels: str) -> None:
        for family in families:
            metric = self._metrics.setdefault(family.name, Metric(family.name, family.help, family.kind))
            if metric.type == family.kind:
                for sample in family.samples:
                    _say(metric, family, sample, {**sample.labels, **labels})

    def __iter__(self) -> Iterator[Metric]:
        return iter(self._metrics.values())


def _say(metric: Metric, family: Family, sample: Sample, labels: dict[str, str]) -> None:
    if family.kind != "histogram":
        metric.add_sample(family.name + ("_total" if family.kind == "counter" else ""), labels, sample.value)
        return
    total = 0
    for bound, count in zip([*family.bounds, float("inf")], sample.counts, strict=True):
        total += count
        metric.add_sample(f"{family.name}_bucket", {**labels, "le": "+Inf" if bound == float("inf") else str(bound)}, total)
    metric.add_sample(f"{family.name}_count", labels, total)
    metric.add_sample(f"{family.name}_sum", labels, sample.value)


class _Said(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics
