"""What a sample is drawn from: the calls, and the plan's rules, as they stood when the checkpoint of its seed was signed.

Not the drawing (`sampling.py`, `samples.py`). Once that checkpoint is signed anybody can reckon which call would be drawn from which
stratum, so what moves a call after it must not count: a result that is coded or put right, who talked (`calls/ledger_rows.py` writes down
what was there before), a recording that two people let go or give up, `[sampling]` of the plan (`say_rules`, before each checkpoint). What
the archive cannot tell is said in docs/quality.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.quality import SamplingRules
from realtime.words import SECOND, Micros
from recordings.calls.followed import ENTRY, Before
from recordings.calls.late import LATEST
from recordings.catalogue import tree
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import checkpoints, log, recordings
from recordings.proof.entries import Entry
from recordings.quality.refusal import NotDone
from recordings.quality.sampling import Candidate
from recordings.retention.tables import redactions
from recordings.words import STATES_GONE, Kind, State

CANDIDATES_MAX: Final = 500_000
"""Calls of a month: a thousand agents have less."""
FOLLOWED_MOST: Final = 20_000
"""Entries of what followed its call in two months; each has up to some hundred recordings."""
DAY: Final[Micros] = 86_400 * SECOND
RULES: Final = "sampling"
"""Subject of entries that say by which rules samples are drawn from now on."""
CHAIN_MOST: Final = 20
"""Redactions of redactions."""


ROW: Final = ("place", "id", "agent", "campaign", "began", "length_ms", "outcome", "state")


class Mark(NamedTuple):
    """A checkpoint: so many entries had the log then."""

    size: int
    root: bytes
    at: Micros


class RulesThen(NamedTuple):
    """`entry`: of the log, in which they stand; -1: none said them before the checkpoint, so they are those of the draw."""

    rules: SamplingRules
    entry: int
    plan: str


async def mark_after(connection: AsyncConnection, at: Micros) -> Mark:
    """The first checkpoint that was signed after that moment: nobody knew it while the calls were made. Raises NotDone."""
    columns = (checkpoints.c.size, checkpoints.c.root, checkpoints.c.at)
    row = (await connection.execute(select(*columns).where(checkpoints.c.at >= at).order_by(checkpoints.c.size).limit(1))).first()
    if row is None:
        raise NotDone("quality.no_checkpoint")
    return Mark(int(row.size), bytes(row.root), int(row.at))


# ------------------------------------------------------------------ rules


def text_of(rules: SamplingRules) -> str:
    """With what is not said in the plan, too: a later Andon may have other defaults."""
    return json.dumps({name: getattr(rules, name) for name in rules.__struct_fields__}, sort_keys=True)


async def say_rules(catalogue: Catalogue, rules: SamplingRules, plan: str, now: Micros) -> None:
    """Where they are others than the last that were said. For the archivist, before it signs a checkpoint. `plan`: its version. A log is
    not begun by it: the first checkpoint would be one of an archive without a recording, and no month of it could be drawn from."""
    text = text_of(rules)
    async with catalogue.reading() as connection:
        if not await tree.size(connection) or await _said(connection) == text:
            return
    async with catalogue.change() as change:
        await change.append(Entry(kind=Kind.SAMPLE, at=now, subject=RULES, public={"rules": text, "plan": plan}))


async def rules_at(connection: AsyncConnection, mark: Mark, now: RulesThen) -> RulesThen:
    """`now`: those in force, where nothing is known of before."""
    row = await _last(connection, log.c.index < mark.size)
    if row is None:
        return now
    public = json.loads(row.leaf)["public"]
    return RulesThen(msgspec.json.decode(public["rules"], type=SamplingRules), row.entry, public["plan"])


async def _said(connection: AsyncConnection) -> str:
    row = await _last(connection)
    return "" if row is None else str(json.loads(row.leaf)["public"]["rules"])


async def _last(connection: AsyncConnection, *where: ColumnElement[bool]) -> Any:
    said = select(log.c.index.label("entry"), log.c.leaf).where(log.c.subject == RULES, log.c.kind == Kind.SAMPLE.value, *where)
    return (await connection.execute(said.order_by(log.c.index.desc()).limit(1))).first()


# ------------------------------------------------------------------ calls


class Frame(NamedTuple):
    """`calls` by id; `places` of each, or of what took its place, where it was redacted since; `gone`: ids of which nothing is left;
    `undone`: so many are taken as they were before something followed its call."""

    calls: list[Candidate]
    places: dict[str, int]
    gone: frozenset[str]
    undone: int


async def frame(connection: AsyncConnection, since: Micros, until: Micros, campaign: str, timezone: str, mark: Mark) -> Frame:
    columns = recordings.c
    sealed = (columns.began < until, columns.sealed_entry < mark.size)  # what came behind it came when the seed was known
    wanted = select(*[columns[name] for name in ROW]).where(columns.began >= since, *sealed, columns.agent != "", _was_there(mark))
    if campaign:
        wanted = wanted.where(columns.campaign == campaign)
    rows = (await connection.execute(wanted.order_by(columns.id).limit(CANDIDATES_MAX))).mappings().all()
    before = await _before(connection, mark, until)
    firsts = select(columns.agent, func.min(columns.began).label("first")).where(*sealed).group_by(columns.agent)
    first = {row.agent: row.first for row in await connection.execute(firsts)}
    zone, calls = ZoneInfo(timezone), []
    for row in rows:
        was = before.get(row["place"], Before(row["place"], row["agent"], row["outcome"]))
        if was.agent:
            hour, seconds = datetime.fromtimestamp(row["began"] / SECOND, zone).hour, row["length_ms"] / 1_000
            tenure = (until - first.get(was.agent, row["began"])) // DAY
            calls.append(Candidate(row["id"], was.agent, row["campaign"], hour, seconds, was.outcome, tenure))
    left = {row["place"]: row["id"] for row in rows if State(row["state"]) in STATES_GONE}
    into = await _successors(connection, list(left))
    places = {row["id"]: into.get(row["place"], row["place"]) for row in rows}
    return Frame(calls, places, frozenset(left[place] for place in left.keys() - into.keys()), sum(row["place"] in before for row in rows))


def _was_there(mark: Mark) -> ColumnElement[bool]:
    """Let go, or given up, since the checkpoint was signed: it was there then."""
    state, lost = recordings.c.state, select(log.c.index).where(log.c.subject == recordings.c.id, log.c.kind == Kind.GAP.value)
    since = or_(state != State.DISPOSED.value, recordings.c.disposed_at >= mark.at)
    return or_(state.not_in([each.value for each in STATES_GONE]), and_(since, ~lost.where(log.c.index < mark.size).exists()))


async def _before(connection: AsyncConnection, mark: Mark, until: Micros) -> Mapping[int, Before]:
    """By place, what the first change since the checkpoint found."""
    said = select(log.c.private).where(log.c.subject == ENTRY, log.c.index >= mark.size, log.c.at <= until + LATEST + DAY)
    found: dict[int, Before] = {}
    for private in (await connection.execute(said.order_by(log.c.index).limit(FOLLOWED_MOST))).scalars():
        for place, agent, outcome in json.loads(private)["before"] if private else ():
            found.setdefault(place, Before(place, agent, outcome))
    return found


async def _successors(connection: AsyncConnection, gone: Sequence[int]) -> dict[int, int]:
    """Of those that were redacted since: what took the place of each, if that is still there."""
    found: dict[int, int] = {}
    first = {place: place for place in gone}
    for _ in range(CHAIN_MOST):
        made = await _made_of(connection, list(first))
        first = {row.made: first[row.original] for row in made}
        found |= {first[row.made]: row.made for row in made if State(row.state) not in STATES_GONE}
        if not first:
            break
    return found


async def _made_of(connection: AsyncConnection, places: Sequence[int]) -> list[Any]:
    rows: list[Any] = []
    for at in range(0, len(places), 500):
        wanted = select(redactions.c.original, redactions.c.made, recordings.c.state)
        wanted = wanted.join(recordings, recordings.c.place == redactions.c.made)
        rows += (await connection.execute(wanted.where(redactions.c.original.in_(places[at : at + 500]), redactions.c.made > 0))).all()
    return rows
