"""The rules of all presets that hold for one kind of dial, laid out once: what does not change from one dial to the next. Pure.

Not the dial and not the moment (`case.py`). A dial has under a millisecond for all of its rules, so what a rule says about itself is put
into words here, what several rules have in common (a window, a counter) is named once, and what only changes by the minute is
remembered for that minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from realtime.decision import Finding, Value
from realtime.dial import windows
from realtime.dial.calendars import Calendars
from realtime.dial.hours import Opening, within
from realtime.dial.rules.same import Same
from realtime.plan.dialling import (
    METHODS,
    AbandonRule,
    CallerIdRule,
    CapRule,
    ConsentRule,
    CoolDownRule,
    DialRules,
    Happening,
    HoursRule,
    ListRule,
    Method,
    Origin,
    PlaceRule,
    Preset,
    Scope,
    WayRule,
    Window,
)
from realtime.words import SECOND, Micros

KEPT = 1024
"""As `applies.py` keeps kinds of dials."""
MOMENTS_KEPT = 512
"""Minutes of kinds of dials in zones; a minute's are of no use in the next one."""
PLANS_KEPT = 16
MINUTE: Micros = 60 * SECOND
NO_ORIGIN = Origin()
Values = dict[str, Value]
Rule = HoursRule | CapRule | CoolDownRule | ListRule | ConsentRule | AbandonRule | CallerIdRule | WayRule | PlaceRule
R = TypeVar("R", bound=Rule)


class Ruled(NamedTuple):
    """One rule of one preset. `values`: what names it in a finding; `held`: those, and what it stands on, for one that holds back."""

    rule: Any  # of Rule; which one, its list says
    values: Values
    held: Values


class Counting(NamedTuple):
    """What one check is about. `step`: of the decision that it belongs to; `window` None: calls under way; nobody knows their end."""

    step: str
    code: str
    values: Values
    held: Values
    window: Window | None = None
    unless: tuple[str, ...] = ()
    fresh: Finding | None = None  # that nothing of it has happened yet, which is what most counts say


class Planned(NamedTuple):
    """A check that every dial of this kind needs, by its numbers in `Laid.keys` and `Laid.windows`."""

    about: Counting
    key: int
    window: int
    most: int


class Laid(NamedTuple):
    presets: tuple[Preset, ...]
    zones: str  # what an unknown zone means
    hours: tuple[Ruled, ...]
    lists: tuple[Ruled, ...]
    consents: tuple[Ruled, ...]
    places: tuple[Ruled, ...]
    caller_ids: tuple[Ruled, ...]
    ways: tuple[Ruled, ...]
    abandons: tuple[Ruled, ...]
    most: Method  # the fastest that all of them allow
    planned: tuple[Planned, ...]  # cool-downs, then caps
    abouts: tuple[Counting, ...]  # of the planned ones
    machine_day: tuple[Planned, ...]  # those of a dial without an agent
    keys: tuple[tuple[Happening, Scope], ...]
    scopes: tuple[Scope, ...]  # of the keys, each once
    windows: tuple[Window, ...]


@lru_cache(KEPT)
def lay(presets: Same[tuple[Preset, ...]]) -> Laid:
    layer = _Layer()
    found = presets.it
    planned = [layer.cool_down(each) for each in ruled(found, "cool_downs")] + [layer.cap(each) for each in ruled(found, "caps")]
    ways = ruled(found, "ways")
    machine_day = [layer.machine_day(each) for each in ways if each.rule.amd == "reserved_repeat"]
    return Laid(
        found,
        "deny" if any(each.zones != "country" for each in found) else "country",
        ruled(found, "hours"),
        ruled(found, "lists"),
        ruled(found, "consents"),
        ruled(found, "places"),
        ruled(found, "caller_ids"),
        ways,
        ruled(found, "abandons"),
        slowest(each.rule.most for each in ways),
        tuple(planned),
        tuple(each.about for each in planned),
        tuple(machine_day),
        tuple(layer.keys),
        tuple(dict.fromkeys(scope for _, scope in layer.keys)),
        tuple(layer.windows),
    )


def slowest(methods: Iterable[Method]) -> Method:
    """The most careful of them."""
    return min(methods, key=METHODS.index, default=METHODS[-1])


def ruled(presets: Iterable[Preset], kind: str) -> tuple[Ruled, ...]:
    return tuple(_ruled(preset, rule) for preset in presets for rule in getattr(preset, kind))


