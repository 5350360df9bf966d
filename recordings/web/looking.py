"""One recording looked at: all that is known of it, why it is kept; comments and tags on it.

Not its sound (`playing.py`), not its holds and clocks (`keeping.py`: here they are only shown). A comment that was taken back stays in the
table and is shown to nobody; who wrote it, or a manager, takes it back.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from realtime.words import SECOND
from recordings.catalogue import search
from recordings.catalogue.asked import Reach
from recordings.catalogue.schema import accesses, comments, copies, recordings, tags
from recordings.quality import blind
from recordings.recording import Span
from recordings.retention import holds, redaction
from recordings.retention.judging import judged, policy_of
from recordings.retention.sentences import sentence
from recordings.web import finding_shapes as shapes
from recordings.web.desk import Desk
from recordings.web.offer import Offer, Refused, Who
from recordings.web.reaching import KEEPERS, is_within, own_reach, reach_of
from recordings.web.reading import answered, body_of
from recordings.web.rows import Eyes, moment, row_of, words
from recordings.words import State

COMMENTS_MOST: Final = 200
"""On one recording: a calibration with twenty raters has so many."""
TAGS_MOST: Final = 20
HEARD_SHOWN: Final = 20

_spans = msgspec.json.Decoder(list[Span])


def none() -> Refused:
    """Made anew each time: one that is raised again and again keeps the frames of every request that it ever refused."""
    return Refused(404, "find.no_such_recording.reach")


async def line_of(connection: AsyncConnection, request: Request, reach: Reach) -> Any:
    """Raises Refused; in the same words for what is not there and for what somebody may not see."""
    asked = select(recordings).where(recordings.c.id == request.path_params["id"])
    row = (await connection.execute(asked)).one_or_none()
    if row is None or not is_within(row, reach):
        raise none()
    return row


async def one(desk: Desk, request: Request, who: Who) -> Response:
    reach = reach_of(desk, who)
    async with desk.catalogue.reading() as connection:
        row = await line_of(connection, request, reach)
        said = await _said(desk, connection, row, Eyes(await blind.places(connection, who.name)), who)
    return answered(said)


async def own_one(desk: Desk, request: Request, who: Who) -> Response:
    reach, eyes = own_reach(desk, who), Eyes(own=who.agent)
    async with desk.catalogue.reading() as connection:
        row = await line_of(connection, request, reach)
        comments = await comments_of(connection, row.place) if eyes.judged(row) else []
        said = shapes.OwnRecording(row=row_of(desk, row, [], eyes), spans=spans_of(row), comments=comments)
    return answered(said)


async def _said(desk: Desk, connection: AsyncConnection, row: Any, eyes: Eyes, who: Who) -> shapes.RecordingSaid:
    found = await search.tags_of(connection, [row.place])
    count, newest = await _accesses(connection, row.place)
    kin = await redaction.kin_of(connection, row.place)
    return shapes.RecordingSaid(
        row=row_of(desk, row, found.get(row.place, []), eyes),
        leg=row.leg,
        dial=row.dial,
        format=row.format,
        rate=row.rate,
        bytes=row.bytes,
        sha256=row.sha256.hex(),
        container_sha256=row.container.hex() if row.container else "",
        silent_share=row.silent / 1000,
        peak_db=row.peak_db,
        sealed_at=row.sealed_at / SECOND,
        sealed_entry=row.sealed_entry,
        stored_at=moment(row.stored_at),
        disposed_at=moment(row.disposed_at),
        derived=words(row.derived),
        scored_by="" if row.place in eyes.blind else row.scored_by,
        spans=spans_of(row),
        why=await _why(desk, connection, row),
        holds=await _held(connection, row, who),
        copies=await _copies(connection, row.place),
        comments=await comments_for(connection, row.place, who),
        accesses=count,
        heard_by=newest,
        derived_from=kin.derived_from,
        redacted_as=kin.redacted_as,
        card_data=await redaction.standing_of(connection, row.place) if row.restricted else "",
    )


def spans_of(row: Any) -> list[shapes.SpanRow]:
    told = _spans.decode(row.spans) if row.spans else []
    return [shapes.SpanRow(kind=each.kind, since_ms=each.since, until_ms=each.until, who=each.who) for each in told]


async def _why(desk: Desk, connection: AsyncConnection, row: Any) -> list[shapes.WhyKept]:
    """By the plan of now, as the nightly reckoning will write it."""
    zone = desk.settings.timezone
    policy = policy_of(desk.floor().owned.plan, zone)
    reasons = (await judged(connection, [row._mapping], policy, desk.clock()))[0].keeping.why
    return [
        shapes.WhyKept(code=each.code, values=dict(each.values), en=sentence(each, "en", zone), zh=sentence(each, "zh", zone))
        for each in reasons
    ]


async def _held(connection: AsyncConnection, row: Any, who: Who) -> list[shapes.HoldOn]:
    """A matter is called after a customer, whose number is masked for good reason: its name is for who may hold."""
    held, named = await holds.of(connection, row.place) if row.holds else [], who.role in KEEPERS
    return [shapes.HoldOn(each["id"], each["matter"] if named else "", each["placed_at"] / SECOND) for each in held]


async def _copies(connection: AsyncConnection, place: int) -> list[shapes.CopyRow]:
    rows = await connection.execute(select(copies).where(copies.c.recording == place).order_by(copies.c.vault))
    return [shapes.CopyRow(vault=row.vault, checked_at=row.checked_at / SECOND, good=row.good) for row in rows]


async def _accesses(connection: AsyncConnection, place: int) -> tuple[int, list[shapes.AccessRow]]:
    here = accesses.c.recording == place
    count = (await connection.execute(select(func.count()).select_from(accesses).where(here))).scalar_one()
    rows = await connection.execute(select(accesses).where(here).order_by(accesses.c.entry.desc()).limit(HEARD_SHOWN))
    return count, [
        shapes.AccessRow(
            at=row.at / SECOND, who=row.who, role=row.role, what=row.what, why=row.why, since_ms=row.since_ms, until_ms=row.until_ms
        )
        for row in rows
    ]


# ------------------------------------------------------------------ comments and tags


async def comments_of(connection: AsyncConnection, place: int) -> list[shapes.CommentRow]:
    asked = select(comments).where(comments.c.recording == place, comments.c.removed.is_(False))
    rows = await connection.execute(asked.order_by(comments.c.since_ms, comments.c.id).limit(COMMENTS_MOST))
    return [
        shapes.CommentRow(
            id=row.id, since_ms=row.since_ms, until_ms=row.until_ms, side=row.side, text=row.text, who=row.who, at=row.at / SECOND
        )
        for row in rows
    ]


async def comments_for(connection: AsyncConnection, place: int, who: Who) -> list[shapes.CommentRow]:
    """Who scores the call blind is told the own ones: a comment judges as a score does."""
    hidden = place in await blind.places(connection, who.name)
    return [each for each in await comments_of(connection, place) if not hidden or each.who == who.name]


def _there(row: Any) -> Any:
    """What was written of it went with it, and nothing is written any more. Raises Refused."""
    if row.state == State.DISPOSED.value:
        raise Refused(410, "listen.gone.disposed")
    return row


async def comment(desk: Desk, request: Request, who: Who) -> Response:
    wish, reach = await body_of(request, shapes.CommentWish), reach_of(desk, who)
    text = wish.text.strip()
    if not text:
        raise Refused(409, "comment.comment_empty")
    async with desk.catalogue.change() as change:
        row = _there(await line_of(change.connection, request, reach))
        if len(await comments_of(change.connection, row.place)) >= COMMENTS_MOST:
            raise Refused(409, "comment.comments_full", most=COMMENTS_MOST)
        since = min(wish.since_ms, row.length_ms)
        values = {"since_ms": since, "until_ms": max(since, min(wish.until_ms, row.length_ms)), "side": wish.side, "text": text}
        line = insert(comments).values(recording=row.place, who=who.name, at=desk.clock(), removed=False, **values)
        await change.connection.execute(line)
        told = await comments_for(change.connection, row.place, who)
    return answered(shapes.CommentList(comments=told))


async def take_back(desk: Desk, request: Request, who: Who) -> Response:
    number, reach = request.path_params["number"], reach_of(desk, who)
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):
        raise Refused(404, "comment.no_such_comment")
    async with desk.catalogue.change() as change:
        row = await line_of(change.connection, request, reach)
        this = (comments.c.id == int(number), comments.c.recording == row.place, comments.c.removed.is_(False))
        found = (await change.connection.execute(select(comments.c.who).where(*this))).one_or_none()
        if found is None:
            raise Refused(404, "comment.no_such_comment")
        if found.who != who.name and who.role not in KEEPERS:
            raise Refused(403, "comment.not_yours")
        await change.connection.execute(update(comments).where(*this).values(removed=True))
        told = await comments_for(change.connection, row.place, who)
    return answered(shapes.CommentList(comments=told))


async def tag(desk: Desk, request: Request, who: Who) -> Response:
    wish, reach = await body_of(request, shapes.TagWish), reach_of(desk, who)
    async with desk.catalogue.change() as change:
        row = _there(await line_of(change.connection, request, reach))
        there = set((await search.tags_of(change.connection, [row.place])).get(row.place, []))
        after = (there | set(wish.add)) - set(wish.remove)
        if len(after) > TAGS_MOST:
            raise Refused(409, "comment.tags_full", most=TAGS_MOST)
        gone = there - after
        if gone:
            await change.connection.execute(delete(tags).where(tags.c.recording == row.place, tags.c.tag.in_(sorted(gone))))
        new = [{"tag": each, "recording": row.place, "by": who.name, "at": desk.clock()} for each in sorted(after - there)]
        if new:
            await change.connection.execute(insert(tags), new)
    return answered(shapes.TagList(tags=sorted(after)))


FIND, LISTEN, OWN = "recordings.find", "recordings.listen", "recordings.own"
ONE: Final = "/api/recordings/{id}"
OFFERS: tuple[Offer, ...] = (
    Offer("GET", ONE, FIND, one, "All that is known of one recording, and why it is kept.", gives=shapes.RecordingSaid),
    Offer("GET", "/api/me/recordings/{id}", OWN, own_one, "One of my own calls.", gives=shapes.OwnRecording),
    Offer(
        "POST",
        f"{ONE}/comments",
        LISTEN,
        comment,
        "Comment on a moment or a span of it.",
        body=shapes.CommentWish,
        gives=shapes.CommentList,
        act="comment on a recording",
    ),
    Offer(
        "DELETE",
        f"{ONE}/comments/{{number}}",
        LISTEN,
        take_back,
        "Take a comment back: one's own, or as a manager.",
        gives=shapes.CommentList,
        act="take a comment back",
    ),
    Offer(
        "POST",
        f"{ONE}/tags",
        FIND,
        tag,
        "Add tags and take some away.",
        body=shapes.TagWish,
        gives=shapes.TagList,
        act="tag a recording",
    ),
)
