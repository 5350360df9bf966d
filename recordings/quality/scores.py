"""Scores: begun by one rater, kept item by item, done once. What is done stays as it is, and one of a call counts.

Not the points (`scoring.py`), not who draws which calls (`samples.py`), not for whom they are blind (`blind.py`). A rater changes the own
score alone, and never scores a call of their own. The first usual score that is done counts; another is kept beside it and does not, unless
an appeal exchanges them (`appeals.py`): who scores last must not have the last word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import RowMapping, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.quality import ScoreForm
from realtime.words import SECOND, Micros
from recordings.catalogue.catalogue import Catalogue, Change
from recordings.catalogue.schema import recordings
from recordings.proof.entries import Entry
from recordings.quality.heard import Asked, Hearing, enough
from recordings.quality.refusal import NotDone
from recordings.quality.scoring import Answer, Scored, digest_of, score
from recordings.quality.tables import calibrations, forms, scores
from recordings.words import STATES_GONE, Kind, State

ScoreKind = Literal["usual", "calibration", "appeal", "target"]
COMMENT_MAX: Final = 2_000
ANSWERS_MAX: Final = 200
"""A form has some thirty items."""
Answers = dict[str, Answer]
_decode = msgspec.json.Decoder(Answers)
NOTHING: Final = Asked()
COUNTING: Final = (scores.c.counts.is_(True), scores.c.standing == "done", scores.c.kind.in_(("usual", "appeal")))
"""Of whose points there are results: never of a call that was chosen, or scored to compare raters."""


class Rater(NamedTuple):
    """`name` as the audit trail has it; `agent` the staff number, where it is a person of the plan."""

    name: str
    agent: str = ""


async def begin(
    catalogue: Catalogue, place: int, form: ScoreForm, rater: Rater, timezone: str, now: Micros, kind: ScoreKind = "usual", part_of: int = 0
) -> int:
    """The score's number; the same one when it was begun before. Raises NotDone."""
    async with catalogue.change() as change:
        digest = await keep_form(change, form, now)
        return await begun(change, place, digest, rater, timezone, now, kind, part_of)


async def begun(
    change: Change, place: int, form: str, rater: Rater, timezone: str, now: Micros, kind: ScoreKind = "usual", part_of: int = 0
) -> int:
    """Within a change, by a form that was used before (its hash). Raises NotDone."""
    line = await _line(change.connection, place)
    if rater.agent and rater.agent in line["agents"].split(","):
        raise NotDone("quality.own_call")
    mine = and_(scores.c.recording == place, scores.c.rater == rater.name, scores.c.kind == kind, scores.c.part_of == part_of)
    known = (await change.connection.execute(select(scores.c.id, scores.c.standing).where(mine))).one_or_none()
    if known is not None:
        if known.standing == "left":
            await change.connection.execute(update(scores).where(mine).values(standing="open"))
        return int(known.id)
    row = {
        "recording": place,
        "form": form,
        "rater": rater.name,
        "kind": kind,
        "part_of": part_of,
        "agent": line["agent"],
        "campaign": line["campaign"],
        "month": month_of(line["began"], timezone),
        "standing": "open",
        "began_at": now,
    }
    return int((await change.connection.execute(insert(scores).values(**row).returning(scores.c.id))).scalar_one())


async def keep(catalogue: Catalogue, number: int, rater: Rater, answers: Mapping[str, Answer], comment: str | None) -> Scored:
    """Some answers more, or other ones; what it comes to now. Raises NotDone."""
    async with catalogue.change() as change:
        row, form = await _own(change.connection, number, rater)
        known = {item.id for section in form.sections for item in section.items}
        if unknown := answers.keys() - known:
            raise NotDone("quality.no_such_item", item=sorted(unknown)[0][:40])
        merged = {**_decode.decode(row["answers"]), **{name: _cut(answer) for name, answer in answers.items()}}
        values: dict[str, Any] = {"answers": msgspec.json.encode(merged).decode()}
        if comment is not None:
            values["comment"] = comment[:COMMENT_MAX]
        await change.connection.execute(update(scores).where(scores.c.id == number).values(**values))
        return score(form, merged)


