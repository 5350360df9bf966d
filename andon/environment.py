"""Which `ANDON_...` variables there are, and which key each of them sets.

Not their values (`values.py` reads them) and not `os.environ`: a mapping comes in. The names are computed from the
settings' structs and from the nodes and queues in the file, so a variable that means nothing is found and refused:
a misspelt one must not silently leave a default in force.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from andon.findings import suggestion
from andon.places import Path
from andon.settings import FREE, LISTS, TABLES

ALLOWED: Final = frozenset({"ANDON_CONFIG", "ANDON_LAB", "ANDON_LOG", "ANDON_LOG_LEVEL", "ANDON_LIFELINE"})
"""Variables of ours that are no settings: where the file is, the tests' Asterisk, how to log, who watches whom."""
PREFIX: Final = "ANDON_"


class Names(NamedTuple):
    """What the file calls its lists: `node` of each `[[pbx]]`, `name` of each `[[queue]]`, and its pause reasons."""

    lists: Mapping[str, Sequence[str]]
    reasons: Sequence[str]


def variables(names: Names) -> dict[str, list[Path]]:
    """Every variable there is, with the keys it would set: more than one where two names are written alike."""
    found: dict[str, list[Path]] = {}
    for path, words in _paths(names):
        found.setdefault(PREFIX + "_".join(map(shouted, words)), []).append(path)
    return found


def unknown(environment: Mapping[str, str], known: Mapping[str, list[Path]]) -> Iterator[tuple[str, str]]:
    """Name and complaint of each variable that would have no effect."""
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known and name not in ALLOWED:
            yield name, f"there is no such setting; {_help(name, known)}"


def _help(name: str, known: Mapping[str, list[Path]]) -> str:
    answer = suggestion(name, known)
    return answer if answer.startswith("did") else "unset it, or see docs/settings.md for the names."


def shouted(name: str) -> str:
    """`hall-7` as `HALL_7`."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def _paths(names: Names) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for table, struct in TABLES.items():
        for field in msgspec.structs.fields(struct):
            yield (table, field.name), (table, field.name)
    for table, (struct, identity) in LISTS.items():
        for number, name in enumerate(names.lists.get(table, ())):
            for field in msgspec.structs.fields(struct):
                if field.name != identity and name:  # a variable cannot change what it is found by
                    yield (table, number, field.name), (table, name, field.name)
    for reason in names.reasons:
        yield (FREE, reason), (FREE, reason)
