"""What changes between two plans, in short lines; and the version of a plan.

Not sentences for people who never saw a plan's files (`say.py`): a line names a table and a key as the files write them, so it is the
same in every language. Bounded, because it travels in a fact and stands in the audit trail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256

import msgspec

from realtime.plan.model import Plan, Span
from realtime.plan.shortening import shortened

LINES_MAX = 50
"""More than that is another plan, not a change; the rest is counted."""
TOGETHER = 6
"""More of one kind that come or go are one line."""
VALUE_MAX = 60
"""Characters of a value that are repeated."""
VERSION_LETTERS = 12
"""Of a SHA-256: enough to tell apart every plan that a floor ever had."""

_NUMBERED = {"people": "person", "teams": "team", "skills": "skill", "meetings": "meeting", "alerts": "alert"}
_OF_ONE = ("login", "supervision")
_OF_ARCHIVE = {"classes": "class", "expected": "expect"}
_OF_DIALLING = {"campaigns": "campaign", "presets": "preset", "calendars": "calendar", "outcomes": "outcome"}
_TIMES = ("begins_min", "ends_min", "at_min")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def version_of(plan: Plan) -> str:
    """The same for the same rules, whoever wrote them in whatever order."""
    return sha256(msgspec.json.encode(plan, order="deterministic")).hexdigest()[:VERSION_LETTERS]


def difference(before: Plan, after: Plan) -> tuple[str, ...]:
    """Empty for the same plan."""
    lines = list(_lines(before, after))
    more = len(lines) - LINES_MAX
    return tuple(lines) if more <= 0 else (*lines[: LINES_MAX - 1], f"and {more + 1:,} more")


def _lines(before: Plan, after: Plan) -> Iterator[str]:
    """What lets recordings go earlier stands first, and is never among those that are only counted."""
    yield from (each.line() for each in shortened(before.archive, after.archive)[: LINES_MAX // 2])
    if before.presets != after.presets:
        yield f"extends: {_value('', before.presets)} → {_value('', after.presets)}"
    yield from _fields("breaks", before.breaks, after.breaks)
    for name in _OF_ONE:
        yield from _fields(name, getattr(before, name), getattr(after, name))
    yield from _fields("shifts", before.shifts, after.shifts, but=("patterns", "spans"))
    yield from _each("pattern", before.shifts.patterns, after.shifts.patterns)
    for name, word in _NUMBERED.items():
        yield from _each(word, getattr(before, name), getattr(after, name))
    yield from _spans(before.shifts.spans, after.shifts.spans)
    old, new = before.dialling, after.dialling
    for name, word in _OF_DIALLING.items():
        yield from _each(word, getattr(old, name), getattr(new, name))
    yield from _fields("dialling", old, new, but=tuple(_OF_DIALLING))
    for name, word in _OF_ARCHIVE.items():
        yield from _each(word, getattr(before.archive, name), getattr(after.archive, name))
    yield from _fields("retention", before.archive, after.archive, but=tuple(_OF_ARCHIVE))


def _each(word: str, before: tuple[msgspec.Struct, ...], after: tuple[msgspec.Struct, ...]) -> Iterator[str]:
    """By their ids: what is gone, what is new, what is another."""
    old = {_id(each): each for each in before}
    new = {_id(each): each for each in after}
    yield from _some(f"- {word}", [name for name in old if name not in new])
    yield from _some(f"+ {word}", [f"{name}{_about(each)}" for name, each in new.items() if name not in old])
    for name, each in new.items():
        if name in old and each != old[name]:
            yield from _fields(f"{word} {name}", old[name], each)


def _some(what: str, names: list[str]) -> Iterator[str]:
    """A line each, or one for all where they are many: a first plan is full of people."""
    if len(names) <= TOGETHER:
        yield from (f"{what} {name}" for name in names)
    else:
        yield f"{what} × {len(names):,}: {', '.join(names[:TOGETHER])} …"


def _id(said: msgspec.Struct) -> str:
    name: str = getattr(said, "id", "") or getattr(said, "name", "") or getattr(said, "code", "")
    return name


def _about(said: msgspec.Struct) -> str:
    """Of a new one: its team or whom it is for, where it has one."""
    team, client = getattr(said, "team", ""), getattr(said, "client", "")
    return f" (team {team})" if team else f" (for {client})" if client else ""


def _fields(name: str, before: msgspec.Struct, after: msgspec.Struct, but: tuple[str, ...] = ()) -> Iterator[str]:
    for key in before.__struct_fields__:
        old, new = getattr(before, key), getattr(after, key)
        if old == new or key in but:
            continue
        if isinstance(old, msgspec.Struct) and isinstance(new, msgspec.Struct):
            yield from _fields(f"{name}.{key}", old, new)
        elif isinstance(old, Mapping):
            yield from _kinds(old, new) if _of_tables(old, new) else _entries(f"{name}.{key}", old, new)
        elif _rules(old) or _rules(new):
            yield from _each(f"{name}.{key}", old, new)
        else:
            yield f"{name}.{key.removesuffix('_min') if key in _TIMES else key}: {_value(key, old)} → {_value(key, new)}"


def _rules(value: object) -> bool:
    """Tables that have an id, inside of another."""
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], msgspec.Struct)


def _of_tables(*mappings: Mapping[str, object]) -> bool:
    return all(isinstance(each, msgspec.Struct) for mapping in mappings for each in mapping.values())


def _entries(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            yield f"{name}.{key}: {_value('', before.get(key, ''))} → {_value('', after.get(key, ''))}"


def _kinds(before: Mapping[str, msgspec.Struct], after: Mapping[str, msgspec.Struct]) -> Iterator[str]:
    for kind in sorted(before.keys() | after.keys()):
        if kind not in after:
            yield f"- kind.{kind}"
        elif kind not in before:
            yield f"+ kind.{kind}"
        else:
            yield from _fields(f"kind.{kind}", before[kind], after[kind])


def _spans(before: tuple[Span, ...], after: tuple[Span, ...]) -> Iterator[str]:
    """A roster changes by months: counted by person, or for all of them where they are many."""
    gone, new = Counter(each.person for each in set(before) - set(after)), Counter(each.person for each in set(after) - set(before))
    people = sorted(gone.keys() | new.keys())
    if len(people) > TOGETHER:
        first = ", ".join(people[:TOGETHER])
        yield f"roster × {len(people):,}: +{new.total():,} −{gone.total():,} shifts, {first} …"
        return
    for person in people:
        yield f"roster {person}: +{new[person]} −{gone[person]} shifts"


def _week(days: tuple[tuple[tuple[int, int], ...], ...]) -> str:
    """Days in a row that are the same stand together."""
    said, first = [], 0
    for number, day in enumerate(days):
        if number + 1 == len(days) or days[number + 1] != day:
            said.append(f"{DAYS[first]}{f'-{DAYS[number]}' if first != number else ''} {_hours(day)}")
            first = number + 1
    return ", ".join(said)


def _hours(spans: tuple[tuple[int, int], ...]) -> str:
    times = (f"{begins // 60:02}:{begins % 60:02}-{ends // 60:02}:{ends % 60:02}" for begins, ends in spans)
    return " ".join(times) or "no calls"


def _value(key: str, value: object) -> str:
    if key in _TIMES and isinstance(value, int):
        return f"{value // 60:02}:{value % 60:02}" if value >= 0 else "none"
    if key == "days" and isinstance(value, tuple):
        return ", ".join(DAYS[each] for each in value) if all(isinstance(each, int) for each in value) else _week(value)
    if key in ("holiday", "eve"):
        return _hours(value) if isinstance(value, tuple) else "as the weekday"
    if key == "hours" and isinstance(value, tuple):
        return _hours(value) if value else "none"
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return (text if len(text) <= VALUE_MAX else f"{text[:VALUE_MAX]}…") or "none"
