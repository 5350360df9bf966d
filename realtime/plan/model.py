"""What a plan can say: one frozen struct a table, one field a key, each with its default.

Not how it is written down (`andon/plan/`). A plan travels whole inside a fact (`rulings.PlanAdopted`) and lies on the floor, so
every process, a replay and a what-if see the same one. An empty plan forbids nothing: the floor is then watched, not controlled.
Times of day are minutes after local midnight of the floor's zone; moments are seconds since 1970 UTC; lengths carry their unit.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from realtime.plan.archive import ArchiveRules
from realtime.plan.dialling import DialRules
from realtime.words import AgentId, Device, Node

Treatment = Literal["observe", "warn", "undo"]
BREAK_KINDS = ("short", "meal", "legal", "comfort", "recovery", "meeting", "training", "coaching", "fault")
"""The kinds of a pause that is ours. Each word is also the reason that Asterisk carries, so the wall knows it without a plan."""
ASKED_KINDS = ("short", "meal", "legal", "comfort", "recovery", "fault")
"""Those that an agent may ask for."""


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`id` is the staff number (工号)."""

    id: AgentId
    name: str = ""
    team: str = ""
    roles: tuple[str, ...] = ("agent",)
    skills: tuple[str, ...] = ()  # empty: which queues this one is in is the PBX's business
    phone: Device = Device("")  # a fixed desk, as PJSIP/1001; empty: hot desk, any phone
    node: Node = Node("")  # of the fixed desk; empty: the only one there is
    language: str = ""
    login: str = ""  # the name at /login; empty: the id
    trained_until: str = ""  # ISO date after which training is overdue
    away_since: str = ""  # ISO date of the last day at work, where it was before Andon knew
    out: bool = False  # has left; may not log in


class Skill(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody with this skill takes calls of."""

    id: str
    queues: tuple[str, ...] = ()
    penalty: int = 0
    least: int = 0  # so many who have it must stay, whatever the load


class Team(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: str = ""
    name_zh: str = ""
    leaders: tuple[AgentId, ...] = ()
    site: str = ""
    most_out: int = -1  # over the rule of all teams; -1: that one holds


class Span(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One person's one shift, as a roster says it."""

    person: AgentId
    begins: int  # seconds since 1970 UTC
    ends: int
    name: str = ""


class Pattern(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A shift that repeats by the week, for whole teams or single people. One that ends before it begins goes over midnight."""

    id: str
    teams: tuple[str, ...] = ()
    people: tuple[AgentId, ...] = ()
    begins_min: int = 540
    ends_min: int = 1080
    days: tuple[int, ...] = (0, 1, 2, 3, 4)  # Monday is 0


class ShiftRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    patterns: tuple[Pattern, ...] = ()
    spans: tuple[Span, ...] = ()  # a roster; where it names a person on a date, no pattern holds for them
    holidays: tuple[str, ...] = ()  # ISO dates on which patterns do not work
    workdays: tuple[str, ...] = ()  # ISO dates of weekends that count as weekdays: made-up days (调休)
    early_s: int = 900  # logging in is allowed so long before the shift begins
    late_s: int = 1800  # staying logged in is expected so long after it ends at most
    tolerance_s: int = 120  # at the edges of what was scheduled: adherence
    enforced: bool = True  # False: a login outside a shift is told, not refused


class LoginRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    away_days: int = 30  # away for longer: strengthened training first (岗前强化)
    interface: str = "{device}"  # what queues dial for a phone; {number} is its part after the slash, as "Local/{number}@desk/n"
    lifted_by: tuple[str, ...] = ("supervisor", "manager", "admin")  # roles that may let somebody in all the same


class KindRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One kind of break. A quota of -1 is none."""

    minutes: int = 15  # as it is granted when nobody says how long
    shortest_min: int = 0
    longest_min: int = 60
    quota_min: int = -1  # a shift
    quota_half_min: int = -1  # each half of a shift
    times: int = -1  # a shift
    cool_down_min: int = 0  # after the last one of this kind
    paid: bool = True


class LoadRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Admission against the load of the queues (reference: release rule, Erlang A and C)."""

    enabled: bool = True
    target: float = 0.8  # of service level, within the queue's target seconds
    hysteresis: float = 0.02  # opens at target + this, closes below target
    occupancy: float = 0.88
    least: int = 1  # agents who stay in each queue, whatever the model says
    patience_s: int = 0  # while fewer than 30 callers have abandoned today; 0: not known, and Erlang C, the careful one, speaks
    aht_s: int = 180  # while nobody has talked yet


class OverrunRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Seconds after the end of a break. Never an automatic return to ready: no caller rings an empty chair."""

    prompt_s: int = 60
    leader_s: int = 180
    overrun_s: int = 300
    welfare_s: int = 900


class BreakRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`kinds` empty: breaks are watched, not ruled."""

    kinds: dict[str, KindRules] = {}
    team_most: int = -1  # at once out of one team; -1: by share alone
    team_share: float = 0.1  # at least one may always go
    site_most: int = -1
    site_share: float = 0.08  # at least one may always go
    blackout_begin_min: int = 0
    blackout_end_min: int = 0
    hold_s: int = 120
    spacing_s: int = 60  # between two grants of one team
    aged_min: int = 20  # waited longer: the load alone holds it back no more, unless it is red
    aged_red_min: int = 45  # waited longer: not even red does; one a team
    legal_after_min: int = 0  # of work without a rest a legal break is due; 0: no such law here
    load: LoadRules = LoadRules()
    overrun: OverrunRules = OverrunRules()
    unauthorised: Treatment = "warn"
    corrections_hour: int = 6  # undone pauses of one agent an hour; more is for a person to look at


class Meeting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A meeting that repeats: 早会 before the shift, 夕会 after it, training by the week. `at_min` by the clock, or by the shift."""

    id: str
    name: str = ""
    name_zh: str = ""
    kind: str = "meeting"  # or training, coaching
    teams: tuple[str, ...] = ()
    at_min: int = -1
    before_shift_min: int = -1  # begins so long before the first shift of the team begins
    after_shift_min: int = -1  # begins so long after the last shift of the team ends; negative values other than -1 are not used
    minutes: int = 15
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    groups: int = 1  # the team goes in so many groups, one after the other
    least: int = 0  # so many of each queue stay ready; who is held back joins when it allows


class AlertRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A threshold on a number, with hysteresis. `of`: queue, team, agent, node or floor, each of them or those in `only`."""

    id: str
    number: str
    of: str = "queue"
    only: tuple[str, ...] = ()
    above: float | None = None
    below: float | None = None
    clear: float | None = None  # comes back to this before it is over; none: the threshold itself
    for_s: int = 0  # has to last so long
    severity: str = "warn"  # or act
    owner: str = ""  # a person's id; empty: the leader of the team where there is one
    name: str = ""
    name_zh: str = ""


class SupervisionRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    listening_told: bool = True  # the agent sees afterwards who listened
    two_people: tuple[str, ...] = ()  # acts that need a second person; later


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All files of the folder as one. `presets`: what it extends, as `name (as of date)`."""

    people: tuple[Person, ...] = ()
    skills: tuple[Skill, ...] = ()
    teams: tuple[Team, ...] = ()
    shifts: ShiftRules = ShiftRules()
    login: LoginRules = LoginRules()
    breaks: BreakRules = BreakRules()
    meetings: tuple[Meeting, ...] = ()
    alerts: tuple[AlertRule, ...] = ()
    supervision: SupervisionRules = SupervisionRules()
    dialling: DialRules = DialRules()
    presets: tuple[str, ...] = ()
    archive: ArchiveRules = ArchiveRules()