async def done(catalogue: Catalogue, number: int, rater: Rater, now: Micros, asked: Asked = NOTHING) -> Scored:
    """`asked`: how much of the call its rater must have heard. Raises NotDone: of that too little, items missing, or done before."""
    async with catalogue.change() as change:
        row, form = await _own(change.connection, number, rater)
        scored = score(form, _decode.decode(row["answers"]))
        if not scored.complete:
            item, lack = scored.missing[0]
            raise NotDone("quality.incomplete", n=len(scored.missing), item=item, lack=lack)
        line = await _line(change.connection, row["recording"])
        hearing = await enough(change.connection, line, rater.name, asked)
        counts = row["kind"] == "usual" and not await _counts_already(change.connection, row["recording"])
        passed = scored.passes(form)
        values = {"standing": "done", "done_at": now, "points": scored.points, "passed": passed, "failed": ",".join(scored.failed)}
        values |= {"heard_ms": hearing.heard_ms, "unheard": hearing.why}
        await change.connection.execute(update(scores).where(scores.c.id == number).values(**values, counts=counts))
        await change.append(_entry(line["id"], row, scored, passed, hearing, now))
        if counts:
            await count_it(change, row["recording"], scored.points, rater.name)
        return scored


async def count_it(change: Change, place: int, points: int | None, rater: str) -> None:
    """The recording is found by this score from now on."""
    await change.connection.execute(update(recordings).where(recordings.c.place == place).values(score=points, scored_by=rater))


async def keep_form(change: Change, form: ScoreForm, now: Micros) -> str:
    """Raises NotDone where another form of this id and version was used before."""
    digest = digest_of(form)
    found = await change.connection.execute(select(forms.c.digest).where(forms.c.id == form.id, forms.c.version == form.version))
    known = found.scalar_one_or_none()
    if known is None:
        body = msgspec.json.encode(form).decode()
        row = {"digest": digest, "id": form.id, "version": form.version, "body": body, "at": now}
        await change.connection.execute(insert(forms).values(**row))
    elif known != digest:
        raise NotDone("quality.form_changed", form=form.id, version=form.version + 1)
    return digest


async def form_of(connection: AsyncConnection, digest: str) -> ScoreForm:
    body = (await connection.execute(select(forms.c.body).where(forms.c.digest == digest))).scalar_one()
    return msgspec.json.decode(body, type=ScoreForm)


def answers_of(row: RowMapping) -> Answers:
    return _decode.decode(row["answers"])


def month_of(at: Micros, timezone: str) -> str:
    return datetime.fromtimestamp(at / SECOND, ZoneInfo(timezone)).strftime("%Y-%m")


async def _own(connection: AsyncConnection, number: int, rater: Rater) -> tuple[RowMapping, ScoreForm]:
    row = (await connection.execute(select(scores).where(scores.c.id == number))).mappings().one_or_none()
    if row is None or row["rater"] != rater.name:
        raise NotDone("quality.not_yours.score")
    if row["standing"] == "left":
        raise NotDone("quality.given_back")
    if row["standing"] != "open":
        raise NotDone("quality.done_before")
    if row["kind"] == "calibration" and await _is_closed(connection, row["part_of"]):
        raise NotDone("quality.closed.change")
    await _line(connection, row["recording"])  # of a call that is gone nobody writes down anything more
    return row, await form_of(connection, row["form"])


async def _is_closed(connection: AsyncConnection, calibration: int) -> bool:
    return bool((await connection.execute(select(calibrations.c.closed_at).where(calibrations.c.id == calibration))).scalar_one())


async def _counts_already(connection: AsyncConnection, place: int) -> bool:
    there = select(scores.c.id).where(scores.c.recording == place, scores.c.counts.is_(True))
    return (await connection.execute(there)).first() is not None


async def _line(connection: AsyncConnection, place: int) -> RowMapping:
    row = (await connection.execute(select(recordings).where(recordings.c.place == place))).mappings().one_or_none()
    if row is None or State(row["state"]) in STATES_GONE:
        raise NotDone("quality.no_such_recording")
    return row


def _cut(answer: Answer) -> Answer:
    return msgspec.structs.replace(answer, comment=answer.comment[:COMMENT_MAX])


def _entry(recording: str, row: RowMapping, scored: Scored, passed: bool, hearing: Hearing, now: Micros) -> Entry:
    answers = hashlib.sha256(row["answers"].encode()).hexdigest()
    private: dict[str, Any] = {
        "score": row["id"],
        "rater": row["rater"],
        "kind": row["kind"],
        "agent": row["agent"],
        "points": scored.points,
        "passed": passed,
        "failed": list(scored.failed),
        "answers": answers,
        "heard_ms": hearing.heard_ms,
        "unheard": hearing.why,
    }
    return Entry(kind=Kind.SCORE, at=now, subject=recording, public={"form": row["form"]}, private=private)
