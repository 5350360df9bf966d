"""Calibrations: some raters score the same calls blind, then see how far they agree. A calibration score counts for nobody.

Not the measures (`agreement.py`). Nobody sees another's answers before the calibration is closed, by who manages quality; those who did
not score are then named.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import mean
from typing import Final

import msgspec
from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from realtime.plan.quality import FormItem, ScoreForm
from realtime.words import Micros
from recordings.catalogue.catalogue import Catalogue
from recordings.proof.entries import Entry
from recordings.quality.agreement import alpha, band, of_two, weighted_kappa
from recordings.quality.refusal import NotDone
from recordings.quality.scores import Answers, answers_of, form_of, keep_form
from recordings.quality.shapes import Compared, ItemAgreement
from recordings.quality.tables import calibrations, scores
from recordings.words import Kind

RECORDINGS_MAX: Final = 20
RATERS_MAX: Final = 50
"""More than sit in one room."""


async def make(catalogue: Catalogue, name: str, form: ScoreForm, places: list[int], raters: list[str], who: str, now: Micros) -> int:
    """Raises NotDone."""
    if not 1 <= len(set(places)) <= RECORDINGS_MAX or not 2 <= len(set(raters)) <= RATERS_MAX:
        raise NotDone("quality.too_few", recordings=RECORDINGS_MAX, raters=RATERS_MAX)
    async with catalogue.change() as change:
        row = {
            "name": name,
            "form": await keep_form(change, form, now),
            "recordings": msgspec.json.encode(sorted(set(places))).decode(),
            "raters": msgspec.json.encode(sorted(set(raters))).decode(),
            "by": who,
            "at": now,
        }
        number = (await change.connection.execute(insert(calibrations).values(**row).returning(calibrations.c.id))).scalar_one()
        public = {"calls": len(set(places)), "raters": len(set(raters))}
        await change.append(Entry(kind=Kind.SAMPLE, at=now, subject=f"calibration-{number}", public=public, private={"who": who}))
    return int(number)


async def close(catalogue: Catalogue, number: int, who: str, now: Micros) -> None:
    """Raises NotDone."""
    async with catalogue.change() as change:
        open_ = (calibrations.c.id == number, calibrations.c.closed_at == 0)
        done = await change.connection.execute(update(calibrations).where(*open_).values(closed_at=now))
        if done.rowcount != 1:
            raise NotDone("quality.not_open")
        await change.append(Entry(kind=Kind.SAMPLE, at=now, subject=f"calibration-{number}", public={"closed": 1}, private={"who": who}))


async def task_of(connection: AsyncConnection, number: int, rater: str, place: int) -> ScoreForm:
    """The form to score that call by, in this calibration. Raises NotDone."""
    row = await one(connection, number)
    if row["closed_at"]:
        raise NotDone("quality.closed.score")
    if rater not in raters_of(row) or place not in places_of(row):
        raise NotDone("quality.not_asked")
    return await form_of(connection, row["form"])


async def compared(connection: AsyncConnection, number: int, kappa_pass: float, agreement_pass: float) -> Compared:
    """Raises NotDone while it is open: before that everything is blind."""
    row = await one(connection, number)
    if not row["closed_at"]:
        raise NotDone("quality.blind.open")
    form = await form_of(connection, row["form"])
    blind = (scores.c.standing == "done", scores.c.done_at <= row["closed_at"])
    where = (scores.c.kind == "calibration", scores.c.part_of == number, *blind)
    found = (await connection.execute(select(scores).where(*where))).mappings().all()
    return compare(form, places_of(row), raters_of(row), found, kappa_pass, agreement_pass)


def compare(
    form: ScoreForm,
    places: list[int],
    raters: list[str],
    done: Sequence[RowMapping],
    kappa: float,
    agreed: float,
) -> Compared:
    """Pure: `done` are the scores of it."""
    said: dict[tuple[int, str], Answers] = {(row["recording"], row["rater"]): answers_of(row) for row in done}
    items = [_item(item, places, raters, said, kappa, agreed) for section in form.sections for item in section.items]
    told = [each for each in items if each.p_o is not None]
    spread = {
        str(place): max(points) - min(points)
        for place in places
        if len(points := [row["points"] for row in done if row["recording"] == place and row["points"] is not None]) > 1
    }
    kappas = [each.kappa for each in told if each.kappa is not None]
    return Compared(
        calls=len(places),
        raters=raters,
        missing=[rater for rater in raters if any((place, rater) not in said for place in places)],
        items=items,
        agreement=mean([each.p_o for each in told if each.p_o is not None]) if told else None,
        kappa=mean(kappas) if kappas else None,
        spread=spread,
        passes=all(each.passes for each in told) if told else None,
    )


def _item(
    item: FormItem, places: list[int], raters: list[str], said: dict[tuple[int, str], Answers], kappa: float, agreed: float
) -> ItemAgreement:
    def value(place: int, rater: str) -> int | None:
        answer = said.get((place, rater), {}).get(item.id)
        return None if answer is None else -1 if answer.value is None else answer.value  # N/A is an opinion, too

    ratings = [[value(place, rater) for rater in raters] for place in places]
    pairs = [(one, other) for unit in ratings for one, other in combinations(unit, 2) if one is not None and other is not None]
    # Who is named first is chance: each pair counts both ways.
    found = of_two([*pairs, *((other, one) for one, other in pairs)])
    scaled = [(one, other) for one, other in pairs if one >= 0 and other >= 0]
    weighted = weighted_kappa([*scaled, *((other, one) for one, other in scaled)], item.most) if item.kind == "scale" else None
    best = weighted if weighted is not None else found.kappa
    passes = found.p_o is None or (found.p_o >= agreed if best is None or not item.critical else found.p_o >= agreed and best >= kappa)
    measures = (found.p_o, found.kappa, found.ac1, found.positive, alpha(ratings), weighted)
    return ItemAgreement(item.id, *measures, band(best), passes, item.text, item.text_zh)


async def one(connection: AsyncConnection, number: int) -> RowMapping:
    row = (await connection.execute(select(calibrations).where(calibrations.c.id == number))).mappings().one_or_none()
    if row is None:
        raise NotDone("quality.no_such_calibration")
    return row


def places_of(row: RowMapping) -> list[int]:
    return list(msgspec.json.decode(row["recordings"], type=list[int]))


def raters_of(row: RowMapping) -> list[str]:
    return list(msgspec.json.decode(row["raters"], type=list[str]))
