"""The one thing that a screen may say on its websocket: that it has drawn what was heard of a PBX at some moment. Pure.

With it the board measures the whole way from wire to pixel by its own clock, the way back included, so the figure never flatters.
Everything else that a screen says is dropped (`live.py`). The page's side is `web/canary.js`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

EVERY_S = 4.0
"""A page says it each 5 s; what comes sooner is dropped, so that one screen cannot fill the histogram."""
WITHIN_S = 60.0
"""Longer than that and the screen was asleep, or makes it up: the age on the wall says the former."""
MESSAGE_MAX = 80
"""Characters: `{"type":"drawn","heard":1764000000.123456}` has 42."""


class Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`heard`: the `heard` of a node's row, as the screen got it."""

    type: Literal["drawn"]
    heard: float


_DECODER = msgspec.json.Decoder(Drawn)


def drawn_of(text: str | None) -> float | None:
    """The moment, or None for anything else that was said."""
    if text is None or len(text) > MESSAGE_MAX:
        return None
    try:
        return _DECODER.decode(text).heard
    except (msgspec.MsgspecError, UnicodeEncodeError):  # half a character is no JSON either
        return None
