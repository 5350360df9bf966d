"""Samples as they are drawn and kept: once for each kind, period and campaign, by the root of a checkpoint that came after the period.

Not the drawing (`sampling.py`). The checkpoint is the first one that was signed when the month was over: who draws chooses neither it nor
the calls. What is left out afterwards is said with a reason and stays in the list.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.quality import SamplingRules
from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import checkpoints, recordings
from recordings.proof.entries import Entry, Json
from recordings.quality.intervals import needed
from recordings.quality.months import before
from recordings.quality.refusal import NotDone
from recordings.quality.sampling import Candidate, Drawn, digest_of, for_coaching, for_estimate, seed_of
from recordings.quality.tables import sample_items, samples, scores
from recordings.words import STATES_GONE, Kind, State

CANDIDATES_MAX = 500_000
"""Calls of a month: a thousand agents have less."""
DAY: Micros = 86_400 * SECOND
EVERY: Final = 2**62
PERIOD: Final = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")
"""A sample's seed and name are of this text."""


class Made(NamedTuple):
    sample: int
    drawn: list[Drawn]
    candidates: int


async def draw(
    catalogue: Catalogue, kind: str, period: str, campaign: str, rules: SamplingRules, timezone: str, who: str, now: Micros
) -> Made:
    """Raises NotDone."""
    since, until = span_of(period, timezone)
    if until > now:
        raise NotDone("quality.not_over", period=period)
    async with catalogue.change() as change:
        connection = change.connection
        where = (samples.c.kind == kind, samples.c.period == period, samples.c.campaign == campaign)
        if (await connection.execute(select(samples.c.id).where(*where))).first() is not None:
            raise NotDone("quality.drawn_before")
        size, root = await _root_after(connection, until)
        found = await candidates(connection, since, until, campaign, timezone, size)
        places = {one.id: place for place, one in found}
        calls, seed = [one for _, one in found], seed_of(root, f"{period} {kind} {campaign}")
        many = needed(rules.confidence, rules.margin, len(calls))
        drawn = for_estimate(calls, rules, seed, many) if kind == "estimate" else for_coaching(calls, rules, seed)
        if not drawn:  # it would stand in the list for ever, and no other could be drawn
            raise NotDone("quality.nothing_to_draw", period=period, seconds=rules.shortest_s)
        row = {"kind": kind, "period": period, "campaign": campaign, "size": len(drawn), "candidates": len(calls), "checkpoint": size}
        row |= {"root": root, "rules": msgspec.json.encode(rules).decode(), "by": who, "at": now}
        sample = int((await connection.execute(insert(samples).values(**row).returning(samples.c.id))).scalar_one())
        items = [{"sample": sample, "recording": places[one.id], "stratum": one.stratum, "whole": one.whole} for one in drawn]
        if items:
            await connection.execute(insert(sample_items), items)
        public: dict[str, Json] = {"kind": kind, "period": period, "checkpoint": size, "size": len(drawn), "candidates": len(calls)}
        public["drawn_from"] = digest_of(calls, rules)
        await change.append(Entry(kind=Kind.SAMPLE, at=now, subject=f"sample-{sample}", public=public, private={"who": who}))
    return Made(sample, drawn, len(calls))


async def leave_out(catalogue: Catalogue, sample: int, place: int, why: str, who: str, now: Micros) -> None:
    """After the draw and before anybody scores it, with a reason that everybody reads: else a failure could be left out. Raises NotDone."""
    async with catalogue.change() as change:
        begun = select(scores.c.id).where(scores.c.recording == place).limit(1)
        if (await change.connection.execute(begun)).first() is not None:
            raise NotDone("quality.scored_before")
        state = (await change.connection.execute(select(recordings.c.state).where(recordings.c.place == place))).scalar_one()
        if state == State.DISPOSED.value:  # its reason would outlive it
            raise NotDone("quality.no_such_recording")
        item = (sample_items.c.sample == sample, sample_items.c.recording == place, sample_items.c.left_out == "")
        done = await change.connection.execute(update(sample_items).where(*item).values(left_out=why, left_out_by=who))
        if done.rowcount != 1:
            raise NotDone("quality.not_in_sample")
        private: dict[str, Json] = {"who": who, "why": why, "place": place}
        await change.append(Entry(kind=Kind.SAMPLE, at=now, subject=f"sample-{sample}", public={"left_out": 1}, private=private))


async def candidates(
    connection: AsyncConnection, since: Micros, until: Micros, campaign: str, timezone: str, sealed: int = EVERY
) -> list[tuple[int, Candidate]]:
    """Each with its place, by id. `sealed`: entries of the log; what was sealed behind them came when the seed was known, and is none."""
    columns = recordings.c
    firsts = {
        row.agent: row.first
        for row in await connection.execute(
            select(columns.agent, func.min(columns.began).label("first")).where(columns.began < until).group_by(columns.agent)
        )
    }
    wanted = select(columns.place, columns.id, columns.agent, columns.campaign, columns.began, columns.length_ms, columns.outcome).where(
        columns.began >= since,
        columns.began < until,
        columns.sealed_entry < sealed,
        columns.agent != "",
        columns.state.not_in([state.value for state in STATES_GONE]),
    )
    if campaign:
        wanted = wanted.where(columns.campaign == campaign)
    rows = (await connection.execute(wanted.order_by(columns.id).limit(CANDIDATES_MAX))).all()
    zone = ZoneInfo(timezone)
    return [
        (
            row.place,
            Candidate(
                row.id,
                row.agent,
                row.campaign,
                datetime.fromtimestamp(row.began / SECOND, zone).hour,
                row.length_ms / 1_000,
                row.outcome,
                (until - firsts[row.agent]) // DAY,
            ),
        )
        for row in rows
    ]


def span_of(period: str, timezone: str) -> tuple[Micros, Micros]:
    """The month by the floor's clock. In one spelling: it names a sample, which is drawn once. Raises NotDone."""
    try:
        if not PERIOD.fullmatch(period):
            raise ValueError(period)
        zone, after = ZoneInfo(timezone), before(period, -1)
        since, until = (datetime(int(name[:4]), int(name[5:7]), 1, tzinfo=zone).astimezone(UTC) for name in (period, after))
    except ValueError as error:
        raise NotDone("quality.no_month") from error
    return int(since.timestamp()) * SECOND, int(until.timestamp()) * SECOND


async def _root_after(connection: AsyncConnection, at: Micros) -> tuple[int, bytes]:
    """The first checkpoint that was signed after that moment: nobody knew it while the calls were made."""
    wanted = select(checkpoints.c.size, checkpoints.c.root).where(checkpoints.c.at >= at).order_by(checkpoints.c.size).limit(1)
    row = (await connection.execute(wanted)).first()
    if row is None:
        raise NotDone("quality.no_checkpoint")
    return int(row.size), bytes(row.root)
