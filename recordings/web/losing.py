"""Recordings in quarantine, and giving them up: proposed by one with a reason, confirmed by another, refused by anybody who may.

Not the deciding (`retention/losing.py`), and not the way back by a good copy, which fixity finds by itself. Who asks is who decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from realtime.words import SECOND
from recordings.catalogue.schema import copies
from recordings.discs import store as discs
from recordings.retention import disposal, losing
from recordings.retention.ids import new_id
from recordings.retention.losing import HoldOn, Listed
from recordings.vault.port import name_of
from recordings.web import losing_shapes as shapes
from recordings.web.desk import Desk
from recordings.web.keeping_asked import said
from recordings.web.keeping_shapes import Standing, WhyWish
from recordings.web.offer import Offer, Who
from recordings.web.reading import answered, body_of, query_of
from recordings.web.rows import moment

COUNTED_MOST: Final = 10_000
PROPOSALS_MOST: Final = 20
"""Those that wait first: one holds a thousand recordings, and whoever has more of them waiting decides those before."""


@said
async def list_losses(desk: Desk, request: Request, _who: Who) -> Response:
    query = query_of(request, shapes.LossQuery)
    async with desk.catalogue.reading() as connection:
        told = shapes.LossList(
            quarantined=await losing.number(connection, COUNTED_MOST),
            counted_most=COUNTED_MOST,
            recordings=await _quarantined(connection, query.limit),
            proposals=await _proposals(connection),
        )
    return answered(told)


async def _quarantined(connection: AsyncConnection, limit: int) -> list[shapes.QuarantinedRow]:
    rows = await losing.quarantined(connection, limit)
    places = [row["place"] for row in rows]
    bad, borne = defaultdict[int, list[shapes.CopyBad]](list), defaultdict[int, list[str]](list)
    for line in await connection.execute(select(copies).where(copies.c.recording.in_(places)).order_by(copies.c.vault)):
        bad[line.recording].append(shapes.CopyBad(vault=line.vault, checked_at=line.checked_at / SECOND))
    for disc, of in (await discs.bears(connection, places)).items():
        for place in of:
            borne[place].append(disc)
    return [
        shapes.QuarantinedRow(
            id=row["id"],
            began=row["began"] / SECOND,
            length_ms=row["length_ms"],
            agent=row["agent"],
            class_=row["class_"],
            holds=row["holds"],
            where=name_of(row["id"], row["began"], "sound"),
            copies=bad[row["place"]],
            discs=borne[row["place"]],
            proposal=row["proposal"] or "",
        )
        for row in rows
    ]


async def _proposals(connection: AsyncConnection) -> list[shapes.LossRow]:
    told = []
    for row in await losing.every(connection, PROPOSALS_MOST):
        waits = row["standing"] == disposal.PROPOSED
        listed = await losing.listed(connection, row["id"]) if waits else Listed((), (), ())
        told.append(
            shapes.LossRow(
                id=row["id"],
                items=[*listed.ids],
                sha256=row["sha256"].hex(),
                holds=_holds(listed.holds),
                discs=_discs(listed),
                standing=row["standing"],
                reason=row["reason"],
                by=row["by"],
                at=row["at"] / SECOND,
                decided_at=moment(row["decided_at"]),
                listed=row["items"],
                lost=row["gone"],
            )
        )
    return told


def _holds(found: Iterable[HoldOn]) -> list[shapes.HoldNamed]:
    return [shapes.HoldNamed(id=each.id, matter=each.matter, custodian=each.custodian, items=each.items) for each in found]


def _discs(listed: Listed) -> list[shapes.DiscNamed]:
    return [shapes.DiscNamed(id=disc, items=number) for disc, number in listed.discs]


@said
async def propose_loss(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.LossWish)
    if wish.dry:
        async with desk.catalogue.reading() as connection:
            id_, listed = "", await losing.would(connection, wish.ids)
    else:
        id_ = new_id("l")
        listed = await losing.propose(desk.catalogue, id_, wish.ids, wish.why, who.name, desk.clock())
    told = shapes.LossSaid(id=id_, items=[*listed.ids], sha256=listed.sha256, holds=_holds(listed.holds), discs=_discs(listed))
    return answered(told, 200 if wish.dry else 201)


@said
async def confirm_loss(desk: Desk, request: Request, who: Who) -> Response:
    wish, id_ = await body_of(request, shapes.LossConfirm), request.path_params["id"]
    done = await losing.confirm(desk.catalogue, id_, wish.sha256, who.name, desk.clock())
    return answered(shapes.LossDone(id=id_, standing=disposal.DONE, lost=done.lost, kept=done.kept, holds=_holds(done.listed.holds)))


@said
async def refuse_loss(desk: Desk, request: Request, who: Who) -> Response:
    wish, id_ = await body_of(request, WhyWish), request.path_params["id"]
    await losing.refuse(desk.catalogue, id_, who.name, wish.why, desk.clock())
    return answered(Standing(id=id_, standing=disposal.REFUSED))


DISPOSE: Final = "recordings.dispose"
OFFERS: tuple[Offer, ...] = (
    Offer(
        "GET",
        "/api/losses",
        DISPOSE,
        list_losses,
        "Recordings in quarantine, and proposals to give them up.",
        query=shapes.LossQuery,
        gives=shapes.LossList,
    ),
    Offer(
        "POST",
        "/api/losses",
        DISPOSE,
        propose_loss,
        "Say of recordings in quarantine that no good copy is left; dry: say which they would be.",
        body=shapes.LossWish,
        gives=shapes.LossSaid,
        act="propose that recordings are lost",
        shown=("why",),
    ),
    Offer(
        "POST",
        "/api/losses/{id}/confirm",
        DISPOSE,
        confirm_loss,
        "Confirm it as another person: they are lost.",
        body=shapes.LossConfirm,
        gives=shapes.LossDone,
        act="confirm that recordings are lost",
        shown=("sha256",),
    ),
    Offer(
        "POST",
        "/api/losses/{id}/refuse",
        DISPOSE,
        refuse_loss,
        "Refuse it: they stay in quarantine.",
        body=WhyWish,
        gives=Standing,
        act="refuse that recordings are lost",
        shown=("why",),
    ),
)
