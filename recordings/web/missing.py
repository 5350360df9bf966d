"""What is missing, and how the archive is: the ledger of expected recordings, odd files in the spools, recordings with a trouble.

Not the judging (`recordings/calls/`, by the archivist): what it has found is shown here. Files are of no agent, so who reaches only some
agents sees none of them.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from realtime.words import SECOND
from recordings.calls.ledger_rows import GAP_OF_CALLS
from recordings.catalogue import search, tree
from recordings.catalogue.asked import Query, Reach
from recordings.catalogue.schema import calls, captures, checkpoints, health, log
from recordings.quality import blind
from recordings.refusals.stored import read
from recordings.retention.awaited import awaited
from recordings.vault.rounds import FILLED
from recordings.web import finding_shapes as shapes
from recordings.web.desk import Desk
from recordings.web.names import names_of
from recordings.web.offer import Offer, Who
from recordings.web.reaching import KEEPERS, reach_of
from recordings.web.reading import answered, query_of
from recordings.web.rows import Eyes, micros, rows_of, said_of
from recordings.words import Kind

STANDINGS: Final = ("missing", "unknown", "excused", "open")
SHOWN: Final = ("missing", "unknown")
COUNTED_MOST: Final = 10_000
"""Calls of one standing: more is a night without a spool, and the page says so."""
HEALTH_MOST: Final = 200
TROUBLED_MOST: Final = 50
GAPS_MOST: Final = 20
"""An archivist that is away so often for so long needs other help than a list."""


async def missing(desk: Desk, request: Request, who: Who) -> Response:
    query, reach = query_of(request, shapes.MissingQuery), reach_of(desk, who)
    since, until = micros(query.since), micros(query.until)
    async with desk.catalogue.reading() as connection:
        troubled = await search.find(
            connection, Query(trouble="any", since=since, until=until), reach, None, min(query.limit, TROUBLED_MOST)
        )
        told = shapes.MissingList(
            counts={each: await _count(connection, [calls.c.standing == each, *_within(since, until, reach)]) for each in STANDINGS},
            counted_most=COUNTED_MOST,
            calls=await _calls(connection, _within(since, until, reach), query.limit),
            files=await _files(connection, query.limit) if reach.agents is None else [],
            not_known=await _not_known(connection, since, until),
            troubled=await rows_of(desk, connection, troubled.rows, Eyes(await blind.places(connection, who.name))),
        )
    return answered(told)


def _within(since: int, until: int, reach: Reach) -> list[ColumnElement[bool]]:
    found = [calls.c.began >= since] if since else []
    if until:
        found.append(calls.c.began < until)
    if reach.agents is not None:
        found.append(calls.c.agent.in_(sorted(reach.agents)))
    return found


async def _count(connection: AsyncConnection, asked: list[ColumnElement[bool]]) -> int:
    some = select(calls.c.call).where(*asked).limit(COUNTED_MOST).subquery()
    return int((await connection.execute(select(func.count()).select_from(some))).scalar_one())


async def _calls(connection: AsyncConnection, asked: list[ColumnElement[bool]], limit: int) -> list[shapes.MissingCall]:
    found: list[Any] = []
    for standing in SHOWN:
        newest = select(calls).where(calls.c.standing == standing, *asked).order_by(calls.c.began.desc()).limit(limit)
        found += (await connection.execute(newest)).all()
    return [
        shapes.MissingCall(
            node=row.node,
            call=row.call,
            began=row.began / SECOND,
            ended=row.ended / SECOND,
            agent=row.agent,
            queue=row.queue,
            campaign=row.campaign,
            expected=row.expected,
            standing=row.standing,
            reason=row.reason,
        )
        for row in sorted(found, key=lambda row: row.began, reverse=True)[:limit]
    ]


async def _not_known(connection: AsyncConnection, since: int, until: int) -> list[shapes.NotKnown]:
    """By the log, which has each of them for good."""
    wanted = select(log.c.leaf).where(log.c.kind == Kind.GAP.value, log.c.subject == GAP_OF_CALLS)
    rows = (await connection.execute(wanted.order_by(log.c.index.desc()).limit(GAPS_MOST))).scalars()
    spans = [msgspec.json.decode(leaf)["public"] for leaf in rows]
    within = [span for span in spans if span["until"] > since and (not until or span["since"] < until)]
    return [shapes.NotKnown(span["since"] / SECOND, span["until"] / SECOND) for span in within]


async def _files(connection: AsyncConnection, limit: int) -> list[shapes.OddFile]:
    odd = or_(captures.c.standing.in_(["waiting", "refused"]), captures.c.trouble != "")
    rows = await connection.execute(select(captures).where(odd).order_by(captures.c.first_seen.desc()).limit(limit))
    return [
        shapes.OddFile(
            node=row.node,
            name=row.shown,
            size=row.size,
            changed=row.changed / SECOND,
            first_seen=row.first_seen / SECOND,
            standing=row.standing,
            trouble=row.trouble,
        )
        for row in rows
    ]


def _health(row: Any) -> shapes.HealthRow:
    said = said_of(row.text) if read(row.text) else None
    return shapes.HealthRow(name=row.name, value=row.value, text="" if said else row.text, said=said, at=row.at / SECOND)


async def archive(desk: Desk, _request: Request, who: Who) -> Response:
    async with desk.catalogue.reading() as connection:
        listed = select(health).where(~health.c.name.startswith(FILLED))  # how far a new vault's lines are written: nobody's to read
        rows = (await connection.execute(listed.order_by(health.c.name).limit(HEALTH_MOST))).all()
        newest = (await connection.execute(select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1))).one_or_none()
        told = shapes.ArchiveHealth(
            health=[_health(row) for row in rows],
            log=await tree.size(connection),
            checkpoint=None if newest is None else newest.size,
            checkpoint_at=None if newest is None else newest.at / SECOND,
            database="SQLite" if desk.catalogue.sqlite else "PostgreSQL",
            timezone=desk.settings.timezone,
            names=names_of(desk.floor().owned.plan),
            awaited={**await awaited(connection)} if who.role in KEEPERS else {},
        )
    return answered(told)


FIND = "recordings.find"
OFFERS: tuple[Offer, ...] = (
    Offer(
        "GET",
        "/api/recordings/missing",
        FIND,
        missing,
        "Calls without their recording, odd files, recordings with a trouble.",
        query=shapes.MissingQuery,
        gives=shapes.MissingList,
    ),
    Offer("GET", "/api/archive", FIND, archive, "How the archive is: its spools, disks, log and database.", gives=shapes.ArchiveHealth),
)
