"""Samples as they are drawn and kept: once for each kind, period and campaign, by the root of a checkpoint that came after the period.

Not the drawing (`sampling.py`) and not what it is drawn from (`frame.py`). The checkpoint is the first one that was signed when the month
was over: who draws chooses neither it nor the calls. What is left out afterwards is said with a reason and stays in the list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from realtime.plan.quality import SamplingRules
from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import recordings
from recordings.proof.entries import Entry, Json
from recordings.quality.frame import Frame, RulesThen, frame, mark_after, rules_at, text_of
from recordings.quality.intervals import needed
from recordings.quality.months import before
from recordings.quality.refusal import NotDone
from recordings.quality.sampling import Candidate, Drawn, digest_of, for_coaching, for_estimate, ids_digest, seed_of
from recordings.quality.tables import sample_items, samples, scores
from recordings.words import Kind, State

GONE: Final = "gone"
"""Why it is left out: it was let go, or given up, between the checkpoint and the draw."""
STRATA_MOST: Final = 1_000
"""Of a draw that its entry of the log has the sizes of: agents of a large centre, or kinds of calls of a dozen campaigns."""
PERIOD: Final = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")
"""A sample's seed and name are of this text."""


class Made(NamedTuple):
    sample: int
    drawn: list[Drawn]
    candidates: int


async def draw(
    catalogue: Catalogue, kind: str, period: str, campaign: str, rules: SamplingRules, timezone: str, who: str, now: Micros, plan: str = ""
) -> Made:
    """`rules`, `plan`: those in force, where the log does not say which were when the checkpoint was signed. Raises NotDone."""
    since, until = span_of(period, timezone)
    if until > now:
        raise NotDone("quality.not_over", period=period)
    async with catalogue.change() as change:
        connection = change.connection
        where = (samples.c.kind == kind, samples.c.period == period, samples.c.campaign == campaign)
        if (await connection.execute(select(samples.c.id).where(*where))).first() is not None:
            raise NotDone("quality.drawn_before")
        mark = await mark_after(connection, until)
        then = await rules_at(connection, mark, RulesThen(rules, -1, plan))
        found = await frame(connection, since, until, campaign, timezone, mark)
        drawn = _drawn(kind, found.calls, then.rules, seed_of(mark.root, f"{period} {kind} {campaign}"))
        if not drawn:  # it would stand in the list for ever, and no other could be drawn
            raise NotDone("quality.nothing_to_draw", period=period, seconds=then.rules.shortest_s)
        row = {"kind": kind, "period": period, "campaign": campaign, "size": len(drawn), "candidates": len(found.calls)}
        row |= {"checkpoint": mark.size, "root": mark.root, "rules": text_of(then.rules), "by": who, "at": now}
        sample = int((await connection.execute(insert(samples).values(**row).returning(samples.c.id))).scalar_one())
        await connection.execute(insert(sample_items), [_item(sample, one, found) for one in drawn])
        await change.append(_entry(sample, row, drawn, found, then, who))
    return Made(sample, drawn, len(found.calls))


def _drawn(kind: str, calls: Sequence[Candidate], rules: SamplingRules, seed: bytes) -> list[Drawn]:
    if kind == "estimate":
        return for_estimate(calls, rules, seed, needed(rules.confidence, rules.margin, len(calls)))
    return for_coaching(calls, rules, seed)


def _item(sample: int, one: Drawn, found: Frame) -> dict[str, Any]:
    """What is gone since is left out, and nothing is drawn in its place: else whoever lets a call go would choose."""
    why = GONE if one.id in found.gone else ""
    return {"sample": sample, "recording": found.places[one.id], "stratum": one.stratum, "whole": one.whole, "left_out": why}


def _entry(sample: int, row: Mapping[str, Any], drawn: Sequence[Drawn], found: Frame, then: RulesThen, who: str) -> Entry:
    """Of what was drawn, by which rules: who has the list of ids can say whether it was so. Strata of coaching are people."""
    public: dict[str, Json] = {name: row[name] for name in ("kind", "period", "checkpoint", "size", "candidates", "rules")}
    public |= {"plan": then.plan, "rules_entry": then.entry, "undone": found.undone}
    public |= {"drawn_from": digest_of(found.calls, then.rules), "drawn": ids_digest(one.id for one in drawn)}
    whole = {one.stratum: one.whole for one in drawn}
    largest: dict[str, Json] = {name: whole[name] for name in sorted(whole, key=lambda name: (-whole[name], name))[:STRATA_MOST]}
    private: dict[str, Json] = {"who": who, "strata": largest}
    return Entry(kind=Kind.SAMPLE, at=row["at"], subject=f"sample-{sample}", public={**public, "strata": len(whole)}, private=private)


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
