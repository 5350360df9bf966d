"""What is asked of scores, samples, calibrations and appeals: rows for pages, and who may see which.

Not what is done with them. `reach`: whose calls somebody may find; nothing is said of others, in the words of what is not there. An open
score is its rater's alone; one of a calibration that is open is nobody else's, and of a call that somebody has to score blind that rater is
shown none (`blind.py`).
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy import RowMapping, Select, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.words import SECOND, Micros
from recordings.catalogue.asked import Reach
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import checkpoints, log, recordings
from recordings.catalogue.ways import reached
from recordings.quality import blind, calibration, shapes
from recordings.quality.heard import cannot_be_heard, heard_by, needed_of
from recordings.quality.refusal import NotDone
from recordings.quality.scores import COUNTING, answers_of, form_of
from recordings.quality.scoring import score as scored_of
from recordings.quality.tables import appeals, calibrations, sample_items, samples, scores
from recordings.words import Kind

ROWS_MAX: Final = 500
"""Nobody reads more at once; older ones are found by agent or recording."""


def seconds(at: int) -> float | None:
    return at / SECOND if at else None


# ------------------------------------------------------------------ scores


async def score(
    connection: AsyncConnection, number: int, who: str, agent: str | None, reach: Reach, share: float = 0.0
) -> shapes.ScoreSaid:
    """`agent`: asked by an agent about the own call; None: by a rater. `share`: of the call, that is to be heard. Raises NotDone."""
    row = (await connection.execute(_scores().where(scores.c.id == number, *reached(reach, recordings.c)))).mappings().one_or_none()
    if row is None or (agent is not None and not (agent and row["agent"] == agent and _told_to_agent(row))):
        raise NotDone("quality.no_such_score.yours")
    if agent is None and row["rater"] != who:
        await _not_blind(connection, row, who)
    form, answers = await form_of(connection, row["form"]), answers_of(row)
    open_ = row["standing"] == "open" and row["rater"] == who and not cannot_be_heard(row)
    heard = await heard_by(connection, row["recording"], who) if open_ else row["heard_ms"]
    now = scored_of(form, answers)
    missing = [shapes.Lack(item, lack) for item, lack in now.missing]
    return shapes.ScoreSaid(
        id=number,
        recording=row["recording_id"],
        form=form,
        rater=row["rater"],
        kind=row["kind"],
        standing=row["standing"],
        counts=bool(row["counts"]),
        agent=row["agent"],
        answers=answers,
        comment=row["comment"],
        now=shapes.ScoreNow(now.points, now.sections, list(now.failed), missing, now.complete),
        passed=row["passed"],
        done=seconds(row["done_at"]),
        seen=seconds(row["seen_at"]),
        heard_s=heard / 1_000,
        needed_s=needed_of(row, share) / 1_000 if open_ else 0.0,
        unheard=row["unheard"],
        audible=not cannot_be_heard(row),
    )


async def score_within(connection: AsyncConnection, number: int, reach: Reach) -> None:
    """Raises NotDone where the call is out of reach, also of one that was begun before it was."""
    if (await connection.execute(_scores().where(scores.c.id == number, *reached(reach, recordings.c)))).first() is None:
        raise NotDone("quality.no_such_score.reach")


async def score_rows(
    connection: AsyncConnection, place: int | None, agent: str, who: str, mine: bool, reach: Reach
) -> list[shapes.ScoreRow]:
    """Done ones that count or counted, and the asker's own; those of calibrations are in theirs."""
    wanted = _scores().where(or_(scores.c.rater == who, (scores.c.standing == "done") & (scores.c.kind != "calibration")))
    wanted = wanted.where(*reached(reach, recordings.c))
    if place is not None:
        wanted = wanted.where(scores.c.recording == place)
    if agent:
        wanted = wanted.where(scores.c.agent == agent)
    if mine:
        wanted = wanted.where(scores.c.rater == who)
    rows = (await connection.execute(wanted.order_by(scores.c.id.desc()).limit(ROWS_MAX))).mappings()
    hidden = await blind.places(connection, who)
    return [_row(row) for row in rows if row["rater"] == who or row["recording"] not in hidden]


async def own_rows(connection: AsyncConnection, agent: str) -> list[shapes.ScoreRow]:
    wanted = _scores().where(scores.c.agent == agent, scores.c.standing == "done", scores.c.kind.in_(("usual", "appeal")))
    rows = (await connection.execute(wanted.order_by(scores.c.done_at.desc()).limit(ROWS_MAX))).mappings()
    return [_row(row) for row in rows if _told_to_agent(row)]


