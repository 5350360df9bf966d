"""What the board says when it does not do what was asked: one shape for every error, as a value. Pure but for its response.

Not who is refused (`door.py`, `authorise.py`). The message is one sentence for a person; `error` is for programs and does
not change. What has words of its own in each language (the archive's refusals) says them in all, with the rule that they are of.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from starlette.responses import Response


class Refusal(NamedTuple):
    status: int
    error: str
    message: str
    reasons: tuple[str, ...] = ()
    retry_after_s: int = 0
    rule: str = ""
    text: Mapping[str, str] = MappingProxyType({})

    def response(self) -> Response:
        said: dict[str, Any] = {"error": self.error, "message": self.message, "reasons": self.reasons}
        if self.rule:
            said |= {"rule": self.rule, "text": dict(self.text)}
        headers = {"retry-after": str(self.retry_after_s)} if self.retry_after_s else {}
        if self.status == 401:
            headers["www-authenticate"] = "Bearer"
        return Response(msgspec.json.encode(said), self.status, headers, "application/json")


def not_found(path: str) -> Refusal:
    return Refusal(404, "not_found", f"There is nothing at {path[:100]}; check the address.")


BODY_TOO_LARGE = Refusal(413, "body_too_large", "The request is larger than the board accepts; send less.")
INTERNAL = Refusal(500, "internal", "The board made a mistake with this request; its log says more.")
