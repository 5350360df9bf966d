"""Which recordings go onto discs together, and what fits on each disc of a set. Pure: the same lines give the same sets.

Together goes what becomes due together: one client, one class, one month of disposal (a write-once medium cannot lose a single
recording; when all of them are due, the medium can be destroyed). Not how they are read from the catalogue (`store.py`).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from realtime.plan.archive import ArchiveRules, DiscRules
from realtime.words import Micros
from recordings.discs.media import medium_of, room, weight
from recordings.words import State

MOST_DISCS: Final = 99
"""Of one set: two digits on a hub. What is left over makes another set."""


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the catalogue, as far as a disc is concerned. No number, no name of a person: a disc cannot forget its catalogue."""

    place: int
    id: str
    state: str
    began: Micros
    length_ms: int
    class_: str
    month: str  # of disposal: YYYY-MM, or open
    client: str = ""
    campaign: str = ""
    queue: str = ""
    direction: str = ""
    call: str = ""
    format: str = ""
    rate: int = 8000
    sides: int = 1
    size: int = 0  # as captured
    sha256: bytes = b""
    container: bytes = b""
    container_bytes: int = 0
    entry: int = -1  # of its seal, in the log
    keep_until: Micros = 0
    holds: int = 0
    conflict: bool = False
    redacting: bool = False  # card data was found in it: what takes its place is burned


class Group(NamedTuple):
    client: str
    class_: str
    month: str


class Planned(NamedTuple):
    """One set to be. `discs`: what goes onto each, in the order of the calls. `too_large`: larger than a whole medium."""

    group: Group
    medium: str
    discs: tuple[tuple[Item, ...], ...]
    too_large: tuple[Item, ...] = ()
    left: int = 0  # for another set


def may_burn(item: Item, rules: ArchiveRules) -> bool:
    """Kept, sealed in a vault, of a class that is burned, with no hold (which would pin a whole disc), no conflict of rules, and no card
    data that waits to be silenced."""
    burned = any(each.id == item.class_ and each.burn for each in rules.classes)
    whole = bool(item.container) and item.container_bytes > 0 and item.entry >= 0
    return burned and whole and item.state == State.KEPT.value and not (item.holds or item.conflict or item.redacting)


def plan_sets(items: Iterable[Item], rules: ArchiveRules) -> tuple[Planned, ...]:
    """By client, class and month. An empty tuple where no class is burned."""
    groups: dict[Group, list[Item]] = {}
    for item in items:
        if may_burn(item, rules):
            groups.setdefault(Group(item.client, item.class_, item.month), []).append(item)
    return tuple(_planned(group, groups[group], rules.discs) for group in sorted(groups))


def _planned(group: Group, items: Sequence[Item], rules: DiscRules) -> Planned:
    """First fit by the beginning of the call: discs are filled in order, and a short call may close an earlier disc's gap."""
    most = room(medium_of(rules.media), rules.fill)
    discs: list[list[Item]] = []
    free: list[int] = []
    too_large, left = [], 0
    for item in sorted(items, key=lambda each: (each.began, each.id)):
        needs = weight(item.container_bytes)
        if needs > most:
            too_large.append(item)
            continue
        at = next((number for number, room_left in enumerate(free) if room_left >= needs), len(discs))
        if at == MOST_DISCS:
            left += 1
            continue
        if at == len(discs):
            discs.append([])
            free.append(most)
        discs[at].append(item)
        free[at] -= needs
    return Planned(group, rules.media, tuple(tuple(disc) for disc in discs), tuple(too_large), left)


def set_id(planned: Planned, at: Micros) -> str:
    """8 letters and digits, opaque: what is on a disc is nobody's business who finds it."""
    told = [*planned.group, planned.medium, at, [[item.id for item in disc] for disc in planned.discs]]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).digest()
    return base64.b32encode(digest)[:8].decode()


def disc_id(set_id: str, number: int, copy: str, turn: int = 1) -> str:
    """`turn` counts the media that were burned in the place of a bad one."""
    return f"{set_id}-{number}{copy}{turn if turn > 1 else ''}"


def list_hash(ids: Iterable[str]) -> str:
    """Of the recordings on a disc, in the order of their ids."""
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(ids)).encode()).hexdigest()