def _ruled(preset: Preset, rule: Rule) -> Ruled:
    values: Values = {"preset": preset.title or preset.name, "id": rule.id}
    if preset.title_zh:
        values["preset_zh"] = preset.title_zh
    origin = rule.origin if rule.origin != NO_ORIGIN else Origin(grade=preset.grade, as_of=preset.as_of)
    stands = ", ".join(each for each in (*origin.source, origin.grade, origin.status, origin.as_of) if each)
    return Ruled(rule, values, {**values, "stands_on": stands})


class _Layer:
    """Gives each counter and each window its number."""

    def __init__(self) -> None:
        self.keys: dict[tuple[Happening, Scope], int] = {}
        self.windows: dict[Window, int] = {}

    def planned(self, about: Counting, happening: Happening, scope: Scope, window: Window, most: int) -> Planned:
        key = self.keys.setdefault((happening, scope), len(self.keys))
        about = about._replace(fresh=Finding(f"{about.code}.free", "allow", {**about.values, "used": 0}))
        return Planned(about, key, self.windows.setdefault(window, len(self.windows)), most)

    def cool_down(self, each: Ruled) -> Planned:
        rule: CoolDownRule = each.rule
        window = Window(seconds=rule.seconds) if rule.seconds else Window(kind="calendar_days", days=max(1, rule.days))
        said: Values = {"after": rule.after}
        about = Counting("cool_down", "dial.cool_down", {**each.values, **said}, {**each.held, **said}, window, rule.unless)
        return self.planned(about, rule.after, rule.scope, window, 1)

    def cap(self, each: Ruled) -> Planned:
        rule: CapRule = each.rule
        english, chinese = span(rule.window)
        said: Values = {"count": rule.count, "most": rule.most, "window": english, "window_zh": chinese, "together": "+".join(rule.scope)}
        about = Counting("cap", "dial.cap", {**each.values, **said}, {**each.held, **said}, rule.window, rule.unless)
        return self.planned(about, rule.count, rule.scope, rule.window, rule.most)

    def machine_day(self, each: Ruled) -> Planned:
        window = Window(kind="calendar_day")
        about = Counting("way", "dial.way.machine_day", each.values, each.held, window)
        return self.planned(about, "machine", ("number",), window, 1)


def span(window: Window) -> tuple[str, str]:
    """The window in words, English and Chinese."""
    match window.kind:
        case "rolling":
            return length(window.seconds)
        case "calendar_day":
            return "a day", "一天"
        case "calendar_month":
            return "a month", "一个月"
        case _:
            return f"{window.days} days", f"{window.days}天"


def length(seconds: int) -> tuple[str, str]:
    for unit, english, chinese in ((3600, "h", "小时"), (60, "min", "分钟")):
        if seconds % unit == 0:
            return f"{seconds // unit} {english}", f"{seconds // unit}{chinese}"
    return f"{seconds} s", f"{seconds}秒"


# ------------------------------------------------------------------ remembered for a minute


@lru_cache(PLANS_KEPT)
def calendars_of(rules: Same[DialRules]) -> Calendars:
    return Calendars(rules.it.calendars)


@lru_cache(MOMENTS_KEPT)
def openings(laid: Same[Laid], rules: Same[DialRules], now: Micros, zone: str, country: str, predictive: bool) -> tuple[Opening, ...]:
    """What each hours rule says in this zone; `now` is the beginning of a minute, or of a second where a guard may end within one."""
    calendars = calendars_of(rules)
    return tuple(within(each.rule, now, zone, calendars, country, predictive) for each in laid.it.hours)


def sinces(laid: Laid, now: Micros, zones: tuple[str, ...], began: Micros) -> Sequence[Micros]:
    """The beginning of each of its windows; of several zones the earliest, since what is allowed must be allowed in each."""
    same = _dated(Same(laid), now // MINUTE, zones, began)
    return [now + offset if rolls else offset for rolls, offset in same]


@lru_cache(MOMENTS_KEPT)
def _dated(laid: Same[Laid], minute: int, zones: tuple[str, ...], began: Micros) -> tuple[tuple[bool, Micros], ...]:
    """Rolling ones by their distance from now; those by date as they are, since no date begins within a minute."""
    now = minute * MINUTE
    return tuple(
        (True, windows.since(each, now, zones[0], began) - now)
        if each.kind == "rolling"
        else (False, min(windows.since(each, now, zone, began) for zone in zones))
        for each in laid.it.windows
    )
