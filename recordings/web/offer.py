"""One route that the archive offers: the board's door, rates and trail stand in front of it when `andon` mounts it.

Not the table of the board (`wallboard/row.py`), which this package may not know: `action` is the word of an action there, `cost` one of its
costs. A handler is given who asks, and answers with a response; what it raises of `Refused` becomes the board's refusal.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from recordings.refusals import Refusal

if TYPE_CHECKING:
    from recordings.web.desk import Desk


class Who(NamedTuple):
    """`name` as the audit trail writes it (user:li, token:7f); `agent`: the staff number, where this is a person of the plan."""

    name: str
    role: str
    agent: str = ""
    language: str = "en"


class Refused(Refusal):
    """A refusal with what would change it: the board answers `{"error", "message", "reasons", "rule", "text"}` with this status.

    `error` is the code of the rule, unless another one stands for the whole subject."""

    def __init__(self, status: int, rule: str, /, **values: object) -> None:
        super().__init__(rule, **values)
        self.status, self.error = status, self.code

    @classmethod
    def of(cls, status: int, refusal: Refusal, error: str = "") -> Refused:
        """What the archive's own rules refuse."""
        refused = cls(status, refusal.rule, **refusal.values)
        refused.error = error or refusal.code
        return refused


Handler = Callable[["Desk", Request, Who], Awaitable[Response]]


class Offer(NamedTuple):
    """As `wallboard.row.Row`. `body`, `query`: what the handler reads, msgspec structs; `gives`: a struct or a media type."""

    method: str
    path: str
    action: str
    handler: Handler
    summary: str
    query: type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    gives: Any = None
    cost: str = "usual"
    act: str = ""
    shown: tuple[str, ...] = ()
    quiet: bool = False
