"""Appeals: an agent contests a score within some working days; a second rater scores the call blind; one of the two counts.

Not the scoring (`scores.py`). The second rater is another one, who has not read the first score and is not shown it (`blind.py`). The first
score is overturned when the contact passes by one and fails by the other, when a contested item came out otherwise, or when the points are
far apart; then the second counts. Both stay as they are.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.quality import QualityRules
from realtime.words import SECOND, Micros
from recordings.catalogue.asked import ALL, Reach
from recordings.catalogue.catalogue import Catalogue
from recordings.catalogue.schema import recordings
from recordings.catalogue.ways import reached
from recordings.proof.entries import Entry, Json
from recordings.quality import blind
from recordings.quality.refusal import NotDone
from recordings.quality.scores import Rater, answers_of, begun, count_it
from recordings.quality.tables import appeals, scores
from recordings.words import STATES_GONE, Kind, State

FAR: Final = 500
"""Hundredths of a point: raters who agree stay within five points of each other (reference: calibration)."""
REASON_MAX: Final = 2_000


class Overturns(NamedTuple):
    """Of one rater: how many appeals against the own scores were decided, and how many of those overturned."""

    rater: str
    decided: int
    overturned: int


async def appeal(
    catalogue: Catalogue, number: int, agent: str, item: str, reason: str, rules: QualityRules, timezone: str, now: Micros
) -> int:
    """Raises NotDone."""
    async with catalogue.change() as change:
        row = await _score(change.connection, number)
        if row["agent"] != agent or not agent:
            raise NotDone("quality.not_yours.call")
        if row["standing"] != "done" or not row["counts"]:
            raise NotDone("quality.not_counting")
        if now > last_day(row["done_at"], rules.appeal_days, timezone):
            raise NotDone("quality.too_late", days=rules.appeal_days)
        if (await change.connection.execute(select(appeals.c.id).where(appeals.c.score == number))).first() is not None:
            raise NotDone("quality.appealed_before")
        if await _is_gone(change.connection, row["recording"]):
            raise NotDone("quality.call_gone")
        values = {"score": number, "agent": agent, "item": item, "reason": reason[:REASON_MAX], "at": now, "standing": "open"}
        found = int((await change.connection.execute(insert(appeals).values(**values).returning(appeals.c.id))).scalar_one())
        private: dict[str, Json] = {"agent": agent, "score": number}
        await change.append(Entry(kind=Kind.SCORE, at=now, subject=f"appeal-{found}", public={"appeal": "made"}, private=private))
    return found


async def take(catalogue: Catalogue, number: int, rater: Rater, timezone: str, now: Micros) -> tuple[int, int]:
    """This rater scores it blind, by the form of the first: place of the recording, and the score that is begun. Raises NotDone."""
    async with catalogue.change() as change:
        row = await _appeal(change.connection, number)
        first = await _score(change.connection, row["score"])
        if first["rater"] == rater.name:
            raise NotDone("quality.same_rater")
        if rater.agent and rater.agent == row["agent"]:
            raise NotDone("quality.own_call")
        mine = row["standing"] == "taken" and row["rater"] == rater.name
        if row["standing"] != "open" and not mine:
            raise NotDone("quality.taken")
        if not mine and await blind.has_read(change.connection, first["id"], rater.name):
            raise NotDone("quality.read_before")
        place = int(first["recording"])
        score = await begun(change, place, first["form"], rater, timezone, now, "appeal", number)
        await change.connection.execute(update(appeals).where(appeals.c.id == number).values(standing="taken", rater=rater.name))
        return place, score


async def give_back(catalogue: Catalogue, number: int, who: str, now: Micros) -> None:
    """Taken by somebody who does not score it: open again for any other rater, and what was begun of it is left. Raises NotDone."""
    async with catalogue.change() as change:
        row = await _appeal(change.connection, number)
        if row["standing"] != "taken":
            raise NotDone("quality.not_taken")
        theirs = (scores.c.kind == "appeal", scores.c.part_of == number, scores.c.rater == row["rater"])
        done = select(scores.c.id).where(*theirs, scores.c.standing == "done")
        if (await change.connection.execute(done)).first() is not None:
            raise NotDone("quality.scored")
        await change.connection.execute(update(scores).where(*theirs).values(standing="left"))
        await change.connection.execute(update(appeals).where(appeals.c.id == number).values(standing="open", rater=""))
        private: dict[str, Json] = {"who": who, "rater": row["rater"]}
        await change.append(Entry(kind=Kind.SCORE, at=now, subject=f"appeal-{number}", public={"appeal": "given back"}, private=private))


async def decide(catalogue: Catalogue, number: int, now: Micros) -> bool:
    """Once the second score is done: whether the first one is overturned. Raises NotDone."""
    async with catalogue.change() as change:
        row = await _appeal(change.connection, number)
        first = await _score(change.connection, row["score"])
        wanted = (scores.c.kind == "appeal", scores.c.part_of == number, scores.c.rater == row["rater"], scores.c.standing == "done")
        second = (await change.connection.execute(select(scores).where(*wanted))).mappings().one_or_none()
        if row["standing"] != "taken" or second is None:
            raise NotDone("quality.not_scored")
        overturned = differs(first, second, row["item"])
        spread = abs((first["points"] or 0) - (second["points"] or 0)) // 100
        values = {"standing": "overturned" if overturned else "upheld", "second": second["id"], "decided_at": now, "spread": spread}
        await change.connection.execute(update(appeals).where(appeals.c.id == number).values(**values))
        if overturned:
            await change.connection.execute(update(scores).where(scores.c.id == first["id"]).values(counts=False))
            await change.connection.execute(update(scores).where(scores.c.id == second["id"]).values(counts=True))
            await count_it(change, first["recording"], second["points"], second["rater"])
        public = {"appeal": values["standing"]}
        await change.append(Entry(kind=Kind.SCORE, at=now, subject=f"appeal-{number}", public=public, private={"spread": spread}))
    return overturned


def differs(first: RowMapping, second: RowMapping, item: str) -> bool:
    if first["passed"] != second["passed"] or first["failed"] != second["failed"]:
        return True
    if item:
        one, other = answers_of(first).get(item), answers_of(second).get(item)
        if (one and one.value) != (other and other.value):
            return True
    return bool(abs((first["points"] or 0) - (second["points"] or 0)) > FAR)


def last_day(done: Micros, days: int, timezone: str) -> Micros:
    """The end of the last working day, Monday to Friday by the floor's clock, on which it can still be contested."""
    zone = ZoneInfo(timezone)
    day = datetime.fromtimestamp(done / SECOND, zone).date()
    left = days
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    over = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
    return int(over.timestamp()) * SECOND


