"""What the hub's parts count of themselves, and by which names: appender, follower, engine, lease, checkpoint, history.

Pure: the parts add up plain numbers, `families_of_...` says them as Prometheus' families (`vitals.py`). Nothing here is about a
person or a call. What happens once an event is counted as an integer; what takes time goes into a histogram.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from realtime.log import Position
from realtime.vitals import FAST, SLOW, Family, Histogram, LogVitals, counter, counters, gauge, histogram


@dataclass
class AppenderCounts:
    """Of one appender (`appender.py`). `room` and `waiting` are its bound and its fill."""

    room: int = 0
    waiting: int = 0
    appended: int = 0
    refused: int = 0
    repeats: int = 0
    away: bool = False
    latency: Histogram = field(default_factory=lambda: Histogram(FAST))


def families_of_appender(counts: AppenderCounts) -> list[Family]:
    return [
        gauge("andon_outbox_facts", "Facts that wait for the log.", counts.waiting),
        gauge("andon_outbox_room_facts", "Facts that may wait before more are refused.", counts.room),
        counter("andon_outbox_appended_facts", "Facts that the log has taken.", counts.appended),
        counter("andon_outbox_refused_facts", "Facts refused because the outbox was full; a snapshot makes them good.", counts.refused),
        counter(
            "andon_outbox_repeats", "How often the last seconds were appended again after the log's server was another.", counts.repeats
        ),
        gauge("andon_outbox_log_away", "1 while the log takes nothing.", counts.away),
        histogram("andon_log_append_seconds", "One append, from asking to the server's answer.", counts.latency),
    ]


@dataclass
class FollowerCounts:
    """Of one follower (`follower.py`)."""

    records: int = 0
    rebuilds: int = 0
    faults: int = 0
    away: bool = True
    behind: bool = True
    fold: Histogram = field(default_factory=lambda: Histogram(FAST))


def families_of_follower(counts: FollowerCounts, position: Position | None) -> list[Family]:
    families = [
        counter("andon_follower_records", "Batches of the log that were folded.", counts.records),
        counter("andon_follower_rebuilds", "How often the floor was built anew from a checkpoint or the log's beginning.", counts.rebuilds),
        counter("andon_follower_faults", "Reads of the log that failed.", counts.faults),
        gauge("andon_follower_away", "1 while the log cannot be read.", counts.away),
        gauge("andon_follower_behind", "1 while more of the log is waiting to be folded.", counts.behind),
        histogram("andon_fold_seconds", "Folding what one read of the log brought.", counts.fold),
    ]
    written = written_at(position)
    if written is not None:
        families.append(gauge("andon_follower_position_timestamp_seconds", "When the newest folded batch was appended.", written))
    return families


def written_at(position: Position | None) -> float | None:
    """When a record was appended, by the log's server: its ids are milliseconds and a count. None for another kind of log."""
    milliseconds, dash, _ = position.offset.partition("-") if position is not None else ("", "", "")
    return int(milliseconds) / 1000 if dash and milliseconds.isdecimal() else None


@dataclass
class EngineCounts:
    """Of one engine (`engine.py`). Times as seconds since 1970; 0 for never."""

    decisions: Counter[str] = field(default_factory=Counter)
    """By the kind of fact; there are as many kinds as rules."""
    lateness: Histogram = field(default_factory=lambda: Histogram(SLOW))
    answered: Counter[str] = field(default_factory=Counter)
    """Requests, by verdict."""
    answer: Histogram = field(default_factory=lambda: Histogram(SLOW))
    waiting: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    """By what they do; there are six kinds."""
    saved: float = 0.0
    saved_bytes: int = 0
    save: Histogram = field(default_factory=lambda: Histogram(SLOW))
    save_faults: int = 0


def families_of_engine(counts: EngineCounts) -> list[Family]:
    return [
        counters("andon_engine_decisions", "Facts that the engine has said, by kind.", "kind", counts.decisions),
        histogram("andon_engine_lateness_seconds", "From a deadline to the engine's saying it.", counts.lateness),
        counters("andon_engine_answers", "Requests answered, by verdict.", "verdict", counts.answered),
        histogram("andon_engine_answer_seconds", "From a request being made to its answer being on the floor.", counts.answer),
        gauge("andon_engine_waiting_requests", "Requests that were read and wait for their answer.", counts.waiting),
        counters("andon_engine_orders", "Orders given to PBXs, by what they do.", "act", counts.orders),
        gauge("andon_checkpoint_timestamp_seconds", "When the last checkpoint was saved; 0: none yet by this engine.", counts.saved),
        gauge("andon_checkpoint_bytes", "Size of the last checkpoint.", counts.saved_bytes),
        histogram("andon_checkpoint_save_seconds", "Writing a checkpoint: the floor as bytes, and the server's answer.", counts.save),
        counter("andon_checkpoint_faults", "Checkpoints that could not be saved.", counts.save_faults),
    ]


@dataclass
class HistoryCounts:
    """Of the historian, who feeds it. `written` is the time of the newest fact in the database, in seconds since 1970; 0: none."""

    facts: int = 0
    faults: int = 0
    away: bool = False
    waiting: int = 0
    written: float = 0.0
    trimmed: int = 0
    forgotten: int = 0
    write: Histogram = field(default_factory=lambda: Histogram(SLOW))


def families_of_history(counts: HistoryCounts) -> list[Family]:
    return [
        counter("andon_history_facts", "Facts written to the database.", counts.facts),
        counter("andon_history_faults", "Writes that failed; each is tried again.", counts.faults),
        gauge("andon_history_away", "1 while the database cannot be written to.", counts.away),
        gauge("andon_history_waiting_facts", "Facts that were read from the log and wait to be written.", counts.waiting),
        gauge("andon_history_written_timestamp_seconds", "Time of the newest fact in the database; 0: none yet.", counts.written),
        counter("andon_history_trims", "How often the log was trimmed behind the history.", counts.trimmed),
        counter("andon_history_forgotten_facts", "Facts that were old enough to be deleted.", counts.forgotten),
        histogram("andon_history_write_seconds", "Writing one batch of facts.", counts.write),
    ]


def families_of_lease(held_s: float, renewed_s: float) -> list[Family]:
    return [
        gauge("andon_lease_held_seconds", "How long this process has held the right to write.", held_s),
        gauge("andon_lease_renewed_age_seconds", "Since that right was last renewed.", renewed_s),
    ]


def families_of_log(log: LogVitals) -> list[Family]:
    families = [
        gauge("andon_log_batches", "Batches of facts that the log holds.", log.entries),
        gauge("andon_log_memory_bytes", "Memory that the log's server uses.", log.memory),
        gauge("andon_log_memory_limit_bytes", "Memory that it may use; 0: no limit.", log.memory_limit),
        gauge("andon_log_persisting", "1 while its last write to disk went well.", log.persisting),
    ]
    if log.last is not None:
        families.append(gauge("andon_log_last_timestamp_seconds", "When the newest batch was appended.", log.last))
    return families
