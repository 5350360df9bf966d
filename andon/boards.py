"""`boards.toml` in the folder of the plan: TOML text to the boards that hang on walls, or to everything that is wrong with it.

The schema is these structs, one a table, one field a key; what a board then is stands in `wallboard/boards.py`. Like
`reading.py` it goes on after an error. Pure but for `load`, which reads the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from ipaddress import ip_network
from pathlib import Path as File
from typing import Any, Final, NamedTuple, cast

import msgspec

from andon.demands import Draft, is_time_zone
from andon.findings import Finding, Seen, quoted, suggestion
from andon.folder_files import read_plain, unreadable
from andon.places import Path, places
from andon.reading import fields_of, not_toml, tree_of
from andon.settings import minutes_of
from wallboard.boards import LAYOUTS, NUMBERS, ORDERS, SECONDS_USUAL, BoardPage, BoardPlan, Dim

FILE: Final = "boards.toml"
READ_MAX: Final = 262_144
"""Bytes; a thousand boards have half of that."""
BOARDS_MAX: Final = 500
PAGES_MAX: Final = 20
"""A figure that is seen for some seconds in ten minutes is seen by nobody."""
SECONDS: Final = (10, 3600)
METRES: Final = (1, 10)
LANGUAGES: Final = ("zh", "en")
THEMES: Final = ("dark", "light", "auto")
DIM_USUAL: Final = 0.4
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class BoardTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[board]]`: one screen, or many that show the same."""

    id: str = ""
    name: str = ""
    name_zh: str = ""
    queues: tuple[str, ...] = ()
    language: str = ""
    theme: str = ""
    distance: float = 0.0
    zone: str = ""
    sound: bool = False
    networks: tuple[str, ...] = ()
    dim: object = None
    page: object = None


class DimTable(msgspec.Struct, frozen=True, kw_only=True):
    """`dim = {...}`: when nobody is there to look."""

    since: str = msgspec.field(name="from", default="")
    until: str = ""
    to: float = DIM_USUAL
    blank: bool = False


class PageTable(msgspec.Struct, frozen=True, kw_only=True):
    """`[[board.page]]`: what takes its turn on the board."""

    layout: str = "wall"
    seconds: int = SECONDS_USUAL
    queues: tuple[str, ...] = ()
    number: str = "waiting"
    order: str = "urgency"


class BoardsReading(NamedTuple):
    """`plans` is None when one of the findings is an error; empty where there is no file."""

    plans: tuple[BoardPlan, ...] | None
    findings: tuple[Finding, ...] = ()