async def overturns(connection: AsyncConnection, since: Micros, reach: Reach = ALL) -> list[Overturns]:
    """By the rater of the first score; of calls within reach."""
    joined = select(
        scores.c.rater,
        func.count().label("decided"),
        func.sum(case((appeals.c.standing == "overturned", 1), else_=0)).label("overturned"),
    ).join_from(appeals, scores, appeals.c.score == scores.c.id)
    if reach != ALL:
        joined = joined.join(recordings, recordings.c.place == scores.c.recording).where(*reached(reach, recordings.c))
    found = await connection.execute(joined.where(appeals.c.decided_at > since).group_by(scores.c.rater).order_by(scores.c.rater))
    return [Overturns(row.rater, int(row.decided), int(row.overturned)) for row in found]


async def id_of(connection: AsyncConnection, place: int) -> str:
    return str((await connection.execute(select(recordings.c.id).where(recordings.c.place == place))).scalar_one())


async def _is_gone(connection: AsyncConnection, place: int) -> bool:
    """Nobody could score it a second time."""
    state = (await connection.execute(select(recordings.c.state).where(recordings.c.place == place))).scalar_one_or_none()
    return state is None or State(state) in STATES_GONE


async def _score(connection: AsyncConnection, number: int) -> RowMapping:
    row = (await connection.execute(select(scores).where(scores.c.id == number))).mappings().one_or_none()
    if row is None:
        raise NotDone("quality.no_such_score")
    return row


async def _appeal(connection: AsyncConnection, number: int) -> RowMapping:
    row = (await connection.execute(select(appeals).where(appeals.c.id == number))).mappings().one_or_none()
    if row is None:
        raise NotDone("quality.no_such_appeal")
    return row
