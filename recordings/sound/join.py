"""Two legs of a call as one stereo sound: left is what was received from the recorded channel (rx), right what was sent to it (tx).

Not which two files belong together (`calls/linking.py`). Both legs begin together; the shorter one is filled with silence. They may be of
different formats and rates. The same legs always give the same bytes.
"""

from __future__ import annotations

from typing import BinaryIO, NamedTuple, cast

import numpy as np

from recordings.sound.frames import Frames, Samples, Source, frames_of
from recordings.sound.wave import as_wave


class Joined(NamedTuple):
    """Frames of silence that were put at the end of a leg are `padded_rx`, `padded_tx`."""

    frames: int
    rate: int
    padded_rx: int
    padded_tx: int


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


def pair(rx: Source | None, tx: Source | None, rx_name: str = "", tx_name: str = "") -> Pair:
    """Raises UnreadableSound."""
    return Pair(None if rx is None else frames_of(rx, rx_name), None if tx is None else frames_of(tx, tx_name))


def join(rx: Source | None, tx: Source | None, out: BinaryIO, rx_name: str = "", tx_name: str = "") -> Joined:
    """Writes a WAV file of 16 bits. `out` is only written to, from the beginning to the end. Raises UnreadableSound, TooLong."""
    both = pair(rx, tx, rx_name, tx_name)
    as_wave(both, out)
    padded = [both.frames - (0 if leg is None else leg.frames) for leg in both.legs]
    return Joined(both.frames, both.rate, padded[0], padded[1])
