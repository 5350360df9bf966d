"""TOML text and environment to frozen settings, or to everything that is wrong with them.

Pure: the file's text, the environment and a way to look at other files come in; `load.py` is the shell that has them. Not
the schema (`settings.py`), not what values must obey (`demands.py`). It goes on after an error, so that a person gets all
of them at once. A variable goes before the file; a secret from either goes before the other's secret_file.
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import msgspec

from andon.demands import Draft, judge
from andon.environment import Names, unknown, variables
from andon.findings import Finding, Seen, quoted, suggestion
from andon.places import Path, places
from andon.settings import FREE, LISTS, PAUSED_STATES, TABLES, Settings
from andon.values import KINDS, WrongValue

SECRETS = ("secret", "control_secret")
"""Keys that may be said in a file of their own, as KEY_file."""


DOTS_MAX = 100
"""On one line, outside of texts: ours have two. tomllib takes 9 s for a name with 20,000."""
_TEXTS = re.compile(r"""[=,\[]\s*(?:"[^"]*"|'[^']*')""")


class Reading(NamedTuple):
    """`settings` is None when one of the findings is an error."""

    settings: Settings | None
    findings: tuple[Finding, ...]


def read(text: str, path: str, environment: Mapping[str, str], look: Callable[[str], Seen]) -> Reading:
    """`path` is the file's own, absolute: others are found from its folder. `look` reads a file that a key names."""
    name = posixpath.basename(path)
    try:
        tree = tree_of(text)
    except ValueError as error:
        return Reading(None, (not_toml(name, error),))
    draft = Draft(name, posixpath.dirname(path), places(text), look)
    tables = _tables(tree, draft)
    _overlay(tables, environment, draft)
    settings = _settled(tables, path)
    draft.nodes = settings.nodes
    settings = judge(settings, draft)
    wrong = any(finding.error for finding in draft.findings)
    return Reading(None if wrong else settings, tuple(draft.findings))


