"""How loud a sound is in each twentieth of a second: the measure that silence, peaks and looks share. Pure.

Not what follows from it (`look.py`, `peaks.py`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recordings.sound.frames import BLOCK, Samples

PER_SECOND: Final = 20
"""Windows a second: 50 ms is shorter than a syllable, and what a waveform of some minutes can show on a screen."""
FULL: Final = 32_768
QUIETEST_DB: Final = -96.0
"""What 16 bits can hold, and what nothing at all is called."""


class Energy(NamedTuple):
    """For each window and side: the highest sample without its sign, and the mean of squares."""

    peak: npt.NDArray[np.int32]
    square: npt.NDArray[np.float64]


def window_of(rate: int) -> int:
    """Frames of a window. Where a rate has no whole twentieth, windows are a little shorter."""
    return max(rate // PER_SECOND, 1)


def step_of(rate: int) -> int:
    """Frames read at a time: whole windows, about a block."""
    window = window_of(rate)
    return max(BLOCK // window, 1) * window


def energy(block: Samples, window: int) -> Energy:
    """The last window may be shorter than the others."""
    length, sides = block.shape
    count = -(-length // window)
    if count * window != length:
        block = np.concatenate([block, np.zeros((count * window - length, sides), np.int16)])
    shaped = block.reshape(count, window, sides)
    peak = np.maximum(shaped.max(1, initial=0).astype(np.int32), -shaped.min(1, initial=0).astype(np.int32))
    loud = shaped.astype(np.float32)
    square = np.einsum("kws,kws->ks", loud, loud).astype(np.float64) / window
    if count:
        square[-1] *= window / (length - (count - 1) * window)
    return Energy(peak, square)


def decibels(share: float) -> float:
    """Of full scale, for an amplitude from 0 to 1."""
    return max(QUIETEST_DB, 20 * float(np.log10(share))) if share > 0 else QUIETEST_DB


def amplitude(db: float) -> float:
    return float(10 ** (db / 20))
