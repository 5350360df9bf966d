"""A recording heard: a listen begun with a reason, its sound by ranges, its peaks, what was heard of it; exports.

Not who may at all (the board's door) and not the log of listens (`listening.py`). Sound leaves decrypted, a piece at a time, and only for a
listen that was begun: so nobody hears anything that is not in the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Final

import msgspec
from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from recordings import listening
from recordings.catalogue.schema import recordings
from recordings.crypt.container import ContainerBad
from recordings.crypt.keeping import key_of
from recordings.crypt.ring import Part, part_key
from recordings.listening import Listener
from recordings.retention.successor import successor_of
from recordings.sound.frames import Stored
from recordings.vault.opening import AnyCopy
from recordings.vault.port import Vault, VaultAway, name_of
from recordings.web.desk import Desk
from recordings.web.offer import Offer, Refused, Who
from recordings.web.ranges import range_of
from recordings.web.reaching import reach_of
from recordings.web.reading import answered, body_of, query_of
from recordings.words import STATES_GONE, State

PIECE: Final = 256 * 1024
"""Bytes decrypted at a time: some milliseconds of work, half a minute of speech."""
REASON_MAX: Final = 200
TYPES: Final[dict[str, str]] = {"opus": "audio/ogg", "peaks": "application/octet-stream"}


Number = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""What a database and a browser can both hold."""


class ListenWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    why: str = ""


class Listen(msgspec.Struct, frozen=True):
    """`listen` opens the sound for some hours, for the one who began it."""

    listen: int
    sound: str
    peaks: str


class HeardWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`spans`: milliseconds, from and to."""

    listen: Number
    spans: list[tuple[Number, Number]]


class SoundQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    listen: Number


async def begin(desk: Desk, request: Request, who: Who) -> Response:
    return await _begin(desk, request, who, own=False)


async def begin_own(desk: Desk, request: Request, who: Who) -> Response:
    return await _begin(desk, request, who, own=True)


async def _begin(desk: Desk, request: Request, who: Who, own: bool) -> Response:
    wish = await body_of(request, ListenWish)
    why = wish.why.strip()[:REASON_MAX]
    if not own and desk.rules().listen_needs_reason and not why:
        raise Refused(409, "listen.reason_missing")
    line = await line_of(desk, request.path_params["id"])
    may_hear(desk, line, who, own)
    listen = await listening.begin(
        desk.catalogue, line["place"], line["id"], Listener(who.name, who.role), "listen", why or "own call", desk.clock()
    )
    base = f"/api/{'me/' if own else ''}recordings/{line['id']}"
    return answered(Listen(listen, f"{base}/sound?listen={listen}", f"{base}/peaks?listen={listen}"))


async def sound(desk: Desk, request: Request, who: Who) -> Response:
    return await _part(desk, request, who, "opus", own=False)


async def own_sound(desk: Desk, request: Request, who: Who) -> Response:
    return await _part(desk, request, who, "opus", own=True)


async def peaks(desk: Desk, request: Request, who: Who) -> Response:
    return await _part(desk, request, who, "peaks", own=False)


async def own_peaks(desk: Desk, request: Request, who: Who) -> Response:
    return await _part(desk, request, who, "peaks", own=True)


async def heard(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, HeardWish)
    line = await line_of(desk, request.path_params["id"])
    length = int(line["length_ms"])
    spans = [(max(0, since), min(length, until)) for since, until in wish.spans[: listening.SPANS_MOST] if 0 <= since < until]
    listener = Listener(who.name, who.role)
    async with desk.catalogue.reading() as connection:
        await _begun(desk, connection, wish.listen, line, listener)
    spans = [span for span in spans if span[0] < span[1]]
    if spans:
        await listening.heard(desk.catalogue, wish.listen, line["id"], line["place"], listener, spans, desk.clock())
    return Response(status_code=204)


# ------------------------------------------------------------------ its parts


async def line_of(desk: Desk, recording: str) -> RowMapping:
    """Raises Refused where there is none, or nothing is left to be heard."""
    async with desk.catalogue.reading() as connection:
        row = (await connection.execute(select(recordings).where(recordings.c.id == recording))).mappings().one_or_none()
        into = await successor_of(connection, recording) if row is not None and State(row["state"]) in STATES_GONE else ""
    if row is None:
        raise Refused(404, "find.no_such_recording")
    if into:
        raise Refused(410, "listen.gone.redacted", recording=recording, successor=into)
    if row["state"] == State.LOST.value:
        raise Refused(410, "listen.gone.lost")
    if State(row["state"]) in STATES_GONE:
        raise Refused(410, "listen.gone.disposed")
    return row


def may_hear(desk: Desk, line: RowMapping, who: Who, own: bool) -> None:
    agents = [agent for agent in line["agents"].split(",") if agent]
    if line["restricted"] and who.role not in ("manager", "admin"):
        raise Refused(403, "listen.restricted")
    if own:
        if not desk.rules().hear_own:
            raise Refused(403, "find.own_not_heard")
        if who.agent not in agents:
            raise Refused(403, "listen.not_yours")
        return
    reach = reach_of(desk, who)  # who may not find it, may not hear it: also one that no agent is known of
    if reach.agents is not None and not reach.agents.intersection(agents):
        raise Refused(403, "listen.other_team")


async def _begun(desk: Desk, connection: AsyncConnection, listen: int, line: RowMapping, who: Listener) -> None:
    if not await listening.may_go_on(connection, listen, line["place"], who, desk.clock()):
        raise Refused(403, "listen.listen_over")


async def _part(desk: Desk, request: Request, who: Who, part: Part, own: bool) -> Response:
    query = query_of(request, SoundQuery)
    line = await line_of(desk, request.path_params["id"])
    may_hear(desk, line, who, own)
    async with desk.catalogue.reading() as connection:
        await _begun(desk, connection, query.listen, line, Listener(who.name, who.role))
    key = await key_of(desk.catalogue, line["place"], desk.stores)
    if key is None:
        raise Refused(409, "listen.key_gone")
    if part not in line["derived"].split(","):
        raise Refused(409, "listen.not_yet")
    opened = await asyncio.to_thread(opened_of, desk.vaults, name_of(line["id"], line["began"], part), part_key(key, part))
    return streamed(opened, request.headers.get("range"), TYPES[part])


def opened_of(vaults: Sequence[Vault], name: str, key: bytes) -> AnyCopy:
    """Raises Refused."""
    try:
        return AnyCopy(vaults, name, key)
    except (VaultAway, ContainerBad) as error:
        raise Refused(503, "listen.vault_away") from error


def streamed(opened: Stored, asked: str | None, kind: str) -> Response:
    """All of it, or what the Range header asks for."""
    span = range_of(asked or "", opened.size)
    if span is None:
        return Response(status_code=416, headers={"content-range": f"bytes */{opened.size}"})
    headers = {"accept-ranges": "bytes", "content-length": str(span.until - span.since), "cache-control": "no-store"}
    if asked is None:
        return StreamingResponse(_pieces(opened, *span), 200, headers, kind)
    headers["content-range"] = f"bytes {span.since}-{span.until - 1}/{opened.size}"
    return StreamingResponse(_pieces(opened, *span), 206, headers, kind)


async def _pieces(opened: Stored, since: int, until: int) -> AsyncIterator[bytes]:
    at = since
    while at < until:
        piece = await asyncio.to_thread(opened.read, at, min(PIECE, until - at))
        at += len(piece)
        yield piece


LISTEN, OWN = "recordings.listen", "recordings.own"
OFFERS: tuple[Offer, ...] = (
    Offer(
        "POST",
        "/api/recordings/{id}/listen",
        LISTEN,
        begin,
        "Begin to listen, with the reason: what opens its sound.",
        body=ListenWish,
        gives=Listen,
        act="listen to a recording",
        shown=("why",),
    ),
    Offer("GET", "/api/recordings/{id}/sound", LISTEN, sound, "Its sound, as Ogg Opus, also by ranges.", SoundQuery, gives="audio/ogg"),
    Offer("GET", "/api/recordings/{id}/peaks", LISTEN, peaks, "Its waveform.", SoundQuery, gives="application/octet-stream"),
    Offer("POST", "/api/recordings/{id}/heard", LISTEN, heard, "Which seconds were heard.", body=HeardWish, quiet=True),
    Offer(
        "POST",
        "/api/me/recordings/{id}/listen",
        OWN,
        begin_own,
        "Begin to listen to my call.",
        body=ListenWish,
        gives=Listen,
        act="listen to own call",
    ),
    Offer("GET", "/api/me/recordings/{id}/sound", OWN, own_sound, "Its sound.", SoundQuery, gives="audio/ogg"),
    Offer("GET", "/api/me/recordings/{id}/peaks", OWN, own_peaks, "Its waveform.", SoundQuery, gives="application/octet-stream"),
    Offer("POST", "/api/me/recordings/{id}/heard", OWN, heard, "Which seconds were heard.", body=HeardWish, quiet=True),
)
