"""What a plan can say about outbound calls: campaigns, presets of law and practice, calendars. One frozen struct a table.

Not how it is written down (`andon/plan/`) and not how it is decided by (`realtime/dial/`). A preset is data: every row of the table
of law and practice fits one of these structs, so another country is a file and never code. Each rule carries its own `Origin`,
so that a refusal can name what it stands on. Times of day are minutes after local midnight of the *called party's* zone.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Purpose = Literal["telemarketing", "collection", "service", "survey", "charity", "callback", "emergency"]
PURPOSES: tuple[Purpose, ...] = ("telemarketing", "collection", "service", "survey", "charity", "callback", "emergency")
Method = Literal["manual", "preview", "progressive", "predictive"]
METHODS: tuple[Method, ...] = ("manual", "preview", "progressive", "predictive")
"""How it is dialled, the most careful first. In all but the last an agent is there for each call (*reserved*)."""
Happening = Literal["attempt", "connect", "live", "conversation", "unanswered", "abandoned", "machine", "refusal"]
HAPPENINGS: tuple[Happening, ...] = ("attempt", "connect", "live", "conversation", "unanswered", "abandoned", "machine", "refusal")
"""What is counted. attempt: placed, whatever came of it; connect: answered by anything; live: by a person; conversation: a person and an
agent spoke; unanswered: rang and nobody took it; refusal: the person said no."""
WindowKind = Literal["rolling", "calendar_day", "calendar_days", "any_days", "blocks", "calendar_month"]
Scope = tuple[str, ...]
"""What is counted together: of `number person debt subject client campaign centre`, as ("person", "debt")."""
SCOPES: tuple[Scope, ...] = (
    ("number",),
    ("person",),
    ("person", "debt"),
    ("person", "subject"),
    ("number", "client"),
    ("person", "client"),
    ("campaign",),
    ("centre",),
)
"""Those that every attempt is written down under, whatever rules hold today: a rule of tomorrow then finds its past."""
Span = tuple[int, int]
"""Half-open, in minutes after local midnight; (540, 1200) is 09:00 to 20:00."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a rule stands on. `grade`: P, L, V, W or none; `status`: in_force, practice, draft, superseded, verify, memory."""

    source: tuple[str, ...] = ()
    grade: str = "none"
    as_of: str = ""
    status: str = "practice"
    note: str = ""


