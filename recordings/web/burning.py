"""Disc sets: proposed, their steps asked for, signed, destroyed; labels and the register as pages to print.

Not the work: what takes long is noted as a wish and carried out by the archivist (`discs/works.py`), so that no request waits for a drive.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from realtime.words import SECOND
from recordings.discs import label, register, store, wishes
from recordings.discs.register import DiscRefused
from recordings.discs.rows import DiscRow
from recordings.discs.schedule import to_check
from recordings.discs.sets import Planned
from recordings.web import burning_shapes as shapes
from recordings.web.desk import Desk
from recordings.web.offer import Handler, Offer, Refused, Who
from recordings.web.reading import PageQuery, answered, body_of, language_of, query_of

UNKNOWN: Final = frozenset({"disc_unknown"})


def said(handler: Handler) -> Handler:
    """Refusals of discs as the board's."""

    async def asked(desk: Desk, request: Request, who: Who) -> Response:
        try:
            return await handler(desk, request, who)
        except DiscRefused as refused:
            status = 404 if refused.code in UNKNOWN else 403 if refused.code == "not_a_person" else 409
            raise Refused.of(status, refused) from refused

    return asked


# ---------------------------------------------------------------- to look at


@said
async def list_discs(desk: Desk, request: Request, _who: Who) -> Response:
    query = query_of(request, shapes.DiscsQuery)
    now, rules = desk.clock(), desk.rules().discs
    async with desk.catalogue.reading() as connection:
        found = await store.all_discs(connection, {query.state} if query.state else (), query.limit)
        waiting = await store.wishes_in(connection, limit=shapes.MOST_WISHES)
        due = to_check(*await store.shelf(connection), rules, now)
        gone = await store.for_destruction(connection)
    return answered(
        shapes.DiscList(
            discs=[shapes.row_of(each) for each in found],
            steps=[shapes.wish_of(each) for each in waiting],
            check=[shapes.CheckDue(each.disc, each.why, each.since / SECOND) for each in due],
            destroy=gone,
        )
    )


@said
async def one_disc(desk: Desk, request: Request, _who: Who) -> Response:
    async with desk.catalogue.reading() as connection:
        disc = await _disc(connection, request)
        signed = await store.signatures_of(connection, disc.id)
        checked = await store.checks_of(connection, disc.id)
        subjects = (disc.id, disc.set)  # images are of a set
        asked = [each for subject in subjects for each in await store.wishes_in(connection, subject=subject)]
        standing = await store.standing_of(connection, disc.set, disc.number)
    return answered(
        shapes.DiscSaid(
            disc=shapes.row_of(disc),
            signatures=[shapes.SignatureSaid(each.what, each.who, each.at / SECOND) for each in signed],
            checks=[shapes.check_of(each) for each in checked],
            steps=[shapes.wish_of(each) for each in sorted(asked, key=lambda each: each.id, reverse=True)],
            held=standing.pop("held"),
            recordings=standing,
        )
    )


async def _disc(connection: Any, request: Request) -> DiscRow:
    found = await store.disc_of(connection, request.path_params["id"])
    if found is None:
        raise Refused(404, "disc.disc_unknown", disc=request.path_params["id"][:16])
    return found


# ---------------------------------------------------------------- to do


@said
async def propose(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, shapes.SetWish)
    told = await register.gather(
        desk.catalogue, desk.rules(), desk.settings.timezone, who.name, desk.clock(), client=wish.client, class_=wish.class_,
        month=wish.month, until=round(wish.until * SECOND), carry_out=not wish.dry,
    )  # fmt: skip
    return answered(shapes.SetList(sets=[_set(id, planned) for id, planned in told]), 200 if wish.dry or not told else 201)


def _set(id: str, planned: Planned) -> shapes.SetSaid:
    items = [item for disc in planned.discs for item in disc]
    return shapes.SetSaid(
        set=id,
        client=planned.group.client,
        class_=planned.group.class_,
        month=planned.group.month,
        medium=planned.medium,
        discs=len(planned.discs),
        recordings=len(items),
        bytes=sum(item.container_bytes for item in items),
        first=min(item.began for item in items) / SECOND,
        last=max(item.began for item in items) / SECOND,
        too_large=[item.id for item in planned.too_large[: shapes.MOST_NAMED]],
        left=planned.left,
    )


