"""What a plan says of recordings: which calls are recorded, how long they stay and by which rule, how they are burned, who may listen.

Not how it is written down (`andon/plan/retention.py`) and not what follows from it (`recordings/`). An empty table keeps everything:
no class, no rule, a rule without a term, none of them ever lets a recording go. Terms are calendar terms, so that five years are five
years; moments are microseconds.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from realtime.plan.dialling import Origin
from realtime.plan.quality import QualityRules

Clock = Literal["call", "contract_end", "product_end", "last_activity"]
CLOCKS: tuple[Clock, ...] = ("call", "contract_end", "product_end", "last_activity")
"""What starts a term. All but `call` are events that somebody says (or that the plan's contract says); until then nothing is due."""


class Term(msgspec.Struct, frozen=True, omit_defaults=True):
    """So long: calendar years and months, then days. All zero: no term."""

    years: int = 0
    months: int = 0
    days: int = 0

    def __bool__(self) -> bool:
        return bool(self.years or self.months or self.days)


class KeepRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One duty: kept at least `least` after `clock`, at most `most`. `dispute`: while one is open it is kept,
    and then `dispute_least` more."""

    id: str
    clock: Clock = "call"
    least: Term = Term()
    most: Term = Term()
    dispute: bool = False
    dispute_least: Term = Term()
    duty: bool = True  # a law or contract asks for it, so that a wish to be erased does not win against it
    origin: Origin = Origin()


class RetentionClass(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """保管期限: what is kept alike. Kept until the latest `least` of its rules, to be gone by the earliest `most`."""

    id: str
    name: str = ""
    name_zh: str = ""
    rules: tuple[KeepRule, ...] = ()
    burn: bool = False  # a copy goes to discs
    preset: str = ""
    signed: str = ""  # who accepted it, where it rests on memory
    as_of: str = ""


class ExpectRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Answered calls that should be recorded; an empty tuple says nothing. Without any rule: those whose recording began."""

    id: str
    directions: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()


class DiscRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """刻录. `media`: cd, dvd, dvd-r, bd-r-25. Every set is made in `copies`, each signed by two people."""

    media: str = "bd-r-25"
    fill: float = 0.8
    copies: tuple[str, ...] = ("A", "B")
    check_years: int = 4  # every disc is read again in full so often
    sample: float = 0.1  # of the discs, each year


class ArchiveRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`default`: the class of a call whose campaign and queue name none; empty: it is kept until somebody says which."""

    classes: tuple[RetentionClass, ...] = ()
    default: str = ""
    queues: dict[str, str] = {}  # class by queue
    expected: tuple[ExpectRule, ...] = ()
    pause_most_s: int = 180  # a card-data pause ends by itself
    pause_total_s: int = 540  # all of one call together: a card, one that is refused and another, and one to spare
    missing_after_s: int = 300  # a recording that is not there so long after its call is missing
    short_s: float = 2.0  # so much shorter than its call: short
    silent_share: float = 0.95  # so much of it silent: silent
    hear_own: bool = False  # agents may hear their own calls
    listen_needs_reason: bool = True
    hold_review_days: int = 90
    erasure_days: int = 30
    check_days: int = 90  # each copy in a vault is read and compared so often
    discs: DiscRules = DiscRules()
    quality: QualityRules = QualityRules()
