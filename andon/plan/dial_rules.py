"""One rule of dialling from its table: hours, caps, cool-downs, lists, consents, abandonment, caller ids, ways, places.

Not which file it stands in: a preset (`dial_presets.py`), a part of one, or a campaign (`campaigns.py`) has the same tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any, Final, NamedTuple, get_args

import msgspec

from andon.demands import Draft, is_time_zone
from andon.findings import quoted, suggestion
from andon.places import Path
from andon.plan.dial_tables import (
    RULES,
    AbandonTable,
    CallerIdTable,
    CapTable,
    ConsentTable,
    CoolDownTable,
    HoursTable,
    ListTable,
    PlaceTable,
    RuleTable,
    WayTable,
)
from andon.plan.presets import GRADES
from andon.plan.sheet import Item, Tree, fit_id, is_date, listed, one_of, within
from andon.reading import Fields, fields_of
from andon.settings import minutes_of
from realtime.ledger.names import KEEP_S
from realtime.plan.dialling import (
    DAYS,
    HAPPENINGS,
    METHODS,
    SCOPES,
    AbandonRule,
    CallerIdRule,
    CapRule,
    ConsentRule,
    CoolDownRule,
    HoursRule,
    ListRule,
    Origin,
    PlaceRule,
    Preset,
    Scope,
    Span,
    WayRule,
    Window,
    WindowKind,
)

RULES_MAX: Final = 200
"""Of one kind in one file: the most that the gate is measured with."""
STATUSES: Final = ("in_force", "practice", "draft", "superseded", "verify", "memory")
WINDOWS: Final = get_args(WindowKind)
NEEDS: Final = ("consent", "written", "consent_or_contract", "consent_or_relation")
ANCHORS: Final = ("answer", "speech_start", "greeting_end")
AMD: Final = ("allowed", "forbidden", "reserved_repeat")
DAY_S: Final = 86_400
DAYS_MOST: Final = KEEP_S // DAY_S - 1
"""Of a window: one less than the ledger remembers, since dates begin up to a day earlier than the clock goes back."""
MONTHS_MOST: Final = 120
SPANS_MAX: Final = 24
"""Of one day: one an hour is more than anybody has."""
ANY_REGION: Final = "-*"
"""Of a calendar: a holiday of any region of the country, as GB-*."""
_SPAN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_DIGITS = re.compile(r"[0-9]{1,15}")

Rules = dict[str, tuple[Any, ...]]
"""By the field of `Preset` that they fill."""


def rules_of(tree: Tree, at: Path, stands: Origin, draft: Draft) -> Rules:
    """All rules that these tables hold, below the path `at`. `stands`: what a rule that says nothing of it stands on."""
    found: Rules = {}
    ids: set[str] = set()
    for table, kind in KINDS.items():
        rules = []
        for number, said in enumerate(listed(tree, table, RULES_MAX, draft, at=at)):
            path = (*at, table, number)
            fields = fields_of(path, kind.struct, said, draft)
            rule = kind.make(kind.struct(**fields), fields, _origin(fields, stands, path, draft), Item(draft, path))
            rules.append(rule)
            if fit_id(rule.id, (*path, "id"), draft, '"hours"') and rule.id in ids:
                draft.add((*path, "id"), f"{quoted(rule.id)} is the id of another rule here; give each its own.")
            ids.add(rule.id)
        if rules:
            found[kind.field] = tuple(rules)
    return found


def laid_over(before: Preset, rules: Rules) -> Preset:
    """With these rules, too; one of an id that is there replaces it, of whatever kind it was."""
    new = {rule.id for each in rules.values() for rule in each}
    fields = {}
    for kind in KINDS.values():
        kept = tuple(rule for rule in getattr(before, kind.field) if rule.id not in new)
        fields[kind.field] = (*kept, *rules.get(kind.field, ()))
    return msgspec.structs.replace(before, **fields)


def every(preset: Preset) -> list[Any]:
    """Its rules, of all kinds."""
    return [rule for kind in KINDS.values() for rule in getattr(preset, kind.field)]


def _origin(fields: Fields, stands: Origin, path: Path, draft: Draft) -> Origin:
    said = {key: fields[key] for key in Origin.__struct_fields__ if fields.get(key)}
    origin = msgspec.structs.replace(stands, **said)
    if not said:
        return origin
    if "grade" in said:
        one_of(origin.grade, GRADES, (*path, "grade"), draft)
        if origin.grade == "none" and not fields.get("source"):
            origin = msgspec.structs.replace(origin, source=())
    if "status" in said:
        one_of(origin.status, STATUSES, (*path, "status"), draft)
    if "as_of" in said:
        is_date(origin.as_of, (*path, "as_of"), draft)
    return origin


# ---------------------------------------------------------------- the kinds


def _hours(said: HoursTable, fields: Fields, origin: Origin, item: Item) -> HoursRule:
    within(said.guard_s, 0, 3600, (*item.path, "guard_s"), item.draft)
    words(said.unless, ("consent", "agreed_time", "contract"), "unless", item)
    days = []
    for number, day in enumerate(DAYS):
        several = "weekdays" if number < 5 else "weekend"
        key = next((key for key in (day, several) if key in fields), "every_day")
        days.append(spans(getattr(said, key), (*item.path, key), item.draft))
    if not any(days):
        item.add("", 'no day has hours, so nobody is ever called; write every_day = ["08:00-21:00"].')
    if said.calendar:
        region(said.calendar.removesuffix(ANY_REGION), "calendar", item)
    return HoursRule(
        id=said.id,
        days=tuple(days),
        holiday=spans(said.holiday, (*item.path, "holiday"), item.draft) if "holiday" in fields else None,
        eve=spans(said.eve, (*item.path, "eve"), item.draft) if "eve" in fields else None,
        calendar=said.calendar,
        guard_s=said.guard_s,
        unless=said.unless,
        origin=origin,
    )


def _cap(said: CapTable, fields: Fields, origin: Origin, item: Item) -> CapRule:
    if "most" not in fields and (*item.path, "most") not in item.draft.spoilt:
        item.add("most", "it is missing; write how many, as 3.")
    elif "most" in fields:
        within(said.most, 0, 1_000_000, (*item.path, "most"), item.draft)
    one_of(said.count, HAPPENINGS, (*item.path, "count"), item.draft)
    words(said.unless, ("consent", "callback"), "unless", item)
    return CapRule(
        id=said.id,
        most=said.most,
        count=said.count,  # type: ignore[arg-type]
        window=_window(said, item),
        scope=_scope(said.scope, item),
        unless=said.unless,
        origin=origin,
    )


def _cool_down(said: CoolDownTable, _: Fields, origin: Origin, item: Item) -> CoolDownRule:
    one_of(said.after, HAPPENINGS, (*item.path, "after"), item.draft)
    within(said.seconds, 0, DAYS_MOST * DAY_S, (*item.path, "seconds"), item.draft)
    within(said.days, 0, DAYS_MOST, (*item.path, "days"), item.draft)
    if bool(said.seconds) == bool(said.days):
        item.add("seconds", "exactly one of seconds and days says how long; write one of them.")
    words(said.unless, ("reserved", "consent", "callback"), "unless", item)
    return CoolDownRule(
        id=said.id,
        after=said.after,  # type: ignore[arg-type]
        seconds=said.seconds,
        days=said.days,
        scope=_scope(said.scope, item),
        unless=said.unless,
        origin=origin,
    )


def _list(said: ListTable, _: Fields, origin: Origin, item: Item) -> ListRule:
    if not said.lists and (*item.path, "lists") not in item.draft.spoilt:
        item.add("lists", 'it is missing; name lists as they are imported, as ["us-dnc"].')
    for name in said.lists:
        fit_id(name, (*item.path, "lists"), item.draft, '"us-dnc"')
    within(said.most_days, 1, 3650, (*item.path, "most_days"), item.draft)
    within(said.warn_days, 0, said.most_days, (*item.path, "warn_days"), item.draft)
    words(said.unless, ("consent", "relation"), "unless", item)
    _months(said, item)
    return ListRule(
        id=said.id,
        lists=said.lists,
        most_days=said.most_days,
        warn_days=said.warn_days,
        unless=said.unless,
        origin=origin,
        transaction_months=said.transaction_months,
        inquiry_months=said.inquiry_months,
    )


def _consent(said: ConsentTable, _: Fields, origin: Origin, item: Item) -> ConsentRule:
    one_of(said.need, NEEDS, (*item.path, "need"), item.draft)
    _months(said, item)
    return ConsentRule(
        id=said.id, need=said.need, transaction_months=said.transaction_months, inquiry_months=said.inquiry_months, origin=origin
    )


def _abandon(said: AbandonTable, _: Fields, origin: Origin, item: Item) -> AbandonRule:
    one_of(said.anchor, ANCHORS, (*item.path, "anchor"), item.draft)
    within(said.limit, -1, 1, (*item.path, "limit"), item.draft)
    within(said.target, 0, 1, (*item.path, "target"), item.draft)
    within(said.within_s, 0, 60, (*item.path, "within_s"), item.draft)
    within(said.machine_errors, 0, 1, (*item.path, "machine_errors"), item.draft)
    if 0 <= said.limit < said.target:
        item.add("target", f"the governor would keep to {said.target:g}, which is over the limit of {said.limit:g}; write a lower one.")
    return AbandonRule(
        id=said.id,
        limit=said.limit,
        target=said.target,
        window=_window(said, item),
        within_s=said.within_s,
        anchor=said.anchor,
        origin=origin,
        machine_errors=said.machine_errors,
        less_machines=said.less_machines,
    )


def _caller_id(said: CallerIdTable, _: Fields, origin: Origin, item: Item) -> CallerIdRule:
    for key in ("prefixes", "forbidden"):
        for digits in getattr(said, key):
            if not _DIGITS.fullmatch(digits):
                item.add(key, f'{quoted(digits)} is no beginning of a national number; write its digits, as "1600".')
    return CallerIdRule(id=said.id, prefixes=said.prefixes, forbidden=said.forbidden, origin=origin)


def _way(said: WayTable, _: Fields, origin: Origin, item: Item) -> WayRule:
    one_of(said.most, METHODS, (*item.path, "most"), item.draft)
    one_of(said.amd, AMD, (*item.path, "amd"), item.draft)
    within(said.ring_s, 0, 120, (*item.path, "ring_s"), item.draft)
    return WayRule(
        id=said.id,
        most=said.most,  # type: ignore[arg-type]
        ring_s=said.ring_s,
        amd=said.amd,
        message=said.message,
        record=said.record,
        origin=origin,
    )


def _place(said: PlaceTable, _: Fields, origin: Origin, item: Item) -> PlaceRule:
    if not said.blocked and (*item.path, "blocked") not in item.draft.spoilt:
        item.add("blocked", 'it is missing; name regions, as ["CN-XJ"].')
    for name in said.blocked:
        region(name, "blocked", item)
    return PlaceRule(id=said.id, blocked=said.blocked, origin=origin)


class Kind(NamedTuple):
    struct: type[RuleTable]
    field: str
    """Of `Preset`."""
    make: Callable[[Any, Fields, Origin, Item], Any]


KINDS: Final[dict[str, Kind]] = {
    "hours": Kind(HoursTable, "hours", _hours),
    "cap": Kind(CapTable, "caps", _cap),
    "cool_down": Kind(CoolDownTable, "cool_downs", _cool_down),
    "list": Kind(ListTable, "lists", _list),
    "consent": Kind(ConsentTable, "consents", _consent),
    "abandon": Kind(AbandonTable, "abandons", _abandon),
    "caller_id": Kind(CallerIdTable, "caller_ids", _caller_id),
    "way": Kind(WayTable, "ways", _way),
    "place": Kind(PlaceTable, "places", _place),
}
assert tuple(KINDS) == RULES

# ---------------------------------------------------------------- values


def spans(said: tuple[str, ...], path: Path, draft: Draft) -> tuple[Span, ...]:
    """As minutes of the day, in order."""
    found: list[Span] = []
    if len(said) > SPANS_MAX:
        draft.add(path, f"there are {len(said):,} parts of one day; keep at most {SPANS_MAX}.")
    for text in said[:SPANS_MAX]:
        match = _SPAN.fullmatch(text)
        begins, ends = (_minute(match[1]), _minute(match[2])) if match else (None, None)
        if begins is None or ends is None or not begins < ends:
            draft.add(path, f'{quoted(text)} is no part of a day; write it as "08:00-21:00", to "24:00" at the latest.')
        elif found and begins < found[-1][1]:
            draft.add(path, f"{quoted(text)} begins before the one in front of it has ended; write them in order, each once.")
        else:
            found.append((begins, ends))
    return tuple(found)


def _minute(text: str) -> int | None:
    return 24 * 60 if text == "24:00" else minutes_of(text)


def words(said: tuple[str, ...], known: Collection[str], key: str, item: Item) -> None:
    for word in said:
        one_of(word, known, (*item.path, key), item.draft)


def region(text: str, key: str, item: Item) -> None:
    if not _REGION.fullmatch(text):
        item.add(key, f'{quoted(text)} is no country or region; write it as "CN" or "US-FL".')


def _scope(said: tuple[str, ...], item: Item) -> Scope:
    """In the order in which attempts are written down under it."""
    for scope in SCOPES:
        if set(scope) == set(said):
            return scope
    if (*item.path, "scope") not in item.draft.spoilt:
        known = ", ".join(f"[{', '.join(quoted(word) for word in scope)}]" for scope in SCOPES)
        item.add("scope", f"nothing is counted by {' and '.join(map(quoted, said)) or 'nothing'}; known are {known}.")
    return said


def _window(said: CapTable | AbandonTable, item: Item) -> Window:
    if not one_of(said.window, WINDOWS, (*item.path, "window"), item.draft):
        return Window()
    within(said.seconds, 1, DAYS_MOST * DAY_S, (*item.path, "seconds"), item.draft)
    within(said.days, 1, DAYS_MOST, (*item.path, "days"), item.draft)
    if said.zone and not is_time_zone(said.zone):
        item.add("zone", f'{quoted(said.zone)} is no time zone that this machine knows; write it as "Asia/Shanghai".')
    return Window(
        kind=said.window,  # type: ignore[arg-type]
        seconds=said.seconds if said.window == "rolling" else Window().seconds,
        days=said.days if said.window in ("calendar_days", "any_days", "blocks") else 1,
        zone=said.zone,
    )


def _months(said: ListTable | ConsentTable, item: Item) -> None:
    for key in ("transaction_months", "inquiry_months"):
        within(getattr(said, key), 0, MONTHS_MOST, (*item.path, key), item.draft)


def suggested(name: str, known: Collection[str]) -> str:
    return suggestion(name, sorted(known)) if known else "there is none at all."
