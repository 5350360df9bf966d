"""Tickets for one websocket each, for programs that can send no header with its handshake.

Not a token: a ticket may stand in an address, because it is good once and for half a minute, and whoever finds it in a log
finds it used. Kept in memory, as hashes; a restart of the board makes the ones that are open void.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Generic, TypeVar

from realtime.words import SECOND, Micros
from wallboard.secret_text import SECRET_SHAPE, hashed, new_secret

LIVES: Micros = 30 * SECOND
"""From asking for it to the handshake: a slow network, not a bookmark."""
TICKETS_KEPT = 2000
"""Twice as many as screens; the oldest gives way."""

_SHAPE = re.compile(SECRET_SHAPE)
V = TypeVar("V")


class Tickets(Generic[V]):
    """`V` is the visitor who may come in with it."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, tuple[V, Micros]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._open)

    def issue(self, visitor: V, now: Micros) -> tuple[str, Micros]:
        """The ticket and when it ends."""
        ticket = new_secret()
        self._open[hashed(ticket)] = (visitor, now + LIVES)
        if len(self._open) > TICKETS_KEPT:
            self._open.popitem(last=False)
        return ticket, now + LIVES

    def redeem(self, ticket: str, now: Micros) -> V | None:
        """Whose it was, once; None for one that is used, old or unknown."""
        if not _SHAPE.fullmatch(ticket):
            return None
        visitor, expires = self._open.pop(hashed(ticket), (None, 0))
        return visitor if now < expires else None
