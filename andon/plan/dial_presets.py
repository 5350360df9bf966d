"""`presets/dial`: law and practice of calling out, one file a jurisdiction, to the `Preset` that the gate judges by. Pure.

Not which campaign names which (`campaigns.py`) and not one rule's reading (`dial_rules.py`). A file may extend others: their rules are
laid in first, one of the same id is replaced, and what it does not say about where it applies is as theirs; dates are never inherited.
One that rests on memory, on a draft or on a weak page binds nobody until a person of the centre has signed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from andon.demands import Draft
from andon.findings import Finding, quoted
from andon.plan.dial_rules import STATUSES, every, laid_over, region, rules_of, suggested, words
from andon.plan.dial_tables import RULES, DialPresetTable, PartTable
from andon.plan.presets import GRADES
from andon.plan.sheet import Item, Tree, fit_id, is_date, listed, one_of, single, told_apart, toml
from andon.reading import fields_of
from realtime.plan.dialling import METHODS, PURPOSES, Origin, Preset

FOLDER: Final = "dial"
DOUBTFUL: Final = ("memory", "verify", "draft", "superseded")
PARTS_MAX: Final = 100
"""Regions in one file: a country has fewer that differ."""
DEEP_MAX: Final = 5
"""One that extends one that extends one: nobody reads a sixth."""
DOUBTS_SAID: Final = 6
WHERE: Final = ("purposes", "countries", "regions", "methods", "zones")


class Loaded(NamedTuple):
    """`presets`: the file's own, or one for each of its parts. `doubts`: ids of the rules that nobody can rely on without reading."""

    presets: tuple[Preset, ...]
    about: DialPresetTable
    doubts: tuple[str, ...]

    @property
    def unsigned(self) -> bool:
        return bool(self.doubts)


def names_of(texts: Mapping[str, str]) -> list[str]:
    return sorted(name.partition("/")[2] for name in texts if name.startswith(f"{FOLDER}/"))


def loaded(name: str, texts: Mapping[str, str], findings: list[Finding], below: tuple[str, ...] = ()) -> Loaded:
    """The preset of that name, which is there; what is wrong in its file goes to the findings."""
    tree, draft = toml(f"presets/{FOLDER}/{name}.toml", texts[f"{FOLDER}/{name}"], ["preset", "part", *RULES], findings)
    fields = single(tree, "preset", DialPresetTable, draft)
    about = DialPresetTable(**fields)
    _about(about, Item(draft, ("preset",)))
    stands = Origin(source=about.source, grade=about.grade, as_of=about.as_of, status=about.status, note=about.note)
    preset = _extended(about, texts, Item(draft, ("preset",)), findings, (*below, name))
    preset = msgspec.structs.replace(
        preset,
        name=name,
        title=about.name,
        title_zh=about.name_zh,
        valid_from=about.valid_from,
        valid_to=about.valid_to,
        as_of=about.as_of,
        grade=about.grade,
        **{key: fields[key] for key in WHERE if key in fields},
    )
    preset = laid_over(preset, rules_of(tree, (), stands, draft))
    presets = _parts(preset, tree, stands, draft) or (preset,)
    if not any(map(every, presets)):
        draft.add((), "it has no rules; write at least one, as [[hours]].")
    whole = len(presets) == 1
    doubts = [rule.id if whole else each.name for each in presets for rule in every(each) if _doubtful(rule.origin, draft, name)]
    findings += draft.findings
    return Loaded(presets, about, tuple(dict.fromkeys(doubts)))


