"""Presets: law and practice that a plan extends. Which of them it may, and what it is said to stand on.

Not the files (`presets/`, dated, each with its sources) and not the reading of their rules (`breaks.py`, `events.py`). A preset
from memory binds nobody: it is taken only when a person of the centre has read it and put a name under it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, cast

from andon.demands import Draft
from andon.findings import Finding, quoted, suggestion
from andon.plan.book import Book
from andon.plan.sheet import Tree, is_date, one_of, single, toml
from andon.plan.tables import PresetTable

STATUSES: Final = ("usable", "memory")
GRADES: Final = ("P", "L", "V", "W", "none")
EXTENDS_MAX: Final = 10
_SIGNED = re.compile(r"\S.*\s\d{4}-\d{2}-\d{2}")


class Preset(NamedTuple):
    name: str
    about: PresetTable
    tree: Tree
    draft: Draft


def preset(name: str, text: str, tables: tuple[str, ...], findings: list[Finding]) -> Preset:
    """A preset's file, its word about itself held to what each must have."""
    tree, draft = toml(f"presets/{name}.toml", text, ["preset", *tables], findings)
    about = PresetTable(**single(tree, "preset", PresetTable, draft))
    path = ("preset",)
    one_of(about.status, STATUSES, (*path, "status"), draft)
    one_of(about.grade, GRADES, (*path, "grade"), draft)
    is_date(about.as_of, (*path, "as_of"), draft)
    for key in ("name", "name_zh", "note"):
        if not getattr(about, key):
            draft.add((*path, key), "it is missing; a preset says what it is and what is not settled about it.")
    if not about.source and about.grade != "none":
        draft.add((*path, "source"), 'it is missing; name where it was read, or write grade = "none".')
    return Preset(name, about, tree, draft)


def extended(tree: Tree, folder: str, tables: tuple[str, ...], presets: Mapping[str, str], draft: Draft, book: Book) -> Iterator[Preset]:
    """Those that `extends` names and that may be taken, in the order in which they are laid over each other."""
    names, accepted = _names(tree, draft), accepted_by(tree, draft)
    known = [name.partition("/")[2] for name in presets if name.startswith(f"{folder}/")]
    for name in accepted.keys() - set(names):
        draft.add(("accepted",), f"{quoted(name)} is not extended; remove it, or add it to extends.", False)
    for name in names:
        if name not in known:
            draft.add(("extends",), f"there is no preset {quoted(name)}; {suggestion(name, known)}")
            continue
        found = preset(f"{folder}/{name}", presets[f"{folder}/{name}"], tables, book.findings)
        if found.about.status != "usable" and name not in accepted:
            draft.add(("extends",), _unsigned(name, found.about))
            continue
        signed = f", accepted by {accepted[name]}" if name in accepted else ""
        book.presets.append(f"{name} (as of {found.about.as_of}{signed})")
        yield found


def _unsigned(name: str, about: PresetTable) -> str:
    return (
        f"the preset {quoted(name)} was written from memory ({about.note.rstrip('.')}); who answers for it here reads it and signs: "
        f'accepted = {{"{name}" = "Li Wei 2026-11-28"}}'
    )


def _names(tree: Tree, draft: Draft) -> list[str]:
    said = tree.get("extends", [])
    names = [said] if isinstance(said, str) else said
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names) or len(names) > EXTENDS_MAX:
        draft.add(("extends",), f'expected at most {EXTENDS_MAX} names of presets; write it as ["cn-bpo-standard"].')
        return []
    return list(dict.fromkeys(cast(list[str], names)))


def accepted_by(tree: Tree, draft: Draft) -> dict[str, str]:
    """Who signed for which preset, and when."""
    said = tree.get("accepted", {})
    if not isinstance(said, dict):
        draft.add(("accepted",), 'this is a table; write it as accepted = {"us-california" = "Li Wei 2026-11-28"}.')
        return {}
    good: dict[str, str] = {}
    for name, who in cast(dict[str, object], said).items():
        if isinstance(who, str) and len(who) <= 100 and _SIGNED.fullmatch(who):
            good[name] = who
        else:
            draft.add(("accepted",), f'{quoted(name)} is not signed; write who and when, as "Li Wei 2026-11-28".')
    return good
