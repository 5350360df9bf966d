"""Quality: forms, scores, samples, calibration, appeals, results. The handlers; their shapes are the subject's own.

Not the rules (`recordings/quality/`): what they refuse becomes a refusal with their sentence. Who may at all is the board's door; whose
calls, `reaching.py`: who may not hear a call does not score it, and reads no score of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from realtime.plan.quality import ScoreForm
from recordings.catalogue.asked import ALL, Reach
from recordings.catalogue.schema import recordings
from recordings.quality import appeals, asked, blind, calibration, results, samples, scores, shapes
from recordings.quality.appeals import overturns
from recordings.quality.heard import Asked
from recordings.quality.months import before
from recordings.quality.refusal import NotDone
from recordings.quality.scores import Rater, month_of
from recordings.quality.scoring import Scored
from recordings.web.desk import Desk
from recordings.web.looking import none
from recordings.web.offer import Offer, Refused, Who
from recordings.web.reaching import is_within, reach_of
from recordings.web.reading import answered, body_of, query_of

YEAR: Final = 365 * 86_400 * 1_000_000
WHY_MAX: Final = 200


@contextmanager
def told() -> Iterator[None]:
    """The rules' sentence as the board's refusal."""
    try:
        yield
    except NotDone as refused:
        raise Refused.of(409, refused) from refused


def rater_of(who: Who) -> Rater:
    return Rater(who.name, who.agent)


def number_of(request: Request) -> int:
    text = request.path_params["id"]
    if not text.isdecimal() or len(text) > 18:
        raise Refused(404, "quality.no_such_number")
    return int(text)


async def place_of(connection: AsyncConnection, recording: str, reach: Reach) -> int:
    row = (await connection.execute(select(recordings).where(recordings.c.id == recording))).one_or_none()
    if row is None or not is_within(row, reach):
        raise none()
    return int(row.place)


def form_of(desk: Desk, name: str) -> ScoreForm:
    """Of the plan in force; without a name the first one."""
    forms = desk.rules().quality.forms
    found = next((form for form in forms if not name or form.id == name), None)
    if found is None:
        raise Refused(409, "quality.no_such_form")
    return found


async def form_for(desk: Desk, connection: AsyncConnection, name: str, place: int) -> ScoreForm:
    """That one, or the first that is for this call."""
    asked_of = select(recordings.c.campaign, recordings.c.queue).where(recordings.c.place == place)
    campaign, queue = (await connection.execute(asked_of)).one()
    form = form_of(desk, name)
    if not name:
        form = next((each for each in desk.rules().quality.forms if each.is_for(campaign, queue)), form)
    if not form.is_for(campaign, queue):
        raise Refused(409, "quality.form_of_other_calls")
    return form


def now_of(scored: Scored) -> shapes.ScoreNow:
    missing = [shapes.Lack(item, lack) for item, lack in scored.missing]
    return shapes.ScoreNow(scored.points, scored.sections, list(scored.failed), missing, scored.complete)


# ------------------------------------------------------------------ scores


async def forms(desk: Desk, _request: Request, _who: Who) -> Response:
    return answered(shapes.FormList(list(desk.rules().quality.forms)))


async def begin(desk: Desk, request: Request, who: Who) -> Response:
    """In a calibration by the form that it was made with."""
    wish = await body_of(request, shapes.ScoreWish)
    async with desk.catalogue.reading() as connection:
        place = await place_of(connection, wish.recording, reach_of(desk, who))
        with told():
            if wish.calibration:
                form = await calibration.task_of(connection, wish.calibration, who.name, place)
            else:
                form = await form_for(desk, connection, wish.form, place)
    kind: scores.ScoreKind = "calibration" if wish.calibration else "target" if wish.target else "usual"
    with told():
        score = await scores.begin(desk.catalogue, place, form, rater_of(who), desk.settings.timezone, desk.clock(), kind, wish.calibration)
    return answered(shapes.ScoreBegun(score))


async def one(desk: Desk, request: Request, who: Who) -> Response:
    """Who reads it is written down: they are not the second rater of an appeal."""
    async with desk.catalogue.reading() as connection:
        with told():
            share = desk.rules().quality.heard_share
            said = await asked.score(connection, number_of(request), who.name, None, reach_of(desk, who), share)
    await read(desk, [said], who)
    return answered(said)


async def many(desk: Desk, request: Request, who: Who) -> Response:
    query, reach = query_of(request, shapes.ScoresQuery), reach_of(desk, who)
    async with desk.catalogue.reading() as connection:
        place = await place_of(connection, query.recording, reach) if query.recording else None
        rows = await asked.score_rows(connection, place, query.agent, who.name, query.mine, reach)
    await read(desk, rows, who)
    return answered(shapes.ScoreList(rows))


async def read(desk: Desk, told_: Iterable[shapes.ScoreSaid | shapes.ScoreRow], who: Who) -> None:
    await blind.keep_read(desk.catalogue, [each.id for each in told_ if each.rater != who.name], who.name, desk.clock())


async def keep(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.AnswersWish)
    number = await _score_within(desk, request, who)
    with told():
        return answered(now_of(await scores.keep(desk.catalogue, number, rater_of(who), wish.answers, wish.comment)))


async def done(desk: Desk, request: Request, who: Who) -> Response:
    """Not before its rater has heard the call, as far as the log can say; how much of it, the plan says."""
    wish = await body_of(request, shapes.DoneWish)
    number = await _score_within(desk, request, who)
    asked_of = Asked(desk.rules().quality.heard_share, wish.unheard)
    with told():
        return answered(now_of(await scores.done(desk.catalogue, number, rater_of(who), desk.clock(), asked_of)))


async def _score_within(desk: Desk, request: Request, who: Who) -> int:
    number = number_of(request)
    async with desk.catalogue.reading() as connection:
        with told():
            await asked.score_within(connection, number, reach_of(desk, who))
    return number


# ------------------------------------------------------------------ samples


async def list_samples(desk: Desk, _request: Request, who: Who) -> Response:
    async with desk.catalogue.reading() as connection:
        return answered(shapes.SampleList(await asked.sample_rows(connection, reach_of(desk, who))))


async def draw(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.SampleWish)
    if wish.kind not in ("estimate", "coaching"):
        raise Refused(400, "quality.kind_unknown")
    rules, plan, zone = desk.rules().quality.sampling, desk.floor().owned.version, desk.settings.timezone
    with told():
        made = await samples.draw(desk.catalogue, wish.kind, wish.period, wish.campaign, rules, zone, who.name, desk.clock(), plan)
    return await _sample(desk, made.sample, who)


async def one_sample(desk: Desk, request: Request, who: Who) -> Response:
    return await _sample(desk, number_of(request), who)


async def _sample(desk: Desk, number: int, who: Who) -> Response:
    async with desk.catalogue.reading() as connection:
        with told():
            return answered(await asked.sample(connection, number, who.name, reach_of(desk, who)))


async def leave_out(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.LeaveOutWish)
    why = wish.why.strip()[:WHY_MAX]
    if not why:
        raise Refused(409, "quality.reason_missing.left_out")
    async with desk.catalogue.reading() as connection:
        place = await place_of(connection, wish.recording, reach_of(desk, who))
    with told():
        await samples.leave_out(desk.catalogue, number_of(request), place, why, who.name, desk.clock())
    return await _sample(desk, number_of(request), who)


# ------------------------------------------------------------------ calibration


async def list_calibrations(desk: Desk, _request: Request, who: Who) -> Response:
    async with desk.catalogue.reading() as connection:
        return answered(shapes.CalibrationList(await asked.calibration_rows(connection, who.name, reach_of(desk, who))))


async def calibrate(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.CalibrationWish)
    form = form_of(desk, wish.form)
    async with desk.catalogue.reading() as connection:
        reach = reach_of(desk, who)
        places = [await place_of(connection, recording, reach) for recording in wish.recordings[: calibration.RECORDINGS_MAX + 1]]
        for place in places:
            await form_for(desk, connection, form.id, place)
    with told():
        number = await calibration.make(desk.catalogue, wish.name[:100], form, places, wish.raters, who.name, desk.clock())
    return await _calibration(desk, number, who)


async def one_calibration(desk: Desk, request: Request, who: Who) -> Response:
    return await _calibration(desk, number_of(request), who)


async def close_calibration(desk: Desk, request: Request, who: Who) -> Response:
    with told():
        await calibration.close(desk.catalogue, number_of(request), who.name, desk.clock())
    return await _calibration(desk, number_of(request), who)


async def _calibration(desk: Desk, number: int, who: Who) -> Response:
    rules = desk.rules().quality
    async with desk.catalogue.reading() as connection:
        with told():
            row = await asked.calibration_row(connection, number, who.name, reach_of(desk, who))
            compared = await calibration.compared(connection, number, rules.kappa_pass, rules.agreement_pass) if row.closed else None
    return answered(shapes.CalibrationSaid(row, compared))


# ------------------------------------------------------------------ appeals


async def list_appeals(desk: Desk, _request: Request, who: Who) -> Response:
    async with desk.catalogue.reading() as connection:
        return answered(shapes.AppealList(await asked.appeal_rows(connection, reach_of(desk, who))))


async def take_appeal(desk: Desk, request: Request, who: Who) -> Response:
    number, rater, now = await _appeal_within(desk, request, who), rater_of(who), desk.clock()
    with told():
        place, score = await appeals.take(desk.catalogue, number, rater, desk.settings.timezone, now)
    async with desk.catalogue.reading() as connection:
        return answered(shapes.AppealTaken(await appeals.id_of(connection, place), score))


async def give_appeal_back(desk: Desk, request: Request, who: Who) -> Response:
    number = await _appeal_within(desk, request, who)
    with told():
        await appeals.give_back(desk.catalogue, number, who.name, desk.clock())
    return await list_appeals(desk, request, who)


async def decide_appeal(desk: Desk, request: Request, who: Who) -> Response:
    number = await _appeal_within(desk, request, who)
    with told():
        return answered(shapes.AppealDecided(await appeals.decide(desk.catalogue, number, desk.clock())))


async def _appeal_within(desk: Desk, request: Request, who: Who) -> int:
    number = number_of(request)
    async with desk.catalogue.reading() as connection:
        with told():
            await asked.appeal_within(connection, number, reach_of(desk, who))
    return number


# ------------------------------------------------------------------ an agent's own


async def own_scores(desk: Desk, _request: Request, who: Who) -> Response:
    async with desk.catalogue.reading() as connection:
        return answered(shapes.ScoreList(await asked.own_rows(connection, who.agent) if who.agent else [], desk.settings.timezone))


async def own_score(desk: Desk, request: Request, who: Who) -> Response:
    """Read by its agent, which is written down."""
    number = number_of(request)
    with told():
        await asked.seen(desk.catalogue, number, who.agent, desk.clock())
        async with desk.catalogue.reading() as connection:
            return answered(await asked.score(connection, number, who.name, who.agent, ALL))  # the own ones: its agent's


async def own_appeal(desk: Desk, request: Request, who: Who) -> Response:
    wish, rules = await body_of(request, shapes.AppealWish), desk.rules().quality
    if not wish.reason.strip():
        raise Refused(409, "quality.reason_missing.appeal")
    with told():
        number = await appeals.appeal(
            desk.catalogue, number_of(request), who.agent, wish.item, wish.reason, rules, desk.settings.timezone, desk.clock()
        )
    return answered(shapes.ScoreBegun(number))


# ------------------------------------------------------------------ results


async def show_results(desk: Desk, request: Request, who: Who) -> Response:
    """The estimate is of the whole operation: who reaches some agents only would read how the other teams do."""
    query, rules, now = query_of(request, shapes.ResultsQuery), desk.rules().quality, desk.clock()
    current = month_of(now, desk.settings.timezone)
    period = query.period or before(current, 1)
    with told():
        samples.span_of(period, desk.settings.timezone)
    reach = reach_of(desk, who)
    limited = reach.agents is not None
    async with desk.catalogue.reading() as connection:
        raters = [
            shapes.RaterRow(each.rater, each.decided, each.overturned, each.overturned > rules.overturn_share * each.decided)
            for each in await overturns(connection, now - YEAR, reach)
        ]
        hidden = await blind.places(connection, who.name)
        operation = None if limited else await results.operation(connection, period, query.campaign, hidden)
        agents = await results.agents(connection, rules, (period,), current, reach.agents, hidden)
    return answered(shapes.Results(period, operation, agents, raters, rules.rank_least, limited))


SCORE, MANAGE, OWN = "quality.score", "quality.manage", "quality.own"
S = shapes
OFFERS: tuple[Offer, ...] = (
    Offer("GET", "/api/quality/forms", SCORE, forms, "Score forms of the plan.", gives=S.FormList),
    Offer("GET", "/api/quality/scores", SCORE, many, "Scores of a recording, an agent, or mine.", query=S.ScoresQuery, gives=S.ScoreList),
    Offer("POST", "/api/quality/scores", SCORE, begin, "Begin to score.", body=S.ScoreWish, gives=S.ScoreBegun, act="score a call"),
    Offer("GET", "/api/quality/scores/{id}", SCORE, one, "One score.", gives=S.ScoreSaid),
    Offer("POST", "/api/quality/scores/{id}", SCORE, keep, "Keep answers.", body=S.AnswersWish, gives=S.ScoreNow, quiet=True),
    Offer("POST", "/api/quality/scores/{id}/done", SCORE, done, "It is done.", body=S.DoneWish, gives=S.ScoreNow, act="finish a score"),
    Offer("GET", "/api/quality/samples", SCORE, list_samples, "Samples.", gives=S.SampleList),
    Offer(
        "POST",
        "/api/quality/samples",
        MANAGE,
        draw,
        "Draw a sample: once for each kind, month and campaign.",
        body=S.SampleWish,
        gives=S.SampleSaid,
        act="draw a sample",
        shown=("kind", "period", "campaign"),
        cost="heavy",
    ),
    Offer("GET", "/api/quality/samples/{id}", SCORE, one_sample, "One sample.", gives=S.SampleSaid),
    Offer(
        "POST",
        "/api/quality/samples/{id}/leave-out",
        MANAGE,
        leave_out,
        "Leave a call out, with a reason.",
        body=S.LeaveOutWish,
        gives=S.SampleSaid,
        act="leave out of a sample",
        shown=("recording",),  # the reason stands in the archive, and is forgotten there
    ),
    Offer("GET", "/api/quality/calibrations", SCORE, list_calibrations, "Calibrations.", gives=S.CalibrationList),
    Offer(
        "POST",
        "/api/quality/calibrations",
        MANAGE,
        calibrate,
        "Let raters score the same calls blind.",
        body=S.CalibrationWish,
        gives=S.CalibrationSaid,
        act="calibrate",
        shown=("name",),
    ),
    Offer("GET", "/api/quality/calibrations/{id}", SCORE, one_calibration, "One calibration.", gives=S.CalibrationSaid),
    Offer(
        "POST",
        "/api/quality/calibrations/{id}/close",
        MANAGE,
        close_calibration,
        "Close it, and compare.",
        gives=S.CalibrationSaid,
        act="close a calibration",
    ),
    Offer("GET", "/api/quality/appeals", SCORE, list_appeals, "Appeals of the last year.", gives=S.AppealList),
    Offer("POST", "/api/quality/appeals/{id}/take", SCORE, take_appeal, "Score it blind.", gives=S.AppealTaken, act="take an appeal"),
    Offer(
        "POST",
        "/api/quality/appeals/{id}/give-back",
        MANAGE,
        give_appeal_back,
        "Give it back: whoever took it does not score it.",
        gives=S.AppealList,
        act="give an appeal back",
    ),
    Offer("POST", "/api/quality/appeals/{id}/decide", SCORE, decide_appeal, "Decide it.", gives=S.AppealDecided, act="decide an appeal"),
    Offer("GET", "/api/quality/results", SCORE, show_results, "Results of a month.", query=S.ResultsQuery, gives=S.Results, cost="heavy"),
    Offer("GET", "/api/me/scores", OWN, own_scores, "Scores of my calls.", gives=S.ScoreList),
    Offer("GET", "/api/me/scores/{id}", OWN, own_score, "One score of a call of mine.", gives=S.ScoreSaid),
    Offer("POST", "/api/me/scores/{id}/appeal", OWN, own_appeal, "Contest it.", body=S.AppealWish, gives=S.ScoreBegun, act="appeal"),
)
