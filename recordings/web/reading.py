"""What a request says, as a typed struct; and answers as JSON. Wrong requests are refused as the board refuses them.

Not who may ask (the board's door). The same words as `wallboard/reading.py`, which this package may not import.
"""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from recordings.web.offer import Refused, Who

BODY_LIMIT = 8192
"""The board lets no more through."""

NUL = "\0"
"""PostgreSQL holds none in a text."""

T = TypeVar("T", bound=msgspec.Struct)


class PageQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Of a page to print."""

    language: Literal["", "en", "zh"] = ""


def language_of(request: Request, who: Who) -> str:
    """Of a page to print: as asked for, else of who asks. Raises Refused."""
    return query_of(request, PageQuery).language or ("zh" if who.language.startswith("zh") else "en")


def query_of(request: Request, kind: type[T]) -> T:
    """Each key once, none unknown. Raises Refused."""
    pairs = request.query_params.multi_items()
    if len(pairs) != len(dict(pairs)):
        raise Refused(400, "request.query_invalid.twice")
    if any(NUL in value for _, value in pairs):
        raise Refused(400, "request.query_invalid.nul")
    try:
        return msgspec.convert(dict(pairs), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(400, "request.query_invalid.other", fault=error) from error


async def body_of(request: Request, kind: type[T]) -> T:
    """May have been read before, by whoever records the act. Raises Refused."""
    if not hasattr(request.state, "body"):
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                raise Refused(413, "request.body_too_large")
        request.state.body = body
    try:
        return msgspec.convert(_whole(msgspec.json.decode(request.state.body)), kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, "request.body_invalid", fault=error) from error


def _whole(said: Any) -> Any:
    """15.0 is the number 15: JSON and browsers have one kind of number."""
    match said:
        case float() if said.is_integer():
            return int(said)
        case dict():
            return {name: _whole(each) for name, each in said.items()}
        case list():
            return [_whole(each) for each in said]
        case str() if NUL in said:
            raise msgspec.ValidationError("there is a NUL character in it")
    return said


def answered(body: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
