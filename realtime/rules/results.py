"""What came of a talk: result codes, callbacks, and what follows from them."""

from __future__ import annotations

from typing import Any

from realtime.control.ruling import Moment, Ruling
from realtime.decision import deny
from realtime.floor import Floor
from realtime.requests import Request


def keep(floor: Floor, request: Request, ask: Any, moment: Moment) -> Ruling:
    return Ruling(deny("request.unreadable"))
