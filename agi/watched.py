"""What an adapter and a gate count of themselves, and by which names: link, clock, translation, snapshots; questions of dialplans.

Pure: the parts add up plain numbers, `families_of_...` says them as Prometheus' families (`realtime/vitals.py`). Nothing here is
about a person or a call: an anomaly is counted by its kind, its evidence stays on the floor.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from realtime.vitals import FAST, SLOW, Family, Histogram, counter, counters, gauge, histogram
from realtime.words import SECOND, Micros

KINDS_MAX = 30
"""Kinds of anomalies and causes of snapshots are our own words, a dozen; a label must be bounded all the same."""


@dataclass
class LinkCounts:
    """Of one client (`client.py`), through all its links."""

    bytes: int = 0
    wanted: int = 0
    skipped: int = 0
    strange: int = 0
    links: int = 0
    lost: int = 0
    up: bool = False
    offset_s: float = 0.0
    """The PBX's clock before ours, by its last pong."""
    ping: Histogram = field(default_factory=lambda: Histogram(SLOW))

    def linked(self) -> None:
        self.links += 1
        self.up = True

    def broken(self) -> None:
        self.lost += 1
        self.up = False

    def ponged(self, timestamp: str, took: Micros, now: Micros) -> None:
        """The PBX wrote its time about half a round trip ago."""
        self.ping.observe(took / SECOND)
        seconds, _, fraction = timestamp.partition(".")
        if seconds.isdecimal() and len(seconds) <= len(str(now)) and fraction[:6].isdecimal():
            there = int(seconds) * SECOND + int(fraction[:6].ljust(6, "0"))
            self.offset_s = (there - (now - took // 2)) / SECOND


@dataclass
class ReporterCounts:
    """Of one reporter (`reporter.py`) and its shell."""

    facts: int = 0
    unsaid: int = 0
    snapshots: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    anomalies: Counter[str] = field(default_factory=Counter)
    snapshot: Histogram = field(default_factory=lambda: Histogram(SLOW))
    translate: Histogram = field(default_factory=lambda: Histogram(FAST))

    def anomaly(self, kind: str) -> None:
        self.anomalies[kind if kind in self.anomalies or len(self.anomalies) < KINDS_MAX else "other"] += 1


def families_of_link(counts: LinkCounts) -> list[Family]:
    return [
        gauge("andon_adapter_link_up", "1 while this adapter is logged in at its PBX.", counts.up),
        counter("andon_adapter_links", "Log-ins that the PBX accepted.", counts.links),
        counter("andon_adapter_link_failures", "Attempts and links that ended, for whatever reason.", counts.lost),
        counter("andon_adapter_read_bytes", "Bytes read from the PBX.", counts.bytes),
        counter("andon_adapter_events", "Events and answers that were handed on to be understood.", counts.wanted),
        counter("andon_adapter_skipped_events", "Events that nobody wants, dropped by their first line.", counts.skipped),
        counter("andon_adapter_strange_messages", "Messages that are neither event nor answer, dropped.", counts.strange),
        histogram("andon_adapter_ping_seconds", "From a ping to the PBX's answer being read.", counts.ping),
        gauge("andon_adapter_clock_offset_seconds", "The PBX's clock before this machine's, by its last answer.", counts.offset_s),
    ]


def families_of_reporter(counts: ReporterCounts) -> list[Family]:
    return [
        counter("andon_adapter_facts", "Facts said, those without room in the outbox included.", counts.facts),
        counter("andon_adapter_unsaid_facts", "Facts that the outbox had no room for.", counts.unsaid),
        counters("andon_adapter_snapshots", "Snapshots begun, by cause.", "cause", counts.snapshots),
        counter("andon_adapter_refused_snapshots", "Lists of a snapshot that the PBX did not give.", counts.refused),
        histogram("andon_adapter_snapshot_seconds", "From the beginning of a snapshot to its end.", counts.snapshot),
        counters("andon_adapter_anomalies", "What did not fit and was followed all the same, by kind.", "kind", counts.anomalies),
        histogram("andon_adapter_translate_seconds", "Understanding what one read of the link brought.", counts.translate),
    ]


@dataclass
class DoerCounts:
    """Of the orders that an adapter carries out (`doer.py`)."""

    done: Counter[str] = field(default_factory=Counter)
    """By outcome; there are five."""
    unreadable: int = 0
    sent: Histogram = field(default_factory=lambda: Histogram(FAST))
    """From an order being given to its action being sent."""


def families_of_doer(counts: DoerCounts) -> list[Family]:
    return [
        counters("andon_adapter_orders", "Orders of the engine, by what became of them.", "outcome", counts.done),
        counter("andon_adapter_unreadable_orders", "Batches of orders that this version cannot read.", counts.unreadable),
        histogram("andon_adapter_order_seconds", "From an order being given to its action being sent to the PBX.", counts.sent),
    ]


@dataclass
class GateCounts:
    """Of one gate (`fastagi/server.py`). Routes are our own words; whoever asks for another one is counted as `other`."""

    open: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    shut_out: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    bugs: int = 0
    listening: bool = False
    answer: Histogram = field(default_factory=lambda: Histogram(SLOW))
    decision: Histogram = field(default_factory=lambda: Histogram(SLOW))


@dataclass
class DialCounts:
    """Of the dials that one gate decided (`dial/gate.py`)."""

    verdicts: Counter[str] = field(default_factory=Counter)
    """By verdict; there are four."""
    early: Counter[str] = field(default_factory=Counter)
    """Refused before there was anything to decide: strange, behind, unknown."""
    unkept: int = 0
    verdict: Histogram = field(default_factory=lambda: Histogram(SLOW))

    def decided(self, verdict: str, seconds: float) -> None:
        self.verdicts[verdict] += 1
        self.verdict.observe(seconds)

    def kept(self, done: bool) -> None:
        self.unkept += not done


def families_of_dials(counts: DialCounts) -> list[Family]:
    return [
        counters("andon_gate_dials", "Dials that were decided, by verdict: allow, defer, deny.", "verdict", counts.verdicts),
        counters("andon_gate_dials_unheard", "Dials refused before they were looked at: strange, behind, unknown.", "reason", counts.early),
        counter("andon_gate_dials_unkept", "Refusals that the log had no room for.", counts.unkept),
        histogram("andon_gate_verdict_seconds", "From a dialplan's question being read to the verdict.", counts.verdict),
    ]


def families_of_gate(counts: GateCounts) -> list[Family]:
    return [
        gauge("andon_gate_listening", "1 while dialplans can reach this gate.", counts.listening),
        gauge("andon_gate_calls", "Calls that it speaks with now.", counts.open),
        counters("andon_gate_asked", "Questions of dialplans, by what they asked for.", "route", counts.asked),
        counters("andon_gate_shut_out", "Connections that were closed unheard: address, crowd, start.", "reason", counts.shut_out),
        counters("andon_gate_cut", "Calls that were ended before their time: slow, violation.", "reason", counts.cut),
        counter("andon_gate_bugs", "Calls that ended by a fault of Andon's own.", counts.bugs),
        histogram("andon_gate_answer_seconds", "From a connection to the first word to its channel.", counts.answer),
        histogram("andon_gate_decision_seconds", "From asking the engine to its answer being known here.", counts.decision),
    ]
