"""`andon recordings find`: what the catalogue has, for who owns this machine; straight from its database, nothing of Andon need run.

Not the page (`recordings/web/finding.py`). A number is looked for on the page alone: a command line ends in the shell's history. What is
asked about an agent is written to the archive's log, as there.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from andon.acts import this_person
from andon.archive.opened import NoArchive, with_catalogue
from andon.command_form import Said
from andon.roles.work import now_us
from andon.say import Exit, complain, say
from andon.settings import Settings
from andon.table import DASH, clean, cut, duration, width
from andon.then import moment
from realtime.words import SECOND, Micros
from recordings.catalogue import search
from recordings.catalogue.asked import ALL, LIMIT_MOST, Key, Query
from recordings.catalogue.catalogue import Catalogue
from recordings.proof.entries import Entry, Json
from recordings.words import Kind

HEAD: Final = ("ID", "BEGAN", "LENGTH", "AGENT", "QUEUE", "CAMPAIGN", "OUTCOME", "CLASS", "KEPT UNTIL", "HOLDS", "STATE", "TROUBLE")
PAGES_MOST: Final = 1_000
"""Each looks at thousands of lines: a year of ten million is through with them."""


MS: Final = 1_000
POINT: Final = 100
"""Scores are kept in hundredths of a point."""


class WrongMoment(Exception):
    """One sentence."""


def find(said: Said, settings: Settings) -> Exit:
    zone = settings.floor.timezone
    try:
        query = query_of(said, zone)
        rows, whole = with_catalogue(settings, lambda catalogue: _found(catalogue, query, said.limit), writes=bool(query.agent))
    except WrongMoment as wrong:
        complain(str(wrong))
        return Exit.WRONG
    except NoArchive as fault:
        complain(str(fault))
        return Exit.FAILED
    for line in [json.dumps(_told(row, zone), ensure_ascii=False) for row in rows] if said.json else table(rows, zone):
        say(line)
    if not rows:
        complain("No recording fits; ask for less, or look with andon doctor whether the archive gets what is recorded.")
    elif not whole:
        complain(f"There are more than these {len(rows)}; say --limit N, or a shorter time.")
    return Exit.DONE


def query_of(said: Said, timezone: str) -> Query:
    """Raises WrongMoment."""
    return Query(
        agent=said.agent,
        campaign=said.campaign,
        queue=said.queue,
        call=said.call,
        client=said.client,
        direction=said.direction,
        outcome=said.outcome,
        class_=said.class_,
        tag=said.tag,
        shortest_ms=round(said.shortest * MS),
        longest_ms=round(said.longest * MS),
        score_from=None if said.score_from is None else round(said.score_from * POINT),
        score_to=None if said.score_to is None else round(said.score_to * POINT),
        trouble=said.trouble,
        state=said.state,
        held=said.held,
        since=edge(said.since, timezone, "--since"),
        until=edge(said.until, timezone, "--until", end=True),
    )


def edge(said: str, timezone: str, option: str, *, end: bool = False) -> Micros:
    """A date begins with its first moment, and as an end ends with its last. Raises WrongMoment."""
    if not said:
        return 0
    try:
        day = date.fromisoformat(said.strip()) + timedelta(days=int(end))
        return round(datetime.combine(day, time(), ZoneInfo(timezone)).timestamp()) * SECOND
    except (ValueError, OverflowError):
        at = moment(said, timezone)
    if at is None:
        raise WrongMoment(f'{said!r} is no moment; write {option} 2026-11-28, or {option} "2026-11-28 14:00", by the floor\'s clock.')
    return at


async def _found(catalogue: Catalogue, query: Query, limit: int) -> tuple[list[Any], bool]:
    """The newest, and whether there are no more."""
    rows: list[Any] = []
    before: Key | None = None
    for _ in range(PAGES_MOST):
        async with catalogue.reading() as connection:
            page = await search.find(connection, query, ALL, before, min(LIMIT_MOST, limit - len(rows)))
        rows += page.rows
        before = page.next
        if before is None or len(rows) >= limit:
            break
    if query.agent:
        private: dict[str, Json] = {"who": this_person(), "role": "local", "what": "search", "agent": query.agent, "found": len(rows)}
        async with catalogue.change() as change:
            await change.append(Entry(kind=Kind.ACCESS, at=now_us(), subject="search", public={"what": "search"}, private=private))
    return rows, before is None


def table(rows: list[Any], timezone: str) -> list[str]:
    if not rows:
        return []
    cells = [HEAD, *(tuple(cut(clean(cell)) for cell in _cells(row, timezone)) for row in rows)]
    widths = [max(width(line[column]) for line in cells) for column in range(len(HEAD))]
    return ["  ".join(cell + " " * (widths[n] - width(cell)) for n, cell in enumerate(line)).rstrip() for line in cells]


def _cells(row: Any, timezone: str) -> tuple[str, ...]:
    return (
        row.id,
        clock(row.began, timezone),
        duration(row.length_ms / 1000),
        row.agents or DASH,
        row.queue or DASH,
        row.campaign or DASH,
        row.outcome or DASH,
        row._mapping["class_"] or DASH,
        clock(row.keep_until - 1, timezone)[:10] if row.keep_until else "open",
        str(row.holds) if row.holds else DASH,
        row.state,
        row.trouble or DASH,
    )


def clock(at: Micros, timezone: str) -> str:
    return datetime.fromtimestamp(at / SECOND, ZoneInfo(timezone)).isoformat(" ", "seconds")[:19]


def _told(row: Any, timezone: str) -> dict[str, Any]:
    """For programs; no numbers."""
    same = (
        "id",
        "state",
        "node",
        "call",
        "leg",
        "direction",
        "agent",
        "queue",
        "campaign",
        "client",
        "outcome",
        "kept_by",
        "holds",
        "bytes",
    )
    told = {name: getattr(row, name) for name in same}
    lists = {name: [word for word in getattr(row, name).split(",") if word] for name in ("agents", "trouble")}
    return {
        **told,
        **lists,
        "began": clock(row.began, timezone),
        "length_ms": row.length_ms,
        "score": None if row.score is None else row.score / POINT,
        "class": row._mapping["class_"],
        "keep_until": clock(row.keep_until, timezone) if row.keep_until else None,
        "sha256": row.sha256.hex(),
        "sealed_entry": row.sealed_entry,
    }
