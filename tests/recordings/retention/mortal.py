"""A catalogue whose process dies at a chosen transaction, for tests of what is gone on with afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from recordings.catalogue.catalogue import Catalogue, Change


class Killed(BaseException):
    """As SIGKILL: nothing of ours may catch it."""


class Mortal(Catalogue):
    """Dies at its nth transaction: before it is committed, or right after."""

    lives = 10**9
    after = False

    @asynccontextmanager
    async def change(self, patience_s: float = 10.0) -> AsyncIterator[Change]:
        self.lives -= 1
        async with super().change(patience_s) as change:
            yield change
            if self.lives == 0 and not self.after:
                raise Killed
        if self.lives == 0:
            raise Killed
