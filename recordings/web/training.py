"""Training: who is due by the KPIs, and what was given for which months. The handlers.

Not the rules (`recordings/quality/trained.py`). Whoever judges calls reads it, a leader of the own teams; who manages quality records it.
"""

from __future__ import annotations

from sqlalchemy import RowMapping
from starlette.requests import Request
from starlette.responses import Response

from realtime.words import SECOND
from recordings.quality import shapes, trained, training
from recordings.quality.scores import month_of
from recordings.quality.trained import Given
from recordings.web.desk import Desk
from recordings.web.judging import number_of, rater_of, told
from recordings.web.offer import Offer, Refused, Who
from recordings.web.reaching import reach_of
from recordings.web.reading import answered, body_of


async def show(desk: Desk, _request: Request, who: Who) -> Response:
    among = reach_of(desk, who).agents
    async with desk.catalogue.reading() as connection:
        due = await training.due(connection, desk.rules().quality, month_of(desk.clock(), desk.settings.timezone))
        given = await trained.rows(connection, among)
    rows = [shapes.TrainingDueRow(agent, kpi, list(months)) for (agent, kpi), months in sorted(due.items())]
    rows = [row for row in rows if among is None or row.agent in among]
    return answered(shapes.TrainingList(rows, [_row(each) for each in given]))


async def keep(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.TrainingWish)
    among = reach_of(desk, who).agents
    if among is not None and wish.agent not in among:
        raise Refused(404, "quality.no_such_agent")
    given = Given(wish.agent, wish.kpi, tuple(wish.months), wish.day, wish.trainer, wish.note)
    with told():
        await trained.keep(desk.catalogue, given, desk.rules().quality, desk.settings.timezone, rater_of(who), desk.clock())
    return await show(desk, request, who)


async def withdraw(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.TrainingWithdrawWish)
    with told():
        await trained.withdraw(desk.catalogue, number_of(request), wish.why, who.name, desk.clock())
    return await show(desk, request, who)


def _row(row: RowMapping) -> shapes.TrainedRow:
    names = ("id", "agent", "kpi", "day", "trainer", "note", "by", "withdrawn_by", "withdrawn_why")
    withdrawn = row["withdrawn_at"] / SECOND if row["withdrawn_at"] else None
    values = {name: row[name] for name in names}
    return shapes.TrainedRow(**values, months=row["months"].split(","), at=row["at"] / SECOND, withdrawn=withdrawn)


SCORE, MANAGE = "quality.score", "quality.manage"
S = shapes
OFFERS: tuple[Offer, ...] = (
    Offer("GET", "/api/quality/training", SCORE, show, "Who is due for training, and who was trained.", gives=S.TrainingList, cost="heavy"),
    Offer(
        "POST",
        "/api/quality/training",
        MANAGE,
        keep,
        "Record a training: on which day, by whom, for which months.",
        body=S.TrainingWish,
        gives=S.TrainingList,
        act="record a training",
        shown=("agent", "kpi", "months", "day", "trainer"),
        cost="heavy",
    ),
    Offer(
        "POST",
        "/api/quality/training/{id}/withdraw",
        MANAGE,
        withdraw,
        "Withdraw a record of training, with a reason.",
        body=S.TrainingWithdrawWish,
        gives=S.TrainingList,
        act="withdraw a training",
        shown=("why",),
        cost="heavy",
    ),
)
