"""What a request says, as a typed struct: its query, or its JSON body. One place, so that every wrong request is refused alike.

Not who may ask (`door.py`). The struct stands in the route's row, so the description of the API says the same.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from wallboard.refusals import BODY_TOO_LARGE, Refusal

BODY_LIMIT = 8192
"""The longest request names 200 agents, or has 500 characters of three bytes in it."""

T = TypeVar("T", bound=msgspec.Struct)


def query_of(request: Request, kind: type[T]) -> T | Refusal:
    """Each key once, none unknown; words are read as the field's type (`strict=False`: "7" is a number)."""
    pairs = request.query_params.multi_items()
    if len(pairs) != len(dict(pairs)):
        return Refusal(400, "query_invalid", "A key stands in the query twice; say each once.")
    try:
        return msgspec.convert(dict(pairs), kind, strict=False)
    except msgspec.ValidationError as error:
        return Refusal(400, "query_invalid", f"The query is not as this address wants it: {error}.")


async def body_of(request: Request, kind: type[T]) -> T | Refusal:
    """May be asked twice: whoever records the act reads it before the handler does."""
    body = await _bytes_of(request)
    if isinstance(body, Refusal):
        return body
    try:
        return msgspec.convert(_whole(msgspec.json.decode(body)), kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Refusal(400, "body_invalid", f"The body is not as this address wants it: {error}.")


def _whole(said: Any) -> Any:
    """15.0 is the number 15: JSON and browsers have one kind of number (JSON Schema: an integer is what has no fraction)."""
    match said:
        case float() if said.is_integer():
            return int(said)
        case dict():
            return {name: _whole(each) for name, each in said.items()}
        case list():
            return [_whole(each) for each in said]
    return said


async def _bytes_of(request: Request) -> bytes | Refusal:
    """At most BODY_LIMIT, whatever Content-Length says."""
    if not hasattr(request.state, "body"):
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                return BODY_TOO_LARGE
        request.state.body = body
    return bytes(request.state.body)
