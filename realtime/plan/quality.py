"""What a plan says of quality: score forms, samples, calibration, appeals, and the KPIs whose misses send somebody to training.

Not how it is written down (`andon/plan/quality.py`) and not what follows from it (`recordings/quality/`). A form that was used stays
as it was: a change is a new version. Forms are written whole, defaults and all, since pages and the archive read them as they are.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Critical = Literal["", "customer", "business", "compliance"]


class FormItem(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `kind`: yes_no, or scale (0 to `most`). `critical`: failing it fails the contact in that family, whatever the score."""

    id: str
    text: str = ""
    text_zh: str = ""
    help: str = ""
    help_zh: str = ""
    kind: Literal["yes_no", "scale"] = "yes_no"
    most: int = 5
    weight: float = 1.0
    critical: Critical = ""
    may_skip: bool = True  # N/A: its weight goes to the others
    comment: Literal["", "failing", "always"] = ""  # when one is needed


class FormSection(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str = ""
    name_zh: str = ""
    weight: float = 0.0  # those of a form sum to 100
    items: tuple[FormItem, ...] = ()


class ScoreForm(msgspec.Struct, frozen=True, kw_only=True):
    """`campaigns`, `queues`: which calls it is for; both empty: all."""

    id: str
    version: int = 1
    name: str = ""
    name_zh: str = ""
    sections: tuple[FormSection, ...] = ()
    passing: float = 80.0
    campaigns: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()

    def is_for(self, campaign: str, queue: str) -> bool:
        return not (self.campaigns or self.queues) or campaign in self.campaigns or queue in self.queues


class SamplingRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """So many calls of each agent a month for coaching, by days since the first call; and the operation's estimate by its margin."""

    new_days: int = 30
    young_days: int = 90
    new: int = 10
    young: int = 6
    steady: int = 4
    confidence: float = 0.90
    margin: float = 0.10
    shortest_s: int = 15  # shorter calls are in no sample


class KpiRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """离岗: a KPI missed `running` months in a row, or `times` within `within` months, sends the person to training."""

    id: str
    number: Literal["quality", "critical"] = "quality"
    below: float = 80.0  # of quality, in points; of critical: share of contacts without a critical error
    least: int = 4  # scored contacts in the month, or it says nothing
    running: int = 2
    times: int = 3
    within: int = 6


class QualityRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    forms: tuple[ScoreForm, ...] = ()
    sampling: SamplingRules = SamplingRules()
    kappa_pass: float = 0.70
    agreement_pass: float = 0.85
    appeal_days: int = 5
    rank_least: int = 30  # nobody is ranked on fewer contacts
    overturn_share: float = 0.10  # more of a rater's scores overturned: calibrate
    heard_share: float = 0.5  # of a call's sound, without hold and silenced card data, before its score is done; 0: none
    kpis: tuple[KpiRule, ...] = ()
