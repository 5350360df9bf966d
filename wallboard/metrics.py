"""What the board says about itself on /metrics, in Prometheus' words and units; `docs/metrics.md` explains each.

Its own registry, so that two boards in one process (the tests) do not add up. What is counted for every frame is counted
as plain integers elsewhere and only read here when somebody asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from wallboard.clients import Clients

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_LAG_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class BoardMetrics:
    def __init__(self, clients: Clients, away: Callable[[], bool]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Counted(clients, away))
        self.lag = Histogram(
            "andon_board_feed_lag_seconds",
            "From the first unshown fact being read from the PBX to its frame going out.",
            registry=self._registry,
            buckets=_LAG_BUCKETS,
        )
        self.render = Histogram(
            "andon_board_render_seconds",
            "Making and handing out the frames of one beat, for all screens.",
            registry=self._registry,
            buckets=_LAG_BUCKETS,
        )

    def text(self) -> bytes:
        return generate_latest(self._registry)


class _Counted(Collector):
    def __init__(self, clients: Clients, away: Callable[[], bool]) -> None:
        self._clients = clients
        self._away = away

    def collect(self) -> Iterable[Metric]:
        counts = self._clients.counts
        screens = GaugeMetricFamily("andon_board_clients", "Screens connected now, by view.", labels=["view"])
        for view, number in sorted(Counter(client.audience.view for client in self._clients).items()):
            screens.add_metric([view], number)
        yield screens
        closed = CounterMetricFamily("andon_board_closed", "Websockets that the board ended, by close code.", labels=["code"])
        for code, number in sorted(counts.closed.items()):
            closed.add_metric([str(int(code))], number)
        yield closed
        yield CounterMetricFamily("andon_board_frames", "Frames handed to screens.", counts.frames)
        yield CounterMetricFamily("andon_board_bytes", "Bytes of those frames.", counts.bytes)
        yield CounterMetricFamily("andon_board_dropped_frames", "Frames that a slow screen never got.", counts.dropped)
        yield CounterMetricFamily("andon_board_heals", "Fresh snapshots for screens that had fallen behind.", counts.heals)
        yield GaugeMetricFamily("andon_board_log_away", "1 while the log cannot be read or is not yet caught up with.", int(self._away()))
