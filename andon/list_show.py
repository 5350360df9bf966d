"""`andon lists show` and `verify`: which versions there are, which one is in force, and whether they are what they were.

Not the bringing in (`lists.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from andon import list_floor
from andon.list_floor import NoFloor
from andon.lists import DAY, date_of, folder_of
from andon.say import Exit, complain, say
from andon.settings import Settings
from andon.table import clean, cut, width
from realtime.lists.files import Mapped, Refused, names, path_of, peek, versions
from realtime.outbound import ListAnnounced
from realtime.plan.dialling import DialRules, ListRule
from realtime.words import Micros

MOST_DAYS: Final = ListRule(id="").most_days


class Line(NamedTuple):
    """One version in the table."""

    name: str
    kind: str
    version: str
    numbers: str
    blocks: str
    as_of: str
    age: str
    stale: str
    in_force: str


HEAD: Final = Line("LIST", "KIND", "VERSION", "NUMBERS", "BLOCKS", "AS OF", "DAYS", "STALE", "IN FORCE")


def show(settings: Settings, name: str, now: Micros) -> Exit:
    try:
        owned = list_floor.read_floor(settings).owned
        in_force: dict[str, ListAnnounced] | None = owned.outbound.lists
        rules = owned.plan.dialling
    except NoFloor as fault:
        in_force, rules = None, DialRules()
        complain(f"What is in force cannot be told: {fault}")
    folder = folder_of(settings)
    wanted = [each for each in sorted({*names(folder), *(in_force or {})}) if name in ("", each)]
    if not wanted:
        complain("There is no list; bring one in with andon lists import NAME FILE.")
        return Exit.DONE
    lines, missing = [HEAD], []
    for each in wanted:
        ours, announced = versions(folder, each), (in_force or {}).get(each)
        lines += [_line(folder, each, version, announced, in_force is not None, most_days(rules, each), now) for version in ours]
        if announced is not None and announced.version not in ours:
            missing.append(
                f"{each}@{announced.version[:12]} is announced, and its file is not on this machine: copy it into {folder / each}"
            )
    widths = [max(width(line[column]) for line in lines) for column in range(len(HEAD))]
    for line in lines:
        say("  ".join(text + " " * (widths[column] - width(text)) for column, text in enumerate(line)).rstrip())
    for sentence_ in missing:
        complain(sentence_)
    return Exit.FAILED if missing else Exit.DONE


def _line(folder: Path, name: str, version: str, announced: ListAnnounced | None, known: bool, most: int, now: Micros) -> Line:
    try:
        packed = peek(path_of(folder, name, version))
    except (OSError, Refused) as fault:
        return Line(name, "?", version[:12], "?", "?", "?", "?", "?", clean(cut(str(fault))))
    meta = packed.meta
    days = max(0, now - meta.as_of) // DAY
    force = "?" if not known else "yes" if announced is not None and announced.version == version else ""
    stale = f"yes, over {most} days" if meta.kind == "dnc" and now - meta.as_of > most * DAY else ""
    return Line(
        name, meta.kind, version[:12], f"{len(packed):,}", f"{len(packed.prefixes):,}", date_of(meta.as_of), f"{days:,}", stale, force
    )


def most_days(rules: DialRules, name: str) -> int:
    """How old a list may be: the strictest rule that names it."""
    presets = (*rules.presets, *(campaign.rules for campaign in rules.campaigns))
    return min((rule.most_days for preset in presets for rule in preset.lists if name in rule.lists), default=MOST_DAYS)


def verify(settings: Settings, name: str) -> Exit:
    """Every byte of every version against its name, and whether each number can be found."""
    folder, wrong, count = folder_of(settings), 0, 0
    for each in [name] if name else names(folder):
        for version in versions(folder, each):
            count += 1
            if why := _wrong(path_of(folder, each, version), version):
                wrong += 1
                complain(why)
            else:
                say(f"{each}@{version[:12]} is whole")
    if not count:
        complain("There is no such list." if name else "There is no list.")
        return Exit.FAILED if name else Exit.DONE
    if wrong:
        complain(f"{wrong} of {count} files cannot be relied on; take them from another machine or a backup, or import anew.")
    return Exit.FAILED if wrong else Exit.DONE


def _wrong(path: Path, version: str) -> str:
    try:
        mapped = Mapped(path, version)
    except (OSError, Refused) as fault:
        return str(fault)
    return "" if mapped.in_order() else f"{path}: its numbers are out of order, so some would not be found"
