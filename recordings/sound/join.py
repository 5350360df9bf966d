"""Two legs of a call as one stereo sound: left is what was received from the recorded channel (rx), right what was sent to it (tx).

Not which two files belong together (`calls/linking.py`). Both legs begin together; the shorter one is filled with silence. They may be of
different formats and rates. The same legs always give the same bytes.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from recordings.sound.frames import Frames, Samples


class Resampled:
    """A sound at another rate, between two samples by a straight line: for the rare legs whose rates differ, not for music."""

    def __init__(self, frames: Frames, rate: int) -> None:
        self._frames, self.rate, self.sides = frames, rate, frames.sides
        self.frames = frames.frames * rate // frames.rate

    def read(self, first: int, count: int) -> Samples:
        first = min(max(first, 0), self.frames)
        at = np.arange(first, first + min(max(count, 0), self.frames - first), dtype=np.int64) * self._frames.rate
        if not len(at):
            return np.empty((0, self.sides), np.int16)
        whole = at // self.rate
        begin = int(whole[0])
        have = self._frames.read(begin, int(whole[-1]) - begin + 2)
        if not len(have):
            return np.empty((0, self.sides), np.int16)
        left = np.minimum(whole - begin, len(have) - 1)
        right = np.minimum(left + 1, len(have) - 1)
        share = (at % self.rate / self.rate)[:, None]
        return cast(Samples, np.rint(have[left] * (1 - share) + have[right] * share).astype(np.int16))


class Pair:
    """Two legs side by side, read from any place. A leg that is not there is silent."""

    def __init__(self, rx: Frames | None, tx: Frames | None) -> None:
        there = [leg for leg in (rx, tx) if leg is not None]
        assert there, "a pair of legs has at least one"
        self.rate, self.sides = max(leg.rate for leg in there), 2
        self.legs = [leg if leg is None or leg.rate == self.rate else Resampled(leg, self.rate) for leg in (rx, tx)]
        self.frames = max(leg.frames for leg in self.legs if leg is not None)

    def read(self, first: int, count: int) -> Samples:
        first = min(max(first, 0), self.frames)
        both = np.zeros((min(max(count, 0), self.frames - first), 2), np.int16)
        for side, leg in enumerate(self.legs):
            if leg is not None:
                heard = leg.read(first, len(both))
                both[: len(heard), side] = heard[:, 0] if leg.sides == 1 else np.rint(heard.mean(1))
        return both
