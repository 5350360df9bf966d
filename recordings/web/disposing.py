"""Disposals asked for: what may go, proposed as it was looked at, approved by two, refused by one; and certificates.

Not the deciding (`retention/disposal.py`) and not the destroying, which the archivist does. Who proposes or approves is the one who asks.
"""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from realtime.words import SECOND
from recordings.proof.note import BadNote
from recordings.proof.published import Published, folder_of
from recordings.retention import certificate, certificate_page, disposal, redaction
from recordings.retention.disposal import DisposalRefused, Wish
from recordings.retention.ids import new_id
from recordings.web import keeping_rows as rows
from recordings.web import keeping_shapes as shapes
from recordings.web.desk import Desk
from recordings.web.keeping_asked import policy, said
from recordings.web.offer import Offer, Refused, Who
from recordings.web.reading import PageQuery, answered, body_of, language_of, query_of
from recordings.web.rows import micros

FIRST_SHOWN: Final = 20
"""Of a list that may go, to look at before it is proposed; all of it is at what is due."""


@said
async def list_groups(desk: Desk, request: Request, _who: Who) -> Response:
    query = query_of(request, shapes.GroupQuery)
    at, zone = micros(query.at) or desk.clock(), desk.settings.timezone
    found = await disposal.groups(desk.catalogue, policy(desk), at, query.class_)
    told = [
        shapes.GroupRow(
            class_=each.class_,
            month=each.month,
            items=len(each.items),
            sha256=each.sha256,
            more=each.more,
            first=[rows.due_row(item, at, zone) for item in each.first[:FIRST_SHOWN]],
        )
        for each in found
    ]
    return answered(shapes.GroupList(at=at / SECOND, groups=told))


@said
async def propose(desk: Desk, request: Request, who: Who) -> Response:
    wish, id_ = await body_of(request, shapes.DisposalWish), new_id("d")
    asked = Wish(wish.class_, wish.month, wish.sha256, wish.why)
    await disposal.propose(desk.catalogue, id_, policy(desk), asked, who.name, desk.clock())
    return answered(shapes.Standing(id=id_, standing=disposal.PROPOSED), 201)


@said
async def list_disposals(desk: Desk, request: Request, _who: Who) -> Response:
    query = query_of(request, shapes.DisposalQuery)
    async with desk.catalogue.reading() as connection:
        found = await disposal.every(connection, query.kind, query.limit)
        redacted = await redaction.told_of(connection, [each["id"] for each in found])
        told = [rows.disposal_row(each, await disposal.approvers(connection, each["id"]), redacted.get(each["id"])) for each in found]
    return answered(shapes.DisposalList(disposals=told))


@said
async def one_disposal(desk: Desk, request: Request, _who: Who) -> Response:
    query, id_ = query_of(request, shapes.ItemQuery), request.path_params["id"]
    async with desk.catalogue.reading() as connection:
        run = await disposal.one(connection, id_)
        if run is None:
            raise Refused(404, "disposal.no_such_disposal")
        items = await disposal.items_of(connection, id_, query.limit, query.after)
        redacted = (await redaction.told_of(connection, [id_])).get(id_)
        told = shapes.DisposalSaid(
            disposal=rows.disposal_row(run, await disposal.approvers(connection, id_), redacted),
            counts=await disposal.counts(connection, id_),
            items=[rows.item_row(each, desk.settings.timezone) for each in items],
            next=items[-1]["id"] if len(items) == query.limit else "",
        )
    return answered(told)


@said
async def approve(desk: Desk, request: Request, who: Who) -> Response:
    wish, id_ = await body_of(request, shapes.ApprovalWish), request.path_params["id"]
    async with desk.catalogue.reading() as connection:
        run = await disposal.one(connection, id_)
    if run is None:
        raise Refused(404, "disposal.no_such_disposal")
    if run["sha256"].hex() != wish.sha256:
        raise DisposalRefused("disposal.not_the_list")
    return answered(shapes.Standing(id=id_, standing=await disposal.approve(desk.catalogue, id_, who.name, desk.clock())))


@said
async def refuse(desk: Desk, request: Request, who: Who) -> Response:
    wish, id_ = await body_of(request, shapes.WhyWish), request.path_params["id"]
    await disposal.refuse(desk.catalogue, id_, who.name, wish.why, desk.clock())
    return answered(shapes.Standing(id=id_, standing=disposal.REFUSED))


@said
async def certificate_file(desk: Desk, request: Request, _who: Who) -> Response:
    id_ = request.path_params["id"]
    headers = {"content-disposition": f'attachment; filename="andon-certificate-{id_}.json"', "cache-control": "no-store"}
    return Response(await _certificate(desk, id_), media_type="application/json", headers=headers)


@said
async def certificate_print(desk: Desk, request: Request, who: Who) -> Response:
    file = await _certificate(desk, request.path_params["id"])
    published = Published(folder_of(desk.settings.folder))
    try:
        read = certificate.read(file, await asyncio.to_thread(published.keys))
    except (BadNote, OSError) as error:
        raise Refused(503, "disposal.not_verified", fault=error) from error
    page = certificate_page.page(read, language_of(request, who), certificate.digest(file), desk.settings.timezone)
    return Response(page, media_type="text/html", headers={"content-security-policy": certificate_page.POLICY})


async def _certificate(desk: Desk, id_: str) -> bytes:
    async with desk.catalogue.reading() as connection:
        run = await disposal.one(connection, id_)
    if run is None or not run["certificate"]:
        raise Refused(404, "disposal.no_certificate")
    return bytes(run["certificate"])


DISPOSE: Final = "recordings.dispose"
OFFERS: tuple[Offer, ...] = (
    Offer(
        "GET",
        "/api/disposals/due",
        DISPOSE,
        list_groups,
        "What may go, by class and month: the dry run.",
        query=shapes.GroupQuery,
        gives=shapes.GroupList,
        cost="heavy",
    ),
    Offer("GET", "/api/disposals", DISPOSE, list_disposals, "Disposals.", query=shapes.DisposalQuery, gives=shapes.DisposalList),
    Offer(
        "POST",
        "/api/disposals",
        DISPOSE,
        propose,
        "Propose the list of a dry run; its recordings are due.",
        body=shapes.DisposalWish,
        gives=shapes.Standing,
        act="propose a disposal",
        shown=("class_", "month", "sha256", "why"),
    ),
    Offer(
        "GET",
        "/api/disposals/{id}",
        DISPOSE,
        one_disposal,
        "One of them, and what became of its recordings.",
        query=shapes.ItemQuery,
        gives=shapes.DisposalSaid,
    ),
    Offer(
        "POST",
        "/api/disposals/{id}/approve",
        DISPOSE,
        approve,
        "Approve a disposal: two people. An erasure or a redaction: another than who wrote it down.",
        body=shapes.ApprovalWish,
        gives=shapes.Standing,
        act="approve a disposal",
        shown=("sha256",),
    ),
    Offer(
        "POST",
        "/api/disposals/{id}/refuse",
        DISPOSE,
        refuse,
        "Refuse a disposal, an erasure or a redaction.",
        body=shapes.WhyWish,
        gives=shapes.Standing,
        act="refuse a disposal",
        shown=("why",),
    ),
    Offer("GET", "/api/certificates/{id}", DISPOSE, certificate_file, "The signed certificate.", gives="application/json"),
    Offer(
        "GET",
        "/api/certificates/{id}/page",
        DISPOSE,
        certificate_print,
        "The certificate as a page to print.",
        query=PageQuery,
        gives="text/html",
    ),
)
