"""A sound with stretches of it silenced on all sides, as a live pause leaves them: what is before and behind stays at its place. Pure.

Not which stretches (`retention/redaction.py`). A stretch is widened to whole samples; every other sample is the decoded one.
"""

from __future__ import annotations

from collections.abc import Sequence

from recordings.sound.frames import Frames, Samples


class Silenced:
    """As Frames. `spans`: milliseconds from its beginning, each from and to."""

    def __init__(self, frames: Frames, spans: Sequence[tuple[int, int]]) -> None:
        self._frames, self.rate, self.sides, self.frames = frames, frames.rate, frames.sides, frames.frames
        self._spans = [(since * self.rate // 1_000, -(-until * self.rate // 1_000)) for since, until in spans]

    def read(self, first: int, count: int) -> Samples:
        first = max(first, 0)
        heard = self._frames.read(first, count).copy()
        for since, until in self._spans:
            heard[max(since - first, 0) : max(until - first, 0)] = 0
        return heard