def _about(about: DialPresetTable, item: Item) -> None:
    draft, path = item
    one_of(about.status, STATUSES, (*path, "status"), draft)
    one_of(about.grade, GRADES, (*path, "grade"), draft)
    is_date(about.as_of, (*path, "as_of"), draft)
    for key in ("name", "name_zh", "note"):
        if not getattr(about, key):
            item.add(key, "it is missing; a preset says what it is and what is not settled about it.")
    if not about.source and about.grade != "none":
        item.add("source", 'it is missing; name where it was read, or write grade = "none".')
    words(about.purposes, PURPOSES, "purposes", item)
    words(about.methods, METHODS, "methods", item)
    one_of(about.zones, ("deny", "country"), (*path, "zones"), draft)
    for key in ("countries", "regions"):
        for name in getattr(about, key):
            region(name, key, item)
    for key in ("valid_from", "valid_to"):
        if getattr(about, key):
            is_date(getattr(about, key), (*path, key), draft)
    if about.valid_from and about.valid_to and about.valid_to < about.valid_from:
        item.add("valid_to", f"it ends before it begins ({about.valid_from}); correct one of them.")


def _extended(about: DialPresetTable, texts: Mapping[str, str], item: Item, findings: list[Finding], below: tuple[str, ...]) -> Preset:
    """What it extends, laid over each other in this order."""
    preset = Preset(name=below[-1])
    for name in about.extends:
        if f"{FOLDER}/{name}" not in texts:
            item.add("extends", f"there is no preset {quoted(name)}; {suggested(name, names_of(texts))}")
        elif name in below or len(below) > DEEP_MAX:
            item.add("extends", f"{quoted(name)} leads back to this one, or through too many others; extend it directly, or not at all.")
        else:
            other = loaded(name, texts, findings, below)
            if len(other.presets) > 1:
                item.add("extends", f"{quoted(name)} is of many parts; a campaign names it beside this one.")
            base = other.presets[0]
            preset = laid_over(preset, {key: rules for key in Preset.__struct_fields__ if _of_rules(rules := getattr(base, key))})
            preset = msgspec.structs.replace(preset, **{key: getattr(base, key) for key in WHERE})
    return preset


def _of_rules(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], msgspec.Struct)


def _parts(whole: Preset, tree: Tree, stands: Origin, draft: Draft) -> tuple[Preset, ...]:
    """Each with the file's own rules and its own."""
    found = []
    for number, said in enumerate(listed(tree, "part", PARTS_MAX, draft)):
        path = ("part", number)
        item = Item(draft, path)
        part = PartTable(**fields_of(path, PartTable, {key: each for key, each in said.items() if key not in RULES}, draft))
        fit_id(part.id, (*path, "id"), draft, '"al"')
        for name in part.regions:
            region(name, "regions", item)
        if not part.regions:
            item.add("regions", 'it is missing; a part is of regions, as ["US-AL"].')
        preset = msgspec.structs.replace(
            whole,
            name=f"{whole.name}-{part.id}",
            title=part.name or whole.title,
            title_zh=part.name_zh or whole.title_zh,
            regions=part.regions,
        )
        found.append(laid_over(preset, rules_of(said, path, stands, draft)))
    told_apart(draft, "part", "[[part]]")
    return tuple(found)


def _doubtful(origin: Origin, draft: Draft, name: str) -> bool:
    if origin.status == "in_force" and origin.grade == "none":
        text = f"a rule of {quoted(name)} is said to be in force with nothing to cite; name its source, or write another status."
        if all(each.text != text for each in draft.findings):
            draft.add(("preset", "status"), text)
    return origin.status in DOUBTFUL or origin.grade == "W"


def unsigned_words(name: str, found: Loaded) -> str:
    """What to do about one that nobody has signed."""
    more = f" and {len(found.doubts) - DOUBTS_SAID} more" if len(found.doubts) > DOUBTS_SAID else ""
    doubts = ", ".join(found.doubts[:DOUBTS_SAID])
    return (
        f"the preset {quoted(name)} rests on memory, a draft or a weak page in {doubts}{more} ({found.about.note.rstrip('.')}); "
        f'who answers for it here reads it and signs at the top of this file: accepted = {{"{name}" = "Li Wei 2026-11-28"}}'
    )
