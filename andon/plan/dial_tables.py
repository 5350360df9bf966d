"""What campaigns.toml, dialling.toml and presets/dial can say: one struct a table, one field a key, as a person writes it.

Not what it becomes (`realtime/plan/dialling.py`) and not what values must obey (`dial_rules.py`, `campaigns.py`, `dialling.py`). A span
of the day is "08:00-21:00", by the clock of who is called. Every rule may say what it stands on; what it does not say, its file does.
"""

from __future__ import annotations

from typing import Final

import msgspec


class RuleTable(msgspec.Struct, frozen=True, kw_only=True):
    """What every rule can say. `grade`: P regulator, L law firm, V vendor or news, W weak, none. `status`: in_force, practice (nobody's
    law), draft, superseded, verify (read, and doubtful), memory (not read)."""

    id: str = ""
    source: tuple[str, ...] = ()
    grade: str = ""
    as_of: str = ""
    status: str = ""
    note: str = ""


class HoursTable(RuleTable, frozen=True, kw_only=True):
    """`[[hours]]`. The nearest word wins: a day goes before weekdays and weekend, those before every_day. A day that no key names: no
    calls. `holiday` and `eve` left out: as the day of the week."""

    every_day: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    weekend: tuple[str, ...] = ()
    mon: tuple[str, ...] = ()
    tue: tuple[str, ...] = ()
    wed: tuple[str, ...] = ()
    thu: tuple[str, ...] = ()
    fri: tuple[str, ...] = ()
    sat: tuple[str, ...] = ()
    sun: tuple[str, ...] = ()
    holiday: tuple[str, ...] = ()
    eve: tuple[str, ...] = ()
    calendar: str = ""
    guard_s: int = 300
    unless: tuple[str, ...] = ()


class CapTable(RuleTable, frozen=True, kw_only=True):
    """`[[cap]]`."""

    most: int = -1
    count: str = "attempt"
    window: str = "rolling"
    seconds: int = 86_400
    days: int = 1
    zone: str = ""
    scope: tuple[str, ...] = ("number",)
    unless: tuple[str, ...] = ()


class CoolDownTable(RuleTable, frozen=True, kw_only=True):
    """`[[cool_down]]`."""

    after: str = "abandoned"
    seconds: int = 0
    days: int = 0
    scope: tuple[str, ...] = ("number",)
    unless: tuple[str, ...] = ()


class ListTable(RuleTable, frozen=True, kw_only=True):
    """`[[list]]`."""

    lists: tuple[str, ...] = ()
    most_days: int = 31
    warn_days: int = 1
    unless: tuple[str, ...] = ()
    transaction_months: int = 0
    inquiry_months: int = 0


class ConsentTable(RuleTable, frozen=True, kw_only=True):
    """`[[consent]]`."""

    need: str = "consent"
    transaction_months: int = 0
    inquiry_months: int = 0


class AbandonTable(RuleTable, frozen=True, kw_only=True):
    """`[[abandon]]`."""

    limit: float = -1.0
    target: float = 0.024
    window: str = "blocks"
    seconds: int = 86_400
    days: int = 30
    zone: str = "UTC"
    within_s: float = 2.0
    anchor: str = "answer"
    machine_errors: float = 0.0
    less_machines: bool = False


class CallerIdTable(RuleTable, frozen=True, kw_only=True):
    """`[[caller_id]]`."""

    prefixes: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


class WayTable(RuleTable, frozen=True, kw_only=True):
    """`[[way]]`."""

    most: str = "predictive"
    ring_s: int = 0
    amd: str = "allowed"
    message: bool = False
    record: bool = False


class PlaceTable(RuleTable, frozen=True, kw_only=True):
    """`[[place]]`."""

    blocked: tuple[str, ...] = ()


RULES: Final = ("hours", "cap", "cool_down", "list", "consent", "abandon", "caller_id", "way", "place")
"""The tables of rules, in a preset and below `[[part]]` and `[[campaign]]`."""


class DialPresetTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[preset]` of presets/dial."""

    name: str = ""
    name_zh: str = ""
    source: tuple[str, ...] = ()
    grade: str = ""
    as_of: str = ""
    status: str = "memory"
    note: str = ""
    extends: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""
    zones: str = "deny"


class PartTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[part]]` of a preset: rules of one region of many, in one file. It becomes the preset FILE-ID."""

    id: str = ""
    name: str = ""
    name_zh: str = ""
    regions: tuple[str, ...] = ()


# ---------------------------------------------------------------- campaigns.toml


class CampaignTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[campaign]]` of campaigns.toml; rules of its own as `[[campaign.cap]]` and the like."""

    id: str = ""
    name: str = ""
    name_zh: str = ""
    client: str = ""
    purpose: str = "telemarketing"
    presets: tuple[str, ...] = ()
    country: str = "CN"
    subject: str = ""
    caller_ids: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    most: str = "predictive"
    at_once: int = 0
    agents: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()


class TrialTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[campaign.trial]`."""

    dials_day: int = 200
    contacts_day: int = 50
    agents: int = 5
    most: str = "progressive"
    connect_rate: float = -1.0
    complaints: int = 1
    judged_dials: int = 100


class ContractTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[campaign.contract]`."""

    begins: str = ""
    ends: str = ""
    dials_day: int = -1
    hours: tuple[str, ...] = ()
    retention: str = ""
    number: str = ""


class StopsTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[campaign.stops]`."""

    blocked_dialled: int = 1
    complaints: int = 3
    over_abandon: bool = True


# ---------------------------------------------------------------- dialling.toml


class DiallingTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[dialling]` of dialling.toml."""

    prefixes: tuple[str, ...] = ()
    emergency: tuple[str, ...] = ("110", "112", "119", "120", "122", "911", "999")
    blocked: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    manual: str = ""
    at_once: int = 0


class CalendarTable(RuleTable, frozen=True, kw_only=True):
    """`[[calendar]]`: the official one of a country or region, with its years; over what Andon reckons by itself."""

    holidays: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()


class OutcomeTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[outcome]]` (结果码)."""

    code: str = ""
    name: str = ""
    name_zh: str = ""
    means: str = "done"
