"""What a rule answers to a request: the decision, and what is to be said because of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from realtime.decision import Decision
from realtime.floor import Floor
from realtime.requests import Request
from realtime.saying import Ids, Saying
from realtime.words import Micros


class Ruling(NamedTuple):
    """`says` is empty where the decision is a refusal: a refused request does nothing."""

    decision: Decision
    says: list[Saying] = []  # noqa: RUF012 - never changed
    undoes: str = ""
    before: str = ""
    """What taking it back will need to know."""


class Moment(NamedTuple):
    """What a rule may know beside the floor and the request."""

    now: Micros
    ids: Ids


Handler = Callable[[Floor, Request, Any, Moment], Ruling]
"""Of one kind of ask: floor, request, the ask itself, and the moment."""