def load(folder: File) -> BoardsReading:
    """Without a file there is the one board that shows everything."""
    try:
        text = read_plain(folder, FILE, READ_MAX)
        if len(text) > READ_MAX:
            return _failed(f"it is larger than {READ_MAX:,} bytes; this cannot be a file of boards.")
        return read(text.decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return BoardsReading(())
    except OSError as error:
        return _failed(unreadable(error))
    except UnicodeDecodeError as error:
        return _failed(f"line {error.object[: error.start].count(10) + 1} is not UTF-8; save the file in that encoding.")


def _failed(text: str) -> BoardsReading:
    return BoardsReading(None, (Finding(FILE, "", text),))


def read(text: str) -> BoardsReading:
    try:
        tree = tree_of(text)
    except ValueError as error:
        return BoardsReading(None, (not_toml(FILE, error),))
    draft = Draft(FILE, "", places(text), lambda _path: Seen())
    for name in tree.keys() - {"board"}:
        draft.add((name,), f"there is no table {quoted(name)}; {suggestion(name, ['board'])}")
    tables = _tables(("board",), tree.get("board", []), BOARDS_MAX, draft)
    draft.names["board"] = [each if isinstance(each := table.get("id"), str) else "" for table in tables]
    plans = tuple(_board(table, ("board", number), draft) for number, table in enumerate(tables))
    _told_apart(draft)
    wrong = any(finding.error for finding in draft.findings)
    return BoardsReading(None if wrong else plans, tuple(draft.findings))


def _tables(path: Path, value: object, at_most: int, draft: Draft) -> list[dict[str, object]]:
    name = ".".join(str(part) for part in path if isinstance(part, str))
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        draft.add(path, f"this table comes many times; write each as [[{name}]] in double brackets.")
        return []
    if len(value) > at_most:
        draft.add(path, f"there are {len(value)} of [[{name}]]; keep at most {at_most}.")
    return cast(list[dict[str, object]], value[:at_most])


# ---------------------------------------------------------------- one board


def _board(table: dict[str, object], path: Path, draft: Draft) -> BoardPlan:
    said = BoardTable(**fields_of(path, BoardTable, table, draft, inner=("dim", "page")))
    if not _ID.fullmatch(said.id):
        given = f"{quoted(said.id)} cannot stand in an address" if said.id else "it is missing"
        _add_once((*path, "id"), f'{given}; write up to 32 small letters, digits and hyphens, as "hall-7".', draft)
    for key in ("name", "name_zh"):
        if len(getattr(said, key)) > 60:
            draft.add((*path, key), "it is longer than 60 characters, more than fits above a board; write a shorter one.")
    _queues(said.queues, (*path, "queues"), draft)
    _one_of(said.language, LANGUAGES, (*path, "language"), draft)
    _one_of(said.theme, THEMES, (*path, "theme"), draft)
    if said.distance:
        _within(said.distance, METRES, (*path, "distance"), draft)
    if said.zone and not is_time_zone(said.zone):
        draft.add((*path, "zone"), f'{quoted(said.zone)} is no time zone that this machine knows; write it as "Asia/Shanghai".')
    _networks(said.networks, (*path, "networks"), draft)
    return BoardPlan(
        **{key: getattr(said, key) for key in ("id", "name", "name_zh", "queues", "language", "theme", "zone", "sound", "networks")},
        distance=said.distance or None,
        dim=_dim(table["dim"], (*path, "dim"), draft) if "dim" in table else None,
        pages=_pages(table["page"], said.queues, (*path, "page"), draft) if "page" in table else (BoardPage(),),
    )


def _networks(networks: Sequence[str], path: Path, draft: Draft) -> None:
    for each in networks:
        try:
            ip_network(each)
        except ValueError:
            draft.add(path, f'{quoted(each)} is no IP address or network; write it as "10.0.0.5" or "10.0.0.0/24".')


def _dim(value: object, path: Path, draft: Draft) -> Dim | None:
    example = 'dim = {from = "22:00", until = "07:00", to = 0.4}'
    if not isinstance(value, dict):
        draft.add(path, f"this is a table; write it as {example}.")
        return None
    said = DimTable(**fields_of(path, DimTable, value, draft))
    for key, text in (("from", said.since), ("until", said.until)):
        if minutes_of(text) is None:
            what = f"{quoted(text)} is no time of day" if text else "it is missing"
            _add_once((*path, key), f"{what}; write it as {example}.", draft)
    if said.since and said.since == said.until:
        draft.add(path, f"from and until are the same moment; write it as {example}.")
    if said.blank and "to" in value:
        draft.add(path, "a blank screen has no brightness; keep one of blank and to.")
    if not 0.1 <= said.to <= 1:
        draft.add((*path, "to"), f"{said.to:g} is out of range; write a part of full brightness from 0.1 to 1, or blank = true.")
    return Dim(since=minutes_of(said.since) or 0, until=minutes_of(said.until) or 0, to=0.0 if said.blank else said.to)


def _pages(value: object, queues: Collection[str], path: Path, draft: Draft) -> tuple[BoardPage, ...]:
    tables = _tables(path, value, PAGES_MAX, draft)
    return tuple(_page(table, queues, (*path, number), draft) for number, table in enumerate(tables)) or (BoardPage(),)


def _page(table: dict[str, object], queues: Collection[str], path: Path, draft: Draft) -> BoardPage:
    fields = fields_of(path, PageTable, table, draft)
    said = PageTable(**fields)
    right = [
        _one_of(said.layout, LAYOUTS, (*path, "layout"), draft),
        _one_of(said.number, NUMBERS, (*path, "number"), draft),
        _one_of(said.order, ORDERS, (*path, "order"), draft),
    ]
    _within(said.seconds, SECONDS, (*path, "seconds"), draft)
    _queues(said.queues, (*path, "queues"), draft)
    for key, layout in (("number", "number"), ("order", "wall")):
        if key in fields and said.layout in LAYOUTS and said.layout != layout:
            draft.add((*path, key), f'the layout {said.layout} has no such thing; remove it, or write layout = "{layout}".')
    if queues and (others := [queue for queue in said.queues if queue not in queues]):
        draft.add((*path, "queues"), f"{quoted(others[0])} is not among the queues of this board; add it there, or remove it here.")
    return BoardPage(**_typed(said)) if all(right) else BoardPage()


def _typed(said: PageTable) -> dict[str, Any]:
    return {name: getattr(said, name) for name in ("layout", "seconds", "queues", "number", "order")}


# ---------------------------------------------------------------- values


def _queues(names: Sequence[str], path: Path, draft: Draft) -> None:
    if "" in names:
        draft.add(path, 'a queue without a name; write names as in queues.conf, as ["sales"], or leave the key out for all queues.')
    if len(set(names)) < len(names):
        draft.add(path, "a queue stands here twice; name each once.")


def _one_of(word: str, known: Sequence[str], path: Path, draft: Draft) -> bool:
    """Empty words are what a screen chooses itself."""
    right = not word or word in known
    if not right:
        draft.add(path, f"{quoted(word)} is not known; {suggestion(word, known)}")
    return right and bool(word)


def _within(number: float, bounds: tuple[int, int], path: Path, draft: Draft) -> None:
    if not bounds[0] <= number <= bounds[1]:
        draft.add(path, f"{number:g} is out of range; write a number from {bounds[0]} to {bounds[1]}.")


def _add_once(path: Path, text: str, draft: Draft) -> None:
    if path not in draft.spoilt:
        draft.add(path, text)


def _told_apart(draft: Draft) -> None:
    seen: set[str] = set()
    for number, name in enumerate(draft.names["board"]):
        if name and name in seen:
            draft.add(("board", number, "id"), f"{quoted(name)} is the id of a board above; give each its own.")
        seen.add(name)
