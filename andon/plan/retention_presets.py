"""`presets/retention`: how long law and practice keep a recording, one file a law, to the rules that a class takes. Pure.

Not which class names which (`retention.py`). Like those of `dial_presets.py`: one that rests on memory, on a draft or on a weak page binds
nobody until a person of the centre has signed it. Also one rule's reading, which is the same in a preset and in a class.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from andon.demands import Draft
from andon.findings import Finding, quoted
from andon.places import Path
from andon.plan.dial_presets import DOUBTFUL
from andon.plan.dial_rules import STATUSES
from andon.plan.presets import GRADES
from andon.plan.retention_tables import KeepTable, RetentionPresetTable
from andon.plan.sheet import Item, Tree, fit_id, is_date, listed, one_of, single, toml
from andon.reading import Fields, fields_of
from realtime.plan.archive import CLOCKS, KeepRule, Term
from realtime.plan.dialling import Origin

FOLDER: Final = "retention"
RULES_MAX: Final = 50
"""Of one class: a trade of a country has a handful."""
YEARS_MAX: Final = 100
"""The longest duty that was read is twenty years; what is for ever has no term, and no rule."""
_UNITS: Final = {"years": YEARS_MAX, "months": 12 * YEARS_MAX, "days": 366 * YEARS_MAX}
_PART = re.compile(r"(\d{1,6}) (year|month|day)s?")


class Loaded(NamedTuple):
    """`doubts`: ids of the rules that nobody can rely on without reading."""

    rules: tuple[KeepRule, ...]
    about: RetentionPresetTable
    doubts: tuple[str, ...]

    @property
    def unsigned(self) -> bool:
        return bool(self.doubts)


def names_of(texts: Mapping[str, str]) -> list[str]:
    return sorted(name.partition("/")[2] for name in texts if name.startswith(f"{FOLDER}/"))


def loaded(name: str, texts: Mapping[str, str], findings: list[Finding]) -> Loaded:
    """The preset of that name, which is there; what is wrong in its file goes to the findings."""
    tree, draft = toml(f"presets/{FOLDER}/{name}.toml", texts[f"{FOLDER}/{name}"], ["preset", "rule"], findings)
    about = RetentionPresetTable(**single(tree, "preset", RetentionPresetTable, draft))
    item = Item(draft, ("preset",))
    origin_checked(msgspec.structs.asdict(about), ("preset",), draft)
    for key in ("name", "name_zh", "note"):
        if not getattr(about, key):
            item.add(key, "it is missing; a preset says what it is and what is not settled about it.")
    if not about.source and about.grade != "none":
        item.add("source", 'it is missing; name where it was read, or write grade = "none".')
    stands = Origin(source=about.source, grade=about.grade, as_of=about.as_of, status=about.status, note=about.note)
    rules = rules_of(tree, (), stands, draft)
    if not any(rule.least for rule in rules):
        draft.add((), "it says of nothing how long it is kept at least; write a rule with least.")
    if any(rule.origin.status == "in_force" and rule.origin.grade == "none" for rule in rules):
        item.add("status", f"a rule of {quoted(name)} is said to be in force with nothing to cite; name its source, or another status.")
    findings += draft.findings
    doubts = tuple(rule.id for rule in rules if rule.origin.status in DOUBTFUL or rule.origin.grade == "W")
    return Loaded(rules, about, doubts)


def unsigned_words(name: str, found: Loaded) -> str:
    """What to do about one that nobody has signed."""
    return (
        f"the preset {quoted(name)} rests on memory, a draft or a weak page ({found.about.note.rstrip('.')}); "
        f'who answers for it here reads it and signs at the top of this file: accepted = {{"{name}" = "Li Wei 2026-11-28"}}'
    )


# ---------------------------------------------------------------- one rule


def rules_of(tree: Tree, at: Path, stands: Origin, draft: Draft) -> tuple[KeepRule, ...]:
    """The tables `[[rule]]` below a path, each with an id of its own."""
    rules: list[KeepRule] = []
    for number, said in enumerate(listed(tree, "rule", RULES_MAX, draft, at=at)):
        path = (*at, "rule", number)
        rule = _rule(said, path, stands, draft)
        if fit_id(rule.id, (*path, "id"), draft, '"contract"') and any(rule.id == each.id for each in rules):
            draft.add((*path, "id"), f"{quoted(rule.id)} is the id of another rule here; give each its own.")
        rules.append(rule)
    return tuple(rules)


def _rule(said: Tree, path: Path, stands: Origin, draft: Draft) -> KeepRule:
    fields = fields_of(path, KeepTable, said, draft)
    table = KeepTable(**fields)
    one_of(table.clock, CLOCKS, (*path, "clock"), draft)
    terms = {key: term(getattr(table, key), (*path, key), draft) for key in ("least", "most", "dispute_least")}
    if not table.least and not table.most and not {(*path, "least"), (*path, "most")} & draft.spoilt:
        draft.add((*path, "least"), 'it is missing, so this rule would keep everything for ever; write it as "5 years".')
    if table.dispute_least and not table.dispute:
        draft.add((*path, "dispute_least"), "it counts from the end of a dispute, and dispute is not true; correct one of them.")
    if table.most and _longer(terms["least"], terms["most"]):
        draft.add((*path, "most"), f"it is shorter than least ({table.least}), which nothing can obey; correct one of them.")
    return KeepRule(
        id=table.id,
        clock=table.clock,  # type: ignore[arg-type]
        dispute=table.dispute,
        duty=table.duty,
        origin=_origin(fields, stands, path, draft),
        **terms,
    )


def _longer(one: Term, other: Term) -> bool:
    """Surely: a month is at least 28 days, and a year 365."""

    def days(of: Term, month: float, year: int) -> float:
        return of.years * year + of.months * month + of.days

    return days(one, 28, 365) > days(other, 31, 366)


def term(text: str, path: Path, draft: Draft) -> Term:
    """ "5 years", "1 year 6 months", "90 days"; empty: none."""
    found: dict[str, Any] = {}
    left = text
    while left and (part := _PART.match(left)):
        found[f"{part[2]}s"] = int(part[1])
        left = left[part.end() :].removeprefix(" ")
    wrong = bool(left) or any(number > _UNITS[unit] for unit, number in found.items()) or (bool(text) and not any(found.values()))
    if wrong and path not in draft.spoilt:
        draft.add(path, f'{quoted(text)} is no term; write it as "5 years", "6 months" or "90 days", more than nothing.')
    return Term() if wrong else Term(**found)


def _origin(fields: Fields, stands: Origin, path: Path, draft: Draft) -> Origin:
    said = {key: fields[key] for key in Origin.__struct_fields__ if fields.get(key)}
    origin_checked(said, path, draft)
    origin = msgspec.structs.replace(stands, **said)
    return msgspec.structs.replace(origin, source=()) if said.get("grade") == "none" and "source" not in said else origin


def origin_checked(said: Mapping[str, object], path: Path, draft: Draft) -> None:
    checks: Iterable[tuple[str, Any]] = (("grade", GRADES), ("status", STATUSES))
    for key, known in checks:
        if key in said:
            one_of(str(said[key]), known, (*path, key), draft)
    if "as_of" in said:
        is_date(str(said["as_of"]), (*path, "as_of"), draft)