def tree_of(text: str) -> dict[str, Any]:
    """What a TOML text says. Raises ValueError, whatever is wrong with it: tomllib has two more ways to fail, and one to take for ever."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > DOTS_MAX and _TEXTS.sub("", line).count(".") > DOTS_MAX:
            raise ValueError(f"A name with very many dots (at line {number}, column 1)")
    try:
        return tomllib.loads(text)
    except RecursionError:  # a bracket in a bracket without end
        raise ValueError("Brackets in brackets without end") from None


def not_toml(name: str, error: ValueError) -> Finding:
    said = str(error)
    line = re.search(r"at line (\d+), column (\d+)", said)
    place = f"{name}:{line[1]}" if line else name
    column = f" at column {line[2]}" if line else ""
    what = said.partition(" (at ")[0]
    return Finding(place, "", f"this is not TOML{column} ({what}); correct the line, texts need quotes.")


# ---------------------------------------------------------------- the file

Fields = dict[str, Any]
"""Keys of one table that had a value of the right type."""


class Tables(NamedTuple):
    single: dict[str, Fields]
    lists: dict[str, list[Fields]]
    free: dict[str, str]


def _tables(tree: Mapping[str, object], draft: Draft) -> Tables:
    tables = Tables({name: {} for name in TABLES}, {name: [] for name in LISTS}, {})
    for name, value in tree.items():
        if name in TABLES:
            tables.single[name] = fields_of((name,), TABLES[name], value, draft)
        elif name in LISTS:
            tables.lists[name] = _list(name, value, draft)
        elif name == FREE:
            tables.free.update(_free(value, draft))
        else:
            draft.add((name,), f"there is no table {quoted(name)}; {suggestion(name, (*TABLES, *LISTS, FREE))}")
    return tables


def fields_of(path: Path, struct: type[msgspec.Struct], value: object, draft: Draft, inner: Collection[str] = ()) -> Fields:
    """`inner`: keys that are tables themselves, which the caller reads."""
    if not isinstance(value, dict):
        draft.add(path, f"this is a table; write it as {_header(path)} with its keys below.")
        return {}
    known = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    fields: Fields = {}
    for name, said in value.items():
        if name not in known:
            draft.add((*path, name), f"there is no such key; {suggestion(name, known)}")
        elif name not in inner:
            _take(fields, known[name], (*path, name), said, draft)
    return fields


def _take(fields: Fields, field: msgspec.structs.FieldInfo, path: Path, said: object, draft: Draft) -> None:
    try:
        fields[field.name] = KINDS[field.type].from_toml(said)
    except WrongValue as error:
        draft.add(path, str(error))
        draft.spoilt.add(path)


def _header(path: Path) -> str:
    names = ".".join(part for part in path if isinstance(part, str))
    return f"[{names}]" if len(names) == len(".".join(map(str, path))) else f"[[{names}]]"


def _list(name: str, value: object, draft: Draft) -> list[Fields]:
    struct, identity = LISTS[name]
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        draft.add((name,), f"this table comes many times; write each as [[{name}]] in double brackets.")
        return []
    names = [each.get(identity) for each in value]
    draft.names[name] = [each if isinstance(each, str) else "" for each in names]
    return [fields_of((name, number), struct, each, draft) for number, each in enumerate(value)]


def _free(value: object, draft: Draft) -> dict[str, str]:
    if not isinstance(value, dict):
        draft.add((FREE,), f"this is a table; write it as [{FREE}] with lines such as lunch = {quoted(PAUSED_STATES[0])}.")
        return {}
    found = {}
    for reason, state in value.items():
        if isinstance(state, str):
            found[reason] = state
        else:
            draft.add((FREE, reason), f"expected one of {', '.join(PAUSED_STATES)}, in quotes.")
    return found


# ---------------------------------------------------------------- the environment


def _overlay(tables: Tables, environment: Mapping[str, str], draft: Draft) -> None:
    known = variables(Names(draft.names, tuple(tables.free)))
    for variable, complaint in unknown(environment, known):
        draft.findings.append(Finding("environment", variable, complaint))
    for variable, paths in known.items():
        if variable not in environment:
            continue
        if len(paths) > 1:
            meant = " and ".join(draft.label(path) for path in paths)
            draft.findings.append(Finding("environment", variable, f"this would set {meant}; set them in the file instead."))
            continue
        draft.variables[paths[0]] = variable
        _set(tables, paths[0], environment[variable], draft)


def _set(tables: Tables, path: Path, text: str, draft: Draft) -> None:
    if path[0] == FREE:
        tables.free[str(path[1])] = text
        return
    fields, struct = _place(tables, path)
    key = str(path[-1])
    types = {field.name: field.type for field in msgspec.structs.fields(struct)}
    try:
        fields[key] = KINDS[types[key]].from_text(text)
        draft.spoilt.discard(path)
    except WrongValue as error:
        draft.add(path, str(error))
        draft.spoilt.add(path)
    _let_go(fields, path, draft)


def _place(tables: Tables, path: Path) -> tuple[Fields, type[msgspec.Struct]]:
    name = str(path[0])
    if name in TABLES:
        return tables.single[name], TABLES[name]
    return tables.lists[name][int(path[1])], LISTS[name][0]


def _let_go(fields: Fields, path: Path, draft: Draft) -> None:
    """A secret from the environment is meant instead of what the file says, in either of its two ways."""
    key = str(path[-1])
    for secret in SECRETS:
        other = {secret: f"{secret}_file", f"{secret}_file": secret}.get(key)
        if other is not None and (*path[:-1], other) not in draft.variables:
            fields.pop(other, None)


def _settled(tables: Tables, path: str) -> Settings:
    single = {name: struct(**tables.single[name]) for name, struct in TABLES.items()}
    lists = {name: tuple(struct(**fields) for fields in tables.lists[name]) for name, (struct, _) in LISTS.items()}
    return Settings(path=path, pause_states=tables.free, **single, **lists)  # type: ignore[arg-type]