async def seen(catalogue: Catalogue, number: int, agent: str, now: Micros) -> None:
    """The first time counts. Whoever is no agent has no own calls."""
    if not agent:
        return
    async with catalogue.change() as change:
        mine = (scores.c.id == number, scores.c.agent == agent, scores.c.standing == "done", scores.c.seen_at == 0)
        await change.connection.execute(update(scores).where(*mine).values(seen_at=now))


async def _not_blind(connection: AsyncConnection, row: RowMapping, who: str) -> None:
    if row["standing"] != "done":
        raise NotDone("quality.open")
    if row["kind"] == "calibration" and not (await calibration.one(connection, row["part_of"]))["closed_at"]:
        raise NotDone("quality.blind.calibration")
    if row["recording"] in await blind.places(connection, who):
        raise NotDone("quality.blind.contested")


def _told_to_agent(row: RowMapping) -> bool:
    return row["standing"] == "done" and (row["kind"] == "usual" or bool(row["counts"]))


def _scores() -> Select[Any]:
    appealed = select(appeals.c.standing).where(appeals.c.score == scores.c.id).scalar_subquery()
    whole = scores.outerjoin(recordings, recordings.c.place == scores.c.recording)
    line = [recordings.c[name] for name in ("length_ms", "spans", "derived", "trouble")]
    return select(scores, recordings.c.id.label("recording_id"), *line, appealed.label("appeal")).select_from(whole)


def _row(row: RowMapping) -> shapes.ScoreRow:
    return shapes.ScoreRow(
        id=row["id"],
        recording=row["recording_id"],
        form=row["form"],
        rater=row["rater"],
        kind=row["kind"],
        standing=row["standing"],
        counts=bool(row["counts"]),
        agent=row["agent"],
        points=row["points"],
        passed=row["passed"],
        failed=[family for family in row["failed"].split(",") if family],
        done=seconds(row["done_at"]),
        seen=seconds(row["seen_at"]),
        appeal=row["appeal"] or "",
    )


# ------------------------------------------------------------------ samples


async def sample_rows(connection: AsyncConnection, reach: Reach) -> list[shapes.SampleRow]:
    """Where somebody reaches some agents only, the counts are those of their calls: all of them say how other teams do."""
    rows = (await connection.execute(_samples(reach).order_by(samples.c.id.desc()).limit(ROWS_MAX))).mappings()
    return [_sample(row, reach) for row in rows]


async def sample(connection: AsyncConnection, number: int, who: str, reach: Reach) -> shapes.SampleSaid:
    """Its items are those within reach, and so are its counts. Raises NotDone."""
    hidden = await blind.places(connection, who)
    row = (await connection.execute(_samples(reach).where(samples.c.id == number))).mappings().one_or_none()
    if row is None:
        raise NotDone("quality.no_such_sample")
    lines = recordings.c
    wanted = select(sample_items, lines.id, lines.agent, lines.began, lines.length_ms, lines.score).join_from(
        sample_items, recordings, sample_items.c.recording == lines.place
    )
    mine = wanted.where(sample_items.c.sample == number, *reached(reach, lines))
    items = (await connection.execute(mine.order_by(lines.agent, lines.began))).mappings()
    return shapes.SampleSaid(
        _sample(row, reach),
        [
            shapes.SampleItem(
                recording=each["id"],
                agent=each["agent"],
                began=each["began"] / SECOND,
                length_s=each["length_ms"] / 1_000,
                stratum=each["stratum"],
                left_out=each["left_out"],
                score=None if each["recording"] in hidden else each["score"],
            )
            for each in items
        ],
        await _basis(connection, row, reach),
    )


async def _basis(connection: AsyncConnection, row: RowMapping, reach: Reach) -> shapes.SampleBasis | None:
    of = (log.c.subject == f"sample-{row['id']}", log.c.kind == Kind.SAMPLE.value)
    entry = (await connection.execute(select(log.c.index.label("number"), log.c.leaf).where(*of).order_by(log.c.index).limit(1))).first()
    public = {} if entry is None else msgspec.json.decode(entry.leaf)["public"]
    if entry is None or "drawn" not in public:
        return None
    signed = (await connection.execute(select(checkpoints.c.at).where(checkpoints.c.size == row["checkpoint"]))).scalar() or 0
    items, strata = sample_items.c, []
    if reach.agents is None:
        grouped = select(items.stratum, items.whole, func.count().label("drawn")).where(items.sample == row["id"])
        found = await connection.execute(grouped.group_by(items.stratum, items.whole).order_by(items.whole.desc(), items.stratum))
        strata = [shapes.SampleStratum(each.stratum, each.whole, each.drawn) for each in found]
    names = ("plan", "rules_entry", "undone", "drawn_from", "drawn")
    rules = msgspec.json.decode(public["rules"], type=dict[str, float])
    return shapes.SampleBasis(entry.number, seconds(signed), rules=rules, strata=strata, **{name: public[name] for name in names})