async def _wish(step: str, desk: Desk, request: Request, who: Who) -> Response:
    subject = request.path_params["id"]
    number = await wishes.wish(desk.catalogue, step, subject, who.name, desk.clock())
    return answered(shapes.StepSaid(id=subject, step=step, number=number), 202)


async def _sign(step: Callable[..., Awaitable[str]], desk: Desk, request: Request, who: Who) -> Response:
    disc = request.path_params["id"]
    return answered(shapes.StateSaid(id=disc, state=await step(desk.catalogue, disc, who.name, desk.clock())))


async def withdraw(desk: Desk, request: Request, who: Who) -> Response:
    set_id = request.path_params["id"]
    await register.withdraw(desk.catalogue, set_id, 0, who.name, desk.clock())
    return answered(shapes.StateSaid(id=set_id, state="withdrawn"))


# ---------------------------------------------------------------- to print


@said
async def label_page(desk: Desk, request: Request, who: Who) -> Response:
    async with desk.catalogue.reading() as connection:
        disc = await _disc(connection, request)
    language = language_of(request, who)
    names = {each.id: each.name_zh if language == "zh" else each.name for each in desk.rules().classes}
    return _page(label.label(disc, names.get(disc.class_, ""), desk.settings.timezone, language))


@said
async def register_page(desk: Desk, request: Request, who: Who) -> Response:
    now = desk.clock()
    async with desk.catalogue.reading() as connection:
        found = await store.all_discs(connection)
        signed = await store.all_signatures(connection, [disc.id for disc in found])
        due = to_check(*await store.shelf(connection), desk.rules().discs, now)
    return _page(label.register_page(found, signed, due, now, desk.settings.timezone, language_of(request, who)))


def _page(text: str) -> Response:
    return Response(text, media_type="text/html", headers={"content-security-policy": label.POLICY})


MANAGE: Final = "discs.manage"


def _step(name: str, of: str, what: str) -> Offer:
    return Offer("POST", f"/api/{of}/{{id}}/{name}", MANAGE, said(partial(_wish, name)), what, gives=shapes.StepSaid, act=f"{name} a disc")


OFFERS: tuple[Offer, ...] = (
    Offer("GET", "/api/discs", MANAGE, list_discs, "Discs, steps that wait, what is to be read again or destroyed.",
          query=shapes.DiscsQuery, gives=shapes.DiscList),
    Offer("POST", "/api/discs", MANAGE, propose, "Gather recordings into disc sets; dry: what it would come to.", body=shapes.SetWish,
          gives=shapes.SetList, cost="heavy", act="gather disc sets", shown=("class_", "client", "month", "dry")),
    Offer("GET", "/api/discs/register", MANAGE, register_page, "The register of discs, as a page to print.", query=PageQuery,
          gives="text/html"),
    Offer("GET", "/api/discs/{id}", MANAGE, one_disc, "One disc: its image, signatures, checks, steps.", gives=shapes.DiscSaid),
    Offer("GET", "/api/discs/{id}/label", MANAGE, label_page, "Its label, as a page to print.", query=PageQuery, gives="text/html"),
    _step("burn", "discs", "Burn a disc; the archivist does it."),
    _step("verify", "discs", "Read a burned disc back and compare it; the archivist does it."),
    _step("check", "discs", "Read a disc again and compare it, file by file; the archivist does it."),
    _step("prove", "discs", "Show that a disc cannot be read any more; the archivist does it."),
    Offer("POST", "/api/discs/{id}/sign", MANAGE, said(partial(_sign, register.sign)), "Sign for a disc that was read back: two people.",
          gives=shapes.StateSaid, act="sign a disc"),
    Offer("POST", "/api/discs/{id}/destroy", MANAGE, said(partial(_sign, register.destroy)), "Say that a disc was destroyed: two people.",
          gives=shapes.StateSaid, act="destroy a disc"),
    _step("image", "disc-sets", "Make the images of a set; the archivist does it."),
    Offer("POST", "/api/disc-sets/{id}/withdraw", MANAGE, said(withdraw), "Give up a set of which nothing was burned.",
          gives=shapes.StateSaid, act="withdraw a disc set"),
    Offer("POST", "/api/discs/{id}/withdraw", MANAGE, said(withdraw), "Give up a disc that was not burned.",
          gives=shapes.StateSaid, act="withdraw a disc"),
)  # fmt: skip
