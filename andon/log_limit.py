"""How much a process may log: a fault that repeats itself is said a few times, then counted and summed up.

Not the form of a line (`logs.py`). A link that flaps all night, or a screen that sends nonsense a thousand times a second, must
not fill a disk nor hide the one line that matters. What is the last word of a process (`critical`) always passes.
"""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

WINDOW_S: Final = 60.0
SAME_MAX: Final = 5
"""Lines a window that say the same: enough to see that it repeats itself, and how fast."""
ALL_MAX: Final = 300
"""Lines a window of whatever kind: five a second for a minute is more than anybody reads."""
KINDS_MAX: Final = 500
"""Different lines remembered; what makes up ever new ones is bounded by ALL_MAX."""
NUMBERS: Final = re.compile(r"\d+(?:[.,]\d+)?")


class Summary(NamedTuple):
    level: int
    event: str
    withheld: int


@dataclass
class Counts:
    lines: Counter[str] = field(default_factory=Counter)
    """Said, by level."""
    withheld: int = 0


@dataclass
class _Same:
    level: int
    event: str
    since: float
    said: int = 0
    withheld: int = 0


class Limit(logging.Filter):
    """On the handler, so that it sees the lines of libraries, too."""

    def __init__(self, counts: Counts, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._counts = counts
        self._clock = clock
        self._same: dict[tuple[int, str], _Same] = {}
        self._since = clock()
        self._said = 0

    def filter(self, record: logging.LogRecord) -> bool:
        now = self._clock()
        same = self._known(record, now)
        if record.levelno < logging.CRITICAL and not self._has_room(same, now):
            same.withheld += 1
            self._counts.withheld += 1
            return False
        same.said += 1
        self._said += 1
        self._counts.lines[record.levelname.lower()] += 1
        return True

    def over(self, *, everything: bool = False) -> Iterator[Summary]:
        """What was withheld in windows that have ended, once each; `everything`: also in those that have not."""
        now = self._clock()
        for key, same in list(self._same.items()):
            if everything or now - same.since >= WINDOW_S:
                del self._same[key]
                if same.withheld:
                    yield Summary(same.level, same.event, same.withheld)

    def _known(self, record: logging.LogRecord, now: float) -> _Same:
        event = str(record.msg.get("event", "")) if isinstance(record.msg, dict) else str(record.msg)
        key = record.levelno, NUMBERS.sub("#", event)
        same = self._same.get(key)
        if same is None:
            if len(self._same) >= KINDS_MAX:
                del self._same[next(iter(self._same))]
            same = self._same[key] = _Same(record.levelno, event, now)
        return same

    def _has_room(self, same: _Same, now: float) -> bool:
        if now - self._since >= WINDOW_S:
            self._since, self._said = now, 0
        return same.said < SAME_MAX and self._said < ALL_MAX