class Window(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`rolling`: the last `seconds`. `calendar_day`: local midnight to midnight. `calendar_days`: by date, the event's own date is day 1 of
    `days`. `any_days`: any `days` consecutive dates. `blocks`: successive blocks of `days` from the campaign's first day.
    `calendar_month`. `zone` empty: the called party's."""

    kind: WindowKind = "rolling"
    seconds: int = 86_400
    days: int = 1
    zone: str = ""


class HoursRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When it may begin to ring. `days`: seven tuples of spans, Monday first; an empty one: no calling. `holiday` None: as the weekday."""

    id: str
    days: tuple[tuple[Span, ...], ...]
    holiday: tuple[Span, ...] | None = None
    eve: tuple[Span, ...] | None = None  # of a holiday
    calendar: str = ""  # a country's or a region's, as "CN", "US-AL"; empty: of the number's country
    guard_s: int = 0  # a predictive dial must not begin so close before the end
    unless: tuple[str, ...] = ()  # facts that lift it: consent, agreed_time, contract
    origin: Origin = Origin()


class CapRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """At most `most` of `count` in the window, of what `scope` names together."""

    id: str
    most: int
    count: Happening = "attempt"
    window: Window = Window()
    scope: Scope = ("number",)
    unless: tuple[str, ...] = ()  # consent, callback
    origin: Origin = Origin()


class CoolDownRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Nothing after `after` for `seconds`, or for `days` dates of which the event's own is the first (`seconds` 0)."""

    id: str
    after: Happening = "abandoned"
    seconds: int = 0
    days: int = 0
    scope: Scope = ("number",)
    unless: tuple[str, ...] = ()  # reserved: an agent is guaranteed; consent; callback
    origin: Origin = Origin()


class ListRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Do-not-call lists that must be there, and how old the newest version may be. A missing or stale one stops dialling."""

    id: str
    lists: tuple[str, ...] = ()
    most_days: int = 31
    warn_days: int = 1
    unless: tuple[str, ...] = ()  # consent, relation
    origin: Origin = Origin()
    transaction_months: int = 0  # how long `relation` lasts after the last transaction, and after an inquiry; 0: as it says itself
    inquiry_months: int = 0


class ConsentRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What must be there before the call. `need`: consent, written, consent_or_contract, consent_or_relation."""

    id: str
    need: str = "consent"
    transaction_months: int = 0  # an established business relationship: so long after the last transaction
    inquiry_months: int = 0
    origin: Origin = Origin()


class AbandonRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`limit` < 0: none in law. `target`: what the governor keeps to. `anchor`: answer, speech_start, greeting_end (what is not
    known falls back to answer, the strictest)."""

    id: str
    limit: float = -1.0
    target: float = 0.024
    window: Window = Window(kind="blocks", days=30, zone="UTC")
    within_s: float = 2.0
    anchor: str = "answer"
    origin: Origin = Origin()
    machine_errors: float = 0.0  # of what a detector calls machines, the share that were people: added to both
    less_machines: bool = False  # without a detector: less those abandoned ones that were machines, by their share among the answered


class CallerIdRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`prefixes`: national digits that the number shown must begin with, any of them; empty: any number that is shown at all."""

    id: str
    prefixes: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    origin: Origin = Origin()


class WayRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a call must be made: constraints on what is allowed. `most`: the fastest method; `amd`: allowed, forbidden, reserved_repeat (no
    second call on the day of a machine without an agent)."""

    id: str
    most: Method = "predictive"
    ring_s: int = 0
    amd: str = "allowed"
    message: bool = False  # who is abandoned must hear a message
    record: bool = False
    origin: Origin = Origin()


class PlaceRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Places that are not called at all: regions by name as `Dialled.regions` has them."""

    id: str
    blocked: tuple[str, ...] = ()
    origin: Origin = Origin()


class Preset(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Rules of one jurisdiction, with what it extends already laid in. It applies to a dial when all of `purposes`, `countries`,
    `regions`, `methods` and the dates say so; an empty one says nothing. `zones`: what an unknown zone means, `deny` or `country`."""

    name: str
    title: str = ""
    title_zh: str = ""
    purposes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # ISO, as CN
    regions: tuple[str, ...] = ()  # as US-FL
    methods: tuple[str, ...] = ()
    valid_from: str = ""  # ISO dates, both inclusive
    valid_to: str = ""
    zones: str = "deny"
    hours: tuple[HoursRule, ...] = ()
    caps: tuple[CapRule, ...] = ()
    cool_downs: tuple[CoolDownRule, ...] = ()
    lists: tuple[ListRule, ...] = ()
    consents: tuple[ConsentRule, ...] = ()
    abandons: tuple[AbandonRule, ...] = ()
    caller_ids: tuple[CallerIdRule, ...] = ()
    ways: tuple[WayRule, ...] = ()
    places: tuple[PlaceRule, ...] = ()
    signed: str = ""  # who accepted it, where it rests on memory
    as_of: str = ""
    grade: str = "none"


class Calendar(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of a country or region: `holidays` and moved working days as ISO dates, and the years whose official calendar is known."""

    id: str
    holidays: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    origin: Origin = Origin()


class TrialRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """试呼: what a trial may do, and what it must show. A rate of -1 is not asked for."""

    dials_day: int = 200
    contacts_day: int = 50
    agents: int = 5
    most: Method = "progressive"
    connect_rate: float = -1.0  # at least, once `judged_dials` were made
    complaints: int = 1  # so many stop it
    judged_dials: int = 100


class ContractTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was agreed with the client, as far as a rule can read it. Dates ISO and inclusive; empty: none. -1: no such cap."""

    begins: str = ""
    ends: str = ""
    dials_day: int = -1
    hours: tuple[Span, ...] = ()  # over those of the presets, by the floor's zone
    retention: str = ""  # class of its recordings
    number: str = ""  # of the contract


class StopRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Automatic stops. 0 turns one off."""

    blocked_dialled: int = 1  # a call to a number on a do-not-call list
    complaints: int = 3  # a day, for each thousand connects, at least so many
    over_abandon: bool = True


class Campaign(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A project (项目). Who may dial for it: `agents`, or those of `teams`; both empty: everybody."""

    id: str
    name: str = ""
    name_zh: str = ""
    client: str = ""
    purpose: str = "telemarketing"
    presets: tuple[str, ...] = ()
    country: str = "CN"  # of numbers without a country code
    subject: str = ""  # what the calls are about; empty: the campaign
    caller_ids: tuple[str, ...] = ()  # E.164; what it may show
    lists: tuple[str, ...] = ()  # more do-not-call lists, by name
    consents: tuple[str, ...] = ()  # lists of consents, by name
    most: Method = "predictive"
    at_once: int = 0  # calls at a time; 0: no limit of its own
    agents: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()  # people or roles that may move it; empty: managers and admins
    trial: TrialRules = TrialRules()
    contract: ContractTerms = ContractTerms()
    stops: StopRules = StopRules()
    rules: Preset = Preset(name="own")  # its own, over all presets


class DialRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`campaigns` empty: nothing dials out through the gate."""

    campaigns: tuple[Campaign, ...] = ()
    presets: tuple[Preset, ...] = ()  # those that campaigns name
    calendars: tuple[Calendar, ...] = ()
    prefixes: tuple[str, ...] = ()  # of an outside line and of carriers' IP numbers, stripped before the check: "9", "17951"
    emergency: tuple[str, ...] = ("110", "112", "119", "120", "122", "911", "999")
    blocked: tuple[str, ...] = ()  # prefixes in E.164 that nobody dials: premium, "+86400"
    own: tuple[str, ...] = ()  # our own numbers
    manual: str = ""  # the campaign of who dials by hand and has none, or more than one
    at_once: int = 0  # calls at a time on the whole floor
    outcomes: tuple[ResultCode, ...] = ()


class ResultCode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """结果码. `means`: sale, refusal, callback, no_person, wrong_number, blocked, complaint, done."""

    code: str
    name: str = ""
    name_zh: str = ""
    means: str = "done"
