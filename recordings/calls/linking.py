"""Which call and leg a file of the spool belongs to. Pure: whoever has the cards asks with them.

Asterisk's own word first (VarSet MIXMONITOR_FILENAME, as keyed digests of base names in the cards), then a uniqueid inside of the name,
which dialplans put there by custom. What neither finds is an orphan; it is kept all the same. Not the spool (`spool/`).

Files of r() and t() are the two legs of one recording, told apart by what their names end with (`leg_of`); Asterisk says the name of the
mixed file alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple

from realtime.words import SECOND, Micros
from recordings.recording import CallCard

Side = Literal["", "rx", "tx"]
SIDES: Final[dict[str, Side]] = {
    **dict.fromkeys(("rx", "in", "r", "receive"), "rx"),
    **dict.fromkeys(("tx", "out", "t", "transmit"), "tx"),
}
"""What names of split recordings end with, after `-`, `_` or a point. rx: what the recorded channel's own party said."""
_SPLIT: Final = re.compile(rf"(?P<stem>.+)[-_.](?P<side>{'|'.join(SIDES)})", re.IGNORECASE)
_UNIQUEID: Final = re.compile(r"(?<!\d)(1\d{9}\.\d{1,10})(?!\d)", re.ASCII)
"""A second from 2001 to 2033, a point and a counter. A customer's number before a point (`2125550148.20261128.wav`) is none: what is one
is written down as it stands, to look for the call by."""
_SYSTEM: Final = re.compile(r"([A-Za-z0-9_]{1,32})-$")
"""Asterisk writes `SYSTEMNAME-EPOCH.COUNTER` where asterisk.conf has a `systemname`."""
NAME_MOST: Final = 1024
"""Characters of a name that are looked at: no file system has longer base names than 255 bytes."""
EARLY: Final[Micros] = 5 * SECOND
"""A file may be older than its call by so much: clocks differ, and a file's times have no fractions on some file systems."""
LATE: Final[Micros] = 3600 * SECOND
"""A name that is used again and again (`last.wav`) is not the one of a call that ended so long before."""


class Leg(NamedTuple):
    """Files of the same stem, folder and extension are one recording's. `side` empty: mixed, or interleaved."""

    stem: str
    side: Side


class Link(NamedTuple):
    card: CallCard
    leg: str
    how: Literal["named", "uniqueid"]


def base_name(path: str) -> str:
    """`path`: under the spool, with `/`. What Asterisk says of the same file has the same base name, whatever is mounted where."""
    return path.rpartition("/")[2]


def leg_of(path: str) -> Leg:
    """Of `2026/11/28/a-rx.wav`: `2026/11/28/a.wav`, rx."""
    folder, slash, base = path.rpartition("/")
    stem, point, extension = base.rpartition(".")
    found = _SPLIT.fullmatch(stem if point else base)
    if found is None:
        return Leg(path, "")
    return Leg(f"{folder}{slash}{found['stem']}{point}{extension if point else ''}", SIDES[found["side"].lower()])


def names(path: str) -> tuple[str, ...]:
    """Base names under which Asterisk may have said this file: its own, then that of the mixed file beside a split leg."""
    own = base_name(path)[:NAME_MOST]
    mixed = base_name(leg_of(path).stem)[:NAME_MOST]
    return (own,) if mixed == own else (own, mixed)


def uniqueids(path: str) -> tuple[str, ...]:
    """Inside of the name, with the system's name before it where there is one; to look for cards by."""
    base = base_name(path)[:NAME_MOST]
    found: list[str] = []
    for each in _UNIQUEID.finditer(base):
        system = _SYSTEM.search(base[: each.start()])
        found += [f"{system[1]}-{each[1]}", each[1]] if system is not None else [each[1]]
    return tuple(dict.fromkeys(found))


def link(path: str, node: str, when: Micros, cards: Sequence[CallCard], digest: Callable[[str], str]) -> Link | None:
    """`when`: any moment of the file's life, as its last change; `cards`: those that name or ids found; None: an orphan."""
    return link_by([digest(name) for name in names(path)], uniqueids(path), node, when, cards)


def link_by(keys: Sequence[str], ids: Sequence[str], node: str, when: Micros, cards: Sequence[CallCard]) -> Link | None:
    """The same by what was written down of a name: digests of the names it may have, uniqueids in it."""
    here = [card for card in cards if card.node == node]
    for key in keys:
        said = [card for card in here if key in card.files and fits(card, when)]
        if said:
            card = min(said, key=lambda each: distance(each, when))
            return Link(card, card.files[key], "named")
    for uniqueid in ids:
        for card in sorted(here, key=lambda each: distance(each, when)):
            if uniqueid == card.call or uniqueid in card.legs or uniqueid in card.recorded:
                return Link(card, recorded_leg(card, uniqueid), "uniqueid")
    return None


def recorded_leg(card: CallCard, uniqueid: str) -> str:
    """Files are often named by the call; then its one recorded leg is meant."""
    if uniqueid in card.recorded or len(card.recorded) != 1:
        return uniqueid
    return card.recorded[0]


def fits(card: CallCard, when: Micros) -> bool:
    return card.began - EARLY <= when and (not card.ended or when <= card.ended + LATE)


def distance(card: CallCard, when: Micros) -> Micros:
    """From the call; 0 inside of it."""
    return max(card.began - when, when - card.ended if card.ended else 0, 0)
