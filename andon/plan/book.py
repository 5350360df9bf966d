"""What was read so far, each with where it was said: the files of one plan as one book, before anything is held together.

Not the plan itself (`realtime/plan/model.py`): that is made of it when nothing is wrong (`reading.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from andon.findings import Finding
from andon.plan.sheet import Item
from realtime.plan.archive import ArchiveRules, RetentionClass
from realtime.plan.dialling import Calendar, Campaign, DialRules, Preset
from realtime.plan.model import AlertRule, BreakRules, LoginRules, Meeting, Pattern, Person, ShiftRules, Skill, Span, SupervisionRules, Team
from realtime.plan.quality import QualityRules


@dataclass
class Book:
    """`whole`: every file could be read, so what is missing in it is really missing."""

    timezone: str
    today: date
    """Around which what repeats in a calendar is expanded."""
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True
    people: list[tuple[Person, Item]] = field(default_factory=list)
    teams: list[tuple[Team, Item]] = field(default_factory=list)
    skills: list[tuple[Skill, Item]] = field(default_factory=list)
    login: LoginRules = field(default_factory=LoginRules)
    supervision: SupervisionRules = field(default_factory=SupervisionRules)
    shifts: ShiftRules = field(default_factory=ShiftRules)
    patterns: list[tuple[Pattern, Item]] = field(default_factory=list)
    spans: list[tuple[Span, Item]] = field(default_factory=list)
    meetings: list[tuple[Meeting, Item]] = field(default_factory=list)
    breaks: BreakRules = field(default_factory=BreakRules)
    alerts: list[tuple[AlertRule, Item]] = field(default_factory=list)
    dialling: tuple[DialRules, Item] | None = None
    """Without campaigns, presets and calendars, which are below; none: there is no such file."""
    campaigns: list[tuple[Campaign, Item]] = field(default_factory=list)
    dial_presets: dict[str, Preset] = field(default_factory=dict)
    """Those that campaigns name, by name; one of many parts is all of them."""
    calendars: list[tuple[Calendar, Item]] = field(default_factory=list)
    archive: tuple[ArchiveRules, Item] | None = None
    """None: there is no retention.toml."""
    quality: tuple[QualityRules, Item] | None = None
    classes: list[tuple[RetentionClass, Item]] = field(default_factory=list)
    presets: list[str] = field(default_factory=list)