def _samples(reach: Reach) -> Select[Any]:
    """Who reaches everybody is told all of it, also of what is only kept by duty."""
    items = sample_items.join(recordings, sample_items.c.recording == recordings.c.place)
    many = select(func.count()).select_from(items).where(sample_items.c.sample == samples.c.id)
    if reach.agents is not None:
        many = many.where(*reached(reach, recordings.c))
    counting = exists().where(scores.c.recording == sample_items.c.recording, *COUNTING)
    scored = many.where(counting, sample_items.c.left_out == "").scalar_subquery()
    left_out = many.where(sample_items.c.left_out != "").scalar_subquery()
    return select(samples, scored.label("scored"), left_out.label("left_out"), many.scalar_subquery().label("mine"))


def _sample(row: RowMapping, reach: Reach) -> shapes.SampleRow:
    names = ("id", "kind", "period", "campaign", "left_out", "scored", "checkpoint", "by")
    size, candidates = (row["size"], row["candidates"]) if reach.agents is None else (row["mine"], None)
    values = {name: row[name] for name in names} | {"size": size, "candidates": candidates}
    return shapes.SampleRow(**values, root=bytes(row["root"]).hex(), at=row["at"] / SECOND)


# ------------------------------------------------------------------ calibrations and appeals


async def calibration_rows(connection: AsyncConnection, who: str, reach: Reach) -> list[shapes.CalibrationRow]:
    found = (await connection.execute(select(calibrations).order_by(calibrations.c.id.desc()).limit(ROWS_MAX))).mappings().all()
    told = [await _calibration(connection, row, who, reach) for row in found]
    return [each for each in told if each is not None]


async def calibration_row(connection: AsyncConnection, number: int, who: str, reach: Reach) -> shapes.CalibrationRow:
    """Raises NotDone."""
    told = await _calibration(connection, await calibration.one(connection, number), who, reach)
    if told is None:
        raise NotDone("quality.no_such_calibration.reach")
    return told


async def _calibration(connection: AsyncConnection, row: RowMapping, who: str, reach: Reach) -> shapes.CalibrationRow | None:
    """None where somebody reaches some agents only, and not all of its calls: what raters agree on is said of all calls together."""
    places, raters = calibration.places_of(row), calibration.raters_of(row)
    wanted = select(recordings.c.place, recordings.c.id).where(recordings.c.place.in_(places), *reached(reach, recordings.c))
    ids: dict[int, str] = {row.place: row.id for row in await connection.execute(wanted)}
    if reach.agents is not None and len(ids) < len(places):
        return None
    mine = (scores.c.kind == "calibration", scores.c.part_of == row["id"], scores.c.rater == who, scores.c.standing == "done")
    done = set((await connection.execute(select(scores.c.recording).where(*mine))).scalars())
    left = [] if who not in raters or row["closed_at"] else [ids[place] for place in places if place in ids and place not in done]
    names = [ids[place] for place in places if place in ids]
    at, closed = row["at"] / SECOND, seconds(row["closed_at"])
    return shapes.CalibrationRow(row["id"], row["name"], row["by"], at, closed, names, raters, left)


async def appeal_within(connection: AsyncConnection, number: int, reach: Reach) -> None:
    """Raises NotDone."""
    if (await connection.execute(_appeals(reach).where(appeals.c.id == number))).first() is None:
        raise NotDone("quality.no_such_appeal.reach")


def _appeals(reach: Reach) -> Select[Any]:
    whole = appeals.join(scores, appeals.c.score == scores.c.id).join(recordings, recordings.c.place == scores.c.recording)
    return select(appeals, recordings.c.id.label("recording_id")).select_from(whole).where(*reached(reach, recordings.c))


async def appeal_rows(connection: AsyncConnection, reach: Reach) -> list[shapes.AppealRow]:
    """The newest first."""
    wanted = _appeals(reach).order_by(appeals.c.id.desc()).limit(ROWS_MAX)
    return [
        shapes.AppealRow(
            id=row["id"],
            score=row["score"],
            recording=row["recording_id"],
            agent=row["agent"],
            item=row["item"],
            reason=row["reason"],
            at=row["at"] / SECOND,
            standing=row["standing"],
            rater=row["rater"],
            decided=seconds(row["decided_at"]),
        )
        for row in (await connection.execute(wanted)).mappings()
    ]
