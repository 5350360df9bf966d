"""Peaks of a sound, to draw it: 20 a second for each side, a byte each. Pure.

Not the drawing nor the quiet stretches, which the player's page finds from them (`wallboard/web/recordings/model.js`). 5 minutes of
stereo are 12 KB.

The bytes: `APK1`, then little-endian the rate (32 bits), the frames of a window (32), the frames of the sound (64), the sides (8), three
zeros; then for each window a byte for each side. A byte is the root of the window's highest sample: amplitude = (byte / 255) squared, so
that what is quiet is told from what is silent (one step above nothing is -96 dB; of a linear byte it would be -48).
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recordings.refusals import Worded
from recordings.sound.energy import FULL, energy, step_of, window_of
from recordings.sound.frames import Source, frames_of

MAGIC: Final = b"APK1"
HEAD: Final = struct.Struct("<4sIIQB3x")
LONGEST_S: Final = 24 * 3_600
"""Seconds of the longest sound that peaks and Opus are made of. What is longer is no call; its bytes are kept and can be exported."""


class TooLong(Worded):
    """Longer than any call."""


class BadPeaks(Exception):
    """Bytes that are no peaks."""


class Peaks(NamedTuple):
    """`values`: a row for each window, a column for each side, as bytes."""

    rate: int
    window: int
    frames: int
    values: npt.NDArray[np.uint8]

    @property
    def sides(self) -> int:
        return int(self.values.shape[1])

    @property
    def length_ms(self) -> int:
        return self.frames * 1_000 // self.rate

    def ms(self, window: int) -> int:
        """Where a window begins."""
        return min(window * self.window * 1_000 // self.rate, self.length_ms)

    def floats(self, side: int) -> list[float]:
        """Amplitudes from 0 to 1, for a page."""
        return np.round((self.values[:, side] / 255.0) ** 2, 4).tolist()  # type: ignore[no-any-return]


def peaks(source: Source, name: str = "") -> bytes:
    """Raises UnreadableSound, TooLong."""
    frames = frames_of(source, name)
    if frames.frames > LONGEST_S * frames.rate:
        raise TooLong("sound.too_long", hours=LONGEST_S // 3_600)
    window = window_of(frames.rate)
    step = step_of(frames.rate)
    parts = [HEAD.pack(MAGIC, frames.rate, window, frames.frames, frames.sides)]
    for first in range(0, frames.frames, step):
        wanted = min(step, frames.frames - first)
        block = frames.read(first, step)
        peak = energy(block, window).peak
        row = np.zeros((-(-wanted // window), frames.sides), np.uint8)  # what a file lost meanwhile is drawn as silence
        row[: len(peak)] = np.ceil(np.sqrt(np.minimum(peak, FULL) / FULL) * 255).astype(np.uint8)
        parts.append(row.tobytes())
    return b"".join(parts)


def read_peaks(raw: bytes) -> Peaks:
    """Raises BadPeaks."""
    if len(raw) < HEAD.size:
        raise BadPeaks("shorter than the head of peaks")
    magic, rate, window, frames, sides = HEAD.unpack_from(raw)
    if magic != MAGIC or sides not in (1, 2) or not rate or not window:
        raise BadPeaks("no head of peaks")
    if len(raw) - HEAD.size != -(-frames // window) * sides:
        raise BadPeaks("another length than its head says")
    return Peaks(rate, window, frames, np.frombuffer(raw, np.uint8, offset=HEAD.size).reshape(-1, sides))
