"""Why kept until when, what is due; holds, clocks, erasures: what a person asks, by the name they signed in with.

Not the deciding (`retention/`), not disposals (`disposing.py`), and nothing is destroyed here: the archivist does that. Who places or
releases is the one who asks; a wish names nobody. Every refusal is a sentence of `retention/`, said here as it is.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from realtime.words import SECOND
from recordings.retention import certificate, erasure, events, holds, people
from recordings.retention.choosing import Choice, beside
from recordings.retention.due import due
from recordings.retention.events import ClockSaid
from recordings.retention.holds import Matter
from recordings.retention.ids import new_id
from recordings.retention.recompute import recompute
from recordings.web import disposing, redacting
from recordings.web import keeping_rows as rows
from recordings.web import keeping_shapes as shapes
from recordings.web.desk import Desk
from recordings.web.keeping_asked import digests, policy, said
from recordings.web.offer import Offer, Refused, Who
from recordings.web.reading import answered, body_of, query_of
from recordings.web.rows import micros


@said
async def list_due(desk: Desk, request: Request, _who: Who) -> Response:
    query = query_of(request, shapes.DueQuery)
    at = micros(query.at) or desk.clock()
    choice = Choice(
        agent=query.agent, campaign=query.campaign, client=query.client, queue=query.queue, call=query.call, class_=query.class_
    )
    async with desk.catalogue.reading() as connection:
        found = await due(connection, policy(desk), at, choice, query.only, query.limit, query.after)
    lines = [rows.due_row(each, at, desk.settings.timezone) for each in found.lines]
    return answered(shapes.DueList(at=at / SECOND, counts=found.counts, recordings=lines, next=found.after))


# ---------------------------------------------------------------- holds


@said
async def list_holds(desk: Desk, request: Request, _who: Who) -> Response:
    query = query_of(request, shapes.HoldQuery)
    async with desk.catalogue.reading() as connection:
        found = await holds.every(connection, query.released, query.limit)
    return answered(shapes.HoldList(holds=[rows.hold_row(each, desk.clock()) for each in found]))


@said
async def place_hold(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.HoldWish)
    choice = _choice(desk, wish)
    if wish.dry:
        would = await holds.would(beside(desk.catalogue), choice)
        return answered(shapes.HoldPlaced(id="", items=would.items, sha256=would.sha256.hex()))
    matter = Matter(name=wish.matter, custodian=wish.custodian)
    days = desk.rules().hold_review_days
    placed = await holds.place(desk.catalogue, new_id("h"), choice, matter, who.name, desk.clock(), days)
    said_ = shapes.HoldPlaced(id=placed.id, items=placed.items, sha256=placed.sha256.hex(), withdrawn=placed.withdrawn)
    return answered(said_, 201)


def _choice(desk: Desk, wish: shapes.ChosenWish) -> Choice:
    return Choice(
        ids=tuple(wish.ids),
        agent=wish.agent,
        campaign=wish.campaign,
        client=wish.client,
        queue=wish.queue,
        call=wish.call,
        numbers=digests(desk, wish.number) if wish.number else (),
        class_=wish.class_,
        since=micros(wish.since),
        until=micros(wish.until),
    )


@said
async def release_hold(desk: Desk, request: Request, who: Who) -> Response:
    wish, id_ = await body_of(request, shapes.WhyWish), request.path_params["id"]
    return answered(shapes.Standing(id=id_, standing=await holds.release(desk.catalogue, id_, who.name, wish.why, desk.clock())))


@said
async def review_hold(desk: Desk, request: Request, who: Who) -> Response:
    wish, id_ = await body_of(request, shapes.WhyWish), request.path_params["id"]
    await holds.keep(desk.catalogue, id_, who.name, wish.why, desk.clock(), desk.rules().hold_review_days)
    return answered(shapes.Standing(id=id_, standing=holds.PLACED))


# ---------------------------------------------------------------- erasures and clocks


@said
async def ask_erasure(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.ErasureWish)
    zone, numbers = desk.settings.timezone, digests(desk, wish.number)
    if wish.dry:
        async with desk.catalogue.reading() as connection:
            answers = await erasure.consider(connection, policy(desk), numbers, desk.clock())
        return answered(shapes.ErasureSaid(id="", sha256="", decide_by=None, answers=[rows.answer_row(each, zone) for each in answers]))
    asked = await erasure.ask(desk.catalogue, new_id("e"), policy(desk), numbers, wish.why, who.name, desk.clock())
    told = [rows.answer_row(each, zone) for each in asked.answers]
    sha256 = certificate.items_sha256(each.id for each in told)
    return answered(shapes.ErasureSaid(id=asked.id, sha256=sha256, decide_by=asked.decide_by / SECOND, answers=told), 201)


@said
async def say_clock(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.ClockWish)
    people.person(who.name)
    subjects = digests(desk, wish.number) if wish.scope == "number" else (wish.subject,)
    if not all(subjects) or (wish.scope == "number") != bool(wish.number):
        raise Refused(400, "clock.subject_missing")
    now, known, entries = desk.clock(), policy(desk).campaigns, []
    async with desk.catalogue.change() as change:
        for subject in subjects:
            event = ClockSaid(
                clock=wish.clock,
                scope=wish.scope,
                subject=subject,
                moment=micros(wish.moment),
                reference=wish.reference,
                over=wish.over,
                why=wish.why,
            )
            entries.append(await events.say(change, event, known, who.name, now))
    if wish.scope == "campaign":  # there may be a million of them: the night has the time
        return answered(shapes.ClockSaidAnswer(entry=entries, reckoned=None), 201)
    done = await recompute(desk.catalogue, policy(desk), now, events.about(wish.scope, subjects))
    return answered(shapes.ClockSaidAnswer(entry=entries, reckoned=done.changed), 201)


HOLD: Final = "recordings.hold"
OFFERS: tuple[Offer, ...] = (
    Offer(
        "GET",
        "/api/recordings/due",
        HOLD,
        list_due,
        "Until when each is kept and why.",
        query=shapes.DueQuery,
        gives=shapes.DueList,
        cost="heavy",
    ),
    Offer(
        "GET",
        "/api/holds",
        HOLD,
        list_holds,
        "Legal holds: those to be released, then the next review first.",
        query=shapes.HoldQuery,
        gives=shapes.HoldList,
    ),
    Offer(
        "POST",
        "/api/holds",
        HOLD,
        place_hold,
        "Hold what a choice finds, frozen to a list; dry: say what it would hold.",
        body=shapes.HoldWish,
        gives=shapes.HoldPlaced,
        act="hold recordings",
        shown=("agent", "campaign", "queue", "call", "matter"),
    ),
    Offer(
        "POST",
        "/api/holds/{id}/release",
        HOLD,
        release_hold,
        "Release a hold: the first of two asks, the second does it.",
        body=shapes.WhyWish,
        gives=shapes.Standing,
        act="release a hold",
        shown=("why",),
    ),
    Offer(
        "POST",
        "/api/holds/{id}/review",
        HOLD,
        review_hold,
        "A hold was looked at and stays.",
        body=shapes.WhyWish,
        gives=shapes.Standing,
        act="review a hold",
        shown=("why",),
    ),
    *disposing.OFFERS,
    *redacting.OFFERS,
    Offer(
        "POST",
        "/api/erasures",
        HOLD,
        ask_erasure,
        "Write down a person's wish to be erased; dry: say what would be answered.",
        body=shapes.ErasureWish,
        gives=shapes.ErasureSaid,
        act="write down an erasure",
        shown=("why",),
    ),
    Offer(
        "POST",
        "/api/clocks",
        HOLD,
        say_clock,
        "Say when a contract, product or activity ended, a dispute began or was closed.",
        body=shapes.ClockWish,
        gives=shapes.ClockSaidAnswer,
        act="say a clock",
        shown=("clock", "scope", "subject", "reference", "why"),
    ),
)
