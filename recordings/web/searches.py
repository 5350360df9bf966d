"""Which searches about a person were written to the log a moment ago: a page that asks the same again every few seconds is one search.

Not the writing (`finding.py`). Pure: `now` is an argument. Of one process: a board that begins anew writes a search once more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from realtime.words import SECOND, Micros

SAME: Final[Micros] = 900 * SECOND
"""So long the same question of the same person is one search: a page that stands open asks every 15 s, and a person who comes back to it
after a talk asks anew."""
KEPT: Final = 5_000
"""Questions; what is forgotten is written once more."""


class Searches:
    def __init__(self) -> None:
        self._written: OrderedDict[Hashable, Micros] = OrderedDict()

    def is_new(self, question: Hashable, now: Micros) -> bool:
        """True: it is to be written before it is answered."""
        at = self._written.get(question)
        return at is None or not 0 <= now - at < SAME

    def written(self, question: Hashable, now: Micros) -> None:
        """It is in the log: not before, or a database that was away for a moment would leave a search of which nothing is known."""
        self._written[question] = now
        self._written.move_to_end(question)
        if len(self._written) > KEPT:
            self._written.popitem(last=False)
