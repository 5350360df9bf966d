"""What retention.toml and presets/retention can say: one struct a table, one field a key, as a person writes it.

Not what it becomes (`realtime/plan/archive.py`) and not what values must obey (`retention.py`). A term is "5 years", "6 months",
"90 days", or some of them together.
"""

from __future__ import annotations

import msgspec

from andon.plan.dial_tables import RuleTable


class RetentionTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[retention]`; `queues` are read apart."""

    default: str = ""
    queues: object = None
    pause_most_s: int = 180
    pause_total_s: int = 540
    missing_after_s: int = 300
    short_s: float = 2.0
    silent_share: float = 0.95
    hear_own: bool = False
    listen_needs_reason: bool = True
    hold_review_days: int = 90
    erasure_days: int = 30
    check_days: int = 90


class ClassTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[class]]` (保管期限): the rules of its presets and its own, of which the longest holds."""

    id: str = ""
    name: str = ""
    name_zh: str = ""
    presets: tuple[str, ...] = ()
    burn: bool = False


class KeepTable(RuleTable, frozen=True, kw_only=True):
    """`[[class.rule]]`, and `[[rule]]` of a preset."""

    clock: str = "call"
    least: str = ""
    most: str = ""
    dispute: bool = False
    dispute_least: str = ""
    duty: bool = True


class ExpectTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[expect]]`: answered calls that should be recorded."""

    id: str = ""
    directions: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()


class DiscsTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[discs]` (刻录)."""

    media: str = "bd-r-25"
    fill: float = 0.8
    copies: tuple[str, ...] = ("A", "B")
    check_years: int = 4
    sample: float = 0.1


class RetentionPresetTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[preset]` of a file in presets/retention. What it says of where it comes from, its rules say unless they say otherwise."""

    name: str = ""
    name_zh: str = ""
    source: tuple[str, ...] = ()
    grade: str = ""
    as_of: str = ""
    status: str = "memory"
    note: str = ""
    burn: bool = False
