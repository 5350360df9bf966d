"""A recording taken out as a file: a reason, an entry in the log, then the WAV with its watermark. Not the file itself (`exporting.py`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from recordings import exporting, listening
from recordings.crypt.keeping import key_of
from recordings.crypt.ring import part_key
from recordings.listening import Listener
from recordings.sound.frames import UnreadableSound
from recordings.sound.peaks import TooLong
from recordings.sound.wave import WavView
from recordings.vault.port import name_of
from recordings.web.desk import Desk
from recordings.web.offer import Offer, Refused, Who
from recordings.web.playing import REASON_MAX, ListenWish, line_of, may_hear, opened_of
from recordings.web.reading import body_of


async def export(desk: Desk, request: Request, who: Who) -> Response:
    wish = await body_of(request, ListenWish)
    why = wish.why.strip()[:REASON_MAX]
    if not why:
        raise Refused(409, "export.reason_missing")
    line = await line_of(desk, request.path_params["id"])
    may_hear(desk, line, who, own=False)
    key = await key_of(desk.catalogue, line["place"], desk.stores)
    if key is None:
        raise Refused(409, "export.key_gone")
    now = desk.clock()
    entry = await listening.begin(desk.catalogue, line["place"], line["id"], Listener(who.name, who.role), "export", why, now)
    mark = exporting.mark_of(desk.settings.floor, line["id"], who.name, why, bytes(line["sha256"]), entry, now)
    name = name_of(line["id"], line["began"], "sound")
    original = await asyncio.to_thread(opened_of, desk.vaults, name, part_key(key, "sound"))
    try:
        view = await asyncio.to_thread(exporting.as_wav, original, line["format"], mark)
    except (UnreadableSound, TooLong) as error:
        raise Refused(409, "export.unreadable", fault=error) from error
    headers = {
        "content-length": str(view.size),
        "content-disposition": f'attachment; filename="{line["id"]}.wav"',
        "cache-control": "no-store",
    }
    return StreamingResponse(_pieces(view), 200, headers, "audio/wav")


async def _pieces(view: WavView) -> AsyncIterator[bytes]:
    """In a thread each: decrypting and decoding must not hold up the board's loop."""
    all_ = view.pieces()
    while (piece := await asyncio.to_thread(next, all_, b"")) != b"":
        yield piece


OFFERS: tuple[Offer, ...] = (
    Offer(
        "POST",
        "/api/recordings/{id}/export",
        "recordings.export",
        export,
        "Take it out as a WAV file with a watermark: who, when, why.",
        body=ListenWish,
        gives="audio/wav",
        cost="heavy",
        act="export a recording",
        shown=("why",),
    ),
)
