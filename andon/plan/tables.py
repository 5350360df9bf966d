"""What the plan's files can say: one struct a table, one field a key, as a person writes it.

Not what it becomes (`realtime/plan/model.py`) and not what values must obey (the reader of each subject). Times are "08:50",
dates "2026-11-28", days names; a key says its unit (`_min`, `_s`), a share is a part of one. Tables of breaks that are the same
there and here (`KindRules`, `LoadRules`, `OverrunRules`) are the model's own. What is said about calling out is in `dial_tables.py`,
about recordings in `retention_tables.py`.
"""

from __future__ import annotations

from typing import Final

import msgspec

from realtime.plan.model import BreakRules

PEOPLE, TEAMS, SHIFTS, MEETINGS, BREAKS, ALERTS = "people.toml", "teams.toml", "shifts.toml", "meetings.toml", "breaks.toml", "alerts.toml"
PEOPLE_CSV, ROSTER_CSV, ROSTER_ICS = "people.csv", "roster.csv", "roster.ics"
DIALLING, CAMPAIGNS = "dialling.toml", "campaigns.toml"
RETENTION, QUALITY = "retention.toml", "quality.toml"
FILES: Final = (
    PEOPLE,
    PEOPLE_CSV,
    TEAMS,
    SHIFTS,
    ROSTER_CSV,
    ROSTER_ICS,
    MEETINGS,
    BREAKS,
    ALERTS,
    DIALLING,
    CAMPAIGNS,
    RETENTION,
    QUALITY,
)
"""Every file of a plan, all of them optional; boards.toml beside them is the board's."""


class PersonTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[person]]` of people.toml, and the columns of people.csv."""

    id: str = ""
    name: str = ""
    team: str = ""
    roles: tuple[str, ...] = ("agent",)
    skills: tuple[str, ...] = ()
    phone: str = ""
    node: str = ""
    language: str = ""
    login: str = ""
    trained_until: str = ""
    away_since: str = ""
    out: bool = False


class TeamTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[team]]` of teams.toml."""

    id: str = ""
    name: str = ""
    name_zh: str = ""
    leaders: tuple[str, ...] = ()
    site: str = ""
    most_out: int = -1


class SkillTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[skill]]` of teams.toml."""

    id: str = ""
    queues: tuple[str, ...] = ()
    penalty: int = 0
    least: int = 0


class LoginTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[login]` of teams.toml."""

    away_days: int = 30
    interface: str = "{device}"
    lifted_by: tuple[str, ...] = ("supervisor", "manager", "admin")


class SupervisionTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[supervision]` of teams.toml."""

    listening_told: bool = True
    two_people: tuple[str, ...] = ()


class ShiftsTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[shifts]` of shifts.toml."""

    early_min: float = 15.0
    late_min: float = 30.0
    tolerance_s: int = 120
    enforced: bool = True
    holidays: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()


class PatternTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[pattern]]` of shifts.toml."""

    id: str = ""
    teams: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""
    days: object = "weekdays"


class RosterRow(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of roster.csv."""

    person: str = ""
    date: str = ""
    begins: str = ""
    ends: str = ""
    name: str = ""


class MeetingTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[meeting]]` of meetings.toml. One of `at`, `before_shift_min`, `after_shift_min` says when."""

    id: str = ""
    name: str = ""
    name_zh: str = ""
    kind: str = "meeting"
    teams: tuple[str, ...] = ()
    at: str = ""
    before_shift_min: int = -1
    after_shift_min: int = -1
    minutes: int = 15
    days: object = "every day"
    groups: int = 1
    least: int = 0


class AlertTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[alert]]` of alerts.toml."""

    id: str = ""
    number: str = ""
    of: str = "queue"
    only: tuple[str, ...] = ()
    above: float | None = None
    below: float | None = None
    clear: float | None = None
    for_s: int = 0
    severity: str = "warn"
    owner: str = ""
    name: str = ""
    name_zh: str = ""


class PresetTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[preset]`: where a preset comes from. `grade`: P regulator, L law firm, V vendor or blog, W weak, none: nothing to cite."""

    name: str = ""
    name_zh: str = ""
    source: tuple[str, ...] = ()
    grade: str = ""
    as_of: str = ""
    status: str = "memory"
    note: str = ""


BREAK_KEYS: Final = tuple(field.name for field in msgspec.structs.fields(BreakRules) if field.name != "kinds")
"""Keys and inner tables of `[breaks]`; kinds are written as [kind.short]."""
